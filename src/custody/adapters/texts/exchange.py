"""One HTTPS request to a gateway and its answer, over the standard library; what a broken connection leaves open is said.

No redirect is followed, and no text of a gateway goes on in an error: it may repeat a number.
"""

import json
import ssl
from collections.abc import Mapping
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Any, Final, NamedTuple
from urllib.parse import urlsplit

from custody.base.errors import Malformed, Refused, Unavailable

_LOCAL: Final = frozenset(("127.0.0.1", "localhost", "::1"))
_SECONDS: Final = 30
_MOST: Final = 1 << 20
_ACCOUNT: Final = frozenset((401, 403, 404, 429))


class Reply(NamedTuple):
    """What came back: the status, and the JSON object in it ({} when there was none)."""

    status: int
    told: Mapping[str, Any]


class Endpoint(NamedTuple):
    """Where a gateway listens: TLS, or this host."""

    host: str
    port: int | None
    tls: bool

    @classmethod
    def of(cls, address: str) -> "Endpoint":
        """From `https://HOST[:PORT]`. Raises Malformed `texts.plain`."""
        try:
            found = urlsplit(address)
            host, port = found.hostname or "", found.port
        except ValueError:
            found, host, port = urlsplit(""), "", None
        tls = found.scheme == "https"
        if not host or found.path not in {"", "/"} or not (tls or (found.scheme == "http" and host in _LOCAL)):
            raise Malformed(
                "texts.plain", "Text messages go to a gateway over TLS only.", next='endpoint = "https://…"'
            )
        return cls(host, port, tls)

    @property
    def name(self) -> str:
        """As the `Host` header says it."""
        return self.host if self.port is None else f"{self.host}:{self.port}"

    def post(self, path: str, heads: Mapping[str, str], body: bytes) -> Reply:
        """Raises Unavailable `texts.unavailable` before anything was handed over, `texts.in-doubt` after."""
        line = self._line()
        try:
            line.connect()
        except (OSError, HTTPException) as error:
            line.close()
            raise away() from error
        try:
            line.request("POST", path, body, dict(heads))
            answer = line.getresponse()
            return Reply(answer.status, _read(answer.read(_MOST)))
        except (OSError, HTTPException) as error:
            raise doubt() from error
        finally:
            line.close()

    def _line(self) -> HTTPConnection:
        if self.tls:
            return HTTPSConnection(self.host, self.port, timeout=_SECONDS, context=ssl.create_default_context())
        return HTTPConnection(self.host, self.port, timeout=_SECONDS)


def outcome(status: int, name: str, code: str, refused: frozenset[str], account: tuple[str, ...]) -> str:
    """The gateway's name for what it took; `code` ('' when it took it) says why not: `refused` holds what is about one number, `account` how codes about all begin.

    A fault of the gateway's own (5xx), or a yes without a name, leaves open what became of the message.
    """
    if status < 300 and not code and name:
        return name
    if code in refused:
        raise Refused("texts.refused", "The gateway refuses this number.", where={"code": code})
    if status >= 500 or (status < 300 and not code):
        raise doubt()
    if status in _ACCOUNT or code.startswith(account):
        raise away()
    raise Unavailable("texts.later", "The gateway does not take this message now.", retry=True, where={"code": code})


def away() -> Unavailable:
    """It took nothing."""
    return Unavailable("texts.unavailable", "The gateway does not answer or takes nothing now.", retry=True,
                       next="Check its settings and balance, and run it again: nothing is sent twice.")  # fmt: skip


def doubt() -> Unavailable:
    """Nobody knows."""
    return Unavailable("texts.in-doubt", "The connection broke after a message was handed over.", retry=True,
                       next="custody campaign settle REF --log FILE")  # fmt: skip


def _read(body: bytes) -> Mapping[str, Any]:
    try:
        told = json.loads(body)
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}
