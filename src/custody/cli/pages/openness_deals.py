"""Whom data goes to, where each transfer stands, how requests fare, and public notices: sections of the openness page."""

from collections.abc import Mapping, Sequence
from datetime import date
from html import escape
from typing import Any, Final

from custody.cli.labels import code
from custody.cli.pages.charts import Column, columns
from custody.cli.pages.frame import number
from custody.cli.pages.openness_words import day, joined, section, stacked
from custody.cli.words import Words
from custody.services.words import map_words

_WITH: Final = {
    "out": Words("移交给{}", "To {}"), "in": Words("从{}接手", "Taken over from {}"), "shares": Words("股东变更：{}；信息不转走", "New owners: {}; the data stays"),
}  # fmt: skip
_STEPS: Final = {
    "told": Words("告知客户", "Customers are told"), "released": Words("移交", "Handed over"), "confirmed": Words("对方确认收到", "The other company confirms what it received"),
    "destroyed": Words("销毁我们的副本", "Our copy is destroyed"), "received": Words("收到", "Received"), "resealed": Words("改由我们自己的密钥保管", "Kept under keys of our own"),
    "control": Words("股东变更", "The owners change"), "recalled": Words("收回一部分", "Part of it called back"), "aborted": Words("交易中止，不再移交", "Broken off: nothing moves"),
    "returned": Words("对方已交还或销毁", "The other company gave back or destroyed what it had"), "ended": Words("公司清理完毕", "The company is wound up"),
}  # fmt: skip
_RISE: Final = 2


def processors(told: Sequence[Mapping[str, Any]], lang: str) -> str:
    """Those who process for the company, and what for."""
    listed = "".join(
        f'<li><div class="ln"><span>{escape(one["name"])}</span><span class="n">{Words("受托处理", "processor").of(lang)}</span></div>{_why(one["purposes"], lang)}</li>'
        for one in told
    )
    listed = listed or f"<li>{Words('没有别人替我们处理。', 'Nobody processes it for us.').of(lang)}</li>"
    return section(
        Words("谁替我们处理", "Who processes it for us"), f'<ul class="plist">{listed}</ul>', lang, "processors"
    )


def _why(purposes: Sequence[str], lang: str) -> str:
    said = joined([map_words("purpose", one, lang) for one in purposes], lang)
    return f"<small>{escape(said)}</small>" if said else ""


def deals(lines: Sequence[Mapping[str, Any]], lang: str) -> str:
    """Each transfer that customers were told of: to whom, and its steps with their days."""
    title = Words("移交给了谁，到哪一步", "Transfers: to whom, and where each stands")
    shown = "".join(_deal(one, lang) for one in lines)
    if not shown:
        return section(title, f"<p>{Words('没有移交。', 'No transfer.').of(lang)}</p>", lang, "deals")
    return section(title, f'<div class="deals">{shown}</div>', lang, "deals")


def _deal(line: Mapping[str, Any], lang: str) -> str:
    name = _WITH[line["side"]].of(lang).format(line["with"][lang] or line["with"]["zh"] or "–")
    now = next((place for place, one in enumerate(line["steps"]) if not one["done"]), None)
    steps = "".join(_step(one, lang, now=place == now) for place, one in enumerate(line["steps"]))
    return f'<div class="deal"><h3>{escape(name)}</h3><ol class="when">{steps}</ol></div>'


def _step(one: Mapping[str, Any], lang: str, *, now: bool) -> str:
    mark = ' class="done"' if one["done"] else ' class="now" aria-current="step"' if now else ""
    planned = "" if one["done"] else Words("计划 ", "planned for ").of(lang)
    when = f"{planned}{day(one['on'], lang)}" if one["on"] else Words("还没有定日子", "no day yet").of(lang)
    return f"<li{mark}><b>{_STEPS[one['step']].of(lang)}</b><small>{when}</small></li>"


def asked(told: Mapping[str, Any], lang: str) -> str:
    """Requests by month: columns, and the same figures as a table."""
    title, months = Words("请求，按月", "Requests by month"), told["months"]
    if not told["total"]:
        none = Words("十二个月里没有人提出请求。", "Nobody asked for anything in twelve months.").of(lang)
        return section(title, f'<p class="muted">{none}</p>', lang, "asked")
    usual = sorted(one["count"] for one in months)[len(months) // 2]
    chart = columns([_column(one, usual, lang) for one in months])
    heads = (Words("月份", "Month"), Words("收到", "Received"), Words("其中已答复", "Answered of these"))
    rows = [[_month(one["month"], lang), number(one["count"]), number(one["answered"])] for one in months]
    table = stacked(title, heads, rows, lang, "figures")
    named = Words("同样的数字，列成表", "The same figures as a table").of(lang)
    return section(title, f"{chart}<details><summary>{named}</summary>{table}</details>", lang, "asked")


def _column(one: Mapping[str, Any], usual: int, lang: str) -> Column:
    """A month that stands out has the one accent colour."""
    at = date.fromisoformat(one["month"] + "-01")
    kind = "accent" if one["count"] > _RISE * max(1, usual) else "withhold"
    return Column(kind, f"{at.month}月" if lang == "zh" else f"{at:%b}", one["count"], _month(one["month"], lang))


def _month(month: str, lang: str) -> str:
    at = date.fromisoformat(month + "-01")
    return f"{at.year}年{at.month}月" if lang == "zh" else f"{at:%B} {at.year}"


def notices(lines: Sequence[Mapping[str, Any]], lang: str) -> str:
    """Public notices: where each can be read, and the digest by which its words are known again."""
    heads = (
        Words("在哪里", "Where"),
        Words("从", "From"),
        Words("到", "Until"),
        Words("原文的摘要", "Digest of its words"),
    )
    rows = [
        [f"{escape(one['where'])} ({escape(code(one['shown_in'], lang))})", day(one["from"], lang), _until(one, lang), f'<span class="mono small">{escape(one["text"])}</span>']
        for one in lines
    ]  # fmt: skip
    title = Words("公告", "Public notices")
    return section(title, stacked(title, heads, rows, lang), lang, "notices") if rows else ""


def _until(one: Mapping[str, Any], lang: str) -> str:
    if one.get("off"):
        since = f" ({day(one['off_on'], lang)})" if one.get("off_on") else ""
        return f"{_STEPS['aborted'].of(lang)}{since}"
    if one.get("untrue"):
        return Words("所说已有变化，以新的告知为准", "What it says has changed: customers are told anew").of(lang)
    if one["until"]:
        return day(one["until"], lang)
    return Words(f"至少到 {day(one['soonest'], lang)}", f"{day(one['soonest'], lang)} at least").of(lang)
