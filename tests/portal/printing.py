"""Letters as a print shop is given them, read again."""

import json
import sqlite3
from pathlib import Path

from custody import wiring
from custody.services.approve import approve
from custody.services.campaign_print import campaign_print
from tests.portal.conftest import at, on_list
from tests.web.visitor import Visitor

BACK = "青禾书屋，杭州市湖滨路 1 号，310000"


def printed(where: Path, ref: str, **words: str) -> tuple[dict, list[dict]]:
    """(figures, what each letter shows) of a campaign's letters, which are really drawn."""
    made: dict[str, bytes] = {}
    shown: list[dict] = []

    def draw(template: str, data: dict) -> bytes:
        shown.extend(data["letters"])
        return wiring.pdf(template, data)

    with at(where, "zhouning") as desk:
        asked = campaign_print(desk, draw, made.__setitem__, ref, {"back": BACK, **words}, dry_run=True)
    if "would" in asked:  # many, or many in one day
        with at(where, "suhe") as desk:
            approve(desk, *asked["would"]["approve"])
    with at(where, "zhouning") as desk:
        told = dict(campaign_print(desk, draw, made.__setitem__, ref, {"back": BACK, **words}))
        assert on_list(desk, str(told["copy"])) == ("letters", "open", "zhouning")
    assert list(made) == told["files"]
    assert all(pdf.startswith(b"%PDF-") for pdf in made.values())
    return told, shown


def unreached(where: Path, ref: str, most: int = 10_000) -> None:
    """Nobody, or all but so many, could be sent a message."""
    with sqlite3.connect(where / "seller" / "core.db") as store:
        (campaign,) = store.execute("SELECT id FROM campaign WHERE ref = ?", (ref,)).fetchone()
        store.execute("UPDATE sending SET state = 'planned' WHERE campaign = ?", (campaign,))
        store.execute("UPDATE sending SET state = 'no-address' WHERE campaign = ? AND subject IN (SELECT subject FROM sending WHERE campaign = ? ORDER BY subject LIMIT ?)", (campaign, campaign, most))  # fmt: skip
    store.close()


def entries(where: Path) -> list[dict]:
    with sqlite3.connect(where / "seller" / "core.db") as store:
        found = [json.loads(one) for (one,) in store.execute("SELECT entry FROM ledger_entry ORDER BY position")]
    store.close()
    return [one["says"] for one in found if one["kind"] == "letters-listed"]


def signed_in(where: Path, base: str, who: str) -> Visitor:
    """Somebody at the console, with a second factor."""
    one = Visitor(base)
    secret = where / "seller" / "keys" / "principals" / f"{who}.pass"
    one.sign_in(who, secret.read_text(encoding="utf-8").strip())
    one.second_factor()
    return one
