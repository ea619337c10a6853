"""`orders.csv`: the web shop's export, UTF-8 with English headers, one article per line.

Faults: lines with bytes of another encoding, lines with cells too few or too many, an article number damaged by a
spreadsheet, one quote near the end that is never closed, and orders of customer numbers nobody has.
"""

from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Final

from custody_sample import names, numbers, places
from custody_sample.catalog import Product
from custody_sample.chance import LEAST, Share, day, stream
from custody_sample.company import AS_OF
from custody_sample.facts import ORDERS, Tally
from custody_sample.people import People
from custody_sample.person import Person
from custody_sample.text import CsvFile

NAME: Final = "orders.csv"
ORDER_COLUMNS: Final = (
    *("order_id", "customer_no", "order_date", "item_sku", "qty", "amount", "currency", "status"),
    *("ship_to_name", "ship_to_address", "ship_to_phone"),
)
_EVERY: Final[dict[str, tuple[int, int | None]]] = {  # one in so many, in this lane
    "basket": (40, None), "orphan": (250, None),
    "undecodable": (2500, 1), "too few cells": (2000, 2), "too many cells": (2500, 3), "number damaged": (2500, 4),
}  # fmt: skip
_COUNTS: Final = (0, 0, 1, 1, 1, 2, 2, 3, 3, 4, 6, 8)
_MONEY: Final = {"DE": "EUR", "FR": "EUR", "GB": "GBP", "US": "USD", "JP": "JPY", "HK": "HKD"}
_FIRST: Final = date(2023, 1, 1)
_FRESH: Final = ("open", "paid", "shipped")


class Orders:
    """Writes the orders of one customer after another."""

    def __init__(self, directory: Path, people: People, products: tuple[Product, ...], tally: Tally) -> None:
        self.file = CsvFile(directory / NAME, ORDERS, ORDER_COLUMNS, "utf-8", "\n", tally)
        self._people, self._products, self._tally = people, products, tally
        self._shares = {name: Share(people.seed, name, people.total, *how) for name, how in _EVERY.items()}
        self._serial = 0

    def add(self, index: int, person: Person) -> None:
        """The customer's orders, then the faults that stand here."""
        rng = stream(self._people.seed, "orders", index)
        for _ in range(rng.choice(_COUNTS)):
            self._good(self._order(rng, person, day(rng, _FIRST, AS_OF)))
        rank = self._shares["basket"].rank(index)
        if rank is not None:
            ordered = AS_OF - timedelta(days=rng.randrange(8))
            self._good(self._order(rng, person, ordered, _FRESH[rank % len(_FRESH)]))
        rank = self._shares["orphan"].rank(index)
        if rank is not None:
            self._orphan(self._order(rng, person, day(rng, _FIRST, AS_OF)), rank)
        self._faults(rng, index, person)
        if index == self._people.total - 1 >= LEAST - 1:
            self._unclosed(rng, person)

    def shared(self, person: Person) -> None:
        """An order of a customer number that two people hold."""
        rng = stream(self._people.seed, "shared order", person.number, person.name)
        self._good(self._order(rng, person, day(rng, _FIRST, AS_OF)))
        self._tally.shared[ORDERS] += 1

    def _good(self, cells: list[str]) -> None:
        self._tally.orders[cells[7]] += 1
        self.file.row(cells)

    def _orphan(self, cells: list[str], rank: int) -> None:
        self._tally.orphans[ORDERS] += 1
        cells[1] = f"QH{90_000_000 + rank}" if rank % 2 == 0 else ""
        self._good(cells)

    def _faults(self, rng: Random, index: int, person: Person) -> None:
        fault = next((name for name in _FAULTS if self._shares[name].has(index)), "")
        if not fault:
            return
        cells = self._order(rng, person, day(rng, _FIRST, AS_OF), at_home=True)
        match fault:
            case "undecodable":  # the name came from a program that writes GBK
                line = self.file.line([*cells[:8], "@", *cells[9:]])
                before, after = line.rsplit("@", 1)
                self.file.broken(before.encode() + "张晓".encode("gbk") + after.encode(), fault)
            case "too few cells":
                self.file.broken(self.file.line(cells[:-2]).encode(), fault)
            case "too many cells":
                self.file.broken(self.file.line([*cells[:9], "Building 3", *cells[9:]]).encode(), fault)
            case _:
                cells[3] = "9.788E+12"
                self.file.damaged(cells, "item_sku")

    def _unclosed(self, rng: Random, person: Person) -> None:
        """One quote that is never closed, and two good orders below it."""
        first, *others = (self._order(rng, person, day(rng, _FIRST, AS_OF), at_home=True) for _ in range(3))
        first[9] = f"@{first[9]}"
        self.file.broken(self.file.line(first).replace("@", '"').encode(), "quote")
        for cells in others:
            self._good(cells)

    def _order(
        self, rng: Random, person: Person, ordered: date, status: str = "", *, at_home: bool = False
    ) -> list[str]:
        """One line. One in twelve is a present and goes to somebody else; `at_home` keeps it plain and Chinese."""
        self._serial += 1
        product, quantity = rng.choice(self._products), rng.choice((1, 1, 1, 1, 2, 2, 3))
        name, address, phone = person.name.strip(), person.address, person.phone
        if at_home or rng.randrange(12) == 0 or not address:
            name, phone = names.chinese(rng, male=rng.randrange(2) == 0), numbers.mobile(rng)
            address = places.address(rng, rng.choice(places.DISTRICTS))
        return [
            f"{ordered:%Y%m%d}{self._serial:08d}",
            person.number,
            ordered.isoformat(),
            product.sku,
            str(quantity),
            f"{product.price * quantity:.2f}",
            _MONEY.get(person.place, "CNY"),
            status or _status(rng, (AS_OF - ordered).days),
            name,
            address,
            phone,
        ]


_FAULTS: Final = ("undecodable", "too few cells", "too many cells", "number damaged")


def _status(rng: Random, days: int) -> str:
    if days < 5:
        return rng.choice(_FRESH)
    if days < 20:
        return rng.choice(("shipped", "completed"))
    return "refunded" if rng.randrange(14) == 0 else "completed"
