"""C9, A6: every copy is on the list; a certificate is partial until people have accounted for each, and says who did."""

import json
import shutil
from pathlib import Path

import pytest

from tests.line.conftest import act


@pytest.fixture
def after(played: Path, tmp_path: Path) -> Path:
    """A rehearsal of one's own to go on with."""
    return Path(shutil.copytree(played, tmp_path / "demo"))


def _destroy(where: Path) -> dict:
    code, out = act(where, "seller", "zhouning", "destroy", "D-2026-0001", "--at", where / "handover")
    assert code == 0, out
    return out


def test_c9_sources_are_on_the_list_from_the_start_and_open(played: Path):
    """What was scanned stands there, and nobody has accounted for it."""
    code, out = act(played, "seller", "limo", "copy", "list")
    assert code == 0
    assert {one["name"] for one in out["copies"]} >= {"会员.csv", "orders.csv", "shop.sqlite", "customer_care.xlsx"}
    assert out["open"] == len(out["copies"])


def test_c9_a_certificate_is_complete_once_every_copy_is_accounted_for(after: Path):
    """One declared copy more; each account is attested with who and when; the last makes a new, complete certificate."""
    assert _destroy(after)["heading"] == "partial"
    act(after, "seller", "limo", "copy", "declare", "账本复印件", "--kind", "paper")
    _, listed = act(after, "seller", "limo", "copy", "list")
    for one in listed["copies"]:
        assert _destroy(after)["heading"] == "partial"
        code, out = act(after, "seller", "limo", "copy", "account", one["name"], "--state", "destroyed")
        assert code == 0, out
    told = _destroy(after)
    assert (told["heading"], told["resumed"]) == ("complete", True)
    said = {one["name"]: one for one in told["certificate"]["attested"]}
    assert said["账本复印件"]["kind"] == "paper"
    assert all(one["state"] == "destroyed" and one["by"].startswith("prn_") and one["at"] for one in said.values())
    cards = [
        word for half in ("seller", "buyer") for word in ("--trust", after / "handover" / "cards" / f"{half}.json")
    ]
    code, verified = act(after, "seller", "suhe", "verify", after / "handover" / "destroyed.dsse.json", *cards)
    assert (code, verified["ok"], verified["kind"]) == (0, True, "certificate")


def test_c9_saying_it_again_without_news_changes_nothing(after: Path):
    """The certificate on file is handed out as it is."""
    before = (after / "handover" / "destroyed.dsse.json").read_bytes()
    assert _destroy(after)["resumed"] is True
    assert (after / "handover" / "destroyed.dsse.json").read_bytes() == before


def test_c9_what_stays_names_the_rules_that_kept_it(played: Path):
    """The certificate's reasons are those the gate gave, not a fixed list."""
    summary = json.loads((played / "summary.json").read_text(encoding="utf-8"))
    stays = {one["what"]: one for one in summary["certificate"]["stays"]}
    given = {one["rule"] for one in summary["reasons"]} | {"SAID-NO-OBJECTION"}
    assert stays["withheld"]["count"] == summary["withheld"]
    assert set(stays["withheld"]["why"]) <= given
    assert stays["withheld-part"]["count"] < summary["handed_over"]
    assert len(stays["withheld"]["why"]) > 1


@pytest.mark.parametrize(
    ("words", "slug"),
    [
        (("account", "nowhere", "--state", "destroyed"), "copy.unknown"),
        (("declare", "x", "--kind", "cloud"), "cli.usage"),
    ],
)
def test_a6_a_copy_that_is_not_known_is_refused(played: Path, words: tuple[str, ...], slug: str):
    """A name not on the list, a kind nobody defined."""
    code, out = act(played, "seller", "limo", "copy", *words)
    assert (code, out["error"]["slug"]) == (2, slug)
