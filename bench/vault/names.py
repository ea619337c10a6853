"""What a look-up by name costs when names lie in buckets: `python bench/vault/names.py FOLDER [CUSTOMERS]`.

Customers are synthetic and sealed for real, one record each, under names as frequent as the sample's: a look-up by name opens a
bucket of them. Beside it, a look-up by customer number, which opens nobody: what a whole tag of a name cost before there were buckets.
"""

import statistics
import time
from collections import Counter
from random import Random
from typing import Any

import ten_million
from begun import begun
from ten_million import VAULT, Run, seal

from custody.acts.finding import rebuild
from custody.acts.reading import Reader
from custody.acts.vaults import vault_row
from custody.ports.store import Row
from custody.services.lookup import lookup
from custody_sample.names import chinese

ROUNDS, EACH = 10, 10
ten_million.COLUMNS = (("会员号", "account.customer_id"), ("姓名", "name.full"), ("备注", "record.other"))


def person(number: int) -> list[str]:
    """The values of customer `number`; the same on every run."""
    chance = Random(number)
    return [f"QH{number:08d}", chinese(chance, male=number % 2 == 0), "x" * chance.randrange(120, 280)]


ten_million.person = person


class Opened:
    """How many records are opened while it counts."""

    def __init__(self) -> None:
        self.number, inner = 0, Reader.open

        def counted(reader: Reader, row: Row) -> bytes:
            self.number += 1
            return inner(reader, row)

        Reader.open = counted  # type: ignore[method-assign]  # the act is measured as it is; only its calls are counted


def measure(run: Run, kind: str, column: int, named: Counter[str]) -> dict[str, Any]:
    """Milliseconds and opened records of look-ups of somebody's value, each checked against who has it."""
    chance, took, opened, right, counted = Random(7), list[float](), list[int](), 0, Opened()
    for _ in range(ROUNDS):
        run.later(2)
        with run.desk() as desk:
            lookup(
                desk, "nobody@example.org", "email", VAULT
            )  # the passphrase of the roots is stretched once a process
            for _ in range(EACH):
                value, before = person(chance.randrange(run.customers))[column], counted.number
                began = time.perf_counter()
                count = lookup(desk, value, kind, VAULT)["count"]
                took.append((time.perf_counter() - began) * 1e3)
                opened.append(counted.number - before)
                right += count == (named[value] if kind == "name" else 1)
    took.sort()
    return {"look_ups": len(took), "right": right, "opened_mean": round(statistics.mean(opened), 1), "opened_most": max(opened),
            "p50_ms": round(statistics.median(took), 1), "p99_ms": round(took[int(len(took) * 0.99)], 1)}  # fmt: skip


def main() -> None:
    """Make it once, measure, print."""
    run = begun(__doc__, 100_000)
    print("sealed", seal(run), flush=True)
    with run.desk() as desk:
        with desk.store.read() as tx:
            vault = vault_row(tx, desk.space, VAULT)
        began = time.perf_counter()
        made = rebuild(desk, vault)
        print("index", round(time.perf_counter() - began, 1), "s, bits", made.bits, flush=True)
    named = Counter(person(number)[1] for number in range(run.customers))
    print("names", len(named), "the most frequent", named.most_common(1)[0][1], "times")
    for kind, column in (("customer-number", 0), ("name", 1)):
        print(kind, measure(run, kind, column, named), flush=True)


if __name__ == "__main__":
    main()
