"""Show a data map for review: tables, and their columns, the unsure ones first (A2)."""

from collections.abc import Mapping, Sequence

from custody.base.canonical import Json
from custody.base.errors import Missing
from custody.classify.datamap import digest, from_yaml
from custody.classify.taxonomy import classes
from custody.model.datamap import ColumnMap, TableMap

_UNSURE = 60
_PEOPLE = ("subject", "other-people")


def datamap_show(text: str, table: str = "", *, unsure_only: bool = False) -> Mapping[str, Json]:
    """The map, or one table of it. Raises Malformed `datamap.form` with every fault and its line."""
    datamap = from_yaml(text)
    chosen = [one for one in datamap.tables if table in {"", one.name}]
    if table and not chosen:
        raise Missing(
            "datamap.target", "The data map has no such table or column.", next="custody datamap show DATAMAP"
        )
    waiting = sum(1 for one in datamap.tables for column in one.columns if _doubtful(column))
    confirmed = sum(1 for one in datamap.tables for column in one.columns if column.confirmed_by)
    tables: list[Json] = [_table(one, unsure_only) for one in chosen]
    return {
        "datamap": digest(datamap), "tables": tables, "unsure": waiting, "confirmed": confirmed,
        "columns": sum(len(one.columns) for one in datamap.tables),
        "people": any(one.role in _PEOPLE for one in datamap.tables),
    }  # fmt: skip


def _table(one: TableMap, unsure_only: bool) -> Json:
    columns = sorted(one.columns, key=lambda column: (not _doubtful(column), column.confidence))
    paths: list[Json] = [" → ".join(f"{hop.column} = {hop.table}.{hop.key}" for hop in path) for path in one.paths]
    shown: list[Json] = [_column(column) for column in columns if _doubtful(column) or not unsure_only]
    return {
        "name": one.name, "file": one.file, "encoding": one.encoding, "unsure": sum(1 for column in columns if _doubtful(column)), "role": one.role, "kind": one.kind, "rows": one.rows, "quarantined": one.quarantined,
        "subject_key": one.subject_key, "paths": paths, "basis": one.basis, "retention": one.retention, "residence": one.residence, "repeats": one.repeats == "yes", "columns": shown,
    }  # fmt: skip


def _column(one: ColumnMap) -> Json:
    words: Sequence[Json] = list(one.why)
    return {
        "name": one.name, "class": one.cls, "level": one.level, "tier": one.tier, "purposes": list(one.purposes),
        "compartment": one.compartment, "confidence": one.confidence, "confirmed_by": one.confirmed_by, "why": list(words), "unsure": _doubtful(one),
        "lowest": classes()[one.cls].level,
    }  # fmt: skip


def _doubtful(one: ColumnMap) -> bool:
    return one.confidence < _UNSURE and not one.confirmed_by
