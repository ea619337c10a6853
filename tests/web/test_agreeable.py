"""Before customers are asked to agree, the page says what keeps them from it, and what a notice lacks is asked for by name (B1, B2)."""

import html
import re

import pytest

from custody.web.console.answers import nested
from tests.portal.campaigns import PLACES
from tests.web.company import DEAL, Company
from tests.web.visitor import Visitor

FORM = {"sender": "privacy@shop.example", "subject": "Handing over", "pages": "https://you.shop.example", "page_line": "Your page:"}  # fmt: skip


@pytest.fixture
def deal(seller: Company) -> str:
    """A deal whose customers were told nothing, decided."""
    facts = nested({**seller.told("suhe", "deal", "show", DEAL)["facts"], "seller.subjects_total": 10_400})
    made = seller.deal(**facts)
    seller.told("zhouning", "gate", made)
    return made


def written(visitor: Visitor) -> str:
    """What stands in the box of words."""
    found = re.search(r'<textarea class="in" name="text"[^>]*>(.*?)</textarea>', visitor.page, re.DOTALL)
    assert found is not None
    return html.unescape(found[1]).replace("\r\n", "\n")


def test_b1_what_a_notice_lacks_comes_back_by_name(seller: Company, deal: str):
    """Each place stands after the name that customers read before it, on a line of its own, in the reader's language; a second round follows the first."""
    visitor = seller.visitor("zhouning")
    visitor.get("/campaigns")
    visitor.post("/campaigns", deal=deal, text="We hand over.\n\n{contents}", **FORM)
    lines = written(visitor).split("\n")
    assert "Necessity: {necessity: }" in lines
    places = [line for line in lines if re.search(r"\{[a-z_.]+: \}$", line)]
    assert len(places) > 3
    assert all(re.match(r"[A-Z][^{}]+: \{", line) for line in places), places
    assert lines[-len(places) :] == places
    first, *others = places
    some = written(visitor).replace(first, first.replace(": }", ": said}"))
    visitor.post("/campaigns", deal=deal, text=some.replace(f"\n{others[-1]}", ""), **FORM)
    assert "\n\n" not in written(visitor).partition("{contents}\n\n")[2]


def test_b2_a_campaign_says_while_it_waits_that_nobody_could_agree(seller: Company, deal: str):
    """Its page names how many items are untold and leads to where they are written; when they are, it says so no more."""
    visitor = seller.visitor("zhouning")
    visitor.get("/campaigns")
    visitor.post("/campaigns", deal=deal, text=f"We hand over.\n\n{PLACES}", **FORM)
    page = visitor.at.removeprefix(visitor.base)
    assert re.fullmatch(r"/campaigns/N-[\d-]+", page), visitor.page[:3000]
    assert 'id="untold"' in visitor.page
    assert f'href="/deals/{deal}/tell"' in visitor.page
    visitor.get(f"/deals/{deal}/tell")
    boxes = re.findall(r'name="item" value="([^"]+)"', visitor.page)
    said = {f"{name}.{lang}": "As the law says" for name in boxes for lang in ("zh", "en")}
    visitor.post(
        f"/deals/{deal}/tell",
        item=boxes,
        seller_contact="privacy@shop.example",
        buyer_contact="privacy@buyer.example",
        **said,
    )
    assert visitor.status == 200
    visitor.get(page)
    assert visitor.status == 200
    assert 'id="untold"' not in visitor.page
