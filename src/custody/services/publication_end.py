"""A public notice was shown long enough: signed with where and how long, and evidence for those for whom it stands in (B1, spec/campaigns.md §7)."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import cast

from custody.acts.approval import demand
from custody.acts.desk import Desk
from custody.acts.evidence import append
from custody.acts.matters import EVERYTHING, record_evidence, require_live
from custody.acts.mirroring import mirrored
from custody.acts.publishing import approved, publication
from custody.acts.statements import issue
from custody.acts.untrue import require_true
from custody.acts.vaults import sha256
from custody.base.canonical import Json
from custody.base.clock import day, stamp
from custody.base.errors import Malformed, Refused
from custody.base.statement import subject as named
from custody.law.gate import PUBLISHED
from custody.package.published import Published
from custody.ports.store import Row, Transaction, one


def publication_end(desk: Desk, ref: str, until: str, proof: Sequence[bytes], *, dry_run: bool) -> Mapping[str, Json]:
    """Raises Malformed `publication.day`, `publication.words`, Refused `deal.ended`, `campaign.untrue`, `publication.short`, `publication.ended`, `act.unapproved`."""
    desk.require(("owner", "privacy", "lawyer"))
    digests = sorted({sha256(data) for data in proof if data})
    if not digests:
        raise Malformed("publication.words", "Missing or not of its form: proof.")
    with desk.store.write() as tx:
        row = publication(desk, tx, ref)
        require_live(cast("Row", one(tx, "matter", id=str(row["matter"]))))
        require_true(tx, row)
        days = _days(row, until, desk.today())
        people = [
            cast("bytes", each["subject"])
            for each in tx.find("publication_for", order=("subject",), publication=str(row["id"]))
        ]
        content = approved(row, people, until, digests)
        told: dict[str, Json] = {"publication": ref, "people": len(people), "days": days, "proof": list[Json](digests)}
        if dry_run:
            return {**told, "would": {"approve": ["publication", content]}}
        demand(desk, tx, "publication", content, deal=str(row["matter"]), once=True)
        signed, position = _entered(desk, tx, row, people, (until, digests))
    return {**told, "sha256": signed, "ledger": f"{desk.space}@{position}", "mirrored": mirrored(desk)}


def _days(row: Row, until: str, today: date) -> int:
    """How long it stood there; at least what the strictest of its rules asks."""
    if row["ended_at"]:
        raise Refused(
            "publication.ended",
            "This public notice has ended, and its evidence is on file.",
            next="custody publication list",
        )
    last = day(until) or date.max
    first, asked = date.fromisoformat(str(row["from_on"])), cast("int", row["days"])
    if not first <= last <= today:
        raise Malformed("publication.day", "Not a day between the notice's first and today.", next="YYYY-MM-DD")
    if (last - first).days < asked:
        soonest = (first + timedelta(days=asked)).isoformat()
        raise Refused(
            "publication.short", f"The law asks for {asked} days: until {soonest} at least.", next=f"--until {soonest}"
        )
    return (last - first).days


def _entered(
    desk: Desk, tx: Transaction, row: Row, people: Sequence[bytes], shown: tuple[str, list[str]]
) -> tuple[str, int]:
    """(digest of the signed statement, ledger position)."""
    until, digests = shown
    matter = cast("Row", one(tx, "matter", id=str(row["matter"])))
    name = str(matter["id"])
    live = [who for who in people if one(tx, "subject", vault=str(matter["vault"]), id=who, state="live")]
    n = tx.count("statement", matter=name, kind=Published.KIND) + 1
    says = Published(deal=str(matter["ref"]), n=n, place=str(row["place"]), where=str(row["location"]), shown_from=str(row["from_on"]),  # type: ignore[arg-type] # a place that was checked
                     shown_until=until, law=tuple(str(row["rules"]).split(",")), people=len(live), text=str(row["text"]), proof=tuple(digests))  # fmt: skip
    envelope = issue(desk, tx, name, [named("notice", str(row["text"]))], says, n=n)
    now = stamp(desk.clock.now())
    tx.change("publication", {"until_on": until, "ended_at": now}, id=str(row["id"]))
    entered: dict[str, Json] = {
        "publication": str(row["id"]),
        "people": len(live),
        "proof": list[Json](digests),
        "until": until,
    }
    position = append(tx, desk.space, now, "publication-ended", entered, detail={"matter": name})
    record_evidence(tx, name, [(who, EVERYTHING, PUBLISHED) for who in live], now, position)
    return sha256(envelope), position
