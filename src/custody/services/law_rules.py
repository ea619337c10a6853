"""The rules that are loaded, and which text of each is in force (C1)."""

from collections.abc import Mapping, Sequence
from datetime import date

from custody.acts import lawbook
from custody.base.canonical import Json
from custody.ports.laws import Laws


def law_rules(laws: Laws, wanted: Sequence[str], on: date) -> Mapping[str, Json]:
    """Rules of the places wanted, or of all, in the order of their files."""
    packs = lawbook.packs(laws)
    places = {place.upper().replace("_", "-") for place in wanted} or packs.regimes
    told: list[Json] = [
        {
            "id": rule.id,
            "place": rule.regime,
            "kind": rule.kind,
            "house": rule.house,
            "confidence": rule.confidence,
            "title": dict(rule.title),
            "reference": dict(rule.reference),
            "from": rule.start.isoformat(),
            "to": rule.end.isoformat() if rule.end else None,
            "in_force": rule.in_force(on),
            "file": f"{rule.file}:{rule.line}",
        }
        for rule in packs.rules
        if rule.regime in places
    ]
    return {"rules": told, "on_date": on.isoformat(), "version": packs.version}
