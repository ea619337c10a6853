"""Which obligations follow from given facts (C2)."""

from collections.abc import Mapping
from datetime import date

from custody.acts import lawbook
from custody.base.canonical import Json
from custody.base.errors import Malformed
from custody.law.check import check, flatten
from custody.law.terms import Terms
from custody.ports.laws import Laws


def law_check(laws: Laws, given: Mapping[str, Json], today: date) -> Mapping[str, Json]:
    """Evaluate. Raises Malformed `law.facts`, `law.regimes`."""
    loaded = lawbook.packs(laws)
    places = _places(given.get("regimes"), loaded.terms)
    facts = flatten(given, loaded.schema)
    stated = facts.get("deal.on_date")
    on = date.fromisoformat(stated) if isinstance(stated, str) else today
    outcome = check(loaded, facts, places, on)
    fired: list[Json] = [
        {"id": rule.id, "kind": rule.kind, "due_at": None, "reference": dict(rule.reference), "says": dict(rule.says)}
        for rule in outcome.fired
    ]
    unknown: list[Json] = [{"id": rule.id, "missing": list(missing)} for rule, missing in outcome.unknown]
    absent: list[Json] = list[Json](sorted(set(places) - loaded.regimes))
    return {
        "fired": fired,
        "unknown": unknown,
        "not_loaded": absent,
        "on_date": on.isoformat(),
        "version": loaded.version,
    }


def _places(given: Json, terms: Terms) -> tuple[str, ...]:
    if not isinstance(given, list) or not given or not all(isinstance(one, str) for one in given):
        raise Malformed("law.regimes", "Facts name the regimes to evaluate.", next='Add "regimes": ["CN"].')
    places = tuple(str(one) for one in given)
    if set(places) - set(terms.places) or len(set(places)) < len(places):
        known = ", ".join(terms.places)
        raise Malformed("law.regimes", f"Regimes are named once each, from: {known}.", where={"fact": "regimes"})
    return places
