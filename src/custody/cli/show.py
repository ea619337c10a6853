"""How results look to people: labelled lines, and a table wherever there are many of a kind."""

from collections.abc import Mapping, Sequence

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from custody.cli.labels import code, label
from custody.cli.verb import Result

_WIDE = 6


def facts(result: Result, lang: str) -> RenderableType:
    """Name and value, one per line; rows of the same shape as a table below."""
    lines = Table.grid(padding=(0, 2))
    below: list[RenderableType] = []
    for name, value in result.items():
        rows = rows_of(value)
        if isinstance(value, Mapping) and len(value) > _WIDE:
            below += [Text(), Text(label(name, lang), style="bold"), _pairs(value, lang)]
        elif rows and len(rows[0]) <= _WIDE:
            below += [Text(), Text(label(name, lang), style="bold"), grid(rows, tuple(rows[0]), lang)]
        elif value not in (None, "", [], {}):
            lines.add_row(Text(label(name, lang), style="dim"), Text(brief(value, lang)))
    return Group(lines, *below)


def _pairs(value: Mapping[str, object], lang: str) -> Table:
    lines = Table.grid(padding=(0, 2))
    for name, item in value.items():
        lines.add_row(Text(f"  {label(name, lang)}", style="dim"), Text(brief(item, lang)))
    return lines


def rows_of(value: object) -> list[Mapping[str, object]]:
    """The rows, when `value` is a list of flat records; else nothing."""
    if not isinstance(value, list) or not all(isinstance(one, Mapping) and one for one in value):
        return []
    return value


def grid(rows: Sequence[Mapping[str, object]], columns: Sequence[str], lang: str = "en") -> Table:
    """Many rows of the same columns; numbers to the right."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        numeric = all(isinstance(row.get(column), int) for row in rows) and bool(rows)
        table.add_column(label(column, lang), justify="right" if numeric else "left", overflow="fold")
    for row in rows:
        table.add_row(*(Text(brief(row.get(column), lang)) for column in columns))
    return table


def brief(value: object, lang: str = "en") -> str:
    """One value in one line."""
    if isinstance(value, bool):
        return "✓" if value else "–"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, Mapping):
        return " · ".join(f"{label(str(key), lang)} {brief(item, lang)}" for key, item in value.items())
    if isinstance(value, list | tuple):
        return " · ".join(brief(item, lang) for item in value)
    return "" if value is None else code(str(value), lang)
