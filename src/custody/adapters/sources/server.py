"""A database server to read from, and the driver that talks to it, which is an extra of the installation."""

import importlib
from dataclasses import dataclass, field
from types import ModuleType

from custody.base.errors import Unavailable


@dataclass(frozen=True, slots=True)
class Server:
    """Where and who. `secret` never shows."""

    scheme: str
    host: str
    port: int
    socket: str
    user: str
    database: str
    tls: str
    secret: str = field(default="", repr=False)

    @property
    def label(self) -> str:
        """How it is named in the data map: no user, no password, no path of a machine."""
        place = "" if self.socket else f"{self.host}:{self.port}"
        return f"{self.scheme}://{place}/{self.database}"


def driver(name: str, extra: str) -> ModuleType:
    """The driver's module. Raises Unavailable `source.driver`."""
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise Unavailable(
            "source.driver", "The driver for this database is not installed.", next=f"pip install 'custody[{extra}]'"
        ) from error


def unreachable(server: Server) -> Unavailable:
    """The server did not let us in, or is not there. What it answered stays out: it may repeat user or data."""
    return Unavailable(
        "source.unreachable", "The database cannot be reached, or does not let this user in.",
        next="Check host, port, user, database and the password file.", where={"source": server.label}, retry=True,
    )  # fmt: skip


def lost(server: Server, table: str) -> Unavailable:
    """The server broke off while a table was read."""
    return Unavailable(
        "source.lost", "The database broke off while it was read.", next="Run the same command again.",
        where={"source": server.label, "table": table}, retry=True,
    )  # fmt: skip
