"""Why a rule fires on given facts, does not, or cannot be told (C2)."""

from collections.abc import Mapping
from datetime import date

from custody.acts import lawbook
from custody.acts.reasons import explained
from custody.base.canonical import Json
from custody.base.errors import Missing
from custody.law.check import flatten
from custody.ports.laws import Laws


def law_explain(laws: Laws, name: str, given: Mapping[str, Json], today: date) -> Mapping[str, Json]:
    """Explain the text in force. Raises Missing `law.rule`, Malformed `law.facts`."""
    packs = lawbook.packs(laws)
    texts = packs.texts(name)
    if not texts:
        raise Missing("law.rule", "No rule has this id.", next="custody law rules", where={"rule": name})
    facts = flatten(given, packs.schema)
    stated = facts.get("deal.on_date")
    on = date.fromisoformat(stated) if isinstance(stated, str) else today
    text = next((one for one in texts if one.in_force(on)), None)
    told = explained(packs, text or texts[-1], facts)
    if text is None:
        told |= {"value": False, "missing": [], "would_change": []}
    return {**told, "on_date": on.isoformat(), "in_force": text is not None}
