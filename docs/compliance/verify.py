#!/usr/bin/env python3
"""Verifies an exported Chaperone record. Written from record-format.md alone.

usage: verify.py EXPORT [--key FILE] [--checkpoint FILE]... [--receipt TEXT]...

Exit codes: 0 it verifies, 2 misuse, 4 it does not, with a line "PLACE: KIND: WORDS" for each fault.
"""
import argparse, base64, hashlib, os, re, sys
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

ID, B64 = "[0-9a-f]{32}", "(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?"
WORD, NUM = "[A-Za-z0-9_.:-]{0,1000}", "0|[1-9][0-9]{0,18}"
FORMS = [("seq", NUM), ("id", ID), ("about", ID), ("at", NUM), ("kind", NUM), ("class", WORD), ("patient", ID),
         ("person", ID), ("session", ID), ("key", WORD), ("leaf", B64), ("facts", B64), ("content", B64)]
NUMBERS = ("seq", "at", "kind")
ROW = re.compile("{" + ",".join(f'"{n}":({f})' if n in NUMBERS else f'"{n}":"({f})"' for n, f in FORMS) + "}")

def sha(data):
    return hashlib.sha256(data).digest()

def unbase64(text, alphabet=None):
    """Base64 that decodes to one form only; None if the text is not that."""
    try:
        raw = base64.b64decode(text, alphabet, validate=True)
        return raw if base64.b64encode(raw, alphabet) == text.encode() else None
    except ValueError:
        return None

def root(hashes):
    """The tree hash of RFC 6962, section 2.1, over leaf hashes."""
    edge = []  # complete subtrees, the largest first: [height, hash]
    for h in hashes:
        edge.append((0, h))
        while len(edge) > 1 and edge[-2][0] == edge[-1][0]:
            (n, left), (_, right) = edge[-2:]
            edge[-2:] = [(n + 1, sha(b"\x01" + left + right))]
    total = edge.pop()[1] if edge else sha(b"")
    while edge:
        total = sha(b"\x01" + edge.pop()[1] + total)
    return total

def read_key(text):
    """A public key, name+hash+key, as its name, its hash and what checks a signature. None if it is not one."""
    m = re.fullmatch(r"([^\s+]+)\+([0-9a-f]{8})\+(\S+)", text.strip())
    raw = unbase64(m[3]) if m else None
    if not raw or len(raw) != 33 or raw[0] != 1 or sha(m[1].encode() + b"\n" + raw)[:4].hex() != m[2]:
        return None

    def signed(signature, message):
        try:
            return Ed25519PublicKey.from_public_bytes(raw[1:]).verify(signature, message) is None
        except InvalidSignature:
            return False
    return m[1], bytes.fromhex(m[2]), signed

def read_checkpoint(data, key):
    """Size and root of a checkpoint that the key signed, or None."""
    text = data.decode("utf-8", "surrogateescape")
    body, found, signatures = text.rpartition("\n\n")
    if not found or not text.endswith("\n") or re.search(r"[\x00-\x09\x0b-\x1f\ud800-\udfff]", text):
        return None
    good, body = False, body + "\n"
    for line in signatures[:-1].split("\n"):
        m = re.fullmatch(r"— ([^\s+]+) (\S+)", line)
        raw = unbase64(m[2]) if m else None
        ours = bool(raw) and (m[1], raw[:4]) == key[:2]
        if not raw or len(raw) < 5 or ours and not key[2](raw[4:], body.encode()):
            return None
        good = good or ours
    lines = body.split("\n")
    digest = unbase64(lines[2]) if len(lines) >= 4 else None
    whole = good and lines[0] == key[0] and re.fullmatch(NUM, lines[1]) and digest and len(digest) == 32
    return (int(lines[1]), digest) if whole else None

