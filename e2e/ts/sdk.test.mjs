// The official TypeScript SDK against a running Chaperone, whose address and key
// come in CHAPERONE_URL and CHAPERONE_KEY. The door behind it echoes the last
// text of the user.
import assert from "node:assert/strict";
import { test } from "node:test";
import Anthropic from "@anthropic-ai/sdk";

const client = new Anthropic({
  baseURL: process.env.CHAPERONE_URL,
  apiKey: process.env.CHAPERONE_KEY,
  maxRetries: 1,
});

const note = `Patient: Priya Okafor
DOB: 04/09/1961   MRN: 4417093   Phone: (415) 555-0144
Ms. Okafor says "the cough is gone". Continue lisinopril 10 mg daily, é ü 漢字 kept as they are.`;

const ask = (text) => ({
  model: "claude-sonnet-5",
  max_tokens: 1024,
  messages: [{ role: "user", content: text }],
});

test("a whole answer brings the note back", async () => {
  const message = await client.messages.create(ask(note));
  assert.equal(message.content[0].text, note);
});

test("a streamed answer brings the note back", async () => {
  const stream = client.messages.stream(ask(note));
  let streamed = "";
  stream.on("text", (delta) => { streamed += delta; });
  const message = await stream.finalMessage();
  assert.equal(message.content[0].text, note);
  assert.equal(streamed, note);
});

test("several turns keep what they were about", async () => {
  const messages = [{ role: "user", content: note }];
  for (const next of ["And Ms. Okafor's dose?", "Call her at (415) 555-0144."]) {
    const answer = await client.messages.create({ ...ask(""), messages });
    messages.push({ role: "assistant", content: answer.content }, { role: "user", content: next });
  }
  const last = await client.messages.create({ ...ask(""), messages });
  assert.equal(last.content[0].text, "Call her at (415) 555-0144.");
});

test("a wrong key is an AuthenticationError with a request id", async () => {
  const stranger = new Anthropic({ baseURL: process.env.CHAPERONE_URL, apiKey: "chk_nobody_0", maxRetries: 0 });
  await assert.rejects(stranger.messages.create(ask("hello")), (err) => {
    assert.ok(err instanceof Anthropic.AuthenticationError, String(err));
    assert.ok(err.requestID);
    return true;
  });
});

test("an unknown block is a BadRequestError, and says why", async () => {
  const odd = { ...ask(""), messages: [{ role: "user", content: [{ type: "hologram", text: note }] }] };
  await assert.rejects(client.messages.create(odd), (err) => {
    assert.ok(err instanceof Anthropic.BadRequestError, String(err));
    assert.doesNotMatch(String(err.message), /Okafor/);
    return true;
  });
});
