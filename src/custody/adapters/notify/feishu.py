"""飞书: a group's custom robot, `bot/v2/hook`, a text message, signed with the robot's secret.

Built to the documentation (timestamp in seconds and line feed and secret are the key, nothing is the message); not proved against the live service.
"""

import base64
import hmac
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from custody.adapters.notify.address import Address, robot
from custody.ports.notifier import Notice

_BUSY: Final = 11232


@dataclass(frozen=True, slots=True)
class Feishu:
    """See `ports.notifier.Notifier`."""

    to: Address
    secret: str = field(repr=False)
    now: Callable[[], float]

    def tell(self, one: Notice) -> None:
        told = {**self._signed(), "msg_type": "text", "content": {"text": one.lines}}
        reply = self.to.post({}, json.dumps(told, ensure_ascii=False).encode())
        robot(reply, reply.told.get("code"), busy=_BUSY)

    def _signed(self) -> dict[str, str]:
        if not self.secret:
            return {}
        at = str(round(self.now()))
        made = hmac.digest(f"{at}\n{self.secret}".encode(), b"", "sha256")
        return {"timestamp": at, "sign": base64.b64encode(made).decode()}
