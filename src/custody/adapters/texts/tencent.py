"""Tencent Cloud short messages: `SendSms` of 2021-01-11, signed as TC3-HMAC-SHA256.

The words are a template that Tencent has approved; its one parameter is the page. `SessionContext` carries our name for the message.
Built to the documentation and held to its published example; not proved against the live service.
"""

import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from custody.adapters.texts.exchange import Endpoint, outcome
from custody.ports.texts import Text

HOST: Final = "https://sms.tencentcloudapi.com"
_ALGORITHM: Final = "TC3-HMAC-SHA256"
_TYPE: Final = "application/json; charset=utf-8"
_ACTION: Final = "SendSms"
_REFUSED: Final = frozenset((
    "FailedOperation.PhoneNumberInBlacklist", "InvalidParameterValue.IncorrectPhoneNumber", "LimitExceeded.PhoneNumberDailyLimit",
    "LimitExceeded.PhoneNumberOneHourLimit", "LimitExceeded.PhoneNumberSameContentDailyLimit", "LimitExceeded.PhoneNumberThirtySecondLimit",
))  # fmt: skip
"""What is about one number: wrong, black-listed, or written to too often."""
_ACCOUNT: Final = (
    "AuthFailure", "UnauthorizedOperation", "RequestLimitExceeded", "FailedOperation.InsufficientBalance", "FailedOperation.SignatureIncorrect", "FailedOperation.TemplateIncorrect",
    "InvalidParameterValue.SdkAppIdNotExist", "LimitExceeded.AppDailyLimit", "LimitExceeded.DailyLimit", "InvalidAction",
)  # fmt: skip
"""How codes begin that are about every message: no money, a key, signature or template that is not approved, too many at a time."""


@dataclass(frozen=True, slots=True)
class Tencent:
    """See `ports.texts.Texter`; each message has a connection of its own."""

    endpoint: Endpoint
    key_id: str
    secret: bytes = field(repr=False)
    sign_name: str
    template: str
    app_id: str
    region: str
    now: Callable[[], datetime]

    def send_text(self, one: Text) -> str:
        body = json.dumps({
            "PhoneNumberSet": [one.number], "SmsSdkAppId": self.app_id, "TemplateId": self.template, "SignName": self.sign_name,
            "TemplateParamSet": [one.page], "SessionContext": one.name,
        }, ensure_ascii=False).encode()  # fmt: skip
        at = int(self.now().timestamp())
        signed = authorization(self.key_id, self.secret, ("sms", self.endpoint.name, _ACTION), at, body)
        heads = {
            "Host": self.endpoint.name, "Content-Type": _TYPE, "X-TC-Action": _ACTION, "X-TC-Version": "2021-01-11", "X-TC-Region": self.region,
            "X-TC-Timestamp": str(at), "Authorization": signed,
        }  # fmt: skip
        reply = self.endpoint.post("/", heads, body)
        name, code = _outcome(reply.told)
        return outcome(reply.status, name, code, _REFUSED, _ACCOUNT)


def authorization(key_id: str, secret: bytes, called: tuple[str, str, str], at: int, body: bytes) -> str:
    """The header that signs a POST of JSON to `/`; `called` is (service, host, action)."""
    service, host, action = called
    day = datetime.fromtimestamp(at, tz=UTC).strftime("%Y-%m-%d")
    names = "content-type;host;x-tc-action"
    lines = f"content-type:{_TYPE}\nhost:{host}\nx-tc-action:{action.lower()}\n"
    request = "\n".join(("POST", "/", "", lines, names, hashlib.sha256(body).hexdigest()))
    scope = f"{day}/{service}/tc3_request"
    told = "\n".join((_ALGORITHM, str(at), scope, hashlib.sha256(request.encode()).hexdigest()))
    key = b"TC3" + secret
    for part in (day, service, "tc3_request"):
        key = hmac.digest(key, part.encode(), "sha256")
    made = hmac.new(key, told.encode(), hashlib.sha256).hexdigest()
    return f"{_ALGORITHM} Credential={key_id}/{scope}, SignedHeaders={names}, Signature={made}"


def _outcome(told: Mapping[str, Any]) -> tuple[str, str]:
    """(the gateway's name for the message, why not)."""
    answer = told.get("Response")
    if not isinstance(answer, dict):
        return "", ""
    if isinstance(fault := answer.get("Error"), dict):
        return "", str(fault.get("Code", "unknown"))
    listed = answer.get("SendStatusSet")
    one = listed[0] if isinstance(listed, list) and listed and isinstance(listed[0], dict) else {}
    code = str(one.get("Code", ""))
    return str(one.get("SerialNo", "")), "" if code == "Ok" else code
