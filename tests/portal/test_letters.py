"""B1, B3: letters to those whom no message reaches: their window, their own link, the code they type, the post's receipt, what comes back."""

import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from custody import wiring
from custody.acts.contacts import LINES, Contact
from custody.base import ids
from custody.base.errors import CustodyError
from custody.services.campaign_bounces import campaign_bounces
from custody.services.campaign_post import campaign_post
from custody.services.campaign_print import campaign_print
from custody.services.campaign_settle import LEAST_DAYS, LEAST_HOURS, campaign_settle
from custody.services.campaign_show import campaign_show
from custody.services.link_revoke import link_revoke
from custody.services.portal_code import portal_code
from custody.services.portal_show import portal_show
from tests.portal.campaigns import planned, untold
from tests.portal.conftest import DEAL, at, laws
from tests.portal.deaths import died
from tests.portal.printing import BACK, printed
from tests.portal.somebody import refused
from tests.portal.test_campaign import report

__all__ = ["untold"]


def codes(shown: list[dict]) -> list[str]:
    return [one["code"] for one in shown]


def test_a_digest_reaches_nobody():
    """A hashed number before the number itself does not stand in its place."""
    contact = Contact(region="CN")
    for value in ("9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", "13812345678", "13900000000"):
        contact.meet("contact.phone", value)
    assert contact.phone == "+8613812345678"


