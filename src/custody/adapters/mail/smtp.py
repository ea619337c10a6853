"""SMTP (RFC 5321) over TLS by the standard library; without TLS to this host only."""

import queue
import smtplib
import ssl
import threading
import time
from dataclasses import dataclass, field
from typing import Final, Literal, cast

from custody.base.errors import Malformed, Refused, Unavailable

Security = Literal["starttls", "tls", "none"]
_LOCAL: Final = frozenset(("127.0.0.1", "localhost", "::1"))
_SECONDS: Final = 30
_PORTS: Final = 65_536


def relay_at(relay: str, security: str, user: str, password: str, per_minute: int, at_once: int) -> "SmtpMailer":
    """The mailer of a relay as people write it. Raises Malformed `mail.relay`, `mail.plain`."""
    host, colon, port = relay.rpartition(":")
    if not colon or not port.isdigit() or not 0 < int(port) < _PORTS or security not in {"starttls", "tls", "none"}:
        raise Malformed("mail.relay", "The relay is written HOST:PORT.", next="--relay mail.shop.example:587")
    return SmtpMailer(host, int(port), cast("Security", security), user, password, per_minute, at_once)


@dataclass(slots=True)
class SmtpMailer:
    """See `ports.mail.Mailer`. Up to `at_once` connections, each opened when it is needed and again after it broke."""

    host: str
    port: int
    security: Security
    user: str = ""
    password: str = field(default="", repr=False)
    per_minute: int = 0
    at_once: int = 1
    _idle: queue.LifoQueue[smtplib.SMTP] = field(default_factory=queue.LifoQueue)
    _turn: threading.Lock = field(default_factory=threading.Lock)
    _next: float = 0.0

    def __post_init__(self) -> None:
        if self.security == "none" and self.host not in _LOCAL:
            raise Malformed("mail.plain", "Mail to another host goes over TLS only.", next="--security starttls")

    def send(self, sender: str, recipient: str, message: bytes) -> str:
        self._wait()
        relay = self._relay()
        try:
            self._envelope(relay, sender, recipient)
        except (smtplib.SMTPServerDisconnected, OSError) as error:
            relay.close()
            raise _away() from error
        except (Refused, Unavailable):
            self._idle.put(relay)
            raise
        return self._data(relay, message)

    def close(self) -> None:
        while True:
            try:
                relay = self._idle.get_nowait()
            except queue.Empty:
                return
            try:
                relay.quit()
            except (smtplib.SMTPException, OSError):
                relay.close()

    def _relay(self) -> smtplib.SMTP:
        """A connection that nobody uses; a new one when there is none."""
        try:
            return self._idle.get_nowait()
        except queue.Empty:
            pass
        try:
            return self._connect()
        except (smtplib.SMTPException, OSError) as error:
            raise _away() from error

    def _connect(self) -> smtplib.SMTP:
        context = ssl.create_default_context()
        if self.security == "tls":
            relay: smtplib.SMTP = smtplib.SMTP_SSL(self.host, self.port, timeout=_SECONDS, context=context)
        else:
            relay = smtplib.SMTP(self.host, self.port, timeout=_SECONDS)
        if self.security == "starttls":
            relay.starttls(context=context)
        if self.user:
            relay.login(self.user, self.password)
        return relay

    @staticmethod
    def _envelope(relay: smtplib.SMTP, sender: str, recipient: str) -> None:
        relay.ehlo_or_helo_if_needed()
        for code, _ in (relay.mail(sender), relay.rcpt(recipient)):
            if code >= 400:
                relay.rset()
                raise _no(code)

    def _data(self, relay: smtplib.SMTP, message: bytes) -> str:
        """From here on a broken connection leaves the message in doubt: the relay may have taken it and not lived to say so."""
        try:
            code, _ = relay.data(message)
        except smtplib.SMTPDataError as error:
            relay.rset()
            self._idle.put(relay)
            raise _no(error.smtp_code) from error
        except (smtplib.SMTPException, OSError) as error:
            relay.close()
            raise Unavailable("mail.in-doubt", "The connection broke after a message was handed over.", retry=True,
                              next="custody campaign settle REF --log FILE") from error  # fmt: skip
        self._idle.put(relay)
        if code >= 400:
            raise _no(code)
        return str(code)

    def _wait(self) -> None:
        if self.per_minute:
            with self._turn:
                time.sleep(max(0.0, self._next - time.monotonic()))
                self._next = max(time.monotonic(), self._next) + 60 / self.per_minute


def _no(code: int) -> Refused | Unavailable:
    if code >= 500:
        return Refused("mail.refused", f"The relay refuses this message: {code}.", where={"code": code})
    return _away()


def _away() -> Unavailable:
    return Unavailable("mail.unavailable", "The mail relay does not answer or takes nothing now.", retry=True, next="Run it again later: nothing is sent twice.")  # fmt: skip
