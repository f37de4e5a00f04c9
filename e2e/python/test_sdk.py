"""The official Python SDK against a running Chaperone (CHAPERONE_URL, CHAPERONE_KEY).

The door behind it echoes the last text of the user.
"""

import os
import unittest

import anthropic

NOTE = """Patient: Tomás Lindqvist
DOB: 11/02/1957   MRN: 5520871   Phone: (415) 555-0187
Mr. Lindqvist walks 30 minutes a day. "Better," he says. Continue metformin 500 mg; é ü 漢字 stay."""


def ask(text):
    return {
        "model": "claude-sonnet-5",
        "max_tokens": 1024,
        "messages": [{"role": "user", "content": text}],
    }


class SDK(unittest.TestCase):
    def setUp(self):
        self.client = anthropic.Anthropic(
            base_url=os.environ["CHAPERONE_URL"], api_key=os.environ["CHAPERONE_KEY"], max_retries=1
        )

    def test_a_whole_answer_brings_the_note_back(self):
        message = self.client.messages.create(**ask(NOTE))
        self.assertEqual(message.content[0].text, NOTE)

    def test_a_streamed_answer_brings_the_note_back(self):
        with self.client.messages.stream(**ask(NOTE)) as stream:
            streamed = "".join(stream.text_stream)
            final = stream.get_final_message()
        self.assertEqual(streamed, NOTE)
        self.assertEqual(final.content[0].text, NOTE)

    def test_a_bearer_token_counts_as_well(self):
        client = anthropic.Anthropic(
            base_url=os.environ["CHAPERONE_URL"], auth_token=os.environ["CHAPERONE_KEY"], api_key=None, max_retries=0
        )
        self.assertEqual(client.messages.create(**ask("hello")).content[0].text, "hello")

    def test_a_wrong_key_is_an_authentication_error(self):
        client = anthropic.Anthropic(base_url=os.environ["CHAPERONE_URL"], api_key="chk_nobody_0", max_retries=0)
        with self.assertRaises(anthropic.AuthenticationError) as caught:
            client.messages.create(**ask("hello"))
        self.assertTrue(caught.exception.request_id)

    def test_an_answer_in_the_clear_names_its_request(self):
        message = self.client.messages.create(**ask("hello"))
        self.assertTrue(message._request_id)


if __name__ == "__main__":
    unittest.main()
