"""What is done with personal data, gathered from the data map: one activity per kind of people and set of purposes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from custody.model.datamap import ColumnMap, DataMap, TableMap
from custody.privacy.vocabularies import known


@dataclass(frozen=True, slots=True)
class Activity:
    """Personal columns that serve the same purposes for the same kind of people, on one basis, kept equally long."""

    kind: str
    purposes: tuple[str, ...]
    basis: str
    retention: str
    columns: tuple[tuple[TableMap, ColumnMap], ...]

    @property
    def classes(self) -> tuple[str, ...]:
        """The classes of its columns, each once."""
        return tuple(sorted({column.cls for _, column in self.columns}))

    @property
    def tables(self) -> tuple[str, ...]:
        """The tables its columns stand in, each once."""
        return tuple(dict.fromkeys(table.name for table, _ in self.columns))

    @property
    def sensitive(self) -> bool:
        """Whether any column has the sensitive tier."""
        return any(column.tier == "sensitive" for _, column in self.columns)


def activities(datamap: DataMap) -> tuple[Activity, ...]:
    """All of them, in the order of the map."""
    found: dict[tuple[str, tuple[str, ...], str, str], list[tuple[TableMap, ColumnMap]]] = {}
    for table, column in personal(datamap):
        marketing = column.purposes == ("marketing",)
        basis, kept = ("consent", "until-withdrawn") if marketing else (table.basis, table.retention)
        found.setdefault((table.kind, column.purposes, basis, kept), []).append((table, column))
    return tuple(Activity(*key, tuple(columns)) for key, columns in found.items())


def personal(datamap: DataMap) -> Iterator[tuple[TableMap, ColumnMap]]:
    """Every column that says something about a person."""
    for table in datamap.tables:
        if table.role != "reference":
            yield from ((table, column) for column in table.columns if column.level != "none")


def spoken(classes: Sequence[str], words: "dict[str, tuple[str, str]]") -> list[dict[str, str]]:
    """Classes with their words in both languages, their category of GB/T 35273 and their grade of GB/T 43697."""
    return [
        {
            "class": one,
            "zh": words[one][0],
            "en": words[one][1],
            **{name: known("class", one, name) for name in _STANDARDS},
        }
        for one in classes
    ]


_STANDARDS = ("gbt35273", "gbt43697")
