"""The official Python SDK's clients of the clouds against a running Chaperone.

Behind CHAPERONE_URL stands a vendor that echoes the last text of the user, behind
CHAPERONE_SIMULATOR_URL the simulator.
"""

import json
import os
import unittest

import anthropic
import boto3
import botocore.exceptions

ECHO = (os.environ["CHAPERONE_URL"], os.environ["CHAPERONE_KEY"])
SIMULATOR = (os.environ["CHAPERONE_SIMULATOR_URL"], os.environ["CHAPERONE_SIMULATOR_KEY"])

NOTE = """Patient: Tomás Lindqvist
DOB: 11/02/1957   MRN: 5520871   Phone: (415) 555-0187
Mr. Lindqvist walks 30 minutes a day. "Better," he says. Continue metformin 500 mg; é ü 漢字 stay."""

TOOL = {
    "name": "schedule_follow_up",
    "input_schema": {
        "type": "object",
        "properties": {"patient_name": {"type": "string"}},
        "required": ["patient_name"],
    },
}


class Cloud:
    """What is true of a client of every cloud; the subclasses say how to open it."""

    model = "claude-sonnet-5"
    counts = True

    def open(self, url, key):
        raise NotImplementedError

    def ask(self, text, **more):
        return {"model": self.model, "max_tokens": 1024, "messages": [{"role": "user", "content": text}], **more}

    def test_a_whole_answer_brings_the_note_back(self):
        self.assertEqual(self.open(*ECHO).messages.create(**self.ask(NOTE)).content[0].text, NOTE)

    def test_a_streamed_answer_brings_the_note_back(self):
        with self.open(*ECHO).messages.stream(**self.ask(NOTE)) as stream:
            streamed = "".join(stream.text_stream)
            final = stream.get_final_message()
        self.assertEqual(streamed, NOTE)
        self.assertEqual(final.content[0].text, NOTE)

    def test_a_tool_is_called_with_the_real_values(self):
        message = self.open(*SIMULATOR).messages.create(
            **self.ask(
                "Schedule a follow-up for Tomás Lindqvist on 03/04/2027. Record number MRN 5520871.",
                tools=[TOOL],
                tool_choice={"type": "any"},
            )
        )
        calls = [block for block in message.content if block.type == "tool_use"]
        self.assertEqual(calls[0].input["patient_name"], "Tomás Lindqvist")

    def test_a_beta_call_passes(self):
        message = self.open(*ECHO).beta.messages.create(**self.ask("hello"), betas=["context-1m-2025-08-07"])
        self.assertEqual(message.content[0].text, "hello")

    def test_tokens_are_counted(self):
        if not self.counts:
            self.skipTest("the SDK does not offer it there")
        count = self.open(*SIMULATOR).messages.count_tokens(
            model=self.model, messages=[{"role": "user", "content": "How many tokens are in this sentence?"}]
        )
        self.assertGreaterEqual(count.input_tokens, 5)

    def test_an_error_is_the_sdks_own(self):
        odd = self.ask("") | {"messages": [{"role": "user", "content": [{"type": "hologram", "text": NOTE}]}]}
        with self.assertRaises(anthropic.BadRequestError) as caught:
            self.open(*ECHO).messages.create(**odd)
        self.assertTrue(caught.exception.request_id)
        self.assertEqual(caught.exception.body["error"]["details"]["error_code"], "unknown_block")
        self.assertNotIn("Lindqvist", str(caught.exception))
        with self.assertRaises(anthropic.RateLimitError):
            self.open(*SIMULATOR).messages.create(**self.ask("[[simulate:429 retry_after=0]]"))

    def test_a_wrong_key_is_an_authentication_error(self):
        with self.assertRaises(anthropic.AuthenticationError):
            self.open(ECHO[0], "chk_nobody_0").messages.create(**self.ask("hello"))

    def test_an_error_in_the_middle_of_a_stream_is_raised(self):
        with self.assertRaisesRegex(anthropic.APIError, "[Oo]verloaded"):
            with self.open(*SIMULATOR).messages.stream(
                **self.ask("[[simulate:mid-stream-error after=2]] a story")
            ) as stream:
                stream.get_final_message()


class Bedrock(Cloud, unittest.TestCase):
    model = "us.anthropic.claude-sonnet-4-5-20250929-v1:0"
    counts = False

    def open(self, url, key):
        return anthropic.AnthropicBedrock(base_url=url, api_key=key, aws_region="us-east-1", max_retries=0)


