"""B4: requests from every channel have the law's clock, are read on the record, and end with a rule where they are refused."""

import csv
import io
import json
import sqlite3
import urllib.request
from dataclasses import replace
from datetime import timedelta
from html import unescape
from itertools import islice
from pathlib import Path

import pytest

from custody.acts import lawbook
from custody.base.clock import SimulatedClock, parse
from custody.base.errors import Malformed, Refused
from custody.services.erase import erase
from custody.services.portal_show import portal_show
from custody.services.request_answer import request_answer
from custody.services.request_close import request_close
from custody.services.request_grounds import request_grounds
from custody.services.request_list import request_figures, request_line, request_list
from custody.services.request_new import request_new
from custody.services.request_show import request_show
from custody.services.revise import Correction, revise
from tests.portal.conftest import DEAL, at, everybody, laws, somebody
from tests.portal.requesting import ASKED, faults
from tests.portal.serving import portal
from tests.portal.tokens import token
from tests.residing import lives_in

KEPT_SECRET = {
    "zh": "法律、行政法规规定这部分信息应当保密，所以不能提供。",
    "en": "A law requires this part to be kept secret, so it cannot be given.",
}


def test_b4_a_request_by_telephone_from_intake_to_answer(played: Path):
    """Its words are in no table; reading them is entered; the customer sees the end of it; a refusal names its rule."""
    who = somebody(played)
    text = token(played, who)
    with at(played, "zhouning") as desk:
        made = request_new(desk, laws(played), DEAL, who, ASKED)
        assert made["rule"]
        assert request_show(desk, made["ref"])["note"] == ASKED["note"]
        for file in (played / "seller").glob("core.db*"):
            assert "解放路".encode() not in file.read_bytes()
        assert faults(lambda: request_close(desk, laws(played), made["ref"], "refused", "")) == "request.rule"
        assert faults(lambda: request_close(desk, laws(played), made["ref"], "refused", "NO-SUCH")) == "request.grounds"
        assert faults(lambda: request_close(desk, laws(played), made["ref"], "done", "")) == "request.state"
        assert faults(lambda: request_close(desk, laws(played), made["ref"], "granted", "")) == "request.undone"
        done = str(revise(desk, who, Correction("会员", None, "姓名", "解放", "typo"), None)["correction"])
        assert request_close(desk, laws(played), made["ref"], "granted", "", [done])["resumed"] is False
        assert request_close(desk, laws(played), made["ref"], "granted", "", [done])["resumed"] is True
        listed = request_list(desk, None)
        lines = list(csv.DictReader(io.StringIO(request_figures(desk).decode("utf-8-sig"))))
    assert (listed["total"], listed["counts"]) == (1, {"granted": 1})
    assert "subject" not in lines[0]
    with at(played) as desk:
        assert [one["state"] for one in portal_show(desk, laws(played), text, "", "zh")["requests"]] == ["granted"]


def test_b4_what_is_no_request_is_refused(played: Path):
    """An unknown kind, the portal's own channel, no proof, nobody of that id."""
    who = somebody(played)
    with at(played, "zhouning") as desk:
        for wrong in ({"kind": "x"}, {"channel": "portal"}, {"proof": ""}):
            assert (
                faults(lambda wrong=wrong: request_new(desk, laws(played), DEAL, who, {**ASKED, **wrong}))
                == "request.form"
            )
        nobody = "sub_00000000000000000000000000"
        assert faults(lambda: request_new(desk, laws(played), DEAL, nobody, ASKED)) == "subject.unknown"
        assert faults(lambda: request_close(desk, laws(played), "R-2026-0099", "granted", "")) == "request.unknown"


def test_b4_after_an_erasure_the_words_are_gone_and_the_page_says_so(played: Path):
    """Nobody can read what an erased customer wrote, and their link says that nothing is held any more."""
    who = somebody(played)
    text = token(played, who)
    with at(played, "zhouning") as desk:
        made = request_new(desk, laws(played), DEAL, who, ASKED)
        erase(desk, [who], None)
        assert faults(lambda: request_show(desk, made["ref"])) == "subject.unknown"
    with at(played) as desk:
        shown = portal_show(desk, laws(played), text, "", "zh")
    assert (shown["outlook"], shown["held"], shown["asked"]) == ("deleted", [], [])


