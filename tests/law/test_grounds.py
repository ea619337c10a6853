"""Grounds to refuse are data of the packs: by law, article and kind of request, and they never oblige or clear (spec/law.md §12)."""

from datetime import date

import pytest

from custody import wiring
from custody.acts import lawbook
from custody.acts.refusals import resting_on
from custody.acts.requesting import KINDS
from custody.base.errors import Malformed
from custody.law.check import check
from custody.law.overlay import digest, laid_over
from custody.law.pack import GROUND, REQUEST, Packs, load

ON = date(2027, 6, 1)
"""When every text that ships is in force."""
GROUND_TEXT = """\
id: CN-GROUND-X
title: {zh: 题, en: title}
reference: {instrument: PIPL, article: "1"}
from: 2021-11-01
confidence: M
kind: GROUND
refuses: [access, copy]
says: {zh: 说, en: says}
to_customer: {zh: 告, en: told}
"""
ENDS = GROUND_TEXT[GROUND_TEXT.index("kind:") :]
NONE_IN_LAW = {
    "AU": {"portability", "explain", "object", "withdraw_consent"}, "BR": {"withdraw_consent"}, "CA": {"portability", "explain"},
    "CA-QC": {"explain", "object", "withdraw_consent"}, "CH": {"withdraw_consent"}, "CN": {"explain", "withdraw_consent"},
    "DE": {"correct", "portability", "explain", "object", "withdraw_consent"}, "EU": {"withdraw_consent"},
    "FR": set(KINDS), "HK": {"portability", "explain", "object", "withdraw_consent"}, "IN": {"portability", "object", "withdraw_consent"},
    "JP": {"portability", "withdraw_consent"}, "KR": {"withdraw_consent"}, "SG": {"portability", "explain", "object", "withdraw_consent"},
    "TW": {"portability", "explain", "withdraw_consent"}, "UK": {"withdraw_consent"}, "US": set(KINDS),
    "US-CA": {"explain", "withdraw_consent"},
}  # fmt: skip
"""Rights that no ground of that place ends; those of DE and FR have the Union's besides, those of US California's."""
WELL_KNOWN = {
    ("EU", "access"): {"12(5)(b)", "15(4)"}, ("EU", "delete"): {"12(5)(b)", "17(1)", "17(3)(a)", "17(3)(b)", "17(3)(c)", "17(3)(d)", "17(3)(e)"},
    ("EU", "portability"): {"12(5)(b)", "20(1)", "20(3)", "20(4)"}, ("EU", "object"): {"12(5)(b)", "21(1)"},
    ("CN", "copy"): {"45(1), 18(1)", "45(1), 35"}, ("CN", "delete"): {"47", "47(1)"},
    ("US-CA", "delete"): {*(f"1798.105(d)({n})" for n in range(1, 9)), "1798.145(h)(3)", "1798.145(k)"},
    ("US-CA", "copy"): {"1798.130(b)", "1798.145(b)", "1798.145(k)"}, ("KR", "object"): {"37(2)"}, ("JP", "access"): {"33(2)"},
}  # fmt: skip


def read(text: str) -> Packs:
    """One file, with the facts and places that ship."""
    laws = wiring.laws()
    return load({"cn/x/1.yaml": text}, laws.facts(), laws.clocks(), "v")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("place", sorted(NONE_IN_LAW))
def test_every_right_under_every_law_has_its_grounds_or_none(loaded: Packs, place: str, kind: str):
    """Each cites an article, tells the person why in both languages and is found by its name; where the law has none, there is none."""
    found = [text for text in loaded.grounds if text.regime == place and kind in text.refuses and text.in_force(ON)]
    assert bool(found) == (kind not in NONE_IN_LAW[place])
    assert WELL_KNOWN.get((place, kind), set()) <= {text.reference["article"] for text in found}
    for text in found:
        kept = resting_on(loaded, text.id)
        assert kept["refused_by"] == text.id
        assert kept["refusal"]
        assert set(text.to_customer) == {"zh", "en"}
        assert text.confidence in {"H", "M", "L"}


