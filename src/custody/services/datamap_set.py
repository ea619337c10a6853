"""Decide about a table or a column of a data map, in its file, under one's name (A2)."""

from collections.abc import Mapping, Sequence

from custody.acts.editing import change
from custody.acts.rescan import changes
from custody.base.canonical import Json
from custody.base.errors import Malformed, Missing
from custody.classify.datamap import digest, from_yaml, unsure


def datamap_set(text: str, target: str, told: Sequence[str], by: str) -> tuple[str, Mapping[str, Json]]:
    """(the file's new text, what changed, how many columns wait). Nothing told: what stands is confirmed, of a table all but the columns that wait. Raises Malformed, Missing."""
    if not by:
        raise Missing("act.nobody", "Say who acts.", next="Use --as HANDLE or CUSTODY_AS.")
    before = from_yaml(text)
    edited = change(text, target, _settings(told), by)
    after = from_yaml(edited)
    found: list[Json] = [
        {"table": one.table, "column": one.column, "what": one.what, "before": one.before, "after": one.after}
        for one in changes(before, after)
    ]
    return edited, {"datamap": digest(after), "changes": found, "unsure": sum(len(unsure(one)) for one in after.tables)}


def _settings(told: Sequence[str]) -> dict[str, str]:
    for one in told:
        if "=" not in one:
            raise Malformed("datamap.setting", "A setting is told as KEY=VALUE.", next="class=contact.phone")
    return dict(one.split("=", 1) for one in told)
