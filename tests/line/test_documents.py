"""C1: the papers of a deal, from the command: what is needed, what is refused for lack of an item, what is made and filed."""

import json
import shutil
from pathlib import Path

import pytest

from tests.line.conftest import act
from tests.line.documents import VALUES

DEAL = "D-2026-0001"


@pytest.fixture
def home(played: Path, tmp_path: Path) -> Path:
    """A copy of the finished rehearsal of one's own."""
    return Path(shutil.copytree(played, tmp_path / "demo"))


def _given(where: Path, values: dict) -> Path:
    file = where / "values.json"
    file.write_text(json.dumps(values, ensure_ascii=False), encoding="utf-8")
    return file


def _make(where: Path, who: str, kind: str, values: dict, *more: object) -> tuple[int, dict]:
    words = ("deal", "document", DEAL, kind, "--values", _given(where, values), "--to", where / "papers", *more)
    return act(where, "seller", who, *words)


def test_c1_the_papers_of_a_deal_are_listed_by_rule_and_time(home: Path):
    """The gate's cases tell which papers: a sale of customers in China needs the notice of Arts. 17 and 23 and the assessment."""
    code, out = act(home, "seller", "zhouning", "deal", "documents", DEAL)
    assert code == 0, out
    by = {one["kind"]: one for one in out["documents"]}
    assert by["cn-notice"]["needed"]
    assert {"CN-NOTICE-17", "CN-PROVIDE-23"} <= {rule["rule"] for rule in by["cn-notice"]["rules"]}
    assert {rule["before"] for rule in by["cn-notice"]["rules"]} == {"release"}
    assert by["pipia"]["rules"][0]["before"] == "ship"
    assert "recipient.contact" in {one["item"] for one in by["cn-notice"]["to_give"]}
    assert "recipient.name" not in {one["item"] for one in by["cn-notice"]["to_give"]}
    assert "cn-standard-contract-filing" not in by


def test_c1_a_paper_that_lacks_an_item_is_refused_by_name(home: Path):
    """Every item that lacks is named at once, with how to give it, and no file is written."""
    code, out = _make(home, "zhouning", "cn-notice", {**VALUES, "recipient.contact": " ", "method": {"zh": "存储"}})
    assert (code, out["error"]["slug"]) == (2, "document.lacks")
    assert json.loads(out["error"]["next"].partition("holds ")[2]) == {
        "method": {"en": "…"},
        "recipient.contact": {"zh": "…", "en": "…"},
    }
    assert not (home / "papers").exists()


def test_c1_a_paper_is_made_in_both_languages(home: Path):
    """PDF and text, with the names of the cards, the kinds of data of the map, and the question whose answer is consent."""
    code, out = _make(home, "zhouning", "cn-notice", VALUES)
    assert code == 0, out
    zh, en = (next(one for one in out["papers"] if one["language"] == lang) for lang in ("zh", "en"))
    assert [one["item"] for one in zh["fields"]] == [one["item"] for one in en["fields"]]
    summary = json.loads((home / "summary.json").read_text(encoding="utf-8"))
    for lang, paper in (("zh", zh), ("en", en)):
        assert summary["parties"]["buyer"][lang] in paper["text"]
        assert all(one["value"] in paper["text"] for one in paper["fields"])
        assert (home / "papers" / f"cn-notice.{lang}.pdf").read_bytes().startswith(b"%PDF")
        assert (home / "papers" / f"cn-notice.{lang}.txt").read_text(encoding="utf-8") == paper["text"]
        assert "consent.separate" in {one["evidence"] for one in paper["asks"]}
    assert out["filed"] is None


@pytest.mark.parametrize(
    ("kind", "values", "slug"),
    [
        ("cn-security-assessment", {}, "document.not-due"),
        ("CN-TRANSFER-22", {}, "document.not-due"),
        ("no-such-paper", {}, "document.kind"),
        ("cn-notice", {**VALUES, "favourite_colour": "red"}, "document.values"),
        ("cn-notice", {**VALUES, "method": 3}, "document.values"),
    ],
)
def test_c1_what_no_rule_asks_for_is_refused(home: Path, kind: str, values: dict, slug: str):
    """A paper that no rule of this deal asks for, one that does not exist, and a value that is no item."""
    assert _make(home, "zhouning", kind, values)[1]["error"]["slug"] == slug


def test_c1_a_paper_is_filed_as_the_evidence_it_is(home: Path):
    """The assessment counts as made, its digests are in the ledger, and only those who answer for privacy may file."""
    given = {name: {"zh": "经评估", "en": "Assessed"} for name in ("lawful_purpose", "effect_and_risk", "safeguards")}
    assert _make(home, "limo", "pipia", given, "--file")[1]["error"]["slug"] == "act.role"
    code, out = _make(home, "zhouning", "pipia", given, "--file")
    assert code == 0, out
    assert out["filed"]["evidence"] == ["document.pipia", "pipia.done"]
    listed = act(home, "seller", "zhouning", "evidence", "list", DEAL)[1]["evidence"]
    assert {"document.pipia", "pipia.done"} <= set(listed)
    again = act(home, "seller", "zhouning", "deal", "documents", DEAL)[1]["documents"]
    assert next(one for one in again if one["kind"] == "pipia")["filed"]
    entries = act(home, "seller", "zhouning", "ledger", "list")[1]
    assert any(digest in json.dumps(entries) for digest in (one["sha256"] for one in out["papers"]))
