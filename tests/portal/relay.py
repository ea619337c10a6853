"""A real mail relay for tests, in a process of its own: `python relay.py PORT FOLDER CUT [log]`. It takes mail, keeps it (with `log` only its
line in the log), logs the Message-ID.

`@refused.example` is refused (550); the CUT-th message to arrive is taken, logged, and its connection cut before the reply, as when a relay
crashes at the worst moment.
"""

import asyncio
import sys
from email import message_from_bytes
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


class Kept:
    """Keeps every message durably before it says yes."""

    def __init__(self, folder: Path, cut: int, *, whole: bool) -> None:
        self._folder, self._cut, self._whole, self._count = folder, cut, whole, 0

    async def handle_RCPT(self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _: object) -> str:  # noqa: N802 - aiosmtpd's name
        if address.endswith("@refused.example"):
            return "550 5.1.1 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        content = envelope.content or b""
        name = message_from_bytes(content)["Message-ID"]
        self._count += 1
        if self._whole:
            (self._folder / f"{self._count:06d}-{name[1:9]}.eml").write_bytes(content)
        with (self._folder / "relay.log").open("a", encoding="ascii") as log:
            log.write(f"accepted {name} to={len(envelope.rcpt_tos)}\n")
        if self._count == self._cut:
            server.transport.abort()
        return "250 2.0.0 taken"


def main() -> None:
    port, folder, cut = int(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
    Controller(Kept(folder, cut, whole="log" not in sys.argv[4:]), hostname="127.0.0.1", port=port).start()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    asyncio.new_event_loop().run_forever()


if __name__ == "__main__":
    main()
