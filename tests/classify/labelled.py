"""Reads the labelled schemas, makes their values, and counts how the engine does against the labels."""

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa
from made import Maker

from custody.classify.columns import TableFinding, classify
from custody.classify.profile import Profiler, TableProfile
from custody.model.source import Batch, TableHead

HERE = Path(__file__).parent


@dataclass
class Schema:
    name: str
    script: str
    kind: str
    columns: list[tuple[str, str, str]] = field(default_factory=list)

    def labels(self) -> dict[str, tuple[str, ...]]:
        return {name: tuple(cls.split("|")) for name, cls, _ in self.columns}


def schemas(file: str) -> list[Schema]:
    found: list[Schema] = []
    for line in (HERE / file).read_text(encoding="utf-8").splitlines():
        if line.startswith("== "):
            name, script, kind = line[3:].rsplit(" ", 2)
            found.append(Schema(name, script, kind))
        elif line and not line.startswith("#"):
            text, _, maker = line.partition(" @")
            name, _, cls = text.rpartition(" ")
            found[-1].columns.append((name, cls, maker))
    return found


def profile(name: str, columns: dict[str, list[str]], *, batch: int = 100_000, **head: object) -> TableProfile:
    profiler = Profiler(TableHead(name, name + ".csv", "csv", tuple(columns), **head))
    rows = len(next(iter(columns.values()), []))
    for start in range(0, rows, batch):
        parts = [pa.array(cells[start : start + batch], pa.string()) for cells in columns.values()]
        data = pa.RecordBatch.from_arrays(parts, names=list(columns))
        profiler.update(Batch(range(start + 1, start + len(parts[0]) + 1), data))
    return profiler.finish()


def findings(schema: Schema, *, rows: int = 120, seed: int = 7) -> TableFinding:
    maker = Maker(seed, schema.script)
    columns = {name: maker.column(cls, rows, made) for name, cls, made in schema.columns}
    return classify([profile(schema.name, columns)])[0]


@dataclass
class Score:
    """Per class: right, found wrongly, missed."""

    right: Counter[str] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)
    missed: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    columns: int = 0

    def take(self, table: str, labels: dict[str, tuple[str, ...]], finding: TableFinding) -> None:
        for one in finding.columns:
            wanted = labels.get(one.name)
            if wanted is None:
                continue
            self.columns += 1
            if one.cls in wanted:
                self.right[one.cls] += 1
            else:
                self.wrong[one.cls] += 1
                self.missed[wanted[0]] += 1
                self.faults.append(f"{table}.{one.name}: {'|'.join(wanted)} taken for {one.cls} ({one.confidence})")

    def precision(self, *classes: str) -> float:
        right = sum(self.right[cls] for cls in classes)
        return right / max(1, right + sum(self.wrong[cls] for cls in classes))

    def recall(self, *classes: str) -> float:
        right = sum(self.right[cls] for cls in classes)
        return right / max(1, right + sum(self.missed[cls] for cls in classes))

    def f1(self, *classes: str) -> float:
        precision, recall = self.precision(*classes), self.recall(*classes)
        return 2 * precision * recall / max(1e-9, precision + recall)

    def macro(self) -> float:
        present = {*self.right, *self.missed}
        return sum(self.f1(cls) for cls in present) / max(1, len(present))

    def sensitive_recall(self, sensitive: set[str]) -> float:
        """Sensitive columns met as sensitive, whatever the class."""
        return self.recall(*(cls for cls in sensitive if self.right[cls] + self.missed[cls]))
