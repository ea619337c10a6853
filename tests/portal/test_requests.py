"""B4: requests from every channel have the law's clock, are read on the record, and end with a rule where they are refused."""

import csv
import io
from pathlib import Path

import pytest

from custody.base.errors import CustodyError
from custody.services.erase import erase
from custody.services.portal_show import portal_show
from custody.services.request_close import request_close
from custody.services.request_list import request_figures, request_list
from custody.services.request_new import request_new
from custody.services.request_show import request_show
from custody.services.revise import Correction, revise
from tests.portal.conftest import DEAL, at, laws, somebody
from tests.portal.test_links import token

ASKED = {"kind": "correct", "channel": "desk", "proof": "in-person", "note": "住址改为解放路 1 号"}


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
        assert faults(lambda: request_close(desk, laws(played), made["ref"], "refused", "NO-SUCH")) == "request.rule"
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
    assert (shown["outlook"], shown["held"], shown["asked"]) == ("gone", [], [])


def faults(act: object) -> str:
    with pytest.raises(CustodyError) as error:
        act()  # type: ignore[operator] # a function without parameters
    return error.value.slug
