"""Microsoft Teams: a workflow that begins when a webhook request is received, given an adaptive card.

Built to the documentation (a message with one attachment, answered 200 or 202); not proved against the live service.
"""

import json
from dataclasses import dataclass
from typing import Any

from custody.adapters.notify.address import Address, outcome
from custody.ports.notifier import Notice


@dataclass(frozen=True, slots=True)
class Teams:
    """See `ports.notifier.Notifier`."""

    to: Address

    def tell(self, one: Notice) -> None:
        card = {"contentType": "application/vnd.microsoft.card.adaptive", "contentUrl": None, "content": _card(one)}
        reply = self.to.post({}, json.dumps({"type": "message", "attachments": [card]}, ensure_ascii=False).encode())
        outcome(reply.status, took=reply.status in {200, 202})


def _card(one: Notice) -> dict[str, Any]:
    block = {"type": "TextBlock", "wrap": True}
    body = [{**block, "text": one.title, "weight": "Bolder"}, {**block, "text": one.text}]
    actions = [{"type": "Action.OpenUrl", "title": "custody", "url": one.link}] if one.link else []
    return {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": body,
        "actions": actions,
    }
