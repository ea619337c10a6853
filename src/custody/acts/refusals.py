"""On what a refusal rests, whole or in part: the rule with its law, its article and its reason as they stood when it was said (spec/requests.md §1)."""

from typing import cast

from custody.base import canonical
from custody.base.canonical import Json
from custody.law.pack import Packs
from custody.ports.store import Cells, Row


def resting_on(packs: Packs, name: str) -> Cells:
    """As the store keeps it; of a rule that is not known here its name alone."""
    texts = packs.cited(name)
    if not texts:
        return {"refused_by": name, "refusal": b""}
    found = texts[-1]
    reason = found.to_customer or found.says
    said: dict[str, Json] = {
        "law": dict[str, Json](found.reference),
        "reason": {"zh": reason["zh"], "en": reason["en"]},
    }
    return {"refused_by": name, "refusal": canonical.encode(said)}


def told(row: Row) -> dict[str, Json]:
    """The rule, {instrument, official, article} of its law, and its reason in both languages; both empty where nothing was refused."""
    kept = cast("bytes", row["refusal"])
    said = cast("dict[str, Json]", canonical.decode(kept)) if kept else {}
    return {
        "refused_by": str(row["refused_by"]),
        "refused_law": said.get("law", {}),
        "refused_reason": said.get("reason", {}),
    }
