"""Renewing a vault from one suite to another, one key page at a time, while it is used (spec/vault.md §25).

A page keeps its suite, so what is renewed moves: records sealed anew under a new key on a page of the new suite, the old slot
zeroed, in one transaction. Whoever is held stays where they are until the hold ends, and keys of evidence stay for good. So does
whoever has a record there that nobody can read: their key opens it where the file is found again.
"""

import secrets
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final, NamedTuple, TypeAlias, cast

from custody.acts.desk import Desk
from custody.acts.erasing import LIVE
from custody.acts.evidence import append
from custody.acts.reading import Reader
from custody.acts.segments import Draft, Written, write_segment
from custody.acts.shred import Shred, held, shred
from custody.acts.slots import NewKey, high_water, place_keys
from custody.acts.sole import copying
from custody.acts.vaults import (
    AUDIT,
    SUBJECT_BYTES,
    Keyring,
    open_keyring,
    pack_slots,
    require_writable,
    save_head,
    slot_places,
    writes_in,
)  # fmt: skip
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.base.errors import Unavailable
from custody.ports.store import Cell, Row, Transaction, one
from custody.vault.keyring import Spot
from custody.vault.page import wrapped_in
from custody.vault.suite import Suite

RENEWED: Final = "renewed"
CHANGED: Final = "suite-changed"
_RECORD: Final = ("subject", "record", "compartment", "schema", "revision", "row", "segment", "position", "length")
_OLDER: Final = ("subject", "record", "revision", "segment", "position", "length", "principal", "reason", "at")
_KEY: Final = 32
_Opened: TypeAlias = Sequence[tuple[Row, bytes | None]]


class Left(NamedTuple):
    """Keys of people on pages of another suite than the vault writes in, and how many of them a hold keeps there."""

    keys: int
    held: int


class _Page(NamedTuple):
    """Who is to move off one page, from which slot, and what lies under their keys: records and what they were before."""

    spot: Spot
    people: Mapping[bytes, int]
    records: Sequence[Row]
    older: Sequence[Row]


def turn(desk: Desk, vault: str, suite: Suite) -> bool:
    """From now on the vault writes in `suite`; False where it does already."""
    with desk.store.write() as tx:
        ring = open_keyring(desk, tx, vault)
        if ring.suite is suite:
            return False
        require_writable(tx, vault)
        tx.change("vault", {"suite": suite.number}, id=vault)
        head = save_head(tx, replace(ring, head=replace(ring.head, suite=suite.number)))
        says: dict[str, Json] = {"vault": vault, "from": ring.suite.number, "suite": suite.number, "g": ring.generation,
                                 "head": head.root.hex()}  # fmt: skip
        append(tx, desk.space, stamp(desk.clock.now()), CHANGED, says)
    return True


def left(tx: Transaction, vault: Row, now: str) -> Left:
    """What still lies in another suite, by the lists of members: no key is opened."""
    name = str(vault["id"])
    kept, found = held(tx, name, now), [who for spot in _spots(tx, vault) for who in _members(tx, name, spot)]
    return Left(len(found), sum(1 for who in found if who in kept))


def suites(tx: Transaction, vault: str) -> list[int]:
    """Suites that the vault writes in and that any of its key pages is of, keys of evidence among them."""
    row = cast("Row", one(tx, "vault", id=vault))
    wraps = cast("Iterator[tuple[bytes]]", tx.columns("page", ("wrap",), order=("compartment", "page"), vault=vault))
    return sorted({writes_in(row).number, *(wrapped_in(wrap).number for (wrap,) in wraps)})


