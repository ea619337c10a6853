"""B2: before somebody agrees they read every item that the rules behind the question want told, in both languages."""

import tomllib
from importlib.resources import files
from pathlib import Path
from string import Formatter
from urllib.request import urlopen

import pytest

from custody import wiring
from custody.acts import lawbook
from custody.acts.answering import Ruled, shown
from custody.acts.asking import Question, is_consent, wordings
from custody.acts.consent_items import told_items
from custody.acts.holdings import holdings
from custody.acts.matters import deal
from custody.base.errors import Malformed, Refused
from custody.base.ids import subject_bytes
from custody.services.deal_tell import deal_tell
from tests.portal.answering import ANSWERED, ONE_OPEN, answer, page
from tests.portal.conftest import DEAL, at, somebody
from tests.portal.serving import portal
from tests.portal.tokens import token

RULES = [
    (rule, code)
    for rule in lawbook.packs(wiring.laws()).rules
    for code in rule.evidence
    if is_consent(code) and rule.contents
]
NAMES = [f"{rule.id}-{code}" for rule, code in RULES]
TOLD = {"buyer_contact": "privacy@zhiwei.example", "seller_contact": "privacy@qinghe.example"}
LINES = {"zh": "公司写明的一句", "en": "a line that the company told"}


def put(where: Path, rule, code: str, lang: str):
    with at(where, "zhouning") as desk, desk.store.read() as tx:
        matter = deal(desk, tx, DEAL)
        who = subject_bytes(somebody(where, *ONE_OPEN, lacks=ANSWERED))
        (row,) = tx.find("subject", vault=str(matter["vault"]), id=who)
        held = holdings(desk, tx, str(matter["vault"]), who)
        places = tuple(sorted({place for one in held for place in one.where}))
        assert row is not None
        return shown(tx, matter, held, Question(code, places, (rule.id,)), lang, Ruled("", (rule,)))


def test_b2_every_consent_rule_with_contents_is_among_those_asked_about():
    """The rules of five places list what their consent tells; each item has words here, or is to be told by the company."""
    assert {rule.regime for rule, _ in RULES} >= {"CN", "HK", "IN", "JP", "KR"}
    assert {name for rule, _ in RULES for name in rule.contents} <= set(wordings()["item"])


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_b2_every_item_of_every_rule_stands_in_the_words(shipped: Path, lang: str):
    """By its name, with what it says; what the company has not told is said to be untold, and never left out. Nothing looks like a place that was not filled."""
    for rule, code in RULES:
        said = put(shipped, rule, code, lang)
        for name in rule.contents:
            item = wordings()["item"][name]
            if not item.get("own"):
                assert item[f"label_{lang}"] in said.text, (rule.id, name)
        assert said.categories
        assert "{" not in said.text
        assert "–" not in said.text


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_b2_the_question_itself_names_recipient_kinds_and_purposes(lang: str):
    """Of every question that is put: what `own` items are left to."""
    for rule, code in RULES:
        template = wordings()[code]["text"][lang]
        for place in ("{buyer}", "{what}", "{why}"):
            assert place in template, (rule.id, code, place)


def test_b2_what_the_company_tells_stands_there(played: Path):
    """The recipient's contact, and what no deal shows (a country's system, measures, a period), in the person's language."""
    names = sorted({name for rule, _ in RULES for name in rule.contents})
    with at(played, "zhouning") as desk:
        deal_tell(desk, DEAL, {**TOLD, **told_items({name: {lang: f"{said} {name}" for lang, said in LINES.items()} for name in names})})  # fmt: skip
    for rule, code in RULES:
        for lang, line in LINES.items():
            text = put(played, rule, code, lang).text
            assert all(f"{line} {name}" in text for name in rule.contents), (rule.id, lang)


def test_b2_the_page_shows_the_contact_once_it_is_told_and_how_to_withdraw(played: Path):
    """Before, it says whom to ask; a yes names the words that were on the page, so older words take none."""
    untell(played)
    text = token(played, somebody(played, *ONE_OPEN, lacks=ANSWERED))
    before = next(one for one in page(played, text, "en")["asked"] if one["question"] == "consent.separate")
    assert "Contact of the recipient: " in before["text"]
    assert "has not told it yet" in before["text"]
    with at(played, "zhouning") as desk:
        deal_tell(desk, DEAL, TOLD)
    after = next(one for one in page(played, text, "en")["asked"] if one["question"] == "consent.separate")
    assert f"Contact of the recipient: {TOLD['buyer_contact']}." in after["text"]
    assert "Method: " in after["text"]
    assert "Withdraw in one step" in after["withdrawal"]
    assert after["shown"] != before["shown"]
    kept = answer(played, text, "consent.separate", "given", shown=page(played, text)["asked"][0]["shown"])
    assert kept["act"] == "given"


def untell(where: Path, *names: str) -> None:
    """As before the company told these items, or any."""
    with at(where, "zhouning") as desk, desk.store.write() as tx:
        for row in tx.find("told", matter=str(deal(desk, tx, DEAL)["id"])):
            if not names or any(str(row["name"]).startswith(f"item.{name}.") for name in names):
                tx.drop("told", matter=row["matter"], name=row["name"])


def test_b2_nobody_agrees_before_everything_was_told(played: Path):
    """Of one item that is untold: no yes is taken, by a button or straight to the service; a no is, and the page has no button for a yes; once it is told it is taken."""
    who = somebody(played, *ONE_OPEN, lacks=ANSWERED)
    link = token(played, who)
    untell(played, "recipient.contact")
    (asked,) = [one for one in page(played, link, "en")["asked"] if one["question"] == "consent.separate"]
    assert asked["lacks"] == ["recipient.contact"]
    with pytest.raises(Refused) as refused:
        answer(played, link, "consent.separate", "given", shown=page(played, link)["asked"][0]["shown"])
    assert (refused.value.slug, refused.value.where) == ("portal.untold", {"items": "recipient.contact"})
    with portal(played) as base:
        seen = urlopen(f"{base}/en/t/{link}").read().decode()
    assert 'value="given"' not in seen
    assert 'value="refused"' in seen
    assert "Nobody can agree to this yet" in seen
    assert answer(played, link, "consent.separate", "refused")["act"] == "refused"
    with at(played, "zhouning") as desk:
        deal_tell(desk, DEAL, TOLD)
    assert page(played, link)["questions"][0]["lacks"] == []
    assert answer(played, link, "consent.separate", "given")["act"] == "given"


@pytest.mark.parametrize(
    "given", [{"no.such": "x"}, {"method": "a\nb"}, {"method": {"fr": "x"}}, {"method": 3}, {"method": ""}]
)
def test_b2_an_item_that_is_none_is_not_told(given: dict):
    """Only items that a consent tells, in one line, in Chinese or English."""
    with pytest.raises(Malformed) as refused:
        told_items(given)
    assert refused.value.slug == "deal.tell"


def test_b2_both_languages_of_a_question_have_the_same_places():
    """What one reader is told of kinds, purposes and companies, the other is told too."""
    found = tomllib.loads((files("custody.acts") / "questions.toml").read_text(encoding="utf-8"))
    pairs = [(code, name, one) for code, entry in found.items() for name, one in entry.items() if isinstance(one, dict)]
    uneven = [(code, name) for code, name, one in pairs if places(str(one.get("zh"))) != places(str(one.get("en")))]
    assert len(pairs) > 30
    assert not uneven


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}
