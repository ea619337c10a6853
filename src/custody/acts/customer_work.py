"""What customers have open at the moment their data comes: orders, service cases, subscriptions, by table and person (spec/requests.md §5).

Seen while what came is opened to be checked, and never opened for it again. What is kept is whose, of which table and how many: no value of a
row. A word that nobody here knows counts as open, and is told as unclear; a table that may say how a matter stands and is not read for it is named.
"""

import tomllib
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import groupby, islice
from operator import itemgetter
from pathlib import Path
from typing import Final, cast

from custody.acts import job, members
from custody.acts.desk import Desk
from custody.acts.rows import Value
from custody.base import ids
from custody.base.canonical import Json
from custody.base.errors import Malformed
from custody.package.contents import Contents, TableInfo
from custody.ports.spill import Entry, Spill
from custody.ports.store import Cells, Row, Transaction

TABLE: Final = "customer_work"
KINDS: Final = ("order", "case", "subscription", "other")
_ABOUT: Final = "about"
_OWN: Final = frozenset(("subject", "other-people"))
"""Roles of tables that say how a person stands, and no matter of theirs."""
_ADDRESS: Final = "contact."
_HOW: Final = ("open", "unclear")
"""By how much a row is open: of several columns the first of these that one says."""
_NEAR: Final = 1_000


@dataclass(frozen=True, slots=True)
class _Words:
    columns: frozenset[str]
    kinds: Mapping[str, Sequence[str]]
    done: frozenset[str]
    open: frozenset[str]
    hints: Sequence[str]


@cache
def _words() -> _Words:
    told = tomllib.loads(Path(__file__).with_name("customer_work.toml").read_text(encoding="utf-8"))
    done, still = (frozenset(_fold(one) for lang in told[name].values() for one in lang) for name in ("done", "open"))
    return _Words(frozenset(_fold(one) for one in told["columns"]), told["kinds"], done, still, told["hints"])


def kind_of(table: str) -> str:
    """What kind of matter a table of this name holds."""
    name = unicodedata.normalize("NFKC", table).casefold()
    return next((kind for kind, hints in _words().kinds.items() if any(hint in name for hint in hints)), "other")


def stands(word: str) -> str:
    """`open`, `done`, or `unclear` for a word, or none, that nobody here knows."""
    folded, known = _fold(word), _words()
    return "done" if folded in known.done else "open" if folded in known.open else "unclear"


@dataclass(slots=True)
class Watch:
    """Rows of tables about people as they come by; what is open of them waits aside until it is committed."""

    spill: Spill
    layouts: Mapping[int, tuple[str, Sequence[int]]]
    _rows: list[Entry] = field(default_factory=list)

    def see(self, who: bytes, layout: int, row: int, values: Sequence[Value]) -> None:
        """One row, or what a layout holds of it, if its table says how it stands."""
        if layout in self.layouts:
            table, places = self.layouts[layout]
            told = {stands(str(values[place] if values[place] is not None else "")) for place in places}
            how = next((one for one in _HOW if one in told), "")
            if how:
                self._rows.append((who, table, row, _HOW.index(how)))

    def flush(self) -> None:
        """Put aside what was seen."""
        self.spill.put("stands", self._rows)
        self._rows = []


def watch(contents: Contents, spill: Spill) -> Watch:
    """Of these tables those that are about people and have columns by which a row's matter stands: it is open while any of them says so."""
    says = {one.name: _says(one) for one in contents.tables if one.role == _ABOUT}
    layouts = dict[int, tuple[str, Sequence[int]]]()
    for schema in contents.schemas:
        places = [place for place, name in enumerate(schema.columns) if name in says.get(schema.table, ())]
        if places:
            layouts[schema.number] = (schema.table, places)
    return Watch(spill, layouts)


def passed_over(tables: Sequence[TableInfo]) -> list[Json]:
    """Tables that may say how a matter of a customer's stands and list nothing, and why: somebody looks whether something is open there."""
    return [
        {"table": table.name, "why": why, "columns": [*columns]} for table in tables for why, columns in _unread(table)
    ]


