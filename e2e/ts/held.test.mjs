// Batches and files of the official TypeScript SDK against a running Chaperone,
// whose address and key come in CHAPERONE_URL and CHAPERONE_KEY.
import assert from "node:assert/strict";
import { test } from "node:test";
import Anthropic, { toFile } from "@anthropic-ai/sdk";

const client = new Anthropic({
  baseURL: process.env.CHAPERONE_URL,
  apiKey: process.env.CHAPERONE_KEY,
  maxRetries: 0,
});

const note = `Patient: Priya Okafor
MRN: 4417093   Phone: (415) 555-0144
Ms. Okafor says "the cough is gone".`;

const ask = (text) => ({
  model: "claude-sonnet-5",
  max_tokens: 1024,
  messages: [{ role: "user", content: text }],
});

test("a batch is made, found, read and deleted", async () => {
  const batch = await client.messages.batches.create({
    requests: [
      { custom_id: "okafor-4417093", params: ask(note) },
      { custom_id: "other", params: ask("hello") },
    ],
  });
  const ids = [];
  for await (const one of client.messages.batches.list()) ids.push(one.id);
  assert.deepEqual(ids, [batch.id]);
  const got = {};
  for await (const one of await client.messages.batches.results(batch.id)) {
    got[one.custom_id] = one.result.message.content[0].text;
  }
  assert.deepEqual(got, { "okafor-4417093": note, other: "hello" });
  await client.messages.batches.delete(batch.id);
  await assert.rejects(client.messages.batches.retrieve(batch.id), Anthropic.NotFoundError);
});

test("a file is uploaded, listed, fetched and deleted", async () => {
  const file = await client.beta.files.upload({
    file: await toFile(Buffer.from(note), "okafor.txt", { type: "text/plain" }),
  });
  assert.equal(file.filename, "okafor.txt");
  const names = [];
  for await (const one of client.beta.files.list()) names.push(one.filename);
  assert.deepEqual(names, ["okafor.txt"]);
  const back = await client.beta.files.download(file.id);
  assert.equal(await back.text(), note);
  await client.beta.files.delete(file.id);
  await assert.rejects(client.beta.files.retrieveMetadata(file.id), Anthropic.NotFoundError);
});
