"""On what a refusal rests, whole or in part: the rule with its law, its article and its reason as they stood when it was said (spec/requests.md §1)."""

from typing import cast

from custody.base import canonical
from custody.base.canonical import Json
from custody.law.pack import Packs
from custody.ports.store import Cells, Row


def resting_on(packs: Packs, *names: str) -> Cells:
    """As the store keeps it: the first, and with it those of the other laws that bind; of a rule that is not known here its name alone."""
    first, *more = names or ("",)
    said = _said(packs, first)
    also: list[Json] = [{"rule": name, **_said(packs, name)} for name in more]
    whole: dict[str, Json] = {**said, **({"also": also} if also else {})}
    return {"refused_by": first, "refusal": canonical.encode(whole) if whole else b""}


def _said(packs: Packs, name: str) -> dict[str, Json]:
    texts = packs.cited(name)
    if not texts:
        return {}
    reason = texts[-1].to_customer or texts[-1].says
    return {"law": dict[str, Json](texts[-1].reference), "reason": {"zh": reason["zh"], "en": reason["en"]}}


def also(refused: Row) -> list[Json]:
    """{rule, law, reason} of each ground of another law."""
    kept = cast("bytes", refused.get("refusal") or b"")
    said = cast("dict[str, Json]", canonical.decode(kept)) if kept else {}
    return cast("list[Json]", said.get("also", []))


def told(row: Row) -> dict[str, Json]:
    """The rule, {instrument, official, article} of its law, and its reason in both languages, and the same of the grounds of other laws; empty where nothing was refused."""
    kept = cast("bytes", row["refusal"])
    said = cast("dict[str, Json]", canonical.decode(kept)) if kept else {}
    return {
        "refused_by": str(row["refused_by"]),
        "refused_law": said.get("law", {}),
        "refused_reason": said.get("reason", {}),
        "refused_also": said.get("also", []),
    }