def renew_page(desk: Desk, vault: Row, lost: Counter[bytes] | None = None) -> int:
    """Move everybody whom nothing holds off the first page of another suite that has such; how many keys, 0 when none is left.

    Whoever has a record that nobody can read stays, and is counted in `lost`; those who are in it are not tried again.

    Raises Unavailable `vault.busy` while a backup is being written: it must not see one half before and one after.
    """
    lost, suite = Counter[bytes]() if lost is None else lost, writes_in(vault)
    while (read := _read(desk, vault, lost)) is not None:
        page, opened = read
        if not page.people:
            continue
        deks = {who: secrets.token_bytes(_KEY) for who in page.people}
        written = write_segment(desk, vault, list(_drafts(page, opened, deks)), suite)
        with desk.store.alone(copying(desk)), desk.store.write() as tx:
            _commit(desk, tx, str(vault["id"]), page, written, deks)
        return len(page.people)
    return 0


def _read(desk: Desk, vault: Row, lost: Counter[bytes]) -> tuple[_Page, _Opened] | None:
    """The next page without whom nobody can read, and what lies under its keys; nobody may be left of it."""
    with desk.store.read() as tx:
        page = _next(desk, tx, vault, lost)
        if page is None:
            return None
        opened = _opened(desk, tx, str(vault["id"]), page, lost)
    return _without(page, lost), opened


def _spots(tx: Transaction, vault: Row) -> list[Spot]:
    """Pages of another suite than the vault writes in; evidence stays, because the ledger's salts hang on its keys."""
    rows = tx.columns("page", ("compartment", "page", "wrap"), order=("compartment", "page"), vault=str(vault["id"]))
    suite = writes_in(vault)
    return [
        (compartment, page) for compartment, page, wrap in cast("Iterator[tuple[int, int, bytes]]", rows)
        if compartment != AUDIT and wrapped_in(wrap) is not suite
    ]  # fmt: skip


def _members(tx: Transaction, vault: str, spot: Spot) -> dict[bytes, int]:
    """{live subject: slot} of one page, as the subjects' own rows have it."""
    row = cast("Row", one(tx, "page", vault=vault, compartment=spot[0], page=spot[1]))
    listed = cast("bytes", row["members"])
    subjects = {listed[at : at + SUBJECT_BYTES] for at in range(0, len(listed), SUBJECT_BYTES)} - {bytes(SUBJECT_BYTES)}
    rows = tx.among("subject", ("id", "slots"), "id", subjects, vault=vault, state=LIVE) if subjects else ()
    places = {cast("bytes", who): slot_places(cast("bytes", slots)).get(spot[0]) for who, slots in rows}
    return {who: place[1] for who, place in sorted(places.items()) if place and place[0] == spot[1]}


def _next(desk: Desk, tx: Transaction, vault: Row, lost: Collection[bytes]) -> _Page | None:
    name, kept = str(vault["id"]), held(tx, str(vault["id"]), stamp(desk.clock.now()))
    for spot in _spots(tx, vault):
        people = {who: slot for who, slot in _members(tx, name, spot).items() if who not in kept and who not in lost}
        if people:
            return _Page(spot, people, *_lying(tx, name, spot, people))
    return None


def _lying(tx: Transaction, vault: str, spot: Spot, people: Mapping[bytes, int]) -> tuple[list[Row], list[Row]]:
    records = _rows(tx.among("record", _RECORD, "subject", people, vault=vault, compartment=spot[0]), _RECORD)
    known = {(row["subject"], row["record"]): row for row in records}
    older = _rows(tx.among("revision", _OLDER, "subject", people, vault=vault), _OLDER)
    return records, [row for row in older if (row["subject"], row["record"]) in known]


def _rows(found: Iterator[tuple[Cell, ...]], names: Sequence[str]) -> list[Row]:
    rows = [dict(zip(names, cells, strict=True)) for cells in found]
    return sorted(rows, key=lambda row: (row["subject"], row["record"], row["revision"]))


