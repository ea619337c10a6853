"""The contracts of messengers' robots and of a machine's webhook, in a process of their own: `python places.py FOLDER`. Prints its port.

Each request is checked as the documentation says a server does: signatures are made again from what arrived, by the rules and
without custody's code. What is taken is kept, one line of JSON a message. The first request to a path that ends in `-busy` is
answered 503; `/webhook` takes no name twice and nothing older than five minutes.
"""

import base64
import hashlib
import hmac
import json
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlsplit

SECRET = "SEC-a-secret-of-the-robot"
WEBHOOK = base64.b64encode(b"a webhook's own secret, 32 bytes").decode()


class Contract(BaseHTTPRequestHandler):
    """One place by its path."""

    folder: ClassVar[Path]
    met: ClassVar[set[str]] = set()
    taken: ClassVar[set[str]] = set()

    def do_POST(self) -> None:
        body, path = self.rfile.read(int(self.headers["Content-Length"])), urlsplit(self.path).path
        if path.endswith("-busy") and path not in self.met:
            self.met.add(path)
            return self.say(503, b"busy")
        if path == "/moved":
            self.send_response(307)
            self.send_header("Location", "/slack")
            self.send_header("Content-Length", "0")
            self.end_headers()
            return None
        kind = path.strip("/").split("-")[0]
        return {
            "wecom": self.wecom,
            "dingtalk": self.dingtalk,
            "feishu": self.feishu,
            "slack": self.slack,
            "teams": self.teams,
            "webhook": self.webhook,
        }[kind](body)

    def wecom(self, body: bytes) -> None:
        told, query = json.loads(body), parse_qs(urlsplit(self.path).query)
        if query.get("key") != ["ROBOT-KEY"]:
            return self.tell({"errcode": 93000, "errmsg": "invalid webhook url"})
        if told.get("msgtype") != "text" or not 0 < len(told["text"]["content"].encode()) <= 2048:
            return self.tell({"errcode": 40008, "errmsg": "invalid message type"})
        return self.keep("wecom", told["text"]["content"]) or self.tell({"errcode": 0, "errmsg": "ok"})

    def dingtalk(self, body: bytes) -> None:
        told, query = json.loads(body), parse_qs(urlsplit(self.path).query)
        at = query["timestamp"][0]
        want = base64.b64encode(hmac.new(SECRET.encode(), f"{at}\n{SECRET}".encode(), hashlib.sha256).digest()).decode()
        if (
            query["sign"] != [want]
            or query["access_token"] != ["TOKEN"]
            or abs(time.time() * 1000 - int(at)) > 3_600_000
        ):
            return self.tell({"errcode": 310000, "errmsg": "sign not match"})
        return self.keep("dingtalk", told["text"]["content"]) or self.tell({"errcode": 0, "errmsg": "ok"})

    def feishu(self, body: bytes) -> None:
        told = json.loads(body)
        want = base64.b64encode(
            hmac.new(f"{told['timestamp']}\n{SECRET}".encode(), digestmod=hashlib.sha256).digest()
        ).decode()
        if told["sign"] != want or abs(time.time() - int(told["timestamp"])) > 3600:
            return self.tell(
                {"code": 19021, "msg": "sign match fail or timestamp is not within one hour from current time"}
            )
        if told["msg_type"] != "text":
            return self.tell({"code": 9499, "msg": "Bad Request"})
        return self.keep("feishu", told["content"]["text"]) or self.tell({"code": 0, "msg": "success", "data": {}})

    def slack(self, body: bytes) -> None:
        told = json.loads(body)
        if set(told) != {"text"} or not told["text"]:
            return self.say(400, b"invalid_payload")
        return self.keep("slack", told["text"]) or self.say(200, b"ok")

    def teams(self, body: bytes) -> None:
        told = json.loads(body)
        (one,) = told["attachments"]
        card = one["content"]
        if (
            told["type"] != "message"
            or one["contentType"] != "application/vnd.microsoft.card.adaptive"
            or card["type"] != "AdaptiveCard"
        ):
            return self.say(400, b"bad card")
        return self.keep("teams", "\n".join(block["text"] for block in card["body"])) or self.say(202, b"")

    def webhook(self, body: bytes) -> None:
        name, at = self.headers["webhook-id"], self.headers["webhook-timestamp"]
        secret = (self.folder / "webhook.secret").read_text() if (self.folder / "webhook.secret").exists() else WEBHOOK
        signed = hmac.new(base64.b64decode(secret), f"{name}.{at}.".encode() + body, hashlib.sha256).digest()
        if (
            self.headers["webhook-signature"] != f"v1,{base64.b64encode(signed).decode()}"
            or abs(time.time() - int(at)) > 300
        ):
            return self.say(401, b"")
        if name in self.taken:
            return self.say(409, b"")
        self.taken.add(name)
        return self.keep("webhook", body.decode()) or self.say(204, b"")

    def keep(self, kind: str, text: str) -> None:
        with (self.folder / "taken.jsonl").open("a", encoding="utf-8") as out:
            out.write(json.dumps([kind, text]) + "\n")

    def tell(self, told: dict[str, Any]) -> None:
        self.say(200, json.dumps(told).encode())

    def say(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing of a request is printed."""


if __name__ == "__main__":
    Contract.folder = Path(sys.argv[1])
    with ThreadingHTTPServer(("127.0.0.1", 0), Contract) as server:
        sys.stdout.write(f"{server.server_port}\n")
        sys.stdout.flush()
        server.serve_forever()
