"""From what a person names (a file, a folder, an archive, a database URL) to sources, in a stable order.

Whatever lies below a folder and is not read is told with its reason; a file named by itself that cannot be read is
refused.
"""

import tempfile
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from custody.adapters.files.aside import aside_folder
from custody.adapters.sources import encoding
from custody.adapters.sources.archive import Member, MemberSource, members
from custody.adapters.sources.database import open_database
from custody.adapters.sources.jsonl import JsonLinesSource
from custody.adapters.sources.kind import kind, system
from custody.adapters.sources.parquet import ParquetSource
from custody.adapters.sources.readings import readings
from custody.adapters.sources.sqlite import SqliteSource
from custody.adapters.sources.text import TextSource
from custody.adapters.sources.workbook import WorkbookSource
from custody.base.errors import CustodyError, Malformed, Missing
from custody.model.reasons import REASONS, Reason
from custody.ports.source import Quarantine, Quarantined, Reading, Source

_SQLITE: Final = "sqlite:///"


@dataclass(frozen=True, slots=True)
class _Found:
    """A file to open: on this machine, or inside an archive. `file` is how it is named in the data map."""

    file: str
    path: Path
    member: Member | None = None

    @property
    def stem(self) -> str:
        return Path(self.file).stem


class FileOpener:
    """See `ports.source.SourceOpener`. `password` is the file with a database's password, or itself; archives are unpacked in `aside`, else in this host's temporary folder."""

    def __init__(
        self, encodings: Mapping[str, str] | None = None, password: Path | str | None = None, aside: Path | None = None
    ) -> None:
        self._encodings = dict(encodings or {})
        self._password = password
        self._aside = aside or Path(tempfile.gettempdir())

    def open(self, target: str, quarantine: Quarantine, encodings: Mapping[str, str] | None = None) -> Sequence[Source]:
        """Open everything readable below `target`. Raises Missing `source.missing`, or what is wrong with a named file."""
        if "://" in target and not target.startswith(_SQLITE):
            return [self._tell(open_database(target, self._password), quarantine)]
        path = Path(target.removeprefix(_SQLITE))
        if not path.exists():
            raise Missing("source.missing", "There is no such file or folder.", next="Check the path.")
        answers = self._encodings | dict(encodings or {})
        if not path.is_dir():
            return self._named(path, quarantine, answers)
        return self._all(_below(path, quarantine), quarantine, answers)

    def texts(self, data: bytes) -> Mapping[str, str]:
        """As files are read: by what they say of themselves, then by plausibility."""
        return encoding.texts(data)

    def readings(self, target: str, file: str) -> Sequence[Reading]:
        """By the bytes alone, whatever was answered."""
        one = next((one for one in _below(Path(target), lambda _: None) if one.file == file), None)
        if one is None:
            raise Missing("source.missing", "There is no such file or folder.", next="Check the path.")
        if one.member is None:
            return readings(one.path, tabs=kind(one.path, one.file) == "tabs")
        folder, remove = aside_folder(self._aside)
        try:
            path = one.member.unpack(folder)
            return readings(path, tabs=kind(path, one.file) == "tabs")
        finally:
            remove()

    def _named(self, path: Path, quarantine: Quarantine, answers: Mapping[str, str]) -> list[Source]:
        one = _Found(path.name, path)
        if kind(path, path.name) == "archive":
            met: list[Quarantined] = []
            sources = self._all(_inside(one, met.append), met.append, answers)
            if not sources:
                raise _nothing(path.name, met)
            for skipped in met:
                quarantine(skipped)
            return sources
        return [self._tell(self._source(one, path.stem, answers), quarantine)]

    def _all(self, found: Sequence[_Found], quarantine: Quarantine, answers: Mapping[str, str]) -> list[Source]:
        sources: list[tuple[str, Source]] = []
        for one, name in _names(found).items():
            try:
                sources.append((name, self._tell(self._source(one, name, answers), quarantine)))
            except CustodyError as error:
                reason = str(error.where.get("reason") or error.slug)  # a kind of file that nobody reads says which
                quarantine(Quarantined(name, one.file, None, None, reason, error.next or error.message))
        _distinguish(sources)
        return [source for _, source in sources]

    def _source(self, one: _Found, name: str, answers: Mapping[str, str]) -> Source:
        """The opened source. Raises Malformed with what is wrong with the file."""
        if one.member is None:
            source = _reader(one.path, one.file, name, answers)
        else:
            source = MemberSource(one.member, lambda path: _reader(path, one.file, name, answers), self._aside)
        source.heads()
        return source

    @staticmethod
    def _tell(source: Source, quarantine: Quarantine) -> Source:
        for skipped in source.skipped():
            quarantine(skipped)
        return source


