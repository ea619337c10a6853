"""How one person's data is treated: what is held and why, on what basis, how long, from where, who has it, what rules decided, and their rights (B4; spec/requests.md §3).

Gathered from what the vault, the deals and the law know; nothing in it is a value of the person's.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, cast

from custody.acts import lawbook, releases
from custody.acts.answering import controller
from custody.acts.copies import PROCESSOR, processors
from custody.acts.deciding import decide_one
from custody.acts.desk import Desk
from custody.acts.kept_copies import CALLED, handed, holding
from custody.acts.line import ABORTED
from custody.acts.passing import SELLER, side_of
from custody.acts.public_deals import under_way
from custody.acts.public_held import held_of
from custody.acts.requesting import KINDS, binding
from custody.acts.told import telling
from custody.base import canonical
from custody.base.canonical import Json
from custody.base.citing import cited
from custody.base.clock import stamp
from custody.classify.taxonomy import classes
from custody.law import subject as subjects
from custody.law.check import check
from custody.law.pack import Packs
from custody.law.possible import with_ages
from custody.model.party import PartyCard
from custody.ports.laws import Laws
from custody.ports.store import Row, Transaction, one
from custody.privacy.vocabularies import word

_BOTH: Final = ("zh", "en")


def explanation(desk: Desk, tx: Transaction, laws: Laws, matter: Row, subject: Row) -> dict[str, Json]:
    """Everything, in both languages, as of now."""
    packs, vault = lawbook.packs(laws), cast("Row", one(tx, "vault", id=matter["vault"]))
    ours, _ = controller(tx, matter)
    lines = [line for line in held_of(desk, tx, vault, cast("bytes", subject["id"])) if isinstance(line, dict)]
    return {
        "controller": {"zh": ours.zh, "en": ours.en, "contact": ours.contact, "place": desk.card.place},
        "held": [_held(line) for line in lines], "source": _sources(lines),
        "recipients": [*_processors(tx, str(vault["id"])), *_printers(desk, tx, str(vault["id"]), cast("bytes", subject["id"])), *_successors(desk, tx, str(vault["id"]), cast("bytes", subject["id"]))],
        "copies": _copies(tx, str(vault["id"]), cast("bytes", subject["id"])),
        "decisions": _decisions(desk, tx, packs, str(vault["id"]), subject),
        "rights": _rights(desk, packs, binding(desk, tx, matter), subject),
    }  # fmt: skip


def _held(line: Mapping[str, Json]) -> Json:
    """One line of what is held: its words beside its codes."""
    known = classes()
    named: list[Json] = [
        {"class": cls, **_called(known[cls].called if cls in known else {"zh": cls, "en": cls})}
        for cls in cast("list[str]", line["classes"])
    ]
    purposes: list[Json] = [_word("purpose", one_purpose) for one_purpose in cast("list[str]", line["purposes"])]
    return {
        "classes": named, "purposes": purposes, "basis": _word("basis", str(line["basis"])) if line["basis"] else None,
        "retention": _word("retention", str(line["retention"])), "keep": line["keep"], "sensitive": line["tier"] == "sensitive",
    }  # fmt: skip


def _word(group: str, slug: str) -> dict[str, Json]:
    return {"slug": slug, **{lang: word(group, slug, lang) for lang in _BOTH}}


def _called(names: Mapping[str, str]) -> dict[str, Json]:
    return {lang: names[lang] for lang in _BOTH}


def _sources(lines: Sequence[Mapping[str, Json]]) -> list[Json]:
    """Each company it came from with the day; null stands for the company's own records."""
    found = dict.fromkeys(canonical.encode(line["from"]) for line in lines)
    return [canonical.decode(each) for each in found]


def _processors(tx: Transaction, vault: str) -> list[Json]:
    found: list[Json] = []
    for name, why in processors(tx, vault).items():
        purposes: list[Json] = [_word("purpose", one_purpose) for one_purpose in why]
        found.append({"kind": "processor", "zh": name, "en": name, "place": "", "at": "", "purposes": purposes})
    return found


def _printers(desk: Desk, tx: Transaction, vault: str, who: bytes) -> list[Json]:
    """Who was given a list of letters in which this person stands."""
    return [
        {"kind": "printer", "zh": each.keeper, "en": each.keeper, "place": "", "at": each.at}
        for each in handed(desk, tx, vault, who)
    ]


def _copies(tx: Transaction, vault: str, who: bytes) -> list[Json]:
    """What holds them, or may, besides the vault; who of the staff keeps it is nobody's business outside."""
    kept = [each for each in holding(tx, vault, who) if each.kind != PROCESSOR]
    return [{"name": one_copy.name, "kind": one_copy.kind, **_called(CALLED[one_copy.kind]), "until": one_copy.until,
             "certain": one_copy.certain} for one_copy in kept]  # fmt: skip


