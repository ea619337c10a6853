"""C1: papers hold exactly what the rules ask for, and nothing is left blank (spec/law.md §10)."""

from datetime import date

import pytest

from custody import wiring
from custody.acts.papers import papers
from custody.acts.said import ANSWERS
from custody.base.errors import Malformed
from custody.law.needs import needs
from custody.law.pack import Packs, Rule
from custody.law.paper import Composer, Known, Paper
from custody.law.papers import Papers, read_papers

ON = date(2026, 6, 1)
NAMES = {f"{who}.name": {"zh": f"{who}甲", "en": f"{who} Ltd."} for who in ("own", "seller", "buyer")}
MAP = {f"map.{one}": {"zh": f"{one}乙", "en": one} for one in ("purposes", "categories", "subjects", "retention")}
SALE = {
    "deal.structure": "asset_deal", "deal.handler_changes": True, "deal.insolvency": "none", "event.kind": "closing_handover",
    "event.data_leaves_entity": True, "event.identifiability": "identifiable", "event.recipient_role": "another_handler",
    "event.recipient_jurisdiction": "CN", "event.accessible_from_abroad": False, "crossborder.direction": "none",
    "seller.jurisdiction": "CN", "buyer.jurisdiction": "CN", "data.categories": ["general"], "basis.purpose_changes": False,
    "basis.method_changes": False, "basis.types_change": False, "basis.legal_basis_orig": "consent", "event.notified_items_change": True,
    "basis.notice_exempt_ground": "none", "data.youngest_age": 30,
}  # fmt: skip


@pytest.fixture(scope="module")
def told() -> Papers:
    """The papers that ship."""
    return papers(wiring.laws())


def asking(loaded: Packs) -> list[Rule]:
    """Every rule in force with contents."""
    return [rule for rule in loaded.of(sorted(loaded.regimes), ON) if rule.contents]


def compose(told: Papers, packs: Packs, rules: list[Rule], *, given: dict, facts: dict, lang: str = "en") -> Paper:
    """One paper of these rules."""
    kind = told.kind(rules[0].id, packs)
    assert kind is not None
    return Composer(told, packs, Known(facts, {**NAMES, **MAP}), given, lang).compose(kind, rules)


def test_every_item_has_words_and_somebody_asks_for_it(loaded: Packs, told: Papers):
    """What a rule's contents name is called something in both languages, and no item is left over."""
    asked = {name for rule in loaded.rules for name in rule.contents}
    assert asked == set(told.items)
    assert all(set(item.words) == {"zh", "en"} for item in told.items.values())


def test_every_rule_of_a_kind_is_a_rule_that_ships(loaded: Packs, told: Papers):
    """A kind serves rules that exist, and what it can be filed as is evidence that one of them asks for."""
    for kind in told.kinds.values():
        rules = [loaded.rule(name) for name in kind.rules]
        assert None not in rules
        assert not kind.files or any(kind.files in rule.evidence for rule in rules if rule)
    assert set(told.asks) == {one for rule in loaded.rules for one in rule.evidence if one.startswith("consent.")}


def test_what_only_a_customer_can_say_can_be_recorded_of_each(loaded: Packs):
    """Every consent, permission and notice that a rule asks for is an answer that a list can bring, and no rule of a whole deal waits for one."""
    asked = {(rule.scope, one) for rule in loaded.rules for one in (*rule.evidence, *rule.refused_by)}
    personal = {
        one for _, one in asked if one.split(".")[0] in {"consent", "permission", "notice", "objection", "withdrawal"}
    }
    assert personal <= ANSWERS
    matters = {one for rule in loaded.rules if rule.scope == "matter" and rule.kind == "BLOCK" for one in rule.evidence}
    assert not matters & ANSWERS


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_paper_holds_exactly_the_contents_of_its_rule(loaded: Packs, told: Papers, lang: str):
    """With everything given, each rule's paper holds its items in order, each once, and no other."""
    for rule in asking(loaded):
        made = compose(told, loaded, [rule], given={name: f"<{name}>" for name in rule.contents}, facts={}, lang=lang)
        assert [one.name for one in made.fields] == list(rule.contents)
        assert [one.value for one in made.fields] == [f"<{name}>" for name in rule.contents]
        assert made.lacks == ()


def test_an_item_that_is_left_out_is_told(loaded: Packs, told: Papers):
    """Whichever item is left out, it is named, unless the deal fills it or it follows from another that was given."""
    for rule in asking(loaded):
        for left in rule.contents:
            given = {name: "given" for name in rule.contents if name != left}
            made = compose(told, loaded, [rule], given=given, facts=SALE)
            field = next(one for one in made.fields if one.name == left)
            assert (field.origin == "") == (left in made.lacks), (rule.id, left)
            assert bool(field.value) == bool(field.origin)


