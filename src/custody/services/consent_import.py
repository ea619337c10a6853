"""Take in consents that were given before custody, each as a record after ISO/IEC TS 27560; what is no evidence is quarantined by line and reason (B2).

A line counts when it says who, what words were shown, when, by which act and how; a yes besides when a second person stands for exactly
this list (acts/vouching.py), a no at once. Silence never counts. Taking the same list again changes nothing, and nothing older takes the
place of what a person said later (spec/consent.md §7).
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, cast
from zoneinfo import ZoneInfo

from custody.acts import lawbook, twins
from custody.acts.answering import Said, Shown, companies, keep, listed_noes
from custody.acts.asking import Question, newest, own_compartments, wordings
from custody.acts.consent_lines import Bad, Line, Reading, chosen, read, texts_of
from custody.acts.deciding import decide_one
from custody.acts.desk import Desk
from custody.acts.evidence import append
from custody.acts.grown import turns
from custody.acts.guardians import GUARDIAN
from custody.acts.listed import own_by_value
from custody.acts.matters import deal
from custody.acts.mirroring import mirrored
from custody.acts.noes import RECORD, ask_as_recorded
from custody.acts.passing import SELLER, side_of
from custody.acts.turns import TAKERS
from custody.acts.vaults import sha256
from custody.acts.visiting import guarded
from custody.acts.vouching import ACT, agreed_of, vouched
from custody.base.canonical import Json
from custody.base.clock import parse, stamp
from custody.base.errors import Malformed, Refused
from custody.law.pack import Packs
from custody.model.datamap import PURPOSES
from custody.package.answer import Called
from custody.ports.laws import Laws
from custody.ports.store import Row, Transaction, one

_BATCH: Final = 200
_SHOWN: Final = 1_000
# A consent to the hand-over that does not name who would receive is none (PIPL 23): for the others that is no matter.
_NAMES: Final = ("consent.separate", "consent.guardian", "consent.export")
_MARKETING: Final = "consent.marketing"
_PROOF: Final = (RECORD,)
_NO: Final = ("withdrawn", "refused")
_TAKEN: Final = "taken"
_KNOWN: Final = "on_file"
_SECOND: Final = "second"
"""Why a yes is quarantined: one person alone says so."""
_EARLY: Final = "early"
"""Why a consent to the hand-over is: who would receive was not known then."""
_BEFORE: Final = timedelta(days=365)
"""So long before its deal was opened here a sale may have been spoken of to customers; no law says how long, and longer ago nobody can have been told of it."""
IMPORTERS: Final = (*TAKERS, "owner")
"""Who takes such a list: an owner too, as the second person where one privacy officer is all the staff there is."""


@dataclass(slots=True)
class _Second:
    """The second person's word for exactly this list, asked for once there is a yes that rests on it."""

    content: str
    by: str | None = None

    def stands(self, desk: Desk, tx: Transaction, matter: str) -> bool:
        if self.by is None:
            self.by = vouched(desk, tx, matter, self.content)
        return bool(self.by)


