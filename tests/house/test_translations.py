"""A page that stands in both languages says the same in both: the same steps, commands, tables and links."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted(path for folder in (ROOT, ROOT / "docs" / "guide") for path in folder.glob("*.zh.md"))


def shape(text: str) -> dict[str, list[str]]:
    """What a translation keeps: levels of its headings, its blocks of code, the cells of each table's row, what it links to."""
    prose = re.sub(r"```.*?```", "", text, flags=re.DOTALL)
    return {
        "headings": [found[0] for found in re.findall(r"^(#+) ", prose, re.MULTILINE)],
        "commands": re.findall(r"```sh\n(.*?)```", text, re.DOTALL),
        "indented": re.findall(r"^    \S.*$", prose, re.MULTILINE),
        "rows": [str(line.count("|")) for line in prose.splitlines() if line.startswith("|")],
        "variables": sorted(set(re.findall(r"`(CUSTODY_\w+)`", prose))),
    }


def plain(link: str) -> str:
    """The page behind a link, whichever language it is in."""
    return link.replace(".zh.md", ".md")


def links(text: str) -> set[str]:
    return {plain(one) for one in re.findall(r"\]\(([^)#]+)\)", text)}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_translated_page_has_the_shape_of_its_original(page: Path):
    """Headings, commands, tables and variables agree, so that neither language is told less."""
    other = page.with_name(plain(page.name))
    assert shape(page.read_text(encoding="utf-8")) == shape(other.read_text(encoding="utf-8"))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_translated_page_leads_where_pages_are(page: Path):
    """It leads back to its original, and to no page that is not there."""
    text = page.read_text(encoding="utf-8")
    other = page.with_name(plain(page.name))
    assert f"({other.name})" in text
    assert f"({page.name})" in other.read_text(encoding="utf-8")
    for link in links(text):
        assert link.startswith("http") or (page.parent / link).exists(), link
