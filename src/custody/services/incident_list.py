"""The register of incidents, each with whom the law says to tell and by when (E2; spec/incidents.md)."""

from collections.abc import Mapping

from custody.acts import incidents
from custody.acts.desk import Desk
from custody.acts.incidents import KIND, READERS
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.ports.laws import Laws


def incident_list(desk: Desk, laws: Laws, ref: str | None = None) -> Mapping[str, Json]:
    """All, the newest first, or one. Raises Missing `incident.unknown`."""
    desk.require(READERS)
    now = stamp(desk.clock.now())
    with desk.store.read() as tx:
        rows = (
            [incidents.incident(tx, desk.space, ref)]
            if ref
            else tx.find("matter", order=("-ref",), party=desk.space, kind=KIND)
        )
        return {"incidents": [incidents.told(tx, laws, row, desk.card.place, now) for row in rows]}
