"""Run the worked cases beside the rules, and say which rules they leave unproven (C2)."""

from collections.abc import Mapping, Sequence

from custody.acts import lawbook
from custody.base.canonical import Json
from custody.base.errors import Missing
from custody.law.cases import Case, read_cases, run
from custody.law.mutants import survivors
from custody.law.pack import Packs
from custody.ports.laws import Laws


def law_cases(laws: Laws, wanted: Sequence[str], *, mutate: bool = False) -> Mapping[str, Json]:
    """Run every case of the places wanted, or of all; with `mutate`, also tell which changes of rules none notices. Raises Malformed `law.cases`, Missing `law.place`."""
    packs = lawbook.packs(laws)
    cases = read_cases(laws.cases(), packs)
    places = [place.upper().replace("_", "-") for place in wanted] or sorted(packs.regimes)
    strange = sorted(set(places) - packs.regimes)
    if strange:
        raise Missing("law.place", f"No law is loaded for: {', '.join(strange)}.", where={"place": strange[0]})
    failed: list[Json] = []
    counts: dict[str, Json] = {}
    for place in places:
        own = [case for case in cases if case.place == place]
        counts[place] = len(own)
        failed += [
            {"place": place, "case": case.name, "file": case.file, "line": case.line, "wrong": list[Json](wrong)}
            for case in own
            if (wrong := run(case, packs))
        ]
    result: dict[str, Json] = {
        "ok": not failed,
        "places": counts,
        "failed": failed,
        "unproven": _unproven(packs, cases, places),
    }
    return {**result, "mutants": _mutants(packs, cases, places)} if mutate else result


def _mutants(packs: Packs, cases: Sequence[Case], places: Sequence[str]) -> Json:
    total, left = survivors(packs, cases, places)
    told: list[Json] = [
        {"rule": one.rule.id, "change": one.change, "file": one.rule.file, "line": one.line} for one in left
    ]
    return {"total": total, "noticed": total - len(left), "survived": told}


def _unproven(packs: Packs, cases: Sequence[Case], places: Sequence[str]) -> list[Json]:
    """Rules without a case in which they fire, or without one in which they do not."""
    said = {(rule, value) for case in cases for rule, value in case.says.items()}
    found: list[Json] = []
    for rule in packs.rules:
        if rule.regime in places:
            lacks = [
                word for word, value in (("fires", True), ("does_not_fire", False)) if (rule.id, value) not in said
            ]
            if lacks:
                found.append({"rule": rule.id, "lacks": list[Json](lacks), "file": rule.file})
    return found
