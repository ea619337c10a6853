"""Seal, cut-over, ship and shred beside what people use instead: `python bench/vault/peers.py [RECORDS] [-o PAGE]`.

One process, the variants interleaved, medians of five rounds, CPU and wall; a ratio is the median of the rounds' own
ratios of CPU time per record, above 1 custody is faster. PostgreSQL's CPU is its backend's, from /proc. Tink is left out
where its wheel is not installed, pgcrypto where no server is.
"""

import mmap
import os
import secrets
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any, ClassVar, NamedTuple

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from seal import MILLION, ORIGIN, ROUNDS, Data

from custody.adapters.files.local import LocalFiles
from custody.package import frames, leaf
from custody.package.leaf import RecordSum
from custody.package.table import write_leaves
from custody.vault.page import SLOTS, Place, new_page, open_page, put, rewrap, seal_page
from custody.vault.segment import SegmentWriter, copy_records

RING, NEXT = secrets.token_bytes(32), secrets.token_bytes(32)
SHREDS = 1_000


class Spent(NamedTuple):
    """Seconds of one run, for each unit."""

    cpu: float
    wall: float


def timed(work: Callable[[], object], units: float, cpu: Callable[[], float] = time.process_time) -> Spent:
    """One run of `work`."""
    start, began = cpu(), time.perf_counter()
    work()
    return Spent((cpu() - start) / units, (time.perf_counter() - began) / units)


class Keys:
    """Key pages of as many subjects as there are records, and the same keys wrapped one by one."""

    def __init__(self, data: Data) -> None:
        self.deks = list(data.deks.values())
        starts = range(0, len(self.deks), SLOTS)
        self.pages = [seal_page(Place(ORIGIN, 1, number, 1), new_page(dict(enumerate(self.deks[start : start + SLOTS]))), RING, 1)
                      for number, start in enumerate(starts)]  # fmt: skip
        old = AESGCM(RING)
        self.wrapped = [(nonce := os.urandom(12)) + old.encrypt(nonce, dek, b"") for dek in self.deks]

    def cut_over(self) -> None:
        """Hand-over: every page opened, a tenth of its slots zeroed, sealed for the buyer."""
        for page in self.pages:
            slots = open_page(page, RING, 1)
            for number in range(0, SLOTS, 10):
                put(slots, number, bytes(32))
            seal_page(page.place, slots, NEXT, 1)

    def rotate(self) -> None:
        """A new root: every wrap, no page."""
        for page in self.pages:
            rewrap(page, (RING, 1), (NEXT, 2))

    def each(self) -> None:
        """What it costs with one wrapped key per subject: unwrap and wrap each."""
        old, new = AESGCM(RING), AESGCM(NEXT)
        for one in self.wrapped:
            nonce = os.urandom(12)
            new.encrypt(nonce, old.decrypt(one[:12], one[12:], b""), b"")

    def shred(self) -> None:
        """A thousand subjects anywhere, one page rewritten for each, then the new root."""
        held = {page.place.page: page for page in self.pages}
        for _ in range(SHREDS):
            page = held[secrets.randbelow(len(held))]
            slots = open_page(page, RING, 1)
            put(slots, secrets.randbelow(SLOTS), bytes(32))
            held[page.place.page] = seal_page(page.place.after(), slots, RING, 1)
        for page in held.values():
            rewrap(page, (RING, 1), (NEXT, 2))

    def shred_batch(self) -> None:
        """The same thousand in one batch: a page that loses several is rewritten once."""
        gone: dict[int, set[int]] = {}
        for _ in range(SHREDS):
            gone.setdefault(secrets.randbelow(len(self.pages)), set()).add(secrets.randbelow(SLOTS))
        for number, inside in gone.items():
            page = self.pages[number]
            slots = open_page(page, RING, 1)
            for slot in inside:
                put(slots, slot, bytes(32))
            seal_page(page.place.after(), slots, RING, 1)
        self.rotate()


