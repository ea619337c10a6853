"""Twilio short messages: a POST to `Messages.json` of 2010-04-01 with basic authentication.

The words are sent as they are. Twilio keeps no name of ours: what is in doubt is looked for in its message log by the link in the words.
Built to the documentation; not proved against the live service.
"""

import base64
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import quote, urlencode

from custody.adapters.texts.exchange import Endpoint, outcome
from custody.ports.texts import Text

HOST: Final = "https://api.twilio.com"
_REFUSED: Final = frozenset(("21211", "21214", "21217", "21408", "21610", "21612", "21614"))
"""What is about one number: none, not reachable from here, unsubscribed, or no mobile."""
_ACCOUNT: Final = (
    "20003", "20005", "20404", "20429", "21212", "21603", "21606", "21620", "63038",
)  # fmt: skip
"""How codes begin that are about every message: no money, a key, signature or template that is not approved, too many at a time."""


@dataclass(frozen=True, slots=True)
class Twilio:
    """See `ports.texts.Texter`; each message has a connection of its own. `key_id` is the account's SID, `sender` a number or a messaging service (MG…)."""

    endpoint: Endpoint
    key_id: str
    secret: bytes = field(repr=False)
    sender: str

    def send_text(self, one: Text) -> str:
        by = "MessagingServiceSid" if self.sender.startswith("MG") else "From"
        body = urlencode({"To": one.number, by: self.sender, "Body": one.words}).encode()
        proof = base64.b64encode(self.key_id.encode() + b":" + self.secret).decode()
        heads = {"Authorization": f"Basic {proof}", "Content-Type": "application/x-www-form-urlencoded"}
        reply = self.endpoint.post(f"/2010-04-01/Accounts/{quote(self.key_id, safe='')}/Messages.json", heads, body)
        taken = reply.status < 300
        code = reply.told.get("error_code") if taken else reply.told.get("code", reply.status)
        return outcome(
            reply.status, str(reply.told.get("sid", "")), "" if code is None else str(code), _REFUSED, _ACCOUNT
        )
