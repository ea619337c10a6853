"""By which way messages go out: a mail relay or a gateway for text messages, as the command line names it."""

from pathlib import Path
from typing import Final

import click

from custody import wiring
from custody.base.errors import Malformed
from custody.cli.verb import PATH, option
from custody.cli.words import Words
from custody.ports.mail import Mailer
from custody.ports.texts import Texter

MOST_AT_ONCE: Final = 16
"""So many may be in doubt after a kill."""
SERVER: Final = (
    option("--relay", words=Words("邮件服务器：主机:端口", "the mail relay, HOST:PORT")),
    option("--gateway", words=Words("短信平台的设置文件", "the settings of a gateway for text messages, a file"), kind=PATH),
    option("--security", words=Words("加密方式；none 只用于本机", "how it is encrypted; none for this host only"),
           kind=click.Choice(["starttls", "tls", "none"]), default="starttls"),
    option("--user", words=Words("用户名", "user name"), default=""),
)  # fmt: skip
WAY: Final = (*SERVER, option("--password-file", words=Words("口令文件", "file with the password"), kind=PATH))


def way_of(
    relay: str | None, gateway: Path | None, how: tuple[str, str, Path | None], per_minute: int, connections: int
) -> Mailer | Texter:
    """Raises Malformed `campaign.channel` where neither is named, or both."""
    if (relay is None) == (gateway is None) or not 1 <= connections <= MOST_AT_ONCE:
        raise Malformed("campaign.channel", "Say either a mail relay or a gateway, and from one to sixteen connections.",
                        next="--relay for e-mail, --gateway for text messages")  # fmt: skip
    if gateway is not None:
        return wiring.texter(gateway, per_minute, connections)
    return wiring.mailer(relay or "", *how, per_minute, connections)
