"""B1: a message is evidence for those laws alone whose every item it tells; words that lack one are refused by name."""

import sqlite3
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest

from custody import wiring
from custody.acts import lawbook
from custody.acts.campaigning import campaign, texts, words
from custody.acts.deciding import decide
from custody.acts.matters import deal
from custody.acts.wording import untold as gated
from custody.base.errors import CustodyError
from custody.base.ids import subject_text
from custody.services.campaign_new import campaign_new
from custody.services.campaign_send import campaign_send
from custody.services.campaign_settle import campaign_settle
from custody.services.campaign_show import campaign_show
from custody.services.portal_show import portal_show
from tests.adapters.texts.conftest import SECRET, gateways, settings
from tests.portal.campaigns import WORDS, contents, planned, relay, untold
from tests.portal.conftest import DEAL, at, laws
from tests.portal.texts_sent import kept
from tests.portal.tokens import token

__all__ = ["gateways", "relay", "untold"]
LACKS_IN_EUROPE = ("withdraw_consent", "statutory_or_contractual")


def waiting(where: Path) -> Counter[str]:
    """{rule that lacks the notice: of how many}, by the gate asked anew."""
    with at(where, "zhouning") as desk, desk.store.read() as tx:
        waits = gated(decide(tx, deal(desk, tx, DEAL), lawbook.packs(laws(where)), desk.today()))
    return Counter(rule for rules in waits.values() for rule in rules)


def new(where: Path, values: dict, **told: str) -> dict:
    with at(where, "zhouning") as desk:
        return dict(campaign_new(desk, laws(where), DEAL, {**WORDS, **told}, values))


def test_b1_words_that_tell_nothing_of_what_the_law_wants_are_refused(untold: Path):
    """A friendly line clears nobody: every rule is named with the items that lack."""
    with pytest.raises(CustodyError) as refused:
        new(untold, {}, text="青禾书屋……\nQinghe Books …")
    assert refused.value.slug == "campaign.contents"
    for name in ("CN-NOTICE-17", "handler.contact", "method", "recipient.contact"):
        assert name in str(refused.value)


@pytest.mark.parametrize("item", ["handler.contact", "method", "recipient.contact", "necessity"])
def test_b1_an_item_without_words_is_refused_by_its_name(untold: Path, item: str):
    """Whichever the list wants and nobody gave."""
    with at(untold, "zhouning") as desk:
        values = contents(desk, untold)
    with pytest.raises(CustodyError) as refused:
        new(untold, {name: said for name, said in values.items() if name != item})
    assert refused.value.slug == "document.lacks"
    assert item in str(refused.value)


@pytest.mark.parametrize("place", ["{no.such.item}", "{", "{0}", "{method.__class__}", "{contents!r}"])
def test_b1_a_place_that_is_none_is_refused(untold: Path, place: str):
    """Nothing in the words is a pattern but the places of items that are wanted here."""
    with at(untold, "zhouning") as desk:
        values = contents(desk, untold)
    with pytest.raises(CustodyError) as refused:
        new(untold, values, text=f"青禾 {{contents}} {place}")
    assert refused.value.slug == "campaign.words"


def test_b1_each_item_stands_once_in_both_languages(untold: Path):
    """Where it has a place of its own it is not listed again; words written at the place are what is read."""
    with at(untold, "zhouning") as desk:
        values = {name: said for name, said in contents(desk, untold).items() if name != "method"}
        made = campaign_new(desk, laws(untold), DEAL, {**WORDS, "text": "方式：{method: 只存储 Storing alone}\n{contents}"}, values)  # fmt: skip
        with desk.store.read() as tx:
            row = campaign(desk, tx, str(made["campaign"]))
    for lang, label in (("zh", "处理方式"), ("en", "Method of processing")):
        said = words(row, lang)["text"]
        assert said.startswith("方式：只存储 Storing alone\n1. ")
        assert label not in said
        assert "{" not in said
        assert all((one[lang] if isinstance(one, dict) else one) in said for one in values.values())
    assert set(texts(row)["rules"].split(",")) == set(made["tells"]) >= {"CN-NOTICE-17", "CN-PROVIDE-23"}


def test_b1_one_laws_paper_is_no_evidence_for_another(untold: Path, relay: tuple[str, Path]):
    """The paper of one law goes to whoever is told by it all that law wants; the others are counted, wait on, and their rules are named."""
    before = waiting(untold)
    with at(untold, "zhouning") as desk:
        values = {k: v for k, v in contents(desk, untold).items() if k not in {*LACKS_IN_EUROPE, "rights"}}
    made = planned(untold, paper="cn-notice", values=values, by=relay[0])
    assert made["other_rules"] == [{"rules": ["EU-INFO-13.3"], "people": before["EU-INFO-13.3"]}]
    with at(untold, "zhouning") as desk:
        assert campaign_show(desk, made["campaign"], 0)["other_rules"] == made["other_rules"]
    mailer = wiring.mailer(relay[0], "none", "", None, 0)
    with at(untold, "zhouning") as desk:
        while not campaign_send(desk, mailer, made["campaign"], 0)["done"]:
            pass
        desk.clock.advance(timedelta(hours=128))
        campaign_settle(desk, made["campaign"], None, 120)
    mailer.close()
    after = waiting(untold)
    assert after["EU-INFO-13.3"] == before["EU-INFO-13.3"]
    assert after["CN-NOTICE-17"] < before["CN-NOTICE-17"]


def test_b1_a_text_message_leads_to_all_that_it_tells(untold: Path, gateways: tuple[str, Path], tmp_path: Path):
    """The words alone go by telephone; each item stands on the page that they lead to, in the language of the page, and in a letter in their place."""
    address, taken = gateways
    (tmp_path / "secret").write_bytes(SECRET + b"\n")
    (tmp_path / "secret").chmod(0o600)
    (tmp_path / "gateway.toml").write_text(settings("twilio", address), encoding="utf-8")
    made = planned(
        untold, channel="sms", text="青禾书屋 Qinghe Books", by=wiring.texter(tmp_path / "gateway.toml", 0).way
    )
    with at(untold, "zhouning") as desk:
        values = contents(desk, untold)
        campaign_send(desk, wiring.texter(tmp_path / "gateway.toml", 0, 4), made["campaign"], 3)
    sent = kept(taken)
    assert sent
    assert all(one["words"].startswith("青禾书屋 Qinghe Books ") and values["handler.contact"] not in one["words"] for one in sent)  # fmt: skip
    page = next(word for word in sent[0]["words"].split() if "/t/" in word)
    for lang in ("zh", "en"):
        with at(untold) as desk:
            (notice,) = portal_show(desk, laws(untold), page.rpartition("/t/")[2], "", lang)["notices"]
        assert all((one[lang] if isinstance(one, dict) else one) in notice["text"] for one in values.values())


def test_b1_nobody_reads_on_their_page_what_did_not_go_out(untold: Path):
    """A plan is no notice: it stands on nobody's page."""
    made = planned(untold)
    store = sqlite3.connect(untold / "seller" / "core.db")
    (who,) = store.execute("SELECT subject FROM sending WHERE state = 'planned' LIMIT 1").fetchone()
    store.close()
    assert made["people"] > 0
    assert noticed(untold, subject_text(who)) == []


def noticed(where: Path, who: str) -> list:
    with at(where) as desk:
        return list(portal_show(desk, laws(where), token(where, who), "", "zh")["notices"])
