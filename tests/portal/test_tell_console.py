"""B2 in the console: what the law wants told before somebody agrees is told from a form, in both languages."""

from pathlib import Path

from custody.services.deal_tell import deal_tell
from tests.portal.conftest import DEAL, at
from tests.web.serving import serve
from tests.web.visitor import Visitor


def test_b2_items_are_told_from_the_console(played: Path):
    """What is ticked is told as written, the rest stays; a ticked item with nothing written is refused with what was typed; whoever may not tell sees no form."""
    path = f"/deals/{DEAL}/tell"
    with serve(played / "seller") as served:
        people = {}
        for who in ("zhouning", "limo"):
            people[who] = Visitor(served.base)
            secret = played / "seller" / "keys" / "principals" / f"{who}.pass"
            people[who].sign_in(who, secret.read_text(encoding="utf-8").strip())
        first = people["zhouning"]
        first.get(f"/deals/{DEAL}/papers")
        assert path in first.page
        first.get(path)
        assert 'name="storage_place.zh"' in first.page
        first.post(
            path,
            **{
                "item": "storage_place",
                "storage_place.zh": "上海一号机房",
                "storage_place.en": "",
                "retention.zh": "不勾选",
            },
        )
        assert "deal.tell" in first.page
        assert "上海一号机房" in first.page
        first.get(path)
        first.post(
            path,
            **{
                "item": "storage_place",
                "storage_place.zh": "上海一号机房",
                "storage_place.en": "Hall one, Shanghai",
                "retention.zh": "不勾选",
            },
        )
        assert first.at.endswith(path)
        people["limo"].get(f"/deals/{DEAL}/papers")
        assert path not in people["limo"].page
    with at(played, "zhouning") as desk:
        told = deal_tell(desk, DEAL, {})["told"]
    assert (told["item.storage_place.zh"], told["item.storage_place.en"]) == ("上海一号机房", "Hall one, Shanghai")
    assert told.get("item.retention.zh") != "不勾选"
