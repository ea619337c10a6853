"""What customers have open at the moment their data comes: orders, service cases, subscriptions, by table and person (spec/requests.md §5).

Seen while what came is opened to be checked, and never opened for it again. What is kept is whose, of which table and how many: no value of a
row. A word that nobody here knows counts as open, and is told as unclear.
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

from custody.acts.rows import Value
from custody.base import ids
from custody.base.errors import Malformed
from custody.package.contents import Contents
from custody.ports.spill import Entry, Spill
from custody.ports.store import Cells, Row, Transaction

TABLE: Final = "customer_work"
KINDS: Final = ("order", "case", "subscription", "other")
_ABOUT: Final = "about"
_NEAR: Final = 1_000


@dataclass(frozen=True, slots=True)
class _Words:
    columns: frozenset[str]
    kinds: Mapping[str, Sequence[str]]
    done: frozenset[str]
    open: frozenset[str]


@cache
def _words() -> _Words:
    told = tomllib.loads(Path(__file__).with_name("customer_work.toml").read_text(encoding="utf-8"))
    done, still = (frozenset(_fold(one) for lang in told[name].values() for one in lang) for name in ("done", "open"))
    return _Words(frozenset(_fold(one) for one in told["columns"]), told["kinds"], done, still)


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
    layouts: Mapping[int, tuple[str, int]]
    _rows: list[Entry] = field(default_factory=list)

    def see(self, who: bytes, layout: int, values: Sequence[Value]) -> None:
        """One row, if its table says how it stands."""
        if layout in self.layouts:
            table, place = self.layouts[layout]
            how = stands(str(values[place] if values[place] is not None else ""))
            if how != "done":
                self._rows.append((who, table, int(how == "unclear")))

    def flush(self) -> None:
        """Put aside what was seen."""
        self.spill.put("stands", self._rows)
        self._rows = []


def watch(contents: Contents, spill: Spill) -> Watch:
    """Of these tables those that are about people and have one column by which a row's matter stands."""
    about, known = {one.name for one in contents.tables if one.role == _ABOUT}, _words().columns
    layouts = dict[int, tuple[str, int]]()
    for schema in contents.schemas:
        places = [place for place, name in enumerate(schema.columns) if _fold(name) in known]
        if schema.table in about and len(places) == 1:
            layouts[schema.number] = (schema.table, places[0])
    return Watch(spill, layouts)


def take(tx: Transaction, matter: Row, spill: Spill, at: str) -> int:
    """Keep what was seen, of whoever is here and has no such piece yet; how many pieces are new."""
    vault, fresh, pieces = str(matter["vault"]), 0, _pieces(spill)
    while near := list(islice(pieces, _NEAR)):
        people = {who for who, _, _, _ in near}
        here = {cast("bytes", who) for (who,) in tx.among("subject", ("id",), "id", people, vault=vault, state="live")}
        known = set(tx.among(TABLE, ("subject", "tbl"), "subject", people, vault=vault))
        rows: list[Cells] = [
            {"vault": vault, "subject": who, "tbl": table, "matter": str(matter["id"]), "kind": kind_of(table), "rows": rows, "unclear": unclear,
             "came_at": at, "closed_at": "", "closed_by": "", "how": ""}
            for who, table, rows, unclear in near if who in here and (who, table) not in known
        ]  # fmt: skip
        tx.add(TABLE, rows)
        fresh += len(rows)
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
    """(whose, table, rows, of how many the word is unclear)."""
    for (who, table), rows in groupby(spill.scan("stands", ("subject", "tbl")), itemgetter(0, 1)):
        told = [unclear for _, _, unclear in rows]
        yield who, table, len(told), sum(told)


def _fold(word: str) -> str:
    folded = unicodedata.normalize("NFKC", word).strip().casefold()
    return "".join(sign for sign in folded if sign not in " _-")
