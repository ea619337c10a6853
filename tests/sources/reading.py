"""Reading a source whole, for tests: rows by ordinal, what went to quarantine, and that the two add up."""

from pathlib import Path

from custody.acts.rows import rows
from custody.adapters.sources.text import TextSource
from custody.ports.source import Quarantined, Source


def whole(source: Source, table: str = "") -> tuple[dict[int, tuple[object, ...]], list[Quarantined]]:
    """({ordinal: values}, quarantined) of one table; together they are every row met, each once."""
    name = table or source.heads()[0].name
    rejected: list[Quarantined] = []
    found = {row: values for batch in source.read(name, rejected.append) for row, values in rows(batch)}
    met = sorted([*found, *(one.row for one in rejected if one.row is not None)])
    assert met == list(range(1, len(met) + 1))
    return found, rejected


def text(path: Path, data: bytes, encoding: str = "") -> TextSource:
    """A text source over bytes."""
    path.write_bytes(data)
    return TextSource(path, path.name, path.stem, encoding=encoding)
