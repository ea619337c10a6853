"""spec/demo.md §5 tells every member of summary.json, for both kinds of deal, and no member that is not there."""

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from custody.base.errors import Malformed
from custody.cli.rehearsal.demo import Play, Rehearsal
from custody.cli.rehearsal.share import ShareTransfer
from tests.line.conftest import ROOT

SECTION = (ROOT / "spec" / "demo.md").read_text(encoding="utf-8").partition("## 5. Summary")[2].partition("## 6.")[0]


def told(column: int) -> set[str]:
    """The members that the table gives to one kind of deal: its third column or its fourth."""
    found = set()
    for line in SECTION.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")] if line.startswith("| `") else []
        if cells and cells[column] == "✓":
            found |= {re.match(r"\w+", name)[0] for name in re.findall(r"`(\w[^`]*)`", cells[0])}
    return found


def test_the_summary_of_an_asset_sale_is_told(played: Path):
    """Each member of the summary stands in the table, and each told is there."""
    assert told(2) == set(json.loads((played / "summary.json").read_text(encoding="utf-8"))) - {"v"}


def test_a_folder_holds_one_rehearsal(tmp_path: Path):
    """Going on with other customers, other data or another deal is refused; the figures of the former would be shown."""
    mine = Rehearsal(tmp_path, None, 5, "en", lambda _: None)
    mine.same(Play)
    mine.same(Play)
    for other, deal in (
        (replace(mine, customers=6), Play),
        (replace(mine, data=tmp_path), Play),
        (mine, ShareTransfer),
    ):
        with pytest.raises(Malformed, match="another rehearsal"):
            other.same(deal)
