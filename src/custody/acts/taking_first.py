"""The first release at the buyer, into a vault of its own: the seller's places are kept, pages as they came (C7).

A vault that went with its store before any backup had it is begun again under its old id: who was held in it is held, and of whom
something was erased in it, that is left out (spec/vault.md §21).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby, islice
from operator import itemgetter
from typing import Final, cast

from custody.acts.arriving import Taken
from custody.acts.came import keys_at, located, owners
from custody.acts.commitments import LAYOUT, layout
from custody.acts.desk import Desk
from custody.acts.erasing import ERASED, LIVE
from custody.acts.evidence import append
from custody.acts.generations import FILLED, next_generation
from custody.acts.gone_here import GoneHere
from custody.acts.slots import high_water
from custody.acts.vaults import SUBJECT_BYTES, Keyring, add_page, new_vault, pack_slots, save_head
from custody.base import canonical, ids
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.base.errors import Malformed
from custody.model.datamap import REFERENCE_COMPARTMENT
from custody.package.contents import SchemaInfo, TableInfo
from custody.ports.spill import Spill
from custody.ports.store import Row, Transaction
from custody.vault.page import SLOTS, Slots, keys_in, zero
from custody.vault.suite import suite_of

_NEAR: Final = 4_096
"""People in a stretch."""
Held = Mapping[int, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Room:
    """Where it goes: the vault, its segment and that one's file; `again` when the vault was lost and begins anew."""

    vault: str
    segment: str
    file: str
    again: bool


def keep(desk: Desk, tx: Transaction, taken: Taken, name: str, room: Room) -> int:
    """The whole vault, streamed. Returns how many keys stay away because they were erased in it before it was lost."""
    vault, told = room.vault, taken.contents
    generation = next_generation(tx, desk.space, vault) if room.again else 1
    ring = new_vault(desk, tx, vault, name, suite=suite_of(told.suite), datamap=told.datamap, generation=generation)
    gone = GoneHere(tx, desk.space, vault) if room.again else None
    away = _pages(tx, ring, taken, gone)
    _lay_out(tx, taken, room)
    _people(tx, taken, room, gone)
    head = save_head(tx, ring)
    says: dict[str, Json] = {
        "vault": vault, "g": generation, "head": head.root.hex(), "next": high_water(tx, vault),
        **({"erased_here": away} if gone else {}),
    }  # fmt: skip
    append(tx, desk.space, stamp(desk.clock.now()), FILLED, says, detail={LAYOUT: layout(tx, vault)})
    return away


def _pages(tx: Transaction, ring: Keyring, taken: Taken, gone: GoneHere | None) -> int:
    """Every page as it came, without the keys of what was erased here; how many those are."""
    suite, away = suite_of(taken.contents.suite), 0
    for place, inside in _members(taken.spill):
        slots, lost = Slots(taken.accepted.slots[place], suite), set[int]()
        if gone is not None:
            held = {suite.key_id(dek): number for number, dek in keys_in(slots)}
            lost = {held[key] for key in gone.ever(held)}
        zero(slots, lost)
        whose = (bytes(SUBJECT_BYTES) if number in lost else inside.get(number, bytes(SUBJECT_BYTES)) for number in range(SLOTS))  # fmt: skip
        add_page(tx, ring, place, slots, b"".join(whose))
        away += len(lost)
    return away


def _members(spill: Spill) -> Iterator[tuple[tuple[int, int], Mapping[int, bytes]]]:
    """(compartment and page, whose each slot is) of every page with a delivered key, in order."""
    for place, held in groupby(spill.scan("slot", ("compartment", "page", "slot")), itemgetter(1, 2)):
        yield place, {number: who for who, _, _, number in held}


