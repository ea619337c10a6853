"""Papers that guardians sent by the page: sealed under the child's own key as soon as they came, shown to staff one look at a time (spec/consent.md §8)."""

from collections.abc import Sequence
from typing import Final, NamedTuple, cast

from custody.acts.about import Own, about
from custody.acts.desk import Desk
from custody.acts.vaults import AUDIT, open_keyring, sha256
from custody.base.canonical import Json
from custody.base.errors import Broken, Missing
from custody.ports.store import Cells, Row, Transaction, one
from custody.vault.record import new_header, open_record, parse, seal

MOST_BYTES: Final = 8 * 2**20
KEPT: Final = 3
"""Of one child in one deal: a newer one takes the place of the oldest."""
A_DAY: Final = 6
SCHEMA: Final = 0xFFFE
"""A paper is no opening of an entry, and is never taken for one."""


class Came(NamedTuple):
    """What is known of a paper besides the picture."""

    kind: str
    sha256: str
    at: str
    position: int


def keep(tx: Transaction, matter: Row, who: Own, came: Came, data: bytes) -> None:
    """Seal `data`, of which the entry at that position tells; the oldest go where there are enough."""
    header = new_header(AUDIT, SCHEMA, who.subject, came.position, who.suite.key_id(who.key), suite=who.suite)
    (sealed,) = seal(who.origin, [(header, who.key, data)], count=1)
    tx.drop("guardian_paper", **_key(matter, who.subject), sha256=came.sha256)
    for old in papers(tx, matter, who.subject)[KEPT - 1 :]:
        tx.drop("guardian_paper", **_key(matter, who.subject), sha256=old["sha256"])
    row: Cells = {**_key(matter, who.subject), **came._asdict(), "looked_by": "", "sealed": sealed}
    tx.add("guardian_paper", [row])


def papers(tx: Transaction, matter: Row, subject: bytes) -> Sequence[Row]:
    """Those on file, the newest first."""
    return tx.find("guardian_paper", order=("-position",), **_key(matter, subject))


def paper(tx: Transaction, matter: Row, subject: bytes, digest: str) -> Row:
    """The one of this digest. Raises Missing `guardian.no-paper`."""
    found = one(tx, "guardian_paper", **_key(matter, subject), sha256=digest)
    if found is None:
        raise Missing(
            "guardian.no-paper", "No such paper came by this child's page.", next="Open the guardian's page again."
        )
    return found


def looked(tx: Transaction, matter: Row, subject: bytes, digest: str, by: str) -> None:
    """Note who looked at it last."""
    tx.change("guardian_paper", {"looked_by": by}, **_key(matter, subject), sha256=digest)


def opened(desk: Desk, tx: Transaction, matter: Row, subject: Row, row: Row) -> bytes:
    """What was sent. Raises Broken `vault.misplaced` for another person's or entry's paper, else as `open_record`."""
    ring = open_keyring(desk, tx, str(matter["vault"]))
    who = about(tx, ring, cast("bytes", subject["id"]), cast("bytes", subject["slots"]))
    header = parse(cast("bytes", row["sealed"]))
    data = bytes(open_record(who.origin, who.key, cast("bytes", row["sealed"]))[1])
    said = (header.subject, header.record, header.compartment, header.schema, sha256(data))
    if said != (who.subject, row["position"], AUDIT, SCHEMA, row["sha256"]):
        raise Broken("vault.misplaced", "Another paper lies where this one should.", kind="swapped", next="custody vault check")  # fmt: skip
    return data


def shown(rows: Sequence[Row], person: str) -> list[Json]:
    """As the guardian's page lists them for staff: of which kind, since when, and whether this person looked at it last."""
    names = ("sha256", "kind", "at")
    return [{**{name: str(row[name]) for name in names}, "mine": row["looked_by"] == person} for row in rows]


def _key(matter: Row, subject: bytes) -> dict[str, str | bytes]:
    return {"vault": str(matter["vault"]), "subject": subject, "matter": str(matter["id"])}
