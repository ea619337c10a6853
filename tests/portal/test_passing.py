"""B4: a request opened before the sale ends after it, under the stricter clock, with both sides' signed words on how it stands."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from custody import wiring
from custody.acts.bounds import Bounds, stricter
from custody.acts.desk import Desk
from custody.base.canonical import unb64
from custody.services.approve import approve
from custody.services.portal_show import portal_show
from custody.services.request_list import request_list
from custody.services.request_pass import request_pass
from custody.services.request_settle import request_settle
from custody.services.request_show import request_show
from custody.services.request_take import request_take
from custody.services.revise import Correction, revise
from custody.services.verify import verify
from tests.line.conftest import act
from tests.line.told import read_card
from tests.portal.conftest import DEAL, at, laws
from tests.portal.passed_on import ASKED, buyer, released
from tests.portal.somebody import refused
from tests.portal.tokens import token


def row(desk: Desk, who: str) -> dict:
    (found,) = [one for one in request_list(desk, None)["requests"] if one["subject"] == who]
    return found


def test_b4_no_key_is_destroyed_while_a_request_is_left_behind(played: Path):
    """A dry run and the act refuse, naming it; passed on with the seller's word, or answered, it stops nobody."""
    _, ref = released(played)
    there = ("--at", played / "handover")
    assert act(played, "seller", "limo", "reconcile", DEAL, *there)[0] == 0
    for words in (("--dry-run",), ()):
        code, told = act(played, "seller", "zhouning", "destroy", DEAL, *there, *words)
        assert (code, told["error"]["slug"]) == (1, "destroy.requests")
        assert ref in told["error"]["message"]
        assert "request pass" in told["error"]["next"]
    assert act(played, "seller", "zhouning", "request", "pass", DEAL, *there)[0] == 0
    code, told = act(played, "seller", "zhouning", "destroy", DEAL, *there, "--dry-run")
    assert (code, told["would"]["approve"][0]) == (0, "destroy")
    with at(played, "suhe") as desk:
        approve(desk, *told["would"]["approve"])
    assert act(played, "seller", "zhouning", "destroy", DEAL, *there)[0] == 0


def test_b4_a_request_goes_on_across_the_sale(played: Path):
    """In the person's own words, from the day of receipt, under the stricter of both clocks; it ends at the buyer, ends here too, and the person sees it."""
    who, _ = released(played)
    text, folder = token(played, who), wiring.folder(played / "handover")
    with at(played, "zhouning") as desk:
        before = row(desk, who)
        assert (request_pass(desk, DEAL, folder)["requests"], request_pass(desk, DEAL, folder)["n"]) == (1, None)
        assert refused(lambda: request_settle(desk, laws(played), DEAL, folder)) == "request.nothing"
    assert all(
        ASKED["note"].encode() not in file.read_bytes() for file in (played / "handover").rglob("*") if file.is_file()
    )
    with buyer(played) as desk:
        assert request_take(desk, laws(played), DEAL, folder)["taken"] == 1
        theirs = row(desk, who)
        assert refused(lambda: request_take(desk, laws(played), DEAL, folder)) == "request.nothing"
        assert request_show(desk, theirs["ref"])["note"] == ASKED["note"]
    assert (theirs["received_at"], theirs["kind"], theirs["state"]) == (before["received_at"], "correct", "open")
    assert (theirs["at_once"], theirs["prompt"], theirs["due_at"]) == (True, "CN-RIGHT-46", "")
    assert theirs["advised"] == "CN-STD-35273-REQ"
    with at(played, "zhouning") as desk:
        assert request_settle(desk, laws(played), DEAL, folder)["open"] == 1
        assert row(desk, who)["due_at"] == theirs["due_at"]
    code, told = act(played, "buyer", "yeqing", "request", "close", theirs["ref"], "--state", "granted")
    assert (code, told["error"]["slug"]) == (1, "request.undone")
    with buyer(played) as desk:
        done = str(revise(desk, who, Correction("会员", None, "姓名", "解放", "typo"), None)["correction"])
    code, told = act(played, "buyer", "yeqing", "request", "close", theirs["ref"], "--state", "granted", "--by", done)
    assert code == 0, told
    code, told = act(played, "buyer", "fanyuan", "request", "status", DEAL, "--at", played / "handover")
    assert (code, told["side"], told["open"]) == (0, "buyer", 0)
    with at(played, "zhouning") as desk:
        assert request_settle(desk, laws(played), DEAL, folder)["open"] == 0
        assert (row(desk, who)["state"], row(desk, who)["closed_at"] > before["received_at"]) == ("granted", True)
        assert request_settle(desk, laws(played), DEAL, folder)["moved"] == 0
    code, told = act(played, "seller", "zhouning", "request", "status", DEAL, "--at", played / "handover")
    assert (code, told["side"], told["open"]) == (0, "seller", 0)
    with at(played) as desk:
        assert "granted" in {one["state"] for one in portal_show(desk, laws(played), text, "", "zh")["requests"]}
    assert verify([played / "handover"], [read_card(played, name) for name in ("seller", "buyer")]).ok
    for side in ("seller", "buyer"):
        words = sorted((played / "handover").glob(f"requests-{side}-*.dsse.json"))
        says = json.loads(unb64(json.loads(words[-1].read_bytes())["payload"]))["predicate"]
        assert [one["state"] for one in says["requests"]] == ["granted"]
        assert who not in words[-1].read_text()


