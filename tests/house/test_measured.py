"""The figures on the first page are those of the pages that say how they were measured."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROW = re.compile(r"^\|(?P<told>.+)\| \[\w+\]\((?P<page>docs/figures/\w+\.md)\) \|$", re.MULTILINE)


def rows(name: str) -> list[tuple[str, str]]:
    """(the row's cells, the page it leads to)."""
    return [(one["told"], one["page"]) for one in ROW.finditer((ROOT / name).read_text(encoding="utf-8"))]


@pytest.mark.parametrize("name", ["README.md", "README.zh.md"])
def test_each_figure_of_the_first_page_is_measured(name: str):
    """Each number with a comma or a point in it stands on the page the row leads to, digit for digit."""
    found = [(figure, page) for told, page in rows(name) for figure in re.findall(r"\d[\d,]*[.,]\d+", told)]
    assert len(found) > 10
    missing = [(figure, page) for figure, page in found if figure not in (ROOT / page).read_text(encoding="utf-8")]
    assert not missing


def test_both_first_pages_tell_the_same_figures():
    """A reader of either language is told the same numbers, in the same order of rows."""
    told = [
        [sorted(re.findall(r"\d+(?:[.,]\d+)*", cells)) for cells, _ in rows(name)]
        for name in ("README.md", "README.zh.md")
    ]
    assert told[0] == told[1]
