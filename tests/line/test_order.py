"""C1, C6: no verb of the line works before its turn; each names the statement it stands on."""

from pathlib import Path

import pytest

from tests.line.conftest import act
from tests.line.test_matters import DEAL


@pytest.mark.parametrize(
    ("half", "who", "words", "slug"),
    [
        ("seller", "limo", ("ship", DEAL), "statement.missing"),
        ("seller", "zhouning", ("release", DEAL), "statement.missing"),
        ("buyer", "fanyuan", ("receive", DEAL), "files.missing"),
        ("buyer", "fanyuan", ("reseal", DEAL), "statement.missing"),
        ("seller", "zhouning", ("destroy", DEAL), "statement.missing"),
    ],
)
def test_c1_no_stage_can_be_skipped(opened: Path, half: str, who: str, words: tuple[str, ...], slug: str):
    """Asked for before the stage that it stands on, it is refused and writes nothing."""
    before = sorted(path.name for path in (opened / "handover").rglob("*"))
    code, out = act(opened, half, who, *words, "--at", opened / "handover")
    assert code in {1, 2}
    assert out["error"]["slug"] == slug
    assert sorted(path.name for path in (opened / "handover").rglob("*")) == before
