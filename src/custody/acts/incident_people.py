"""Whom an incident touched, counted in what a vault holds: by table or column, or by a list of the leaked file (spec/incidents.md §7).

A list says who, columns say what. Records are opened to see whether a value is there; nothing of a value is kept or told.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from itertools import islice
from types import MappingProxyType
from typing import Final, NamedTuple, cast

from custody.acts.alike import JOINT
from custody.acts.desk import Desk
from custody.acts.held_fields import columns as columns_of
from custody.acts.links import seal_value
from custody.acts.listed import by_value
from custody.acts.reading import Reader
from custody.acts.shared_rows import members
from custody.acts.vaults import AUDIT, QUARANTINE, sha256
from custody.base import canonical, ids
from custody.base.errors import CustodyError, Malformed
from custody.model.datamap import KINDS
from custody.ports.store import OneOf, Row, Transaction
from custody.vault.payload import unpack

CUSTOMER: Final = "customer"
_COMPANY: Final = "company"
_CHILD: Final = "turns_14_on"
_NEAR: Final = 4_096
_MOST: Final = 1_000_000
_SENSITIVE: Final = "sensitive"


class Column(NamedTuple):
    """One column that was touched."""

    table: str
    name: str
    cls: str
    tier: str


class Listing(NamedTuple):
    """A list of the leaked file: how many lines, whom they name, how many of them name nobody here, how many more than one; `lost` counts, by subject, records with a name that nobody can read."""

    lines: int = 0
    people: AbstractSet[bytes] = frozenset()
    unmatched: int = 0
    several: int = 0
    lost: Mapping[bytes, int] = MappingProxyType({})


@dataclass(slots=True)
class Touched:
    """Whom it touched: their kind, whether anything sensitive of theirs was, and of how many each column holds something."""

    kinds: dict[bytes, str] = field(default_factory=dict)
    sensitive: set[bytes] = field(default_factory=set)
    columns: Counter[Column] = field(default_factory=Counter)
    unread: int = 0
    """Records that nobody can read: each counts as if it held something in every column asked for."""

    @property
    def people(self) -> list[bytes]:
        """Every person; a company is none."""
        return sorted(who for who, kind in self.kinds.items() if kind != _COMPANY)

    @property
    def customers(self) -> list[bytes]:
        """Those of them who are customers."""
        return sorted(who for who, kind in self.kinds.items() if kind == CUSTOMER)


def chosen(tx: Transaction, vault: str, wanted: Collection[str]) -> list[Column]:
    """The columns of these names, TABLE or TABLE/COLUMN; all of the vault where none is named. Raises Malformed `incident.column`."""
    held = [
        Column(table, name, *told) for table, names in columns_of(tx, vault).items() for name, told in names.items()
    ]
    known = {one.table for one in held} | {f"{one.table}/{one.name}" for one in held}
    if unknown := sorted(set(wanted) - known):
        raise Malformed("incident.column", f"The vault holds no table or column of this name: {', '.join(unknown)[:200]}.",
                        next="custody datamap show DATAMAP names them; say TABLE or TABLE/COLUMN.")  # fmt: skip
    return [one for one in held if not wanted or {one.table, f"{one.table}/{one.name}"} & set(wanted)]


def listing(desk: Desk, vault: Row, data: bytes | None) -> Listing | None:
    """Who is on a list, one identifier a line; None without one. Looked up as any list is: counted and entered. Raises Malformed `incident.file`."""
    if data is None:
        return None
    lines = _lines(data)
    with desk.store.read() as tx:
        alive = {cast("bytes", who) for (who,) in tx.columns("subject", ("id",), vault=str(vault["id"]), state="live")}
    named = {line: _subject(line) for line in lines}
    asked = {line for line, who in named.items() if not who}
    lost = Counter[bytes]()
    found = by_value(desk, vault, asked, lost=lost)
    whose = {line: ({who} if who else set(found.get(line, ()))) & alive for line, who in named.items()}
    return Listing(
        len(lines),
        frozenset(who for held in whose.values() for who in held),
        sum(not held for held in whose.values()),
        sum(len(held) > 1 for held in whose.values()),
        lost,
    )


def mark(desk: Desk, vault: Row, data: bytes | None) -> str:
    """What is kept of a list: it is known again by it, and tells nothing of whom it names. '' where there is none."""
    return "" if data is None else seal_value(desk, f"incident {vault['id']!s}", sha256(data)).hex()


def touched(
    desk: Desk, tx: Transaction, vault: str, columns: Sequence[Column], listed: Listing | None, day: str
) -> Touched:
    """By what lies in the vault now. A child's data is sensitive, whatever it is; `day` says who is one."""
    found, held, lost = Touched(), dict[bytes, set[Column]](), Counter[bytes]()
    with Reader(desk, tx, vault, lost=lost) as reader:
        wanted = {number: _places(layout.columns, layout.table, columns) for number, layout in reader.layouts.items()}
        rows = tx.scan(
            "record", (OneOf("schema", [number for number, at in wanted.items() if at]),), order=("segment", "position"), vault=vault
        )  # fmt: skip
        while near := list(islice(rows, _NEAR)):
            for record in near:
                if record["compartment"] in {AUDIT, QUARANTINE}:
                    continue
                payload = reader.opened(record)  # what nobody can read was perhaps touched: whoever it is of is counted
                cells = None if payload is None else unpack(payload)[1]
                met = {
                    one
                    for place, one in wanted[cast("int", record["schema"])]
                    if cells is None or cells[place] not in (None, "")
                }
                if met:
                    held.setdefault(cast("bytes", record["subject"]), set()).update(met)
    lost |= Counter(listed.lost if listed else {})
    found.unread, people = lost.total(), _people(tx, vault, held, listed)
    for who, told in people.items():
        found.kinds[who] = str(told["kind"])
        own = held.get(who, set())
        found.columns.update(own)
        facts = cast("Mapping[str, object]", canonical.decode(cast("bytes", told["facts"]), strict=False))
        if any(one.tier == _SENSITIVE for one in own) or (own and str(facts.get(_CHILD, "")) > day):
            found.sensitive.add(who)
    return found