class Ship:
    """A segment on disk: copied whole by the system, and by custody without every thirtieth record."""

    def __init__(self, data: Data, folder: Path) -> None:
        self.source, self.target, self.files = folder / "a.seg", folder / "b.seg", LocalFiles(folder)
        with self.source.open("wb") as out:
            writer = SegmentWriter(out, ORIGIN, os.urandom(16))
            self.places = writer.extend(data.sealed)
            writer.close()
        self.kept = [place for number, place in enumerate(self.places) if number % 30]
        self.owners = [
            (item.subject, dek)
            for number, (item, dek) in enumerate(zip(data.items, data.deks.values(), strict=True))
            if number % 30
        ]

    def plain(self) -> None:
        """Copy and sync."""
        shutil.copyfile(self.source, self.target)
        descriptor = os.open(self.target, os.O_RDONLY)
        os.fsync(descriptor)
        os.close(descriptor)

    def bare(self) -> None:
        """What compaction does: cleared frames as they stand, the file's hash, sync."""
        with self.source.open("rb") as source, self.files.writer("c.seg") as out:
            with mmap.mmap(source.fileno(), 0, access=mmap.ACCESS_READ) as data:
                writer = SegmentWriter(out, ORIGIN, os.urandom(16))
                copy_records(data, self.kept, writer)
            writer.close()

    def hashed(self) -> bytes:
        """What a package holds: cleared records, a hash of each for its leaf, the file's hash, sync."""
        with self.files.writer("d.seg") as out:
            return frames.write(out, 1, ORIGIN, os.urandom(16), self._records()).hashes

    def whole(self) -> None:
        """The same, and the leaf of every subject: commitments to key and verdict, the line, its hash, the tree."""
        hashes, commit, said = self.hashed(), leaf.committer(1), leaf.saying("hand_over", "")
        made = (
            self._leaf(number, subject, commit(dek, said), hashes) for number, (subject, dek) in enumerate(self.owners)
        )
        with self.files.writer("leaves.jsonl") as out:
            write_leaves(out, made, bytearray().extend)

    def _leaf(self, number: int, subject: bytes, committed: tuple[bytes, bytes], hashes: bytes) -> leaf.Leaf:
        one = RecordSum(1, 1, 1, hashes[32 * number : 32 * number + 32])
        return leaf.Leaf(1, number // SLOTS, number % SLOTS, subject, committed[0], (one,), committed[1], ("service",))

    def _records(self) -> Iterator[bytes]:
        """Stretches of a megabyte, as the service reads them."""
        with self.source.open("rb") as source:
            for start in range(0, len(self.kept), 2048):
                near = self.kept[start : start + 2048]
                first = near[0][0]
                source.seek(first)
                block = source.read(sum(near[-1]) - first)
                for offset, length in near:
                    yield block[offset - first : offset - first + length]


class Postgres:
    """A server of its own with pgcrypto, and its backend's CPU."""

    MODES: ClassVar = {
        "pgcrypto default": "pgp_sym_encrypt_bytea(v, k, 'cipher-algo=aes256')",
        "pgcrypto s2k-mode=0": "pgp_sym_encrypt_bytea(v, k, 'cipher-algo=aes256, s2k-mode=0')",
        "pgcrypto raw CBC + HMAC": "encrypt_iv(v, decode(k, 'hex'), gen_random_bytes(16), 'aes-cbc') || hmac(v, decode(k, 'hex'), 'sha256')",
    }

    def __init__(self, connection: Any, data: Data, part: int) -> None:  # noqa: ANN401 - psycopg's own object
        self._connection, self._pid = connection, connection.info.backend_pid
        self._connection.execute("CREATE EXTENSION pgcrypto")
        self._connection.execute("CREATE TEMP TABLE r (v bytea, k text)")
        self.count = len(data.items) // part
        rows = [(data.payload, secrets.token_hex(32)) for _ in range(self.count)]
        with connection.cursor() as cursor, cursor.copy("COPY r FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)

    def cpu(self) -> float:
        """Seconds the backend has used."""
        text = Path(f"/proc/{self._pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        return (int(text[11]) + int(text[12])) / os.sysconf("SC_CLK_TCK")

    def run(self, mode: str, most: int) -> Callable[[], None]:
        """Encrypt up to `most` rows, a key per row."""
        words = f"SELECT sum(length({self.MODES[mode]})) FROM (SELECT * FROM r LIMIT {most}) AS part"
        return lambda: self._connection.execute(words).fetchone() and None


def _quietly(words: list[str | Path]) -> None:
    """Run, or stop with its exit code."""
    subprocess.run(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)


@contextmanager
def server() -> Iterator[Any]:
    """A connection to a fresh server, or None."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    try:
        import psycopg  # noqa: PLC0415 - a bench runs without it
    except ImportError:
        found = []
    if not found:
        yield None
        return
    with tempfile.TemporaryDirectory() as folder:
        base, root = Path(folder), os.geteuid() == 0
        as_user = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] if root else []
        if root:
            os.chown(base, 65534, 65534)
        bin_at = found[-1].parent
        _quietly([*as_user, bin_at / "initdb", "-D", base / "d", "-U", "bench", "-A", "trust", "-N"])
        words = [
            "-D",
            base / "d",
            "-w",
            "-o",
            f"-k {base} -c listen_addresses='' -c fsync=off",
            "-l",
            base / "log",
            "start",
        ]
        _quietly([*as_user, bin_at / "pg_ctl", *words])
        try:
            with psycopg.connect(host=str(base), user="bench", dbname="postgres", autocommit=True) as connection:
                yield connection
        finally:
            _quietly([*as_user, bin_at / "pg_ctl", "-D", base / "d", "-m", "immediate", "stop"])


def tink(data: Data, part: int) -> Callable[[], None] | None:
    """Tink with a keyset for each subject, where its wheel is installed."""
    try:
        import tink as library  # noqa: PLC0415 - a bench runs without it
        from tink import aead  # noqa: PLC0415
    except ImportError:
        return None
    aead.register()
    made = [library.new_keyset_handle(aead.aead_key_templates.AES256_GCM) for _ in range(len(data.items) // part)]
    return lambda: [one.primitive(aead.Aead).encrypt(data.payload, b"") for one in made] and None


def runs_of(
    data: Data, keys: Keys, ship: Ship, postgres: Postgres | None
) -> dict[str, tuple[Callable[[], object], float, Any]]:
    """{name: (work, units, clock)}."""
    count, part, clock = float(len(data.items)), 10, time.process_time
    runs: dict[str, tuple[Callable[[], object], float, Any]] = {
        "seal": (data.seal, count, clock), "Fernet per field": (lambda: data.fernet_fields(part), count / part, clock),
        "Fernet per record": (lambda: data.fernet_records(part), count / part, clock),
        "cut-over": (keys.cut_over, count, clock), "new root": (keys.rotate, count, clock), "each key re-wrapped": (keys.each, count, clock),
        "decrypt and re-encrypt": (data.reseal, count, clock), "cp and sync": (ship.plain, count, clock),
        "ship, bytes alone": (ship.bare, count, clock), "ship, each record hashed": (ship.hashed, count, clock), "ship, with leaves": (ship.whole, count, clock),
        "1,000 shreds one by one + new root": (keys.shred, 1, clock), "1,000 shreds in a batch + new root": (keys.shred_batch, 1, clock),
    }  # fmt: skip
    if (one := tink(data, part)) is not None:
        runs["Tink keyset per subject"] = (one, len(data.items) // part, clock)
    if postgres is not None:
        for mode in postgres.MODES:
            most = max(200, postgres.count // 20) if mode.endswith("default") else postgres.count
            runs[mode] = (postgres.run(mode, most), min(most, postgres.count), postgres.cpu)
    return runs


GOALS = (
    ("seal", "Fernet per field", 15.0), ("seal", "Fernet per record", 2.5), ("seal", "pgcrypto default", 40.0),
    ("seal", "pgcrypto s2k-mode=0", 1.8), ("seal", "pgcrypto raw CBC + HMAC", None), ("seal", "Tink keyset per subject", None),
    ("cut-over", "decrypt and re-encrypt", 40.0), ("cut-over", "each key re-wrapped", 10.0),
)  # fmt: skip


def report(count: int, spent: dict[str, list[Spent]]) -> str:
    """The page."""
    middle = {
        name: Spent(*(statistics.median(each) for each in zip(*rounds, strict=True))) for name, rounds in spent.items()
    }
    lines = [
        "# Figures of the vault · 保险库的数字", "",
        f"`python bench/vault/peers.py {count}` on {date.today().isoformat()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.0f}: one run, variants interleaved,",  # noqa: DTZ011 - the day on this host
        f"medians of {ROUNDS} rounds. {count:,} records of 370 bytes in ten fields, a key per subject. CPU is what counts on a shared host; wall stands beside it.", "",
        "| | CPU | wall | |", "|---|---|---|---|",
    ]  # fmt: skip
    for name, each in middle.items():
        unit, factor = ("ms", 1e3) if name.startswith("1,000") else ("µs a record", 1e6)
        lines.append(f"| {name} | {each.cpu * factor:.2f} | {each.wall * factor:.2f} | {unit} |")
    lines += ["", "| custody | against | CPU ratio | wall ratio | goal |", "|---|---|---|---|---|"]
    for mine, other, goal in GOALS:
        if other in spent:
            cpu, wall = (statistics.median(slow[place] / max(fast[place], 1e-12) for slow, fast in zip(spent[other], spent[mine], strict=True))
                         for place in (0, 1))  # fmt: skip
            lines.append(
                f"| {mine} | {other} | {cpu:.1f} | {wall:.1f} | {'≥ ' + format(goal, 'g') if goal else 'published'} |"
            )
    ships = ("ship, bytes alone", "ship, each record hashed", "ship, with leaves")
    batch = middle["1,000 shreds in a batch + new root"].cpu * 1e3
    lines += [
        *(times_of(spent, name, "cp and sync", "≤ 1.6 wall" if "bytes" in name else "published") for name in ships),
        f"| 1,000 shreds + new root | | {batch:.0f} ms | | ≤ 50 ms CPU |", "",
        f"A million keys are cut over in {middle['cut-over'].cpu * MILLION:.2f} s of CPU, decrypted and re-encrypted in {middle['decrypt and re-encrypt'].cpu * MILLION:.1f} s.", "",
        "**What these figures leave out.** Cut-over: signatures and manifest, the ledger entry, the disk, the check of each key against its leaf (1.2 µs a key, at the buyer),",
        "the verdicts. Shred: holds, locations, facts and index rows, the ledger entry and its mirror, commits (1 to 3 ms each on a disk that syncs), escrow, backup",
        "and the provider's destroy, which for a cloud service takes days. Ship, bytes alone: what compaction does, no hash of a record; with leaves: rows, verdicts and statements. Packing is left out on both sides of *seal* but for Fernet per field, which packs nothing.",
        "raw CBC + HMAC is what pgcrypto can do at its fastest: keys pass through SQL, and its HMAC covers the clear text alone.", "",
    ]  # fmt: skip
    return "\n".join(lines)


def times_of(spent: dict[str, list[Spent]], mine: str, other: str, goal: str) -> str:
    """A row that says how many times as long as `other` it takes."""
    pairs = list(zip(spent[mine], spent[other], strict=True))
    cpu, wall = (statistics.median(one[place] / max(two[place], 1e-12) for one, two in pairs) for place in (0, 1))
    return f"| {mine} | {other} | {cpu:.1f} times it | {wall:.1f} times it | {goal} |"


def main(words: list[str]) -> None:
    """Measure, print, and write the page that is named."""
    count = int(words[0]) if words and words[0].isdigit() else 20_000
    data = Data(count)
    keys = Keys(data)
    with tempfile.TemporaryDirectory() as folder, server() as connection:
        postgres = Postgres(connection, data, 1) if connection is not None else None
        runs = runs_of(data, keys, Ship(data, Path(folder)), postgres)
        spent: dict[str, list[Spent]] = {name: [] for name in runs}
        for _ in range(ROUNDS):
            for name, (work, units, clock) in runs.items():
                spent[name].append(timed(work, units, clock))
    page = report(count, spent)
    print(page)
    if "-o" in words:
        Path(words[words.index("-o") + 1]).write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
