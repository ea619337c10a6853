"""The buyer's invitation and papers of a gate: looked at when they come, and another may come after (D3, E4)."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from custody.cli.rehearsal.play import FACTS
from custody.model.party import PartyCard
from tests.line.conftest import act
from tests.web.company import Company
from tests.web.visitor import Visitor


@pytest.fixture
def deal(seller: Company) -> str:
    """One more deal with the same buyer."""
    return seller.deal(**{**FACTS, "seller": {**FACTS["seller"], "subjects_total": 20_060}})


@pytest.fixture
def invite(seller: Company, tmp_path: Path) -> Callable[[str], Path]:
    """The buyer's invitation to a deal of this reference."""
    seller.told("suhe", "party", "card", "--to", tmp_path / "card.json")
    company = PartyCard.from_json(json.loads((tmp_path / "card.json").read_text(encoding="utf-8"))).id

    def made(ref: str) -> Path:
        folder = tmp_path / f"invited-{ref}"
        code, out = act(seller.where, "buyer", "fanyuan", "invite", company, "--deal", ref, "--at", folder)
        assert code == 0, out
        return folder / "invite.dsse.json"

    return made


def brings(visitor: Visitor, deal: str, file: Path) -> str:
    visitor.get(f"/deals/{deal}")
    return visitor.upload(f"/deals/{deal}/invite", "invite", file)


def test_d3_what_is_no_invitation_of_this_deal_is_refused_where_it_was_chosen(
    seller: Company, deal: str, invite: Callable[[str], Path], tmp_path: Path
):
    """A party card, an empty file, another deal's: the page says what is wrong and still asks; the right one is taken, and no wrong one in its place."""
    owner, kept = seller.visitor("suhe"), seller.where / "seller" / "matters" / deal / "handover" / "invite.dsse.json"
    empty = tmp_path / "empty.json"
    empty.touch()
    wrong = [(tmp_path / "card.json", "dsse.form"), (empty, "invite.file"), (invite("D-2026-0777"), "invite.foreign")]
    for file, slug in wrong:
        brings(owner, deal, file)
        assert owner.status >= 400
        assert f'data-slug="{slug}"' in owner.page
        assert 'name="invite"' in owner.page
        assert not kept.exists()
    good = invite(deal)
    brings(owner, deal, good)
    assert owner.at.endswith(f"/deals/{deal}")
    assert kept.read_bytes() == good.read_bytes()
    for file, slug in wrong:
        brings(owner, deal, file)
        assert f'data-slug="{slug}"' in owner.page
    assert kept.read_bytes() == good.read_bytes()


def test_d3_an_invitation_that_counts_no_more_is_asked_for_again(
    seller: Company, deal: str, invite: Callable[[str], Path]
):
    """Whatever lies there from before: what is no invitation lacks, and one that is good may still give way to another."""
    owner, folder = seller.visitor("suhe"), seller.where / "seller" / "matters" / deal / "handover"
    good = invite(deal)
    brings(owner, deal, good)
    assert "Another invitation of the buyer" in owner.get(f"/deals/{deal}")
    (folder / "invite.dsse.json").write_bytes(b"{}")
    assert "What lies here is no invitation" in owner.get(f"/deals/{deal}")
    brings(owner, deal, good)
    assert (folder / "invite.dsse.json").read_bytes() == good.read_bytes()
    assert "What lies here is no invitation" not in owner.get(f"/deals/{deal}")


def test_e4_an_empty_paper_is_no_evidence(seller: Company, deal: str, tmp_path: Path):
    """By the form of the gate as by that of the duties, and by the command; nothing is on file."""
    lawyer, paper = seller.visitor("songwen"), tmp_path / "paper.pdf"
    paper.touch()
    seller.told("suhe", "gate", deal)
    lawyer.get(f"/deals/{deal}")
    lawyer.upload(f"/deals/{deal}/evidence", "paper", paper, kind="contract.recipient")
    assert 'data-slug="console.paper"' in lawyer.page
    code, out = act(seller.where, "seller", "suhe", "evidence", "add", deal, "contract.recipient", "--file", paper)
    assert code
    assert out["error"]["slug"] == "evidence.empty"
    assert "contract.recipient" not in seller.told("suhe", "evidence", "list", deal)["evidence"]