def _people(tx: Transaction, vault: str, held: dict[bytes, set[Column]], listed: Listing | None) -> Mapping[bytes, Row]:
    """Live subjects by id: those of the list, or whoever has a value. What lies in a row of several people touches each of them."""
    rows = {cast("bytes", row["id"]): row for row in tx.scan("subject", order=("id",), vault=vault, state="live")}
    for who in [one for one in held if one in rows]:
        for each in _members(rows[who]):
            held.setdefault(each, set()).update(held[who])
    named = held.keys() if listed is None else listed.people
    wanted = {each for who in named if who in rows for each in (who, *_members(rows[who]))}
    return {who: rows[who] for who in wanted if who in rows and rows[who]["kind"] in KINDS}


def _members(row: Row) -> list[bytes]:
    return members(row) if row["kind"] == JOINT else []


def _places(names: Sequence[str], table: str, columns: Sequence[Column]) -> list[tuple[int, Column]]:
    by = {one.name: one for one in columns if one.table == table}
    return [(place, by[name]) for place, name in enumerate(names) if name in by]


def _lines(data: bytes) -> list[str]:
    try:
        lines = list(dict.fromkeys(line.strip() for line in data.decode("utf-8-sig").splitlines() if line.strip()))
    except UnicodeDecodeError:
        lines = []
    if not 0 < len(lines) <= _MOST:
        raise Malformed("incident.file", "The list is no UTF-8 text with one customer on each line.",
                        next="One number, e-mail address, telephone or sub_… a line, and nothing else.")  # fmt: skip
    return lines


def _subject(text: str) -> bytes:
    try:
        return ids.subject_bytes(text)
    except CustodyError:
        return b""
