"""A mail relay that does not let us in: the connection is ended, not left to be collected."""

import socket
import threading
from typing import Literal

import pytest

from custody.adapters.mail.smtp import SmtpMailer
from custody.base.errors import Unavailable

HELLO = b"250-relay\r\n250 AUTH PLAIN\r\n"
SAID = {b"EHLO": HELLO, b"AUTH": b"535 no\r\n"}


def relay(listening: socket.socket, ended: threading.Event) -> None:
    """Speaks as relays do, refuses every password, and notes when the other side ends the connection."""
    link, _ = listening.accept()
    with link, link.makefile("rb") as lines:
        link.sendall(b"220 relay\r\n")
        for line in lines:
            link.sendall(SAID.get(line[:4].upper(), b"502 no\r\n"))
        ended.set()


@pytest.mark.parametrize("security", ["none", "starttls"])
def test_b5_a_relay_that_refuses_us_is_left(security: Literal["none", "starttls"]):
    """A wrong password, and a relay without TLS where TLS is asked: the message waits, the connection is over at once."""
    ended = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listening:
        other = threading.Thread(target=relay, args=(listening, ended), daemon=True)
        other.start()
        sender = SmtpMailer("127.0.0.1", listening.getsockname()[1], security, "us", "not it")
        with pytest.raises(Unavailable, match=r"relay") as told:
            sender.send("us@shop.example", "them@mail.example", b"Subject: x\r\n\r\nx\r\n")
        assert ended.wait(10), "the connection stands open"
        assert told.value.slug == "mail.unavailable"
        other.join(10)
