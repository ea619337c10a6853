"""For whom a public notice may stand in: those who cannot be reached, where the law that binds them lets it (spec/campaigns.md §7)."""

from dataclasses import dataclass
from typing import Final, cast

from custody.acts import lawbook
from custody.acts.approval import content_hash
from custody.acts.campaigning import BOUNCED, ELSEWHERE, NO_ADDRESS, REFUSED, is_apart
from custody.acts.contacts import contacts
from custody.acts.deciding import decide
from custody.acts.desk import Desk
from custody.acts.members import concerns
from custody.acts.vaults import sha256
from custody.base.canonical import Json
from custody.base.errors import Missing
from custody.law.form import NOTICE, PLACES
from custody.ports.laws import Laws
from custody.ports.store import Row, Transaction, one

_UNREACHED: Final = frozenset((BOUNCED, REFUSED, NO_ADDRESS))
_RETURNED: Final = "returned"
__all__ = ["PLACES", "Meant", "approved", "meant", "publication"]


@dataclass(frozen=True, slots=True)
class Meant:
    """Whom a notice at one place would stand in for, by which rules, for how many days; and who is reached another way first."""

    people: tuple[bytes, ...]
    rules: tuple[str, ...]
    days: int
    untried: int
    by_post: int


def meant(desk: Desk, tx: Transaction, laws: Laws, matter: Row, place: str) -> Meant:
    """Decided anew, as the gate stands today."""
    packs = lawbook.packs(laws)
    verdicts = decide(tx, matter, packs, desk.today())
    allows = {rule.id: rule.published[place] for rule in packs.rules if place in rule.published}
    by = [
        {why.rule for why in made.reasons if NOTICE in why.missing and why.rule in allows}
        for made in verdicts.decisions
    ]
    wait = dict[bytes, set[str]]()
    for who, kind, _, number in verdicts.each():
        if by[number] and kind == "customer":
            wait.setdefault(who, set()).update(by[number])
    gone = _unreached(tx, matter)
    tried = sorted(who for who in wait if who in gone)
    found = contacts(desk, tx, str(matter["vault"]), tried)
    people = tuple(who for who in tried if gone[who] == _RETURNED or not found[who].window())
    rules = sorted({rule for who in people for rule in wait[who]})
    return Meant(
        people,
        tuple(rules),
        max((allows[rule] for rule in rules), default=0),
        len(wait) - len(tried),
        len(tried) - len(people),
    )


def _unreached(tx: Transaction, matter: Row) -> dict[bytes, str]:
    """{person: the last reply} of those whom no message and no letter of this deal reached, or still may."""
    found, hope = dict[bytes, str](), set[bytes]()
    for row in tx.find("campaign", order=("ref",), matter=str(matter["id"])):
        if is_apart(row):  # no notice of the deal, whatever became of it
            continue
        for sending in tx.scan("sending", order=("place",), campaign=str(row["id"])):
            who = cast("bytes", sending["subject"])
            if sending["state"] in _UNREACHED:
                found[who] = _RETURNED if sending["reply"] == _RETURNED else found.get(who, "")
            elif sending["state"] != ELSEWHERE:  # what the other campaign came to counts
                hope.add(who)
    return {who: reply for who, reply in found.items() if who not in hope}


def publication(desk: Desk, tx: Transaction, ref: str) -> Row:
    """The public notice with this reference, in a deal that the acting person sees. Raises Missing `publication.unknown`."""
    row = one(tx, "publication", party=desk.space, ref=ref)
    if row is None or not concerns(desk, tx, row):
        raise Missing("publication.unknown", "There is no such public notice.", next="custody publication list")
    return row


def approved(row: Row, people: list[bytes], until: str, proof: list[str]) -> str:
    """What a second person approves: that this text stood there for so long, shown by these files, for exactly these people."""
    told: dict[str, Json] = {
        "act": "publication", "publication": str(row["id"]), "text": str(row["text"]), "place": str(row["place"]), "where": str(row["location"]),
        "from": str(row["from_on"]), "until": until, "proof": list[Json](proof), "people": sha256(b"".join(people)),
    }  # fmt: skip
    return content_hash(told)
