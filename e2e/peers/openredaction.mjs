// openredaction as it comes (its HIPAA preset finds less), by the contract of
// `chaperone deid scan --jsonl`: a line in, a line out, offsets in UTF-8 bytes.
import { createInterface } from "node:readline";
import { OpenRedaction } from "openredaction";

const finder = new OpenRedaction();

for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
  const { id, text } = JSON.parse(line);
  const { detections } = await finder.detect(text);
  const byte = (i) => Buffer.byteLength(text.slice(0, i));
  const findings = detections.map(({ type, position: [start, end], confidence }) => ({
    start: byte(start),
    end: byte(end),
    kind: type,
    score: confidence ?? 1,
  }));
  process.stdout.write(JSON.stringify({ id, findings }) + "\n");
}