def _successors(desk: Desk, tx: Transaction, vault: str, who: bytes) -> list[Json]:
    """The buyers who have this person's data by a release that was not called back."""
    found: list[Json] = []
    for matter in tx.find("matter", order=("ref",), vault=vault, kind="deal"):
        made = releases.made(desk, tx, str(matter["id"])) if side_of(tx, matter) == SELLER else ()
        if made and releases.lies_there(tx, vault, who, releases.out(tx, matter, made)):
            row = one(tx, "party", id=matter["counterparty"])
            card = PartyCard.from_json(canonical.decode(cast("bytes", row["card"]))) if row else None
            at = str(tx.find("statement", order=("n",), matter=str(matter["id"]), kind="released")[0]["at"])
            contact = telling(tx, str(matter["id"])).get("buyer_contact", "")
            name = {"zh": card.name_zh, "en": card.name_en or card.name_zh} if card else {"zh": "–", "en": "–"}
            found.append({"kind": "buyer", **name, "place": card.place if card else "", "at": at, "contact": contact})
    return found


def _decisions(desk: Desk, tx: Transaction, packs: Packs, vault: str, subject: Row) -> list[Json]:
    """What rules say today of this person in each deal under way that they were told of: whether their data moves, and why. What moved is told by who has it."""
    found: list[Json] = []
    for matter in tx.find("matter", order=("ref",), vault=vault, kind="deal"):
        if _is_theirs(desk, tx, matter, vault, subject):
            made = decide_one(tx, matter, packs, desk.today(), subject)
            apart = {(each.verdict, *(why.rule for why in each.reasons)): each for each in made.values()}
            parts: list[Json] = [
                {"verdict": each.verdict, "reasons": [_reason(packs, why.rule, why.text) for why in each.reasons]}
                for each in apart.values()
            ]
            found.append({"deal": str(matter["ref"]), "verdicts": parts})
    return found


def _is_theirs(desk: Desk, tx: Transaction, matter: Row, vault: str, subject: Row) -> bool:
    """Whether this deal decides over somebody who may know of it: until customers are told it is the companies' own matter."""
    name, who = str(matter["id"]), cast("bytes", subject["id"])
    if side_of(tx, matter) != SELLER or not tx.count("statement", matter=name, kind="gate"):
        return False
    if tx.count("statement", matter=name, kind=ABORTED) or not (
        tx.count("evidence", matter=name, subject=who, type="notice.delivered") or under_way(desk, tx, matter)
    ):
        return False
    made = releases.made(desk, tx, name)
    return not made or not releases.lies_there(tx, vault, who, releases.out(tx, matter, made))


def _reason(packs: Packs, name: str, text: Mapping[str, str]) -> Json:
    rule = packs.rule(name)
    if rule is None:
        return {"rule": name, "says": dict(text), "law": None}
    return {"rule": name, "says": dict(rule.to_customer or rule.title), "law": _law(rule.reference)}


def _law(reference: Mapping[str, str]) -> Json:
    return {lang: cited(reference, lang) for lang in _BOTH}


def _rights(desk: Desk, packs: Packs, matter: Mapping[str, Json], subject: Row) -> list[Json]:
    """What the law that binds this person lets them ask for: the rules that fire for such a request and not for any other."""
    facts = cast("Mapping[str, Json]", canonical.decode(cast("bytes", subject["facts"]), strict=False))
    seller = matter.get("seller.jurisdiction")
    here = (seller,) if isinstance(seller, str) else ()
    places = [place for place in subjects.regimes(facts, *here) or here if place in packs.regimes] if here else []
    found: dict[str, None] = {}
    for kind in KINDS:
        found |= dict.fromkeys(
            sorted(
                _fired(desk, packs, matter, places, {"request.type": kind}) - _fired(desk, packs, matter, places, {})
            )
        )
    rules = [rule for name in found if (rule := packs.rule(name)) is not None and rule.to_customer]
    return [{"rule": rule.id, "says": dict(rule.to_customer), "law": _law(rule.reference)} for rule in rules]


def _fired(
    desk: Desk, packs: Packs, matter: Mapping[str, Json], places: Iterable[str], more: Mapping[str, Json]
) -> set[str]:
    asked: dict[str, Json] = {"event.kind": "request", "request.received_at": stamp(desk.clock.now()), "request.by": "subject", "event.identifiability": "identifiable",
                              "request.portability_conditions_met": True, "deal.on_date": desk.today().isoformat()}  # fmt: skip
    made = check(packs, with_ages({**matter, **asked, **more}), tuple(places), desk.today())
    return {each.id for each in made.fired}