def consent_import(
    desk: Desk,
    laws: Laws,
    named_deal: str,
    data: bytes,
    texts: bytes = b"",
    zone: str = "",
    tell: Callable[[int], None] = lambda _: None,
) -> Mapping[str, Json]:
    """`data` and `texts` are CSV in any encoding that sources may have (spec/consent.md §7); `zone` is that of times which name none.

    `tell` hears how many lines are behind it, and stops it by raising: what was taken stays, and the same list again goes on.
    Raises Malformed `consents.form`, `consents.texts`, `consents.encoding`, `consents.zone`, Refused `consents.side`.
    """
    desk.require(IMPORTERS)
    words = texts_of(chosen(desk.sources.texts(texts), "consents.texts") if texts else "")
    by = Reading(words, _zone(zone), desk.clock.now(), frozenset(PURPOSES))
    found = list(read(chosen(desk.sources.texts(data), "consents.form"), by))
    with desk.store.read() as tx:
        matter = deal(desk, tx, named_deal)
        if side_of(tx, matter) != SELLER:
            raise Refused(
                "consents.side", "Consents that were given to the seller are the seller's to record.",
                next="Ask the seller for the records of its customers.",
            )  # fmt: skip
        vault = cast("Row", one(tx, "vault", id=str(matter["vault"])))
    lines = sorted((line for line in found if isinstance(line, Line)), key=lambda line: (line.at, line.number))
    who = own_by_value(desk, vault, {line.value for line in lines if not line.subject})
    digest, packs = sha256(data), lawbook.packs(laws)
    second = _Second(agreed_of(str(matter["id"]), digest, sha256(texts), zone))
    ended = [(line.number, line.reason) for line in found if isinstance(line, Bad)]
    for start in range(0, len(lines), _BATCH):
        with desk.store.write() as tx:
            ended += [(line.number, _one(desk, tx, packs, matter, line, who.get(line.value, set()), (digest, second)))
                      for line in lines[start : start + _BATCH]]  # fmt: skip
        tell(len(lines[start : start + _BATCH]))
    noes = [line for line in lines if line.act in _NO]
    _asked(desk, laws, matter, noes, who)
    said = {one_who for line in noes for one_who in ([line.subject] if line.subject else who.get(line.value, set()))}
    twins.seek_if_may(desk, str(vault["id"]), said)  # so that a release that is under way need not wait for a look
    return _told(desk, matter, digest, sorted(ended), second)


def _asked(desk: Desk, laws: Laws, matter: Row, noes: Sequence[Line], who: Mapping[str, AbstractSet[bytes]]) -> None:
    """A consent that is taken back opens a request; an import that broke off opens the rest when the list is taken again."""
    for start in range(0, len(noes), _BATCH):
        with desk.store.write() as tx:
            for line in noes[start : start + _BATCH]:
                people = _people(tx, matter, line, who.get(line.value, set()))
                if len(people) == 1:
                    ask_as_recorded(desk, tx, laws, matter, people[0], line.question)


def _people(tx: Transaction, matter: Row, line: Line, found: AbstractSet[bytes]) -> list[Row]:
    """Whom a line may mean: who is named, or has that number; of those who are here."""
    return [row for who in ([line.subject] if line.subject else sorted(found))
            if (row := one(tx, "subject", vault=str(matter["vault"]), id=who, state="live"))]  # fmt: skip


def _told(
    desk: Desk, matter: Row, digest: str, ended: Sequence[tuple[int, str]], second: _Second
) -> Mapping[str, Json]:
    """What became of each line; an import that took nothing is entered nowhere."""
    bad: list[Json] = [{"line": number, "reason": what} for number, what in ended if what not in {_TAKEN, _KNOWN}]
    reasons: dict[str, Json] = dict(sorted(Counter(what for _, what in ended if what not in {_TAKEN, _KNOWN}).items()))
    counts: dict[str, Json] = {
        "lines": len(ended), _TAKEN: sum(what == _TAKEN for _, what in ended), _KNOWN: sum(what == _KNOWN for _, what in ended),
        "quarantined": len(bad), "reasons": reasons,
    }  # fmt: skip
    position = None
    if counts[_TAKEN]:
        says: dict[str, Json] = {**counts, "list": digest, "principal": desk.principal.id, **({"approval": second.by} if second.by else {})}  # fmt: skip
        with desk.store.write() as tx:
            detail: dict[str, Json] = {"matter": str(matter["id"])}
            position = append(tx, desk.space, stamp(desk.clock.now()), "consents-imported", says, detail=detail)
    return {
        "deal": str(matter["ref"]), **counts, "quarantine": bad[:_SHOWN], **({"approve": [ACT, second.content]} if _SECOND in reasons else {}), "list": digest, "resumed": position is None,
        "ledger": None if position is None else f"{desk.space}@{position}", "mirrored": mirrored(desk),
    }  # fmt: skip


