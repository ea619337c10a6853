"""B1, E5 in the console: a list that says that people were told waits for a second person, who confirms it there."""

from pathlib import Path

import pytest

from tests.web.company import DEAL

PAGE = "/answers"


@pytest.fixture(params=[-1])
def listed(seller, tmp_path: Path, request: pytest.FixtureRequest) -> tuple[str, Path]:
    """A deal, and a list that says that somebody was told of whom no other test says so; the deal is one for all tests."""
    seller.told("suhe", "deal", "show", DEAL)
    deal = seller.deal(deal={"structure": "asset_deal"}, seller={"jurisdiction": "CN"}, buyer={"jurisdiction": "CN"})
    who = seller.told("suhe", "deal", "customers", DEAL, "--most", "40")["customers"][request.param]["subject"]
    path = tmp_path / "told.csv"
    path.write_text(f"subject,answer\n{who},notice.delivered\n", encoding="utf-8")
    return deal, path


def test_b1_a_lawyer_confirms_a_list_that_waits_by_a_button(seller, listed):
    """Whoever took it does not; the lawyer sees how many wait of which answer, and after the six digits the same list counts."""
    deal, path = listed
    page = f"/deals/{deal}{PAGE}"
    hand, lawyer = seller.visitor("limo"), seller.visitor("songwen")
    assert 'id="second"' not in lawyer.get(page)
    hand.get(page)
    hand.upload(page, "answers", path)
    assert hand.status == 200
    assert 'id="second"' in hand.page
    assert 'value="approve"' not in hand.page
    content = hand.field("content")
    hand.post(page, step="approve", content=content, code="000000")
    assert "console.second" in hand.page or hand.status == 403
    shown = lawyer.get(page)
    assert content in shown
    assert 'value="approve"' in shown
    lawyer.get(page)
    lawyer.post(page, step="approve", content="sha256:" + "0" * 64, code=seller.code("songwen"))
    assert seller.told("suhe", "approvals", "answers", content)["approvals"] == []
    lawyer.get(page)
    lawyer.post(page, step="approve", content=content, code=seller.code("songwen"))
    (approval,) = seller.told("suhe", "approvals", "answers", content)["approvals"]
    assert approval["by"] == "songwen"
    assert "songwen" in hand.get(page)
    hand.upload(page, "answers", path)
    assert 'id="second"' not in hand.page
    assert seller.told("suhe", "evidence", "list", deal)["answers"]["notice.delivered"] >= 1


@pytest.mark.parametrize("listed", [-2], indirect=True)
def test_b1_whoever_took_a_list_is_not_its_second_person(seller, listed):
    """An owner's own word lies on it already: no page shows that as the second person's."""
    deal, path = listed
    page = f"/deals/{deal}{PAGE}"
    owner, lawyer = seller.visitor("suhe"), seller.visitor("songwen")
    owner.get(page)
    owner.upload(page, "answers", path)
    content = owner.field("content")
    assert [one["by"] for one in seller.told("suhe", "approvals", "answers", content)["approvals"]] == ["suhe"]
    for one in (owner, lawyer):
        assert one.get(page).count('class="signed"') == 1
    assert 'value="approve"' in lawyer.page
    assert 'value="approve"' not in owner.page
