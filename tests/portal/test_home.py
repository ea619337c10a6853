"""B3, B1: after a hand-over the buyer's introduction leads to a page of the buyer's own: who it is, what came from where, and every right."""

import json
from email import message_from_bytes
from pathlib import Path

import pytest

from custody import wiring
from custody.acts.campaigning import address
from custody.acts.vaults import sha256
from custody.base import ids
from custody.base.canonical import unb64
from custody.base.errors import CustodyError
from custody.services.approve import approve
from custody.services.campaign_new import campaign_new
from custody.services.campaign_relay import campaign_relay
from custody.services.campaign_send import campaign_send
from custody.services.link_new import link_new
from custody.services.portal_answer import portal_answer
from custody.services.portal_correct import portal_correct
from custody.services.portal_prove import portal_prove
from custody.services.portal_request import portal_request
from custody.services.portal_show import portal_show
from custody.services.receipt_check import receipt_check
from custody.services.request_close import request_close
from custody.services.request_list import request_list
from custody.services.request_settle import request_settle
from custody.services.request_status import request_status
from custody.services.verify import verify
from tests.line.conftest import act
from tests.line.told import read_card
from tests.portal.arrivals import came, opened, people
from tests.portal.campaigns import relay
from tests.portal.conftest import DEAL, at, laws
from tests.portal.introduction import HELLO
from tests.portal.passed_on import released
from tests.portal.somebody import NUMBER, refused, values

__all__ = ["came", "people", "relay"]


def page(where: Path, text: str, proof: str = "", lang: str = "zh") -> dict:
    with at(where, half="buyer") as desk:
        return dict(portal_show(desk, laws(where), text, proof, lang))


def say(where: Path, text: str, question: str, act: str, proof: str = "") -> dict:
    with at(where, half="buyer") as desk:
        return dict(portal_answer(desk, laws(where), text, proof, {"question": question, "act": act, "lang": "zh"}))


def proved(where: Path, text: str, who: str) -> str:
    """The second factor, by the customer's number."""
    with at(where, "yeqing", "buyer") as desk:
        (number,) = values(desk, who)[NUMBER]
    with at(where, half="buyer") as desk:
        return str(portal_prove(desk, laws(where), text, "customer-number", number)["proof"])


def test_b3_the_page_says_who_holds_it_and_where_it_came_from(came: Path, people: list[str]):
    """The buyer's name, the seller's, the day, and the fingerprint of the receipt that lies in the hand-over's folder; every value veiled."""
    text = opened(came, people[0])
    told = page(came, text)
    cards = {side: read_card(came, side) for side in ("buyer", "seller")}
    assert (told["side"], told["outlook"]) == ("buyer", "arrived")
    assert told["us"]["name"]["zh"] == told["buyer"]["name"]["zh"] == cards["buyer"].name_zh
    assert told["seller"]["name"]["zh"] == cards["seller"].name_zh
    (receipt,) = told["came"]
    assert receipt["receipt"] == sha256((came / "handover" / "received.dsse.json").read_bytes())
    assert receipt["release"] == sha256((came / "handover" / "release-0001" / "manifest.json").read_bytes())
    assert told["resealed_at"]
    assert told["held"]
    with at(came, "yeqing", "buyer") as desk:
        (number,) = values(desk, people[0])[NUMBER]
    assert number not in json.dumps(told, ensure_ascii=False)
    assert number in json.dumps(page(came, text, proved(came, text, people[0])), ensure_ascii=False)


