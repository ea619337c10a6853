"""A database as what is brought in: who is asked, and its password, which this process holds and no disk does.

A password is forgotten fifteen minutes after it was last used, when its data is sealed or discarded, and when the service ends;
whoever goes on after that types it again.

Through a browser on this host its people reach what the host reaches anyhow. Through one elsewhere only the servers that the host's
own people named in CUSTODY_CONSOLE_DATABASES are asked, so that no form makes the console knock at doors inside.
"""

import os
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock, Timer
from typing import Final
from urllib.parse import quote, unquote, urlsplit

from django.conf import settings
from django.http import QueryDict

from custody.base.errors import Denied, Malformed

KINDS: Final = {"postgresql": 5432, "mysql": 3306}
TLS: Final = ("usual", "verify")
"""As sources do by themselves: encrypted beyond this host; or with the server's certificate checked as well."""
_URL: Final = "source"
HELD_SECONDS: Final = 15 * 60
_LONGEST: Final = 200
_PORTS: Final = 65_535


def url_of(form: QueryDict) -> str:
    """The address as sources take it; the password is in none. Raises Malformed `console.database`, Denied `console.server`."""
    kind, tls = form.get("kind", ""), form.get("tls", "usual")
    host, database, user = (form.get(name, "").strip()[:_LONGEST] for name in ("host", "database", "user"))
    port = _port(form.get("port", ""), kind)
    if kind not in KINDS or tls not in TLS or not (host and database and port and _plain(host)):
        raise Malformed(
            "console.database", "This does not name a database: its kind, server, port and name are needed."
        )
    if settings.PUBLIC and f"{host}:{port}" not in settings.SERVERS:
        raise Denied(
            "console.server", "The host's people did not name this server.", next="CUSTODY_CONSOLE_DATABASES=HOST:PORT"
        )
    shown = f"[{host}]" if ":" in host else host
    return f"{kind}://{quote(user, safe='')}@{shown}:{port}/{quote(database, safe='')}{'?tls=verify' if tls == 'verify' else ''}"


def shown_of(url: str) -> str:
    """How it is called on the pages: kind, server and database."""
    told = urlsplit(url)
    return f"{told.scheme} {told.hostname}:{told.port}{unquote(told.path)}"


@dataclass(slots=True)
class _Held:
    """Passwords by intake, each with the clock that forgets it."""

    known: dict[str, tuple[str, Timer]] = field(default_factory=dict)
    lock: Lock = field(default_factory=Lock)

    def hold(self, name: str, password: str) -> None:
        """From now on, for as long as it may be held."""
        clock = Timer(HELD_SECONDS, self.forget, (name,))
        clock.daemon = True
        self.forget(name)
        with self.lock:
            self.known[name] = password, clock
        clock.start()

    def forget(self, name: str) -> None:
        """There may be none."""
        with self.lock:
            _, clock = self.known.pop(name, ("", None))
        if clock is not None:
            clock.cancel()


_HELD: Final = _Held()


def keep(folder: Path, url: str, password: str) -> None:
    """The address until it is sealed or discarded, with its folder; the password for a while, and nowhere but here."""
    folder.mkdir(mode=0o700, parents=True)
    with os.fdopen(os.open(folder / _URL, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(f"{url}\n")
    hold(folder, password)


def hold(folder: Path, password: str) -> None:
    """The password of this intake was used, or typed again."""
    _HELD.hold(folder.name, password)


def forget(folder: Path) -> None:
    """It is needed no more."""
    _HELD.forget(folder.name)


def is_database(folder: Path) -> bool:
    """Whether this intake is one, and no files."""
    return (folder / _URL).is_file()


def lacks(folder: Path) -> bool:
    """Whether a database's password is not held any more: somebody types it again."""
    return is_database(folder) and folder.name not in _HELD.known


def targets(folder: Path) -> tuple[list[str], str | None]:
    """What is read for this intake, and the password where it is a database. Raises Malformed `console.forgotten`."""
    if not is_database(folder):
        return [str(folder / "files")], None
    password, clock = _HELD.known.get(folder.name, ("", None))
    if clock is None:
        raise Malformed("console.forgotten", "The database's password is not held any more.", next="Type it again.")
    return [(folder / _URL).read_text(encoding="utf-8").strip()], password


def lines_in(folder: Path) -> int:
    """About how many rows there are to read: text files tell by their line ends, others do not."""
    total = 0
    for path in folder.iterdir() if folder.is_dir() else ():
        if path.suffix.lower() in {".csv", ".tsv", ".txt", ".jsonl"}:
            with path.open("rb") as file:
                total += sum(chunk.count(b"\n") for chunk in iter(lambda: file.read(2**20), b""))
    return total


def _port(text: str, kind: str) -> int:
    told = text.strip() or str(KINDS.get(kind, ""))
    return (
        int(told)
        if told.isascii() and told.isdigit() and len(told) <= len(str(_PORTS)) and 0 < int(told) <= _PORTS
        else 0
    )


def _plain(host: str) -> bool:
    """A name or a number, and nothing that would be another part of an address."""
    return host.isascii() and all(one.isalnum() or one in ".-:_" for one in host)
