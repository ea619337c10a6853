"""What differs between two data maps: tables, columns, classes, rows, and whose confirmation no longer holds (A2)."""

from collections.abc import Mapping

from custody.acts.rescan import changes
from custody.base.canonical import Json
from custody.classify.datamap import digest, from_yaml


def datamap_diff(old: str, new: str) -> Mapping[str, Json]:
    """Differences only. Raises Malformed `datamap.form`."""
    before, after = from_yaml(old), from_yaml(new)
    found: list[Json] = [
        {"table": one.table, "column": one.column, "what": one.what, "before": one.before, "after": one.after}
        for one in changes(before, after)
    ]
    return {"before": digest(before), "after": digest(after), "same": digest(before) == digest(after), "changes": found}
