"""The page that two people confirm gives a reason only where it is that of most who stay."""

from custody.web.console.staying import stays
from tests.web.company import DEAL, Company


def reason(rule: str, verdict: str, count: int) -> dict[str, object]:
    return {"rule": rule, "verdict": verdict, "count": count, "text": {"zh": rule, "en": rule}}


def told(by: dict[str, int], *reasons: dict[str, object]) -> dict[str, str]:
    """The reason that is given, by verdict; '' for none."""
    found = stays({"by_verdict": by, "reasons": reasons})
    assert {one["verdict"]: one["count"] for one in found} == {k: n for k, n in by.items() if n and k != "hand_over"}
    return {one["verdict"]: one["why"]["en"] if one["why"] else "" for one in found}


def test_a_rare_reason_is_not_given_for_everybody():
    """One person waits for an opinion and 73 for an answer, which three who stay anyway lack as well."""
    by = {"hand_over": 4, "undecided": 73, "retain": 3}
    asked, rare = reason("asked", "undecided", 75), reason("opinion", "undecided", 1)
    noes = (reason("no", "retain", 1), reason("old", "retain", 1))
    assert told(by, asked, rare, *noes) == {"undecided": "asked", "retain": ""}


def test_what_holds_for_some_who_go_decides_nothing():
    """A reason of more people than stay holds in a part of those who go: the next one is given, if most share it."""
    by = {"hand_over": 90, "undecided": 10, "retain": 0}
    part, most = reason("part", "undecided", 60), reason("most", "undecided", 8)
    assert told(by, part, most) == {"undecided": "most"}
    assert told(by, part, reason("few", "undecided", 4)) == {"undecided": ""}


def test_before_a_gate_nobody_is_named():
    """No verdicts, no rows."""
    assert stays(None) == []


def test_c6_who_ships_reads_what_becomes_of_those_who_agree_later(seller: Company):
    """That they cannot follow stands among what cannot be undone, in both languages."""
    owner = seller.visitor("suhe")
    assert "whoever agrees later can no longer follow in this deal" in owner.get(f"/deals/{DEAL}/ship")
    owner.get(f"/lang/zh?next=/deals/{DEAL}/ship")
    assert "谁以后才同意，这笔交易也不能再放行给买方" in owner.page
