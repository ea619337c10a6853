"""Give open work to a person, for a day (B4, E5)."""

from collections.abc import Mapping

from custody.acts.desk import Desk
from custody.acts.evidence import append
from custody.acts.mirroring import mirrored
from custody.acts.owning import HANDS, Open, piece
from custody.acts.people import by_handle
from custody.base.canonical import Json
from custody.base.clock import day, stamp
from custody.base.errors import Denied, Malformed


def work_assign(desk: Desk, work: str, handle: str, due_on: str) -> Mapping[str, Json]:
    """`due_on` may be empty: the law's day. Raises Missing `work.unknown`, `principal.unknown`, Denied `principal.revoked`, `work.hands`, `work.closed`, Malformed `work.day`."""
    desk.require(("owner", "privacy", "data", "department"))
    person = by_handle(desk.store, desk.space, handle)
    if not person.roles & set(HANDS):
        raise Denied(
            "work.hands", "Nobody with this person's roles sees to such work.", next=f"One of: {', '.join(HANDS)}."
        )
    with desk.store.write() as tx:
        one, now = piece(desk, tx, work), desk.clock.now()
        _checked(one, due_on, desk.today().isoformat())
        tx.drop("work_owner", party=desk.space, work=work)
        tx.add(
            "work_owner",
            [
                {
                    "party": desk.space,
                    "work": work,
                    "principal": person.id,
                    "due_on": due_on,
                    "given_by": desk.principal.id,
                    "at": stamp(now),
                }
            ],
        )
        # Whose customer it is stands in the opening alone, as everywhere.
        says: dict[str, Json] = {**({} if one.rows else {"work": work}), "to": person.id, "due_on": due_on}
        position = append(
            tx, desk.space, stamp(now), "work-assigned", says, detail={"work": work} if one.rows else None
        )
        made = piece(desk, tx, work)
        if not made.given:
            raise Denied(
                "work.closed", "This person sees nothing of it: it is of a deal that they are no member of.",
                next="An owner lets them in first: custody member add DEAL PERSON --reason …",
            )  # fmt: skip
    return {"work": work, "person": made.person, "due_on": made.due_on, "by_law": made.by_law, "ledger": f"{desk.space}@{position}",
            "mirrored": mirrored(desk)}  # fmt: skip


def _checked(one: Open, due_on: str, today: str) -> None:
    if due_on and (day(due_on) is None or due_on < today or (one.by_law and due_on > one.by_law)):
        last = one.by_law or "any day"
        raise Malformed(
            "work.day", f"Not a day from today on, no later than the law's: {last}.", next="--by YYYY-MM-DD"
        )
