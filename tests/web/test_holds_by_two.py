"""A8, G7: a colleague's hold is lifted on a page by two: asked, confirmed, done; one's own by a button."""

import pytest

from custody.base.ids import subject_text
from tests.line.homes import desk_of
from tests.web.test_keeping import confirmed

pytestmark = pytest.mark.part("browser")
WHY = "dispute.2026-77"


@pytest.fixture
def browser(chrome):
    return chrome.anew()


def test_g7_a_colleagues_hold_is_lifted_by_two_on_a_page(seller, browser):
    """The list offers a button for what one set oneself, and the way to two people for the rest."""
    held = customer(seller)
    seller.told("zhouning", "hold", "add", held, "--reason", WHY)
    at = seller.as_("suhe", browser, factor=True)
    at.go("/holds")
    at.shot("holds-two")
    at.press("由两人解除 2026-77")
    assert at.here().startswith("/holds/end")
    assert "不能恢复" in at.text()
    at.complaints()
    at.shot("hold-end")
    path = f"/holds/end?vault=main&subject={held}&reason={WHY}"
    at.press("请第二个人确认")
    assert seller.told("suhe", "hold", "list")["holds"]
    confirmed(seller, browser, "suhe", "zhouning", path, held[4:12], "解除保全")
    assert [one for one in seller.told("suhe", "hold", "list")["holds"] if one["subject"] == held] == []
    assert not at.faults, "\n".join(at.faults)


def customer(seller) -> str:
    """A customer of the company who is on hold for nothing yet."""
    with desk_of(seller.where / "seller", "suhe") as desk, desk.store.read() as tx:
        (vault,) = tx.find("vault", name="main")
        rows = tx.find("subject", order=("id",), vault=vault["id"], kind="customer", state="live")
        return subject_text(rows[-1]["id"])
