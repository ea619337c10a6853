"""One vault, grown to millions of customers: sealed, looked up, shredded, backed up, lost, restored; time and memory of each stage.

usage: python bench/vault/ten_million.py FOLDER [CUSTOMERS] [--only STAGE] [--store URL --store-password-file FILE]
Each stage is a process of its own, so that its peak of memory is its own; what is done is in FOLDER/figures.jsonl and is not
done again: a run that broke off goes on (sealing at the batch where it stopped). Without CUSTOMERS: 10,000,000.
People are sealed as they arrive, in batches: a batch is a segment and a transaction. `--page FILE` writes the figures as a page.
"""

import argparse
import hashlib
import json
import os
import random
import resource
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from custody import wiring
from custody.acts.adding import Newcomer, add_people
from custody.acts.approval import content_hash
from custody.acts.desk import Desk
from custody.acts.reading import Reader
from custody.acts.vaults import vault_row
from custody.base import canonical, ids
from custody.base.clock import parse, stamp
from custody.services.approve import approve
from custody.services.backup import backup
from custody.services.erase import erase
from custody.services.init import Founding
from custody.services.lookup import lookup
from custody.services.principal_new import principal_new
from custody.services.rekey import rekey
from custody.services.vault_check import vault_check
from custody.services.vault_new import vault_new
from custody.vault.payload import pack

BATCH, SHREDS, LOOKUPS, OPENED, VAULT = 20_000, 1_000, 500, 200, "main"
START = "2026-03-16T01:00:00Z"
COLUMNS = (
    ("会员号", "account.customer_id"),
    ("手机", "contact.phone"),
    ("邮箱", "contact.email"),
    ("备注", "record.other"),
)


class Run:
    """One folder: a home, a place for backups, the figures."""

    def __init__(self, folder: Path, customers: int, store: tuple[str, Path] | None) -> None:
        self.folder, self.customers, self.store = folder, customers, store
        self.home, self.place, self.figures = folder / "home", folder / "backup", folder / "figures.jsonl"

    def secret(self, who: str) -> Path:
        """The passphrase of a person of this bench."""
        path = self.folder / f"{who}.pass"
        if not path.exists():
            wiring.folder(self.folder).write(path.name, b"a passphrase of a bench\n", secret=True)
        return path

    @contextmanager
    def desk(self, who: str = "suhe") -> Iterator[Desk]:
        """At work in the home."""
        with wiring.desk(self.home, who, self.secret(who)) as made:
            yield made

    def later(self, minutes: int) -> None:
        """The home's clock is simulated; look-ups are limited per minute."""
        kept = self.folder / "minutes"
        now = (int(kept.read_text(encoding="utf-8")) if kept.exists() else 0) + minutes
        kept.write_text(str(now), encoding="utf-8")
        wiring.move_clock(self.home, stamp(parse(START) + timedelta(minutes=now)))


def person(number: int) -> list[str]:
    """The values of customer `number`; the same on every run."""
    chance = random.Random(number)
    return [
        f"QH{number:08d}",
        f"1{chance.choice((3, 5, 7, 8))}{number % 10**9:09d}",
        f"kunde{number}@example.cn",
        "x" * chance.randrange(120, 280),
    ]


def found(run: Run) -> dict[str, Any]:
    """A home, two people, an empty vault of one compartment."""
    url, password = run.store or (None, None)
    wiring.found(run.home, Founding("青禾", "Qinghe", "", "CN", "separate", "suhe"), region="CN", own_secret=run.secret("suhe"),
                 rehearsal_at=START, store_url=url, store_password=password)  # fmt: skip
    with run.desk() as desk:
        principal_new(desk, "zhouning", ["privacy"], wiring.passphrase(run.secret("zhouning")))
        vault_new(desk, VAULT, untried=False)
        with desk.store.write() as tx:
            vault = str(vault_row(tx, desk.space, VAULT)["id"])
            names = [name for name, _ in COLUMNS]
            told = canonical.encode({"columns": names, "places": list(range(len(names))), "home": True})
            tx.add(
                "compartment",
                [
                    {
                        "vault": vault,
                        "number": 1,
                        "tier": "general",
                        "purposes": "service",
                        "retention": "",
                        "child_of": -1,
                        "next_page": 0,
                    }
                ],
            )
            tx.add("schema", [{"vault": vault, "number": 1, "tbl": "customers", "compartment": 1, "columns": told}])
            listed = canonical.encode({"columns": [[name, cls, "general", "general"] for name, cls in COLUMNS]})
            tx.add("tally", [{"vault": vault, "tbl": "customers", "role": "subject", "kind": "customer", "met": 0, "sealed": 0,
                              "quarantined": 0, "source": "", "sha256": "", "columns": listed}])  # fmt: skip
    return {}


