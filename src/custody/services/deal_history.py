"""What was said about a deal, fact by fact, with every version: value, when, by whom (C1)."""

from collections import defaultdict
from collections.abc import Mapping
from typing import cast

from custody.acts import lawbook
from custody.acts.desk import Desk
from custody.acts.interviewing import part
from custody.acts.matters import deal
from custody.acts.people import by_id
from custody.base import canonical
from custody.base.canonical import Json
from custody.ports.laws import Laws
from custody.ports.store import Row, Transaction


def deal_history(desk: Desk, laws: Laws, named: str) -> Mapping[str, Json]:
    """Each fact with its words and its versions, the newest first; null is "don't know", `by` is empty where it follows of itself."""
    schema = lawbook.schema(laws)
    with desk.store.read() as tx:
        matter = deal(desk, tx, named)
        rows = tx.find("fact", order=("version",), matter=str(matter["id"]))
        handles = _handles(tx, rows)
    versions: dict[str, list[Json]] = defaultdict(list)
    for row in reversed(rows):
        versions[str(row["leaf"])].append(_version(row, handles))
    told: list[Json] = [
        {**part(schema.leaves[leaf], ()), **cast("dict[str, Json]", found[0]), "versions": found}
        for leaf, found in sorted(versions.items())
        if leaf in schema.leaves
    ]
    return {"deal": str(matter["ref"]), "version": int(matter["version"] or 1), "facts": told}


def _version(row: Row, handles: Mapping[str, str]) -> Json:
    return {
        "version": int(row["version"] or 1), "value": canonical.decode(cast("bytes", row["value"])), "at": str(row["at"]),
        "by": handles.get(str(row["principal"]), ""),
    }  # fmt: skip


def _handles(tx: Transaction, rows: list[Row]) -> dict[str, str]:
    people = {str(row["principal"]) for row in rows} - {""}
    return {one: by_id(tx, one).handle for one in people}
