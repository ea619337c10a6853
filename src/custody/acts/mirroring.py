"""Bring the ledger's mirror up to date, and read it back (spec/vault.md §20).

The mirror is asked how much it has; nothing about it is remembered here, so a crash between act and mirror costs a
second look. Ledger and mirror must agree where they meet: if not, somebody put an older store back.
"""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Final, NamedTuple, Protocol, cast

from custody.acts.desk import Desk
from custody.acts.matters import ledger_size
from custody.acts.survey_ledger import lines
from custody.base import ids
from custody.base.errors import Broken, CustodyError, Malformed, Refused, Unavailable
from custody.ports.outside import Outside
from custody.ports.store import Store, Transaction, one
from custody.vault import backup
from custody.vault.backup import Kind, Named

_BATCH: Final = 256


class Mirrored(NamedTuple):
    """One entry as the mirror has it."""

    entry: bytes
    salt: bytes
    detail: bytes


class Home(Protocol):
    """Whose ledger it is: where it lies, and what lies outside."""

    @property
    def space(self) -> str:
        """The party."""
        ...

    @property
    def store(self) -> Store:
        """Its store."""
        ...

    @property
    def outside(self) -> Outside:
        """Its mirror, and the key of it."""
        ...


def catch_up(desk: Desk) -> int:
    """Append what the mirror lacks; returns how much it has then. An end that rotted is written anew first. Raises Unavailable `mirror.out`, Broken `mirror.fork`, Refused `residency.*`."""
    mirror = desk.outside.mirror
    newest = _newest(desk)  # before the ledger is: others act meanwhile, and it alone may have grown since
    have = 0 if newest is None else newest[0]
    with desk.store.read() as tx:
        size = ledger_size(tx, desk.space)
        if have > size:
            raise fork()
        if newest is not None:
            _require_same(desk, tx, have - 1, newest[1])
        while have < size:
            batch = range(have, min(size, have + _BATCH))
            mirror.append(desk.space, have, [_sealed(desk, tx, number) for number in batch])
            have = batch.stop
    return have


def mirrored(desk: Desk) -> bool:
    """`catch_up`, when the mirror is there and may be written to: an act that is committed stands, mirrored or not."""
    try:
        catch_up(desk)
    except (Refused, Unavailable):
        return False
    return True


def mended(desk: Desk) -> bool:
    """Read the mirror whole; from an entry on that is not what was written, write it again from the ledger, which is still here. Whether that was so."""
    if not altered(desk.outside, desk.space):
        return False
    desk.outside.mirror.mend(desk.space, lambda first: resealed(desk, first))
    return True


def renewed(desk: Desk) -> int:
    """Write the mirror again from the ledger under the newest key, whatever it was under; returns how many entries it holds then, each opened by that key alone.

    Whoever sealed an entry under the key of before while it was written and appended it afterwards is written over as well.
    """
    key = desk.outside.backup_key()
    while True:
        desk.outside.mirror.mend(desk.space, lambda first: resealed(desk, first), anew=True)
        try:
            return sum(
                1
                for number, data in enumerate(desk.outside.mirror.read(desk.space))
                if _opened(key, desk.space, number, data)
            )
        except Broken as error:
            if error.slug != "backup.object":
                raise


def altered(outside: Outside, space: str) -> bool:
    """Whether the mirror cannot be read to its end, since an entry is not what was written."""
    try:
        deque(outside.mirror.read(space), maxlen=0)
    except Broken as error:
        if error.slug != "mirror.altered":
            raise
        return True
    return False


def resealed(home: Home, first: int) -> Iterator[bytes]:
    """The ledger of a store from entry `first` on, as the mirror keeps it; read when the first of them is asked for."""
    with home.store.read() as tx:
        for number in range(first, ledger_size(tx, home.space)):
            yield _sealed(home, tx, number)


def journal(outside: Outside, space: str, first: int = 0) -> Iterator[Mirrored]:
    """Every entry of the mirror from `first` on, in order. Raises Broken `backup.object`."""
    yield from opened(outside, space, outside.mirror.read(space, first), first)


def opened(outside: Outside, space: str, bodies: Iterable[bytes], first: int = 0) -> Iterator[Mirrored]:
    """What the mirror keeps of entries from `first` on, opened. Raises Broken `backup.object`."""
    key, former = outside.backup_key(), outside.former_keys()
    for number, data in enumerate(bodies, start=first):
        yield _opened(key, space, number, data, former)


def differing(desk: Desk, size: int) -> Iterator[int]:
    """Those of the first `size` entries of which the mirror keeps another entry or opening than the store, or none. Raises Broken `backup.object`."""
    have = journal(desk.outside, desk.space)
    with desk.store.read() as tx:
        for line in islice(lines(tx, desk.space), size):
            if (line.entry, line.salt, line.detail) != next(have, None):
                yield line.number


def fork() -> CustodyError:
    """What is said of a mirror and a ledger that do not belong together."""
    return Broken("mirror.fork", "The ledger's mirror has other entries than the ledger: an older store was put back.",
                  kind="chain", next="custody restore, from the newest backup")  # fmt: skip


def _newest(desk: Desk) -> tuple[int, bytes] | None:
    """How much the mirror has, and the last of it. An end that was whole once is not cut off: it is written anew from a ledger that has it, and stays beside."""
    mirror = desk.outside.mirror
    try:
        return mirror.newest(desk.space)
    except Broken as error:
        if error.slug != "mirror.altered":
            raise
        last = int(str(error.where["entry"]))
    known = _sound(desk)
    with desk.store.read() as tx:
        if ledger_size(tx, desk.space) <= last:
            raise fork()
        if known is not None:
            _require_same(desk, tx, *known)
    mirror.mend(desk.space, lambda first: resealed(desk, first))
    return mirror.newest(desk.space)


def _sound(desk: Desk) -> tuple[int, bytes] | None:
    """The last entry of the mirror that is read before something altered, and its number."""
    found = None
    try:
        for found in enumerate(desk.outside.mirror.read(desk.space)):  # noqa: B007 - the last one is what is wanted
            pass
    except Broken as error:
        if error.slug != "mirror.altered":
            raise
    return found


def _require_same(desk: Desk, tx: Transaction, number: int, data: bytes) -> None:
    row = one(tx, "ledger_entry", space=desk.space, position=number)
    if (
        row is None
        or _opened(desk.outside.backup_key(), desk.space, number, data, desk.outside.former_keys()).entry
        != row["entry"]
    ):
        raise fork()


def _sealed(home: Home, tx: Transaction, number: int) -> bytes:
    entry = one(tx, "ledger_entry", space=home.space, position=number)
    opening = one(tx, "opening", space=home.space, position=number)
    if entry is None or opening is None:
        raise fork()
    value: backup.Value = [cast("bytes", part) for part in (entry["entry"], opening["salt"], opening["detail"])]
    return backup.seal(home.outside.backup_key(), _name(home.space, number), value)


def _opened(key: bytes, space: str, number: int, data: bytes, former: Sequence[bytes] = ()) -> Mirrored:
    value = backup.unseal(key, _name(space, number), data, former)
    if len(value) != 3 or not all(isinstance(part, bytes) for part in value):
        raise Malformed("mirror.entry", "The mirror holds something that is not an entry.")
    return Mirrored(*cast("list[bytes]", value))


def _name(space: str, number: int) -> Named:
    return Named(Kind.ENTRY, ids.id_bytes(space), number)
