"""How results look to people: plain rows of name and value, tables where there are many."""

from collections.abc import Mapping, Sequence

from rich.table import Table

from custody.cli.verb import Result


def facts(result: Result, _lang: str) -> Table:
    """Name and value, one per line; nested values as short text."""
    table = Table.grid(padding=(0, 2))
    for name, value in result.items():
        table.add_row(name.replace("_", " "), brief(value))
    return table


def grid(rows: Sequence[Mapping[str, object]], columns: Sequence[str]) -> Table:
    """Many rows of the same columns; numbers to the right."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        numeric = all(isinstance(row.get(column), int) for row in rows) and bool(rows)
        table.add_column(column.replace("_", " "), justify="right" if numeric else "left")
    for row in rows:
        table.add_row(*(brief(row.get(column)) for column in columns))
    return table


def brief(value: object) -> str:
    """One value in one line."""
    if isinstance(value, bool):
        return "✓" if value else "–"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {brief(item)}" for key, item in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(brief(item) for item in value)
    return "" if value is None else str(value)
