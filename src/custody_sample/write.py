"""The four files of the sample company, written in one pass over its customers."""

from contextlib import ExitStack
from pathlib import Path
from typing import Final

from custody_sample import catalog
from custody_sample.care import Care
from custody_sample.company import AS_OF
from custody_sample.facts import SampleFacts, Tally
from custody_sample.members import Members
from custody_sample.orders import Orders
from custody_sample.people import People
from custody_sample.shop import Shop

MOST: Final = 1_000_000
SEED: Final = 20260316


def generate(directory: Path, *, customers: int = 10_000, seed: int = SEED) -> SampleFacts:
    """Write the company's files into `directory` (made if absent; files of the same names are replaced).

    Returns the true counts. The bytes depend on `customers`, `seed` and the versions of the zlib and SQLite that
    Python brings, on nothing else. Memory does not grow with `customers`. Raises ValueError outside 0 to 1,000,000.
    """
    if not 0 <= customers <= MOST:
        raise ValueError(f"customers: 0 to {MOST:,}")
    directory.mkdir(parents=True, exist_ok=True)
    people, products, tally = People(seed, customers), catalog.products(seed), Tally()
    with ExitStack() as files:
        members, orders = Members(directory, people, tally), Orders(directory, people, products, tally)
        files.enter_context(members.file)
        files.enter_context(orders.file)
        care = files.enter_context(Care(directory, people, tally))
        shop = files.enter_context(Shop(directory, people, products, tally))
        for index in range(customers):
            person = people.person(index)
            for holder in members.add(index, person):
                orders.shared(holder)
            orders.add(index, person)
            care.add(index, person)
            shop.add(index, person)
    return tally.facts(customers, seed, AS_OF)
