"""Batches and files of the official Python SDK against a running Chaperone."""

import os
import unittest

import anthropic

NOTE = """Patient: Priya Okafor
MRN: 4417093   Phone: (415) 555-0144
Ms. Okafor says "the cough is gone"."""


def ask(text):
    return {
        "model": "claude-sonnet-5",
        "max_tokens": 1024,
        "messages": [{"role": "user", "content": text}],
    }


class Held(unittest.TestCase):
    def setUp(self):
        self.client = anthropic.Anthropic(
            base_url=os.environ["CHAPERONE_URL"], api_key=os.environ["CHAPERONE_KEY"], max_retries=0
        )

    def test_a_batch_is_made_found_read_and_deleted(self):
        batches = self.client.messages.batches
        batch = batches.create(
            requests=[
                {"custom_id": "okafor-4417093", "params": ask(NOTE)},
                {"custom_id": "other", "params": ask("hello")},
            ]
        )
        self.assertEqual([one.id for one in batches.list()], [batch.id])
        got = {one.custom_id: one.result.message.content[0].text for one in batches.results(batch.id)}
        self.assertEqual(got, {"okafor-4417093": NOTE, "other": "hello"})
        batches.delete(batch.id)
        with self.assertRaises(anthropic.NotFoundError):
            batches.retrieve(batch.id)

    def test_a_file_is_uploaded_listed_fetched_and_deleted(self):
        files = self.client.beta.files
        file = files.upload(file=("okafor.txt", NOTE.encode(), "text/plain"))
        self.assertEqual(file.filename, "okafor.txt")
        self.assertEqual([one.filename for one in files.list()], ["okafor.txt"])
        self.assertEqual(files.download(file.id).text(), NOTE)
        files.delete(file.id)
        with self.assertRaises(anthropic.NotFoundError):
            files.retrieve_metadata(file.id)


if __name__ == "__main__":
    unittest.main()
