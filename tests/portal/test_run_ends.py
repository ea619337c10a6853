"""B1: a run of sending looks again before every round whether the deal is on and its words are so (spec/campaigns.md §4b)."""

import sqlite3
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from custody import wiring
from custody.acts.matters import deal
from custody.acts.untrue import untell
from custody.base.clock import stamp
from custody.services.campaign_print import campaign_print
from custody.services.campaign_send import campaign_send
from tests.portal.campaigns import planned, relay, taken, untold
from tests.portal.conftest import DEAL, at
from tests.portal.printing import unreached
from tests.portal.somebody import refused

__all__ = ["relay", "untold"]


def otherwise(where: Path) -> None:
    """Somebody else changes what the deal reads."""
    with at(where, "suhe") as desk:
        desk.clock.advance(timedelta(days=1))
        with desk.store.write() as tx:
            untell(tx, str(deal(desk, tx, DEAL)["id"]), stamp(desk.clock.now()))


def off(where: Path) -> None:
    """Somebody else breaks the deal off."""
    with sqlite3.connect(where / "seller" / "core.db") as store:
        store.execute("UPDATE matter SET state = 'aborted' WHERE ref = ?", (DEAL,))


@pytest.mark.part("smtp")
@pytest.mark.parametrize(("changes", "slug"), [(otherwise, "campaign.untrue"), (off, "deal.ended")])
def test_b1_a_run_stops_where_what_it_says_is_so_no_more(
    untold: Path, relay: tuple[str, Path], changes: Callable[[Path], None], slug: str
):
    """What had begun has ended and is on the record; nobody else is told, none is in doubt, and it goes on no more."""
    address, folder = relay
    made, rounds = planned(untold, by=address), list[int]()

    def go_on(more: int) -> bool:
        rounds.append(more)
        if len(rounds) == 4:
            changes(untold)
        return True

    mailer = wiring.mailer(address, "none", "", None, 0, 1)
    with at(untold, "zhouning") as desk:
        told = campaign_send(desk, mailer, made["campaign"], 0, go_on)
        assert (told["stopped"], told["sent"], told["in_doubt"], told["done"]) == (slug, 3, 0, False)
        assert (told["counts"]["sent"], told["counts"]["planned"]) == (3, made["counts"]["planned"] - 3)
        assert refused(lambda: campaign_send(desk, mailer, made["campaign"], 0)) == slug
    mailer.close()
    assert sum(taken(folder).values()) == 3


def test_b1_letters_stop_with_the_file_in_hand(untold: Path):
    """The deal reads otherwise while the first file is drawn: that one is kept and counts as printed, no other is made."""
    made, kept = planned(untold), dict[str, bytes]()
    unreached(untold, made["campaign"], 4)

    def draw(template: str, data: dict) -> bytes:
        otherwise(untold)
        return wiring.pdf(template, data)

    with at(untold, "zhouning") as desk:
        printing = {"batch": "2"}
        assert (
            refused(lambda: campaign_print(desk, draw, kept.__setitem__, made["campaign"], printing))
            == "campaign.untrue"
        )
    assert len(kept) == 1
    with sqlite3.connect(untold / "seller" / "core.db") as store:
        assert store.execute("SELECT count(*) FROM sending WHERE state = 'printed'").fetchone() == (2,)
