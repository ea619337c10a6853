"""Sign the reviewed data map into the ledger: from here on it is what decides (A2, E4)."""

from collections.abc import Mapping

from custody.acts.desk import Desk
from custody.acts.statements import issue
from custody.base.canonical import Json
from custody.base.statement import subject
from custody.classify.datamap import digest, from_yaml
from custody.package.statements import DataMapSigned
from custody.ports.store import one


def datamap_accept(desk: Desk, text: str) -> Mapping[str, Json]:
    """Check the whole file, then sign its digest. Raises Malformed `datamap.form` with every fault at once."""
    desk.require(("privacy", "owner"))
    datamap = from_yaml(text)
    found = digest(datamap)
    with desk.store.write() as tx:
        known = one(tx, "statement", matter=found, kind="datamap")
        if known is None:
            says = DataMapSigned(
                tables=len(datamap.tables), compartments=len(datamap.compartments), taxonomy=datamap.taxonomy
            )
            issue(desk, tx, found, [subject("datamap", found)], says)
    desk.files.write(f"matters/datamaps/{found.removeprefix('sha256:')}.yaml", text.encode())
    return {"datamap": found, "tables": len(datamap.tables), "compartments": len(datamap.compartments),
            "resumed": known is not None}  # fmt: skip
