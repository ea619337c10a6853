"""An interview led one step: the next question, why it is asked, and where things stand without it (C2, spec/law.md §11).

Nothing is kept here: whoever asks holds the answers and hands them in again, so a terminal, a console and a machine
can all lead the same interview, and stop anywhere.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from custody.acts import lawbook
from custody.base.canonical import Json
from custody.base.citing import cited
from custody.base.errors import Malformed
from custody.law.check import check, flatten, unknowns
from custody.law.interview import Interview, Open, Told, following
from custody.law.pack import Packs, Rule
from custody.law.questions import Follow, Questions
from custody.law.schema import Leaf
from custody.ports.laws import Laws

PLACES: Final = "regimes"
_NAMED: Final = 3
_WEIGHT: Final = {"BLOCK": 0, "DUE": 1, "DUTY": 2, "INFO": 3, "FACTOR": 4}


def lead(laws: Laws, given: Mapping[str, Json], today: date) -> Mapping[str, Json]:
    """`given` are facts in groups, null for "don't know", and `regimes` once they are told.

    Raises Malformed `law.facts`, `law.regimes`.
    """
    packs, questions = lawbook.packs(laws), lawbook.questions(laws)
    told = _told(packs, given, today)
    if told is None:
        return {"done": False, "question": _of_places(questions), "open": 1, "facts": {}, "follows": [], "declined": [],
                "fired": [], "unknown": [], "on_date": today.isoformat(), "regimes": [], "also": []}  # fmt: skip
    derived = following(questions.follows, told, packs.schema)
    facts = {**told.facts, **{fact: value for fact, (value, _) in derived.items()}}
    told = Told(facts, told.declined, told.regimes, _day(facts, today))
    left = Interview(packs, questions).open(told)
    outcome = check(packs, facts, told.regimes, told.on)
    also = {law for place in told.regimes for law in packs.terms.places[place].law} - set(told.regimes)
    unknown: list[Json] = [{"id": rule.id, "missing": list(missing)} for rule, missing in outcome.unknown]
    return {
        "done": not left, "question": _question(packs, left[0]) if left else None, "open": len(left), "facts": facts,
        "follows": [_follow(fact, value, by) for fact, (value, by) in derived.items()],
        "declined": list[Json](sorted(told.declined)), "fired": [rule.id for rule in outcome.fired],
        "unknown": unknown, "on_date": told.on.isoformat(), "regimes": list[Json](told.regimes), "also": sorted(also),
    }  # fmt: skip


def _told(packs: Packs, given: Mapping[str, Json], today: date) -> Told | None:
    """What was answered; None until it is told whose law is concerned."""
    declined, facts = unknowns(given), flatten(given, packs.schema)
    places = given.get(PLACES)
    if places is None:
        return None
    if not isinstance(places, list) or not places or set(map(str, places)) - packs.regimes:
        known = ", ".join(sorted(packs.regimes))
        raise Malformed("law.regimes", f"Regimes are named once each, from: {known}.", where={"fact": PLACES})
    return Told(facts, declined, tuple(dict.fromkeys(map(str, places))), today)


def _day(facts: Mapping[str, Json], today: date) -> date:
    stated = facts.get("deal.on_date")
    return date.fromisoformat(stated) if isinstance(stated, str) else today


def _of_places(questions: Questions) -> Json:
    values = {place: dict(words) for place, words in questions.places.items()}
    name = {"zh": "法域", "en": "places whose law is concerned"}
    whose: Json = {"fact": PLACES, "type": "some_of", "values": values, "most": None, "name": name, "asks": dict(questions.asks), "rules": []}  # fmt: skip
    why = {"zh": "先要知道适用哪些法律。", "en": "First it must be known which laws apply."}
    return {"id": "places", "says": dict(questions.asks), "why": why, "rules": [], "waiting": len(questions.all), "parts": [whose]}  # fmt: skip


def _question(packs: Packs, one: Open) -> Json:
    rules = sorted(one.rules, key=lambda rule: (_WEIGHT[rule.kind], len(rule.read), rule.id))
    parts: list[Json] = [part(packs.schema.leaves[fact], rules) for fact in one.facts]
    named: list[Json] = [{"id": rule.id, "kind": rule.kind, "title": dict(rule.title), "reference": dict(rule.reference)} for rule in rules[:_NAMED]]  # fmt: skip
    return {
        "id": one.question.name, "says": dict(one.question.says), "why": _why(rules), "rules": named,
        "waiting": len(rules), "parts": parts,
    }  # fmt: skip


def part(leaf: Leaf, rules: Sequence[Rule]) -> dict[str, Json]:
    """One fact as it is asked for: its words, its type, its values, which rules wait."""
    waiting: list[Json] = [rule.id for rule in rules if leaf.name in rule.facts]
    values = {value: {"zh": zh, "en": value.replace("_", " ")} for value, zh in leaf.values.items()}
    return {
        "fact": leaf.name, "type": leaf.kind, "values": values, "most": leaf.most, "name": {"zh": leaf.zh, "en": leaf.en},
        "asks": {"zh": leaf.asks_zh, "en": leaf.asks_en}, "rules": waiting,
    }  # fmt: skip


def _why(rules: Sequence[Rule]) -> dict[str, Json]:
    """Which conclusions wait for the answer, the gravest and simplest first."""
    zh = "、".join(f"{rule.title['zh']}（{cited(rule.reference, 'zh')}）" for rule in rules[:_NAMED])
    en = "; ".join(f"{rule.title['en']} ({cited(rule.reference, 'en')})" for rule in rules[:_NAMED])
    more_zh, more_en = ("等", ", and others") if len(rules) > _NAMED else ("", "")
    return {
        "zh": f"有 {len(rules)} 条规则等这个回答：{zh}{more_zh}。",
        "en": f"{len(rules)} rule{'s wait' if len(rules) > 1 else ' waits'} for the answer: {en}{more_en}.",
    }


def _follow(fact: str, value: Json, by: Follow) -> Json:
    return {"fact": fact, "value": value, "says": dict(by.says)}