def _nothing(file: str, met: Sequence[Quarantined]) -> Malformed:
    """The refusal of an archive of which nothing can be read, with the reasons in words."""
    reasons = sorted({skipped.reason for skipped in met})
    told = [REASONS.get(one, Reason(one, one)) for one in reasons]
    error = Malformed(
        "archive.nothing", f"Nothing in the archive can be read: {', '.join(one.en for one in told)}.",
        next="Unpack it yourself and scan the folder.", where={"file": file, "reason": ", ".join(reasons)},
    )  # fmt: skip
    error.zh = f"压缩包里没有能读的文件：{'，'.join(one.zh for one in told)}。"
    return error


def _below(path: Path, quarantine: Quarantine) -> list[_Found]:
    """Every file of a folder that can be opened, in a stable order."""
    found = [_Found(one.relative_to(path).as_posix(), one) for one in sorted(path.rglob("*")) if not one.is_dir()]
    return _sorted(found, path, quarantine)


def _sorted(found: Sequence[_Found], top: Path, quarantine: Quarantine) -> list[_Found]:
    """Files that can be opened, archives taken apart; the others are told."""
    kept: list[_Found] = []
    for one in found:
        if one.path.is_symlink() and not one.path.resolve().is_relative_to(top.resolve()):
            reason = "file.link"
        elif not one.path.is_file():
            reason = "file.special"
        else:
            reason = _kind(one)
        if reason == "archive":
            try:
                kept += _inside(one, quarantine)
            except CustodyError as error:
                quarantine(Quarantined(one.stem, one.file, None, None, error.slug, error.next))
        elif "." in reason:
            quarantine(Quarantined(one.stem, one.file, None, None, reason, one.path.suffix))
        else:
            kept.append(one)
    return kept


def _kind(one: _Found) -> str:
    try:
        return kind(one.path, one.file)
    except OSError:
        return "file.denied"


def _inside(archive: _Found, quarantine: Quarantine) -> list[_Found]:
    kept = []
    found = members(archive.path)
    if not found:
        quarantine(Quarantined(archive.stem, archive.file, None, None, "file.empty"))
    for member in found:
        file = f"{archive.file}/{member.name}"
        reason = member.reason or ("file.system" if system(member.name) else "")
        reason = reason or ("archive.nested" if member.name.lower().endswith(".zip") else "")
        if reason:
            quarantine(Quarantined(Path(file).stem, file, None, None, reason))
        else:
            kept.append(_Found(file, archive.path, member))
    return kept


def _names(found: Sequence[_Found]) -> dict[_Found, str]:
    """A name for each: its stem, else its path, else its path with its ending."""
    rest = list(found)
    names: dict[_Found, str] = {}
    ways: tuple[Callable[[_Found], str], ...] = (
        lambda one: one.stem,
        lambda one: Path(one.file).with_suffix("").as_posix().replace("/", "."),
        lambda one: one.file.replace("/", "."),
    )
    for way in ways:
        counts = Counter(way(one) for one in rest)
        names |= {one: way(one) for one in rest if counts[way(one)] == 1 and way(one) not in names.values()}
        rest = [one for one in rest if one not in names]
    return {one: names[one] for one in found}


def _distinguish(sources: Sequence[tuple[str, Source]]) -> None:
    """Tables of databases that share a name with another table get their file's name before it."""
    counts = Counter(head.name for _, source in sources for head in source.heads())
    for name, source in sources:
        inner = source.inner if isinstance(source, MemberSource) else source
        if isinstance(inner, SqliteSource) and any(counts[head.name] > 1 for head in inner.heads()):
            inner.qualify(f"{name}.")


def _reader(path: Path, file: str, name: str, answers: Mapping[str, str]) -> Source:
    found = kind(path, file)
    if found in {"text", "tabs"}:
        return TextSource(path, file, name, tabs=found == "tabs", encoding=answers.get(file, ""))
    readers: dict[str, Callable[[], Source]] = {
        "book": lambda: WorkbookSource(path, file, name),
        "lines": lambda: JsonLinesSource(path, file, name, answers.get(file, "")),
        "parquet": lambda: ParquetSource(path, file, name),
        "sqlite": lambda: SqliteSource(path, file),
    }
    if found not in readers:
        raise Malformed(
            "file.unsupported", "custody cannot read this kind of file.", where={"file": file, "reason": found},
            next="Save it as CSV or .xlsx.",
        )  # fmt: skip
    return readers[found]()
