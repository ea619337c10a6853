"""C3: a verdict on a screen says what is lacking as lacking, and explains each rule once."""

import io

import pytest
from rich.console import Console

from custody.cli.show_law import verdict

TREE = {
    "rule": "CN-NOTICE-17", "value": True, "missing": [], "title": {"zh": "告知", "en": "Notice"}, "confidence": "H", "file": "cn/pipl/17.yaml:1",
    "reference": {"instrument": "PIPL", "article": "17", "official": "中华人民共和国个人信息保护法"},
    "why": {"value": True, "says": {"zh": "成立的事", "en": "what holds"}}, "would_change": [],
}  # fmt: skip
TOLD = {
    "rule": "CN-NOTICE-17",
    "verdict": "wait",
    "text": {"zh": "须告知。", "en": "Tell."},
    "missing": ["notice.delivered"],
    "explained": TREE,
}
UNSURE = {"rule": "CN-MINOR-31", "verdict": "withhold", "text": {"zh": "监护人。", "en": "A guardian."}, "missing": ["data.minors_u14"],
          "explained": {**TREE, "rule": "CN-MINOR-31", "value": None}}  # fmt: skip
DIED = {
    "rule": "DECEASED",
    "verdict": "withhold",
    "text": {"zh": "已去世。", "en": "Died."},
    "missing": [],
    "explained": None,
}


def said(lang: str) -> str:
    """Two compartments of one person, as a terminal shows them."""
    places = [
        {"compartment": number, "verdict": "withhold", "regimes": ["CN"], "evidence": ["person.died"], "reasons": [DIED, TOLD, UNSURE],
         "overridden": []} for number in (1, 2)
    ]  # fmt: skip
    out = io.StringIO()
    Console(file=out, width=160).print(verdict({"compartments": places, "on_date": "2026-03-16"}, lang))
    return out.getvalue()


@pytest.mark.parametrize(
    ("lang", "lacks", "unsure", "evidence", "above"),
    [
        ("zh", "须告知。 还缺：告知已送达", "监护人。 不清楚：有未满十四周岁者 (data.minors_u14)", "CN · 已去世", "（解释见上）"),
        ("en", "Tell. Lacking: notice delivered", "A guardian. Not known: persons under 14 (data.minors_u14)", "CN · has died", " (explained above)"),
    ],
)  # fmt: skip
def test_c3_a_verdict_says_what_is_lacking(lang: str, lacks: str, unsure: str, evidence: str, above: str):
    """What a rule waits for never reads as if it were there; a fact that nobody knows is told as such; the second compartment points back."""
    told = said(lang)
    assert told.count(lacks) == told.count(unsure) == told.count(evidence) == 2
    assert (told.count(lacks + above), told.count(unsure + above)) == (1, 1)


def test_c3_a_law_is_cited_in_the_readers_language():
    """Once for each rule: in English the short name leads, and the law's own name stands beside it."""
    assert said("en").count("PIPL 17 · 中华人民共和国个人信息保护法") == 2
    assert said("zh").count("中华人民共和国个人信息保护法 17") == 2
    assert "PIPL 17" not in said("zh")


def test_c3_a_paper_that_lacks_has_words_and_its_code():
    """Papers are put on file by their code, so it stands beside the words; what a customer says needs none."""
    paper = {**TOLD, "missing": ["pipia.done", "consent.export", "opinion.us_ca"]}
    places = [
        {"compartment": 1, "verdict": "wait", "regimes": ["CN"], "evidence": [], "reasons": [paper], "overridden": []}
    ]
    out = io.StringIO()
    Console(file=out, width=200).print(verdict({"compartments": places, "on_date": "2026-03-16"}, "en"))
    told = "a personal information protection impact assessment (pipia.done), agrees to sending abroad, a legal opinion on the law of US-CA"
    assert f"Lacking: {told}" in out.getvalue()