def seal(run: Run) -> dict[str, Any]:
    """In batches; how many are in is asked of the store, so that it resumes."""
    with run.desk() as desk:
        with desk.store.read() as tx:
            vault = str(vault_row(tx, desk.space, VAULT)["id"])
            done = tx.count("subject", vault=vault)
        took: list[float] = []
        for start in range(done, run.customers, BATCH):
            numbers = range(start, min(start + BATCH, run.customers))
            people = [Newcomer("customer", [(1, 1, pack(number, person(number)))]) for number in numbers]
            began = time.process_time()
            add_people(desk, vault, people)
            took.append(time.process_time() - began)
    near = max(1, min(10, len(took) // 2))
    return {
        "customers": run.customers,
        "resumed_at": done,
        "first_batches_cpu_s": round(statistics.median(took[:near] or [0.0]), 3),
        "last_batches_cpu_s": round(statistics.median(took[-near:] or [0.0]), 3),
    }


def index(run: Run) -> dict[str, Any]:
    """The first look-up builds the index."""
    with run.desk() as desk:
        return {"found": lookup(desk, person(1)[0], "customer-number", VAULT)["count"]}


def look_up(run: Run) -> dict[str, Any]:
    """One value after the other in one process, entered and counted as always; every tenth is of nobody."""
    chance, took, right = random.Random(7), [], 0
    for _ in range(LOOKUPS // 20):
        run.later(2)
        with run.desk() as desk:
            lookup(
                desk, "nobody@example.org", "email", VAULT
            )  # the key provider's passphrase is stretched once a process
            for turn in range(20):
                kind, column = (("email", 2), ("phone", 1), ("customer-number", 0))[turn % 3]
                number = chance.randrange(run.customers) + (run.customers if turn % 10 == 9 else 0)
                began = time.perf_counter()
                count = lookup(desk, person(number)[column], kind, VAULT)["count"]
                took.append((time.perf_counter() - began) * 1e3)
                right += (count >= 1) == (turn % 10 != 9)
    took.sort()
    return {"look_ups": LOOKUPS, "right": right, "p50_ms": round(statistics.median(took), 2), "p99_ms": round(took[int(len(took) * 0.99)], 2),
            "max_ms": round(took[-1], 2)}  # fmt: skip


def shred(run: Run) -> dict[str, Any]:
    """A thousand people in one erasure, which takes a second person; then the root."""
    run.later(1500)
    with run.desk() as desk:
        who = [lookup_one(desk, number) for number in range(20)]
        with desk.store.read() as tx:
            vault = str(vault_row(tx, desk.space, VAULT)["id"])
            live = [bytes(row[0]) for row in islice(tx.columns("subject", ("id",), vault=vault, state="live"), SHREDS)]
        subjects = list(dict.fromkeys([*who, *(ids.subject_text(one) for one in live)]))[:SHREDS]
        raw = list(dict.fromkeys(ids.subject_bytes(one) for one in subjects))
    with run.desk("zhouning") as desk:
        approve(desk, "erase", _hash(vault, raw))
    with run.desk() as desk:
        began = time.perf_counter()
        done = erase(desk, subjects, VAULT)
        erased = time.perf_counter() - began
        rekey(desk, VAULT)
        return {
            "subjects": done["subjects"],
            "erase_s": round(erased, 2),
            "rekey_s": round(time.perf_counter() - began - erased, 2),
        }


def _hash(vault: str, raw: list[bytes]) -> str:
    digest = hashlib.sha256(b"".join(sorted(raw))).hexdigest()
    return content_hash({"act": "erase", "vault": vault, "subjects": len(raw), "sha256": digest})


def lookup_one(desk: Desk, number: int) -> str:
    """The subject of a customer number."""
    return str(lookup(desk, person(number)[0], "customer-number", VAULT)["found"][0]["subject"])


def back_up(run: Run) -> dict[str, Any]:
    """To one place, read back."""
    with run.desk() as desk:
        backup(desk, str(run.place.resolve()))
    return {"bytes": sum(path.stat().st_size for path in run.place.rglob("*") if path.is_file())}


def restore(run: Run) -> dict[str, Any]:
    """Store and segments are lost; everything comes back but those who were erased."""
    for left in run.home.glob("core.db*"):
        left.unlink()
    shutil.rmtree(run.home / "vaults", ignore_errors=True)
    told = wiring.restored(run.home, str(run.place.resolve()), (), "suhe", run.secret("suhe"))
    with run.desk() as desk:
        rekey(desk, VAULT)
    return {name: value for name, value in told.items() if isinstance(value, int)}


def index_again(run: Run) -> dict[str, Any]:
    """A restore builds the index anew: the erased are found by nothing, the others are."""
    run.later(5)
    with run.desk() as desk:
        gone = sum(int(str(lookup(desk, person(number)[0], "customer-number", VAULT)["count"])) for number in range(10))
        return {
            "erased_found": gone,
            "kept_found": lookup(desk, person(run.customers - 1)[0], "customer-number", VAULT)["count"],
        }


def open_some(run: Run) -> dict[str, Any]:
    """One customer after the other, each as somebody who looks at one: keyring, pages' leaves, slot, record."""
    chance, took = random.Random(11), []
    with run.desk() as desk, desk.store.read() as tx:
        vault = str(vault_row(tx, desk.space, VAULT)["id"])
        near = [bytes(row[0]) for row in islice(tx.columns("subject", ("id",), vault=vault, state="live"), OPENED * 20)]
        for subject in chance.sample(near, min(OPENED, len(near))):
            began = time.perf_counter()
            reader = Reader(desk, tx, vault, only=[subject])
            for row in tx.find("record", vault=vault, subject=subject):
                reader.open(row)
            reader.close()
            took.append((time.perf_counter() - began) * 1e3)
    took.sort()
    return {
        "opened": len(took),
        "p50_ms": round(statistics.median(took), 2),
        "p99_ms": round(took[int(len(took) * 0.99)], 2),
    }


def check(run: Run) -> dict[str, Any]:
    """Every page and record opened; nothing is wrong."""
    with run.desk() as desk:
        told = vault_check(desk, VAULT)
    return {
        "ok": int(bool(told["ok"])),
        **{name: value for name, value in told["checked"].items() if isinstance(value, int)},
    }


STAGES: dict[str, Callable[[Run], dict[str, Any]]] = {
    "found": found, "seal": seal, "index": index, "look up": look_up, "open": open_some, "back up": back_up, "shred": shred, "restore": restore, "index again": index_again, "check": check,
}  # fmt: skip


def one_stage(run: Run, name: str) -> None:
    """In this process; its figures go to the file."""
    began, cpu = time.perf_counter(), time.process_time()
    said = STAGES[name](run)
    line = {
        "stage": name, "wall_s": round(time.perf_counter() - began, 2), "cpu_s": round(time.process_time() - cpu, 2),
        "rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "disk_mb": sum(path.stat().st_size for path in run.folder.rglob("*") if path.is_file()) >> 20, **said,
    }  # fmt: skip
    with run.figures.open("a", encoding="utf-8") as target:
        target.write(json.dumps(line) + "\n")
    print(json.dumps(line), flush=True)


def page(run: Run) -> str:
    """The figures as a page."""
    done = [json.loads(line) for line in run.figures.read_text(encoding="utf-8").splitlines()]
    lines = [f"| {one['stage']} | {one['wall_s']:,} | {one['cpu_s']:,} | {one['rss_mb']:,} | {one['disk_mb']:,} | "
             + ", ".join(f"{key} {value:,}" for key, value in one.items() if key not in {"stage", "wall_s", "cpu_s", "rss_mb", "disk_mb"}) + " |"
             for one in done]  # fmt: skip
    head = ["| stage | wall, s | CPU, s | peak memory, MB | disk, MB | |", "|---|---|---|---|---|---|"]
    return "\n".join([f"## {run.customers:,} customers", "", *head, *lines, ""])


def main() -> None:
    """Run what is left, each stage in its own process."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("customers", type=int, nargs="?", default=10_000_000)
    parser.add_argument("--only", choices=STAGES)
    parser.add_argument("--until", choices=STAGES)
    parser.add_argument("--store")
    parser.add_argument("--store-password-file", type=Path)
    parser.add_argument("--page", type=Path)
    told = parser.parse_args()
    told.folder.mkdir(parents=True, exist_ok=True)
    run = Run(told.folder.resolve(), told.customers, (told.store, told.store_password_file) if told.store else None)
    if told.only:
        one_stage(run, told.only)
        return
    done = (
        {json.loads(line)["stage"] for line in run.figures.read_text(encoding="utf-8").splitlines()}
        if run.figures.exists()
        else set()
    )
    for name in STAGES:
        if name not in done:
            subprocess.run([sys.executable, *sys.argv, "--only", name], check=True, env=os.environ)
        if name == told.until:
            break
    if told.page:
        told.page.write_text(page(run), encoding="utf-8")


if __name__ == "__main__":
    main()
