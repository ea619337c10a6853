"""Where the console keeps its own rows: a file in the home, or PostgreSQL by the address in CUSTODY_CONSOLE_STORE.

An address holds no password: libpq takes it from a password file that only its owner may read (`passfile=`, PGPASSFILE).
"""

from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qsl, unquote, urlsplit

from custody.base.errors import Malformed

_OPTIONS: Final = frozenset({"passfile", "service", "sslmode", "sslrootcert", "sslcert", "sslkey", "host"})


def database(address: str, home: Path) -> dict[str, Any]:
    """Django's settings of it. Raises Malformed `console.store`."""
    if not address:
        return {
            "ENGINE": "django.db.backends.sqlite3", "NAME": home / "console.db",
            "OPTIONS": {"transaction_mode": "IMMEDIATE", "init_command": "PRAGMA journal_mode=WAL;", "timeout": 10},
        }  # fmt: skip
    told = urlsplit(address)
    options = dict(parse_qsl(told.query))
    if told.scheme not in {"postgresql", "postgres"} or told.password or not set(options) <= _OPTIONS:
        raise Malformed("console.store", "The console's database is not named as it should be.",
                        next="CUSTODY_CONSOLE_STORE=postgresql://custody@host/console?passfile=FILE")  # fmt: skip
    host = options.pop("host", told.hostname or "")
    return {
        "ENGINE": "django.db.backends.postgresql", "NAME": unquote(told.path.lstrip("/")), "USER": unquote(told.username or ""), "HOST": host,
        "PORT": str(told.port or ""), "OPTIONS": options, "CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True,
    }  # fmt: skip
