"""What an act lays into the folder between two parties: kept in the home until the act is committed, laid there then (spec/ledger.md §4).

Killed before the commit, nothing of it is in the folder; killed after it, the files wait here for whoever runs the act again.
"""

from collections.abc import Mapping
from typing import Final

from custody.acts.desk import Desk
from custody.acts.vaults import sha256
from custody.ports.files import Files
from custody.ports.store import one

_HOME: Final = "outgoing"
_SIGNED: Final = ".dsse.json"


def keep(desk: Desk, matter: str, act: str, files: Mapping[str, bytes]) -> None:
    """Keep what `act` is about to lay, one signed statement among it: durable here before the transaction ends."""
    desk.files.remove(_place(matter, act))
    for name, data in files.items():
        desk.files.write(f"{_place(matter, act)}/{name}", data, secret=True)


def lay(desk: Desk, matter: str, act: str, out: Files) -> bytes | None:
    """Lay what a committed act of this name left waiting, its signed statement last; returns that. What no act stands behind goes."""
    place = _place(matter, act)
    waiting = {name.removeprefix(f"{place}/"): desk.files.read(name) for name in desk.files.list(place)}
    if not waiting:
        return None
    signed = next((name for name in waiting if name.endswith(_SIGNED)), None)
    happened = signed is not None and _committed(desk, matter, waiting[signed])
    for name in sorted(waiting, key=lambda name: name == signed) if happened else ():
        out.write(name, waiting[name])
    desk.files.remove(place)
    return waiting[signed] if signed is not None and happened else None


def _committed(desk: Desk, matter: str, envelope: bytes) -> bool:
    """Whether the store has the statement: it is written in the act's own transaction."""
    with desk.store.read() as tx:
        return one(tx, "statement", matter=matter, sha256=sha256(envelope)) is not None


def _place(matter: str, act: str) -> str:
    return f"{_HOME}/{matter}-{act}"
