"""At the seller: the buyer's answers to corrections, verified; what they answer is acknowledged (A7; spec/freshness.md §5)."""

from collections.abc import Mapping
from typing import cast

from custody.acts import corrections
from custody.acts.bundling import ANSWER, folder
from custody.acts.desk import Desk
from custody.acts.evidence import append
from custody.acts.handing import counterparty, understood
from custody.acts.matters import deal
from custody.acts.mirroring import mirrored
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.base.errors import Broken, Missing
from custody.package.corrected import Adopted, Corrected
from custody.ports.files import Files
from custody.ports.store import Transaction


def correction_settle(desk: Desk, named_deal: str, source: Files) -> Mapping[str, Json]:
    """Raises Broken `correction.foreign` for an answer to anything else than what was sent."""
    desk.require(("owner", "privacy", "data"))
    settled, waiting, answers = 0, 0, list[Json]()
    with desk.store.write() as tx:
        matter, now = deal(desk, tx, named_deal), stamp(desk.clock.now())
        name = str(matter["id"])
        buyer = counterparty(tx, str(matter["counterparty"]))
        for row in tx.find("statement", order=("n",), matter=name, kind=Corrected.KIND):
            n = cast("int", row["n"])
            try:
                said = understood(
                    source.read(f"{folder(n)}/{ANSWER}"), Adopted, buyer.identity, rehearsal=desk.rehearsal
                )
            except Missing:
                waiting += 1
                continue
            sent = understood(cast("bytes", row["envelope"]), Corrected, desk.signer.identity, rehearsal=desk.rehearsal)
            if (said.deal, said.n) != (str(matter["ref"]), n) or said.corrected not in {
                str(row["sha256"]),
                *sent.replaces,
            }:
                raise Broken(
                    "correction.foreign", "This answers other corrections than those that were sent.", kind="replayed"
                )
            told, held = _noted(tx, name, said, now)
            settled += told
            counts: dict[str, Json] = {"n": n, "applied": said.applied, "absent": said.absent, "newer": said.newer}
            answers.append({**counts, "at": said.answered_at})
            if told or held:
                append(tx, desk.space, now, "corrections-adopted", counts, detail={"matter": name})
    return {
        "deal": str(matter["ref"]),
        "settled": settled,
        "waiting": waiting,
        "answers": answers,
        "mirrored": mirrored(desk),
    }


def _noted(tx: Transaction, matter: str, said: Adopted, now: str) -> tuple[int, int]:
    """How many of the bundle are acknowledged by this answer, and how many the buyer does not hold; those stay due."""
    absent = {each.correction for each in said.left if each.why == "absent"}
    told, held = 0, 0
    for to in tx.find("correction_to", name=matter, n=said.n, state=corrections.SENT):
        missed = to["correction"] in absent or (said.absent > 0 and not absent)
        tx.change(
            "correction_to",
            {"state": corrections.ABSENT if missed else corrections.TOLD, "at": now},
            correction=to["correction"],
            name=matter,
        )
        told, held = told + (not missed), held + missed
    return told, held
