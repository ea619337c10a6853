"""Where a law is published: addresses by the names under which rules cite them (spec/law.md §4)."""

import pytest

from custody import wiring
from custody.acts import lawbook
from custody.base.errors import Malformed
from custody.law.sources import read_sources
from custody.services.law_source import law_source


def test_every_source_is_cited_by_a_rule():
    """A name that no rule uses would never be shown."""
    laws = wiring.laws()
    cited = {text.reference.get("official", "") for text in lawbook.packs(laws).written}
    assert set(lawbook.sources(laws)) <= cited
    assert lawbook.sources(laws)


@pytest.mark.parametrize(
    "url", ["http://a.example", "javascript:alert(1)", "//a.example/x", "https://", "https://me@a.example/", "12", "[]"]
)
def test_what_is_no_https_address_is_refused(url: str):
    """Pages link to it: nothing but https, to a host, without a name or a secret before it."""
    with pytest.raises(Malformed) as refused:
        read_sources(f"A law: {url}\n")
    assert refused.value.slug == "law.sources"
    assert read_sources("A law: https://a.example/x\n") == {"A law": "https://a.example/x"}


def test_a_rule_is_told_with_its_day_and_its_address():
    """Each rule that ships has a day; the text that is cited counts, not a newer one of the same id; what is unknown has neither."""
    laws = wiring.laws()
    for rule in lawbook.packs(laws).rules:
        told = law_source(laws, rule.id, rule.reference)
        alike = [one.start.isoformat() for one in lawbook.packs(laws).texts(rule.id) if one.reference == rule.reference]
        assert told["from"] == alike[-1]
        assert told["url"] == lawbook.sources(laws).get(rule.reference["official"], "")
    assert law_source(laws, "DECEASED", {}) == {"from": "", "url": ""}
