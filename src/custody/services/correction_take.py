"""At the buyer: open the seller's corrections, make them corrections of our own, answer with what was changed (A7; spec/freshness.md §5)."""

from collections import Counter
from collections.abc import Mapping
from typing import Final, Literal, TypeAlias, cast

from custody.acts import corrections
from custody.acts.arriving import invited
from custody.acts.bundling import ANSWER, FILE, SIGNED, Change, folder, opened
from custody.acts.correcting import Place as At
from custody.acts.correcting import cell_at, value_at, write_value
from custody.acts.desk import Desk
from custody.acts.handing import counterparty, statement_row, understood
from custody.acts.layouts import Cell
from custody.acts.matters import deal
from custody.acts.mirroring import mirrored
from custody.acts.policies import CORRECTIONS
from custody.acts.sole import sole_writer
from custody.acts.statements import issue
from custody.acts.vaults import sha256
from custody.acts.waiting import next_corrections
from custody.base import dsse
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.base.errors import Broken, CustodyError, Missing
from custody.base.statement import subject as named
from custody.package import statements
from custody.package.corrected import Adopted, Corrected, Left
from custody.package.release_seal import DealKey
from custody.ports.files import Files
from custody.ports.store import Row, Transaction, one

_Became: TypeAlias = Literal["applied", "absent", "newer"]
_APPLIED: Final = "applied"
_PROOF: Final = "seller"
_REASON: Final = "seller-corrected"
"""Whose bundles come in order: a value that came in one never stands against the next."""


@sole_writer("deal", "named_deal")
def correction_take(desk: Desk, named_deal: str, source: Files) -> Mapping[str, Json]:
    """The next bundle after the last that was answered; an answer that a kill kept from its folder is laid there first. Raises Missing `correction.nothing`, Broken `correction.foreign`, `release.seal`.

    Safe after a break: a value that reads so already is not written again.
    """
    desk.require(("owner", "data"))
    with desk.store.read() as tx:
        matter = deal(desk, tx, named_deal)
        n = next_corrections(tx, str(matter["id"]))
        seller = counterparty(tx, str(matter["counterparty"]))
        to = invited(desk, tx, str(matter["id"]))
        last = statement_row(tx, str(matter["id"]), Adopted.KIND, n - 1) if n > 1 else None
    if last is not None and f"{folder(n - 1)}/{ANSWER}" not in source.list(folder(n - 1)):
        return _laid(desk, source, last)
    try:
        envelope, data = source.read(f"{folder(n)}/{SIGNED}"), source.read(f"{folder(n)}/{FILE}")
    except Missing as error:
        raise Missing(
            "correction.nothing", "No further corrections lie in this folder.", next="custody correction send DEAL"
        ) from error
    says = understood(envelope, Corrected, seller.identity, rehearsal=desk.rehearsal)
    files = statements.read(dsse.open_envelope(envelope, {seller.identity.id: seller.identity}).statement).subjects
    if (says.deal, says.n, says.buyer) != (str(matter["ref"]), n, desk.signer.identity.id) or sha256(
        data
    ) != f"sha256:{files.get(FILE, '')}":
        raise Broken("correction.foreign", "These corrections are of another deal, number or file.", kind="altered")
    if not isinstance(to.key, DealKey):
        raise Missing(
            "invite.missing",
            "The key of this deal was deleted when it was re-sealed.",
            next="custody invite SELLER --anew",
        )
    told = opened(to.key, says.deal, n, data)
    done = [(change, _apply(desk, matter, change)) for change in told]
    left = tuple(Left(each, why) for change, why in done if why != _APPLIED for each in change.corrections)
    count = Counter(why for _, why in done)
    answer = Adopted(
        deal=says.deal,
        n=n,
        corrected=sha256(envelope),
        count=len(told),
        applied=count[_APPLIED],
        absent=count["absent"],
        newer=count["newer"],
        left=left,
        answered_at=stamp(desk.clock.now()),
    )
    with desk.store.write() as tx:
        made = issue(desk, tx, str(matter["id"]), [named(SIGNED, sha256(envelope))], answer, n=n)
        position = statement_row(tx, str(matter["id"]), Adopted.KIND, n)["position"]
    source.write(f"{folder(n)}/{ANSWER}", made)
    return _told(desk, answer, made, position)


def _laid(desk: Desk, source: Files, row: Row) -> Mapping[str, Json]:
    """The answer that was signed and kept, and did not reach its folder: the seller waits for it."""
    made = cast("bytes", row["envelope"])
    answer = understood(made, Adopted, desk.signer.identity, rehearsal=desk.rehearsal)
    source.write(f"{folder(answer.n)}/{ANSWER}", made)
    return _told(desk, answer, made, row["position"])


def _told(desk: Desk, answer: Adopted, made: bytes, position: object) -> Mapping[str, Json]:
    return {"deal": answer.deal, "n": answer.n, "values": answer.count, "applied": answer.applied, "absent": answer.absent, "newer": answer.newer,
            "sha256": sha256(made), "mirrored": mirrored(desk), "ledger": f"{desk.space}@{position!s}"}  # fmt: skip


def _apply(desk: Desk, matter: Row, change: Change) -> _Became:
    """Absent where the person or row is not held, newer where the value was put right here since; else it reads so from now on."""
    vault = str(matter["vault"])
    with desk.store.read() as tx:
        record = one(tx, "record", vault=vault, subject=change.subject, record=change.record)
        if record is None:
            return "absent"
        try:
            cell = cell_at(tx, vault, change.subject, At(change.table, cast("int", record["row"]), change.column))
        except CustodyError:
            return "absent"
        if value_at(desk, tx, vault, change.subject, cell) == change.value:
            return _APPLIED
        if _later(tx, vault, change, cell):
            return "newer"
        policy = CORRECTIONS.in_force(tx, desk.space).policy
    draft = corrections.Draft(vault, change.subject, change.table, change.column, cell, _PROOF, _REASON)
    row = corrections.new_row(desk, draft, corrections.DONE)

    def kept(tx: Transaction, revision: int) -> None:
        corrections.done(desk, tx, row, policy, revision)

    write_value(desk, vault, change.subject, cell, change.value, _REASON, kept)
    return _APPLIED


def _later(tx: Transaction, vault: str, change: Change, cell: Cell) -> bool:
    """Whether this side corrected the value, or took a correction of it back, after the seller did."""
    rows = tx.find("correction", vault=vault, subject=change.subject, tbl=change.table, row=cell.row, col=change.column)
    return any(
        str(row["done_at"]) > change.done_at
        for row in rows
        if row["state"] == corrections.UNDONE or (row["state"] == corrections.DONE and row["reason"] != _REASON)
    )
