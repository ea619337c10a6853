"""企业微信: a group's robot, `webhook/send`, a text message.

Built to the documentation (https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=KEY); not proved against the live service.
"""

import json
from dataclasses import dataclass
from typing import Final

from custody.adapters.notify.address import Address, robot
from custody.ports.notifier import Notice

_BUSY: Final = 45009
_LONGEST: Final = 2048


@dataclass(frozen=True, slots=True)
class WeCom:
    """See `ports.notifier.Notifier`."""

    to: Address

    def tell(self, one: Notice) -> None:
        content = one.lines.encode()[:_LONGEST].decode(errors="ignore")
        reply = self.to.post(
            {}, json.dumps({"msgtype": "text", "text": {"content": content}}, ensure_ascii=False).encode()
        )
        robot(reply, reply.told.get("errcode"), busy=_BUSY)
