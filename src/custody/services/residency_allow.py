"""Allow one place in another region until a day, as an exception that two people sign (E6; spec/residency.md §4)."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Final

from custody.acts.approval import demand
from custody.acts.desk import Desk
from custody.acts.evidence import append
from custody.acts.exceptions import ACT, LEAST_SAID, MOST, MOST_SAID, Allowed
from custody.acts.mirroring import mirrored
from custody.acts.residency import require_told, same
from custody.base.canonical import Json
from custody.base.clock import day, stamp
from custody.base.errors import Malformed

ALLOWERS: Final = ("owner", "privacy")


def residency_allow(desk: Desk, place: str, until: str, reason: str, *, dry_run: bool) -> Mapping[str, Json]:
    """`place` is a folder in full, as backups and exports name it. Raises Malformed `residency.term`, `residency.needless`, Refused `residency.unknown`, `act.unapproved`."""
    desk.person()
    desk.require(ALLOWERS)
    lies = desk.outside.region(place)
    with desk.store.read() as tx:
        homes = sorted({desk.region, *(str(row["region"]) for row in tx.find("vault", party=desk.space))})
    require_told(homes[0], lies)
    if all(same(home, lies) for home in homes):
        raise Malformed("residency.needless", f"This place lies in {lies}, as the data does; no exception is needed.")
    told = Allowed(place, lies, _until(until, desk.today()), _reason(reason), desk.principal.id)
    content = told.content(desk.space)
    if dry_run:
        return {"place": place, "region": lies, "until": told.until, "would": {"approve": [ACT, content]}}
    with desk.store.write() as tx:
        now = desk.clock.now()
        approval = demand(desk, tx, ACT, content, once=True)
        n = tx.count("residency_exception", party=desk.space) + 1
        row = {"party": desk.space, "n": n, **told._asdict(), "approval": approval, "at": stamp(now), "ended_at": ""}
        tx.add("residency_exception", [row])
        says: dict[str, Json] = {
            "n": n,
            "region": lies,
            "until": told.until,
            "principal": told.principal,
            "approval": approval,
        }
        position = append(
            tx, desk.space, stamp(now), "residency-allowed", says, detail={"place": place, "reason": told.reason}
        )
    return {"n": n, "place": place, "region": lies, "until": told.until, "mirrored": mirrored(desk), "ledger": f"{desk.space}@{position}"}  # fmt: skip


def _until(text: str, today: date) -> str:
    told = day(text)
    if told is None or not today <= told <= today + timedelta(days=MOST):
        raise Malformed(
            "residency.term", f"An exception has a day from today on, within {MOST} days.", next="--until YYYY-MM-DD"
        )
    return told.isoformat()


def _reason(text: str) -> str:
    said = text.strip()
    if not LEAST_SAID <= len(said) <= MOST_SAID or not said.isprintable():
        raise Malformed(
            "residency.reason",
            f"An exception has a reason of {LEAST_SAID} to {MOST_SAID} signs, in one line.",
            next="--reason WORDS",
        )
    return said
