"""The keys' half of a check: every page opened, every live subject's slots, every erasure (spec/vault.md §24).

Of millions of keys only bits stay in memory; what needs more is done in stretches.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Final, cast

from custody.acts.erasing import LIVE
from custody.acts.gone_here import GoneHere
from custody.acts.key_backup import key_ids
from custody.acts.surveyed import Slots, Survey
from custody.acts.vaults import AUDIT, SUBJECT_BYTES, Keyring, leaves, pages, slot_places
from custody.base import ids
from custody.base.errors import CustodyError
from custody.ports.store import Row, Transaction, one
from custody.vault import keyring as rings
from custody.vault.keyring import Spot
from custody.vault.page import Sealed, keys_in, open_page

_PAGES: Final = 4_096
"""So many lists of members are held at a time: 64 MB, for one passage over the subjects."""
_ERASED: Final = 500_000


def survey_pages(tx: Transaction, ring: Keyring, found: Survey) -> Slots:
    """The slots that hold a key; pages that do not open are named and have none."""
    keys, kept, passing = Slots(), leaves(tx, ring.vault), rings.Passing()
    same = True
    for page in pages(tx, ring.vault):
        found.pages += 1
        spot = page.place.compartment, page.place.page
        keys.put(spot, _live(page, ring, found))
        if not _pass(passing, page, kept):
            same = False
            found.say("head", compartment=spot[0], page=spot[1])
    spots = tx.columns("page_leaf", ("compartment", "page"), order=("compartment", "page"), vault=ring.vault)
    for compartment, number in (spot for spot in cast("Iterator[Spot]", spots) if spot not in keys):
        found.say("head", compartment=compartment, page=number)
    if (
        not (same and _ends(passing, ring.head))
        or tx.count("vault", id=ring.vault, generation=ring.head.generation) != 1
    ):
        found.say("head", generation=ring.generation)
    found.keys = len(keys)
    return keys


def survey_subjects(tx: Transaction, ring: Keyring, keys: Slots, found: Survey) -> None:
    """Each slot of a live subject holds a key, its page's list of members names that subject there, and no other slot holds one."""
    rows, begun, owned = _members(tx, ring, keys, found), False, Slots()
    while (some := dict(islice(rows, _PAGES))) or not begun:
        _stretch(tx, ring, (keys, some), found, owned, whole=not begun)
        begun = True
    for (compartment, page), number in keys.beside(owned):
        found.say("key.of-nobody", compartment=compartment, page=page, slot=number)


def survey_erased(tx: Transaction, ring: Keyring, found: Survey) -> None:
    """No erased key is in a page, at its place or anywhere else, but what a recall took and a later release may have brought again."""
    space = str(cast("Row", one(tx, "vault", id=ring.vault))["party"])
    gone, names = GoneHere(tx, space, ring.vault), ("key_id", "compartment", "page", "slot")
    rows = tx.columns("erasure", names, order=("seq",), vault=ring.vault)
    while some := {cast("bytes", row[0]): cast("Sequence[int]", row[1:]) for row in islice(rows, _ERASED)}:
        for page in pages(tx, ring.vault):
            for key in gone.among(_ids(page, ring) & some.keys()):
                compartment, number, slot = some[key]
                found.say("key.erased", compartment=compartment, page=number, slot=slot)


def _live(page: Sealed, ring: Keyring, found: Survey) -> list[int]:
    try:
        slots = open_page(page, ring.key, ring.generation)
        numbers = [number for number, _ in keys_in(slots)]
    except CustodyError:
        found.say("page.altered", compartment=page.place.compartment, page=page.place.page)
        return []
    said = page.place.compartment, slots.suite.number
    found.suites[said] += 1
    found.live[said] += len(numbers)
    return numbers


def _pass(passing: rings.Passing, page: Sealed, kept: Mapping[Spot, bytes]) -> bool:
    """Whether this page is the one whose leaf is kept, in its place among the others."""
    try:
        passing.see(page)
        rings.check_leaf(page, kept.get((page.place.compartment, page.place.page)))
    except CustodyError:
        return False
    return True


def _ends(passing: rings.Passing, head: rings.Head) -> bool:
    try:
        passing.end(head)
    except CustodyError:
        return False
    return True


def _members(tx: Transaction, ring: Keyring, keys: Slots, found: Survey) -> Iterator[tuple[Spot, bytes]]:
    """The list of each page, looked at for itself."""
    names = ("compartment", "page", "used", "wrap_g", "members")
    for row in tx.columns("page", names, order=names[:2], vault=ring.vault):
        compartment, page, used, generation, listed = cast("tuple[int, int, int, int, bytes]", row)
        if used != len(listed) // SUBJECT_BYTES or generation != ring.generation:
            found.say("page.members", compartment=compartment, page=page)
        for number in range(len(listed) // SUBJECT_BYTES):
            if any(_at(listed, number)) and not keys.has((compartment, page), number):
                found.say("page.members", compartment=compartment, page=page, slot=number)
        yield (compartment, page), listed


def _stretch(
    tx: Transaction,
    ring: Keyring,
    known: tuple[Slots, Mapping[Spot, bytes]],
    found: Survey,
    owned: Slots,
    *,
    whole: bool,
) -> None:
    """One passage over the subjects; those whose page is nowhere are named in the first one, which is `whole`, with whose each slot is."""
    keys, members = known
    for subject, state, slots in tx.columns("subject", ("id", "state", "slots"), order=("id",), vault=ring.vault):
        for compartment, (page, number) in slot_places(cast("bytes", slots)).items():
            spot, kind = (compartment, page), ""
            if whole and (state == LIVE or compartment == AUDIT):  # of who went with a deal the evidence stays
                owned.put(spot, (number,))
            if state != LIVE:
                continue
            if spot in members:
                kind = _wrong(cast("bytes", subject), (spot, number), keys, members)
            elif whole and spot not in keys:
                kind = "subject.page"
            if kind:
                found.say(
                    kind,
                    subject=ids.subject_text(cast("bytes", subject)),
                    compartment=compartment,
                    page=page,
                    slot=number,
                )


def _wrong(subject: bytes, place: tuple[Spot, int], keys: Slots, members: Mapping[Spot, bytes]) -> str:
    spot, number = place
    if not keys.has(spot, number):
        return "subject.no-key"
    return "" if _at(members[spot], number) == subject else "page.members"


def _at(listed: bytes, number: int) -> bytes:
    return listed[number * SUBJECT_BYTES : (number + 1) * SUBJECT_BYTES]


def _ids(page: Sealed, ring: Keyring) -> set[bytes]:
    try:
        return key_ids(page, ring.key, ring.generation)
    except CustodyError:
        return set()
