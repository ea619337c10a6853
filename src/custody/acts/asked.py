"""Requests as staff see them: by reference, with their clock; whose they are by random id."""

from collections.abc import Mapping
from typing import Final, cast

from custody.acts.about import about, open_detail
from custody.acts.bounds import told as clocks
from custody.acts.desk import Desk
from custody.acts.members import concerns
from custody.acts.refusals import told as refusal
from custody.acts.vaults import open_keyring
from custody.base import ids
from custody.base.canonical import Json
from custody.base.errors import Missing
from custody.ports.store import Row, Transaction, one

PAUSED: Final = "paused"
ENDED: Final = ("granted", "partly", "refused")
"""How staff may answer."""
WITHDRAWN: Final = "withdrawn"
"""The person took it back: nobody else may say so."""


def request(desk: Desk, tx: Transaction, ref: str) -> Row:
    """The request with this reference, of this company and of a deal that the acting person sees. Raises Missing `request.unknown`."""
    found = [row for row in tx.find("request", ref=ref) if ours(desk, tx, row)]
    if not found:
        raise Missing("request.unknown", "There is no such request.", next="custody request list")
    return found[0]


def said_with(desk: Desk, tx: Transaction, row: Row, subject: Row) -> dict[str, str]:
    """Their words, and the controller that they named, opened with the person's own key. Raises Broken as `open_detail`."""
    told = entered(desk, tx, row, subject, cast("int", row["position"]))
    return {name: str(told.get(name) or "") for name in ("note", "controller")}


def entered(desk: Desk, tx: Transaction, row: Row, subject: Row, position: int) -> Mapping[str, Json]:
    """The opening of an entry about a request, by its person's own key. Raises Broken as `open_detail`."""
    ring = open_keyring(desk, tx, str(row["vault"]))
    who = about(tx, ring, cast("bytes", row["subject"]), cast("bytes", subject["slots"]))
    opening = cast("Row", one(tx, "opening", space=desk.space, position=position))
    return open_detail(cast("bytes", opening["detail"]), who, position)


def ours(desk: Desk, tx: Transaction, row: Row) -> bool:
    """Whether the request is about data of this party, and of a deal that the acting person sees."""
    vault = one(tx, "vault", id=row["vault"])
    return vault is not None and vault["party"] == desk.space and concerns(desk, tx, row)


def late(row: Row, now: str) -> bool:
    """Whether its answer came, or is, after its last day (spec/requests.md §2)."""
    return bool(row["last_at"]) and (str(row["closed_at"]) or now) > str(row["last_at"])


def told(row: Row, now: str) -> dict[str, Json]:
    """One line of the list."""
    names = ("ref", "kind", "channel", "proof", "state", "received_at", "due_at", "rule", "closed_at")
    said: Mapping[str, Json] = {name: str(row[name]) for name in names}
    return {
        **said,
        **clocks(row),
        **refusal(row),
        "subject": ids.subject_text(cast("bytes", row["subject"])),
        "late": late(row, now),
    }
