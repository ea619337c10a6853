"""Deciding everybody is a job: whoever asks for it waits for no answer of the server, and sees how far it is (C3)."""

import threading
import time

from custody import wiring
from tests.web.company import DEAL, Company


def test_c3_deciding_everybody_goes_on_behind_the_page(seller: Company):
    """While somebody else writes the store it waits for its turn: the reader is on the page of the job, and then on the deal's."""
    home, held, free = seller.where / "seller", threading.Event(), threading.Event()

    def hold() -> None:
        with wiring.desk(home, "suhe", home / "keys" / "principals" / "suhe.pass") as desk, desk.store.write():
            held.set()
            free.wait(30)

    other = threading.Thread(target=hold)
    visitor = seller.visitor("suhe")
    visitor.get(f"/deals/{DEAL}")
    before = seller.told("suhe", "deal", "show", DEAL)["statements"]
    other.start()
    held.wait(30)
    try:
        began = time.monotonic()
        page = visitor.post(f"/deals/{DEAL}/gate")
        assert time.monotonic() - began < 8
        assert "/work/" in visitor.at, visitor.at
        assert "Deciding about everybody" in page
        assert f"/work/{visitor.at.rpartition('/')[2]}/stop" not in page
    finally:
        free.set()
        other.join()
    visitor.led_on()
    assert visitor.at.endswith(f"/deals/{DEAL}"), visitor.at
    assert len(seller.told("suhe", "deal", "show", DEAL)["statements"]) == len(before) + 1


def test_c3_who_may_not_decide_starts_no_job(seller: Company):
    """The role is asked before anything begins."""
    visitor = seller.visitor("limo")
    visitor.get(f"/deals/{DEAL}")
    visitor.post(f"/deals/{DEAL}/gate")
    assert visitor.status == 403
