"""The contracts of three gateways for text messages, in a process of their own: `python gateways.py FOLDER`. Prints its port.

Each request is checked as the gateway's documentation says a server does: the signature is made again from what arrived, by the rules and
without custody's code. What is taken is kept, one line of JSON a message. By the last digits of a number: …0001 is refused, …0002 finds no
money left, …0003 is taken and the connection cut before the answer.
"""

import base64
import hashlib
import hmac
import json
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import parse_qs, parse_qsl, quote, urlsplit

KEY, SECRET = "KEY-ID-1", b"a secret of thirty-two signs ..."


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


class Contract(BaseHTTPRequestHandler):
    """One gateway by path and headers."""

    folder: ClassVar[Path]
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        if self.headers.get("x-acs-action"):
            self.aliyun(body)
        elif self.headers.get("X-TC-Action"):
            self.tencent(body)
        else:
            self.twilio(body)

    def aliyun(self, body: bytes) -> None:
        query = urlsplit(self.path).query
        told = dict(parse_qsl(query, strict_parsing=True))
        again = "&".join(f"{quote(one, safe='-_.~')}={quote(told[one], safe='-_.~')}" for one in sorted(told))
        scheme, _, rest = self.headers["Authorization"].partition(" ")
        said = dict(part.split("=", 1) for part in rest.split(","))
        names = said["SignedHeaders"].split(";")
        lines = "".join(f"{name}:{self.headers[name].strip()}\n" for name in names)
        request = "\n".join(("POST", "/", again, lines, said["SignedHeaders"], digest(body)))
        want = hmac.new(SECRET, f"{scheme}\n{digest(request.encode())}".encode(), hashlib.sha256).hexdigest()
        signed = all(
            name.lower() in names
            for name in self.headers
            if name.lower().startswith("x-acs-") or name.lower() == "host"
        )
        if (
            (scheme, said["Credential"], said["Signature"]) != ("ACS3-HMAC-SHA256", KEY, want)
            or not signed
            or names != sorted(names)
        ):
            self.say(400, {"Code": "SignatureDoesNotMatch", "Message": "no"})
            return
        number, fault = told["PhoneNumbers"], {"0001": "isv.MOBILE_NUMBER_ILLEGAL", "0002": "isv.AMOUNT_NOT_ENOUGH"}
        page = json.loads(told["TemplateParam"])["page"]
        if number[-4:] in fault:
            self.say(200, {"Code": fault[number[-4:]], "Message": "no", "RequestId": "r"})
        elif self.keep("aliyun", number, page, told["OutId"], template=told["TemplateCode"], sign=told["SignName"]):
            self.say(200, {"Code": "OK", "Message": "OK", "BizId": f"biz-{number}", "RequestId": "r"})

    def tencent(self, body: bytes) -> None:
        told, at = json.loads(body), self.headers["X-TC-Timestamp"]
        scheme, _, rest = self.headers["Authorization"].partition(" ")
        said = dict(part.strip().split("=", 1) for part in rest.split(","))
        key_id, day, service, end = said["Credential"].split("/")
        lines = "".join(f"{one}:{self.headers[one].strip().lower()}\n" for one in said["SignedHeaders"].split(";"))
        request = "\n".join(("POST", "/", "", lines, said["SignedHeaders"], digest(body)))
        text = f"{scheme}\n{at}\n{day}/{service}/{end}\n{digest(request.encode())}"
        key = b"TC3" + SECRET
        for part in (day, service, end):
            key = hmac.new(key, part.encode(), hashlib.sha256).digest()
        want = hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
        if (scheme, key_id, service, said["Signature"]) != ("TC3-HMAC-SHA256", KEY, "sms", want):
            self.say(
                200,
                {"Response": {"Error": {"Code": "AuthFailure.SignatureFailure", "Message": "no"}, "RequestId": "r"}},
            )
            return
        (number,), (page,) = told["PhoneNumberSet"], told["TemplateParamSet"]
        fault = {
            "0001": "InvalidParameterValue.IncorrectPhoneNumber",
            "0002": "FailedOperation.InsufficientBalanceInSmsPackage",
        }.get(number[-4:])
        if fault or self.keep(
            "tencent", number, page, told["SessionContext"], template=told["TemplateId"], sign=told["SignName"]
        ):
            one = {
                "SerialNo": "" if fault else f"serial-{number}",
                "PhoneNumber": number,
                "Code": fault or "Ok",
                "Message": "x",
            }
            self.say(200, {"Response": {"SendStatusSet": [one], "RequestId": "r"}})

    def twilio(self, body: bytes) -> None:
        want = "Basic " + base64.b64encode(KEY.encode() + b":" + SECRET).decode()
        if self.headers.get("Authorization") != want or self.path != f"/2010-04-01/Accounts/{KEY}/Messages.json":
            self.say(401, {"code": 20003, "message": "Authenticate", "status": 401})
            return
        told = {name: value[0] for name, value in parse_qs(body.decode(), strict_parsing=True).items()}
        fault = {"0001": (400, 21211), "0002": (429, 20429)}.get(told["To"][-4:])
        if fault:
            self.say(fault[0], {"code": fault[1], "message": "no", "status": fault[0]})
        elif self.keep("twilio", told["To"], told["Body"], "", sender=told["From"]):
            self.say(201, {"sid": f"SM{told['To'][1:]}", "status": "queued", "error_code": None})

    def keep(self, gateway: str, number: str, words: str, name: str, **more: str) -> bool:
        """Whether the answer may be given."""
        with (self.folder / "taken.jsonl").open("a", encoding="utf-8") as kept:
            kept.write(
                json.dumps(
                    {"gateway": gateway, "number": number, "words": words, "name": name, **more}, ensure_ascii=False
                )
                + "\n"
            )
        if number.endswith("0003"):
            self.connection.close()
            self.close_connection = True
            return False
        return True

    def say(self, status: int, told: dict[str, Any]) -> None:
        data = json.dumps(told).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        """Quiet."""


def main() -> None:
    Contract.folder = Path(sys.argv[1])
    server = ThreadingHTTPServer(("127.0.0.1", 0), Contract)
    sys.stdout.write(f"{server.server_port}\n")
    sys.stdout.flush()
    server.serve_forever()


if __name__ == "__main__":
    main()
