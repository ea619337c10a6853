"""A notice to the public, where law lets one stand in for messages."""

import json
import sqlite3
from pathlib import Path

import pytest

from custody.base import canonical
from custody.services.campaign_bounces import campaign_bounces
from custody.services.campaign_post import campaign_post
from tests.portal.campaigns import CONTENTS, planned
from tests.portal.conftest import at
from tests.portal.printing import printed

WORDS = {"place": "website", "where": "https://qinghe.example/notice", "text": "青禾书屋转让公告\n\n{contents}\n" + "\n".join(
    f"{{{name}: {CONTENTS[name] if isinstance(CONTENTS[name], str) else CONTENTS[name]['en']}}}" for name in ("recipient.address", "recipient.telephone", "recipient.contact", "refusal.method")
)}  # fmt: skip
RULE, DAYS = "KR-27-1", 30


@pytest.fixture
def returned(untold: Path) -> Path:
    """Two letters came back; everybody else was written to, or has a letter on the way."""
    ref = planned(untold)["campaign"]
    _, shown = printed(untold, ref)
    with at(untold, "zhouning") as desk:
        campaign_post(desk, ref, str(desk.clock.now().date()), b"receipt")
        back = "\n".join(sorted(one["number"] for one in shown)[:2])
        assert campaign_bounces(desk, ref, [back.encode()])["bounced"] == 2
    return untold


def listed(where: Path, state: str, most: int) -> list[bytes]:
    """Some of the campaign's people in that state."""
    with sqlite3.connect(where / "seller" / "core.db") as store:
        words = "SELECT subject FROM sending WHERE state = ? ORDER BY subject LIMIT ?"
        return [one for (one,) in store.execute(words, (state, most))]


def korean(where: Path, people: list[bytes]) -> None:
    """They live in Korea."""
    with sqlite3.connect(where / "seller" / "core.db") as store:
        for who in people:
            (facts,) = store.execute("SELECT facts FROM subject WHERE id = ?", (who,)).fetchone()
            told = canonical.encode({**json.loads(facts), "residence": "KR"})
            store.execute("UPDATE subject SET facts = ? WHERE id = ?", (told, who))
