"""B1: a folder of returned mail given as one file is read whole, or refused: whoever is not read would count as told."""

from pathlib import Path

import pytest

from custody.acts.campaigning import campaign
from custody.acts.mailbox import MOST, messages
from custody.acts.returned import mail
from custody.services.campaign_bounces import campaign_bounces
from custody.services.campaign_show import campaign_show
from tests.portal.campaigns import planned, untold
from tests.portal.conftest import at
from tests.portal.somebody import refused
from tests.portal.test_campaign import report

__all__ = ["untold"]
POSTMARKS = (
    b"From MAILER-DAEMON Mon Apr 20 10:00:00 2026\n",
    b"From - Mon Apr 20 10:00:00 2026\r\n",
    b"From 17@xxx Mon Apr 20 10:00:00 +0000 2026\n",
)


def box(names: list[str], mark: bytes = POSTMARKS[0]) -> bytes:
    return b"".join(mark + report(name, "failed", "5.1.1") + b"\r\n" for name in names)


def went(where: Path, ref: str, most: int) -> list[str]:
    """Our names of some messages, which the relay took."""
    with at(where, "zhouning") as desk, desk.store.write() as tx:
        named = str(campaign(desk, tx, ref)["id"])
        rows = tx.find("sending", order=("place",), campaign=named, state="planned")[:most]
        for row in rows:
            tx.change("sending", {"state": "sent"}, campaign=str(row["campaign"]), subject=row["subject"])
    return [str(row["message_id"]) for row in rows]


def test_b1_every_message_of_a_mailbox_counts(untold: Path):
    """Five returns in one file mark five people, and how many were read is told; so does a message that holds them all."""
    ref = str(planned(untold)["campaign"])
    names = went(untold, ref, 7)
    digest = b"MIME-Version: 1.0\r\nContent-Type: multipart/digest; boundary=d\r\n\r\n" + b"".join(
        b"--d\r\nContent-Type: message/rfc822\r\n\r\n" + report(one, "failed", "5.1.1") + b"\r\n" for one in names[5:]
    )
    with at(untold, "zhouning") as desk:
        told = campaign_bounces(desk, ref, [box(names[:5])])
        assert (told["read"], told["bounced"], told["other"]) == (5, 5, 0)
        told = campaign_bounces(desk, ref, [digest + b"--d--\r\n"])
        assert (told["read"], told["bounced"], told["other"]) == (2, 2, 0)
        assert campaign_show(desk, ref, 0)["counts"]["bounced"] == 7


@pytest.mark.parametrize("mark", POSTMARKS)
def test_b1_a_mailbox_is_read_as_mail_programs_write_it(mark: bytes):
    """Three thousand messages, more than a megabyte, whatever program wrote the line between them."""
    names = [f"<{n:040d}@shop.example>" for n in range(3_000)]
    whole = box(names, mark)
    data = whole if mark.endswith(b"\r\n") else whole.replace(b"\r\n", b"\n")
    found = [said for one in messages(1, data) for said in mail(one)]
    assert [(one.what, one.names[0]) for one in found] == [("bounced", one) for one in names]


def test_b1_a_large_return_is_read_by_its_notification():
    """The message that came back with it may be as long as it likes."""
    (said,) = mail(report("<a@b>", "failed", "5.1.1").replace(b"Subject: x", b"X-Long: " + b"x" * (2 << 20)))
    assert (said.what, said.names) == ("bounced", ("<a@b>",))


@pytest.mark.parametrize(
    "data",
    [
        b"PK\x03\x04rest", b"x" * (MOST + 1), b"From nobody knows when\nTo: a@b\n\nhello\n", POSTMARKS[0], POSTMARKS[0] + b"no header at all\n",
        POSTMARKS[0] + b"To: a@b\n\nhello\n\nFrom me at 10:00 in 2026\nand so on\n",
    ],
)  # fmt: skip
def test_b1_a_file_that_is_not_read_whole_takes_nothing(untold: Path, data: bytes):
    """Packed, too large, or a mailbox that breaks off: said so, and the files beside it are not taken either."""
    ref = str(planned(untold)["campaign"])
    (name,) = went(untold, ref, 1)
    with at(untold, "zhouning") as desk:
        assert (
            refused(lambda: campaign_bounces(desk, ref, [report(name, "failed", "5.1.1"), data])) == "campaign.returned"
        )
        assert campaign_show(desk, ref, 0)["counts"]["bounced"] == 0
