"""A database as what is brought in: who is asked, and the password in a file of its own until everything is sealed.

Through a browser on this host its people reach what the host reaches anyhow. Through one elsewhere only the servers that the host's
own people named in CUSTODY_CONSOLE_DATABASES are asked, so that no form makes the console knock at doors inside.
"""

import os
from pathlib import Path
from typing import Final
from urllib.parse import quote, unquote, urlsplit

from django.conf import settings
from django.http import QueryDict

from custody.base.errors import Denied, Malformed

KINDS: Final = {"postgresql": 5432, "mysql": 3306}
TLS: Final = ("usual", "verify")
"""As sources do by themselves: encrypted beyond this host; or with the server's certificate checked as well."""
_URL, _SECRET = "source", "password"
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


def keep(folder: Path, url: str, password: str) -> None:
    """Until it is sealed or discarded: both go with the folder."""
    folder.mkdir(mode=0o700, parents=True)
    for name, text in ((_URL, url), (_SECRET, password)):
        with os.fdopen(
            os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8"
        ) as file:
            file.write(f"{text}\n")


def targets(folder: Path) -> tuple[list[str], Path | None]:
    """What is read for this intake, and the file with the password where it is a database."""
    if not (folder / _URL).is_file():
        return [str(folder / "files")], None
    secret = folder / _SECRET
    return [(folder / _URL).read_text(encoding="utf-8").strip()], secret if secret.read_text(
        encoding="utf-8"
    ).strip() else None


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
