"""钉钉: a group's custom robot, `robot/send`, a text message, signed with the robot's secret.

Built to the documentation (timestamp in milliseconds, HMAC-SHA256 over timestamp, line feed, secret); not proved against the live service.
"""

import base64
import hmac
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import quote_plus

from custody.adapters.notify.address import Address, robot
from custody.ports.notifier import Notice

_BUSY: Final = 130101


@dataclass(frozen=True, slots=True)
class DingTalk:
    """See `ports.notifier.Notifier`."""

    to: Address
    secret: str = field(repr=False)
    now: Callable[[], float]

    def tell(self, one: Notice) -> None:
        body = json.dumps({"msgtype": "text", "text": {"content": one.lines}}, ensure_ascii=False).encode()
        reply = self.to.post({}, body, self._signed() if self.secret else "")
        robot(reply, reply.told.get("errcode"), busy=_BUSY)

    def _signed(self) -> str:
        at = str(round(self.now() * 1000))
        made = base64.b64encode(hmac.digest(self.secret.encode(), f"{at}\n{self.secret}".encode(), "sha256")).decode()
        return f"{'&' if '?' in self.to.path else '?'}timestamp={at}&sign={quote_plus(made)}"
