"""`shop.sqlite`: the web shop's own database, with declared keys and typed columns.

Catalogue, marketing permissions by customer number, and two kinds of other people: employees, some of whom shop here
too, and prospects, some of whom have become customers since.
"""

import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path
from random import Random
from types import TracebackType
from typing import Final, Self

from custody_sample import names, numbers, places
from custody_sample.catalog import CATEGORIES, Product
from custody_sample.chance import Share, day, stream
from custody_sample.company import AS_OF
from custody_sample.facts import Tally
from custody_sample.people import People
from custody_sample.person import Person

NAME: Final = "shop.sqlite"
_SCHEMA: Final = """
PRAGMA page_size = 4096; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; BEGIN;
CREATE TABLE categories (category_id INTEGER PRIMARY KEY, name_zh TEXT NOT NULL, name_en TEXT NOT NULL,
  parent_id INTEGER REFERENCES categories (category_id));
CREATE TABLE products (sku TEXT PRIMARY KEY, title TEXT NOT NULL,
  category_id INTEGER NOT NULL REFERENCES categories (category_id), price REAL NOT NULL, stock INTEGER NOT NULL,
  weight_kg REAL);
CREATE TABLE marketing_permissions (permission_id INTEGER PRIMARY KEY, customer_no TEXT NOT NULL, channel TEXT NOT NULL,
  permitted INTEGER NOT NULL, at TEXT);
CREATE TABLE employees (employee_no TEXT PRIMARY KEY, name TEXT NOT NULL, phone TEXT NOT NULL, email TEXT,
  id_number TEXT, position TEXT NOT NULL, salary REAL NOT NULL, hired_on TEXT NOT NULL,
  manager_no TEXT REFERENCES employees (employee_no));
CREATE TABLE prospects (prospect_id INTEGER PRIMARY KEY, name TEXT NOT NULL, phone TEXT NOT NULL, email TEXT, city TEXT,
  interested_in INTEGER REFERENCES categories (category_id), handled_by TEXT REFERENCES employees (employee_no),
  created_on TEXT NOT NULL, note TEXT);
"""
_TABLES: Final = {"categories": 4, "products": 6, "marketing_permissions": 5, "employees": 9, "prospects": 9}
_INSERT: Final = {table: f"INSERT INTO {table} VALUES ({','.join('?' * width)})" for table, width in _TABLES.items()}
_CHANNELS: Final = ("sms", "email", "phone", "wechat")
_POSITIONS: Final = ("店员", "店员", "客服", "网店运营", "采购", "会计")
_STAFF: Final = 8
_PER_EMPLOYEE: Final = 400
_PER_PROSPECT: Final = 20
_ORPHAN: Final = 1000
_HELD: Final = 5_000

Value = str | int | float | None


class Shop:
    """Writes the database in one transaction, so that its pages fall the same way each time."""

    def __init__(self, directory: Path, people: People, products: tuple[Product, ...], tally: Tally) -> None:
        self._people, self._products, self._tally = people, products, tally
        self._orphan = Share(people.seed, "orphan permission", people.total, _ORPHAN)
        self._path = directory / NAME
        self._held: list[tuple[Value, ...]] = []
        self._permissions = 0

    def __enter__(self) -> Self:
        self._path.unlink(missing_ok=True)
        self._base = sqlite3.connect(self._path, isolation_level=None)
        self._base.executescript(_SCHEMA)
        self._tally.rows.update(dict.fromkeys(_TABLES, 0))
        self._put("categories", list(CATEGORIES))
        self._put("products", [(p.sku, p.title, p.category, p.price, p.stock, p.weight) for p in self._products])
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with closing(self._base):
            if kind is None:
                self._put("marketing_permissions", self._held)
                self._others()
                self._base.execute("COMMIT")

    def add(self, index: int, person: Person) -> None:
        """The customer's marketing permissions: none, one or two channels."""
        rng = stream(self._people.seed, "shop", index)
        for channel in rng.sample(_CHANNELS, rng.choice((0, 0, 1, 1, 2))):
            self._permission(rng, person.number, channel)
        rank = self._orphan.rank(index)
        if rank is not None:
            self._tally.orphans["marketing_permissions"] += 1
            self._permission(rng, f"QH{92_000_000 + rank}", "sms")
        if len(self._held) >= _HELD:
            self._put("marketing_permissions", self._held)
            self._held = []

    def _permission(self, rng: Random, customer: str, channel: str) -> None:
        permitted = int(rng.randrange(3) > 0)
        at = None if rng.randrange(15) == 0 else f"{day(rng, date(2021, 11, 1), AS_OF)}T{rng.randrange(24):02d}:00:00Z"
        self._permissions += 1
        self._tally.permissions["given" if permitted else "refused"] += 1
        self._held.append((self._permissions, customer, channel, permitted, at))

    def _others(self) -> None:
        staff = _STAFF + self._people.total // _PER_EMPLOYEE
        self._put("employees", [self._employee(place) for place in range(staff)])
        prospects = self._people.total // _PER_PROSPECT
        for start in range(0, prospects, _HELD):
            part = range(start, min(start + _HELD, prospects))
            self._put("prospects", [self._prospect(place, staff) for place in part])

    def _employee(self, place: int) -> tuple[Value, ...]:
        rng = stream(self._people.seed, "employee", place)
        male, born = rng.randrange(2) == 0, day(rng, date(1966, 1, 1), date(2003, 12, 31))
        identity = numbers.resident_id(rng, rng.choice(places.DISTRICTS).code, born, male=male)
        name, phone, email = names.chinese(rng, male=male), numbers.mobile(rng), f"e{place + 1:03d}@qinghe.example.com"
        share = self._people.shares["staff"]
        if place < share.count:  # this employee shops here too
            person = self._people.person(share.index(place))
            name, phone = person.name.strip(), _ascii(person.phone)
            self._tally.people["employee is customer"] += 1
        position, salary = ("店长", 15800.0) if place == 0 else (rng.choice(_POSITIONS), rng.randrange(46, 120) * 100.0)
        hired = day(rng, date(2016, 4, 1), AS_OF).isoformat()
        return f"E{place + 1:03d}", name, phone, email, identity, position, salary, hired, "E001" if place else None

    def _prospect(self, place: int, staff: int) -> tuple[Value, ...]:
        rng = stream(self._people.seed, "prospect", place)
        name, phone = names.chinese(rng, male=rng.randrange(2) == 0), numbers.mobile(rng)
        city: str | None = rng.choice(places.DISTRICTS).city
        share = self._people.shares["lead"]
        if place < share.count:  # this prospect has become a customer since
            person = self._people.person(share.index(place))
            name, phone, city = person.name.strip(), _ascii(person.phone), person.city or None
            self._tally.people["prospect is customer"] += 1
        email = f"{names.login(rng, place)}@example.net" if rng.randrange(2) else None
        clerk = f"E{rng.randrange(staff) + 1:03d}"
        created = day(rng, date(2024, 1, 1), AS_OF).isoformat()
        note = rng.choice((None, "书展留的名片", "想办企业团购，周三前回电", "asked for a catalogue"))
        return place + 1, name, phone, email, city, rng.randrange(2, 10), clerk, created, note

    def _put(self, table: str, rows: list[tuple[Value, ...]]) -> None:
        self._base.executemany(_INSERT[table], rows)
        self._tally.rows[table] += len(rows)


def _ascii(phone: str) -> str:
    return phone.translate({code: chr(code - 0xFEE0) for code in range(0xFF10, 0xFF1A)})
