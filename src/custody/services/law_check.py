"""Which obligations follow from given facts (C2)."""

from collections.abc import Mapping
from datetime import date

from custody.base.canonical import Json
from custody.base.errors import Malformed
from custody.law.check import check, flatten
from custody.law.pack import Packs, load
from custody.ports.laws import Laws


def packs(laws: Laws) -> Packs:
    """Every loaded rule, validated as a whole."""
    return load(laws.rules(), laws.facts(), laws.version())


def law_check(laws: Laws, given: Mapping[str, Json], today: date) -> Mapping[str, Json]:
    """Evaluate. Raises Malformed `law.facts`, `law.regimes`."""
    regimes = given.get("regimes")
    if not isinstance(regimes, list) or not regimes:
        raise Malformed("law.regimes", "Facts name the regimes to evaluate.", next='Add "regimes": ["CN"].')
    facts = flatten(given, laws.facts())
    stated = facts.get("deal.on_date")
    on = date.fromisoformat(stated) if isinstance(stated, str) else today
    loaded = packs(laws)
    places = tuple(str(one) for one in regimes)
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
