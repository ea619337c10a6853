"""Which obligations follow from given facts (C2)."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from custody.acts import lawbook
from custody.acts.reasons import explained
from custody.base.canonical import Json
from custody.base.errors import CustodyError, Malformed
from custody.law.check import check, flatten
from custody.law.deadlines import Deadline, deadlines, first
from custody.law.pack import Packs, Rule
from custody.law.terms import Terms
from custody.ports.laws import Laws


def law_check(laws: Laws, given: Mapping[str, Json], today: date, *, explain: bool = False) -> Mapping[str, Json]:
    """Evaluate; with `explain`, each rule that fired or may comes with its tree and what would change it. Raises Malformed `law.facts`, `law.regimes`."""
    loaded = lawbook.packs(laws)
    places = _places(given.get("regimes"), loaded.terms)
    facts = flatten(given, loaded.schema)
    stated = facts.get("deal.on_date")
    on = date.fromisoformat(stated) if isinstance(stated, str) else today
    outcome = check(loaded, facts, places, on)
    dated: Mapping[str, Json] = {"deal.on_date": on.isoformat(), **facts}
    fired: list[Json] = [
        _told(loaded, rule, dated) | _explained(loaded, rule, facts, explain=explain) for rule in outcome.fired
    ]
    unknown: list[Json] = [
        {"id": rule.id, "missing": list(missing), **_explained(loaded, rule, facts, explain=explain)}
        for rule, missing in outcome.unknown
    ]
    also = sorted({law for place in places for law in loaded.terms.places[place].law} - set(places))
    return {
        "fired": fired,
        "unknown": unknown,
        "not_loaded": list[Json](sorted(set(places) - loaded.regimes)),
        "also": list[Json](also),
        "on_date": on.isoformat(),
        "version": loaded.version,
    }


def _told(packs: Packs, rule: Rule, facts: Mapping[str, Json]) -> dict[str, Json]:
    told, fault = _deadlines(packs, rule, facts)
    chosen = first(told)
    return {
        "id": rule.id,
        "kind": rule.kind,
        "due_at": _moment(chosen) if chosen else None,
        "due": [_due(one, packs.terms) for one in told],
        "due_fault": fault,
        "confidence": rule.confidence,
        "reference": dict(rule.reference),
        "says": dict(rule.says),
    }


def _explained(packs: Packs, rule: Rule, facts: Mapping[str, Json], *, explain: bool) -> dict[str, Json]:
    return {"explained": explained(packs, rule, facts)} if explain else {}


def _deadlines(packs: Packs, rule: Rule, facts: Mapping[str, Json]) -> tuple[Sequence[Deadline], str]:
    """A calendar that is not known leaves the date open and says so; it does not keep the obligation back."""
    try:
        return deadlines(packs, rule, facts), ""
    except CustodyError as error:
        return (), error.message


def _due(one: Deadline, terms: Terms) -> Json:
    clock = one.due.clock
    missing = sorted({*one.due.missing, *({one.fact} if one.fact else ())})
    event = terms.events[one.event]
    runs = clock is not None and clock.due != "none"
    return {
        "duty": one.duty,
        "event": one.event,
        "counts_from": {"zh": event.zh, "en": event.en} if runs else {},
        "due_at": _moment(one),
        "bound": clock.bound if clock else None,
        "zone": clock.zone if clock else None,
        "source": clock.source if clock else "",
        "missing": list[Json](missing),
    }


def _moment(one: Deadline) -> str | None:
    return one.due.at.isoformat() if isinstance(one.due.at, datetime) else one.due.at


def _places(given: Json, terms: Terms) -> tuple[str, ...]:
    if not isinstance(given, list) or not given or not all(isinstance(one, str) for one in given):
        raise Malformed("law.regimes", "Facts name the regimes to evaluate.", next='Add "regimes": ["CN"].')
    places = tuple(str(one) for one in given)
    if set(places) - set(terms.places) or len(set(places)) < len(places):
        known = ", ".join(terms.places)
        raise Malformed("law.regimes", f"Regimes are named once each, from: {known}.", where={"fact": "regimes"})
    return places
