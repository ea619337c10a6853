"""Where a message may go: TLS to an address of the open internet, and nowhere inside unless the operator allows it.

A name is resolved once, every address it has is looked at, and the connection is made to the address that was looked at:
a name that resolves otherwise a moment later reaches nothing. No redirect is followed; no text that comes back goes on.
"""

import ipaddress
import json
import socket
import ssl
from collections.abc import Iterator, Mapping, Sequence
from http.client import HTTPConnection, HTTPException
from typing import Any, Final, NamedTuple
from urllib.parse import urlsplit

from custody.base.errors import Malformed, Refused, Unavailable

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Ip = ipaddress.IPv4Address | ipaddress.IPv6Address
_SECONDS: Final = 10
_MOST: Final = 64 * 1024
_LONGEST: Final = 253  # characters of a name (RFC 1035)
_NAT64: Final = ipaddress.ip_network("64:ff9b::/96")


class Reply(NamedTuple):
    """What came back."""

    status: int
    text: str

    @property
    def told(self) -> Mapping[str, Any]:
        """The JSON object in it, {} when there is none."""
        try:
            found = json.loads(self.text)
        except ValueError:
            return {}
        return found if isinstance(found, dict) else {}


class Address(NamedTuple):
    """A web address that passed the look; `inside` are networks that the operator allows."""

    host: str
    port: int
    path: str
    tls: bool
    inside: Sequence[Network]

    @classmethod
    def of(cls, url: str, inside: Sequence[Network]) -> "Address":
        """Raises Malformed `notify.address`, Refused `notify.private` for an address that is told by number."""
        try:
            found = urlsplit(url)
            port = found.port
        except ValueError:
            found, port = urlsplit(""), None
        tls = found.scheme == "https"
        plain = not url.isascii() or not url.isprintable() or " " in url
        if (
            plain
            or found.scheme not in {"https", "http"}
            or not found.hostname
            or not is_host(found.hostname)
            or found.username
            or found.password
            or found.fragment
        ):
            raise Malformed(
                "notify.address",
                "This is no web address for messages.",
                next="It begins with https:// and holds no password.",
            )
        path = (found.path or "/") + (f"?{found.query}" if found.query else "")
        made = cls(found.hostname, port or (443 if tls else 80), path, tls, inside)
        if _is_number(made.host):
            made.allowed([ipaddress.ip_address(made.host)])
        elif not tls:
            raise Malformed(
                "notify.address", "Messages go over TLS only.", next="It begins with https:// and holds no password."
            )
        return made

    def allowed(self, found: Sequence[Ip]) -> None:
        """Raises Refused `notify.private` unless each is of the open internet (over TLS), or in a network that the operator allows."""
        for one in found:
            open_net = self.tls and all(part.is_global and not part.is_multicast for part in _parts(one))
            if not open_net and not any(one.version == net.version and one in net for net in self.inside):
                raise Refused(
                    "notify.private",
                    "This address lies inside a network.",
                    next="CUSTODY_CONSOLE_PRIVATE names networks that may be reached.",
                )

    def post(self, heads: Mapping[str, str], body: bytes, more: str = "") -> Reply:
        """POST to the address (with `more` after it). Raises Unavailable `notify.unavailable`, Refused `notify.private`."""
        try:
            line = _Pinned(self, self.resolved())
            try:
                line.request(
                    "POST",
                    self.path + more,
                    body,
                    {"content-type": "application/json", "user-agent": "custody", **heads},
                )
                answer = line.getresponse()
                return Reply(answer.status, answer.read(_MOST).decode(errors="replace"))
            finally:
                line.close()
        except (OSError, HTTPException) as error:
            raise away() from error

    def resolved(self) -> str:
        """The address to connect to, looked at. Raises Refused `notify.private`, Unavailable, OSError."""
        names = socket.getaddrinfo(self.host, self.port, type=socket.SOCK_STREAM)
        found = [ipaddress.ip_address(str(one[4][0]).partition("%")[0]) for one in names]
        if not found:
            raise away()
        self.allowed(found)
        return str(found[0])


class _Pinned(HTTPConnection):
    """A connection to the address that was looked at, whatever the name says by now."""

    def __init__(self, to: Address, at: str) -> None:
        super().__init__(to.host, to.port, timeout=_SECONDS)
        self._to, self._at = to, at

    def connect(self) -> None:
        sock = socket.create_connection((self._at, self._to.port), _SECONDS)
        self.sock = (
            ssl.create_default_context().wrap_socket(sock, server_hostname=self._to.host) if self._to.tls else sock
        )


def away() -> Unavailable:
    """It took nothing; it is tried again."""
    return Unavailable("notify.unavailable", "The other side does not answer or takes nothing now.", retry=True)


def outcome(status: int, *, took: bool) -> None:
    """What is to be made of an answer: taken, to be tried again (429, 5xx), or never."""
    if took:
        return
    if status in {408, 429} or status >= 500 or status < 300:
        raise away()
    raise Refused(
        "notify.refused",
        "The other side refuses messages of this kind.",
        where={"status": status},
        next="Look at its address and secret.",
    )


def robot(reply: Reply, code: object, *, busy: int) -> None:
    """The same of a group robot's answer, which says in its JSON by a code: 0 is taken, `busy` is too many at once."""
    if code == busy:
        raise away()
    outcome(400 if isinstance(code, int) and code else reply.status, took=code == 0)


def networks(text: str) -> tuple[Network, ...]:
    """Networks with commas between. Raises Malformed `notify.networks`."""
    try:
        return tuple(ipaddress.ip_network(one.strip()) for one in text.split(",") if one.strip())
    except ValueError as error:
        raise Malformed(
            "notify.networks", "These are no networks.", next="CUSTODY_CONSOLE_PRIVATE=10.0.0.0/8,fd00::/8"
        ) from error


def _parts(one: Ip) -> Iterator[Ip]:
    """An address and every IPv4 address that it stands for."""
    yield one
    if isinstance(one, ipaddress.IPv6Address):
        yield from (inner for inner in (one.ipv4_mapped, one.sixtofour, *(one.teredo or ())) if inner)
        if one in _NAT64:
            yield ipaddress.IPv4Address(int(one) & 0xFFFFFFFF)


def is_host(name: str) -> bool:
    """Whether it may stand for a host: each label of 1 to 63 characters, which a resolver otherwise fails over."""
    try:
        return bool(name.encode("idna")) and name.isascii() and len(name) <= _LONGEST
    except UnicodeError:
        return False


def _is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
