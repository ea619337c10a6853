"""Letters as a print shop is given them, read again."""

from pathlib import Path

from custody import wiring
from custody.services.campaign_print import campaign_print
from tests.portal.conftest import at, on_list

BACK = "青禾书屋，杭州市湖滨路 1 号，310000"


def printed(where: Path, ref: str, **words: str) -> tuple[dict, list[dict]]:
    """(figures, what each letter shows) of a campaign's letters, which are really drawn."""
    made: dict[str, bytes] = {}
    shown: list[dict] = []

    def draw(template: str, data: dict) -> bytes:
        shown.extend(data["letters"])
        return wiring.pdf(template, data)

    with at(where, "zhouning") as desk:
        told = dict(campaign_print(desk, draw, made.__setitem__, ref, {"back": BACK, **words}))
        assert on_list(desk, str(told["copy"])) == ("letters", "open", "zhouning")
    assert list(made) == told["files"]
    assert all(pdf.startswith(b"%PDF-") for pdf in made.values())
    return told, shown
