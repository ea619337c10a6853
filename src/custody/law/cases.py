"""Worked cases beside the rules: read as a whole, run against the packs (spec/law.md §8)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from custody.base.canonical import Json
from custody.base.errors import CustodyError
from custody.law.deadlines import deadlines
from custody.law.faults import Faults
from custody.law.form import day
from custody.law.lined import Lined, documents
from custody.law.pack import Packs, Rule
from custody.law.possible import with_ages
from custody.law.reading import plain

_KEYS: Final = frozenset(("name", "like", "on", "regimes", "facts", "fires", "does_not_fire", "unknown", "due"))
_SAID: Final = {"fires": True, "does_not_fire": False, "unknown": None}


@dataclass(frozen=True, slots=True)
class Case:
    """One worked case. `says` maps a rule id to true, false or None for unknown; `due` (rule, duty) to a moment."""

    name: str
    place: str
    regimes: tuple[str, ...]
    on: date
    facts: Mapping[str, Json]
    says: Mapping[str, bool | None]
    due: Mapping[tuple[str, str], str]
    file: str
    line: int


def read_cases(texts: Mapping[str, str], packs: Packs) -> tuple[Case, ...]:
    """Read `<place>/cases/*.yaml`. Raises Malformed `law.cases` with every fault."""
    faults, found = Faults(), dict[tuple[str, str], Case]()
    for name, text in sorted(texts.items()):
        faults.file = name
        place = name.split("/")[0].upper().replace("_", "-")
        in_file: dict[str, Case] = {}
        for row in documents(text, faults):
            made = _case(row, place, in_file, packs, faults)
            if made and (place, made.name) in found:
                faults.add(made.line, f"another case of {place} is called so: {made.name}")
            if made:
                in_file[made.name] = found[place, made.name] = made
    faults.stop("law.cases", "Correct the cases named; none was run.")
    return tuple(found.values())


def run(case: Case, packs: Packs) -> list[str]:
    """What came out otherwise than the case says."""
    facts = with_ages(case.facts)
    wrong = [
        f"{rule}: {_WORD[answer(packs, rule, case, facts)]}, not {_WORD[said]}"
        for rule, said in case.says.items()
        if answer(packs, rule, case, facts) is not said
    ]
    return wrong + list(_due(case, packs, facts))


def answer(packs: Packs, rule: str, case: Case, facts: Mapping[str, Json]) -> bool | None:
    """Whether a rule fires in a case; a text that is not in force does not."""
    text = in_force(packs, rule, case)
    return packs.ask(text, facts).value if text else False


def in_force(packs: Packs, rule: str, case: Case) -> Rule | None:
    """The text of a rule that binds in a case."""
    texts = (text for text in packs.texts(rule) if text.regime in case.regimes and text.in_force(case.on))
    return next(texts, None)


def _due(case: Case, packs: Packs, facts: Mapping[str, Json]) -> Iterator[str]:
    for (name, duty), said in case.due.items():
        rule = in_force(packs, name, case)
        try:
            told = deadlines(packs, rule, facts) if rule else ()
        except CustodyError as error:
            yield f"{name}: {error.message}"
            continue
        found = [_moment(one.due.at) for one in told if duty in {"", one.duty}]
        if said not in found:
            yield f"{name} {duty}: due {', '.join(map(str, found)) or 'never'}, not {said}"


def _moment(at: object) -> str:
    return at.isoformat() if isinstance(at, datetime) else "none" if at is None else str(at)


def _case(row: object, place: str, earlier: Mapping[str, Case], packs: Packs, faults: Faults) -> Case | None:
    if not isinstance(row, Lined) or not isinstance(row.get("name"), str):
        faults.add(getattr(row, "line", 1), "a case is a mapping with a name")
        return None
    before = len(faults.found)
    for key in sorted(set(row) - _KEYS):
        faults.add(row.at(key), f"a case has no {key}")
    base = earlier.get(str(row["like"])) if "like" in row else None
    if "like" in row and base is None:
        faults.add(row.at("like"), f"no earlier case of this file is called {row['like']}")
    facts = {**(base.facts if base else {}), **_facts(row, packs, faults)}
    known = {name: value for name, value in facts.items() if value is not None}
    on = day(row.get("on") or known.get("deal.on_date") or (base.on if base else None))
    if on is None:
        faults.add(row.at("on"), "a case has a day: on, or deal.on_date among its facts")
    regimes = row.get("regimes", base.regimes if base else [place])
    if not isinstance(regimes, list | tuple) or set(regimes) - set(packs.terms.places):
        faults.add(row.at("regimes"), "regimes is a list of places of clocks.yaml")
    says, due = _says(row, packs, faults), _moments(row, packs, faults)
    made = Case(row["name"], place, tuple(regimes), on or date.min, known, says, due, faults.file, row.line)
    return made if len(faults.found) == before else None


def _facts(row: Lined, packs: Packs, faults: Faults) -> dict[str, Json]:
    found: dict[str, Json] = {}
    given = row.get("facts", Lined())
    if not isinstance(given, Lined) or any(not isinstance(group, Lined) for group in given.values()):
        faults.add(row.at("facts"), "facts come in groups")
        return found
    for group, leaves in given.items():
        for name, value in leaves.items():
            leaf, held = packs.schema.leaves.get(f"{group}.{name}"), plain(value)
            told = "is not known" if leaf is None else "" if held is None else leaf.fault(held)
            if told:
                faults.add(leaves.at(name), f"{group}.{name} {told}")
            found[f"{group}.{name}"] = held
    return found


def _says(row: Lined, packs: Packs, faults: Faults) -> dict[str, bool | None]:
    found: dict[str, bool | None] = {}
    for key, said in _SAID.items():
        listed = row.get(key, [])
        for rule in listed if isinstance(listed, list) else [str(listed)]:
            if packs.rule(str(rule)) is None:
                faults.add(row.at(key), f"{rule} is no rule")
            if rule in found:
                faults.add(row.at(key), f"{rule} is named twice")
            found[str(rule)] = said
    if not found and "due" not in row:
        faults.add(row.line, "a case says what fires, what does not, or what is due")
    return found


def _moments(row: Lined, packs: Packs, faults: Faults) -> dict[tuple[str, str], str]:
    given: Any = row.get("due", {})
    if not isinstance(given, dict) or any(packs.rule(str(rule)) is None for rule in given):
        faults.add(row.at("due"), "due maps a rule to a moment, or to moments by duty")
        return {}
    found: dict[tuple[str, str], str] = {}
    for rule, moment in given.items():
        by_duty = moment if isinstance(moment, dict) else {"": moment}
        found |= {(rule, duty): str(plain(one)) for duty, one in by_duty.items()}
    return found


_WORD: Final = {True: "fires", False: "does not fire", None: "unknown"}
