"""企业微信: a group's robot, `webhook/send`, a text message.

Built to the documentation (https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=KEY); not proved against the live service.
"""

import json
from dataclasses import dataclass
from typing import Final

from custody.adapters.notify.address import Address, away, outcome
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
        code = reply.told.get("errcode")
        if code == _BUSY:
            raise away()
        outcome(400 if isinstance(code, int) and code else reply.status, took=code == 0)
