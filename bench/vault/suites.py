"""What suite 2 (SM4-GCM, SM3) costs beside suite 1: `python bench/vault/suites.py [RECORDS]`.

One process, both suites interleaved, medians of five rounds of CPU time for each unit; a ratio is the median of the
rounds' own ratios, above 1 suite 2 costs more. The same keys and payloads, made outside the clock.
"""

import os
import statistics
import sys
from collections.abc import Callable

from seal import BATCH, BUYER, ORIGIN, ROUNDS, Data, ratio, spent

from custody.vault.page import SLOTS, Place, Sealed, new_page, open_page, rewrap, seal_page
from custody.vault.record import open_record, seal_records
from custody.vault.suite import Suite, suite_of

RING, NEXT = os.urandom(32), os.urandom(32)


class Work:
    """Records, pages and look-up tags of one suite, over the keys and payloads of `data`."""

    def __init__(self, data: Data, suite: Suite) -> None:
        self.data, self.suite, self.deks = data, suite, list(data.deks.values())
        self.records = self.seal(ORIGIN)
        starts = range(0, len(self.deks), SLOTS)
        self.pages: list[Sealed] = [
            seal_page(
                Place(ORIGIN, 1, number, 1), new_page(dict(enumerate(self.deks[start : start + SLOTS])), suite), RING, 1
            )
            for number, start in enumerate(starts)
        ]

    def seal(self, origin: bytes) -> list[bytes]:
        """Custody's whole format, a key per subject."""
        items = self.data.items
        return [one for start in range(0, len(items), BATCH)
                for one in seal_records(origin, 1, self.data.deks.__getitem__, items[start : start + BATCH], suite=self.suite)]  # fmt: skip

    def open(self) -> None:
        """Open all of it."""
        for dek, one in zip(self.deks, self.records, strict=True):
            open_record(ORIGIN, dek, one)

    def cut_over(self) -> None:
        """Each page opened and sealed anew for another owner."""
        for page in self.pages:
            seal_page(page.place.after(), open_page(page, RING, 1), NEXT, 1)

    def rotate(self) -> None:
        """A new root: every wrap, no page."""
        for page in self.pages:
            rewrap(page, (RING, 1), (NEXT, 2))

    def tags(self) -> None:
        """A keyed hash of each subject, as blind indexes and the suppression list make them."""
        for dek in self.deks:
            self.suite.mac(dek, b"13800138000")


def main(count: int) -> None:
    """Measure and print."""
    data = Data(count)
    both = {number: Work(data, suite_of(number)) for number in (1, 2)}
    slots = len(both[1].pages) * SLOTS
    runs: dict[str, tuple[Callable[[Work], object], int]] = {
        "seal": (lambda work: work.seal(BUYER), count), "open": (Work.open, count), "cut-over": (Work.cut_over, slots),
        "new root": (Work.rotate, slots), "keyed hash": (Work.tags, count),
    }  # fmt: skip
    times: dict[tuple[str, int], list[float]] = {(name, number): [] for name in runs for number in both}
    for _ in range(ROUNDS):
        for name, (run, units) in runs.items():
            for number, work in both.items():
                times[name, number].append(spent(lambda run=run, work=work: run(work)) / units)
    print(f"{count:,} records of {len(data.payload)} bytes, a key each; CPU, medians of {ROUNDS}, in µs")
    print("| | suite 1 | suite 2 | suite 2 costs |\n|---|---|---|---|")
    for name in runs:
        one, two = (statistics.median(times[name, number]) * 1e6 for number in (1, 2))
        print(f"| {name} | {one:.3f} | {two:.3f} | {ratio(times[name, 2], times[name, 1]):.1f} times |")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000)
