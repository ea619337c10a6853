"""Change one value of one person where it stands, read what stood there, and derive anew the facts that come from it (A1, A7)."""

import re
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple, cast

from custody.acts.derived_anew import derived_anew
from custody.acts.desk import Desk
from custody.acts.layouts import Cell, cells
from custody.acts.reading import Reader
from custody.acts.reopened import RESIDENCE, reopen
from custody.acts.reseal import live_subject
from custody.acts.revising import Also, Part, revise_record, revise_records
from custody.base import canonical
from custody.base.canonical import Json
from custody.base.errors import Missing
from custody.ports.store import Row, Transaction, one
from custody.vault.payload import Value, pack, unpack

_TURNS: Final = ("turns_13_on", "turns_14_on", "turns_16_on", "turns_18_on")
_FED: Final[Mapping[str, tuple[str, ...]]] = {
    "person.birth_date": _TURNS, "id.cn_resident": _TURNS, "contact.country": ("residence",), "contact.region": ("residence",),
    "contact.address": ("residence",), "trade.time": ("last_activity",), "trade.status": ("contract_status",),
    "record.status": ("contract_status",),
}  # fmt: skip


class Place(NamedTuple):
    """A column of a row of somebody's. `row` may be left out when there is one."""

    table: str
    row: int | None
    column: str


def cell_at(tx: Transaction, vault: str, subject: bytes, place: Place) -> Cell:
    """Raises Missing `record.unknown`, `record.which`."""
    found = [each for each in cells(tx, vault, subject, place.table, place.column) if place.row in {None, each.row}]
    if not found:
        raise Missing(
            "record.unknown", "This customer has no such row or column.", next="custody reveal SUBJECT --purpose …"
        )
    if len(found) > 1:
        raise Missing("record.which", "The customer has several rows of this table.", next="Say which: --row N")
    return found[0]


def write_value(
    desk: Desk, vault: str, subject: bytes, cell: Cell, text: str, reason: str, also: Also | None = None
) -> int:
    """A new revision with another value; facts that came from it are derived anew. Returns the revision."""

    def follow(tx: Transaction, revision: int) -> None:
        derive_again(desk, tx, vault, subject, cell.cls)
        if also is not None:
            also(tx, revision)

    return revise_record(
        desk, vault, subject, cell.record, lambda _, payload: changed(payload, cell.place, text), reason, follow
    )


def write_values(
    desk: Desk, vault: str, subject: bytes, cells: Sequence[tuple[Cell, Also]], text: str, reason: str
) -> None:
    """The same in several places of one person's, in one transaction: no kill leaves one beside the other."""
    by_record: dict[int, list[tuple[Cell, Also]]] = {}
    for cell, also in cells:
        by_record.setdefault(cell.record, []).append((cell, also))
    parts = [_part(desk, vault, subject, record, at, text) for record, at in by_record.items()]
    revise_records(desk, vault, subject, parts, reason)


def _part(desk: Desk, vault: str, subject: bytes, record: int, at: Sequence[tuple[Cell, Also]], text: str) -> Part:
    def change(_: Row, payload: bytes) -> bytes:
        for cell, _also in at:
            payload = changed(payload, cell.place, text)
        return payload

    def follow(tx: Transaction, revision: int) -> None:
        for cls in sorted({cell.cls for cell, _ in at}):
            derive_again(desk, tx, vault, subject, cls)
        for _, also in at:
            also(tx, revision)

    return Part(record, change, follow)


def value_at(desk: Desk, tx: Transaction, vault: str, subject: bytes, cell: Cell, revision: int | None = None) -> str:
    """What stands there, or stood there in an earlier revision. Raises Missing `record.gone` when that one opens no more."""
    row = cast("Row", one(tx, "record", vault=vault, subject=subject, record=cell.record))
    if revision is not None and revision != row["revision"]:
        before = one(tx, "revision", vault=vault, subject=subject, record=cell.record, revision=revision)
        if before is None:
            raise Missing("record.gone", "What stood there before is not held any more.")
        row = {**row, **{name: before[name] for name in ("segment", "position", "length", "revision")}}
    with Reader(desk, tx, vault, only={subject}) as reader:
        value = unpack(reader.open(row))[1][cell.place]
    return "" if value is None else str(value)


def changed(payload: bytes, place: int, text: str) -> bytes:
    """The payload with one value replaced; a number stays a number where the new text is one."""
    number, values = unpack(payload)
    told: list[Value] = list(values)
    told[place] = _typed(values[place], text)
    return pack(number, told)


def _typed(before: Value, text: str) -> Value:
    if isinstance(before, int) and not isinstance(before, bool) and re.fullmatch(r"-?[1-9]\d{0,17}|0", text):
        return int(text)
    return text


def feeds(cls: str) -> tuple[str, ...]:
    """The facts that are drawn from values of a class."""
    return _FED.get(cls, ())


def derive_again(desk: Desk, tx: Transaction, vault: str, subject: bytes, cls: str) -> list[str]:
    """The facts that are drawn from values of this class, as all rows of the person say them now; which of them are unknown from now on."""
    row = live_subject(tx, vault, subject)
    facts = cast("dict[str, Json]", canonical.decode(cast("bytes", row["facts"])))
    if not (drawn := feeds(cls)):
        return []
    now = derived_anew(desk, tx, vault, subject)
    made = {name: value for name, value in facts.items() if name not in drawn}
    made |= {name: now[name] for name in drawn if name in now}
    if made != facts:
        tx.change("subject", {"facts": canonical.encode(made)}, vault=vault, id=subject)
    if made.get(RESIDENCE) != facts.get(RESIDENCE):
        reopen(desk, tx, vault, subject)
    return sorted(facts.keys() - made.keys())
