"""From when the text of a rule applies, and where the law that it cites is published (spec/law.md §4)."""

from collections.abc import Mapping

from custody.acts import lawbook
from custody.base.canonical import Json
from custody.ports.laws import Laws


def law_source(laws: Laws, rule: str, reference: Mapping[str, str]) -> Mapping[str, Json]:
    """`from` is '' for what no rule of the packs says, `url` for a law whose address is not known here."""
    texts = lawbook.packs(laws).cited(rule)
    cited = [one for one in texts if dict(one.reference) == dict(reference)] or list(texts)
    return {
        "from": cited[-1].start.isoformat() if cited else "",
        "url": lawbook.sources(laws).get(reference.get("official", ""), ""),
    }
