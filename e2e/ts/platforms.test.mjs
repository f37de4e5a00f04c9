// The official TypeScript SDKs of the clouds against a running Chaperone. Behind
// CHAPERONE_URL stands a vendor that echoes the last text of the user, behind
// CHAPERONE_SIMULATOR_URL the simulator.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { AnthropicAws } from "@anthropic-ai/aws-sdk";
import { AnthropicBedrock, AnthropicBedrockMantle } from "@anthropic-ai/bedrock-sdk";
import { AnthropicFoundry } from "@anthropic-ai/foundry-sdk";
import { AnthropicVertex } from "@anthropic-ai/vertex-sdk";

const echo = { url: process.env.CHAPERONE_URL, key: process.env.CHAPERONE_KEY };
const simulator = { url: process.env.CHAPERONE_SIMULATOR_URL, key: process.env.CHAPERONE_SIMULATOR_KEY };

// Google's library is handed the key as the access token that it would have fetched.
const google = (key) => ({ projectId: "clinic-1", getRequestHeaders: async () => new Headers({ authorization: `Bearer ${key}` }) });

const platforms = {
  "Bedrock with a key": {
    model: "us.anthropic.claude-sonnet-4-5-20250929-v1:0",
    open: ({ url, key }) => new AnthropicBedrock({ baseURL: url, apiKey: key, maxRetries: 0 }),
  },
  "Bedrock with a signature and an ARN": {
    model: "arn:aws:bedrock:us-east-1:111122223333:inference-profile/eu.anthropic.claude-sonnet-5",
    open: ({ url, key }) => new AnthropicBedrock({
      baseURL: url, apiKey: null, awsRegion: "us-east-1", awsAccessKey: "AKIAEXAMPLE", awsSecretKey: "made-up", awsSessionToken: key, maxRetries: 0,
    }),
  },
  "Amazon's Messages endpoint": {
    model: "anthropic.claude-sonnet-5", counts: true,
    open: ({ url, key }) => new AnthropicBedrockMantle({ baseURL: `${url}/anthropic`, apiKey: key, maxRetries: 0 }),
  },
  "the Claude Platform on AWS": {
    model: "claude-sonnet-5", counts: true,
    open: ({ url, key }) => new AnthropicAws({ baseURL: url, apiKey: key, workspaceId: "wrkspc_1", maxRetries: 0 }),
  },
  "the Claude Platform on AWS with a signature": {
    model: "claude-sonnet-5", counts: true,
    open: ({ url, key }) => new AnthropicAws({
      baseURL: url, awsRegion: "us-east-1", awsAccessKey: "AKIAEXAMPLE", awsSecretAccessKey: "made-up", awsSessionToken: key, workspaceId: "wrkspc_1", maxRetries: 0,
    }),
  },
  Vertex: {
    model: "claude-sonnet-4-5@20250929", counts: true,
    open: ({ url, key }) => new AnthropicVertex({ baseURL: `${url}/v1`, region: "us-east5", projectId: "clinic-1", authClient: google(key), maxRetries: 0 }),
  },
  Foundry: {
    model: "claude-sonnet-5", counts: true,
    open: ({ url, key }) => new AnthropicFoundry({ baseURL: `${url}/anthropic`, apiKey: key, maxRetries: 0 }),
  },
  "Foundry with a token": {
    model: "claude-sonnet-5", counts: true,
    open: ({ url, key }) => new AnthropicFoundry({ baseURL: `${url}/anthropic`, apiKey: undefined, azureADTokenProvider: async () => key, maxRetries: 0 }),
  },
};

const note = `Patient: Priya Okafor
DOB: 04/09/1961   MRN: 4417093   Phone: (415) 555-0144
Ms. Okafor says "the cough is gone". Continue lisinopril 10 mg daily, é ü 漢字 kept as they are.`;

for (const [name, platform] of Object.entries(platforms)) {
  const ask = (text, more) => ({ model: platform.model, max_tokens: 1024, messages: [{ role: "user", content: text }], ...more });

  describe(name, () => {
    test("a whole answer brings the note back", async () => {
      const message = await platform.open(echo).messages.create(ask(note));
      assert.equal(message.content[0].text, note);
    });

    test("a streamed answer brings the note back", async () => {
      const stream = platform.open(echo).messages.stream(ask(note));
      let streamed = "";
      stream.on("text", (delta) => { streamed += delta; });
      const message = await stream.finalMessage();
      assert.equal(message.content[0].text, note);
      assert.equal(streamed, note);
    });

    test("a tool is called with the real values", async () => {
      const message = await platform.open(simulator).messages.stream(ask("Schedule a follow-up for Priya Okafor on 03/04/2027. Record number MRN 4417093.", {
        tools: [{ name: "schedule_follow_up", input_schema: { type: "object", properties: { patient_name: { type: "string" } }, required: ["patient_name"] } }],
        tool_choice: { type: "any" },
      })).finalMessage();
      const call = message.content.find((block) => block.type === "tool_use");
      assert.equal(call?.input.patient_name, "Priya Okafor");
    });

    test("a beta call passes", async () => {
      const message = await platform.open(echo).beta.messages.create(ask("hello", { betas: ["context-1m-2025-08-07"] }));
      assert.equal(message.content[0].text, "hello");
    });

    test("tokens are counted", { skip: !platform.counts && "the SDK does not offer it there" }, async () => {
      const count = await platform.open(simulator).messages.countTokens({ model: platform.model, messages: [{ role: "user", content: "How many tokens are in this sentence?" }] });
      assert.ok(count.input_tokens >= 5);
    });

    test("an error is the SDK's own, with type, code and request id", async () => {
      const odd = { ...ask(""), messages: [{ role: "user", content: [{ type: "hologram", text: note }] }] };
      await assert.rejects(platform.open(echo).messages.create(odd), (err) => {
        assert.equal(err.status, 400, String(err));
        assert.equal(err.error.error.type, "invalid_request_error");
        assert.equal(err.error.error.details.error_code, "unknown_block");
        assert.ok(err.headers.get("request-id"));
        assert.doesNotMatch(String(err.message), /Okafor/);
        return true;
      });
      await assert.rejects(platform.open(simulator).messages.create(ask("[[simulate:429 retry_after=0]]")), (err) => err.status === 429);
    });

    test("a wrong key is an authentication error", async () => {
      await assert.rejects(platform.open({ ...echo, key: "chk_nobody_0" }).messages.create(ask("hello")), (err) => {
        assert.equal(err.status, 401, String(err));
        return true;
      });
    });

    test("an error in the middle of a stream is thrown", async () => {
      const stream = platform.open(simulator).messages.stream(ask("[[simulate:mid-stream-error after=2]] a story"));
      await assert.rejects(stream.finalMessage(), /[Oo]verloaded/);
    });
  });
}

test("a signature without a key beside it is refused in words that help", async () => {
  const signed = new AnthropicBedrock({ baseURL: echo.url, apiKey: null, awsRegion: "us-east-1", awsAccessKey: "AKIAEXAMPLE", awsSecretKey: "made-up", maxRetries: 0 });
  await assert.rejects(signed.messages.create({ model: "claude-sonnet-5", max_tokens: 16, messages: [{ role: "user", content: "hello" }] }), (err) => {
    assert.equal(err.status, 401);
    assert.match(err.message, /AWS_SESSION_TOKEN/);
    return true;
  });
});