def _one(
    desk: Desk,
    tx: Transaction,
    packs: Packs,
    matter: Row,
    line: Line,
    found: AbstractSet[bytes],
    taken: tuple[str, _Second],
) -> str:
    """What became of one line: taken, already on file, or why it is no evidence."""
    people = _people(tx, matter, line, found)
    if len(people) != 1:
        return "several" if people else "nobody"
    (subject,), at = people, stamp(line.at)
    who, name = cast("bytes", subject["id"]), str(matter["id"])
    rows = tx.find("answer", matter=name, subject=who, question=line.question)
    if any((row["act"], row["at"]) == (line.act, at) for row in rows):
        return _KNOWN
    if reason := _refused(desk, tx, packs, matter, subject, line):
        return reason
    digest, second = taken
    if line.act == "given" and not second.stands(desk, tx, name):
        return _SECOND
    question = Question(line.question, _places(tx, matter, subject, line.question), ())
    said = Said(line.act, line.language, _PROOF, line.channel, line.guardian, line.relation, digest)
    keep(desk, tx, matter, subject, question, said, _shown(tx, matter, line), at)
    return _TAKEN


def _refused(desk: Desk, tx: Transaction, packs: Packs, matter: Row, subject: Row, line: Line) -> str:
    """Why what a line says does not count for this person; empty when it does."""
    who, name = cast("bytes", subject["id"]), str(matter["id"])
    if line.question.startswith(_NAMES):
        _, buyer = companies(tx, matter)
        if line.act == "given" and not any(called and called in line.text for called in (buyer.zh, buyer.en)):
            return "recipient"
    if line.act == "given" and not line.relation and _guarded(desk, tx, packs, matter, subject, line):
        return "guardian"
    before = newest(tx, name, who).get(line.question)
    later = [str(before["at"])] if before else []
    if (
        line.act == "given"
    ):  # a no that came by list is of the day on which it came, or of before: an older yes never undoes it
        later += listed_noes(tx, name, subject)
    if any(one_at >= stamp(line.at) for one_at in later):
        return "older"
    return _EARLY if line.act == "given" and line.question.startswith(_NAMES) and _before_it(tx, name, line) else ""


def _before_it(tx: Transaction, matter: str, line: Line) -> bool:
    """Whether a consent to the hand-over is of a time when nobody can have been told who would receive: words that name the buyer were then not shown."""
    opened = min(parse(str(row["at"])) for row in tx.find("fact", matter=matter, version=1))
    return line.at < opened - _BEFORE


def _guarded(desk: Desk, tx: Transaction, packs: Packs, matter: Row, subject: Row, line: Line) -> bool:
    """Whether only a guardian could say it then: by their age of that day, and the law that binds them in this deal."""
    on = desk.day(line.at)
    minor = turns(cast("bytes", subject["facts"]), 18) > on.isoformat()
    decisions = decide_one(tx, matter, packs, on, subject) if minor else {}
    return line.question == GUARDIAN or guarded(subject, packs, decisions, on.isoformat())


def _places(tx: Transaction, matter: Row, subject: Row, code: str) -> tuple[int, ...]:
    """Where it counts: everywhere, but for marketing where data is kept for that."""
    own = own_compartments(subject)
    if code != _MARKETING:
        return own
    kept = {
        cast("int", row["number"]): str(row["purposes"]).split(",")
        for row in tx.find("compartment", vault=str(matter["vault"]))
    }
    return tuple(one_place for one_place in own if "marketing" in kept.get(one_place, ())) or own


def _shown(tx: Transaction, matter: Row, line: Line) -> Shown:
    ours: Called = companies(tx, matter)[0]
    back = str(wordings()["withdrawal"]["text"][line.language]).format(
        contact=ours.contact or getattr(ours, line.language)
    )
    return Shown(line.question, line.text, back, f"own.{line.version}", line.purposes, ())


def _zone(name: str) -> ZoneInfo | None:
    if not name:
        return None
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise Malformed("consents.zone", "This zone is not known.", next="--zone Asia/Shanghai") from error
