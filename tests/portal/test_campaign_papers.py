"""B1: a campaign whose words come from the rules, in each person's language, and the buyer's introduction after the hand-over."""

from pathlib import Path

import pytest

from custody import wiring
from custody.acts.campaigning import campaign, letter, texts, words
from custody.acts.contacts import Contact
from custody.acts.suppressing import CONTACT, open_list, silenced, suppress, tags_of
from custody.base import ids
from custody.base.errors import CustodyError
from custody.services.approve import approve
from custody.services.campaign_new import campaign_new
from custody.services.campaign_preview import campaign_preview
from custody.services.campaign_print import campaign_print
from custody.services.document import document
from tests.line.documents import VALUES
from tests.portal.campaigns import untold
from tests.portal.conftest import DEAL, at, laws
from tests.portal.introduction import HELLO
from tests.portal.passed_on import buyer, released
from tests.portal.printing import BACK

__all__ = ["untold"]
PAPER = {
    "sender": "privacy@qinghe.example",
    "paper": "cn-notice",
    "pages": "https://you.qinghe.example",
    "page_line": "您的页面 Your page:",
}


def test_b1_a_campaign_is_the_paper_of_the_rules(untold: Path):
    """Word for word what the deal's paper says in each language; which rules it serves is kept with it, and other values are another approval."""
    with at(untold, "zhouning") as desk:
        made = campaign_new(desk, laws(untold), DEAL, PAPER, VALUES)
        papers = document(desk, laws(untold), lambda *_: b"", DEAL, "cn-notice", VALUES)
        with desk.store.read() as tx:
            row = campaign(desk, tx, str(made["campaign"]))
        for lang, home in (("zh", "CN"), ("en", "DE")):
            assert (words(row, lang)["subject"], words(row, lang)["text"]) == (papers[lang].title, papers[lang].text)
            assert papers[lang].text.rstrip() in letter(row, Contact({"name.full": "Ada"}, "CN", home), "https://x/t/y")
        assert {"CN-NOTICE-17", "CN-PROVIDE-23"} <= set(texts(row)["rules"].split(","))
        other = campaign_new(desk, laws(untold), DEAL, PAPER, {**VALUES, "recipient.contact": "other@buyer.example"})
        shown = campaign_preview(desk, str(made["campaign"]), 2)["messages"]
    assert made["approve"] != other["approve"]
    assert {one["title"] for one in shown} <= {papers[lang].title for lang in ("zh", "en")}


@pytest.mark.parametrize(
    ("given", "values", "slug"),
    [
        ({}, {}, "document.lacks"),
        ({"paper": "pipia"}, VALUES, "campaign.words"),
        ({"paper": "no-such"}, VALUES, "document.kind"),
        ({"channel": "sms"}, VALUES, "campaign.words"),
        ({"pages": ""}, VALUES, "campaign.words"),
    ],
)
def test_b1_a_paper_that_is_not_whole_tells_nobody(untold: Path, given: dict[str, str], values: dict, slug: str):
    """What lacks is named; a paper that goes to no person, that is none, or that no text message holds plans nothing."""
    with at(untold, "zhouning") as desk, pytest.raises(CustodyError) as error:
        campaign_new(desk, laws(untold), DEAL, {**PAPER, **given}, values)
    assert error.value.slug == slug


def test_b1_the_buyer_introduces_itself_to_whoever_came(played: Path):
    """Every customer who was received, approved by two, in letters too, with no page to lead to; and nobody at the seller."""
    who, _ = released(played)
    folder: dict[str, bytes] = {}
    with buyer(played) as desk:
        made = campaign_new(desk, laws(played), DEAL, HELLO)
        with desk.store.read() as tx:
            (matter,) = tx.find("matter", ref=DEAL)
            assert made["people"] == tx.count("subject", vault=str(matter["vault"]), kind="customer", state="live") > 0
        shown = campaign_preview(desk, str(made["campaign"]), 2)["messages"]
        assert all(HELLO["text"] in one["text"] and "/t/" not in one["text"] for one in shown)
        with pytest.raises(CustodyError) as error:
            campaign_print(desk, wiring.pdf, folder.__setitem__, str(made["campaign"]), {"back": BACK})
        assert error.value.slug == "act.unapproved"
    home = played / "buyer"
    with wiring.desk(home, "yeqing", home / "keys" / "principals" / "yeqing.pass") as desk:
        approve(desk, *made["approve"])
    with buyer(played) as desk:
        told = campaign_print(desk, wiring.pdf, folder.__setitem__, str(made["campaign"]), {"back": BACK})
    assert told["letters"] + told["without_address"] + told["undrawn"] == made["counts"]["no-address"]
    assert all(pdf.startswith(b"%PDF-") for pdf in folder.values())
    assert who.startswith("sub_")


def test_a9_whom_the_buyers_own_list_names_is_not_introduced_to(played: Path):
    """They were on it before anything came; a campaign before the re-seal finds them, and writes to nobody of them."""
    who, _ = released(played)
    with buyer(played) as desk:
        with desk.store.write() as tx:
            (matter,) = tx.find("matter", ref=DEAL)
            vault, made = str(matter["vault"]), open_list(desk, tx)
            assert (
                suppress(desk, tx, tags_of(desk, tx, vault, [ids.subject_bytes(who)], made), CONTACT, "asked.1")[0] > 0
            )
            assert silenced(tx, vault) == set()
        planned = campaign_new(desk, laws(played), DEAL, HELLO)
        with desk.store.read() as tx:
            assert ids.subject_bytes(who) in silenced(tx, vault)
            states = {row["subject"]: row["state"] for row in tx.find("sending")}
    assert states[ids.subject_bytes(who)] == "suppressed"
    assert planned["counts"]["suppressed"] == sum(state == "suppressed" for state in states.values()) < len(states)
