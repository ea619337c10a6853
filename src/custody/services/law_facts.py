"""The facts that rules speak of: what is asked, and what may be answered (C2)."""

from collections.abc import Mapping, Sequence

from custody.acts import lawbook
from custody.base.canonical import Json
from custody.ports.laws import Laws


def law_facts(laws: Laws, groups: Sequence[str]) -> Mapping[str, Json]:
    """Every fact, or those of some groups."""
    told: list[Json] = [
        {
            "fact": leaf.name,
            "type": leaf.kind,
            "values": dict(leaf.values),
            "name": {"zh": leaf.zh, "en": leaf.en},
            "asks": {"zh": leaf.asks_zh, "en": leaf.asks_en},
        }
        for leaf in lawbook.schema(laws).leaves.values()
        if not groups or leaf.name.partition(".")[0] in groups
    ]
    return {"facts": told}
