"""The data map in fideslang: datasets with their fields, and a system that says what they are used for."""

import re
from collections.abc import Sequence
from typing import Final

from custody.base.canonical import Json
from custody.model.datamap import DataMap, TableMap
from custody.privacy.activities import Activity, activities
from custody.privacy.vocabularies import known, word

_ORGANIZATION: Final = "default_organization"
_SYSTEM: Final = "custody_data_map"


def fideslang(datamap: DataMap) -> dict[str, Json]:
    """`dataset` and `system` resources."""
    files: dict[str, list[TableMap]] = {}
    for table in datamap.tables:
        files.setdefault(table.file, []).append(table)
    keys = _keys(list(files))
    datasets: list[Json] = [_dataset(keys[file], file, tables) for file, tables in files.items()]
    return {"dataset": datasets, "system": [_system(datamap, sorted(keys.values()))]}


def _dataset(key: str, file: str, tables: Sequence[TableMap]) -> Json:
    collections: list[Json] = [_collection(one) for one in tables]
    return {
        "fides_key": key, "organization_fides_key": _ORGANIZATION, "name": file, "description": f"Tables of {file}",
        "collections": collections,
    }  # fmt: skip


def _collection(table: TableMap) -> Json:
    fields: list[Json] = []
    for column in table.columns:
        category = known("class", column.cls, "fides") if table.role != "reference" else ""
        entry: dict[str, Json] = {"name": column.name, "description": column.cls}
        fields.append(entry | {"data_categories": [category or "system.operations"]})
    return {"name": table.name, "description": f"{table.role} {table.kind}".strip(), "fields": fields}


def _system(datamap: DataMap, datasets: Sequence[str]) -> Json:
    declarations = [_declaration(one, purpose) for one in activities(datamap) for purpose in one.purposes]
    return {
        "fides_key": _SYSTEM, "organization_fides_key": _ORGANIZATION, "name": "Data map", "system_type": "Service",
        "description": "What the data map says is done with personal data", "dataset_references": list[Json](datasets),
        "privacy_declarations": declarations,
    }  # fmt: skip


def _declaration(one: Activity, purpose: str) -> Json:
    categories: list[Json] = sorted({known("class", cls, "fides") or "user" for cls in one.classes})  # type: ignore[assignment]
    return {
        "name": f"{one.kind}: {purpose} ({', '.join(one.tables)})", "data_categories": categories,
        "data_use": word("purpose", purpose, "fides"), "data_subjects": [word("kind", one.kind, "fides")],
    }  # fmt: skip


def _keys(files: Sequence[str]) -> dict[str, str]:
    """A key of letters, digits and underscores for each file; those of other scripts get numbers."""
    found: dict[str, str] = {}
    for file in files:
        stem = re.sub(r"[^a-z0-9]+", "_", file.lower()).strip("_") or "dataset"
        key, again = stem, 1
        while key in found.values():
            again += 1
            key = f"{stem}_{again}"
        found[file] = key
    return found
