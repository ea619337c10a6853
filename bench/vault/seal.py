"""What sealing costs beside Fernet, and what handing over a million keys costs beside decrypting and re-encrypting.

`python bench/vault/seal.py [RECORDS]`. One process, CPU time, the variants interleaved, medians of five rounds, so that
a neighbour's load falls on all alike; a ratio is the median of the rounds' ratios. Keys are made outside the clock; packing is left out on both sides except for
"Fernet per field", which has nothing to pack. Ratios are of CPU time per record; above 1 custody is faster.
"""

import base64
import os
import statistics
import sys
import time
from collections.abc import Callable, Iterator

from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from custody.vault.page import SLOTS, Place, new_page, open_page, rewrap, seal_page
from custody.vault.payload import pack
from custody.vault.record import Item, open_record, seal_records

ROUNDS = 5
PAYLOAD = 370
FIELDS = 10
BATCH = 4096
ORIGIN, BUYER = os.urandom(16), os.urandom(16)
MILLION = 1_000_000


class Data:
    """Subjects with a key each, one record of about 370 bytes in ten fields."""

    def __init__(self, count: int) -> None:
        values = ["x" * (PAYLOAD // FIELDS - 3)] * FIELDS
        self.payload = pack(70_000, values).ljust(PAYLOAD, b"x")
        self.fields = [
            self.payload[place : place + PAYLOAD // FIELDS] for place in range(0, PAYLOAD, PAYLOAD // FIELDS)
        ]
        self.deks = {os.urandom(16): os.urandom(32) for _ in range(count)}
        self.fernet = Fernet(base64.urlsafe_b64encode(os.urandom(32)))
        self.own = [base64.urlsafe_b64encode(os.urandom(32)) for _ in range(count)]
        self.items = [Item(1, subject, 1, self.payload) for subject in self.deks]
        self.sealed = [one for batch in self.batches() for one in batch]

    def batches(self) -> Iterator[list[bytes]]:
        """Custody's whole format, a key per subject."""
        for start in range(0, len(self.items), BATCH):
            yield seal_records(ORIGIN, 1, self.deks.__getitem__, self.items[start : start + BATCH])

    def seal(self) -> int:
        """Seal as to a stream: each batch is let go before the next one, as the other variants let go of theirs."""
        return sum(map(len, self.batches()))

    def open(self) -> int:
        """Open all of it."""
        return sum(
            len(open_record(ORIGIN, dek, one)[1]) for dek, one in zip(self.deks.values(), self.sealed, strict=True)
        )

    def reseal(self) -> int:
        """What a hand-over costs without key pages: open each record, seal it for the new owner."""
        made = 0
        for start in range(0, len(self.items), BATCH):
            items = [
                Item(1, item.subject, 1, open_record(ORIGIN, self.deks[item.subject], one)[1])
                for item, one in zip(self.items[start : start + BATCH], self.sealed[start : start + BATCH], strict=True)
            ]
            made += len(seal_records(BUYER, 1, self.deks.__getitem__, items))
        return made

    def fernet_fields(self, part: int) -> None:
        """Fernet per field with one key, on one record of `part`."""
        for _ in range(0, len(self.items), part):
            for field in self.fields:
                self.fernet.encrypt(field)

    def fernet_records(self, part: int) -> None:
        """Fernet per record, a key per subject, on one record of `part`."""
        for key in self.own[::part]:
            Fernet(key).encrypt(self.payload)

    def one_key(self) -> None:
        """The floor: one AES-GCM key for all, no header: what shredding by subject costs shows against it."""
        cipher, nonces = AESGCM(self.own[0][:32]), os.urandom(12 * len(self.items))
        for place in range(0, len(nonces), 12):
            cipher.encrypt(nonces[place : place + 12], self.payload, ORIGIN)


def spent(work: Callable[[], object]) -> float:
    """CPU seconds of one run."""
    start = time.process_time()
    work()
    return time.process_time() - start


def ratio(slow: list[float], fast: list[float]) -> float:
    """Median of the rounds' own ratios: the two ran side by side, so what slowed a round slowed both."""
    return statistics.median(one / two for one, two in zip(slow, fast, strict=True))


def main(count: int) -> None:
    """Measure and print."""
    data, part = Data(count), 10
    pages = [
        seal_page(Place(ORIGIN, 1, number, 1), new_page({slot: os.urandom(32) for slot in range(SLOTS)}), b"k" * 32, 1)
        for number in range(-(-count // SLOTS))
    ]
    runs: dict[str, tuple[Callable[[], object], float]] = {
        "seal": (data.seal, count),
        "open": (data.open, count),
        "Fernet per field": (lambda: data.fernet_fields(part), count / part),
        "Fernet per record": (lambda: data.fernet_records(part), count / part),
        "one key, no header": (data.one_key, count),
        "open and seal again": (data.reseal, count),
        "pages sealed anew": (
            lambda: [seal_page(one.place.after(), open_page(one, b"k" * 32, 1), b"n" * 32, 2) for one in pages],
            len(pages) * SLOTS,
        ),
        "wraps alone": (lambda: [rewrap(one, (b"k" * 32, 1), (b"n" * 32, 2)) for one in pages], len(pages) * SLOTS),
    }
    times: dict[str, list[float]] = {name: [] for name in runs}
    for _ in range(ROUNDS):
        for name, (work, units) in runs.items():
            times[name].append(spent(work) / units)
    cost = {name: statistics.median(one) for name, one in times.items()}
    print(f"{count:,} records of {len(data.payload)} bytes in {FIELDS} fields; CPU, medians of {ROUNDS}")
    for name, each in cost.items():
        print(f"  {name:22}{1 / each:12,.0f} a second{each * 1e6:10.3f} us each")
    stored = sum(map(len, data.sealed)) / count
    fields = sum(len(data.fernet.encrypt(field)) for field in data.fields)
    print(f"  bytes a record: custody {stored:.0f}, Fernet per field {fields}, plain {len(data.payload)}")
    for name, goal in (("Fernet per field", 15), ("Fernet per record", 2.5), ("one key, no header", 0.25)):
        print(f"  seal against {name:22}{ratio(times[name], times['seal']):8.2f} x   goal {goal}")
    print(f"a million keys, scaled from {count:,} records and {len(pages)} pages of this run:")
    for name, goal in (("pages sealed anew", 40), ("wraps alone", 40)):
        seconds, slow = cost[name] * MILLION, cost["open and seal again"] * MILLION
        print(
            f"  {name:22}{seconds:8.3f} s, open and seal again {slow:6.2f} s: "
            f"{ratio(times['open and seal again'], times[name]):6.0f} x   goal {goal}"
        )
    print("  (key work alone: no signatures, no manifest, no disk, no filter by verdict; no escrow, backup or destroy)")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 50_000)
