"""C7: whom the seller called back and a hold keeps at the buyer serves that hold and nothing else (spec/package.md §5)."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from custody import wiring
from custody.acts.barred import objectors
from custody.acts.held_back import require_unlocked
from custody.acts.standing import CALLED_BACK, purposes, standing
from custody.base import ids
from custody.base.errors import Denied, Refused
from custody.services.customer import customer
from custody.services.export import export
from custody.services.hold import hold_add, hold_release
from custody.services.recalls_due import recalls_due
from custody.services.reconcile import reconcile_export
from custody.services.release import release
from custody.services.release_delta import release_delta
from custody.services.reveal import reveal
from custody.services.ship import ship
from tests.vault.arriving_deal import DEAL, NAME, Arriving, vault, who

PEOPLE = 4
HELD = 1


@pytest.fixture(autouse=True)
def _approved(monkeypatch: pytest.MonkeyPatch):
    """Somebody else approved the recall, and each export: that two people are needed is tested where people are."""
    monkeypatch.setattr("custody.acts.recalling.demand", lambda *_, **__: "evd")
    monkeypatch.setattr("custody.acts.in_clear.demand", lambda *_, **__: "evd")


@pytest.fixture
def deal(tmp_path: Path) -> Iterator[Arriving]:
    """Four customers of two records each arrived; the second is held, and called back in one of two parts."""
    made = Arriving(tmp_path, PEOPLE).ship().release(1, lambda _: True)
    made.receive()
    hold_add(made.world.desk, ids.subject_text(who(HELD)), "dispute.1", "", NAME)
    yield made
    made.world.close()


def recalled(deal: Arriving) -> None:
    """The seller calls the held one and another back, the sensitive part alone."""
    deal.call_back(2, [(2, 0), (2, HELD)])
    deal.receive()


def said(deal: Arriving, number: int) -> dict[int, str]:
    """What stands of a customer's parts."""
    with deal.world.desk.store.read() as tx:
        (row,) = tx.find("subject", vault=vault(deal), id=who(number))
        return standing(tx, vault(deal), row)


def cells(deal: Arriving, file: str) -> tuple[int, int]:
    """(rows with the general part, rows with the sensitive part) of an export."""
    target = wiring.target(deal.root / file)
    export(deal.world.desk, DEAL, target)
    assert reconcile_export(deal.world.desk, DEAL, target)["ok"]
    with sqlite3.connect(deal.root / file) as base:
        return base.execute("SELECT count(m), count(n) FROM t").fetchone()


def test_c7_whoever_is_called_back_and_held_opens_for_what_law_demands_alone(deal: Arriving):
    """The part that was called back, and nobody else's; a look for anything else is refused with the reason, and the card says so."""
    assert CALLED_BACK not in said(deal, HELD).values()
    recalled(deal)
    assert said(deal, HELD) == {2: CALLED_BACK}
    assert CALLED_BACK not in said(deal, 2).values()
    assert purposes("service,legal", CALLED_BACK) == {"legal"}
    shown = customer(deal.world.desk, ids.subject_text(who(HELD)))
    assert [part["verdict"] for part in shown["held"]] == ["", CALLED_BACK]
    with pytest.raises(Denied) as no:
        reveal(deal.world.desk, NAME, ids.subject_text(who(HELD)), "service", "case 7", ["t/n"])
    assert "called the data back" in str(no.value)


def test_c7_no_export_made_from_then_on_has_them(deal: Arriving):
    """Their cells are told as withheld; what was not called back of them is there; the comparison agrees."""
    before = cells(deal, "before.db")
    recalled(deal)
    assert before == (PEOPLE, PEOPLE)
    assert cells(deal, "after.db") == (PEOPLE, PEOPLE - 2)


def test_c7_nobody_introduces_themselves_to_them(deal: Arriving):
    """A campaign of the company that received them leaves them out, until the hold ended and they are gone."""
    with deal.world.desk.store.read() as tx:
        matter = str(tx.find("matter", ref=DEAL)[0]["id"])
        assert objectors(tx, matter) == set()
    recalled(deal)
    with deal.world.desk.store.read() as tx:
        assert objectors(tx, matter) == {who(HELD)}


def test_c7_they_are_handed_to_nobody_else(deal: Arriving):
    """A vault that has to give somebody back ships and releases nothing, whichever deal it is; the end of the hold opens it again."""
    laws, desk = wiring.laws(), deal.world.desk
    recalled(deal)
    for act in (
        lambda: ship(desk, laws, DEAL, deal.files),
        lambda: release(desk, laws, DEAL, deal.files),
        lambda: release_delta(desk, laws, DEAL, deal.files),
    ):
        with pytest.raises(Refused) as no:
            act()
        assert (no.value.slug, no.value.where) == ("recall.locked", {"people": 1})
    hold_release(desk, ids.subject_text(who(HELD)), "dispute.1", NAME)
    assert said(deal, HELD) == {2: CALLED_BACK}  # until they are gone
    recalls_due(desk, NAME)
    with desk.store.read() as tx:
        require_unlocked(tx, tx.find("matter", ref=DEAL)[0])
    assert said(deal, HELD) == {}
