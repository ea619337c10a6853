"""Every error speaks both languages."""

import re
from pathlib import Path

from custody.base.errors import Missing, Refused
from custody.base.speech import catalogue, spoken

ERRORS = Path(__file__).resolve().parents[2] / "docs" / "reference" / "errors.md"


def _slugs() -> set[str]:
    return set(re.findall(r"^\| `([a-z-]+\.[a-z-]+)`", ERRORS.read_text(encoding="utf-8"), re.MULTILINE))


def test_every_error_has_a_chinese_sentence():
    """A slug without one is added to src/custody/base/faults_zh.toml, below its area."""
    told = {f"{area}.{fault}" for area, faults in catalogue().items() for fault in faults}
    assert sorted(_slugs() - told) == []


def test_every_chinese_sentence_is_chinese_and_ends():
    """Half-width stops and English left overs are not sentences."""
    for faults in catalogue().values():
        for told in faults.values():
            assert re.search(r"[\u4e00-\u9fff]", told["says"])
            assert told["says"].endswith("。")


def test_a_command_to_run_next_stays_a_command():
    """Commands are the same in every language; sentences are not."""
    missing = Missing("deal.unknown", "There is no such deal.", next="custody deal show")
    assert spoken(missing, "zh") == ("没有这笔交易。", "custody deal show")
    assert spoken(missing, "en") == ("There is no such deal.", "custody deal show")
    refused = Refused("gate.shut", "Not yet: X-1.", next="Put the evidence these rules ask for on file.")
    assert spoken(refused, "zh").next == "请备案这些规则要求的证据。"


def test_an_error_without_a_chinese_sentence_is_still_told():
    """Better in the other language than not at all."""
    assert spoken(Missing("never.heard", "Gone.", next=""), "zh").says == "Gone."
