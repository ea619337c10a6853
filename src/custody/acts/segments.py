"""Write one more segment of a vault: durable under its name before any row names it, so that a crash leaves garbage."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from custody.acts.desk import Desk
from custody.base import ids
from custody.ports.store import Cells, Row
from custody.vault.record import new_header, seal
from custody.vault.segment import SegmentWriter
from custody.vault.suite import Suite


class Draft(NamedTuple):
    """One record to be sealed under `dek`."""

    subject: bytes
    record: int
    compartment: int
    schema: int
    revision: int
    payload: bytes
    dek: bytes

    def __repr__(self) -> str:
        return f"Draft(record={self.record}, compartment={self.compartment}, revision={self.revision})"


@dataclass(frozen=True, slots=True)
class Written:
    """The row of the segment, where each draft lies in it, in order, and the suite they were sealed in."""

    row: Row
    places: Sequence[tuple[int, int]]
    suite: Suite

    def location(self, number: int) -> Cells:
        """What a record's row says of the draft `number`."""
        position, length = self.places[number]
        return {"segment": self.row["id"], "position": position, "length": length}


def write_segment(desk: Desk, vault: Row, drafts: Sequence[Draft], suite: Suite) -> Written:
    """Seal the drafts into a new segment of the vault `vault`, which is their origin from now on; their keys go on pages of `suite`."""
    origin, segment = ids.id_bytes(str(vault["id"])), ids.new("dmp")
    file = f"vaults/{vault['name']!s}/segments/{segment}.seg"
    items = (
        (new_header(one.compartment, one.schema, one.subject, one.record, suite.key_id(one.dek), revision=one.revision,
                    suite=suite), one.dek, one.payload) for one in drafts
    )  # fmt: skip
    with desk.files.writer(file) as target:
        writer = SegmentWriter(target, origin, ids.id_bytes(segment), suite)
        places = writer.extend(seal(origin, items, count=len(drafts)))
        sha = writer.close()
    row: Cells = {"vault": str(vault["id"]), "id": segment, "origin": str(vault["id"]), "file": file, "bytes": writer.size,
                  "records": writer.records, "sha256": sha}  # fmt: skip
    return Written(row, places, suite)
