"""Database servers as sources (spec/sources.md §7): who is asked how, and never with a password on the command line.

The URL names server, user and database; the password stands in a file that its owner alone can read. Neither user nor
password reaches the data map, a log or an error. Connections to other hosts are encrypted unless the URL says
`tls=off`; `tls=verify` also checks the server's certificate.
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import parse_qs, unquote, urlsplit

from custody.adapters.home import read_passphrase
from custody.adapters.sources.mysql import MySqlSource
from custody.adapters.sources.postgres import PostgresSource
from custody.adapters.sources.server import Server
from custody.base.errors import Malformed
from custody.ports.source import Source

_SCHEMES: Final = {"postgresql": 5432, "postgres": 5432, "mysql": 3306, "mariadb": 3306}
_LOCAL: Final = frozenset(("localhost", "127.0.0.1", "::1"))
_PARAMETERS: Final = frozenset(("tls", "socket"))


def open_database(url: str, password: Path | str | None) -> Source:
    """The source behind a URL, connected. Raises Malformed `source.url`, `source.password-in-url`, Unavailable."""
    server = parse(url, password)
    source: Source = PostgresSource(server) if server.scheme == "postgresql" else MySqlSource(server)
    source.heads()
    return source


def parse(url: str, password: Path | str | None) -> Server:
    """What the URL says, checked; `password` is the file that holds it, or itself as somebody typed it."""
    parts = _Parts.of(url)
    if parts.scheme not in _SCHEMES:
        raise Malformed(
            "source.url", "This kind of database is not known here.",
            next="Use postgresql://, mysql://, mariadb:// or sqlite:///.",
        )  # fmt: skip
    if parts.password:
        raise Malformed(
            "source.password-in-url", "A password does not belong on a command line, where others can read it.",
            next="Write it into a file that only you can read: --password-file FILE.",
        )  # fmt: skip
    if not parts.database or set(parts.query) - _PARAMETERS:
        raise Malformed(
            "source.url", "The URL must name a database, and may only say tls and socket behind the question mark.",
            next="postgresql://USER@HOST:PORT/DATABASE",
        )  # fmt: skip
    socket = parts.query.get("socket", "")
    local = bool(socket) or parts.host in _LOCAL
    tls = parts.query.get("tls", "off" if local else "on")
    if tls not in {"off", "on", "verify"}:
        raise Malformed("source.url", "tls is off, on or verify.", next="Leave it out for the default.")
    secret = read_passphrase(password).decode() if isinstance(password, Path) else password or ""
    scheme = "postgresql" if parts.scheme.startswith("postgres") else "mysql"
    port = parts.port or _SCHEMES[parts.scheme]
    return Server(scheme, parts.host, port, socket, parts.user, parts.database, tls, secret)


@dataclass(frozen=True, slots=True)
class _Parts:
    scheme: str
    user: str
    password: str = field(repr=False)
    host: str
    port: int | None
    database: str
    query: dict[str, str]

    @classmethod
    def of(cls, url: str) -> "_Parts":
        try:
            told = urlsplit(url)
            port = told.port
        except ValueError as error:
            raise Malformed("source.url", "This is not a URL.", next="postgresql://USER@HOST:PORT/DATABASE") from error
        query = {key: values[-1] for key, values in parse_qs(told.query, keep_blank_values=True).items()}
        host = told.hostname or "localhost"
        return cls(told.scheme, unquote(told.username or ""), told.password or "", host, port, unquote(told.path.strip("/")), query)  # fmt: skip
