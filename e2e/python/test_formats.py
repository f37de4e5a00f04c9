"""Other people's readers take what chaperone makes of a file: FHIR resources stay
valid by the models of fhir.resources, HL7 v2 messages keep every field, component
and fault by hl7apy, X12 interchanges their counts and numbers by pyx12."""

import glob
import io
import json
import os
import subprocess
import tempfile
import unittest

from fhir.resources.R4B import get_fhir_model_class
from hl7apy.parser import parse_message
import pyx12.error_handler
import pyx12.x12file

BINARY = os.environ["CHAPERONE_BIN"]
DATA = os.environ["CHAPERONE_DATA"]
PROFILES = ["safe-harbor", "safe-harbor-dataset", "minimum"]


def concealed(text, form, profile):
    """What chaperone makes of a file."""
    with tempfile.TemporaryDirectory() as folder:
        source = os.path.join(folder, "in")
        with open(source, "w", newline="", encoding="utf-8") as f:
            f.write(text)
        target = os.path.join(folder, "out")
        run = subprocess.run(
            [BINARY, "deid", "file", source, "--out", target, "--format", form, "--profile", profile, "--json"],
            capture_output=True, check=False)
        if run.returncode != 0:
            raise AssertionError(f"chaperone ended with {run.returncode}: {run.stderr[:400]!r}")
        with open(target, newline="", encoding="utf-8") as f:
            return f.read()


class Fhir(unittest.TestCase):
    def test_resources_stay_valid(self):
        files = sorted(glob.glob(os.path.join(DATA, "health/fhir-bulk-10-patients/*.ndjson")))
        self.assertGreater(len(files), 5)
        lines = []
        for path in files:
            with open(path, encoding="utf-8") as f:
                lines += f.readlines()[:40]
        before = [json.loads(line) for line in lines]
        families = {n["family"] for p in before for n in p.get("name", []) if p["resourceType"] == "Patient"}
        self.assertTrue(families)
        for profile in PROFILES:
            after = [json.loads(line) for line in concealed("".join(lines), "ndjson", profile).splitlines()]
            self.assertEqual([r["resourceType"] for r in before], [r["resourceType"] for r in after])
            for one in after:
                with self.subTest(profile=profile, type=one["resourceType"]):
                    get_fhir_model_class(one["resourceType"]).model_validate(one)
                    if one["resourceType"] == "Patient":
                        self.assertFalse(families & {n.get("family") for n in one.get("name", [])})


def shape(part):
    """Names and numbers of everything in a message, without its values."""
    return [(c.name, shape(c)) for c in getattr(part, "children", [])]


class Hl7(unittest.TestCase):
    def test_messages_keep_their_form(self):
        files = sorted(glob.glob(os.path.join(DATA, "structured/hl7v2/*.hl7")))
        self.assertGreater(len(files), 30)
        whole = 0
        with tempfile.TemporaryDirectory() as folder:
            run = subprocess.run([BINARY, "deid", "dir", os.path.join(DATA, "structured/hl7v2"), os.path.join(folder, "out")],
                                 capture_output=True, check=False)
            self.assertEqual(0, run.returncode, run.stderr[-400:])
            for path in files:
                with open(path, newline="", encoding="utf-8") as f:
                    was = self.read(f.read())
                with open(os.path.join(folder, "out", os.path.basename(path)), newline="", encoding="utf-8") as f:
                    now = self.read(f.read())
                with self.subTest(file=os.path.basename(path)):
                    self.assertEqual(was[0], now[0])
                    if was[1] is not None:
                        self.assertEqual(shape(was[1]), shape(now[1]))
                        whole += 1
        self.assertGreater(whole, 30, "hl7apy reads too few of the messages to say anything")

    @staticmethod
    def read(text):
        text = text.replace("\r\n", "\r").replace("\n", "\r").strip("\r") + "\r"
        try:
            return None, parse_message(text, find_groups=False)
        except Exception as fault:  # the reader's own faults differ by type
            return type(fault).__name__, None


CLAIM = (
    "ISA*00*          *00*          *ZZ*CLINIC01       *ZZ*PAYER001       *261103*1253*^*00501*000000905*0*T*:~"
    "GS*HC*CLINIC01*PAYER001*20261103*1253*905*X*005010X222A1~"
    "ST*837*0021*005010X222A1~BHT*0019*00*244579*20261103*1253*CH~"
    "NM1*41*2*LINDEN FAMILY CLINIC*****46*TGJ23~PER*IC*MARTA OKONKWO*TE*5415550146~"
    "NM1*40*2*EXAMPLE PAYER*****46*66783JJT~HL*1**20*1~"
    "NM1*85*2*LINDEN FAMILY CLINIC*****XX*1234567893~N3*236 N MAIN ST~N4*YREKA*CA*96097~REF*EI*587654321~"
    "HL*2*1*22*0~SBR*P*18*******CI~NM1*IL*1*SMITH*JANE****MI*JS00111223333~N3*236 N OAK ST~N4*YREKA*CA*96097~"
    "DMG*D8*19730501*F~NM1*PR*2*EXAMPLE PAYER*****PI*999996666~"
    "CLM*26463774*100***11:B:1*Y*A*Y*I~HI*ABK:J0300~LX*1~SV1*HC:99213*40*UN*1***1~DTP*472*D8*20261003~"
    "SE*23*0021~GE*1*905~IEA*1*000000905~"
)


class X12(unittest.TestCase):
    def test_an_interchange_keeps_its_counts(self):
        after = concealed(CLAIM, "x12", "safe-harbor")
        for word in ("JANE", "JS00111223333", "19730501", "5415550146", "236 N OAK"):
            self.assertNotIn(word, after)
        was, now = self.read(CLAIM), self.read(after)
        self.assertEqual(was, now)
        self.assertEqual([], now[1], "pyx12 finds a fault in the envelope")

    @staticmethod
    def read(text):
        reader = pyx12.x12file.X12Reader(io.StringIO(text))
        segments = [(s.get_seg_id(), len(s)) for s in reader]
        return segments, reader.pop_errors()


if __name__ == "__main__":
    unittest.main()