def test_b3_a_no_at_the_buyer_is_signed_and_somebody_answers_for_it(came: Path, people: list[str]):
    """Objecting and withdrawing take one press each, no second factor, and are as easily taken back; each is a request under the buyer's law."""
    text = opened(came, people[1])
    for question, act_, kind in (
        ("objection.use", "objected", "object"),
        ("consent.carried", "withdrawn", "withdraw_consent"),
    ):
        done = say(came, text, question, act_)
        assert say(came, text, question, act_)["resumed"] is True
        with at(came, "yeqing", "buyer") as desk:
            (asked,) = [one for one in request_list(desk, None)["requests"] if one["ref"] == done["request"]]
        assert (asked["kind"], asked["subject"], asked["channel"]) == (kind, people[1], "portal")
        said = json.loads(unb64(json.loads(unb64(done["receipt"]))["payload"]))["predicate"]
        assert (said["controller"]["zh"], said["recipients"]) == (read_card(came, "buyer").name_zh, [])
        assert people[1] not in json.dumps(said)
        file = came / f"{question}.dsse.json"
        file.write_bytes(unb64(done["receipt"]))
        assert verify([file], [read_card(came, "buyer")]).ok
        assert not verify([file], [read_card(came, "seller")]).ok
        with at(came, half="buyer") as desk:
            assert receipt_check(desk, laws(came), done["record"])["outlook"] == "arrived"
    told = page(came, text)
    assert (told["objected"], told["withdrew"]) == (True, True)
    proof = proved(came, text, people[1])
    for question, kind in (("objection.use", "object"), ("consent.carried", "withdraw_consent")):
        assert refused(lambda question=question: say(came, text, question, "lifted")) == "portal.proof"
        (ref,) = say(came, text, question, "lifted", proof)["ended"]
        with at(came, "yeqing", "buyer") as desk:
            (asked,) = [one for one in request_list(desk, "withdrawn")["requests"] if one["ref"] == ref]
            assert refused(lambda ref=ref: request_close(desk, laws(came), ref, "withdrawn", "")) == "request.state"
            assert request_close(desk, laws(came), ref, "granted", "")["state"] == "withdrawn"
        assert (asked["kind"], asked["subject"], bool(asked["closed_at"])) == (kind, people[1], True)
    told = page(came, text)
    assert (told["objected"], told["withdrew"]) == (False, False)
    assert {one["state"] for one in told["requests"]} == {"withdrawn"}
    again = say(came, text, "objection.use", "objected")
    assert again["request"] not in {one["ref"] for one in told["requests"]}
    say(came, text, "objection.use", "lifted", proof)


def test_b4_a_no_at_the_seller_is_taken_back_at_the_buyer(came: Path):
    """It is the buyer's answer already; a link alone does not end it; with a second factor it ends at the buyer, and by the buyer's word at the seller."""
    folder = wiring.folder(came / "handover")
    with at(came, "yeqing", "buyer") as desk:
        (theirs,) = [
            one
            for one in request_list(desk, "open")["requests"]
            if one["kind"] == "object" and one["channel"] == "desk"
        ]
    who = str(theirs["subject"])
    text = opened(came, who)
    assert page(came, text)["objected"] is True
    assert say(came, text, "objection.use", "objected")["resumed"] is True
    assert refused(lambda: say(came, text, "objection.use", "lifted")) == "portal.proof"
    assert say(came, text, "objection.use", "lifted", proved(came, text, who))["ended"] == [theirs["ref"]]
    with at(came, "fanyuan", "buyer") as desk:
        request_status(desk, DEAL, folder)
    with at(came, "zhouning") as desk:
        request_settle(desk, laws(came), DEAL, folder)
        (ours,) = [one for one in request_list(desk, "withdrawn")["requests"] if one["subject"] == who]
    assert (ours["channel"], bool(ours["closed_at"])) == ("desk", True)
    assert verify([came / "handover"], [read_card(came, name) for name in ("seller", "buyer")]).ok


@pytest.mark.parametrize(("question", "act_"), [("objection", "objected"), ("consent.separate", "given"), ("consent.carried", "given"), ("objection.use", "withdrawn")])  # fmt: skip
def test_b2_the_buyers_page_takes_no_yes_and_no_answer_of_the_sellers(
    came: Path, people: list[str], question: str, act_: str
):
    """Nothing is asked there: a yes needs a question with words of its own, and the move is over."""
    text = opened(came, people[2])
    assert page(came, text)["asked"] == page(came, text)["questions"] == []
    assert refused(lambda: say(came, text, question, act_)) in {"portal.question", "portal.answer"}


def test_b3_copy_correct_and_delete_at_the_buyer_take_the_second_factor(came: Path, people: list[str]):
    """Without it nothing; with it a copy and a deletion are requests, and a value is corrected as the policy has it."""
    text = opened(came, people[3], "phone")
    with at(came, half="buyer") as desk:
        assert refused(lambda: portal_request(desk, laws(came), text, "", {"kind": "copy"})) == "portal.proof"
    proof = proved(came, text, people[3])
    told = page(came, text, proof)
    assert told["own"]
    with at(came, half="buyer") as desk:
        for kind in ("access", "copy", "delete", "deregister"):
            assert portal_request(desk, laws(came), text, proof, {"kind": kind})["ref"]
        name = next(one for one in told["own"] if one["class"].startswith("name."))
        done = portal_correct(
            desk, laws(came), text, proof, {"class": name["class"], "which": str(name["which"]), "value": "欧阳新名"}
        )
    assert done["did"] in {"done", "asked"}
    shown = page(came, text, proof)
    assert {"access", "copy", "delete", "deregister"} <= {one["kind"] for one in shown["requests"]}
    assert ("欧阳新名" in json.dumps(shown["own"], ensure_ascii=False)) is (done["did"] == "done")


