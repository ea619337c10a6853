"""A key backup as it is read, one page at a time: a vault's keys are never in memory together (spec/vault.md §19, §21).

What comes out is provisional until the last page was taken: only then it is known that these are the pages of the head.
"""

from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import Final, NamedTuple, cast

from custody.base import ids
from custody.base.errors import Broken
from custody.ports.files import Files
from custody.vault import backup
from custody.vault import keyring as rings
from custody.vault.page import Place, Sealed, keys_in, open_page
from custody.vault.record import KEY_ID
from custody.vault.segment import frames
from custody.vault.suite import AES, SUITE_AES, suite_of

_TOLD: Final = {1: 5, 2: 6}
"""How much a key backup says of its vault, by version: from suite 2 on the suite as well."""
_MANY: Final = 1_000_000
"""So many key ids of new segments are looked for in one passage of the pages: some 130 MB."""


class Lead(NamedTuple):
    """What a key backup says before its pages: their head, the root's reference, the wrapped keyring key."""

    head: rings.Head
    ref: str
    wrapped: bytes


class Held(NamedTuple):
    """One page, with what else stands in its row."""

    page: Sealed
    used: int
    members: bytes


def read_keys(values: Iterator[backup.Value], vault: str) -> tuple[Lead, Iterator[Held]]:
    """The lead, and the pages as they come. Whoever takes them MUST take all of them before one counts.

    Raises Broken `backup.object`, `backup.readback`, and at the end `vault.rolled-back` when the pages are not those of the head.
    """
    kind, version, *told = next(values)
    if kind != "keys" or len(told) != _TOLD.get(cast("int", version)) or told[5:] == [SUITE_AES]:
        raise unreadable()
    generation, counter, root, ref, wrapped = cast("tuple[int, int, bytes, str, bytes]", tuple(told[:5]))
    suite = suite_of(cast("int", told[5])) if told[5:] else AES
    lead = Lead(rings.Head(generation, counter, root, suite.number), ref, wrapped)
    return lead, _pages(values, ids.id_bytes(vault), lead.head)


def key_lead(head: rings.Head, ref: str, wrapped: bytes) -> backup.Value:
    """What a key backup begins with; a vault that writes in a later suite says that too."""
    late = [] if head.suite == SUITE_AES else [head.suite]
    return ["keys", 2 if late else 1, head.generation, head.counter, head.root, ref, wrapped, *late]


def _pages(values: Iterator[backup.Value], origin: bytes, head: rings.Head) -> Iterator[Held]:
    passing, count, end = rings.Passing(), 0, list[object]()
    for value in values:
        if end:
            raise unreadable()
        if value[0] == "end":
            end = list(value)
            continue
        compartment, page, number, used, sealed, wrap, members = cast(
            "tuple[int, int, int, int, bytes, bytes, bytes]", value
        )
        held = Held(Sealed(Place(origin, compartment, page, number), sealed, wrap), used, members)
        passing.see(held.page)
        count += 1
        yield held
    if end != ["end", count]:
        raise unreadable()
    passing.end(head)


def key_ids(page: Sealed, keyring: bytes, generation: int) -> set[bytes]:
    """The key id of every live slot of one page."""
    slots = open_page(page, keyring, generation)
    return {slots.suite.key_id(dek) for _, dek in keys_in(slots)}


class Known(NamedTuple):
    """Where a key id may be: in the pages of a backup, page by page, or among the erased, in batches. Each can be asked again."""

    pages: Callable[[], Iterable[set[bytes]]]
    erased: Callable[[], Iterable[set[bytes]]]


def unknown_keys(named: Iterable[bytes], known: Known) -> set[bytes]:
    """Of these key ids those that nobody knows; the search ends with the first stretch that has one."""
    return next((lost for wanted in _stretches(named) if (lost := _unknown(wanted, known))), set())


def key_ids_of(files: Files, segment: str, places: Iterable[int] | None = None) -> Iterator[bytes]:
    """The key id of each record of a segment of a place, in order; of those alone that begin at `places` (ascending), if given. Raises Malformed `vault.segment`."""
    asked = None if places is None else iter(places)
    with files.path(segment).open("rb") as source:
        wanted = None if asked is None else next(asked, -1)
        for place, sealed in frames(source):
            if asked is None:
                yield sealed[KEY_ID]
            elif place == wanted:
                yield sealed[KEY_ID]
                wanted = next(asked, -1)


def unreadable() -> Broken:
    """What is said of a backup that is not what was written."""
    return Broken("backup.readback", "A backup does not read back as it was written; the former one still stands.",
                  kind="altered", next="Look at the place's disk, then custody backup again.")  # fmt: skip


def _stretches(named: Iterable[bytes]) -> Iterator[set[bytes]]:
    wanted: set[bytes] = set()
    for key in named:
        wanted.add(key)
        if len(wanted) >= _MANY:
            yield wanted
            wanted = set()
    yield wanted


def _unknown(wanted: set[bytes], known: Known) -> set[bytes]:
    for some in chain.from_iterable(ask() for ask in known):
        wanted -= some
        if not wanted:
            break
    return wanted
