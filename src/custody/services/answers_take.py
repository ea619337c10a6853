"""Take in what people bring as a list: who was told, who said no, who died, from a notice run or a call centre (B1, B2; spec/consent.md §9).

A yes needs the words that were shown, their version, the time and the act: in a bare list it is quarantined by line, counted, and no evidence;
it comes as a record (`consent-import`). A word that somebody was told counts when a second person has brought the same list, or approved it (acts/vouching.py). So is "no objection within the period" of whom nobody told so long ago (acts/objecting.py). A no counts at once, and is a request besides. A line that cannot be understood is told with its number
and nothing of the list is taken. Taking the same list again changes nothing. Silence has no line, and no line is no consent.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Final, cast

from custody.acts import deaths, lawbook, twins
from custody.acts.answer_lines import Line, not_understood, read
from custody.acts.asking import newest
from custody.acts.counter import next_number
from custody.acts.desk import Desk
from custody.acts.evidence import append
from custody.acts.listed import own_by_value
from custody.acts.matters import EVERYTHING, deal, record_evidence
from custody.acts.mirroring import mirrored
from custody.acts.noes import LISTED, ask_as_listed
from custody.acts.objecting import PERIOD, over
from custody.acts.said import AGREED
from custody.acts.standing_noes import spread
from custody.acts.turns import TAKERS
from custody.acts.vaults import sha256
from custody.acts.vouching import content_of, unvouched, vouched
from custody.base import canonical, merkle
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.ports.laws import Laws
from custody.ports.store import Row, Transaction, one

LISTERS: Final = (*TAKERS, "owner")
"""Who takes a list: an owner too, who is the second person of it where one privacy officer is all the staff there is."""
_BATCH: Final = 2_000
_ASKED: Final = 100
_SHOWN: Final = 1_000
DELIVERED: Final = "notice.delivered"
BOUNCED: Final = "notice.bounced"
_RECORD: Final = "record"
"""Why a yes is quarantined: it comes without its record."""
_EARLY: Final = "period"
"""Why a silence is: they were not told, or may still object."""
_SECOND: Final = "second"
"""Why a word that somebody was told is: one person alone says so."""
NEXT: Final = "custody consent-import DEAL consents.csv"


def answers_take(
    desk: Desk, laws: Laws, named_deal: str, data: bytes, tell: Callable[[int], None] = lambda _: None
) -> Mapping[str, Json]:
    """`data` is CSV in any encoding that a source may have (spec/sources.md §2), with the columns `answer` and `subject` (sub_…) or `customer` (their number, phone, e-mail, document).

    `tell` hears how many lines were looked up, and stops it by raising: nothing is kept before all are understood.
    Raises Malformed `answers.lines`, `answers.form`. What customers are looked up by is kept nowhere.
    """
    desk.require(LISTERS)
    lines = read(desk.sources.texts(data))
    with desk.store.read() as tx:
        matter = deal(desk, tx, named_deal)
        vault = cast("Row", one(tx, "vault", id=str(matter["vault"])))
    found = _looked_up(desk, vault, lines, tell)
    with desk.store.write() as tx:
        said = list(_understood(tx, str(matter["vault"]), lines, found))
        why = _set_aside(desk, laws, tx, str(matter["id"]), said)
        alone = unvouched(tx, str(matter["id"]), [(who, line.answer, line.number) for who, line in said])
        content = content_of(tx, str(matter["id"]), sha256(data))
        by = vouched(desk, tx, str(matter["id"]), content) if alone else ""
        why = why if by else {**why, **dict.fromkeys(alone, _SECOND)}
        told = [(who, EVERYTHING, line.answer) for who, line in said if line.number not in why]
        bad = [line for _, line in said if line.number in why]
        position = _entered(desk, tx, matter, told, bad, (sha256(data), by))
        _not_told(tx, str(matter["id"]), told, sha256(data))
        now = stamp(desk.clock.now())
        fresh = record_evidence(tx, str(matter["id"]), told, now, position)
        spread(tx, matter, told, now, position)
        deaths.spread(tx, matter, told, now, position)
    asked = _asked(desk, laws, matter, told, sha256(data))
    twins.seek_if_may(desk, str(matter["vault"]), {who for who, _, kind in told if kind in twins.HEARD})
    return {
        "deal": str(matter["ref"]), "recorded": fresh, "counts": _counts(kind for _, _, kind in told), "requests": asked,
        "quarantined": len(bad), "quarantine": [_line(line, why) for line in bad[:_SHOWN]], **({"next": NEXT} if _RECORD in why.values() else {}),
        **({"approve": ["answers", content], "unvouched": _counts(line.answer for line in bad if why[line.number] == _SECOND)} if _SECOND in why.values() else {}),
        "ledger": f"{desk.space}@{position}", "resumed": not fresh and not asked, "mirrored": mirrored(desk),
    }  # fmt: skip


def _entered(
    desk: Desk,
    tx: Transaction,
    matter: Row,
    told: Sequence[tuple[bytes, int, str]],
    bad: Sequence[Line],
    taken: tuple[str, str],
) -> int:
    """The list as it was taken: what counts, what was set aside, and by whose second word; `taken` is its digest and that approval."""
    digest, by = taken
    root = merkle.root([merkle.leaf_hash(canonical.encode([who.hex(), kind])) for who, _, kind in sorted(told)]).hex()
    says: dict[str, Json] = {
        "counts": _counts(kind for _, _, kind in told), "quarantined": _counts(line.answer for line in bad), "root": root,
        "list": digest, "principal": desk.principal.id, **({"approval": by} if by else {}),
    }  # fmt: skip
    return append(tx, desk.space, stamp(desk.clock.now()), "answers-taken", says, detail={"matter": str(matter["id"])})


def _not_told(tx: Transaction, matter: str, told: Sequence[tuple[bytes, int, str]], digest: str) -> None:
    """Whose notice came back was not told after all, whatever stood there, unless they have answered since. The same list again says nothing new."""
    if next_number(tx, f"answers-taken:{matter}:{digest}") > 1:
        return
    for who in dict.fromkeys(who for who, _, kind in told if kind == BOUNCED):
        for row in tx.find("evidence", matter=matter, subject=who, compartment=EVERYTHING, type=DELIVERED):
            if all(str(each["at"]) <= str(row["at"]) for each in newest(tx, matter, who).values()):
                tx.drop("evidence", matter=matter, subject=who, compartment=EVERYTHING, type=DELIVERED)


def _asked(desk: Desk, laws: Laws, matter: Row, told: Sequence[tuple[bytes, int, str]], digest: str) -> int:
    """How many requests the noes of the list opened; one that broke off opens the rest when the list is taken again."""
    noes = [(who, LISTED[kind]) for who, _, kind in dict.fromkeys(told) if kind in LISTED]
    opened = 0
    for start in range(0, len(noes), _ASKED):
        with desk.store.write() as tx:
            part = noes[start : start + _ASKED]
            opened += sum(ask_as_listed(desk, tx, laws, matter, who, kind, digest) for who, kind in part)
    return opened


def _counts(codes: Iterator[str]) -> dict[str, Json]:
    return dict(sorted(Counter(codes).items()))


def _line(line: Line, why: Mapping[int, str]) -> dict[str, Json]:
    return {"line": line.number, "answer": line.answer, "reason": why[line.number]}


def _set_aside(
    desk: Desk, laws: Laws, tx: Transaction, matter: str, said: Sequence[tuple[bytes, Line]]
) -> Mapping[int, str]:
    """Why a line is no evidence, by its number."""
    packs, now = lawbook.packs(laws), desk.clock.now()
    why = {line.number: _RECORD for _, line in said if line.answer in AGREED}
    silent = [(who, line.number) for who, line in said if line.answer == PERIOD]
    return why | {number: _EARLY for who, number in silent if not over(packs, tx, matter, who, now, desk.today())}


def _looked_up(
    desk: Desk, vault: Row, lines: Sequence[Line], tell: Callable[[int], None]
) -> Mapping[str, AbstractSet[bytes]]:
    """Who has the values of the lines, so many lines at a time."""
    found: dict[str, AbstractSet[bytes]] = {}
    for start in range(0, len(lines), _BATCH):
        part = lines[start : start + _BATCH]
        asked = {line.value for line in part if line.value and line.answer} - found.keys()
        found |= own_by_value(desk, vault, asked, on=bool(found))
        tell(len(part))
    return found


def _understood(
    tx: Transaction, vault: str, lines: Sequence[Line], found: Mapping[str, AbstractSet[bytes]]
) -> Iterator[tuple[bytes, Line]]:
    known = {cast("bytes", row["id"]) for row in tx.scan("subject", order=("id",), vault=vault, state="live")}
    taken, faults = list[tuple[bytes, Line]](), list[tuple[int, str]]()
    for line in lines:
        who = [line.subject] if line.subject in known else sorted(found.get(line.value, set()) & known)
        if len(who) != 1 or not line.answer:
            # What the answer is comes first: a line that says nothing must not tell who is here.
            why = "no such answer" if not line.answer else "nobody of that id" if not who else "more than one person"
            faults.append((line.number, why))
        else:
            taken.append((who[0], line))
    if faults:
        raise not_understood(faults)
    yield from taken
