"""From what a person names (a file, a folder, `sqlite:///path`) to sources, in a stable order."""

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from custody.adapters.sources.sqlite import SqliteSource
from custody.adapters.sources.text import TextSource
from custody.adapters.sources.xlsx import WorkbookSource
from custody.base.errors import CustodyError, Missing
from custody.ports.source import Quarantine, Quarantined, Source

_TEXT: Final = frozenset((".csv", ".tsv", ".txt"))
_BOOK: Final = frozenset((".xlsx", ".xlsm", ".xls"))
_BASE: Final = frozenset((".sqlite", ".sqlite3", ".db"))


class FileOpener:
    """See `ports.source.SourceOpener`. `encodings` holds people's answers by file name."""

    def __init__(self, encodings: Mapping[str, str] | None = None) -> None:
        self._encodings = dict(encodings or {})

    def open(self, target: str, quarantine: Quarantine) -> Sequence[Source]:
        """Open everything readable below `target`. Raises Missing `source.missing`."""
        path = Path(target.removeprefix("sqlite:///"))
        if not path.exists():
            raise Missing("source.missing", "There is no such file or folder.", next="Check the path.")
        files = sorted(one for one in path.rglob("*") if one.is_file()) if path.is_dir() else [path]
        top = path if path.is_dir() else path.parent
        stems = Counter(one.stem for one in files)
        sources: list[Source] = []
        for one in files:
            name = (
                one.stem if stems[one.stem] == 1 else one.relative_to(top).with_suffix("").as_posix().replace("/", ".")
            )
            source = self._source(one, one.relative_to(top).as_posix(), name)
            if source is None:
                quarantine(Quarantined(name, one.name, None, None, "file.unknown", one.suffix))
                continue
            try:
                source.heads()
            except CustodyError as error:
                quarantine(Quarantined(name, one.name, None, None, error.slug, error.message))
                continue
            sources.append(source)
        return sources

    def _source(self, path: Path, file: str, name: str) -> Source | None:
        suffix = path.suffix.lower()
        if suffix in _TEXT:
            return TextSource(path, file, name, tabs=suffix == ".tsv", encoding=self._encodings.get(file, ""))
        if suffix in _BOOK:
            return WorkbookSource(path, file, name)
        if suffix in _BASE:
            return SqliteSource(path, file)
        return None