def test_b3_each_companys_link_opens_its_own_page_alone(came: Path, people: list[str]):
    """A token of the seller's opens nothing at the buyer, nor one of the buyer's at the seller."""
    theirs = opened(came, people[0])
    with at(came, "zhouning") as desk:
        ours = str(link_new(desk, DEAL, people[0], "email", 30)["path"]).removeprefix("/t/")
    for half, text in (("seller", theirs), ("buyer", ours)):
        with at(came, half=half) as desk, pytest.raises(CustodyError) as error:
            portal_show(desk, laws(came), text, "", "zh")
        assert error.value.slug == "portal.link"


def test_b1_the_introduction_leads_to_the_buyers_page(came: Path, people: list[str]):
    """With the address of its pages each message carries a link that opens that person's page; who objected to the use is introduced to no more."""
    text = opened(came, people[4])
    say(came, text, "objection.use", "objected")
    pages = {"pages": "https://you.zhiwei.example", "page_line": "您的页面 Your page:"}
    with at(came, "yeqing", "buyer") as desk:
        made = campaign_new(desk, laws(came), DEAL, {**HELLO, **pages})
        with desk.store.read() as tx:
            (row,) = tx.find("campaign", ref=str(made["campaign"]))
            rows = tx.find("sending", campaign=str(row["id"]))
            ways = {ids.subject_text(one["subject"]): address(desk, tx, row, one) for one in rows}
    assert people[4] not in ways
    base, _, sent = ways[people[0]].rpartition("/t/")
    assert base == pages["pages"]
    assert page(came, sent)["outlook"] == "arrived"
    with at(came, "yeqing", "buyer") as desk, pytest.raises(CustodyError) as error:
        campaign_new(desk, laws(came), DEAL, {**HELLO, **pages, "pages": "javascript:x"})
    assert error.value.slug == "campaign.words"


@pytest.mark.part("smtp")
@pytest.mark.parametrize("pages", ["", "https://you.zhiwei.example"])
def test_b1_an_introduction_goes_out_with_and_without_a_page(came: Path, relay: tuple[str, Path], pages: str):
    """By e-mail to everybody who has an address and may be written to, whether it leads to a page or to none; the relay cuts one connection."""
    with at(came, "yeqing", "buyer") as desk:
        text = f"{HELLO['text']}\n{bool(pages)}"  # nobody is told the same twice
        made = campaign_new(
            desk, laws(came), DEAL, {**HELLO, "text": text, "pages": pages, "page_line": "您的页面 Your page:"}
        )
    mailer = wiring.mailer(relay[0], "none", "", None, 0, 4)
    with at(came, "yeqing", "buyer") as desk:
        made = {**made, "approve": campaign_relay(desk, str(made["campaign"]), mailer.way)["approve"]}
    with at(came, "fanyuan", "buyer") as desk:
        approve(desk, *made["approve"])
    try:
        with at(came, "yeqing", "buyer") as desk:
            told = campaign_send(desk, mailer, str(made["campaign"]), 0)
    finally:
        mailer.close()
    sent = [message_from_bytes(file.read_bytes()) for file in relay[1].glob("*.eml")]
    assert told["counts"]["sent"] + told["in_doubt"] == len(sent) == made["counts"]["planned"] > 0
    texts = [one.get_payload(decode=True).decode() for one in sent]
    assert all(HELLO["text"] in one and ("/t/" in one) is bool(pages) for one in texts)


def test_b3_before_the_own_keys_the_page_says_so(played: Path):
    """Between receipt and re-sealing it opens as well, and says that the keys are being changed over; erased, it says that nothing is left."""
    who, _ = released(played)
    text = opened(played, who)
    told = page(played, text)
    assert (told["resealed_at"], told["outlook"]) == ("", "arrived")
    assert told["held"]
    proof = proved(played, text, who)
    with at(played, half="buyer") as desk:
        given = {"class": NUMBER, "which": "0", "value": "M-NEW-1"}
        portal_correct(desk, laws(played), text, proof, given)
    assert page(played, text, proof)["held"]
    code, done = act(played, "buyer", "yeqing", "erase", who)
    assert code == 0, done
    told = page(played, text)
    assert (told["outlook"], told["held"]) == ("left", [])
    assert refused(lambda: say(played, text, "objection.use", "objected")) == "portal.answer"
