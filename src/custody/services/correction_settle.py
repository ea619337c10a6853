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


def correction_settle(desk: Desk, named_deal: str, source: Files) -> Mapping[str, Json]:
    """Raises Broken `correction.foreign` for an answer to anything else than what was sent."""
    desk.require(("owner", "privacy", "data"))
    settled, waiting, answers = 0, 0, list[Json]()
    with desk.store.write() as tx:
        matter, now = deal(tx, desk.space, named_deal), stamp(desk.clock.now())
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
            if (said.deal, said.n, said.corrected) != (str(matter["ref"]), n, str(row["sha256"])):
                raise Broken(
                    "correction.foreign", "This answers other corrections than those that were sent.", kind="replayed"
                )
            told = tx.change(
                "correction_to", {"state": corrections.TOLD, "at": now}, name=name, n=n, state=corrections.SENT
            )
            settled += told
            answers.append({"n": n, "applied": said.applied, "absent": said.absent, "at": said.answered_at})
            if told:
                append(
                    tx,
                    desk.space,
                    now,
                    "corrections-adopted",
                    {"n": n, "applied": said.applied, "absent": said.absent},
                    detail={"matter": name},
                )
    return {
        "deal": str(matter["ref"]),
        "settled": settled,
        "waiting": waiting,
        "answers": answers,
        "mirrored": mirrored(desk),
    }
