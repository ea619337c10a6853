"""Where personal data lies, as a map: tables down, groups of classes across, darker where it is sensitive."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any, Final

from custody.cli.words import Words

_GROUPS: Final = (
    (("name",), Words("姓名", "name")),
    (("contact", "person.language", "device"), Words("联系", "contact")),
    (("id", "vehicle"), Words("证件", "ID")),
    (("person",), Words("个人情况", "person")),
    (("finance",), Words("财务", "finance")),
    (("account",), Words("账号", "account")),
    (("trade",), Words("交易", "trade")),
    (("taste",), Words("偏好", "taste")),
    (("text",), Words("文本", "text")),
    ((), Words("其他", "other")),
)
_LEFT, _CELL, _HIGH, _TOP = 190, 56, 28, 30


def heat(tables: Sequence[Mapping[str, Any]], lang: str) -> str:
    """A map of counts; each number is the columns of that group, sensitive ones marked by the darker ground."""
    kept = [one for one in tables if any(column["level"] != "none" for column in one["columns"])]
    if not kept:
        return ""
    height, width = _TOP + _HIGH * len(kept) + 8, _LEFT + _CELL * len(_GROUPS) + 10
    heads = "".join(
        f'<text class="mid" x="{_LEFT + _CELL * place + _CELL // 2}" y="18">{word.of(lang)}</text>'
        for place, (_, word) in enumerate(_GROUPS)
    )
    rows = "".join(_row(place, one) for place, one in enumerate(kept))
    title = "; ".join(_said(one, lang) for one in kept)
    legend = Words("数字是列数；深色：其中有敏感信息。", "Numbers are columns; dark: some of them are sensitive.").of(
        lang
    )
    return (
        f'<div class="tw"><svg class="chart chart-wide" viewBox="0 0 {width} {height}" role="img"><title>{escape(title)}</title>{heads}{rows}</svg></div>'
        f'<p class="small muted">{legend}</p>'
    )


def _row(place: int, one: Mapping[str, Any]) -> str:
    top = _TOP + _HIGH * place
    name = one["name"] if len(one["name"]) <= 24 else f"{one['name'][:10]}…{one['name'][-12:]}"
    cells = "".join(_cell(at, top, counts) for at, counts in enumerate(_counts(one["columns"])))
    return f'<text class="end" x="{_LEFT - 12}" y="{top + 18}">{escape(name)}</text>{cells}'


def _cell(place: int, top: int, counts: tuple[int, int]) -> str:
    every, sensitive = counts
    left = _LEFT + _CELL * place
    kind = "h-s" if sensitive else "h-g" if every else "f-none"
    text = (
        f'<text class="mid {"on" if sensitive else "val"}" x="{left + _CELL // 2}" y="{top + 18}">{every}</text>'
        if every
        else ""
    )
    return f'<rect class="{kind}" x="{left + 1}" y="{top + 1}" width="{_CELL - 2}" height="{_HIGH - 2}" rx="3"/>{text}'


def _counts(columns: Sequence[Mapping[str, Any]]) -> list[tuple[int, int]]:
    """(personal columns, sensitive ones among them) of each group."""
    found = [[0, 0] for _ in _GROUPS]
    for one in columns:
        if one["level"] != "none":
            place = _group(one["class"])
            found[place][0] += 1
            found[place][1] += one["tier"] == "sensitive"
    return [(every, sensitive) for every, sensitive in found]


def _group(cls: str) -> int:
    places = (
        place for place, (names, _) in enumerate(_GROUPS) if cls in names or cls.split(".", maxsplit=1)[0] in names
    )
    return next(places, len(_GROUPS) - 1)


def _said(one: Mapping[str, Any], lang: str) -> str:
    told = [
        f"{word.of(lang)} {every}"
        for (every, _), (_, word) in zip(_counts(one["columns"]), _GROUPS, strict=True)
        if every
    ]
    return f"{one['name']}: {', '.join(told)}"
