"""Reads the labelled schemas, makes their values, and counts how the engine does against the labels."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from zlib import crc32

import pyarrow as pa
from lifelike import Life
from livelier import Lively
from made import Maker

from custody.adapters.sources.opener import FileOpener
from custody.classify.columns import ColumnFinding, TableFinding, classify
from custody.classify.profile import Profiler, TableProfile
from custody.classify.taxonomy import level
from custody.model.source import Batch, TableHead

HERE = Path(__file__).parent
SHARED = next(
    (one for up in (3, 4) if (one := Path(__file__).parents[up] / "shared" / "data").is_dir()), HERE / "absent"
)


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
    sensitive: Counter[str] = field(default_factory=Counter)  # met and missed, and general columns called so or not

    def take(self, table: str, labels: dict[str, tuple[str, ...]], finding: TableFinding) -> None:
        for one in finding.columns:
            wanted = labels.get(one.name)
            if wanted is None:
                continue
            self.columns += 1
            self._grade(wanted, one)
            if one.cls in wanted:
                self.right[one.cls] += 1
            else:
                self.wrong[one.cls] += 1
                self.missed[wanted[0]] += 1
                self.faults.append(f"{table}.{one.name}: {'|'.join(wanted)} taken for {one.cls} ({one.confidence})")

    def _grade(self, wanted: tuple[str, ...], one: ColumnFinding) -> None:
        """By level: a column that is sensitive by its first label; one that is so by none of them."""
        graded = [level(cls) == "sensitive" for cls in wanted]
        called = one.level == "sensitive"
        if graded[0]:
            self.sensitive["met" if called or one.cls in wanted else "missed"] += 1
        elif not any(graded):
            self.sensitive["called" if called else "left"] += 1

    def level_recall(self) -> float:
        """Sensitive columns graded as sensitive, whatever the class."""
        return self.sensitive["met"] / max(1, self.sensitive["met"] + self.sensitive["missed"])

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
        """Sensitive columns met as their very class."""
        return self.recall(*(cls for cls in sensitive if self.right[cls] + self.missed[cls]))


def made(file: str) -> Score:
    """The score on one file of labelled schemas with made values."""
    score = Score()
    for schema in schemas(file):
        score.take(schema.name, schema.labels(), findings(schema))
    return score


def public(place: int, *, seed: int = 1) -> Score:
    """The score on every second public schema, from `place` on: 0 may be tuned on, 1 is held."""
    return alive(schemas("schemas_public.txt")[place::2], seed)


def alive(tables: Sequence[Schema], seed: int = 1) -> Score:
    """The score on schemas with lifelike cells."""
    score = Score()
    for schema in tables:
        score.take(schema.name, schema.labels(), classify([lifelike(schema, seed)])[0])
    return score


def wild(half: int, *, rows: int | None = None) -> Score:
    """The score on half of the schemas full of sensitive columns, by the check sum of their names; one row or none, if so told."""
    score = Score()
    for schema in schemas("schemas_wild.txt"):
        if crc32(schema.name.encode()) % 2 == half:
            found = lifelike(schema, 1) if rows is None else sparse(schema, rows)
            score.take(schema.name, schema.labels(), classify([found])[0])
    return score


def second(half: int) -> Score:
    """The score on half of the schemas gathered after the words of public standards, every second one."""
    return alive(schemas("schemas_second.txt")[half::2])


def third(half: int) -> Score:
    """The score on half of the schemas gathered last, every second one."""
    return alive(schemas("schemas_third.txt")[half::2])


def fourth(half: int, script: str = "") -> Score:
    """The score on half of the schemas looked up when the first three sets had been read, every second one."""
    return living(schemas("schemas_fourth.txt")[half::2], script)


def sixth(half: int, script: str = "") -> Score:
    """The score on half of the schemas looked up when the fifth had been read, every second one."""
    return living(schemas("schemas_sixth.txt")[half::2], script)


def seventh(half: int, script: str = "") -> Score:
    """The score on half of the schemas looked up when owners were taken off headers, every second one."""
    return living(schemas("schemas_seventh.txt")[half::2], script)


def living(tables: Sequence[Schema], script: str = "") -> Score:
    """The score on schemas with the cells of `livelier`; on the Chinese or the other ones alone, if so told."""
    score = Score()
    for schema in tables:
        if script in {"", "zh" if schema.script in {"zh", "tw"} else "other"}:
            score.take(schema.name, schema.labels(), classify([lively(schema)])[0])
    return score


def lively(schema: Schema, seed: int = 1) -> TableProfile:
    rows = 15 + len(schema.name) * 11 % 150
    columns = {
        name: Lively(schema.script, f"{schema.name}/{name}/{seed}").column(cls, rows, maker)
        for name, cls, maker in schema.columns
    }
    return profile(schema.name, columns)


def sparse(schema: Schema, rows: int) -> TableProfile:
    """A table of so few rows, or of none."""
    columns = {
        name: Life(schema.script, f"{schema.name}/{name}/1").column(cls, max(rows, 1), maker)[:rows]
        for name, cls, maker in schema.columns
    }
    return profile(schema.name, columns)


def lifelike(schema: Schema, seed: int) -> TableProfile:
    rows = 12 + len(schema.name) * 7 % 140
    columns = {
        name: Life(schema.script, f"{schema.name}/{name}/{seed}").column(cls, rows, maker)
        for name, cls, maker in schema.columns
    }
    return profile(schema.name, columns)


def shared(part: str) -> Score:
    """The score on the real tables beside the repository."""
    labelled = {schema.name: schema for schema in schemas("labels_shared.txt") if schema.kind == part}
    score = Score()
    for folder in sorted({name.split("/")[0] for name in labelled}):
        for finding in classify(read(SHARED / folder)):
            if schema := labelled.get(f"{folder}/{finding.name}"):
                score.take(finding.name, schema.labels(), finding)
    return score


def tables(part: str, script: str = "") -> Score:
    """The score on tables with values of their own, each file read and judged alone; on the Chinese or the other ones, if so told."""
    score = Score()
    for schema in schemas(f"labels_{part}.txt"):
        if script in {"", "zh" if schema.script in {"zh", "tw"} else "other"}:
            score.take(schema.name, schema.labels(), classify(read(HERE / "tables" / part / f"{schema.name}.csv"))[0])
    return score


def read(folder: Path) -> list[TableProfile]:
    profiles = []
    for source in FileOpener().open(str(folder), ignore):
        for head in source.heads():
            profiler = Profiler(head)
            for batch in source.read(head.name, ignore):
                profiler.update(batch)
            profiles.append(profiler.finish())
        source.close()
    return profiles


def ignore(one: object) -> None:
    """Broken rows are counted elsewhere."""
    del one


PARTS: dict[str, Callable[[], Score]] = {
    "tuned": lambda: made("schemas_tuned.txt"),
    "held": lambda: made("schemas_held.txt"),
    "fresh": lambda: made("schemas_fresh.txt"),
    "public-tuned": lambda: public(0),
    "public-held": lambda: public(1),
    "wide-tuned": lambda: alive(schemas("schemas_wide.txt")[0::2]),
    "wide-held": lambda: alive(schemas("schemas_wide.txt")[1::2]),
    "later": lambda: alive(schemas("schemas_later.txt")),
    "wild-a": lambda: wild(0),
    "wild-b": lambda: wild(1),
    "sealed": lambda: alive(schemas("schemas_sealed.txt")),
    "second-a": lambda: second(0),
    "second-b": lambda: second(1),
    "third-a": lambda: third(0),
    "third-b": lambda: third(1),
    "fourth-a": lambda: fourth(0),
    "fourth-b": lambda: fourth(1),
    "fifth": lambda: living(schemas("schemas_fifth.txt")),
    "sixth-a": lambda: sixth(0),
    "sixth-b": lambda: sixth(1),
    "seventh-a": lambda: seventh(0),
    "seventh-b": lambda: seventh(1),
    "eighth": lambda: living(schemas("schemas_eighth.txt")),
    "ninth": lambda: living(schemas("schemas_ninth.txt")),
    "tenth": lambda: living(schemas("schemas_tenth.txt")),
    "tenth-zh": lambda: living(schemas("schemas_tenth.txt"), "zh"),
    "tenth-other": lambda: living(schemas("schemas_tenth.txt"), "other"),
    "eleventh": lambda: living(schemas("schemas_eleventh.txt")),
    "eleventh-zh": lambda: living(schemas("schemas_eleventh.txt"), "zh"),
    "eleventh-other": lambda: living(schemas("schemas_eleventh.txt"), "other"),
    "twelfth": lambda: living(schemas("schemas_twelfth.txt")),
    "twelfth-zh": lambda: living(schemas("schemas_twelfth.txt"), "zh"),
    "twelfth-other": lambda: living(schemas("schemas_twelfth.txt"), "other"),
    "thirteenth": lambda: living(schemas("schemas_thirteenth.txt")),
    "thirteenth-zh": lambda: living(schemas("schemas_thirteenth.txt"), "zh"),
    "thirteenth-other": lambda: living(schemas("schemas_thirteenth.txt"), "other"),
    "fourteenth": lambda: living(schemas("schemas_fourteenth.txt")),
    "fourteenth-zh": lambda: living(schemas("schemas_fourteenth.txt"), "zh"),
    "fourteenth-other": lambda: living(schemas("schemas_fourteenth.txt"), "other"),
    "fifteenth": lambda: living(schemas("schemas_fifteenth.txt")),
    "fifteenth-zh": lambda: living(schemas("schemas_fifteenth.txt"), "zh"),
    "fifteenth-other": lambda: living(schemas("schemas_fifteenth.txt"), "other"),
    "sixteenth": lambda: living(schemas("schemas_sixteenth.txt")),
    "sixteenth-zh": lambda: living(schemas("schemas_sixteenth.txt"), "zh"),
    "sixteenth-other": lambda: living(schemas("schemas_sixteenth.txt"), "other"),
    "seventeenth": lambda: tables("seventeenth"),
    "seventeenth-zh": lambda: tables("seventeenth", "zh"),
    "seventeenth-other": lambda: tables("seventeenth", "other"),
    "eighteenth": lambda: tables("eighteenth"),
    "eighteenth-zh": lambda: tables("eighteenth", "zh"),
    "eighteenth-other": lambda: tables("eighteenth", "other"),
    "nineteenth": lambda: tables("nineteenth"),
    "nineteenth-zh": lambda: tables("nineteenth", "zh"),
    "nineteenth-other": lambda: tables("nineteenth", "other"),
    "twentieth": lambda: tables("twentieth"),
    "twentyfirst": lambda: living(schemas("schemas_twentyfirst.txt")),
    "twentyfirst-zh": lambda: living(schemas("schemas_twentyfirst.txt"), "zh"),
    "twentyfirst-other": lambda: living(schemas("schemas_twentyfirst.txt"), "other"),
    "ordinary": lambda: living(schemas("schemas_ordinary.txt")),
    "last": lambda: alive(schemas("schemas_last.txt")),
    "shared-tuned": lambda: shared("tuned"),
    "shared-held": lambda: shared("held"),
}