def test_b4_a_refusal_says_its_rule_law_article_and_reason(played: Path):
    """On the person's page, in the list, and in the regulator's CSV, whose every cell is looked at; the standard's day stands in a column of its own."""
    who = somebody(played)
    text = token(played, who)
    with at(played, "zhouning") as desk:
        made = request_new(desk, laws(played), DEAL, who, {**ASKED, "kind": "copy"})
        request_close(desk, laws(played), made["ref"], "refused", "CN-GROUND-45-18")
        (listed,) = request_list(desk, None)["requests"]
        (line,) = csv.DictReader(io.StringIO(request_figures(desk).decode("utf-8-sig")))
    with at(played) as desk:
        (shown,) = portal_show(desk, laws(played), text, "", "zh")["requests"]
    for one in (listed, shown):
        law, reason = one["refused_law"], one["refused_reason"]
        assert (one["refused_by"], law["article"], law["official"]) == (
            "CN-GROUND-45-18",
            "45(1), 18(1)",
            "中华人民共和国个人信息保护法",
        )
        assert reason == KEPT_SECRET
    assert line == {
        "ref": made["ref"], "kind": "copy", "channel": "desk", "received_at": made["received_at"], "without_delay": "True",
        "without_delay_rule": "CN-RIGHT-45", "due_at": "", "rule": "CN-RIGHT-45", "recommended_at": made["advised_at"],
        "recommended_rule": "CN-STD-35273-REQ", "clock_zh": made["clock"]["zh"], "clock_en": made["clock"]["en"], "state": "refused",
        "closed_at": listed["closed_at"], "late": "False", "refused_by": "CN-GROUND-45-18", "refused_law": "PIPL",
        "refused_official": "中华人民共和国个人信息保护法", "refused_article": "45(1), 18(1)", "refused_reason_zh": KEPT_SECRET["zh"],
        "refused_reason_en": KEPT_SECRET["en"],
    "refused_also": "",
    }  # fmt: skip
    assert "推荐性标准，不是法律" in line["clock_zh"]
    assert "not law" in line["clock_en"]


def test_b4_what_is_due_without_delay_is_first_and_late_after_the_recommended_day(played: Path):
    """A standard's day makes no law's; but what took longer was not without delay."""
    first, second = islice(everybody(played), 2)
    with at(played, "zhouning") as desk:
        free = request_new(desk, laws(played), DEAL, first, {**ASKED, "kind": "object"})
        prompt = request_new(desk, laws(played), DEAL, second, {**ASKED, "kind": "copy"})
        assert [one["ref"] for one in request_list(desk, None)["requests"]] == [prompt["ref"], free["ref"]]
        assert request_list(desk, None)["late"] == 0
        later = replace(desk, clock=SimulatedClock(parse(prompt["advised_at"]) + timedelta(seconds=1)))
        assert [one["late"] for one in request_list(later, None)["requests"]] == [True, True]
        assert request_list(later, None)["late"] == 2


def test_b4_no_ground_of_a_place_that_does_not_govern_the_request_refuses_it(played: Path):
    """A Chinese request is not refused by a Japanese ground, nor is a row kept back by one; all that fit are named."""
    who = somebody(played)
    with at(played, "zhouning") as desk:
        made = request_new(desk, laws(played), DEAL, who, {**ASKED, "kind": "access"})
        assert "JP" not in made["places"]
        packs, places = lawbook.packs(laws(played)), set(made["places"])
        foreign = {
            text.regime: text.id for text in packs.grounds if text.regime not in places and "access" in text.refuses
        }
        assert "JP" in foreign
        fit = [one["rule"] for one in request_grounds(desk, laws(played), [str(made["ref"])])["grounds"]]
        for rule in foreign.values():
            with pytest.raises(Malformed) as error:
                request_close(desk, laws(played), made["ref"], "refused", rule)
            assert (error.value.slug, error.value.where["rule"]) == ("request.grounds", rule)
            assert str(error.value.where["fits"]).split(", ") == fit
            kept_back = f"会员,1,{rule}"
            wrong = lambda kept_back=kept_back: request_answer(desk, laws(played), made["ref"], "", kept_back)  # noqa: E731 - asked once
            assert faults(wrong) == "request.grounds"
        ended = request_close(desk, laws(played), made["ref"], "refused", fit[0])
    assert (ended["state"], ended["refused_by"]) == ("refused", fit[0])


