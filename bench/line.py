"""Memory and CPU of each command of a whole hand-over, each in a process of its own.

usage: python bench/line.py FOLDER [CUSTOMERS] [--source SRC]     (20,000 unless said; FOLDER is new)
The rehearsal's own play (spec/demo.md) on files made here: customers in one table, an order of each in another, in no order of
customers. With `--source` the commands are those of another checkout's `src`, so that two releases stand side by side.
"""

import argparse
import csv
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Self

from custody import wiring
from custody.cli.rehearsal.demo import Play
from custody.cli.rehearsal.half import Half, Out
from custody.services.assumptions import default_assumptions

STEP = 700_001
"""A prime: orders come in no order of customers."""


class Weighed(Half):
    """A half whose every command is a process of its own; what each took is printed and kept."""

    source = ""
    file = Path()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        return

    def run(self, acting: str, *words: str, answers: tuple[int, ...] = (0,)) -> Out:
        """See `Half.run`."""
        call = [*words, "--home", str(self.home), "--as", acting, "--passphrase-file", str(self.secret(acting))]
        started = time.monotonic()
        process = subprocess.Popen([*self.command, "batch"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                                   env=os.environ | {"PYTHONPATH": self.source, "MALLOC_ARENA_MAX": "2"})  # fmt: skip
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(json.dumps(call) + "\n")
        process.stdin.close()
        line = process.stdout.read()
        _, _, took = os.wait4(process.pid, 0)
        process.returncode = 0
        told = {"step": f"{self.name} {' '.join(one for one in words[:2] if one.isalpha())}", "wall_s": round(time.monotonic() - started, 1),
                "cpu_s": round(took.ru_utime + took.ru_stime, 1), "mb": took.ru_maxrss >> 10}  # fmt: skip
        print(json.dumps(told), flush=True)
        with self.file.open("a", encoding="utf-8") as kept:
            kept.write(json.dumps(told) + "\n")
        answer: dict[str, Any] = json.loads(line)
        if answer["code"] not in answers:
            raise SystemExit(f"{words}: {answer['out']}")
        out: Out = answer["out"]
        return out


def files(folder: Path, count: int) -> None:
    """Two tables of a shop."""
    folder.mkdir()
    _write(folder / "customers.csv", ("customer_id", "name", "email", "country", "note"), (
        (f"C{n:08d}", f"Kunde Nummer {n}", f"kunde{n}@example.cn", "CN", "gut") for n in range(count)
    ))  # fmt: skip
    _write(folder / "orders.csv", ("order_id", "customer_id", "ordered_at", "amount"), (
        (f"O{n:09d}", f"C{n * STEP % count:08d}", f"2025-0{1 + n % 9}-11", f"{n % 90}.50") for n in range(count)
    ))  # fmt: skip


def _write(path: Path, head: tuple[str, ...], rows: Iterator[tuple[str, ...]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as target:
        csv.writer(target).writerows([head])
        csv.writer(target).writerows(rows)


def main() -> None:
    """The whole line, or what is left of it."""
    asked = argparse.ArgumentParser()
    asked.add_argument("folder", type=Path)
    asked.add_argument("customers", type=int, nargs="?", default=20_000)
    asked.add_argument("--source", default=str(Path(__file__).parents[1] / "src"))
    given = asked.parse_args()
    where = given.folder.resolve()
    where.mkdir(parents=True, exist_ok=True)
    Weighed.source, Weighed.file = given.source, where / "figures.jsonl"
    shop, assumptions = where / "shop", where / "assumptions.yaml"
    if not shop.exists():
        files(shop, given.customers)
        wiring.folder(where).write(assumptions.name, default_assumptions(real=True).encode())
    halves = [Weighed(name, where / name, where / other, "en", command=(sys.executable, "-m", "custody"))
              for name, other in (("seller", "buyer"), ("buyer", "seller"))]  # fmt: skip
    told = Play(where, shop, assumptions, *halves).play(real=True)
    print(json.dumps({name: told[name] for name in ("customers", "handed_over", "rows", "differing", "verified")}))


if __name__ == "__main__":
    main()
