"""Aliyun short messages: `SendSms` of Dysmsapi 2017-05-25, signed as ACS3-HMAC-SHA256 (V3).

The words are a template that Aliyun has approved; its one parameter is the page. `OutId` carries our name for the message, so that
its records and reports name it. Built to the documentation and held to its published example; not proved against the live service.
"""

import hashlib
import hmac
import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from urllib.parse import quote, urlencode

from custody.adapters.texts.exchange import Endpoint, outcome
from custody.ports.texts import Text

HOST: Final = "https://dysmsapi.aliyuncs.com"
_ALGORITHM: Final = "ACS3-HMAC-SHA256"
_REFUSED: Final = frozenset((
    "isv.MOBILE_NUMBER_ILLEGAL", "isv.MOBILE_COUNT_OVER_LIMIT", "isv.BUSINESS_LIMIT_CONTROL", "isv.DAY_LIMIT_CONTROL", "isv.SMS_MOBILE_BLACK",
))  # fmt: skip
"""What is about one number: wrong, black-listed, or written to too often today."""
_ACCOUNT: Final = (
    "isv.AMOUNT_NOT_ENOUGH", "isv.OUT_OF_SERVICE", "isv.ACCOUNT_", "isv.PRODUCT_UNSUBSCRIBE", "isv.SMS_TEMPLATE_ILLEGAL", "isv.SMS_SIGN", "isv.DENY_IP", "isp.RAM_PERMISSION_DENY",
    "Signature", "InvalidAccessKeyId", "Forbidden", "Throttling", "NoPermission",
)  # fmt: skip
"""How codes begin that are about every message: no money, a key, signature or template that is not approved, too many at a time."""


@dataclass(frozen=True, slots=True)
class Aliyun:
    """See `ports.texts.Texter`; each message has a connection of its own."""

    endpoint: Endpoint
    key_id: str
    secret: bytes = field(repr=False)
    sign_name: str
    template: str
    parameter: str
    now: Callable[[], datetime]

    def send_text(self, one: Text) -> str:
        query = canonical_query({
            "PhoneNumbers": one.number.removeprefix("+86").removeprefix("+"), "SignName": self.sign_name, "TemplateCode": self.template,
            "TemplateParam": json.dumps({self.parameter: one.page}, ensure_ascii=False), "OutId": one.name,
        })  # fmt: skip
        heads = {
            "host": self.endpoint.name, "x-acs-action": "SendSms", "x-acs-version": "2017-05-25", "x-acs-date": f"{self.now():%Y-%m-%dT%H:%M:%SZ}",
            "x-acs-signature-nonce": secrets.token_hex(16), "x-acs-content-sha256": hashlib.sha256(b"").hexdigest(),
        }  # fmt: skip
        signed = {**heads, "Authorization": authorization(self.key_id, self.secret, query, heads)}
        reply = self.endpoint.post(f"/?{query}", signed, b"")
        code = str(reply.told.get("Code", ""))
        return outcome(reply.status, str(reply.told.get("BizId", "")), "" if code == "OK" else code, _REFUSED, _ACCOUNT)


def canonical_query(told: Mapping[str, str]) -> str:
    """By name, RFC 3986: a space is %20."""
    return urlencode(sorted(told.items()), quote_via=quote, safe="-_.~")


def authorization(key_id: str, secret: bytes, query: str, heads: Mapping[str, str]) -> str:
    """The header that signs a POST to `/` with an empty body; every header given is signed."""
    names = sorted(heads)
    lines = "".join(f"{name}:{heads[name].strip()}\n" for name in names)
    request = "\n".join(("POST", "/", query, lines, ";".join(names), heads["x-acs-content-sha256"]))
    told = f"{_ALGORITHM}\n{hashlib.sha256(request.encode()).hexdigest()}"
    made = hmac.new(secret, told.encode(), hashlib.sha256).hexdigest()
    return f"{_ALGORITHM} Credential={key_id},SignedHeaders={';'.join(names)},Signature={made}"
