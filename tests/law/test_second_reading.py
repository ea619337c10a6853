"""A second and a third reader's scenarios and deadlines, written from the dossier of the law without the packs at hand.

The packs are held to them as they are to their own cases; what differed is told in docs/law/second-reading.md.
"""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from custody.base.clock import parse
from custody.law.check import check, clock_facts, flatten
from custody.law.due import due
from custody.law.pack import Packs

HERE = Path(__file__).parent / "reading"
CLOCKS = ("clocks.yaml", "clocks_third.yaml", "clocks_thresholds.yaml", "clocks_fourth.yaml")
TODAY = {"deal.on_date": "2026-04-20"}


def written(*names: str) -> list[dict[str, Any]]:
    """The readers' files, one after the other."""
    return [one for name in names for one in yaml.safe_load((HERE / name).read_text(encoding="utf-8"))]


def scenarios() -> Iterator[Mapping[str, Any]]:
    """Each scenario with what it takes over from the one that it is like."""
    known: dict[str, dict[str, Any]] = {}
    for one in written("scenarios.yaml", "scenarios_third.yaml", "scenarios_fourth.yaml"):
        assert one["name"] not in known
        like = known.get(one.get("like", ""), {"facts": {}, "regimes": None})
        facts = {**like["facts"], **one["facts"]} if "facts" in one else like["facts"]
        known[one["name"]] = {"facts": facts, "regimes": one.get("regimes", like["regimes"])}
        yield {**one, **known[one["name"]]}


def nested(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Facts by full name in their groups, as a file of facts holds them."""
    made: dict[str, Any] = {}
    for name, value in facts.items():
        group, leaf = name.split(".")
        made.setdefault(group, {})[leaf] = value
    return made


@pytest.mark.parametrize("one", [pytest.param(one, id=one["name"]) for one in scenarios()])
def test_the_packs_agree_with_the_readers(loaded: Packs, one: Mapping[str, Any]):
    """What should fire is sure, what should not is surely not, and what is open waits for facts."""
    facts = flatten(nested(one["facts"]), loaded.schema)
    outcome = check(loaded, facts, tuple(one["regimes"]), date.fromisoformat(str(one["facts"]["deal.on_date"])))
    fired, unsure = {rule.id for rule in outcome.fired}, {rule.id for rule, _ in outcome.unknown}
    told = {
        name: "fires" if name in fired else "open" if name in unsure else "not"
        for word in ("fires", "not", "open")
        for name in one.get(word, ())
    }
    assert told == {name: word for word in ("fires", "not", "open") for name in one.get(word, ())}
    assert all(loaded.rule(name) for name in told)


@pytest.mark.parametrize(
    "one",
    [pytest.param(one, id=f"{number} {one['rule']}") for number, one in enumerate(written(*CLOCKS))],
)
def test_the_clocks_agree_with_the_readers(loaded: Packs, one: Mapping[str, Any]):
    """Each deadline comes out as reckoned by hand: zones, summer time, holidays, ends of months, pauses, extensions."""
    facts = {**TODAY, **clock_facts(one["facts"], loaded.schema, loaded.terms)}
    found = due(loaded, one["rule"], one["event"], parse(one["start"]), facts)
    told = found.at.isoformat() if isinstance(found.at, datetime) else {None: "none", "immediate": "at once"}[found.at]
    assert told == one["due"]
    assert found.at is None or found.clock is None or found.clock.bound == one.get("bound", "at_latest")
