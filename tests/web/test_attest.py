"""What two people saw of the end of a root that nobody can look for: asked, confirmed and said on a page (A4, G4)."""

from collections.abc import Iterator

import pytest

from custody.acts.destroys import note_lost
from tests.line.homes import desk_of
from tests.web.test_keeping import confirmed

pytestmark = pytest.mark.part("browser")
ENTRY = 1
SAW = "disk of the old machine shredded on 3 May, paper 4711"


@pytest.fixture
def browser(chrome):
    return chrome.anew()


@pytest.fixture
def lost(seller) -> Iterator[str]:
    """The root of a generation of before lay on a disk that is gone; afterwards the vault is as it was."""
    with desk_of(seller.where / "seller", "suhe") as desk:
        with desk.store.write() as tx:
            (vault,) = tx.find("vault", name="main")
            note_lost(tx, vault["id"], 1, f"{vault['id']}_r0000000000000000-1", ENTRY)
        yield str(vault["name"])
        with desk.store.write() as tx:
            tx.drop("rotation", vault=vault["id"], to_g=-ENTRY)


def test_g4_two_people_attest_on_a_page(seller, browser, lost):
    """From backups to the page: one looks and asks, the other confirms, the first does it; then nothing waits. The passphrase of neither is enough."""
    at = seller.as_("suhe", browser, factor=True)
    at.go("/backups")
    at.press("看无从查看的根密钥")
    assert at.here().startswith("/backups/lost")
    assert [one["slug"] for one in roots(seller)] == ["keys.lost"]
    assert "entry:1" in at.text()
    at.complaints()
    at.shot("attest")
    at.type("why", SAW)
    at.press("先试运行")
    assert SAW in at.find(".ceremony").text
    at.shot("attest-look")
    at.press("请第二个人确认")
    assert len(roots(seller)) == 1
    confirmed(seller, browser, "suhe", "zhouning", f"/backups/lost?vault={lost}", lost, "共同声明")
    assert roots(seller) == []
    at.shot("attest-done")
    at.go(f"/lang/en?next=/backups/lost?vault={lost}")
    at.says("Roots that nobody can see")
    assert "There is none." in at.text()
    at.go("/lang/zh?next=/")
    assert not at.faults, "\n".join(at.faults)


def roots(seller) -> list[dict]:
    return seller.told("suhe", "recovery", "lost")["roots"]