def test_b4_a_rule_that_is_no_ground_refuses_nothing(played: Path):
    """Of the same law and in force: a rule that gives the right, one that keeps another kind of data, a ground of another right, a consent's."""
    who = somebody(played)
    with at(played, "zhouning") as desk:
        for kind, wrong in (
            ("access", "CN-RIGHT-45"), ("access", "CN-RET-TAX"), ("copy", "CN-GROUND-47-1"), ("delete", "CN-GROUND-45-18"),
            ("correct", "CN-RIGHT-46"), ("explain", "CN-GROUND-45-18"),
        ):  # fmt: skip
            made = request_new(desk, laws(played), DEAL, who, {**ASKED, "kind": kind})
            assert (
                faults(lambda ref=made["ref"], wrong=wrong: request_close(desk, laws(played), ref, "refused", wrong))
                == "request.grounds"
            )
            assert request_line(desk, str(made["ref"]))["state"] == "open"
        asked = request_new(desk, laws(played), DEAL, who, {**ASKED, "kind": "withdraw_consent"})
        assert request_grounds(desk, laws(played), [str(asked["ref"])])["grounds"] == []
        told = request_grounds(desk, laws(played), [str(made["ref"])])
        assert (told["grounds"], [law["grounded"] for law in told["laws"]]) == ([], [False] * len(told["laws"]))


def test_b4_each_law_that_binds_has_a_ground_of_its_own(played: Path):
    """Of a German customer of a Chinese company: a ground of one law is refused, of the whole as of a row, and what either says is told; the Union's counts with Germany's."""
    who = somebody(played)
    lives_in(played / "seller", who, "DE")
    with at(played, "zhouning") as desk:
        made = request_new(desk, laws(played), DEAL, who, {**ASKED, "kind": "access"})
        ref = str(made["ref"])
        told = request_grounds(desk, laws(played), [ref])
        assert [law["places"] for law in told["laws"]] == [["CN"], ["DE", "EU"]]
        by = {
            place: next(one["rule"] for one in told["grounds"] if one["place"] == place) for place in ("CN", "DE", "EU")
        }
        for alone, lacks in ((by["CN"], "DE+EU"), (by["EU"], "CN"), (f"{by['DE']},{by['EU']}", "CN")):
            with pytest.raises(Refused) as error:
                request_close(desk, laws(played), ref, "refused", alone)
            assert (error.value.slug, error.value.where["places"]) == ("request.laws", lacks)
            rows = "".join(f"会员,1,{rule}\n" for rule in alone.split(","))
            wrong = lambda rows=rows: request_answer(desk, laws(played), ref, "", rows)  # noqa: E731 - asked once
            assert faults(wrong) == "request.laws"
        both = f"会员,,{by['CN']}\n会员,1,{by['DE']}\n"
        assert faults(lambda: request_answer(desk, laws(played), ref, "", both)) == "request.laws"
        assert (
            request_answer(desk, laws(played), ref, "", f"会员,1,{by['CN']}\n会员,1,{by['DE']}\n").told["withheld"] == 1
        )
        ended = request_close(desk, laws(played), ref, "partly", f"{by['CN']}, {by['EU']}")
        assert (ended["refused_by"], [each["rule"] for each in ended["refused_also"]]) == (by["CN"], [by["EU"]])
        assert ended["refused_also"][0]["law"]["instrument"] == "GDPR"
        (line,) = csv.DictReader(io.StringIO(request_figures(desk).decode("utf-8-sig")))
        assert (line["refused_by"], line["refused_also"]) == (by["CN"], by["EU"])
    store = sqlite3.connect(played / "seller" / "core.db")
    entries = [json.loads(entry) for (entry,) in store.execute("SELECT entry FROM ledger_entry")]
    store.close()
    (closed,) = [one["says"] for one in entries if one["kind"] == "request-closed"]
    assert (closed["rule"], closed["also"]) == (by["CN"], [by["EU"]])
    text = token(played, who)
    with portal(played) as base:
        shown = urllib.request.urlopen(f"{base}/en/t/{text}", timeout=60).read().decode()
    assert [rule for rule in (by["CN"], by["EU"]) if rule not in shown] == []
    assert unescape(shown).count(ended["refused_also"][0]["reason"]["en"]) == 1


def test_b4_a_kind_that_one_of_the_laws_has_no_ground_for_is_not_refused(played: Path):
    """China lets an explanation be refused on no ground: the Union's alone refuses none."""
    who = somebody(played)
    lives_in(played / "seller", who, "DE")
    with at(played, "zhouning") as desk:
        ref = str(request_new(desk, laws(played), DEAL, who, {**ASKED, "kind": "explain"})["ref"])
        told = request_grounds(desk, laws(played), [ref])
        assert {"/".join(law["places"]): law["grounded"] for law in told["laws"]} == {"CN": False, "DE/EU": True}
        with pytest.raises(Refused) as error:
            request_close(desk, laws(played), ref, "refused", str(told["grounds"][0]["rule"]))
        assert (error.value.slug, error.value.where["fits"]) == ("request.laws", "")