class BedrockSigned(Cloud, unittest.TestCase):
    model = "arn:aws:bedrock:us-east-1:111122223333:inference-profile/us.anthropic.claude-sonnet-5"
    counts = False

    def open(self, url, key):
        return anthropic.AnthropicBedrock(
            base_url=url,
            aws_access_key="AKIAEXAMPLE",
            aws_secret_key="made-up",
            aws_session_token=key,
            aws_region="us-east-1",
            max_retries=0,
        )


class BedrockMessages(Cloud, unittest.TestCase):
    model = "anthropic.claude-sonnet-5"

    def open(self, url, key):
        return anthropic.AnthropicBedrockMantle(
            base_url=f"{url}/anthropic", api_key=key, aws_region="us-east-1", max_retries=0
        )


class ClaudePlatformOnAWS(Cloud, unittest.TestCase):
    def open(self, url, key):
        return anthropic.AnthropicAWS(
            base_url=url, api_key=key, workspace_id="wrkspc_1", aws_region="us-east-1", max_retries=0
        )


class Vertex(Cloud, unittest.TestCase):
    model = "claude-sonnet-4-5@20250929"

    def open(self, url, key):
        return anthropic.AnthropicVertex(
            base_url=f"{url}/v1", region="us-east5", project_id="clinic-1", access_token=key, max_retries=0
        )


class Foundry(Cloud, unittest.TestCase):
    def open(self, url, key):
        return anthropic.AnthropicFoundry(base_url=f"{url}/anthropic", api_key=key, max_retries=0)


class AmazonsOwnProgram(unittest.TestCase):
    """boto3, which knows nothing of Claude, at the same address."""

    MODEL = "us.anthropic.claude-sonnet-4-5-20250929-v1:0"

    def open(self, service, url, key):
        return boto3.client(
            service,
            endpoint_url=url,
            region_name="us-east-1",
            aws_access_key_id="AKIAEXAMPLE",
            aws_secret_access_key="made-up",
            aws_session_token=key,
            config=boto3.session.Config(retries={"total_max_attempts": 1}),
        )

    def body(self, text):
        return json.dumps(
            {
                "anthropic_version": "bedrock-2023-05-31",
                "max_tokens": 1024,
                "messages": [{"role": "user", "content": text}],
            }
        )

    def test_a_whole_answer_brings_the_note_back(self):
        answer = self.open("bedrock-runtime", *ECHO).invoke_model(modelId=self.MODEL, body=self.body(NOTE))
        self.assertEqual(json.loads(answer["body"].read())["content"][0]["text"], NOTE)

    def test_a_stream_brings_the_note_back(self):
        answer = self.open("bedrock-runtime", *ECHO).invoke_model_with_response_stream(
            modelId=self.MODEL, body=self.body(NOTE)
        )
        events = [json.loads(event["chunk"]["bytes"]) for event in answer["body"]]
        said = "".join(e["delta"]["text"] for e in events if e["type"] == "content_block_delta")
        self.assertEqual(said, NOTE)
        self.assertEqual(events[-1]["type"], "message_stop")

    def test_tokens_are_counted(self):
        answer = self.open("bedrock-runtime", *SIMULATOR).count_tokens(
            modelId="anthropic.claude-sonnet-4-5-20250929-v1:0", input={"invokeModel": {"body": self.body(NOTE)}}
        )
        self.assertGreater(answer["inputTokens"], 5)

    def test_errors_are_those_of_amazons_model(self):
        client = self.open("bedrock-runtime", *SIMULATOR)
        with self.assertRaises(client.exceptions.ThrottlingException):
            client.invoke_model(modelId=self.MODEL, body=self.body("[[simulate:429 retry_after=0]]"))
        with self.assertRaises(client.exceptions.ValidationException) as caught:
            client.invoke_model(modelId=self.MODEL, body="{}")
        self.assertIn("anthropic_version", caught.exception.response["Error"]["Message"])
        with self.assertRaises(client.exceptions.ResourceNotFoundException):
            client.converse(modelId=self.MODEL, messages=[{"role": "user", "content": [{"text": "hello"}]}])
        with self.assertRaises(botocore.exceptions.EventStreamError):
            answer = client.invoke_model_with_response_stream(
                modelId=self.MODEL, body=self.body("[[simulate:mid-stream-error after=2]] a story")
            )
            for _ in answer["body"]:
                pass

    def test_profiles_are_listed_and_can_be_asked_for(self):
        listed = self.open("bedrock", *SIMULATOR).list_inference_profiles(typeEquals="SYSTEM_DEFINED")
        ids = [p["inferenceProfileId"] for p in listed["inferenceProfileSummaries"]]
        self.assertTrue(ids)
        for model in ids:
            self.open("bedrock-runtime", *SIMULATOR).invoke_model(modelId=model, body=self.body("hello"))


if __name__ == "__main__":
    unittest.main()
