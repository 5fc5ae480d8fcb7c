#!/usr/bin/env python3
"""Posts to a webhook signed by Standard Webhooks. Python 3 and nothing else.

Its channel has the signing scheme "standard"; SIGNING_SECRET is the whsec_... that rotate-secret answered.

  WEBHOOK_URL='http://127.0.0.1:8787/webhook/ID?token=SECRET' SIGNING_SECRET=whsec_... examples/python/webhook.py 'Disk 80 % full'
"""

import base64
import hashlib
import hmac
import json
import os
import sys
import time
import urllib.error
import urllib.request
import uuid


def main() -> int:
    url = os.environ["WEBHOOK_URL"]
    key = base64.b64decode(os.environ["SIGNING_SECRET"].removeprefix("whsec_"))
    # What is signed are the bytes that are sent: make them once.
    body = json.dumps({"from": "webhook.py", "content": sys.argv[1]}).encode()
    # A post sent again keeps its id, and is stored once.
    message_id = os.environ.get("MESSAGE_ID", f"msg_{uuid.uuid4().hex}")
    timestamp = str(int(time.time()))
    signed = f"{message_id}.{timestamp}.".encode() + body
    signature = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    headers = {
        "Content-Type": "application/json",
        "webhook-id": message_id,
        "webhook-timestamp": timestamp,
        "webhook-signature": f"v1,{signature}",
    }
    try:
        with urllib.request.urlopen(urllib.request.Request(url, body, headers)) as response:
            print("stored as", json.load(response)["messageId"])
            return 0
    except urllib.error.HTTPError as refused:
        answer = json.load(refused)
        print(f"{refused.code} {answer['code']}: {answer['error']}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