def _lay_out(tx: Transaction, taken: Taken, room: Room) -> None:
    """Compartments, schemas, the segment, the tables."""
    vault, told = room.vault, taken.contents
    tables = {table.name: table for table in told.tables}
    tx.add("compartment", [
        {"vault": vault, "number": c.number, "tier": c.tier, "purposes": ",".join(c.purposes), "retention": c.retention,
         "child_of": -1, "next_page": 0} for c in told.compartments
    ])  # fmt: skip
    tx.add("schema", [schema(vault, each, tables[each.table]) for each in told.schemas])
    origin, about = ids.id_text("vlt", bytes.fromhex(told.origin)), told.segments[0]
    tx.add("segment", [{"vault": vault, "id": room.segment, "origin": origin, "file": room.file, "bytes": about.bytes,
                        "records": about.records, "sha256": about.sha256}])  # fmt: skip
    tx.add("tally", [_tally(vault, table) for table in told.tables])


def _people(tx: Transaction, taken: Taken, room: Room, gone: GoneHere | None) -> None:
    """Everybody and their records, in the order of their ids; of a vault that begins again in stretches, without what was erased in it."""
    came = located(taken.spill, room.vault, room.segment)
    if gone is None:
        tx.add("subject", (_subject(room.vault, who, held) for who, held in owners(taken.spill)))
        tx.add("record", came)
        return
    people, later = owners(taken.spill), next(came, None)
    while near := dict(islice(people, _NEAR)):
        left, ended = _left(taken, near, gone)
        tx.add(
            "subject",
            [_subject(room.vault, who, left[who], whole=who in ended, kind_of=held) for who, held in near.items()],
        )
        last, mine = max(near), list[Row]()
        while later is not None and cast("bytes", later["subject"]) <= last:
            mine += [later] if later["compartment"] in left[cast("bytes", later["subject"])] else []
            later = next(came, None)
        tx.add("record", mine)


def _left(taken: Taken, near: Mapping[bytes, Held], gone: GoneHere) -> tuple[Mapping[bytes, Held], set[bytes]]:
    """(what each keeps, who keeps nothing and was erased)."""
    owned = {(who, number): (number, *place) for who, places in near.items() for number, place in places.items()}
    deks, suite = keys_at(taken.accepted.slots, owned.values()), suite_of(taken.contents.suite)
    keys = {suite.key_id(deks[place]): owner for owner, place in owned.items()}
    lost = gone.ever(keys)
    away = {keys[key] for key in lost}
    left = {
        who: {number: place for number, place in places.items() if (who, number) not in away}
        for who, places in near.items()
    }
    return left, {keys[key][0] for key in gone.whole(lost)}


def _subject(vault: str, who: bytes, held: Held, *, whole: bool = False, kind_of: Held | None = None) -> Row:
    kind = "reference" if REFERENCE_COMPARTMENT in (kind_of or held) else "customer"
    state = ERASED if whole and not held else LIVE
    return {"vault": vault, "id": who, "kind": kind, "slots": pack_slots(held), "facts": b"{}", "state": state, "members": b""}  # fmt: skip


def schema(vault: str, schema: SchemaInfo, table: TableInfo) -> Row:
    """The row of a schema: the names of its columns and their places in the table's row. Raises Malformed `package.descriptor`."""
    names = [column.name for column in table.columns]
    if not set(schema.columns) <= set(names):
        raise Malformed("package.descriptor", "A schema of the descriptor has a column that its table has not.")
    told: dict[str, Json] = {"columns": list(schema.columns), "places": [names.index(name) for name in schema.columns],
                             "home": schema.home}  # fmt: skip
    return {"vault": vault, "number": schema.number, "tbl": schema.table, "compartment": schema.compartment,
            "columns": canonical.encode(told)}  # fmt: skip


def _tally(vault: str, table: TableInfo) -> Row:
    told: dict[str, Json] = {"columns": [[c.name, c.cls, c.level, c.tier] for c in table.columns]}
    names = canonical.encode({**told, "residence": table.residence} if table.residence else told)
    return {"vault": vault, "tbl": table.name, "role": table.role, "kind": table.kind, "met": 0, "sealed": 0,
            "quarantined": 0, "source": "", "sha256": "", "columns": names}  # fmt: skip
