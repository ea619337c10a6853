"""A paper as people get it: plain text that a message can carry, and the data of its printed page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from custody.base.citing import cited_all
from custody.law.pack import Rule
from custody.law.paper import Field, Paper
from custody.law.papers import Kind

_PERSON: Final = "person"


@dataclass(frozen=True, slots=True)
class Head:
    """What stands around the contents: which deal, whose paper, on which day, under which version of the rules."""

    deal: str
    by: Mapping[str, str]
    on: str
    version: str
    rehearsal: bool
    about: Mapping[str, Mapping[str, str]]


def text(paper: Paper, kind: Kind, rules: Sequence[Rule], head: Head) -> str:
    """The paper as plain text."""
    say = _SAY[paper.language]
    mark = [say["rehearsal"], ""] if head.rehearsal else []
    items = [f"{number}. {one.label}{say['colon']}{one.value}" for number, one in enumerate(paper.fields, 1)]
    asks = ["", *(f"[ ] {said}" for _, said in paper.asks)] if paper.asks else []
    foot = ["", _foot(paper, kind, rules, head)]
    opening = [paper.opening, ""] if paper.opening else []
    return "\n".join([*mark, paper.title, "", *opening, *items, *asks, *foot]) + "\n"


def data(paper: Paper, kind: Kind, rules: Sequence[Rule], head: Head) -> dict[str, Any]:
    """What the template `paper` shows."""
    say, lang = _SAY[paper.language], paper.language
    by = {rule.id: rule for rule in rules}
    return {
        "lang": lang,
        "rehearsal": say["rehearsal"] if head.rehearsal else "",
        "by": head.by[lang],
        "about": [] if kind.to == _PERSON else _about(paper, head),
        "number": f"{head.deal} · {head.on}",
        "title": paper.title,
        "opening": paper.opening,
        "rows": [_row(one, by, len(rules) > 1) for one in paper.fields],
        "asks": [said for _, said in paper.asks],
        "yes": say["yes"],
        "no": say["no"],
        "signs": say["signs_person"] if kind.to == _PERSON and paper.asks else [] if kind.to == _PERSON else say["signs"],
        "foot": _foot(paper, kind, rules, head),
            }  # fmt: skip


def _about(paper: Paper, head: Head) -> list[dict[str, str]]:
    """What deal it is about; what an item says in the same words is not said twice."""
    lang, said = paper.language, {one.value for one in paper.fields}
    told = {_SAY[lang][name]: value[lang] for name, value in head.about.items()}
    return [{"label": label, "value": value} for label, value in told.items() if value not in said]


def _row(one: Field, by: Mapping[str, Rule], told: bool) -> dict[str, str]:
    cited = dict.fromkeys(f"{by[name].reference['instrument']} {by[name].reference['article']}" for name in one.rules)
    return {"label": one.label, "value": one.value, "cited": " · ".join(cited) if told else ""}


def _foot(paper: Paper, kind: Kind, rules: Sequence[Rule], head: Head) -> str:
    """The law that asks for it, and, where it is no letter to a person, what it is worth."""
    say = _SAY[paper.language]
    told = f"{say['under']}{cited_all((rule.reference for rule in rules), paper.language)}{say['stop']}"
    return (
        told
        if kind.to == _PERSON
        else told + say["worth"].format(on=head.on, version=head.version.removeprefix("sha256:")[:12])
    )


_SAY: Final[Mapping[str, Mapping[str, Any]]] = {
    "zh": {
        "colon": "：", "stop": "。", "under": "依据：", "rehearsal": "演练，不是真实告知",
        "worth": "按 {on} 的规则（版本 {version}）生成，不是法律意见。", "yes": "同意", "no": "不同意",
        "structure": "交易形式", "seller": "移交方", "buyer": "接收方", "scale": "规模", "signs_person": ["签名", "日期"], "signs": ["编制人", "审核人", "日期"],
    },
    "en": {
        "colon": ": ", "stop": ".", "under": "Under ", "rehearsal": "Rehearsal: not a real paper",
        "worth": " Made from the rules as of {on} (version {version}). Not legal advice.", "yes": "I agree", "no": "I do not agree",
        "structure": "Form of the deal", "seller": "From", "buyer": "To", "scale": "Scale", "signs_person": ["Signature", "Date"], "signs": ["Prepared by", "Reviewed by", "Date"],
    },
}  # fmt: skip