def test_b1_letters_go_to_those_without_an_address_and_lead_to_their_pages(untold: Path):
    """Each has a page with a code that opens its own person's page and nobody else's; again gives the same codes; figures add up."""
    made = planned(untold)
    told, shown = printed(untold, made["campaign"], batch="4")
    assert told["letters"] + told["without_address"] + told["undrawn"] == made["counts"]["no-address"]
    assert len(told["files"]) == -(-told["letters"] // 4)
    found = codes(shown)
    assert len(set(found)) == told["letters"] > 0
    again, more = printed(untold, made["campaign"], batch="100")
    assert (again["letters"], set(codes(more))) == (told["letters"], set(found))
    with at(untold) as desk:
        for one in shown:
            seen = portal_show(
                desk, laws(untold), portal_code(desk, laws(untold), one["code"].lower().replace("-", " ")), "", "zh"
            )
            assert seen["called"][0] in one["hello"]
        assert refused(lambda: portal_code(desk, laws(untold), "0" * 16)) == "portal.link"
        assert refused(lambda: portal_code(desk, laws(untold), "x")) == "portal.link"
    assert all(one["to"] and one["back"] == BACK and one["number"].startswith(made["campaign"]) for one in shown)
    with sqlite3.connect(untold / "seller" / "core.db") as store:
        channels = store.execute(
            "SELECT l.channel FROM sending s JOIN link l ON l.id = s.link WHERE s.state = 'printed'"
        ).fetchall()
        assert set(channels) == {("letter",)}
    for file in (untold / "seller").glob("core.db*"):
        assert not [code for code in found if code.encode() in file.read_bytes()]


def test_c3_no_letter_goes_to_the_dead(untold: Path):
    """Who is on file as having died is left out when the letters are drawn again, and is work for somebody."""
    made = planned(untold)
    first, shown = printed(untold, made["campaign"])
    with at(untold) as desk, desk.store.read() as tx:
        who = next(bytes(row["subject"]) for row in tx.find("sending", state="printed"))
    died(untold, who)
    again, more = printed(untold, made["campaign"])
    assert again["letters"] == first["letters"] - 1
    assert len(set(codes(shown)) - set(codes(more))) == 1
    with at(untold, "zhouning") as desk:
        work = campaign_show(desk, made["campaign"], 500)["work"]
    assert [one["state"] for one in work if one["subject"] == ids.subject_text(who)] == ["suppressed"]


def test_b1_a_shut_link_shuts_its_code(untold: Path):
    """What the company shuts is shut for whoever holds the letter."""
    made = planned(untold)
    code = codes(printed(untold, made["campaign"])[1])[0]
    with at(untold) as desk:
        link = str(portal_show(desk, laws(untold), portal_code(desk, laws(untold), code), "", "zh")["link"])
    with at(untold, "zhouning") as desk:
        link_revoke(desk, DEAL, link)
    with at(untold) as desk:
        assert refused(lambda: portal_code(desk, laws(untold), code)) == "portal.link"


def test_b1_a_posted_letter_is_delivered_unless_it_comes_back(untold: Path):
    """Nothing is delivered by printing; by the post's receipt and some days it is; the numbers that came back were not."""
    made = planned(untold)
    ref = made["campaign"]
    with at(untold, "zhouning") as desk:
        today = desk.clock.now().date()
        assert refused(lambda: campaign_post(desk, ref, str(today), b"receipt")) == "campaign.nothing-printed"
    told, shown = printed(untold, ref)
    back = sorted({one["number"] for one in shown})
    assert len(back) == told["letters"] > 1
    with at(untold, "zhouning") as desk:
        assert campaign_settle(desk, ref, None, LEAST_HOURS, LEAST_DAYS)["delivered"] == 0
        for day in (str(today + timedelta(days=1)), "2001-01-01", "soon"):
            assert refused(lambda day=day: campaign_post(desk, ref, day, b"receipt")) == "campaign.day"
        assert campaign_post(desk, ref, str(today), b"receipt")["posted"] == told["letters"]
        assert campaign_settle(desk, ref, None, LEAST_HOURS, LEAST_DAYS)["delivered"] == 0
        assert campaign_bounces(desk, ref, [f"\ufeff{back[0]}\r\n".encode()])["bounced"] == 1
        assert (
            refused(lambda: campaign_bounces(desk, ref, [f"{back[1]}\n{ref}-00000000".encode()])) == "campaign.numbers"
        )
        assert campaign_bounces(desk, ref, [back[0].encode()])["bounced"] == 0  # the same again
        desk.clock.advance(timedelta(days=LEAST_DAYS + 1))
        done = campaign_settle(desk, ref, None, LEAST_HOURS, LEAST_DAYS)
        assert done["delivered"] == told["letters"] - 1
        assert sum(campaign_show(desk, ref, 0)["counts"].values()) == made["people"]
    with sqlite3.connect(untold / "seller" / "core.db") as store:
        (count,) = store.execute("SELECT count(*) FROM evidence WHERE type = 'notice.delivered'").fetchone()
    assert count == told["letters"] - 1


def test_b1_a_letter_that_came_back_before_its_posting_was_noted_was_not_delivered(untold: Path):
    """Whoever notes the posting later, as offices do, does not make it delivered; a mail of before that comes back late says nothing of the letter."""
    ref = planned(untold)["campaign"]
    told, shown = printed(untold, ref)
    back = min(one["number"] for one in shown)
    with at(untold, "zhouning") as desk:
        with desk.store.read() as tx:
            mail = str(next(row["message_id"] for row in tx.find("sending", state="printed")))
        assert campaign_bounces(desk, ref, [report(mail, "failed", "5.1.1")])["bounced"] == 0
        taken = campaign_bounces(desk, ref, [back.encode()])
        assert (taken["bounced"], taken["other"]) == (1, 0)
        assert campaign_post(desk, ref, str(desk.clock.now().date()), b"receipt")["posted"] == told["letters"] - 1
        desk.clock.advance(timedelta(days=LEAST_DAYS + 1))
        assert campaign_settle(desk, ref, None, LEAST_HOURS, LEAST_DAYS)["delivered"] == told["letters"] - 1
        assert campaign_show(desk, ref, 0)["counts"]["bounced"] == 1


def test_b1_a_sign_that_no_font_draws_costs_its_own_letter_alone(untold: Path):
    """The others are printed; figures say how many were not."""
    made = planned(untold)
    seen: list[dict] = []

    def mark(template: str, data: dict) -> bytes:
        seen.extend(data["letters"] if not seen else ())
        letters = [{**one, "title": "\U00013000"} if one is seen[0] else one for one in data["letters"]]
        return wiring.pdf(template, {**data, "letters": letters})

    kept: dict[str, bytes] = {}
    with at(untold, "zhouning") as desk:
        told = campaign_print(desk, mark, kept.__setitem__, made["campaign"], {})
    assert told["undrawn"] == 1
    assert told["letters"] == len(seen) - 1


@pytest.mark.parametrize(
    "words", [{"side": "top"}, {"batch": "0"}, {"batch": "x"}, {"back": "a\nb"}, {"back": "x" * 91}]
)
def test_b1_what_is_no_form_is_refused(untold: Path, words: dict[str, str]):
    """A window is left or right, a file holds from one to 500 letters, the way back is one line."""
    made = planned(untold)
    with pytest.raises(CustodyError) as error:
        printed(untold, made["campaign"], **words)
    assert error.value.slug == "campaign.words"


@given(st.binary(min_size=10, max_size=10), st.sampled_from(("-", " ", "", "–")))
def test_b3_a_code_is_read_as_people_type_it(data: bytes, between: str):
    """In small letters, in fours or not, with I or L for 1 and O for 0."""
    told = ids.short(data)
    typed = between.join(told[place : place + 4] for place in range(0, 16, 4)).lower()
    assert ids.short_bytes(typed, 10) == data
    assert ids.short_bytes(typed.replace("1", "l").replace("0", "o"), 10) == data


@given(st.text(max_size=40))
def test_b3_what_is_no_code_is_refused(typed: str):
    """Whatever is typed is a code of ten bytes or is refused as no code; nothing else happens."""
    slug = ""
    try:
        assert len(ids.short_bytes(typed, 10)) == 10
    except CustodyError as error:
        slug = error.slug
    assert slug in {"", "ids.form"}


WORDS = st.text(st.characters(categories=("L", "N", "Zs")), min_size=1, max_size=120)


@given(name=WORDS, street=WORDS, city=WORDS, residence=st.sampled_from(("CN", "DE", "")))
def test_b1_a_window_never_holds_more_than_it_shows(name: str, street: str, city: str, residence: str):
    """An address fits into the lines of the window or is not printed at all."""
    values = {"name.full": name, "contact.address": street, "contact.city": city, "contact.country": "国"}
    lines = Contact(values, "CN", residence).window()
    assert len(lines) <= LINES
    assert all(line.isprintable() for line in lines)


def test_b1_a_window_reads_as_the_post_of_the_place_reads_it():
    """In China the place comes first and the person last, elsewhere the person first; a country only abroad."""
    values = {
        "name.full": "李梅",
        "contact.address": "湖滨路 1 号",
        "contact.city": "杭州市",
        "contact.postal_code": "310000",
        "contact.country": "中国",
    }
    assert Contact(values, "CN", "CN").window() == ["310000", "杭州市 湖滨路 1 号", "李梅 收"]
    abroad = {
        "name.full": "Ada Krüger",
        "contact.address": "Hauptstr. 5",
        "contact.city": "Köln",
        "contact.postal_code": "50667",
        "contact.country": "Germany",
    }
    assert Contact(abroad, "CN", "DE").window() == ["Ada Krüger", "Hauptstr. 5", "50667 Köln", "Germany"]
    assert Contact({"name.full": "李梅"}, "CN", "CN").window() == []
