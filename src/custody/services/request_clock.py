"""Stop a request's clock, let it run again, or take longer: as far as the law that binds this person allows (B4; spec/requests.md §2)."""

from collections.abc import Mapping
from typing import Final, cast

from custody.acts.about import append_about
from custody.acts.asked import PAUSED, request
from custody.acts.asked import told as line_of
from custody.acts.bounds import Bounds, kept, stricter
from custody.acts.clock_steps import way
from custody.acts.desk import Desk
from custody.acts.mirroring import mirrored
from custody.acts.own_evidence import own_about
from custody.acts.passing import is_of_both
from custody.acts.requesting import EXTEND, OPEN, PAUSE, RESUME, bounds_of
from custody.acts.tokens import DECIDES
from custody.base import ids
from custody.base.canonical import Json
from custody.base.clock import parse, stamp
from custody.base.errors import Malformed, Missing, Refused
from custody.ports.laws import Laws
from custody.ports.store import Row, Transaction, one

STEPS: Final = (PAUSE, RESUME, EXTEND)
_AFTER: Final = {PAUSE: PAUSED, RESUME: OPEN}
_LONGEST: Final = 400


def request_clock(desk: Desk, laws: Laws, ref: str, step: str, why: str, told: str = "") -> Mapping[str, Json]:
    """`why` is what the customer is told, kept sealed; `told`, in which way: by their page, when nothing is said.

    Raises Malformed `request.step`, `request.why`, `request.told`, Refused `request.clock`, `request.pause`, `request.late`, `request.untold`.
    """
    desk.require(("owner", "privacy", "lawyer", DECIDES))
    with desk.store.write() as tx:
        row = request(desk, tx, ref)  # first: whoever does not see it learns nothing by what they send
        _require_said(step, why)
        subject = one(tx, "subject", vault=row["vault"], id=row["subject"], state="live")
        if subject is None:
            raise Missing("subject.unknown", "Nobody of that id is in this vault (any more).", next="custody lookup")
        now = stamp(desk.clock.now())
        bound = _moved(desk, tx, laws, row, subject, step, now)
        by = way(desk, tx, row, told) if step != RESUME else ""
        position = _enter(desk, tx, row, (step, why.strip(), by, bound.due_at, now))
        tx.change("request", {**bound.cells(), "state": _AFTER.get(step, row["state"])}, id=row["id"])
        after = line_of(request(desk, tx, ref), now)
    mirrored(desk)
    return {
        **after,
        "step": step,
        "told": by,
        "before": str(row["due_at"]),
        "moved": bound.due_at != row["due_at"],
        "ledger": f"{desk.space}@{position}",
    }


def _require_said(step: str, why: str) -> None:
    if step not in STEPS:
        raise Malformed(
            "request.step", "A clock is paused, resumed or extended.", next=f"Say one of: {', '.join(STEPS)}."
        )
    if not 0 < len(why.strip()) <= _LONGEST:
        raise Malformed("request.why", "Say why, in at most 400 characters: the customer is told.", next='--why "…"')


def _moved(desk: Desk, tx: Transaction, laws: Laws, row: Row, subject: Row, step: str, now: str) -> Bounds:
    """What bounds it after this step. Raises Refused `request.clock` where the step is none, `request.pause` where no law knows a pause, `request.late` where it comes too late."""
    matter = tx.find("matter", id=row["matter"])[0]
    done = {str(one_step["step"]): str(one_step["at"]) for one_step in tx.find("request_step", request=row["id"])}
    fits = {
        PAUSE: row["state"] == OPEN and PAUSE not in done,
        RESUME: row["state"] == PAUSED,
        EXTEND: row["state"] == OPEN and EXTEND not in done,
    }
    if not fits[step]:
        raise Refused(
            "request.clock", "The clock of this request does not take this step now.", next="custody request list"
        )
    if step != RESUME and row["last_at"] and now > str(row["last_at"]):
        raise Refused(
            "request.late",
            "The deadline is over: it can be neither stopped nor moved any more.",
            next="custody request close REF",
        )
    came = parse(str(row["received_at"]))
    made = bounds_of(desk, tx, laws, matter, subject, str(row["kind"]), came, {**done, step: now})
    if step == PAUSE and not made.pauses:
        raise Refused(
            "request.pause", "No law that governs this request lets its clock stop: it runs on while the customer is asked.",
            where={"places": ", ".join(made.places)}, next="Ask the customer, and answer in time: custody request list",
        )  # fmt: skip
    if is_of_both(tx, row):
        # The law of the other company bound it too, and is not known here: on neither side is its clock made longer.
        made = stricter(kept(row), made)
    if step == EXTEND and (made.prompt or made.due_at == row["due_at"]):
        raise Refused(
            "request.clock", "No law that binds here allows longer for this.", next="custody request close REF"
        )
    return made


def _enter(desk: Desk, tx: Transaction, row: Row, said: tuple[str, str, str, str, str]) -> int:
    step, why, by, due, now = said
    who = own_about(desk, tx, str(row["vault"]), cast("bytes", row["subject"]), now)
    says: dict[str, Json] = {
        "matter": str(row["matter"]),
        "request": str(row["id"]),
        "step": step,
        "due_at": due,
        "principal": desk.principal.id,
    }
    says |= {"told": by} if by else {}
    position = append_about(tx, desk.space, now, "request-clock", says, who=who,
                            detail={"subject": ids.subject_text(who.subject), "why": why})  # fmt: skip
    n = tx.count("request_step", request=row["id"]) + 1
    tx.add("request_step", [{"request": str(row["id"]), "n": n, "step": step, "at": now, "position": position}])
    return position
