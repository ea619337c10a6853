"""B1, B4 in the console: a department's clerk, who works in the mailbox and opens no campaign, says in open work what a customer wrote back."""

import re
from datetime import timedelta
from pathlib import Path

from custody.base.clock import parse
from custody.services.campaign_bounces import campaign_bounces
from custody.services.work_list import work_list
from tests.line.conftest import done
from tests.portal.campaigns import untold
from tests.portal.conftest import DEAL, at
from tests.portal.printing import signed_in
from tests.portal.test_replies import letter, sent
from tests.portal.test_returned_unclear import play
from tests.web.serving import serve

__all__ = ["untold"]

CLERK = "jiang"


def hired(where: Path) -> None:
    """A clerk of a department who works on the deal."""
    secret = where / "seller" / "keys" / "principals" / f"{CLERK}.pass"
    secret.write_text("a passphrase of jiang", encoding="utf-8")
    secret.chmod(0o600)
    done(where, "suhe", "principal", "new", CLERK, "--roles", "department", "--new-passphrase-file", secret)
    done(where, "suhe", "member", "add", DEAL, CLERK, "--reason", "reads the mailbox")


def test_b1_a_clerk_says_in_open_work_what_was_written_back(untold: Path):
    """The row has no way to a page that is closed to them; the form below says it. What asks for something is refused before it is taken in, and nothing is lost; said, it is open work no more."""
    hired(untold)
    ref, (name,), address = play(untold, 1)
    with at(untold, "zhouning") as desk:
        (row,) = sent(desk, name)
        on = parse(str(row["at"])) + timedelta(days=1)
        desk.clock.advance(timedelta(days=2))
        campaign_bounces(desk, ref, [letter(name, address, on=on.strftime("%a, %d %b %Y %H:%M:%S +0000"))])
    with serve(untold / "seller") as served:
        clerk = signed_in(untold, served.base, CLERK)
        page = clerk.get("/open-work")
        (work,) = re.findall(r'name="reply" value="([^"]+)"', page)
        assert f"/campaigns/{ref}" not in page
        clerk.post("/open-work", step="reply", reply=work, say="asked")
        assert (clerk.status, "campaign.unasked" in clerk.page) == (409, True), clerk.page
        assert re.search(r'<option value="asked" selected>', clerk.page)
        clerk.post("/open-work", step="assign", work=work, to="zhouning")
        assert (clerk.status, f'name="reply" value="{work}"' in clerk.page, "zhouning" in clerk.page) == (
            200,
            True,
            True,
        )
        clerk.post("/open-work", step="reply", reply=work, say="nothing")
        assert (clerk.status, work in clerk.page) == (200, False)
    with at(untold, "zhouning") as desk:
        assert [one for one in work_list(desk, "")["work"] if one["kind"] == "reply"] == []