def test_every_place_that_ships_is_in_that_table(loaded: Packs):
    """A new place says which rights end where."""
    assert set(NONE_IN_LAW) == loaded.regimes


def test_a_ground_never_fires_and_is_no_rule_of_the_gate(loaded: Packs):
    """On every kind of request, of every place: what is checked holds no ground."""
    names = {text.id for text in loaded.grounds if text.kind == GROUND}
    assert names
    assert not names & {rule.id for rule in loaded.rules}
    for kind in loaded.schema.leaves[REQUEST].values:
        told = check(loaded, {"event.kind": "request", REQUEST: kind}, sorted(loaded.regimes), ON)
        assert not names & {rule.id for rule in told.fired}
        assert not names & {rule.id for rule, _ in told.unknown}


def test_no_ground_ends_the_right_to_take_consent_back(loaded: Packs):
    """But where an act subjects it to law and contract (PIPEDA 4.3.8), which ships with one."""
    assert {text.id for text in loaded.grounds if "withdraw_consent" in text.refuses} == {"CAN-GROUND-4.3.8"}


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("refuses: [access, copy]", "refuses: [acces]", "refuses is a list of kinds of request"),
        ("refuses: [access, copy]", "refuses: [copy, copy]", "refuses is a list of kinds of request"),
        ("refuses: [access, copy]", "refuses: []", "refuses is a list of kinds of request"),
        ("refuses: [access, copy]\n", "", "lacks refuses"),
        ("to_customer: {zh: 告, en: told}\n", "", "lacks to_customer"),
        ("confidence: M", "confidence: S", "confidence is one of"),
        ("kind: GROUND", "kind: GROUND\nverdict: destroy", "a ground has no verdict"),
        ("kind: GROUND", "kind: GROUND\nevidence: [notice.delivered]", "a ground has no evidence"),
        (
            ENDS,
            f"kind: DUTY\nscope: subject\nwhen: {{fact: incident.cii_involved, is: true}}\n{ENDS.split(chr(10), 1)[1].rsplit('to_', 1)[0]}",
            "who is refused is told why",
        ),
    ],
)
def test_a_broken_ground_is_told_and_nothing_is_loaded(old: str, new: str, told: str):
    """Its own form, with the line."""
    assert read(GROUND_TEXT).grounds[0].refuses == ("access", "copy")
    with pytest.raises(Malformed) as caught:
        read(GROUND_TEXT.replace(old, new))
    assert caught.value.slug == "law.pack"
    assert told in caught.value.message


def test_a_rule_that_keeps_data_is_a_ground_besides_what_it_asks(loaded: Packs):
    """It stays a rule as it was; two texts of it are found by the day."""
    log = [text for text in loaded.grounds if text.id == "CN-RET-LOG"]
    assert [text.in_force(ON) for text in log] == [False, True]
    assert loaded.rule("CN-RET-LOG") in loaded.rules
    assert set(log[-1].refuses) == {"delete", "deregister"}


def test_a_house_has_grounds_only_by_two_signatures():
    """One that is not signed is not loaded, nor is one that a house would put on a rule of its own or in the place of a law's."""
    base, name = lawbook.shipped(wiring.laws()), "cn/house/1.yaml"
    for text in (GROUND_TEXT, GROUND_TEXT.replace("CN-GROUND-X", "CN-GROUND-46")):
        with pytest.raises(Malformed) as refused:
            laid_over(base, {name: text}, frozenset(), "v")
        assert refused.value.slug == "law.overlay"
        both = laid_over(base, {name: text}, frozenset((digest(name, text),)), "v")
        (own,) = [one for one in both.grounds if one.house]
        assert [one for one in both.grounds if one.id == own.id] == [own]
        assert both.rules == base.rules
