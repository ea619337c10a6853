"""What the index could not read as it was made: kept, so that whoever lies there is found again once it is there again (spec/vault.md §13).

Of a file that does not open the segment is kept, since all who lie in it are missed; of a record that rotted its subject waits to be
looked at again, as whoever changed does. The store keeps both: an index says of nobody that they are not there by a file that is away.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from secrets import SystemRandom
from typing import Final, cast

from custody.acts.desk import Desk
from custody.acts.unindexed import note_all
from custody.base.errors import Missing, Unavailable
from custody.ports.store import Cells, Transaction

_TRIED: Final = 8
"""So many files are tried at each look-up: of a bucket each is a question over the wire."""
ALL: Final = 2**31
_AT_ONCE: Final = 10_000


@dataclass
class PassedOver:
    """What was passed over of one epoch, and how much was read beside it."""

    segments: set[str] = field(default_factory=set)
    subjects: set[bytes] = field(default_factory=set)
    read: int = 0


def require_some(passed: PassedOver) -> None:
    """That not every file is away: a disk that is not mounted tells of nobody. Raises Unavailable `index.away`."""
    if passed.segments and not passed.read:
        raise Unavailable("index.away", "Nothing of this vault can be read: its files are away, and with them everybody.", retry=True,
                          next="Is their disk mounted, the bucket reached? custody vault check tells which files; custody restore brings them back.")  # fmt: skip


def keep(tx: Transaction, vault: str, passed: PassedOver) -> None:
    """From now on these are tried again."""
    known = set(segments(tx, vault))
    rows: list[Cells] = [
        {"name": _named(vault, one), "value": 1}
        for one in sorted(passed.segments - known)
        if tx.count("segment", id=one)
    ]
    if rows:
        tx.add("counter", rows)
    note_all(tx, vault, passed.subjects)


def forget(tx: Transaction, vault: str) -> None:
    """A new epoch sees for itself."""
    for one in segments(tx, vault):
        tx.drop("counter", name=_named(vault, one))


def segments(tx: Transaction, vault: str) -> Sequence[str]:
    """Whose files did not open when the index was made, and were not seen since."""
    names = {_named(vault, str(one)): str(one) for (one,) in tx.columns("segment", ("id",), vault=vault)}
    return sorted(names[str(name)] for (name,) in tx.among("counter", ("name",), "name", names))


def back(desk: Desk, vault: str, most: int = _TRIED) -> None:
    """Whoever lies in a file that opens again comes in with the next look at the index; of many files a few are tried, others the next time."""
    with desk.store.read() as tx:
        missed = segments(tx, vault)
        tried = SystemRandom().sample(missed, min(most, len(missed)))
        files = {one: str(tx.find("segment", vault=vault, id=one)[0]["file"]) for one in tried}
    for segment in [one for one, file in files.items() if _opens(desk, file)]:
        with desk.store.write() as tx:
            come_in(tx, vault, segment)


def come_in(tx: Transaction, vault: str, segment: str) -> None:
    """Of a file that was missed and is there again: before its records are moved elsewhere, too, where nothing would lead to it any more."""
    if tx.count("counter", name=_named(vault, segment)):
        held = list({cast("bytes", who) for (who,) in tx.columns("record", ("subject",), vault=vault, segment=segment)})
        for start in range(0, len(held), _AT_ONCE):
            note_all(tx, vault, held[start : start + _AT_ONCE])
        tx.drop("counter", name=_named(vault, segment))


def _opens(desk: Desk, file: str) -> bool:
    try:
        desk.files.open(file).close()
    except (Missing, OSError):
        return False
    return True


def _named(vault: str, segment: str) -> str:
    return f"index-missed:{vault}:{segment}"