def test_several_rules_make_one_paper_without_repeating(loaded: Packs, told: Papers):
    """An item that two rules ask for stands once and names both; what others ask for is told where the law says so."""
    rules = [rule for name in ("CN-NOTICE-17", "CN-PROVIDE-23", "CN-SENS-30") if (rule := loaded.rule(name))]
    made = compose(told, loaded, rules, given={}, facts=SALE)
    names = [one.name for one in made.fields]
    assert len(names) == len(set(names))
    assert set(names) == {name for rule in rules for name in rule.contents}
    purpose = next(one for one in made.fields if one.name == "purpose")
    assert (purpose.rules, purpose.origin) == (("CN-NOTICE-17", "CN-PROVIDE-23"), "map.purposes")
    others = next(one for one in made.fields if one.name == "other_by_law")
    assert "Name of the recipient" in others.value
    assert "Necessity" in others.value
    alone = compose(told, loaded, rules[:1], given={}, facts=SALE)
    assert "other_by_law" in alone.lacks


@pytest.mark.parametrize(("changes", "filled"), [(False, True), (True, False), (None, False)])
def test_the_old_purpose_is_told_only_where_it_is_known_to_stay(
    loaded: Packs, told: Papers, changes: bool | None, filled: bool
):
    """Unknown never fills: a purpose that may change must be given."""
    rule = loaded.rule("CN-PROVIDE-23")
    assert rule is not None
    made = compose(told, loaded, [rule], given={}, facts={**SALE, "basis.purpose_changes": changes})
    assert ("purpose" not in made.lacks) is filled


def test_what_follows_from_a_lacking_item_is_not_asked_for_twice(loaded: Packs, told: Papers):
    """With the contact given the rights tell it; without, only the contact lacks."""
    rule = loaded.rule("CN-NOTICE-17")
    assert rule is not None
    bare = compose(told, loaded, [rule], given={}, facts=SALE)
    assert "handler.contact" in bare.lacks
    assert "rights" not in bare.lacks
    made = compose(told, loaded, [rule], given={"handler.contact": "400-1"}, facts=SALE)
    assert "400-1" in next(one.value for one in made.fields if one.name == "rights")


def test_a_value_in_the_other_language_is_no_value(loaded: Packs, told: Papers):
    """zh alone lacks in the English paper."""
    rule = loaded.rule("CN-TRANSFER-22")
    assert rule is not None
    given = {"recipient.contact": {"zh": "电话"}}
    assert compose(told, loaded, [rule], given=given, facts=SALE, lang="zh").lacks == ()
    assert compose(told, loaded, [rule], given=given, facts=SALE, lang="en").lacks == ("recipient.contact",)


def test_what_binds_one_person_is_needed(loaded: Packs):
    """A rule that binds some case is needed, one that may bind is told with what would tell, and no other."""
    adult, child = (["CN"], {"data.minors_u14": False}), (["CN"], {"data.minors_u14": True})
    found = {one.rule.id: one for one in needs(loaded, set(), SALE, [adult, child], ON)}
    assert found["CN-PROVIDE-23"].binds is True
    assert found["CN-MINOR-TRANSFER"].binds is True
    assert "CN-TRANSFER-22" not in found
    assert not any(name.startswith("EU-") for name in found)
    vague = {name: value for name, value in SALE.items() if name not in {"deal.structure", "data.youngest_age"}}
    told = {one.rule.id: one for one in needs(loaded, set(), vague, [(["CN"], {})], ON)}
    assert told["CN-TRANSFER-22"].binds is None
    assert "deal.structure" in told["CN-TRANSFER-22"].missing


@pytest.mark.parametrize(
    ("contents", "kinds", "fault"),
    [
        ("a: {zh: 甲}", "", "a holds zh, en"),
        ("a: {zh: 甲, en: A, fills: [{from: nowhere}]}", "", "nowhere is no source"),
        ("a: {zh: 甲, en: A, fills: [{from: 'fact:deal.nothing'}]}", "", "is no source"),
        ("a: {zh: 甲, en: A, fills: [{from: own.name, zh: 乙, en: B}]}", "", "from, or zh and en"),
        ("a: {zh: 甲, en: A, fills: [{in: XX, from: own.name}]}", "", "XX is no place"),
        ("a: {zh: 甲, en: A, fills: [{when: {fact: deal.structure, is: barter}, from: own.name}]}", "", "must be one of"),
        ("a: {zh: 甲, en: A}", "k: {title: {zh: 甲, en: A}, opening: {zh: 甲, en: A}, to: nobody, rules: [CN-PROVIDE-23]}", "to is one of"),
        ("a: {zh: 甲, en: A}", "k: {title: {zh: 甲, en: A}, opening: {zh: 甲, en: A}, to: file, rules: [CN-SHARE-INFO]}", "rules with contents"),
        ("a: {zh: 甲, en: A}", "k: {title: {zh: 甲, en: A}, opening: {zh: 甲, en: A}, to: file, by: bank, rules: [CN-PROVIDE-23]}", "by is one of"),
    ],
)  # fmt: skip
def test_a_fault_in_the_papers_is_told(loaded: Packs, contents: str, kinds: str, fault: str):
    """Each with its file and line; nothing is made of such papers."""
    text = "kinds: {" + kinds + "}\nasks: {}\n"
    with pytest.raises(Malformed) as caught:
        read_papers(contents, text, loaded)
    assert (caught.value.slug, fault in caught.value.message) == ("law.papers", True)
