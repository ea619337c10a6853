"""C1, D3: a company that sells one business and buys another: the seller's reference is another's word, and shuts no deal of one's own and names no folder."""

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
