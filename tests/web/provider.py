"""A sign-in service that lies on request, in a process of its own: `python provider.py FOLDER`. Prints its port.

It speaks OpenID Connect (discovery, code with PKCE, signed ID token) by the standard library and `cryptography`, without any
code of ours. `FOLDER/does` says who signs in and what is wrong with the answer: `emp-0001 nonce`.
"""

import base64
import hashlib
import json
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlencode, urlsplit

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

KEY, OTHER = (rsa.generate_private_key(65537, 2048) for _ in range(2))


def text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def number(value: int) -> str:
    return text(value.to_bytes((value.bit_length() + 7) // 8))


class Service(BaseHTTPRequestHandler):
    """One request."""

    folder: ClassVar[Path]
    asked: ClassVar[dict[str, dict[str, str]]] = {}

    def do_GET(self) -> None:
        at = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(at.query).items()}
        if at.path == "/keys":
            public = KEY.public_key().public_numbers()
            key = {
                "kty": "RSA",
                "kid": "one",
                "use": "sig",
                "alg": "RS256",
                "n": number(public.n),
                "e": number(public.e),
            }
            return self.tell({"keys": [key]})
        if at.path == "/authorize":
            return self.send_back(query)
        return self.tell(self.discovery())

    def do_POST(self) -> None:
        form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        asked = self.asked.pop(form["code"][0])
        proof = text(hashlib.sha256(form["code_verifier"][0].encode()).digest())
        if form["client_secret"] != ["a secret of the client"] or proof != asked["code_challenge"]:
            return self.tell({"error": "invalid_grant"}, 400)
        return self.tell({"access_token": "x", "token_type": "Bearer", "id_token": self.token(asked)})

    def discovery(self) -> dict[str, str]:
        here = f"http://127.0.0.1:{self.server.server_address[1]}"
        return {
            "issuer": "https://sso.example" if self.does()[1] == "discovery" else here, "authorization_endpoint": f"{here}/authorize",
            "token_endpoint": f"{here}/token", "jwks_uri": f"{here}/keys",
        }  # fmt: skip

    def send_back(self, query: dict[str, str]) -> None:
        code = f"code-{len(self.asked)}-{time.monotonic_ns()}"
        self.asked[code] = query
        answer = {"error": "access_denied"} if self.does()[1] == "cancelled" else {"code": code}
        state = "another" if self.does()[1] == "state" else query["state"]
        self.send_response(302)
        self.send_header("Location", f"{query['redirect_uri']}?{urlencode({**answer, 'state': state})}")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def token(self, asked: dict[str, str]) -> str:
        who, wrong = self.does()
        now = int(time.time())
        told: dict[str, Any] = {
            "iss": self.discovery()["issuer"], "aud": "custody", "sub": who, "iat": now, "exp": now + 300, "nonce": asked.get("nonce"),
            "email": f"{who}@company.example", "email_verified": True,
        }  # fmt: skip
        told |= {
            "issuer": {"iss": "https://sso.example"}, "audience": {"aud": "crm"}, "party": {"aud": ["custody", "crm"], "azp": "crm"}, "nonce": {"nonce": "another"},
            "time": {"exp": now - 3600, "iat": now - 7200}, "unverified": {"email_verified": False}, "nobody": {"sub": ""},
        }.get(wrong, {})  # fmt: skip
        if wrong == "no-nonce":
            del told["nonce"]
        head = {"alg": "none" if wrong == "unsigned" else "HS256" if wrong == "shared" else "RS256", "kid": "one"}
        body = ".".join(text(json.dumps(part).encode()) for part in (head, told))
        key = OTHER if wrong == "key" else KEY
        signature = b"" if wrong == "unsigned" else key.sign(body.encode(), padding.PKCS1v15(), hashes.SHA256())
        return f"{body}.{text(signature)}"

    def does(self) -> tuple[str, str]:
        who, _, wrong = (self.folder / "does").read_text(encoding="utf-8").partition(" ")
        return who, wrong

    def tell(self, told: dict[str, Any], status: int = 200) -> None:
        body = json.dumps(told).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing of a request is printed."""


if __name__ == "__main__":
    Service.folder = Path(sys.argv[1])
    with ThreadingHTTPServer(("127.0.0.1", 0), Service) as server:
        sys.stdout.write(f"{server.server_port}\n")
        sys.stdout.flush()
        server.serve_forever()
