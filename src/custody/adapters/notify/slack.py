"""Slack: an incoming webhook.

Built to the documentation (`{"text"}`, answered with the text `ok`); not proved against the live service.
"""

import json
from dataclasses import dataclass

from custody.adapters.notify.address import Address, outcome
from custody.ports.notifier import Notice


@dataclass(frozen=True, slots=True)
class Slack:
    """See `ports.notifier.Notifier`."""

    to: Address

    def tell(self, one: Notice) -> None:
        escaped = one.lines.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        reply = self.to.post({}, json.dumps({"text": escaped}, ensure_ascii=False).encode())
        outcome(reply.status, took=reply.status == 200 and reply.text.strip() == "ok")
