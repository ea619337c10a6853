"""A rehearsal each of whose commands is also killed: in copies of the folder as it was before, at points of its own."""

import shutil
import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

from custody.cli.rehearsal.half import Half, Out
from tests.dying import Dying
from tests.line.crashes import ahead, evidence
from tests.points import watched

KILLED = -9
HALVES = ("seller", "buyer")
AGAIN = frozenset((
    "ledger_entry", "opening", "entry_about", "statement", "row_count", "vector", "verdict_page", "gate_kept", "gate_page",
))  # fmt: skip
"""Where asking again leaves more; what must not be twice among it is in `evidence`."""
ASKED = {"gate": {"job"}, "approve": {"approval"}}
"""Of commands that do the same once more when they are given again: what there is more of."""
Choose = Callable[[str, int], Sequence[int]]
"""(command, how many points it passed) -> at which of them it is killed."""


class Forks(Dying):
    """See tests/line/forking.py."""

    def __init__(self) -> None:
        super().__init__("tests.line.forking")

    def __call__(self, words: Sequence[str], at: int = 0) -> dict[str, Any]:
        """Code, out and the points passed; the code is -9 when it was killed."""
        told = self.ask(at, words=list(words))
        assert not told["fault"], (words, told["fault"])
        return {"points": told["points"], **(told["said"] or {"code": KILLED, "out": {}})}


class Walked(Half):
    """A half whose commands are killed in copies before the play goes on. Class variables are the walk's, for both halves."""

    forks: Forks
    ground: Path
    choose: Choose
    met: dict[str, int]
    faults: list[str]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """No process of its own."""

    def run(self, acting: str, *words: str, answers: tuple[int, ...] = (0,)) -> Out:
        """The command, undisturbed; then what its kills leave is held against what it came to."""
        where, began = self.home.parent, time.monotonic()
        before = Path(shutil.copytree(where, self.ground / "before", symlinks=True))
        call = [*words, "--home", str(self.home), "--lang", self.lang, "--as", acting]
        call += ["--passphrase-file", str(self.secret(acting))]
        done = self.forks(call)
        assert done["code"] in answers, (words, done)
        name = f"{len(self.met)}-{self.name}-{'-'.join(words[:2])}"
        self.met[name] = len(done["points"])
        wanted = state(where)
        for at in self.choose(name, len(done["points"])):
            with self._as_before(where, before):
                if fault := self._killed(where, call, at, answers, wanted):
                    self.faults.append(f"{name} at {at} of {done['points']}: {fault}")
        watched(f"line {name}", len(self.choose(name, len(done["points"]))), len(done["points"]))
        shutil.rmtree(before)
        self.timings.append((f"{self.name} {words[0]}", time.monotonic() - began))
        out: Out = done["out"]
        return out

    @contextmanager
    def _as_before(self, where: Path, before: Path) -> Iterator[None]:
        """Both homes as they were, where they were: what a second person approved names places."""
        aside = where.rename(self.ground / "aside")
        shutil.copytree(before, where, symlinks=True)
        try:
            yield
        finally:
            shutil.rmtree(where)
            aside.rename(where)

    def _killed(
        self, spot: Path, call: list[str], at: int, answers: tuple[int, ...], wanted: Mapping[str, object]
    ) -> str:
        """What is wrong after the command died at `at` and was given again."""
        if (code := self.forks(call, at)["code"]) != KILLED:
            return f"not killed, {code}"
        if early := ahead(
            spot / "handover", *(home for home in (spot / "seller", spot / "buyer") if (home / "core.db").exists())
        ):
            return f"ahead of its act: {early}"
        again = self.forks(call)
        if again["code"] not in answers:
            return f"given again: {again['out']}"
        found, more = state(spot), ASKED.get(call[0], set())
        return "; ".join(
            f"{name}: {found.get(name)} for {wanted.get(name)}"
            for name in {*found, *wanted}
            if name.rpartition(" ")[2] not in more and found.get(name) != wanted.get(name)
        )


def state(where: Path) -> Mapping[str, object]:
    """What both homes hold, by how much there is of it, and what lies between them."""
    told: dict[str, object] = {"handover": sorted(
        one.relative_to(where).as_posix() for one in (where / "handover").rglob("*") if one.is_file()
    )}  # fmt: skip
    for half in HALVES:
        if (where / half / "core.db").exists():
            for kind, counted in {**evidence(where / half), "rows": _rows(where / half / "core.db")}.items():
                told |= {f"{half} {kind} {name}": count for name, count in counted.items()}
    return told


def _rows(path: Path) -> dict[str, int]:
    store = sqlite3.connect(path)
    names = [name for (name,) in store.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    rows = {
        name: int(store.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0])
        for name in sorted(names)
        if name not in AGAIN
    }
    store.close()
    return rows
