"""Set one rule aside for a deal or one person: a lawyer's decision that a second person approves, until a day (spec/law.md §7)."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Final

from custody.acts import lawbook
from custody.acts.approval import demand, give
from custody.acts.desk import Desk
from custody.acts.evidence import append
from custody.acts.matters import EVERYBODY, deal
from custody.acts.overrides import ACT, content
from custody.acts.vaults import sha256
from custody.base import ids
from custody.base.canonical import Json
from custody.base.clock import day, stamp
from custody.base.errors import Malformed, Missing, Refused
from custody.law.gate import may_lift
from custody.law.pack import Packs
from custody.ports.laws import Laws
from custody.ports.store import Row, Transaction, one

LAWYERS: Final = ("lawyer",)
_LONGEST: Final = timedelta(days=366)
_WORDS: Final = range(10, 2001)


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be set aside, for whom (None: everybody), why, and until which day."""

    rule: str
    subject: str | None
    reason: str
    until: str


def override_new(desk: Desk, laws: Laws, named: str, wish: Wish, *, dry_run: bool = False) -> Mapping[str, Json]:
    """Made once; the same wish again returns it. Raises Refused `override.absolute`, `act.unapproved`.

    It says nothing of a rule whose facts are unknown, nor against a customer's own no: these stay.
    """
    desk.require(LAWYERS)
    packs, on = lawbook.packs(laws), desk.today()
    _checked(packs, wish, on)
    who = ids.subject_bytes(wish.subject) if wish.subject else EVERYBODY
    with desk.store.write() as tx:
        matter = deal(desk, tx, named)
        _there(tx, matter, who)
        signed = _signed(matter, wish)
        known = one(tx, "override", matter=str(matter["id"]), content=signed, ended_at="")
        if known is not None:
            return {**_result(matter, wish, signed), "id": str(known["id"]), "resumed": True}
        if dry_run:
            return {**_result(matter, wish, signed), "would": {"approve": [ACT, signed]}}
        return {**_result(matter, wish, signed), **_make(desk, tx, matter, wish, signed), "resumed": False}


def _make(desk: Desk, tx: Transaction, matter: Row, wish: Wish, signed: str) -> dict[str, Json]:
    approval = one(tx, "approval", id=demand(desk, tx, ACT, signed, deal=str(matter["id"]), once=True))
    assert approval is not None, "it was found by its id"
    give(desk, tx, ACT, signed)  # the lawyer signs too: what lasts rests on both signatures, not on a row
    now, made = stamp(desk.clock.now()), ids.new("evd")
    says: dict[str, Json] = {
        "override": made,
        "rule": wish.rule,
        "version": int(matter["version"] or 1),
        "until": wish.until,
        "reason": sha256(wish.reason.encode()),
        "content": signed,
        "principal": desk.principal.id,
        "approval": str(approval["id"]),
    }
    detail: dict[str, Json] = {"matter": str(matter["id"]), "subject": wish.subject, "reason": wish.reason}
    position = append(tx, desk.space, now, "override-made", says, detail=detail)
    row: dict[str, str | int | bytes] = {
        "id": made,
        "matter": str(matter["id"]),
        "version": int(matter["version"] or 1),
        "subject": ids.subject_bytes(wish.subject) if wish.subject else EVERYBODY,
        "rule": wish.rule,
        "reason": wish.reason,
        "content": signed,
        "principal": desk.principal.id,
        "second": str(approval["principal"]),
        "at": now,
        "until": wish.until,
        "ended_at": "",
        "position": position,
    }
    tx.add("override", [row])
    return {"id": made, "ledger": f"{desk.space}@{position}"}


def _checked(packs: Packs, wish: Wish, on: date) -> None:
    rule = next((text for text in packs.texts(wish.rule) if text.in_force(on)), None)
    if rule is None:
        raise Missing("law.rule", "No rule in force has this id.", next="custody law rules", where={"rule": wish.rule})
    if not may_lift(rule):
        raise Refused(
            "override.absolute",
            f"{rule.id} holds nobody back, or is a prohibition that nobody can set aside.",
            next="Other facts end a prohibition: custody deal facts DEAL FACTS.json",
        )
    if len(wish.reason.strip()) not in _WORDS:
        raise Malformed("override.reason", f"A reason has {_WORDS.start} to {_WORDS.stop - 1} characters.")
    if not _near(wish.until, on):
        raise Malformed(
            "override.until", f"The last day is YYYY-MM-DD, after today and at most {_LONGEST.days} days ahead."
        )


def _near(until: str, on: date) -> bool:
    last = day(until)
    return last is not None and on < last <= on + _LONGEST


def _there(tx: Transaction, matter: Row, who: bytes) -> None:
    if who and one(tx, "subject", vault=str(matter["vault"]), id=who, state="live") is None:
        raise Missing("subject.unknown", "Nobody of that id is in this vault (any more).", next="custody lookup")


def _signed(matter: Row, wish: Wish) -> str:
    return content(str(matter["id"]), int(matter["version"] or 1), asdict(wish))


def _result(matter: Row, wish: Wish, signed: str) -> dict[str, Json]:
    return {
        "deal": str(matter["ref"]),
        "rule": wish.rule,
        "subject": wish.subject,
        "reason": wish.reason,
        "until": wish.until,
        "content": signed,
    }
