"""SMTP (RFC 5321) over TLS by the standard library; without TLS to this host only."""

import queue
import smtplib
import ssl
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final, Literal, cast

from custody.adapters.notify.address import Address, Network, is_host
from custody.base.errors import Malformed, Refused, Unavailable
from custody.model.way import SMTP, Way

Security = Literal["starttls", "tls", "none"]
_LOCAL: Final = frozenset(("127.0.0.1", "localhost", "::1"))
_SECONDS: Final = 30
_PORTS: Final = 65_536
_READY, _NO, _CLOSING, _NEVER = 220, 400, 421, 500


def relay_at(
    relay: str,
    security: str,
    user: str,
    password: str,
    per_minute: int,
    at_once: int,
    inside: Sequence[Network] | None = None,
) -> "SmtpMailer":
    """The mailer of a relay as people write it; with `inside` it is held to what `SmtpMailer.inside` says.

    Raises Malformed `mail.relay`, `mail.plain`, `mail.inside`.
    """
    host, colon, port = relay.rpartition(":")
    number = int(port) if colon and port.isascii() and port.isdigit() else 0
    bare = host.removeprefix("[").removesuffix("]")
    if not is_host(bare) or not 0 < number < _PORTS or security not in {"starttls", "tls", "none"}:
        raise Malformed("mail.relay", "The relay is written HOST:PORT.", next="--relay mail.shop.example:587")
    made = SmtpMailer(bare, number, cast("Security", security), user, password, per_minute, at_once, inside)
    if inside is not None:
        with suppress(Unavailable):  # the resolver may answer by the time something is sent
            made.looked()
    return made