def told_over(desk: Desk, tx: Transaction) -> list[Json]:
    """What `receive` said was passed over, of the deals that the acting person sees; what came last to a deal has the last word."""
    said: dict[str, Json] = {}
    for row in tx.find("job", order=("started_at", "key"), kind="receive", state="done"):
        told = job.plan(row)
        if "tables" in told:  # a recall takes nothing in
            said[str(row["key"]).split(":")[1]] = told.get("unlisted", [])
    deals = [row for row in tx.find("matter", order=("ref",), party=desk.space) if row["id"] in said]
    return [
        {"deal": str(row["ref"]), **one}
        for row in deals
        if members.sees(desk, tx, str(row["id"]))
        for one in cast("list[dict[str, Json]]", said[str(row["id"])])
    ]


def _says(table: TableInfo) -> set[str]:
    """The columns by which its rows stand; a `state` that is part of an address is none."""
    known = _words().columns
    return {one.name for one in table.columns if _fold(one.name) in known and not one.cls.startswith(_ADDRESS)}


def _unread(table: TableInfo) -> Iterator[tuple[str, Sequence[str]]]:
    """(why, by which columns) it is passed over, if it is: of another role, a column that no list has, or an order, case or subscription that says nothing."""
    says, hints = sorted(_says(table)), _words().hints
    alike = [
        one.name
        for one in table.columns
        if any(hint in _fold(one.name) for hint in hints) and not one.cls.startswith(_ADDRESS)
    ]
    if table.role in _OWN or (says and table.role == _ABOUT):
        return
    if says:
        yield "role", says
    elif table.role == _ABOUT and alike:
        yield "column", alike
    elif table.role == _ABOUT and kind_of(table.name) != "other":
        yield "none", ()


def take(tx: Transaction, matter: Row, spill: Spill, at: str) -> int:
    """Keep what was seen, of whoever is here; how many pieces are new, or open again. What comes later is added to what is open, and opens what was ended: it came after somebody had looked."""
    vault, fresh, pieces = str(matter["vault"]), 0, _pieces(spill)
    while near := list(islice(pieces, _NEAR)):
        people = {who for who, _, _, _ in near}
        here = {cast("bytes", who) for (who,) in tx.among("subject", ("id",), "id", people, vault=vault, state="live")}
        known = {
            (who, table): (rows, unclear, closed)
            for who, table, rows, unclear, closed in tx.among(
                TABLE, ("subject", "tbl", "rows", "unclear", "closed_at"), "subject", people, vault=vault
            )
        }
        new: list[Cells] = []
        for who, table, rows, unclear in (one for one in near if one[0] in here):
            key: Cells = {"vault": vault, "subject": who, "tbl": table}
            begins: Cells = {"matter": str(matter["id"]), "came_at": at, "closed_at": "", "closed_by": "", "how": ""}
            before = known.get((who, table))
            if before is None:
                new.append({**key, **begins, "kind": kind_of(table), "rows": rows, "unclear": unclear})
            elif before[2]:
                tx.change(TABLE, {**begins, "rows": rows, "unclear": unclear}, **key)
            else:
                added: Cells = {"rows": cast("int", before[0]) + rows, "unclear": cast("int", before[1]) + unclear}
                tx.change(TABLE, added, **key)
            fresh += before is None or bool(before[2])
        tx.add(TABLE, new)
    return fresh


def name_of(row: Row) -> str:
    """What a piece is called: whose, and of which table."""
    return f"{ids.subject_text(cast('bytes', row['subject']))}:{row['tbl']!s}"


def named(tx: Transaction, vaults: Sequence[str], work: str) -> list[Row]:
    """The pieces of this name, open or ended: one of a person's, or all of a table."""
    who, sign, table = work.partition(":")
    try:
        keys: Cells = {"subject": ids.subject_bytes(who), "tbl": table} if sign else {"tbl": work}
    except Malformed:
        keys = {"tbl": work}
    return [row for vault in vaults for row in tx.find(TABLE, order=("subject",), vault=vault, **keys)]


def _pieces(spill: Spill) -> Iterator[tuple[bytes, str, int, int]]:
    """(whose, table, rows, of how many the word is unclear). A row whose columns lie in several layouts is one, and open by the clearest."""
    for (who, table), rows in groupby(spill.scan("stands", ("subject", "tbl", "row")), itemgetter(0, 1)):
        told = [min(how for *_, how in parts) for _, parts in groupby(rows, itemgetter(2))]
        yield who, table, len(told), sum(told)


def _fold(word: str) -> str:
    folded = unicodedata.normalize("NFKC", word).strip().casefold()
    return "".join(sign for sign in folded if sign not in " _-")
