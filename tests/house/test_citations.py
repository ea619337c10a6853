"""A section of a page of spec/ that a file cites is there."""

import re
from pathlib import Path

import pytest
from tests.house.test_tree import ROOT, TRACKED

SPEC = ROOT / "spec"
SECTIONS = "§[0-9]+(?:(?:-| to |, | and )§?[0-9]+)*"
CITED = re.compile(rf"\b(?P<page>[a-z]+)\.md`?\)?,? (?P<sections>{SECTIONS})")
INSIDE = re.compile(rf"(?<!\.md)(?<!\.md`)(?<!\.md\)) \(?(?P<sections>{SECTIONS})")


def sections(page: Path) -> set[int]:
    """The numbers of a page's sections."""
    return {int(found) for found in re.findall(r"^## ([0-9]+)\. \S", page.read_text(encoding="utf-8"), re.MULTILINE)}


def numbers(words: str) -> set[int]:
    """`§3, §4`, `§4-7` and `§3 to §6` as numbers, ends and what lies between."""
    found: set[int] = set()
    for first, last in re.findall(r"§?([0-9]+)(?:(?:-| to )§?([0-9]+))?", words):
        found |= set(range(int(first), int(last or first) + 1))
    return found


def citations(text: str) -> list[tuple[str, set[int]]]:
    """(page, sections) of every citation in a text."""
    return [(one["page"], numbers(one["sections"])) for one in CITED.finditer(text)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("(spec/vault.md §7)", [("vault", {7})]),
        ("`spec/vault.md` §3 to §6)", [("vault", {3, 4, 5, 6})]),
        ("[vault](../spec/vault.md) §4-7 |", [("vault", {4, 5, 6, 7})]),
        ("spec/vault.md §7, §8, §11.", [("vault", {7, 8, 11})]),
        ("RFC 9162 §2.1", []),
    ],
)
def test_citations_are_understood(text: str, found: list[tuple[str, set[int]]]):
    """The search reads every way in which sections are cited."""
    assert citations(text) == found


def test_cited_sections_exist():
    """Every section of a page of spec/ that a file cites is there."""
    known = {page.stem: sections(page) for page in SPEC.glob("*.md")}
    lost, met = [], 0
    for path in TRACKED:
        if path.suffix in {".py", ".md", ".yaml", ".toml"}:
            for page, wanted in citations(path.read_text(encoding="utf-8")):
                if page in known:
                    met += 1
                    lost += [f"{path.relative_to(ROOT)}: {page}.md §{one}" for one in sorted(wanted - known[page])]
    assert met > 50
    assert not lost, "\n".join(lost)


@pytest.mark.parametrize("page", sorted(SPEC.glob("*.md")), ids=lambda page: page.stem)
def test_sections_are_numbered_in_order(page: Path):
    """Where a page numbers its sections, it counts from one without a gap, so that a citation means one place."""
    listed = [int(one) for one in re.findall(r"^## ([0-9]+)\. ", page.read_text(encoding="utf-8"), re.MULTILINE)]
    assert listed == list(range(1, len(listed) + 1))


def test_sections_of_the_same_page_exist():
    """A page that says §n without a page's name means itself."""
    lost = []
    for page in SPEC.glob("*.md"):
        own = sections(page)
        for line in page.read_text(encoding="utf-8").splitlines():
            if "RFC" not in line and "FIPS" not in line:
                for found in INSIDE.finditer(line):
                    lost += [f"{page.name}: §{one}: {line[:60]}" for one in sorted(numbers(found["sections"]) - own)]
    assert not lost, "\n".join(lost)
