"""Reads mails as Python's strict parser and dkimpy do. Arguments: the DNS record of the key, then files. Prints JSON."""
import email.parser
import email.policy
import json
import sys

import dkim


def defects(part):
    found = [repr(defect) for defect in part.defects]
    for name, value in part.items():
        found += [f"{name}: {defect!r}" for defect in getattr(value, "defects", [])]
    if part.is_multipart():
        for child in part.iter_parts():
            found += defects(child)
    else:
        part.get_content()
        found += [repr(defect) for defect in part.defects]
    return found


def parts(message):
    return [
        {"type": part.get_content_type(), "content": part.get_content()}
        for part in message.walk()
        if not part.is_multipart()
    ]


def verifies(raw, record):
    return dkim.verify(raw, dnsfunc=lambda name, timeout=5: record)


def changed(raw):
    """What must not verify: another body, another link in each List field, a second From, no RFC 8058 field."""
    yield "body", raw.replace(b"Content-Type: text/html", b"x\r\nContent-Type: text/html", 1)
    yield "second From", raw.replace(b"\r\nFrom:", b"\r\nFrom: eve@example.net\r\nFrom:", 1)
    yield "second List-Unsubscribe", raw.replace(
        b"\r\nFrom:", b"\r\nList-Unsubscribe: <https://evil.example/>\r\nFrom:", 1
    )
    for name in [b"List-Unsubscribe:", b"List-Unsubscribe-Post:", b"Feedback-ID:", b"List-ID:", b"Subject:"]:
        if b"\r\n" + name in raw:
            yield name.decode(), raw.replace(b"\r\n" + name + b" ", b"\r\n" + name + b" x", 1)


def check(path, record):
    raw = open(path, "rb").read()
    message = email.parser.BytesParser(policy=email.policy.default).parsebytes(raw)
    names = [name.lower() for name in message.keys()]
    signature = message["DKIM-Signature"] or ""
    tags = dict(tag.strip().split("=", 1) for tag in signature.split(";") if "=" in tag)
    return {
        "defects": defects(message),
        "repeated": sorted({name for name in names if names.count(name) > 1}),
        "names": names,
        "structure": [part.get_content_type() for part in message.walk()],
        "parts": parts(message),
        "signed": [name.strip().lower() for name in "".join(tags.get("h", "").split()).split(":")],
        "verifies": verifies(raw, record),
        "stillVerifies": [what for what, other in changed(raw) if verifies(other, record)],
    }


record = sys.argv[1].encode()
print(json.dumps([check(path, record) for path in sys.argv[2:]]))
