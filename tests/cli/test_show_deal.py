"""C1: a deal is shown in the words of the law, in both languages."""

import io

import pytest
from rich.console import Console

from custody.cli.show_deal import show, stand
from custody.cli.show_plan import plan
from custody.cli.verb import Result

FACTS = {
    "deal.structure": "share_transfer", "crossborder.direction": "none", "basis.types_change": False, "data.minors_u14": True,
    "data.categories": ["medical_health", "face"], "seller.subjects_total": 10000000,
}  # fmt: skip
GATE = {
    "rule": "CN-PIPIA-55",
    "stage": "ship",
    "title": {"zh": "评估", "en": "Assessment"},
    "unknown": False,
    "evidence": ["pipia.done"],
    "asks": [],
}
DEAL: dict = {
    "id": "mat_1",
    "ref": "D-2026-0001",
    "kind": "deal",
    "state": "open",
    "counterparty": "",
    "vault": "vlt_1",
    "facts": FACTS,
}


def said(renderable: object) -> str:
    """As a terminal shows it."""
    out = io.StringIO()
    Console(file=out, width=160).print(renderable)
    return out.getvalue()


@pytest.mark.parametrize(
    ("lang", "words", "never"),
    [
        (
            "zh",
            ("股权转让 · 进行中", "跨境方向", "无", "否", "是", "医疗健康", "10,000,000"),
            ("非个人", "尚未交代", "share_transfer"),
        ),
        (
            "en",
            ("share transfer · open", "none", "no", "yes", "medical health, face", "10,000,000"),
            ("not personal", "not accounted"),
        ),
    ],
)
def test_c1_facts_are_named_and_spoken(lang: str, words: tuple[str, ...], never: tuple[str, ...]):
    """Each known fact by its own name and value; a word that means something else elsewhere is not borrowed."""
    told: Result = {**DEAL, "statements": [], "structure": "share_transfer", "next": {"stage": "controlled", "act": "handover-control"},
                    "verdicts": None, "stages": [], "gates": [GATE]}  # fmt: skip
    for shown in (said(show(told, lang)), said(stand(told, lang))):
        assert [one for one in words if one not in shown] == []
        assert [one for one in never if one in shown] == []
    assert "CN-PIPIA-55" in said(stand(told, lang))


def test_c1_a_list_of_deals_tells_which_are_open():
    """One line each, by the reference that one types."""
    shown = said(show({"deals": [DEAL, {**DEAL, "ref": "D-2026-0002", "state": "closed"}]}, "zh"))
    assert "D-2026-0002" in shown
    assert shown.count("进行中") == 1


def test_c1_a_gate_is_told_at_the_stage_of_this_deal_that_it_shuts():
    """Where nothing is shipped, what a rule asks before shipping is lacking before control changes hands."""
    step = {
        "stage": "controlled",
        "state": "now",
        "shut_by": ["CN-PIPIA-55"],
        "act": "handover-control",
        "people": 2,
        "who": ["suhe"],
        "at": "",
    }
    told: Result = {"deal": "D-2026-0001", "structure": "share_transfer", "line": "control", "state": "open", "steps": [step], "gates": [GATE],
                    "duties": [], "clocks": []}  # fmt: skip
    shown = said(plan(told, "en"))
    assert "control changed  CN-PIPIA-55" in shown
    assert "ship " not in shown
