"""A notifier by its kind."""

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from custody.adapters.notify.address import Address, Network
from custody.adapters.notify.dingtalk import DingTalk
from custody.adapters.notify.feishu import Feishu
from custody.adapters.notify.slack import Slack
from custody.adapters.notify.teams import Teams
from custody.adapters.notify.webhook import Webhook
from custody.adapters.notify.wecom import WeCom
from custody.base.errors import Malformed
from custody.base.webhooks import secret_bytes
from custody.ports.notifier import Notifier

_MADE: Final[Mapping[str, Callable[[Address, str], Notifier]]] = {
    "wecom": lambda to, _: WeCom(to), "dingtalk": lambda to, secret: DingTalk(to, secret, time.time),
    "feishu": lambda to, secret: Feishu(to, secret, time.time), "slack": lambda to, _: Slack(to), "teams": lambda to, _: Teams(to),
    "webhook": lambda to, secret: Webhook(to, secret, time.time),
}  # fmt: skip
KINDS: Final = tuple(_MADE)


def notifier(kind: str, url: str, secret: str, inside: Sequence[Network]) -> Notifier:
    """Raises Malformed `notify.kind`, `notify.address`, Refused `notify.private`, Broken `webhook.secret`."""
    if kind not in _MADE:
        raise Malformed("notify.kind", "This kind of channel is not known.", next=f"One of: {', '.join(KINDS)}.")
    if kind == "webhook":
        secret_bytes(secret)
    return _MADE[kind](Address.of(url, inside), secret)
