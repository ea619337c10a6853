"""What is held, for what, on which basis, how long and from whom: the table of the openness page."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any, Final

from custody.cli.pages.openness_words import day, joined, section, stacked
from custody.cli.words import Words
from custody.services.words import class_words, map_words

_HEADS: Final = (
    Words("信息", "Information"), Words("用来做什么", "What for"), Words("凭什么", "On which basis"), Words("留多久", "How long"), Words("从哪里来", "From whom"),
)  # fmt: skip
_TITLE: Final = Words("有什么，为什么，留多久", "What, why, for how long")
_PARTLY: Final = Words(
    "部分敏感：未满 14 岁的人的同样信息，按敏感信息保管。",
    "Partly sensitive: the same of somebody under 14 is kept as sensitive.",
)
_SINCE: Final = {
    "last-activity": Words("最后一次往来后", "from your last dealing with us"), "relation-end": Words("关系结束后", "from the end of the relation"),
    "withdrawal": Words("撤回后", "from withdrawal"), "sealed": Words("收入后", "from when it was taken in"),
}  # fmt: skip
_SPANS: Final = (("years", Words("年", "year")), ("months", Words("个月", "month")), ("days", Words("天", "day")))
_OURS: Final = Words("本公司收集", "collected by us")
_CARRIED: Final = Words("沿用移交之前的", "as before the transfer")
_FIRST: Final = ("customer", "prospect")
Line = Mapping[str, Any]


def held(lines: Sequence[Line], lang: str) -> str:
    """The section: customers first, then whoever else."""
    order = sorted(lines, key=_order)
    if not order:
        return section(_TITLE, f"<p>{Words('没有任何人的信息。', 'Nothing about anybody.').of(lang)}</p>", lang, "held")
    table = stacked(_TITLE, _HEADS, [_row(one, lang) for one in order], lang)
    partly = f'<p class="small muted under">{_PARTLY.of(lang)}</p>' if any(one["partly"] for one in order) else ""
    return section(_TITLE, table + partly, lang, "held")


def _order(line: Line) -> tuple[int, str, list[str], str, str]:
    """By people, then what is kept for the same reason beside one another, the sensitive after the rest."""
    kind = line["kind"]
    return (
        _FIRST.index(kind) if kind in _FIRST else len(_FIRST),
        kind,
        line["purposes"],
        line["retention"],
        line["tier"],
    )


def _row(line: Line, lang: str) -> list[str]:
    return [
        _what(line, lang), joined([map_words("purpose", one, lang) for one in line["purposes"]], lang), _basis(line, lang),
        _kept(line, lang), _from(line["from"], lang),
    ]  # fmt: skip


def _what(line: Line, lang: str) -> str:
    kinds = joined([class_words(one, lang) for one in line["classes"]], lang)
    pill = {"sensitive": _pill(Words("敏感", "sensitive"), "is-late", lang)}.get(line["tier"], "")
    pill = _pill(Words("部分敏感", "partly sensitive"), "is-late", lang) if line["partly"] else pill
    who = (
        ""
        if line["kind"] in {"customer", ""}
        else f'<span class="who">{escape(map_words("kind", line["kind"], lang))}</span>'
    )
    return f"{who}{kinds} {pill}".rstrip()


def _pill(word: Words, kind: str, lang: str) -> str:
    return f'<span class="pill plain {kind}">{word.of(lang)}</span>'


def _basis(line: Line, lang: str) -> str:
    """As the signed map says it; what was taken over goes on upon the basis it came with."""
    if not line["basis"]:
        return _CARRIED.of(lang) if line["from"] else "–"
    bases = [line["basis"], *(["legal"] if "legal" in line["purposes"] else [])]
    return joined([map_words("basis", one, lang) for one in bases], lang)


def _kept(line: Line, lang: str) -> str:
    """By the policy that two people signed; where there is none, in the words of the signed map."""
    keep = line["keep"]
    if keep is None:
        return escape(map_words("retention", line["retention"], lang)) if line["retention"] else "–"
    spans = [_span(keep[unit], word, lang) for unit, word in _SPANS if keep[unit]]
    span = "".join(spans) if lang == "zh" else ", ".join(spans)
    if not span:
        return Words(f"{_SINCE[keep['start']].zh}立即删除", f"erased at once, {_SINCE[keep['start']].en}").of(lang)
    end = Words("，到年底", ", to the end of that year").of(lang) if keep["year_end"] else ""
    return f"{_SINCE[keep['start']].zh}{span}{end}" if lang == "zh" else f"{span} {_SINCE[keep['start']].en}{end}"


def _span(count: int, word: Words, lang: str) -> str:
    return f"{count} {word.zh}" if lang == "zh" else f"{count} {word.en}{'' if count == 1 else 's'}"


def _from(origin: Mapping[str, str] | None, lang: str) -> str:
    if origin is None:
        return _OURS.of(lang)
    return escape(origin[lang] or origin["zh"]) + (
        f"，{day(origin['on'], lang)}" if lang == "zh" else f", {day(origin['on'], lang)}"
    )