@dataclass(slots=True)
class SmtpMailer:
    """See `ports.mail.Mailer`. Up to `at_once` connections, each opened when it is needed and again after it broke.

    `inside` are networks that may be reached beside the open internet, which is reached over TLS alone; None leaves it to whoever runs it.
    """

    host: str
    port: int
    security: Security
    user: str = ""
    password: str = field(default="", repr=False)
    per_minute: int = 0
    at_once: int = 1
    inside: Sequence[Network] | None = None
    _idle: queue.LifoQueue[smtplib.SMTP] = field(default_factory=queue.LifoQueue)
    _turn: threading.Lock = field(default_factory=threading.Lock)
    _next: float = 0.0

    def __post_init__(self) -> None:
        if self.security == "none" and self.host not in _LOCAL:
            raise Malformed("mail.plain", "Mail to another host goes over TLS only.", next="--security starttls")

    @property
    def way(self) -> Way:
        """See `ports.mail.Mailer`. Names of hosts are the same in capitals."""
        host = f"[{self.host}]" if ":" in self.host else self.host.lower()
        return Way(SMTP, f"{host}:{self.port}", self.security, self.user)

    def looked(self) -> str:
        """The address to connect to, looked at. Raises Malformed `mail.inside`, Unavailable `mail.unavailable`."""
        try:
            return Address(self.host, self.port, "", self.security != "none", self.inside or ()).resolved()
        except Refused as error:  # a fault of the relay: no message is refused by it
            raise Malformed("mail.inside", "This mail relay lies inside a network, or is to be reached without TLS.",
                            next="CUSTODY_CONSOLE_PRIVATE names networks that may be reached.") from error  # fmt: skip
        except OSError as error:
            raise _away() from error

    def send(self, sender: str, recipient: str, message: bytes) -> str:
        self._wait()
        relay, used = self._relay()
        try:
            try:
                self._begin(relay, sender, recipient)
            except _GoneError:
                if not used:
                    raise
                relay = self._anew()  # relays end a connection after so many messages, or when it stood idle
                self._begin(relay, sender, recipient)
        except _GoneError as error:
            raise _away() from error
        return self._data(relay, message)

    def _begin(self, relay: smtplib.SMTP, sender: str, recipient: str) -> None:
        """Whose message to whom. Raises _GoneError when the connection ended, and what `send` does of this message."""
        try:
            self._envelope(relay, sender, recipient)
        except OSError as error:
            relay.close()
            raise _GoneError from error
        except ValueError:  # an address that no command can carry: the relay heard none of it, or half of one
            relay.close()
            raise
        except (Refused, Unavailable):
            self._idle.put(relay)
            raise

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

    def _relay(self) -> tuple[smtplib.SMTP, bool]:
        """A connection that nobody uses, and whether it was used before; a new one when there is none."""
        try:
            return self._idle.get_nowait(), True
        except queue.Empty:
            return self._anew(), False

    def _anew(self) -> smtplib.SMTP:
        try:
            return self._connect()
        except OSError as error:
            raise _away() from error

    def _connect(self) -> smtplib.SMTP:
        context = ssl.create_default_context()
        at = self.host if self.inside is None else self.looked()
        tls = self.security == "tls"
        relay = smtplib.SMTP_SSL(timeout=_SECONDS, context=context) if tls else smtplib.SMTP(timeout=_SECONDS)
        relay._host = self.host  # type: ignore[attr-defined]  # noqa: SLF001 - the certificate is of the name, the connection goes to the address that was looked at
        try:
            self._greet(relay, at, context)
        except BaseException:  # a wrong password or certificate leaves no connection open
            relay.close()
            raise
        return relay

    def _greet(self, relay: smtplib.SMTP, at: str, context: ssl.SSLContext) -> None:
        code, said = relay.connect(at, self.port)
        if code != _READY:
            raise smtplib.SMTPConnectError(code, said)
        if self.security == "starttls":
            relay.starttls(context=context)
        if self.user:
            relay.login(self.user, self.password)

    @staticmethod
    def _envelope(relay: smtplib.SMTP, sender: str, recipient: str) -> None:
        relay.ehlo_or_helo_if_needed()
        no: Callable[[int], Refused | Unavailable] = _no_sender
        code, _ = relay.mail(sender)
        if code < _NO:
            no = _no
            code, _ = relay.rcpt(recipient)
        if code == _CLOSING:
            raise smtplib.SMTPServerDisconnected
        if code >= _NO:
            relay.rset()
            raise no(code)

    def _data(self, relay: smtplib.SMTP, message: bytes) -> str:
        """From here on a broken connection leaves the message in doubt: the relay may have taken it and not lived to say so."""
        try:
            code, _ = relay.data(message)
        except smtplib.SMTPDataError as error:
            self._leave(relay, error.smtp_code)
            raise _no(error.smtp_code) from error
        except (smtplib.SMTPException, OSError) as error:
            relay.close()
            raise Unavailable("mail.in-doubt", "The connection broke after a message was handed over.", retry=True,
                              next="custody campaign settle REF --log FILE") from error  # fmt: skip
        self._leave(relay, code)
        if code >= _NO:
            raise _no(code)
        return str(code)

    def _leave(self, relay: smtplib.SMTP, code: int) -> None:
        """Kept for the next message, unless the relay ends it."""
        try:
            if code == _CLOSING:
                raise smtplib.SMTPServerDisconnected
            if code >= _NO:
                relay.rset()
        except OSError:
            relay.close()
        else:
            self._idle.put(relay)

    def _wait(self) -> None:
        if self.per_minute:
            with self._turn:
                time.sleep(max(0.0, self._next - time.monotonic()))
                self._next = max(time.monotonic(), self._next) + 60 / self.per_minute


class _GoneError(Exception):
    """The relay ended a connection before it had the message."""


def _no(code: int) -> Refused | Unavailable:
    """What the relay says to this message; that the service closes (421) is said of all."""
    if code >= _NEVER:
        return Refused("mail.refused", f"The relay refuses this message: {code}.", where={"code": code})
    if code == _CLOSING:
        return _away()
    return Unavailable("mail.later", f"The relay does not take this message now: {code}.", retry=True, where={"code": code})  # fmt: skip


def _no_sender(code: int) -> Unavailable:
    """Before anybody was named: it is about the sender, and no recipient's."""
    if code >= _NEVER:
        return Unavailable("mail.sender", f"The relay does not take mail from this sender: {code}.", where={"code": code},
                           next="Ask whoever runs the relay, or plan the campaign with another sender.")  # fmt: skip
    return _away()


def _away() -> Unavailable:
    return Unavailable("mail.unavailable", "The mail relay does not answer or takes nothing now.", retry=True, next="Run it again later: nothing is sent twice.")  # fmt: skip
