"""The loop that the Python peers share: JSON lines in, findings out."""

import json


def serve(find, source, sink):
    """Answers every line of source on sink. find(text) yields start, end, kind
    and score, in characters; what is written counts UTF-8 bytes."""
    for line in source:
        ask = json.loads(line)
        text = ask["text"]
        # at[i] is the byte at which character i begins
        at = [0]
        for c in text:
            at.append(at[-1] + len(c.encode()))
        found = [
            {"start": at[start], "end": at[end], "kind": kind, "score": score}
            for start, end, kind, score in find(text)
        ]
        sink.write(json.dumps({"id": ask["id"], "findings": found}) + "\n")
        sink.flush()
