"""Requests as staff see them: by reference, with their clock; whose they are by random id."""

from collections.abc import Mapping, Sequence
from typing import Final, cast

from custody.acts.about import about, open_detail
from custody.acts.bounds import told as clocks
from custody.acts.desk import Desk
from custody.acts.members import among, concerns, see
from custody.acts.noted import OF_THE_VAULT
from custody.acts.refusals import told as refusal
from custody.acts.vaults import open_keyring
from custody.base import ids
from custody.base.canonical import Json
from custody.base.errors import Denied, Missing
from custody.ports.store import AnyOf, Condition, OneOf, Row, Transaction, one

PAUSED: Final = "paused"
ENDED: Final = ("granted", "partly", "refused")
"""How staff may answer."""
OFFICER: Final = "privacy"
WITHDRAWN: Final = "withdrawn"
"""The person took it back: nobody else may say so."""


def request(desk: Desk, tx: Transaction, ref: str) -> Row:
    """The request with this reference, of this company, and the acting person's to see. Raises Missing `request.unknown`."""
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
    """Whether the request is about data of this party, and the acting person's to see."""
    vault = one(tx, "vault", id=row["vault"])
    return vault is not None and vault["party"] == desk.space and open_to(desk, tx, row)


def open_to(desk: Desk, tx: Transaction, row: Row) -> bool:
    """Whether it is of a deal that the acting person sees, or of the vault and they are a privacy officer."""
    return (OFFICER in desk.principal.roles and row["kind"] in OF_THE_VAULT) or concerns(desk, tx, row)


def open_among(desk: Desk, tx: Transaction) -> Sequence[Condition]:
    """The same, of a list of requests."""
    mine = among(desk, tx, "matter")
    return [AnyOf([*mine, OneOf("kind", OF_THE_VAULT)])] if mine and OFFICER in desk.principal.roles else mine


def seers(desk: Desk, tx: Transaction, row: Row) -> frozenset[str]:
    """The principals of the company who see it and act here."""
    found = see(tx, desk.space, str(row["matter"]), desk.today())
    rows = tx.find("principal", order=("id",), party=desk.space, revoked_at="") if row["kind"] in OF_THE_VAULT else ()
    return found | {str(each["id"]) for each in rows if OFFICER in str(each["roles"]).split(",")}


def require_of_deal(desk: Desk, tx: Transaction, row: Row) -> None:
    """What is packed for a person tells of the deal, too: who sees the request for the vault's sake alone packs nothing. Raises Denied `request.deal`."""
    if not concerns(desk, tx, row):
        raise Denied(
            "request.deal", "The answer also tells what a deal does with this person's data, and you are no member of it.",
            next="An owner, or a privacy officer of the deal: custody request answer REF",
        )  # fmt: skip


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
