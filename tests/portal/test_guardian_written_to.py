"""B1, B2: who is older than 14 and a child by their law is not written to: the message, as the page, speaks to their guardian (spec/consent.md §2)."""

import sqlite3
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest

from custody.acts.campaigning import campaign
from custody.acts.contacts import contacts, guardian_of
from custody.acts.letters import reached
from custody.base import ids
from custody.services.campaign_preview import MOST, campaign_preview
from tests.portal.answering import page
from tests.portal.campaigns import planned, relay
from tests.portal.conftest import at
from tests.portal.of_age import states, young
from tests.portal.test_guarded_ages import FIFTEEN
from tests.portal.test_told_once import sent
from tests.portal.tokens import token

__all__ = ["relay"]
GROWN = {13: "2010-01-01", 14: "2011-01-01", 16: "2013-01-01", 18: "2015-01-01"}


@pytest.mark.parametrize(("turns", "child"), [(FIFTEEN, True), (GROWN, False)])
def test_b1_what_is_about_a_child_of_fifteen_is_written_to_the_guardian_where_their_law_asks_one(
    played: Path, relay: tuple[str, Path], turns: dict[int, str], child: bool
):
    """By e-mail, in the preview and by letter, as their page has it; whoever is grown up there is called by their own name."""
    states(played, basis_legal_basis_orig="consent", basis_transfer_basis="consent")
    who = young(played, "DE", turns)
    with sqlite3.connect(played / "seller" / "core.db") as store:
        store.execute("DELETE FROM evidence WHERE type LIKE 'notice.%'")
    assert bool(page(played, token(played, who), "en")["child"]) == child
    made = planned(played, by=relay[0])
    key = ids.subject_bytes(who)
    with at(played, "zhouning") as desk:
        shown = {one["subject"]: one["text"] for one in campaign_preview(desk, made["campaign"], MOST)["messages"]}
        with desk.store.read() as tx:
            (vault,) = tx.find("vault")
            own = contacts(desk, tx, str(vault["id"]), [key])[key]
            row = campaign(desk, tx, made["campaign"])
            assert reached(desk, tx, row, [key])[key].child is child
    assert (guardian_of("", own.language) in shown.get(who, "").lower()) == (child and who in shown)
    for _ in range(2):  # the relay cuts the connection once
        sent(played, made["campaign"], relay[0])
    mails = [message_from_bytes(file.read_bytes(), policy=default) for file in relay[1].glob("*.eml")]
    (text,) = [mail.get_content() for mail in mails if own.email in str(mail["To"])]
    called = guardian_of(own.name, own.language) if child else own.name
    assert text.splitlines()[0].casefold() == called.casefold()
