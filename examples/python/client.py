#!/usr/bin/env python3
"""A signed client that polls and answers. Python 3 and the openssl command, which holds the key and signs with it.

  RELAY_URL=http://127.0.0.1:8787 STATE_DIR=client-state examples/python/client.py [--once]

With --once it reads what is new and ends, for cron; without, it looks every few seconds.
"""

import base64
import hashlib
import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid
from datetime import datetime, timezone
from pathlib import Path

RELAY_URL = os.environ.get("RELAY_URL", "http://127.0.0.1:8787").rstrip("/")
STATE = Path(os.environ.get("STATE_DIR", "client-state"))
KEY = STATE / "key.pem"
POSITION = STATE / "position.json"
PAUSE_SECONDS = 5


class Refused(Exception):
    """What the relay answered instead: the code is for programs, the sentence for people."""

    def __init__(self, status: int, answer: dict, retry_after):
        super().__init__(f"{status} {answer['code']}: {answer['error']}")
        self.code = answer["code"]
        self.retry_after = int(retry_after or 0)


# --- the key ---


def openssl(*args: str, stdin: bytes = b"") -> bytes:
    return subprocess.run(["openssl", *args], input=stdin, stdout=subprocess.PIPE, check=True).stdout


def make_key() -> None:
    STATE.mkdir(mode=0o700, exist_ok=True)
    if not KEY.exists():
        openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", str(KEY))


def public_key() -> dict:
    """The last 64 bytes of the encoded key are x and y."""
    point = openssl("pkey", "-in", str(KEY), "-pubout", "-outform", "DER")[-64:]
    x, y = (base64.urlsafe_b64encode(half).rstrip(b"=").decode() for half in (point[:32], point[32:]))
    return {"kty": "EC", "crv": "P-256", "x": x, "y": y}


def sign(text: str) -> str:
    return base64.b64encode(raw(openssl("dgst", "-sha256", "-sign", str(KEY), stdin=text.encode()))).decode()


def raw(der: bytes) -> bytes:
    """openssl answers SEQUENCE(INTEGER r, INTEGER s), as short as the numbers allow; the relay wants 32 bytes of each."""
    numbers, at = b"", 2
    for _ in range(2):
        length = der[at + 1]
        number = int.from_bytes(der[at + 2 : at + 2 + length], "big")
        numbers += number.to_bytes(32, "big")
        at += 2 + length
    return numbers


# --- signed requests (relay:SIG2) ---


def request(method: str, target: str, api_key: str = "", body: dict | None = None) -> dict:
    """target is path and query as sent, without the path of RELAY_URL."""
    data = b"" if body is None else json.dumps(body).encode()
    timestamp = datetime.now(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    nonce = uuid.uuid4().hex
    text = "|".join(["v2", timestamp, nonce, method, target, hashlib.sha256(data).hexdigest()])
    headers = {
        "X-Timestamp": timestamp,
        "X-Nonce": nonce,
        "X-Signature-Version": "2",
        "X-Signature": sign(text),
        **({"Authorization": f"Bearer {api_key}"} if api_key else {}),
        **({"Content-Type": "application/json"} if body is not None else {}),
    }
    asked = urllib.request.Request(RELAY_URL + target, data if body is not None else None, headers, method=method)
    try:
        with urllib.request.urlopen(asked) as response:
            return json.load(response)
    except urllib.error.HTTPError as error:
        raise Refused(error.code, json.load(error), error.headers.get("Retry-After")) from None


# --- reading and answering ---


def read_new(api_key: str) -> None:
    position = json.loads(POSITION.read_text()) if POSITION.exists() else {"after": 0}
    while True:
        page = request("GET", f"/messages?{urllib.parse.urlencode(position)}", api_key)
        if not page["recovered"]:
            print("The relay no longer has everything; messages known to be lost:", page["dropped"], file=sys.stderr)
        for message in page["messages"]:
            print(f"{message['from']}: {message['content']}", flush=True)
            answer(api_key, message)
            store({"after": message["seq"], "epoch": page["epoch"]})
        store({"after": page["nextAfter"], "epoch": page["epoch"]})
        position = {"after": page["nextAfter"], "epoch": page["epoch"]}
        if not page["hasMore"]:
            return


def answer(api_key: str, message: dict) -> None:
    """The clientId is made of the message: sent again after a crash, it is the same reply."""
    reply = {
        "channelId": message["channelId"],
        "replyTo": message["id"],
        "content": f"You said: {message['content']}",
        "clientId": f"echo-{message['id']}"[:64],
    }
    try:
        request("POST", "/reply", api_key, reply)
    except Refused as refused:
        if refused.code == "rate_limited":
            time.sleep(refused.retry_after)
            return answer(api_key, message)
        print(refused, file=sys.stderr)


def store(position: dict) -> None:
    """Whole or not at all: a crash leaves the old file."""
    new = POSITION.with_suffix(".new")
    new.write_text(json.dumps(position))
    new.replace(POSITION)


def main() -> int:
    make_key()
    # The same key gets the same session.
    session = request("POST", "/auth/register", body={"publicKey": public_key()})
    print("session", session["userId"], flush=True)
    channels = request("GET", "/channels", session["apiKey"])["channels"]
    found = [channel["webhookUrl"] for channel in channels if channel["type"] == "webhook"]
    url = found[0] if found else request("POST", "/channels", session["apiKey"], {"name": "Echo"})["webhookUrl"]
    print("webhook", url, flush=True)
    while True:
        read_new(session["apiKey"])
        if "--once" in sys.argv:
            return 0
        time.sleep(PAUSE_SECONDS)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Refused as refused:
        print(refused, file=sys.stderr)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(0)
