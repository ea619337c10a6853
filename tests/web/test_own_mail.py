"""Where one's notices go by mail is everybody's own to say; a link for the parties, and a reason, as those say it who look (E5)."""

import re

from tests.members import add
from tests.web.company import DEAL, Company
from tests.web.visitor import Visitor


def test_e5_everybody_says_where_their_notices_go(seller: Company):
    """A data custodian, who keeps no channel; what is no address is refused, and what was typed stays."""
    clerk = seller.visitor("limo")
    clerk.get("/channels")
    assert clerk.status == 403
    clerk.get("/inbox")
    clerk.post("/inbox", do="mine", mail="limo at shop")
    assert 'data-slug="notify.mail"' in clerk.page
    assert "limo at shop" in clerk.page
    clerk.post("/inbox", do="mine", mail="limo@shop.example")
    assert "limo@shop.example" in clerk.get("/inbox")
    clerk.post("/inbox", do="mine", mail="")
    assert "limo@shop.example" not in clerk.get("/inbox")


def test_e5_a_link_ends_with_the_role_that_let_it_be_given(seller: Company):
    """Whoever gave it is a member of the deal still; with the role it shows the deal, without it nothing."""
    secret = seller.where / "seller" / "keys" / "principals" / "duo.pass"
    secret.write_text("a passphrase of duo", encoding="utf-8")
    secret.chmod(0o600)
    seller.told(
        "suhe", "principal", "new", "duo", "--roles", "lawyer", "--roles", "department", "--new-passphrase-file", secret
    )
    add(seller.told, DEAL, "duo")
    duo, stranger = seller.visitor("duo"), Visitor(seller.served.base)
    duo.get(f"/deals/{DEAL}/together")
    duo.post(f"/deals/{DEAL}/together", step="window", whom="The parties", days="7")
    link = re.search(r"/progress/[\w-]+", duo.page)
    assert link is not None
    stranger.get(link[0])
    assert stranger.status == 200
    seller.told("suhe", "principal", "roles", "duo", "--roles", "department")
    stranger.get(link[0])
    assert stranger.status == 404
    seller.told("suhe", "principal", "end", "duo")


def test_c1_who_opened_a_deal_is_said_in_the_readers_language(seller: Company):
    """The one reason for being a member that nobody wrote."""
    owner = seller.visitor("suhe")
    owner.get("/lang/zh?next=/")
    assert "立了这笔交易" in owner.get(f"/deals/{DEAL}/together")
    assert "opened the deal" not in owner.page
