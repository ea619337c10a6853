"""E5: what was said about a deal stays to be read, however much was said since."""

import sqlite3
from contextlib import closing

FIRST = "the landlord keeps a paper register"


def test_e5_a_comment_is_found_however_many_came_after(seller):
    """A hundred are a page; the first of a hundred and one stands on the next."""
    deal = seller.deal(
        deal={"structure": "merger"},
        seller={"jurisdiction": "CN", "subjects_total": 20_101},
        buyer={"jurisdiction": "CN"},
        event={"kind": "closing_handover", "data_leaves_entity": True},
    )
    visitor = seller.visitor("suhe")
    page = f"/deals/{deal}/together"
    visitor.get(page)
    visitor.post(page, step="comment", text=FIRST)
    assert FIRST in visitor.get(page)
    with closing(sqlite3.connect(seller.where / "seller" / "console.db", timeout=60)) as db, db:
        row = db.execute("SELECT deal, by_id, at FROM console_comment WHERE text = ?", (FIRST,)).fetchone()
        said = [(row[0], row[1], row[2].replace("20", "21", 1), f"said later, {n}") for n in range(100)]
        db.executemany("INSERT INTO console_comment (deal, by_id, at, text) VALUES (?, ?, ?, ?)", said)
    assert FIRST not in visitor.get(page)
    assert 'rel="next"' in visitor.page
    assert FIRST in visitor.get(f"{page}?page=2")
