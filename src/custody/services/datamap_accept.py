"""Sign the reviewed data map into the ledger: from here on it is what decides (A2, E4)."""

from collections.abc import Mapping
from typing import Final

from custody.acts.desk import Desk
from custody.acts.rescan import changes
from custody.acts.statements import issue
from custody.base.canonical import Json
from custody.base.errors import Malformed
from custody.base.statement import subject
from custody.classify.datamap import digest, from_yaml, unsure
from custody.model.datamap import DataMap
from custody.package.statements import DataMapSigned
from custody.ports.store import one

SIGNERS: Final = ("privacy", "owner")


def datamap_accept(desk: Desk, text: str) -> Mapping[str, Json]:
    """Check the whole file, then sign its digest. Raises Malformed `datamap.form` with every fault at once, `datamap.empty`.

    What was accepted before and has not changed stands; the result names what this acceptance adds.
    """
    desk.require(SIGNERS)
    datamap = from_yaml(text)
    if not datamap.tables:
        raise Malformed("datamap.empty", "The data map has no table: there is nothing to hand over.",
                        next="Scan again: each file that was not looked at stands under `notes`, with its reason.")  # fmt: skip
    found = digest(datamap)
    last = _last(desk, found)
    told = changes(last, datamap) if last else ()
    with desk.store.write() as tx:
        known = one(tx, "statement", matter=found, kind="datamap")
        if known is None:
            says = DataMapSigned(
                tables=len(datamap.tables), compartments=len(datamap.compartments), taxonomy=datamap.taxonomy
            )
            issue(desk, tx, found, [subject("datamap", found)], says)
    desk.files.write(f"matters/datamaps/{found.removeprefix('sha256:')}.yaml", text.encode())
    touched = {one.table for one in told} if last else {table.name for table in datamap.tables}
    unsure_now = sum(len(unsure(table)) for table in datamap.tables)
    listed: list[Json] = [
        {"table": one.table, "column": one.column, "what": one.what, "before": one.before, "after": one.after}
        for one in told
    ]
    return {"datamap": found, "tables": len(datamap.tables), "compartments": len(datamap.compartments),
            "unsure": unsure_now, "unchanged": len({table.name for table in datamap.tables} - touched), "changes": listed,
            "resumed": known is not None}  # fmt: skip


def _last(desk: Desk, found: str) -> DataMap | None:
    """The map accepted last, if it is another one and still on file."""
    with desk.store.read() as tx:
        rows = tx.find("statement", order=("position",), kind="datamap")
    earlier = [str(row["matter"]) for row in rows if row["matter"] != found]
    file = f"matters/datamaps/{earlier[-1].removeprefix('sha256:')}.yaml" if earlier else ""
    return from_yaml(desk.files.read(file).decode()) if file and desk.files.path(file).is_file() else None
