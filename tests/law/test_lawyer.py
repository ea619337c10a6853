"""A lawyer's tools: lint, diff, house rules, the book (spec/law.md §4, §8, §9)."""

import json
import re
import shutil
from datetime import date
from pathlib import Path

import pytest

import custody_laws
from custody import wiring
from custody.acts.lawbook import packs
from custody.base.errors import Malformed
from custody.cli.main import main
from custody.law.book import ids
from custody.law.overlay import digest
from custody.law.pack import Packs
from custody.services.law_book import law_book

PACKS = Path(custody_laws.__file__).parent
RULE = """\
id: CN-HOUSE-1
title: {zh: 本公司规则, en: A rule of this house}
reference: {instrument: House, article: "1", official: 本公司制度}
from: 2021-11-01
confidence: M
kind: BLOCK
scope: subject
when: {fact: data.contract_status, is: active}
evidence: [manager.agreed]
says: {zh: 须经理同意。, en: A manager agrees.}
to_customer: {zh: 须经理同意。, en: A manager agrees.}
"""


def run(capsys: pytest.CaptureFixture, *words: str) -> dict:
    """What `custody law … --json` says."""
    capsys.readouterr()
    main(["law", *words, "--json"])
    return json.loads(capsys.readouterr().out)


def folder(tmp_path: Path, **files: str) -> Path:
    """A folder of packs: `place__instrument__article` to text."""
    for name, text in files.items():
        path = tmp_path.joinpath(*name.split("__")).with_suffix(".yaml")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path


@pytest.mark.parametrize(
    ("old", "new", "finding"),
    [
        ("evidence: [manager.agreed]\n", "", "no-evidence"),
        ("to_customer: {zh: 须经理同意。, en: A manager agrees.}\n", "", "no-customer-words"),
        ("kind: BLOCK", "kind: DUE", "no-clock"),
        (", official: 本公司制度", "", "no-official"),
        ("zh: 本公司规则", "zh: House rule", "no-chinese"),
        ("en: A rule of this house", "en: 本公司规则", "chinese-in-english"),
        ("{fact: data.contract_status, is: active}", "{all: [{fact: deal.handler_changes, is: true}, {fact: deal.handler_changes, is: false}]}", "dead"),
        ("{fact: data.contract_status, is: active}", "{any: [{fact: deal.handler_changes, is: true}, {fact: deal.handler_changes, is: false}]}", "always"),
    ],
)  # fmt: skip
def test_lint_finds_what_a_lawyer_would_mend(
    tmp_path: Path, capsys: pytest.CaptureFixture, old: str, new: str, finding: str
):
    """Each finding is told with file and line; a clean pack has none."""
    clean = run(capsys, "lint", str(folder(tmp_path / "a", cn__x__1=RULE)))
    assert (clean["ok"], clean["findings"], clean["loaded"]["rules"]) == (True, [], 1)
    told = run(capsys, "lint", str(folder(tmp_path / "b", cn__x__1=RULE.replace(old, new))))
    assert [(one["finding"], one["file"], one["line"]) for one in told["findings"]] == [(finding, "cn/x/1.yaml", 1)]
    assert not told["ok"]


def test_lint_tells_a_prohibition_and_an_open_end_from_an_oversight(tmp_path: Path, capsys: pytest.CaptureFixture):
    """What is declared is no finding: a BLOCK that nothing satisfies, a DUE for which the law sets no day."""
    prohibition = RULE.replace("evidence: [manager.agreed]\n", "absolute: true\n")
    clock = "clocks:\n  - {event: closing, none: true, source: House 1}\n"
    open_end = RULE.replace("evidence: [manager.agreed]\n", clock).replace("kind: BLOCK", "kind: DUE")
    for number, text in enumerate((prohibition, open_end)):
        assert run(capsys, "lint", str(folder(tmp_path / str(number), cn__x__1=text)))["ok"]


@pytest.mark.parametrize("old", ["evidence: [manager.agreed]\n", "kind: BLOCK\n"])
def test_only_a_block_without_evidence_is_absolute(tmp_path: Path, capsys: pytest.CaptureFixture, old: str):
    """Evidence that satisfies a prohibition contradicts it, and nothing but a BLOCK prohibits."""
    text = RULE.replace(old, old.replace("BLOCK", "DUTY") + "absolute: true\n")
    told = run(capsys, "lint", str(folder(tmp_path, cn__x__1=text)))
    assert (told["error"]["slug"], "absolute: true is for a BLOCK" in told["error"]["message"]) == ("law.pack", True)


def test_the_packs_that_ship_are_clean(capsys: pytest.CaptureFixture):
    """No finding is left open in the law that ships."""
    assert run(capsys, "lint")["findings"] == []


def test_lint_finds_days_without_a_text(tmp_path: Path, capsys: pytest.CaptureFixture):
    """A replaced text must end the day before the next begins."""
    old = RULE.replace("from: 2021-11-01", "from: 2020-01-01\nto: 2021-10-30")
    told = run(capsys, "lint", str(folder(tmp_path, cn__x__1=old + "---\n" + RULE)))
    assert [one["finding"] for one in told["findings"]] == ["gap"]
    assert run(capsys, "lint", str(folder(tmp_path, cn__x__1=old.replace("10-30", "10-31") + "---\n" + RULE)))["ok"]


