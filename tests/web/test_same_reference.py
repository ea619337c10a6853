"""C1, D3: a company that sells one business and buys another: the seller's reference is another's word, and shuts no deal of one's own and names no folder."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from custody.services.deal_known import deal_known, deal_people
from tests.drawn import drawn
from tests.line.conftest import Opened, act
from tests.line.homes import desk_of
from tests.web.serving import Served, serve
from tests.web.visitor import Visitor

DEAL = "D-2026-0001"
NEXT = "D-2026-0002"
OUTSIDE = ("../../outside", "a/b", "", "x" * 33, "mat_01ARZ3NDEKTSV4RRFFQ69G5FAV", "D-2026\x00", "王小明 138")
PAGES = ("", "/together", "/answers", "/papers", "/duties", "/ends", "/releases")


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory, draw: int) -> Path:
    """A company with an open deal, which knows the card of another."""
    where = tmp_path_factory.mktemp("both") / "demo"
    rehearsal = drawn(where, 60, draw)
    shop = rehearsal.sample()
    with rehearsal.half("seller", "buyer") as seller, rehearsal.half("buyer", "seller") as buyer:
        Opened(where, shop, where / "none.yaml", seller, buyer).play(real=False)
    return where


@pytest.fixture(scope="module")
def served(company: Path) -> Iterator[Served]:
    """Its console."""
    with serve(company / "seller") as running:
        yield running


def visitor(company: Path, served: Served, handle: str) -> Visitor:
    made = Visitor(served.base)
    made.sign_in(handle, (company / "seller" / "keys" / "principals" / f"{handle}.pass").read_text(encoding="utf-8").strip())  # fmt: skip
    return made


def other(company: Path) -> str:
    """The party of which this company has a card."""
    return str(act(company, "seller", "suhe", "deal", "show", DEAL)[1]["counterparty"])


@pytest.mark.parametrize("ref", OUTSIDE)
def test_d3_what_is_no_reference_invites_nobody(company: Path, served: Served, ref: str):
    """Neither a path nor an id nor words of a person: nothing is kept, and nothing lies anywhere."""
    limo = visitor(company, served, "limo")
    limo.get("/arrivals")
    before = sorted(company.rglob("*"))
    limo.post("/arrivals", seller=other(company), ref=ref)
    assert limo.status == 400
    assert [one for one in sorted(company.rglob("*")) if one not in before and "matters" in one.parts] == []


def test_c1_a_look_at_what_did_not_come_leaves_nothing(company: Path, served: Served):
    """The id of one's own deal under arrivals: there is none, no folder is made, and the deal is as it was."""
    own = act(company, "seller", "suhe", "deal", "stand", DEAL)[1]["id"]
    owner = visitor(company, served, "suhe")
    for named in (own, "mat_xyz"):
        owner.get(f"/arrivals/{named}")
        assert owner.status == 404
        assert not (company / "seller" / "matters" / named).exists()
    owner.get(f"/deals/{DEAL}")
    assert owner.at.endswith(DEAL)


def test_c1_a_reference_of_another_company_shuts_no_deal_of_ones_own(company: Path, served: Served):
    """The own deal is meant by its reference; the one that came goes by its id, and has no folder of the own."""
    limo, owner = visitor(company, served, "limo"), visitor(company, served, "suhe")
    limo.get("/arrivals")
    limo.post("/arrivals", seller=other(company), ref=DEAL)
    came = re.search(r"mat_[0-9A-Za-z]{26}", limo.at)
    assert came, limo.at
    for page in PAGES:
        owner.get(f"/deals/{DEAL}{page}")
        assert (owner.status, f"/deals/{DEAL}{page}" in owner.at) == (200, True), page
    assert act(company, "seller", "suhe", "deal", "stand", DEAL)[1]["came"] is False
    named = act(company, "seller", "suhe", "deal", "stand", came[0])[1]
    assert (named["came"], named["ref"]) == (True, came[0])
    for page in ("ship", "release", "account", "releases", "handover/package.zip"):
        owner.get(f"/deals/{came[0]}/{page}")
        assert owner.status == 404, page
    folder = company / "seller" / "matters" / DEAL / "handover"
    before = {one: one.read_bytes() for one in folder.glob("*")}
    limo.get(f"/arrivals/{came[0]}")
    limo.upload(f"/deals/{came[0]}/invite", "invite", Path(__file__))
    assert limo.status == 404
    assert {one: one.read_bytes() for one in folder.glob("*")} == before
    assert b"pytest" not in (company / "seller" / "matters" / came[0] / "handover" / "invite.dsse.json").read_bytes()
    with desk_of(company / "seller", "zhouning") as desk:
        assert deal_known(desk, {DEAL, came[0]}) == {DEAL}
        assert deal_people(desk, DEAL) != deal_people(desk, came[0])
    code, refused = act(company, "seller", "suhe", "deal", "show", "D-2026-000")
    assert code
    assert came[0] in refused["error"]["message"]


def test_d1_what_was_kept_of_an_arrival_stays_with_it_when_a_deal_of_ones_own_gets_its_reference(
    company: Path, served: Served, tmp_path: Path
):
    """A task and a notice go by the deal that they are of: whoever works on what came sees them and is led there, though the new deal is closed to them; whoever may not see what came is told nothing."""
    limo, owner = visitor(company, served, "limo"), visitor(company, served, "suhe")
    helper = visitor(company, served, "zhouning")  # has an account once signed in
    limo.get("/arrivals")
    limo.post("/arrivals", seller=other(company), ref=NEXT)
    came = limo.at.rpartition("/")[2]
    owner.get(f"/deals/{came}/together")
    owner.post(f"/deals/{came}/together", step="join", member="zhouning", reason="looks at what came", until="")
    owner.get(f"/deals/{came}/together")
    owner.post(f"/deals/{came}/together", step="task", title="看一看送来的数据", whose="zhouning", due="")
    assert f"/deals/{NEXT}/together" in helper.get("/inbox")
    facts = tmp_path / "facts.json"
    facts.write_text(json.dumps({"deal": {"structure": "merger"}, "seller": {"jurisdiction": "CN"}}), encoding="utf-8")
    made = act(company, "seller", "suhe", "deal", "new", facts, "--counterparty", other(company))[1]
    assert made["ref"] == NEXT, made
    page = helper.get("/inbox")
    assert "看一看送来的数据" in page
    for link in (f"/deals/{came}/together", f'href="/deals/{came}"'):
        assert link in page, link
    assert f"/deals/{NEXT}" not in page
    helper.get(f"/deals/{came}/together")
    assert (helper.status, "看一看送来的数据" in helper.page) == (200, True)
    owner.get(f"/deals/{NEXT}/together")
    owner.post(f"/deals/{NEXT}/together", step="join", member="zhouning", reason="helps with the sale", until="")
    owner.get(f"/deals/{came}/together")
    owner.post(f"/deals/{came}/together", step="leave", member="zhouning", reason="done with it")
    page = helper.get("/inbox")
    assert came not in page
    assert "看一看送来的数据" not in page
    assert f'href="/deals/{NEXT}"' in page
