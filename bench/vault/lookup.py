"""How long a look-up takes among a million customers: `python bench/vault/lookup.py FOLDER [CUSTOMERS] [--store URL --store-password-file FILE]`.

What a look-up touches is made at full size: a row and three tags for each customer, the ledger, the limits, a key provider. Records and
key pages are not made, because a look-up opens none (spec/vault.md §8). Each look-up is the whole service: counted, entered, committed.
"""

import secrets
import statistics
import time
from random import Random

from begun import begun
from ten_million import VAULT, Run, person

from custody.acts.finding import taggers
from custody.acts.vaults import vault_row
from custody.ports.finder import Tagged
from custody.services.lookup import lookup
from custody.vault.index import NEWEST

CHUNK, ROUNDS, EACH = 20_000, 25, 20
KINDS = (("customer-number", 0), ("phone", 1), ("email", 2))


def fill(run: Run) -> None:
    """Rows and tags of everybody, as sealing and the index would leave them."""
    with run.desk() as desk:
        with desk.store.read() as tx:
            vault = vault_row(tx, desk.space, VAULT)
        name = str(vault["id"])
        epoch, made = taggers(desk, vault)
        keys = desk.finder.keys(name, epoch)
        desk.finder.begin(name, epoch)  # the same epoch from nothing, as a rebuild fills it
        for generation, wrapped in keys.items():
            desk.finder.keep_key(name, epoch, generation, wrapped)
        for start in range(0, run.customers, CHUNK):
            who = [secrets.token_bytes(16) for _ in range(start, min(start + CHUNK, run.customers))]
            with desk.store.write() as tx:
                tx.add("subject", [{"vault": str(vault["id"]), "id": one, "kind": "customer", "slots": b"", "facts": b"{}",
                                    "state": "live", "members": b""} for one in who])  # fmt: skip
            tags = ((kind, made[kind].tag(person(start + place)[column]), one)
                    for place, one in enumerate(who) for kind, column in KINDS)  # fmt: skip
            desk.finder.put(name, epoch, [Tagged(NEWEST[kind], tag, one) for kind, tag, one in tags if tag])
        desk.finder.finish(name, epoch)


def measure(run: Run) -> tuple[list[float], int]:
    """(milliseconds of each, how many were right); one in ten is of nobody."""
    chance, took, right = Random(7), list[float](), 0
    for _ in range(ROUNDS):
        run.later(2)
        with run.desk() as desk:
            lookup(
                desk, "nobody@example.org", "email", VAULT
            )  # the passphrase of the roots is stretched once a process
            for turn in range(EACH):
                kind, column = KINDS[turn % 3]
                number = chance.randrange(run.customers) + (run.customers if turn % 10 == 9 else 0)
                began = time.perf_counter()
                count = lookup(desk, person(number)[column], kind, VAULT)["count"]
                took.append((time.perf_counter() - began) * 1e3)
                right += (count == 1) == (turn % 10 != 9)
    return sorted(took), right


def main() -> None:
    """Make it once, measure, print one line of a table."""
    run = begun(__doc__, 1_000_000, fill)
    cpu = time.process_time()
    took, right = measure(run)
    each = (time.process_time() - cpu) / len(took) * 1e3
    name = "PostgreSQL" if run.store else "SQLite"
    print(
        f"| {name} | {run.customers:,} | {len(took):,} | {right:,} | {statistics.median(took):.1f} | {took[int(len(took) * 0.99)]:.1f} | {took[-1]:.1f} | {each:.1f} |"
    )


if __name__ == "__main__":
    main()