def test_diff_names_the_cases_that_change(tmp_path: Path, capsys: pytest.CaptureFixture):
    """A threshold moved by one changes the cases at the threshold and no other."""
    changed = tmp_path / "laws"
    shutil.copytree(PACKS, changed, ignore=shutil.ignore_patterns("__pycache__"))
    assert run(capsys, "diff", str(PACKS), str(changed))["changes"] == []
    file = changed / "cn" / "audit_measures" / "4.yaml"
    file.write_text(file.read_text().replace("more_than: 10000000", "at_least: 10000000"))
    told = run(capsys, "diff", str(PACKS), str(changed))
    assert told["rules"] == {"added": [], "removed": [], "changed": ["CN-AUDIT-10M"]}
    assert {(one["rule"], one["old"], one["new"]) for one in told["changes"]} == {("CN-AUDIT-10M", False, True)}
    assert 0 < told["cases_changed"] < told["cases"]


def test_house_rules_are_laid_over_the_law(tmp_path: Path, loaded: Packs):
    """A home's own rule is asked like any other, and the version says that it is there."""
    both = packs(wiring.BundledLaws(house=folder(tmp_path, cn__house__1=RULE)))
    assert {rule.id for rule in both.rules} - {rule.id for rule in loaded.rules} == {"CN-HOUSE-1"}
    assert both.version != loaded.version


@pytest.mark.parametrize(
    ("place", "old", "new", "told"),
    [
        ("cn", "CN-HOUSE-1", "CN-PROVIDE-23", "is a rule of law: to replace it loosens"),
        ("cn", "confidence: M", "confidence: H", "has the confidence M or L, or two people sign"),
        ("cn", "is: active", "is: brisk", "must be one of"),
        ("xx", "CN-HOUSE-1", "XX-HOUSE-1", "no place in clocks.yaml"),
    ],
)
def test_a_house_rule_that_could_loosen_is_refused(tmp_path: Path, place: str, old: str, new: str, told: str):
    """To replace a rule of law or claim its confidence is refused, and nothing is loaded."""
    house = folder(tmp_path, **{f"{place}__house__1": RULE.replace(old, new)})
    with pytest.raises(Malformed) as caught:
        packs(wiring.BundledLaws(house=house))
    assert (caught.value.slug, told in caught.value.message) == ("law.overlay", True)


def test_a_signed_house_file_may_replace_a_rule_of_its_place(tmp_path: Path, loaded: Packs):
    """With the digest of its place and text among the signed ones, and not after a letter of it has changed."""
    text = RULE.replace("CN-HOUSE-1", "CN-PIPIA-22").replace("confidence: M", "confidence: H")
    house, signed = folder(tmp_path, cn__house__1=text), frozenset((digest("cn/house/1.yaml", text),))
    both = packs(wiring.BundledLaws(house=house, signed=signed))
    assert [(rule.house, rule.title["en"]) for rule in both.texts("CN-PIPIA-22")] == [(True, "A rule of this house")]
    assert {rule.id for rule in both.rules} == {rule.id for rule in loaded.rules}
    (house / "cn" / "house" / "1.yaml").write_text(text.replace("A manager agrees.", "Somebody agrees."))
    with pytest.raises(Malformed, match="two people sign"):
        packs(wiring.BundledLaws(house=house, signed=signed))
    (house / "cn" / "house" / "1.yaml").unlink()
    folder(tmp_path, eu__house__1=text)
    moved = frozenset((digest("eu/house/1.yaml", text), *signed))
    with pytest.raises(Malformed, match="is a rule of CN"):
        packs(wiring.BundledLaws(house=house, signed=moved))


def test_what_was_read_is_kept_while_nothing_changes(tmp_path: Path):
    """Two looks at the same house are one; a rule or a signature more, and it is read anew; any other folder equals only itself."""
    first, same = (wiring.BundledLaws(house=tmp_path) for _ in range(2))
    assert first == same
    assert first != wiring.BundledLaws(house=tmp_path, signed=frozenset(("sha256:1",)))
    assert first != wiring.BundledLaws(house=folder(tmp_path, cn__house__1=RULE))
    assert wiring.BundledLaws(PACKS) != wiring.BundledLaws(PACKS)


def test_a_house_rule_is_no_law_of_a_place(tmp_path: Path):
    """Where no law is loaded, a house rule does not stand in for it: people there stay withheld."""
    only = folder(tmp_path / "laws", cn__x__1=RULE)
    house = folder(tmp_path / "house", jp__house__1=RULE.replace("CN-HOUSE-1", "JP-HOUSE-1"))
    with pytest.raises(Malformed, match="the law of JP is not loaded"):
        packs(wiring.BundledLaws(only, house))


def test_the_book_holds_every_rule_and_fetches_nothing(tmp_path: Path, capsys: pytest.CaptureFixture, loaded: Packs):
    """One page, both languages, each text of each rule; no script, no address of anything outside."""
    told = run(capsys, "book", "-o", str(tmp_path / "law.html"))
    page = (tmp_path / "law.html").read_text(encoding="utf-8")
    assert told["rules"] == len(loaded.rules)
    assert list(ids(page)) == [
        rule.id for place in sorted(loaded.regimes) for rule in loaded.rules if rule.regime == place
    ]
    assert not re.search(r"<script|https?://|url\(|@import|src=", page)
    assert page.count('lang="zh"') == page.count('lang="en"') + 1


def test_the_book_escapes_what_packs_say(tmp_path: Path):
    """A pack cannot put markup into the page."""
    house = tmp_path / "home" / "laws"
    folder(house, cn__house__1=RULE.replace("A manager agrees.", '"<b onclick=x>"'))
    book = tmp_path / "law.html"
    law_book(wiring.BundledLaws(house=house), wiring.folder(tmp_path), book.name, date(2026, 6, 1))
    assert "<b onclick" not in book.read_text(encoding="utf-8")
    assert "&lt;b onclick=x&gt;" in book.read_text(encoding="utf-8")


def test_a_folder_that_is_not_there_is_told(capsys: pytest.CaptureFixture):
    """`law lint` of nothing exits with a name."""
    assert run(capsys, "lint", "/nowhere/at-all")["error"]["slug"] == "law.folder"