def _opened(desk: Desk, tx: Transaction, vault: str, page: _Page, lost: Counter[bytes]) -> _Opened:
    """Everything under the keys, as far as anybody can read it; whose is not is counted."""
    known = {(row["subject"], row["record"]): row for row in page.records}
    rows = (*page.records, *({**known[row["subject"], row["record"]], **row} for row in page.older))
    with Reader(desk, tx, vault, only=page.people, lost=lost) as reader:
        return [(row, reader.opened(row)) for row in rows]


def _without(page: _Page, lost: Collection[bytes]) -> _Page:
    people = {who: slot for who, slot in page.people.items() if who not in lost}
    records, older = ([row for row in rows if row["subject"] in people] for rows in (page.records, page.older))
    return _Page(page.spot, people, records, older)


def _drafts(page: _Page, opened: _Opened, deks: Mapping[bytes, bytes]) -> Iterator[Draft]:
    """What it says, its number and its revision stay as they are."""
    for row, payload in opened:
        who = cast("bytes", row["subject"])
        if who not in page.people:
            continue
        if payload is None:  # erased or corrected since: whoever commits compares, and refuses
            raise _raced()
        numbers = (cast("int", row["record"]), page.spot[0], cast("int", row["schema"]), cast("int", row["revision"]))
        yield Draft(who, *numbers, payload, deks[who])


def _commit(
    desk: Desk, tx: Transaction, vault: str, page: _Page, written: Written, deks: Mapping[bytes, bytes]
) -> None:
    ring, now = open_keyring(desk, tx, vault), stamp(desk.clock.now())
    compartment, number = page.spot
    moved = {who: slot for who, slot in _members(tx, vault, page.spot).items() if who in page.people}
    if ring.suite is not written.suite or moved != page.people or _lying(tx, vault, page.spot, page.people) != page[2:]:
        raise _raced()
    gone = shred(tx, ring, [Shred(who, compartment, number, slot) for who, slot in page.people.items()], now=now)
    placed = place_keys(tx, ring, [NewKey(who, compartment, dek) for who, dek in deks.items()], written.suite)
    _point(tx, ring, page, placed)
    tx.add("segment", [written.row])
    _locate(tx, vault, page, written)
    says: dict[str, Json] = {"vault": vault, "suite": written.suite.number, "slots": len(gone), "g": ring.generation,
                             "head": save_head(tx, ring).root.hex(), "next": high_water(tx, vault)}  # fmt: skip
    steps: list[Json] = [[compartment, number, slot, *placed[who, compartment]] for who, slot in page.people.items()]
    append(tx, desk.space, now, RENEWED, says, detail={"slots": list(gone), "moved": steps})


def _raced() -> Unavailable:
    return Unavailable(
        "vault.raced", "Another writer changed what was being renewed.", retry=True, next="Run it again."
    )


def _point(tx: Transaction, ring: Keyring, page: _Page, placed: Mapping[tuple[bytes, int], tuple[int, int]]) -> None:
    """Each subject's list of slots leads to the new place."""
    rows = tx.among("subject", ("id", "slots"), "id", page.people, vault=ring.vault)
    for who, slots in list(cast("Iterator[tuple[bytes, bytes]]", rows)):
        places = {**slot_places(slots), page.spot[0]: placed[who, page.spot[0]]}
        tx.change("subject", {"slots": pack_slots(places)}, vault=ring.vault, id=who)


def _locate(tx: Transaction, vault: str, page: _Page, written: Written) -> None:
    """Records and older revisions lie in the new segment; rows are replaced in bulk."""
    first = len(page.records)
    tx.drop_many(
        "record", ({"vault": vault, "subject": row["subject"], "record": row["record"]} for row in page.records)
    )
    tx.add("record", ({"vault": vault, **row, **written.location(at)} for at, row in enumerate(page.records)))
    keys = ("subject", "record", "revision")
    tx.drop_many("revision", ({"vault": vault, **{name: row[name] for name in keys}} for row in page.older))
    tx.add("revision", ({"vault": vault, **row, **written.location(first + at)} for at, row in enumerate(page.older)))
