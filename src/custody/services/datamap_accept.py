"""Sign the reviewed data map into the ledger: from here on it is what decides (A2, E4)."""

from collections.abc import Mapping

from custody.acts.desk import Desk
from custody.acts.statements import issue
from custody.base.canonical import Json
from custody.base.statement import subject
from custody.classify.datamap import digest, from_yaml
from custody.ports.store import one


def datamap_accept(desk: Desk, text: str) -> Mapping[str, Json]:
    """Check the whole file, then sign its digest. Raises Malformed `datamap.form` with every fault at once."""
    desk.require(("privacy", "owner"))
    datamap = from_yaml(text)
    found = digest(datamap)
    with desk.store.write() as tx:
        known = one(tx, "statement", matter=found, kind="datamap")
        if known is None:
            roles: dict[str, Json] = {table.name: table.role for table in datamap.tables}
            predicate: dict[str, Json] = {"tables": len(roles), "compartments": len(datamap.compartments)}
            issue(desk, tx, found, "datamap", [subject("datamap", found)], predicate)
    desk.files.write(f"matters/datamaps/{found.removeprefix('sha256:')}.yaml", text.encode())
    return {"datamap": found, "tables": len(datamap.tables), "compartments": len(datamap.compartments),
            "resumed": known is not None}  # fmt: skip
