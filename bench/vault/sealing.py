"""The verb `seal` over a company in files: time and memory of each stage, each in a process of its own.

usage: python bench/vault/sealing.py FOLDER [CUSTOMERS]     (100,000 unless said; FOLDER is new)
Each customer has two orders and a line on each, in no order of customers: five rows, five records and more.
"""

import csv
import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from ten_million import START, Run

from custody import wiring
from custody.services.datamap_accept import datamap_accept
from custody.services.init import Founding
from custody.services.scan import map_text, scan
from custody.services.seal import seal
from custody.services.vault_check import vault_check
from custody.services.vault_new import vault_new

STEP = 700_001
"""A prime: orders come in no order of customers."""


def files(run: Run) -> dict[str, Any]:
    """Three files, and a home to seal them in."""
    folder, count = run.folder / "files", run.customers
    folder.mkdir()
    _write(folder / "customers.csv", ("customer_id", "name", "email", "birth_date", "note"), (
        (f"C{n:08d}", f"Kunde Nummer {n}", f"kunde{n}@example.cn", f"{1950 + n % 70}-0{1 + n % 9}-13", "gut") for n in range(count)
    ))  # fmt: skip
    _write(folder / "orders.csv", ("order_id", "customer_id", "ordered_at", "amount"), (
        (f"O{n:09d}", f"C{n * STEP % count:08d}", f"2025-0{1 + n % 9}-11", f"{n % 90}.50") for n in range(2 * count)
    ))  # fmt: skip
    _write(folder / "order_lines.csv", ("line_id", "order_id", "article"), (
        (f"L{n:09d}", f"O{n:09d}", f"article {n % 40}") for n in range(2 * count)
    ))  # fmt: skip
    wiring.found(run.home, Founding("青禾", "Qinghe", "", "CN", "separate", "suhe"), region="CN", own_secret=run.secret("suhe"),
                 rehearsal_at=START, store_url=None, store_password=None)  # fmt: skip
    return {}


def _write(path: Path, head: tuple[str, ...], rows: Iterator[tuple[str, ...]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as target:
        csv.writer(target).writerows([head])
        csv.writer(target).writerows(rows)


def looked(run: Run) -> dict[str, Any]:
    """The scan, and the map signed."""
    with run.desk() as desk:
        text = map_text(scan(desk.sources, [str(run.folder / "files")]).datamap)
        datamap_accept(desk, text)
    (run.folder / "datamap.yaml").write_text(text, encoding="utf-8")
    return {}


def sealed(run: Run) -> dict[str, Any]:
    """The verb."""
    with run.desk() as desk:
        vault_new(desk, "company", untried=False)
        told = seal(
            desk, (run.folder / "datamap.yaml").read_text(encoding="utf-8"), [str(run.folder / "files")], "company"
        )
    return {name: told[name] for name in ("customers", "rows", "records", "quarantined")}


def checked(run: Run) -> dict[str, Any]:
    """Every page and record opened."""
    with run.desk() as desk:
        return {"ok": vault_check(desk, "company")["ok"]}


STAGES: dict[str, Callable[[Run], dict[str, Any]]] = {"files": files, "scan": looked, "seal": sealed, "check": checked}


def main() -> None:
    """All stages, or the one named."""
    folder, count = Path(sys.argv[1]).resolve(), int(sys.argv[2]) if len(sys.argv) > 2 else 100_000
    folder.mkdir(parents=True, exist_ok=True)
    run = Run(folder, count, None)
    if len(sys.argv) <= 3:
        for name in STAGES:
            subprocess.run([sys.executable, __file__, str(folder), str(count), name], check=True)
        return
    began, cpu = time.perf_counter(), time.process_time()
    told = STAGES[sys.argv[3]](run)
    print(json.dumps({
        "stage": sys.argv[3], "wall_s": round(time.perf_counter() - began, 1), "cpu_s": round(time.process_time() - cpu, 1),
        "rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10, **told,
    }), flush=True)  # fmt: skip


if __name__ == "__main__":
    main()
