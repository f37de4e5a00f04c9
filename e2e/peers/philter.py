"""philter-lite with its own "delta" filters, by the contract of
`chaperone deid scan --jsonl`. Its part-of-speech tagger is NLTK's averaged
perceptron, whose weights NLTK fetches from the network; the same weights are
taken from the package textblob-aptagger instead."""

import importlib.util
import json
import os
import pickle
import sys
import warnings

warnings.filterwarnings("ignore")

import nltk
import philter_lite

from lines import serve


class Plain(pickle.Unpickler):
    """Reads numbers, strings and containers, and nothing that runs."""

    def find_class(self, module, name):
        if name == "set" and module in ("__builtin__", "builtins"):
            return set
        raise pickle.UnpicklingError(f"{module}.{name} is not plain data")


def tagger():
    """Writes the weights where NLTK looks for them, once."""
    home = os.path.join(sys.prefix, "nltk_data")
    folder = os.path.join(home, "taggers", "averaged_perceptron_tagger_eng")
    if not os.path.exists(os.path.join(folder, "averaged_perceptron_tagger_eng.classes.json")):
        # found without importing the package, which wants others
        package = importlib.util.find_spec("textblob_aptagger").submodule_search_locations[0]
        with open(os.path.join(package, "trontagger-0.1.0.pickle"), "rb") as f:
            weights, tags, classes = Plain(f, encoding="latin1").load()
        os.makedirs(folder, exist_ok=True)
        for name, value in (("weights", weights), ("tagdict", tags), ("classes", sorted(classes))):
            with open(os.path.join(folder, f"averaged_perceptron_tagger_eng.{name}.json"), "w") as f:
                json.dump(value, f)
    nltk.data.path.insert(0, home)


tagger()
filters = philter_lite.load_filters(
    os.path.join(os.path.dirname(philter_lite.__file__), "configs", "philter_delta.toml")
)


def find(text):
    """What philter takes out: every letter and digit that it does not keep."""
    if not text.strip():
        return
    kept, _, _ = philter_lite.detect_phi(text, filters)
    masked = philter_lite.transform_text_asterisk(text, kept)
    start = None
    for i, c in enumerate(masked + " "):
        if c == "*" and text[i] != "*":
            start = i if start is None else start
        elif start is not None:
            yield start, i, "PHI", 1
            start = None


serve(find, sys.stdin, sys.stdout)
