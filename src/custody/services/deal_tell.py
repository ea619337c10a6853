"""What customers of a deal are told besides what its acts show: contacts, the planned day of closing and of destruction (B1, B3).

The days bind (spec/portal.md §7): once somebody could read them, two people move one against the customers, with a reason.
"""

import re
from collections.abc import Mapping
from typing import Final

from custody.acts.approval import content_hash, demand
from custody.acts.desk import Desk
from custody.acts.elsewhere import everybody_there
from custody.acts.evidence import append
from custody.acts.link_lives import renew_sent
from custody.acts.matters import deal
from custody.acts.reach import lapsed, said_now, take_off
from custody.acts.told import ANSWER, CLOSING, DAYS, against, anybody, require_days, telling
from custody.acts.untrue import counted, replaced, untell
from custody.acts.vaults import sha256
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.base.errors import Malformed
from custody.ports.store import Transaction

CONTACTS: Final = ("seller_contact", "buyer_contact")
ACT: Final = "days"
_CONTACT: Final = re.compile(r"[^\x00-\x1f\x7f<>]{2,600}")
_WORDS: Final = range(10, 2001)


def deal_tell(
    desk: Desk, named_deal: str, given: Mapping[str, str], why: str = "", *, dry_run: bool = False
) -> Mapping[str, Json]:
    """Set what is given, leave the rest. `why` is told where a day that somebody could read is moved against the customers. Where it takes back what they read, nobody counts as told any more (`untold`: how many did); a yes to what is told otherwise now counts no more (`reopened`: of how many people).

    Raises Malformed `deal.tell`, `deal.tell-order`, `deal.tell-why`, Refused `act.unapproved`.
    """
    desk.require(("owner", "privacy", "lawyer"))
    for name, value in given.items():
        if name not in DAYS and not _CONTACT.fullmatch(value):
            raise Malformed("deal.tell", "A contact is one line of text.", where={"field": name})
    with desk.store.write() as tx:
        matter = deal(desk, tx, named_deal)
        name, known = str(matter["id"]), telling(tx, str(matter["id"]))
        require_days(known, given, desk.today())
        moved = against(known, given) if anybody(tx, name) else {}
        again = replaced(known, given, moved) and anybody(tx, name)
        was = said_now(tx, matter)
        anew = lapsed(desk, tx, matter, was, was.given(given))
        content = _content(name, moved, why.strip())
        if dry_run:
            return {"deal": str(matter["ref"]), "told": dict(sorted({**known, **given}.items())),
                    **({"untold": counted(tx, name, everybody_there(desk, tx, matter))} if again else {}), **({"reopened": len({yes.who for yes in anew})} if anew else {}), "would": {"approve": [ACT, content]} if moved else True}  # fmt: skip
        says = _approved(desk, tx, moved, content, why.strip())
        many = untell(tx, name, stamp(desk.clock.now()), everybody_there(desk, tx, matter)) if again else 0
        more: dict[str, Json] = {"untold": many} if again else {}
        more |= {"reopened": take_off(desk, tx, matter, anew)} if anew else {}
        _set(desk, tx, name, given, says | more)
        if {ANSWER, CLOSING} & set(given):
            renew_sent(desk, tx, name)
        told: dict[str, Json] = dict(telling(tx, name))
    return {"deal": str(matter["ref"]), "told": dict(sorted(told.items())), **more}


def _content(matter: str, moved: Mapping[str, list[str]], why: str) -> str:
    """What two people sign: which days of which deal are moved from when to when, and why. Raises Malformed `deal.tell-why`."""
    if moved and len(why) not in _WORDS:
        raise Malformed(
            "deal.tell-why",
            f"Customers could read these days: moving one against them takes a reason of {_WORDS.start} to {_WORDS.stop - 1} characters.",
            next="--why REASON",
        )
    return content_hash({"act": ACT, "deal": matter, "moved": {name: list[Json](days) for name, days in moved.items()}, "why": why})  # fmt: skip


def _approved(desk: Desk, tx: Transaction, moved: Mapping[str, list[str]], content: str, why: str) -> dict[str, Json]:
    """What the entry says of a move that a second person signed for; nothing where no day is moved against anybody."""
    if not moved:
        return {}
    approval = demand(desk, tx, ACT, content, once=True)
    days: dict[str, Json] = {name: list[Json](two) for name, two in moved.items()}
    return {"moved": days, "reason": sha256(why.encode()), "principal": desk.principal.id, "approval": approval, "why": why}  # fmt: skip


def _set(desk: Desk, tx: Transaction, matter: str, given: Mapping[str, str], moved: Mapping[str, Json]) -> None:
    for name, value in given.items():
        tx.drop("told", matter=matter, name=name)
        tx.add("told", [{"matter": matter, "name": name, "value": value}])
    if given:
        says: dict[str, Json] = {"matter": matter, "fields": list[Json](sorted(given))}
        says |= {name: value for name, value in moved.items() if name != "why"}
        detail: dict[str, Json] = {"matter": matter, "reason": moved["why"]} if "why" in moved else {}
        append(tx, desk.space, stamp(desk.clock.now()), "deal-told", says, detail=detail or None)
