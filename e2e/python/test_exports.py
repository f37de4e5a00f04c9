"""The FHIR export of a record, read by other people's models of FHIR R4."""

import json
import os
import unittest

from fhir.resources.R4B.auditevent import AuditEvent
from fhir.resources.R4B.provenance import Provenance

MODELS = {"AuditEvent": AuditEvent, "Provenance": Provenance}


class Export(unittest.TestCase):
    def test_every_resource_is_valid(self):
        seen = {}
        with open(os.environ["CHAPERONE_EXPORT"], encoding="utf-8") as lines:
            for line in lines:
                resource = json.loads(line)
                kind = resource["resourceType"]
                MODELS[kind].model_validate_json(line)
                seen[kind] = seen.get(kind, 0) + 1
                self.check_balp(resource)
        self.assertGreater(seen.get("AuditEvent", 0), 5)
        self.assertGreater(seen.get("Provenance", 0), 0)

    def check_balp(self, r):
        """What IHE's Basic Audit Log Patterns ask besides, by the profile claimed."""
        claimed = [p.rsplit(".", 1)[-1] for p in r.get("meta", {}).get("profile", [])]
        for profile in claimed:
            agents = [c["code"] for a in r["agent"] for c in a["type"]["coding"]]
            kinds = [e["type"]["code"] for e in r["entity"]]
            if profile == "Source":
                self.assertEqual((r["type"]["code"], r["action"]), ("110106", "R"))
                self.assertIn("disclose", [s["code"] for s in r["subtype"]])
                self.assertEqual((agents.count("110153"), agents.count("110152")), (1, 1))
                source = next(a for a in r["agent"] if a["type"]["coding"][0]["code"] == "110153")
                self.assertEqual(source["who"], r["source"]["observer"])
                self.assertEqual(kinds.count("1"), 1)
                self.assertGreaterEqual(len(kinds), 2)
            else:
                self.assertIn(profile, ("Read", "PatientRead", "Query", "PatientQuery"))
                self.assertEqual((r["type"]["code"], r["outcome"]), ("rest", "0"))
                self.assertEqual((agents.count("110153"), agents.count("110152")), (1, 1))
                self.assertEqual(kinds.count("2"), 1)
                if profile.startswith("Patient"):
                    self.assertEqual(kinds.count("1"), 1)


if __name__ == "__main__":
    unittest.main()
