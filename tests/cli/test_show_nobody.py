"""Where nobody is in the data, it is said plainly before anything irreversible, and nothing reads as if somebody had been handed over."""

import io

import pytest
from rich.console import Console, RenderableType

from custody.cli.rehearsal.demo import show_demo
from custody.cli.rehearsal.page import _title
from custody.cli.rehearsal.story import told
from custody.cli.show_nobody import irreversible
from custody.cli.table import VERBS

GATE = {"by_verdict": {"hand_over": 0, "wait": 0}, "vectors": 0, "reasons": [], "overrides": [], "again":
        {"whole": True, "people": 0, "of_people": 0, "vectors": 0, "of_vectors": 0, "questions": 0, "rules": []}}  # fmt: skip
NOBODY = {"zh": "没有人", "en": "Nobody"}
LANGS = pytest.mark.parametrize("lang", ["zh", "en"])


def shown(one: RenderableType) -> str:
    out = io.StringIO()
    Console(file=out, width=300).print(one)
    return out.getvalue()


@LANGS
@pytest.mark.parametrize(("total", "said"), [(0, True), (1, False)])
def test_a_gate_over_nobody_says_so_first(lang: str, total: int, said: bool):
    """The gate comes before anything is shipped; over one customer it says nothing of the kind."""
    verb = next(one for one in VERBS if one.name == "gate")
    text = shown(verb.show({**GATE, "total": total}, lang))
    assert text.startswith(NOBODY[lang]) is said
    story = told("seller", ("gate",), {**GATE, "total": total}, 0.1, lang)
    assert (NOBODY[lang].lower() in str(story)) is said


@LANGS
@pytest.mark.parametrize("act", ["ship", "release", "destroy"])
@pytest.mark.parametrize(("subjects", "said"), [(0, True), (1, False)])
def test_an_irreversible_act_for_nobody_says_so_first(lang: str, act: str, subjects: int, said: bool):
    """Already its rehearsal does."""
    verb = next(one for one in VERBS if one.name == act)
    assert verb.show is irreversible
    assert (
        shown(verb.show({"deal": "D-2026-0001", "subjects": subjects, "would": {"slots": 0}}, lang)).startswith(
            NOBODY[lang]
        )
        is said
    )


@LANGS
@pytest.mark.parametrize(
    ("customers", "handed_over", "zh", "en"),
    [(0, 0, "没有移交任何人", "nobody was handed over"), (3, 0, "没有一位客户移交", "No customer of"), (3, 2, "已移交", "was handed over to")],
)  # fmt: skip
def test_a_report_is_headed_by_what_happened(lang: str, customers: int, handed_over: int, zh: str, en: str):
    """It claims no hand-over where there was none, and the command says so too."""
    names = {half: {"zh": half, "en": half} for half in ("seller", "buyer")}
    summary = {"customers": customers, "handed_over": handed_over, "parties": names, "folder": "x", "verified": True}
    assert {"zh": zh, "en": en}[lang] in _title(summary, lang)
    assert (NOBODY[lang] in shown(show_demo(summary, lang))) is (customers == 0)