def read_receipt(text, key):
    """Place and leaf hash of a receipt that the key signed, or None."""
    m = re.fullmatch(rf"1\.({NUM})\.(-?[0-9]{{1,19}})\.([\w-]+)\.([\w-]+)", text.strip(), re.ASCII)
    raw = [unbase64(part + "=" * (-len(part) % 4), b"-_") for part in (m[3], m[4])] if m else [None]
    if None in raw or len(raw[0]) != 32:
        return None
    message = f"chaperone receipt v1\n{key[0]}\n{m[1]} {int(m[2])} {base64.b64encode(raw[0]).decode()}\n"
    return (int(m[1]), raw[0]) if key[2](raw[1], message.encode()) else None

def tile_path(level, index):
    groups = [f"{index // 1000 ** n % 1000:03d}" for n in range(7) if n == 0 or index >= 1000 ** n]
    return f"tile/{level}/" + "".join(f"x{g}/" for g in groups[:0:-1]) + groups[0]

def differs(row):
    """What of a row its leaf does not say, in words; None if the two agree."""
    leaf, number = row["leaf"], lambda a, b: int.from_bytes(row["leaf"][a:b], "big")
    if len(leaf) != 132 or leaf[0] != 1 or leaf[2] > 1 or leaf[3]:
        return "the leaf is not one"
    head = b"chaperone head v1\n" + row["about"] + row["patient"] + row["person"] + row["session"]
    for word in (row["class"].encode(), row["key"].encode()):
        head += len(word).to_bytes(2, "big") + word
    nothing, content = bytes(32), row["content"]
    for good, what in ((leaf[1] == row["kind"] and row["kind"] in (1, 2, 3), "the kind"), (number(4, 12) == row["at"], "the time"),
                       (leaf[20:36] == row["id"], "the id"), (leaf[36:68] == sha(head + row["facts"]), "the facts or the index"),
                       (leaf[68:100] == (sha(content) if content else nothing), "the content"),
                       (content or leaf[100:] == nothing, "the commitment")):
        if not good:
            return what + " differs from what was recorded"

