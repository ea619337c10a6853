"""What is on file for whom in a deal, and still counts, with what people set aside for them (spec/law.md §7)."""

from collections.abc import Mapping
from datetime import date
from typing import Final, cast

from custody.acts import overrides
from custody.acts.alike import NOTHING, Held
from custody.acts.asking import OBJECTION
from custody.acts.filed import Filed
from custody.acts.grown import Since, counts, grown, grown_on
from custody.acts.matters import EVERYBODY, EVERYTHING
from custody.acts.noted import leaves, leaving, let_go, was_let_go
from custody.acts.only_stored import only_stored
from custody.acts.replies import writers, wrote
from custody.acts.twins import HEARD, OTHER, SAME, Beside, beside, pairs
from custody.law.gate import BESIDE, KEPT, LEAVING, WROTE
from custody.law.pack import Packs
from custody.ports.store import Row, Transaction, one

_LEAVING: Final[Held] = frozenset(((EVERYTHING, LEAVING),))
_WROTE: Final[Held] = frozenset(((EVERYTHING, WROTE),))
_KEPT: Final[Held] = frozenset(((EVERYTHING, KEPT),))
_BESIDE: Final[Held] = frozenset(((EVERYTHING, BESIDE),))
_OBJECTED: Final[Held] = frozenset(((EVERYTHING, OBJECTION),))


def of_everybody(tx: Transaction, matter: Row, on: date, packs: Packs) -> Filed:
    """What is on file for whom and still counts, and what people set aside for whom."""
    name = str(matter["id"])
    found = Filed.read(tx, name)
    if any(kind.startswith("consent.") for held in found.sets for _, kind in held):
        for who, since in grown(tx, matter, on, packs):
            if found.get(who):
                found.put(who, _own(tx, matter, who, since))
    for who, aside in _aside(tx, name, on).items():
        found.put(who, found.get(who) | aside)
    for who in leaving(tx, str(matter["vault"])):
        found.put(who, found.get(who) | _LEAVING)
    for who in writers(tx, str(matter["vault"])):
        found.put(who, found.get(who) | _WROTE)
    for who in only_stored(tx, matter, packs):
        found.put(who, found.get(who) | _KEPT)
    for who, more in _of_twins(found, tx, str(matter["vault"])).items():
        found.put(who, found.get(who) | more)
    return found


def of_deal(tx: Transaction, matter: Row, on: date) -> Held:
    """What is on file for the deal as a whole: it speaks of everybody."""
    name = str(matter["id"])
    return _own(tx, matter, EVERYBODY, Since()) | _aside(tx, name, on).get(EVERYBODY, NOTHING)


def of_person(tx: Transaction, matter: Row, subject: Row, on: date, packs: Packs) -> Held:
    """What is on file for one person, as `of_everybody` says it."""
    vault, who = str(matter["vault"]), cast("bytes", subject["id"])
    found = _alone(tx, matter, subject, on, packs)
    for each in beside(tx, vault, who):
        other = one(tx, "subject", vault=vault, id=each.other)
        gone = _LEAVING if was_let_go(tx, vault, each.other) else NOTHING
        alone = _alone(tx, matter, other, on, packs) if other else NOTHING
        found |= _heard(each, alone | gone, cast("bytes", other["facts"]) if other else b"")
    return found


def _alone(tx: Transaction, matter: Row, subject: Row, on: date, packs: Packs) -> Held:
    """The same but for what other records say that may be theirs."""
    name, who = str(matter["id"]), cast("bytes", subject["id"])
    since = grown_on(tx, matter, cast("bytes", subject["facts"]), on, packs)
    waits = _LEAVING if leaves(tx, str(matter["vault"]), who) else NOTHING
    waits |= _WROTE if wrote(tx, str(matter["vault"]), who) else NOTHING
    kept = _KEPT if only_stored(tx, matter, packs, who) else NOTHING
    return _own(tx, matter, who, since) | _aside(tx, name, on).get(who, NOTHING) | waits | kept


def _of_twins(found: Filed, tx: Transaction, vault: str) -> dict[bytes, Held]:
    """What everybody's other records say, as they are before any of it is put beside."""
    told, gone = dict[bytes, Held](), let_go(tx, vault)
    for who, each in pairs(tx, vault):
        other = one(tx, "subject", vault=vault, id=each.other)
        held = (found.get(each.other) if other else NOTHING) | (_LEAVING if each.other in gone else NOTHING)
        more = _heard(each, held, cast("bytes", other["facts"]) if other else b"")
        told[who] = told.get(who, NOTHING) | more
    return {who: held for who, held in told.items() if held}


def _heard(each: Beside, held: Held, facts: bytes) -> Held:
    """The no of another record: whole where people say it is the same person, and a wait as long as that may be. A deletion that was granted there is one, too."""
    noes = frozenset(one_no for one_no in held if one_no[1] in HEARD)
    noes |= _OBJECTED if b'"objected":true' in facts else NOTHING
    if not noes or each.said == OTHER or not (each.open or each.said == SAME):
        return NOTHING
    return noes if each.said == SAME else _BESIDE


def _aside(tx: Transaction, matter: str, on: date) -> Mapping[bytes, Held]:
    live = overrides.live(tx, matter, on)
    return {who: frozenset((EVERYTHING, name) for name in names) for who, names in live.items()}


def _own(tx: Transaction, matter: Row, subject: bytes, since: Since) -> Held:
    """What is on file for one person; where they are asked themselves `since` then, without a guardian's consents from before."""
    rows = tx.find("evidence", matter=str(matter["id"]), subject=subject)
    return frozenset(
        (cast("int", row["compartment"]), str(row["type"])) for row in rows if counts(tx, matter, row, since)
    )
