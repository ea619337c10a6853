"""What is held of one person, by class and in their own terms: veiled for whoever has the link, whole for whoever proved who they are."""

import hmac
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Final, NamedTuple, cast

from custody.acts.desk import Desk
from custody.acts.finding import CLASSES
from custody.acts.layouts import class_of
from custody.acts.own_tables import own_tables
from custody.acts.reading import Reader, RowAgain
from custody.acts.vaults import AUDIT, QUARANTINE
from custody.acts.veil import DOTS, veil
from custody.base.canonical import Json
from custody.classify.taxonomy import classes
from custody.ports.store import Transaction
from custody.vault.index import NEWEST, normalise

NEVER: Final = frozenset(("account.password", "account.secret", "finance.card_detail"))
SHOWN: Final = 3
"""How many different values of a class stand on the page; the copy has them all."""
_NEAR: Final = 4_096
"""People whose slots are known at a time."""
_ORDER: Final = ("name", "contact", "person", "account", "id", "trade")


@dataclass(slots=True)
class Held:
    """One class: its distinct values, those of the person's own rows first, how often each, and where it lies with the purposes of that place."""

    cls: str
    values: Counter[str] = field(default_factory=Counter)
    own: list[str] = field(default_factory=list)
    """Those that a row of the person's own says; an order may name whoever gets a present."""
    where: dict[int, tuple[str, ...]] = field(default_factory=dict)

    @property
    def purposes(self) -> tuple[str, ...]:
        """Why it is kept, over every compartment it lies in."""
        return tuple(dict.fromkeys(why for whys in self.where.values() for why in whys))

    def to_json(self, *, whole: bool) -> dict[str, Json]:
        """As the page shows it."""
        known = classes().get(self.cls)
        level = known.level if known else "general"
        told: list[Json] = [self._one(value, level, whole=whole) for value in list(self.values)[:SHOWN]]
        return {
            "class": self.cls, "name": {**(known.called if known else {"zh": self.cls, "en": self.cls})},
            "level": level, "values": list(dict.fromkeys(cast("list[str]", told))), "count": sum(self.values.values()),
            "more": max(0, len(self.values) - SHOWN), "purposes": list[Json](self.purposes), "veiled": not whole, "hidden": all(one == DOTS for one in told),
        }  # fmt: skip

    def _one(self, value: str, level: str, *, whole: bool) -> str:
        if self.cls in NEVER:
            return DOTS
        return value if whole else veil(self.cls, value, level)


def holdings(desk: Desk, tx: Transaction, vault: str, subject: bytes) -> list[Held]:
    """Every class that is held of this person, people's own classes first. Technical columns are left out."""
    ((_, found),) = holdings_of(desk, tx, vault, [subject])
    return found


def holdings_of(
    desk: Desk, tx: Transaction, vault: str, people: Iterable[bytes], lost: Counter[bytes] | None = None
) -> Iterator[tuple[bytes, list[Held]]]:
    """The same of each of many: keyring, layouts and key pages are opened once and not once a person. With `lost` what nobody can read is counted there."""
    source, theirs = iter(people), own_tables(tx, vault)
    with Reader(desk, tx, vault, only=(), lost=lost) as reader:
        book = _Book(tx, vault, reader)
        while near := list(islice(source, _NEAR)):
            reader.turn_to(near)
            for who in near:
                yield who, _held(book, who, theirs)


def _held(book: "_Book", subject: bytes, theirs: Collection[str]) -> list[Held]:
    found: dict[str, Held] = {}
    for cell in sorted(book.cells(subject), key=lambda one: one.table not in theirs):
        held = found.setdefault(cell.cls, Held(cell.cls))
        held.values[cell.value] += 1
        held.where[cell.place] = cell.purposes
        held.own += [cell.value] if cell.table in theirs else []
    return sorted(found.values(), key=lambda one: (rank(one.cls), one.cls))


def identifiers(held: list[Held]) -> dict[str, list[str]]:
    """{kind: values on file} of what tells one person from another: phone, e-mail, identity number, customer number.

    Of their own rows alone; who is known by an order alone is known by what that says.
    """
    found: dict[str, list[str]] = {}
    elsewhere = not any(one.own for one in held)
    for one in held:
        if CLASSES.get(one.cls, "name") != "name":  # many people know a name: it proves nothing
            found.setdefault(CLASSES[one.cls], []).extend(one.values if elsewhere else dict.fromkeys(one.own))
    return {kind: values for kind, values in found.items() if values}


def knows(kind: str, value: str, on_file: list[str], region: str) -> bool:
    """Whether `value` is one of those on file, in normal form; every one is compared, whatever came before."""
    asked = normalise(NEWEST[kind], value, region)
    right = False
    for one in on_file:
        form = normalise(NEWEST[kind], one, region)
        right |= hmac.compare_digest((asked or "").encode(), (form or "").encode()) and bool(asked)
    return right


class _Cell(NamedTuple):
    """One value, where it stands, and what for."""

    table: str
    cls: str
    value: str
    place: int
    purposes: tuple[str, ...]


class _Book:
    """What of a vault tells a cell's class and purposes, read once."""

    def __init__(self, tx: Transaction, vault: str, reader: Reader) -> None:
        self._tx, self._vault, self._reader, self._named = tx, vault, reader, reader.columns()
        self._classes = dict[str, Mapping[str, str]]()
        self._kept = {
            cast("int", row["number"]): tuple(str(row["purposes"]).split(","))
            for row in tx.find("compartment", vault=vault)
        }

    def cells(self, subject: bytes) -> Iterator[_Cell]:
        """Every value of one person, to whom the reader is turned."""
        for record in self._tx.find("record", order=("segment", "position"), vault=self._vault, subject=subject):
            if record["compartment"] in {AUDIT, QUARANTINE}:
                continue
            tables: dict[str, dict[int, RowAgain]] = {}
            self._reader.put(record, tables)
            number = cast("int", record["compartment"])
            for table, rows in tables.items():
                for place, value in ((place, value) for row in rows.values() for place, value in row.values.items()):
                    cls = self._told(table).get(self._named[table][place], "record.other")
                    if value not in (None, "") and not _technical(cls):
                        yield _Cell(table, cls, str(value), number, self._kept.get(number, ()))

    def _told(self, table: str) -> Mapping[str, str]:
        if table not in self._classes:
            self._classes[table] = class_of(self._tx, self._vault, table)
        return self._classes[table]


def _technical(cls: str) -> bool:
    known = classes().get(cls)
    return known is not None and known.level == "none"


def rank(cls: str) -> int:
    """Where a class stands on a page: people's own first."""
    area = cls.partition(".")[0]
    return _ORDER.index(area) if area in _ORDER else len(_ORDER)