def test_b4_a_word_that_is_not_the_buyers_moves_nothing(played: Path):
    """An altered bundle is refused; so is the seller's own word, an old one under a new number, and one with a changed byte."""
    who, _ = released(played)
    folder = wiring.folder(played / "handover")
    with at(played, "zhouning") as desk:
        request_pass(desk, DEAL, folder)
        before = row(desk, who)
    sealed = folder.read("requests-0001.bin")
    folder.write("requests-0001.bin", sealed[:-1] + bytes([sealed[-1] ^ 1]))
    with buyer(played) as desk:
        assert refused(lambda: request_take(desk, laws(played), DEAL, folder)) == "release.seal"
        assert request_list(desk, None)["total"] == 0
        folder.write("requests-0001.bin", sealed)
        request_take(desk, laws(played), DEAL, folder)
    good = folder.read("requests-buyer-0001.dsse.json")
    own = folder.read("requests-seller-0001.dsse.json")
    place = good.index(b'"payload"') + 60
    changed = good[:place] + (b"A" if good[place : place + 1] != b"A" else b"B") + good[place + 1 :]
    for name, data in (
        ("requests-buyer-0001.dsse.json", own),
        ("requests-buyer-0001.dsse.json", changed),
        ("requests-buyer-0002.dsse.json", good),
    ):
        folder.write("requests-buyer-0001.dsse.json", good)
        folder.write(name, data)
        with at(played, "zhouning") as desk:
            with pytest.raises(Exception) as error:
                request_settle(desk, laws(played), DEAL, folder)
            assert getattr(error.value, "slug", "").split(".")[0] in {"dsse", "request", "statement", "canonical"}
            assert row(desk, who) == before


DAYS = st.sampled_from(("", "2026-04-01T00:00:00Z", "2026-05-01T00:00:00Z"))
PROMPT = st.sampled_from(("", "CN-RIGHT-45", "CN-ECOM-24"))
BOUNDS = st.builds(
    lambda due, advice, prompt: Bounds(due, "EU-ACCESS-15" if due else "", prompt, advice, "CN-STD-35273-REQ" if advice else ""),
    DAYS, DAYS, PROMPT,
)  # fmt: skip


@given(one=BOUNDS, other=BOUNDS)
def test_b4_the_stricter_clock_is_never_later_than_either(one: Bounds, other: Bounds):
    """Whatever both laws say: without delay where either says so, and of each kind the earlier day; no order matters, and nothing hides another."""
    both = stricter(one, other)
    for mine in (one, other):
        assert not mine.prompt or both.prompt
        for day in ("due_at", "advised_at"):
            assert not getattr(mine, day) or "" < getattr(both, day) <= getattr(mine, day)
    assert {both.due_at, both.advised_at} <= {one.due_at, other.due_at, one.advised_at, other.advised_at}
    assert both == stricter(other, one) == stricter(both, one) == stricter(both, both)