def check(folder, key=None, checkpoints=(), receipts=()):
    """Verifies an export. key, checkpoints and receipts are what the auditor kept: text, bytes, text. Returns (place, kind, words)."""
    faults = []
    fault = lambda *what: faults.append(what)
    read = lambda name: open(f"{folder}/{name}", "rb").read() if os.path.isfile(f"{folder}/{name}") else b""
    names = sorted(os.path.relpath(os.path.join(d, f), folder).replace(os.sep, "/") for d, _, fs in os.walk(folder) for f in fs)
    key = read_key(key or read("log.pub").decode("utf-8", "replace"))
    if key is None:
        return [(0, "key", "the public key is not one")]
    current = read_checkpoint(read("checkpoint"), key)
    size, digest = current or (0, None)
    if not current:
        fault(0, "checkpoint", "the tree's checkpoint is unreadable, or not signed by the log's key")
    rows, text = {}, read("rows.jsonl")
    for place, line in enumerate(text.decode("utf-8", "replace").split("\n")[:-1] + [""] * (not text.endswith(b"\n") and len(text) > 0)):
        m = ROW.fullmatch(line)
        row = {n: int(v) if n in NUMBERS else v if n in ("class", "key") else bytes.fromhex(v) if f == ID else unbase64(v)
               for (n, f), v in zip(FORMS, m.groups())} if m else {"leaf": None}
        if None in row.values() or row["seq"] in rows or row["kind"] > 255:
            fault(place, "unreadable", "the line of this row is not in its form, or its place is taken")
        else:
            rows[row["seq"]] = row
    hashes, opened = [], set()
    for place in range(size):
        index, width = place // 256, min(size - place // 256 * 256, 256)
        if place % 256 == 0:
            bundle = read(tile_path("entries", index) + (f".p/{width}" if width < 256 else ""))
        entry = bundle[place % 256 * 134:][:134]
        if len(bundle) != width * 134 or entry[:2] != b"\x00\x84":
            fault(place, "entry", "the bundle of entries is missing or malformed")
            entry = b"\x00\x84" + rows.get(place, {"leaf": b""})["leaf"]
        elif place in rows and rows[place]["leaf"] != entry[2:]:
            fault(place, "foreign", "the record here is not the one that was signed")
        hashes.append(sha(b"\x00" + entry[2:]))
    faults += [(p, "missing", "the tree has a record here, the rows have not") for p in range(size) if p not in rows]
    faults += [(p, "foreign", "no signed tree reaches this row") for p in sorted(rows) if p >= size][:1]
    for place, row in sorted(rows.items()):
        words = differs(row)
        if words:
            fault(place, "changed", words)
        elif int.from_bytes(row["leaf"][12:20], "big") > place:
            fault(place, "order", "its writer had already seen what stands here")
        if row["kind"] == 2 and row["about"] not in opened and not words:
            fault(place, "outcome", "no open intent stands before this outcome")
        (opened.add if row["kind"] == 1 else opened.discard)(row["id" if row["kind"] == 1 else "about"])
    if current and root(hashes) != digest:
        fault(min([f[0] for f in faults if f[1] != "manifest"], default=max(size, 1) - 1), "root", "the entries yield another root than the signed one")
    level, line = 0, hashes
    while line:
        for index in range(0, len(line), 256):
            width = min(len(line) - index, 256)
            tile = read(tile_path(level, index // 256) + (f".p/{width}" if width < 256 else ""))
            bad = [i for i in range(width) if tile[32 * i:][:32] != line[index + i]]
            if bad or len(tile) != 32 * width:
                fault((index + (bad or [0])[0]) << 8 * level, "tile", f"the tile of level {level} is not what the entries yield")
        line = [root(line[i:i + 256]) for i in range(0, len(line) - 255, 256)]
        level += 1
    kept = [read(n) for n in names if n.startswith("kept/")] + list(checkpoints)
    for cp in [read_checkpoint(data, key) for data in kept]:
        if cp is None:
            fault(0, "checkpoint", "a kept checkpoint is not signed by the log's key")
        elif cp[0] > size:
            fault(size, "rolledback", f"a kept checkpoint covers {cp[0]} records, the tree only {size}")
        elif root(hashes[:cp[0]]) != cp[1]:
            fault(max(cp[0], 1) - 1, "forked", f"a kept checkpoint over the first {cp[0]} records states another root")
    for text in read("receipts").decode("utf-8", "replace").splitlines() + list(receipts):
        receipt = read_receipt(text, key)
        if receipt is None:
            fault(0, "receipt", "a receipt is not one of this log's")
        elif receipt[0] not in rows:
            fault(receipt[0], "rolledback", "a receipt was given for a record here, and there is none")
        elif sha(b"\x00" + rows[receipt[0]]["leaf"]) != receipt[1]:
            fault(receipt[0], "receipt", "the record here is not the one a receipt was given for")
    sums = read("SHA256SUMS")
    if not re.fullmatch(rb"([0-9a-f]{64}  [A-Za-z0-9][A-Za-z0-9._/-]{0,200}\n)+", sums):
        return faults + [(0, "manifest", "the list of digests is missing or not in its form")]
    listed = {line[66:]: line[:64] for line in sums.decode().splitlines()}
    for name in sorted(set(names + list(listed)) - {"SHA256SUMS"}):
        if listed.get(name) != hashlib.sha256(read(name)).hexdigest():
            fault(0, "manifest", name + " is missing, not listed or not the file that was exported")
    return faults

def main():
    p = argparse.ArgumentParser(description="Verify an exported Chaperone record.")
    p.add_argument("export")
    p.add_argument("--key", type=argparse.FileType("r"), help="the log's public key, kept elsewhere")
    p.add_argument("--checkpoint", type=argparse.FileType("rb"), action="append", default=[], help="one that was kept elsewhere")
    p.add_argument("--receipt", action="append", default=[], help="one that a client kept")
    a = p.parse_args()
    if not os.path.isdir(a.export):
        p.error("there is no such directory")
    faults = check(a.export, a.key.read() if a.key else None, [f.read() for f in a.checkpoint], a.receipt)
    print("\n".join("%d: %s: %s" % f for f in faults) or "verified")
    return 4 if faults else 0
if __name__ == "__main__":
    sys.exit(main())
