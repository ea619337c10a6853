"""On which grounds of law requests may be refused, whole or in part (B4; spec/law.md §12)."""

from collections.abc import Mapping, Sequence
from typing import Final

from custody.acts import lawbook
from custody.acts.asked import request
from custody.acts.desk import Desk
from custody.acts.grounds import grounds
from custody.acts.grounds import laws as laws_of
from custody.base.canonical import Json
from custody.law.pack import Rule
from custody.ports.laws import Laws

READERS: Final = ("owner", "privacy", "lawyer", "data", "department", "auditor")


def request_grounds(desk: Desk, laws: Laws, refs: Sequence[str]) -> Mapping[str, Json]:
    """Those in force today, with law, article and words, and which of these requests each may refuse; `laws`: the laws that bind one of them, of each of which a refusal names one.

    Raises Missing `request.unknown`.
    """
    desk.require(READERS)
    packs, on = lawbook.packs(laws), desk.today()
    found, whose = dict[str, Rule](), dict[str, list[Json]]()
    binding = dict[str, list[Json]]()
    with desk.store.read() as tx:
        for ref in refs:
            row = request(desk, tx, ref)
            for law in laws_of(packs, row):
                binding["+".join(sorted(law))] = list[Json](sorted(law))
            for text in grounds(packs, row, on):
                found[text.id] = text
                whose.setdefault(text.id, []).append(ref)
    told: list[Json] = [{**_told(found[name]), "requests": whose[name]} for name in sorted(found)]
    places = {text.regime for text in found.values()}
    return {"grounds": told, "laws": [{"places": law, "grounded": bool(places & set(map(str, law)))} for _, law in sorted(binding.items())]}  # fmt: skip


def _told(text: Rule) -> dict[str, Json]:
    return {
        "rule": text.id,
        "place": text.regime,
        "title": dict(text.title),
        "law": dict(text.reference),
        "confidence": text.confidence,
        "says": dict(text.says),
        "to_customer": dict(text.to_customer),
    }
