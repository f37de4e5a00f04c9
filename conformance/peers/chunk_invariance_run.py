"""Other people's leak test on Chaperone: chunk-invariance (PyPI) asserts that a
streaming filter gives the same for every way of cutting its input. The filter
here is a whole gateway: the pieces are the deltas of a scripted Claude, and what
is compared is the text that the client reads. Arguments: the gateway's address
and its key; the gateway's door leads to 127.0.0.1:9100."""

import json
import sys
import threading
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from chunk_invariance import assert_chunk_invariant

GATEWAY, KEY = sys.argv[1], sys.argv[2]

# People who never lived; numbers with the form and check digits of real ones.
SAMPLES = [
    "Patient: Marisol Quintanar-Webb, SSN: 536-41-7729.",
    "Email marisol.quintanar@example.org, phone (541) 555-0146.",
    "MRN: 90817263, credit card: 4539 1488 0343 6467, «ça va ≥ 3».",
]


class Claude(BaseHTTPRequestHandler):
    """Says the pieces it was given, and keeps what it was sent."""

    protocol_version = "HTTP/1.1"
    pieces, seen = [], ""

    def do_POST(self):
        Claude.seen = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["messages"][0]["content"]
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        message = {"id": "msg_1", "type": "message", "role": "assistant", "model": "claude-sonnet-5", "content": []}
        self.event("message_start", message={**message, "usage": {"input_tokens": 1, "output_tokens": 1}})
        self.event("content_block_start", index=0, content_block={"type": "text", "text": ""})
        for piece in Claude.pieces:
            self.event("content_block_delta", index=0, delta={"type": "text_delta", "text": piece})
        self.event("content_block_stop", index=0)
        self.event("message_delta", delta={"stop_reason": "end_turn"}, usage={"output_tokens": 1})
        self.event("message_stop")
        self.wfile.write(b"0\r\n\r\n")

    def event(self, kind, **rest):
        data = f"event: {kind}\ndata: {json.dumps({'type': kind, **rest})}\n\n".encode()
        self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))
        self.wfile.flush()

    def log_message(self, *_):
        pass


def ask(text, pieces):
    """What the client reads when Claude answers with the pieces."""
    Claude.pieces = list(pieces)
    body = {"model": "claude-sonnet-5", "max_tokens": 64, "stream": True, "messages": [{"role": "user", "content": text}]}
    request = urllib.request.Request(
        GATEWAY + "/v1/messages",
        json.dumps(body).encode(),
        {"x-api-key": KEY, "anthropic-version": "2023-06-01", "content-type": "application/json"},
    )
    read = []
    with urllib.request.urlopen(request) as answer:
        for line in answer:
            if line.startswith(b"data: "):
                event = json.loads(line[6:])
                if event["type"] == "content_block_delta":
                    read.append(event["delta"]["text"])
                if event["type"] == "error":
                    raise AssertionError(f"the stream ended with {event}")
    return read


server = ThreadingHTTPServer(("127.0.0.1", 9100), Claude)
threading.Thread(target=server.serve_forever, daemon=True).start()
for sample in SAMPLES:
    ask(sample, ["ok"])
    concealed = Claude.seen
    assert concealed != sample, "nothing was concealed, so nothing is tested"
    checked = assert_chunk_invariant(
        lambda pieces: ask(sample, pieces),
        lambda whole: "".join(ask(sample, [whole])),
        concealed,
    )
    restored = "".join(ask(sample, [concealed]))
    assert restored == sample, f"restored as {restored!r}"
    print(f"chunk-invariance: {checked} splits of {concealed!r} came out the same, restored")
server.shutdown()
