"""The openness page: one static file, both languages, no script, no cookie, no network (B5)."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any, Final

from custody.cli.labels import code
from custody.cli.pages.charts import Bar, bars
from custody.cli.pages.frame import Summary, answers, frame, head, number, table
from custody.cli.words import Words
from custody.services.words import class_words

_PURPOSES: Final = {
    "contract": Words("履行合同", "performing contracts"), "marketing": Words("推广", "marketing"), "legal": Words("法定留存", "what the law keeps"),
    "service": Words("客户服务", "customer service"), "internal": Words("内部管理", "internal administration"),
}  # fmt: skip
_KEPT: Final = {
    "relation": Words("关系存续期间", "as long as you are our customer"), "until-withdrawn": Words("到撤回为止", "until you withdraw"),
    "cn-accounting-30y": Words("三十年（会计档案）", "thirty years (accounts)"),
    "employment": Words("任职期间", "as long as the employment lasts"), "cn-ecommerce-3y": Words("交易完成后三年", "three years after the trade"),
}  # fmt: skip
_FINE: Final = Words(
    "没有跟踪，没有 Cookie，不连接网络。页上没有任何一位客户的信息。",
    "No tracking, no cookie, no network. Nothing on this page is about any one customer.",
)
_REHEARSAL: Final = Words("演练：数据都是虚构的。", "A rehearsal: the data is invented.")
_STEP: Final = {
    "": Words("进行中", "under way"), "released": Words("已移交", "handed over"), "destroyed": Words("已移交，本公司副本已销毁", "handed over; our copy is destroyed"),
    "control": Words("股东变更，信息没有转走", "new owners; the data stayed"),
}  # fmt: skip


_BOTH: Final = Words("一般；未满 14 岁的，敏感", "general; of a child under 14, sensitive")


def openness_page(told: Summary, lang: str) -> str:
    """The whole file."""
    title = Words("我们怎样对待您的信息", "How we treat your information").of(lang)
    return frame(title, lambda one: _main(told, one), lang, _FINE)


def _main(told: Summary, lang: str) -> str:
    title = Words("我们怎样对待您的信息", "How we treat your information").of(lang)
    line = Words(f"截至 {told['at'][:10]}，任何人都可以看。", f"As of {told['at'][:10]}, for anybody to read.").of(lang)
    line += f" {_REHEARSAL.of(lang)}" if told["rehearsal"] else ""
    return "".join((
        head(told["company"][lang], title, line, verified=False), _figures(told, lang), _held(told["held"], lang), _processors(told["processors"], lang),
        _deals(told["deals"], lang), _notices(told["notices"], lang), _months(told["asked"]["months"], lang), _log(told["log"], lang),
    ))  # fmt: skip


def _figures(told: Summary, lang: str) -> str:
    asked = told["asked"]
    days = "–" if asked["median_days"] is None else number(asked["median_days"])
    return answers((
        (number(asked["total"]), Words("请求", "requests")), (number(asked["answered"]), Words("已答复", "answered")),
        (number(asked["late"]), Words("逾期", "late")), (days, Words("答复天数，中位数", "days to answer, median")),
    ), lang)  # fmt: skip


def _held(lines: Sequence[Mapping[str, Any]], lang: str) -> str:
    join = "、" if lang == "zh" else ", "
    heads = (
        Words("信息", "information"),
        Words("用来做什么", "what for"),
        Words("留多久", "how long"),
        Words("密级", "tier"),
    )
    alike: dict[tuple[tuple[str, ...], tuple[str, ...], str], list[str]] = {}
    for line in lines:  # what is kept of children stands apart in the vault, not on a page for the public
        alike.setdefault((tuple(line["classes"]), tuple(line["purposes"]), line["retention"]), []).append(line["tier"])
    rows = [
        [
            escape(join.join(dict.fromkeys(class_words(one, lang) for one in kinds))),
            escape(join.join(_PURPOSES[one].of(lang) if one in _PURPOSES else one for one in purposes)),
            escape(_KEPT[kept].of(lang) if kept in _KEPT else kept or "–"),
            _BOTH.of(lang) if len({*tiers}) > 1 else f'<span class="nw">{escape(code(tiers[0], lang))}</span>',
        ]
        for (kinds, purposes, kept), tiers in alike.items()
    ]  # fmt: skip
    return _section(Words("有什么，为什么，留多久", "What, why, for how long"), table(heads, rows, lang), lang)


def _processors(names: Sequence[str], lang: str) -> str:
    listed = "".join(f"<li>{escape(one)}</li>" for one in names) or f"<li>{Words('没有', 'nobody').of(lang)}</li>"
    return _section(Words("谁替我们处理", "Who processes it for us"), f'<ul class="plain">{listed}</ul>', lang)


def _deals(lines: Sequence[Mapping[str, Any]], lang: str) -> str:
    heads = (Words("给谁", "to whom"), Words("进展", "where it stands"), Words("计划日", "planned day"))
    rows = [
        [escape(line["to"][lang] or line["to"]["zh"] or "–"), _STEP[line["done"][-1] if line["done"] else ""].of(lang), escape(line["closing_on"] or "–")]
        for line in lines
    ]  # fmt: skip
    return _section(Words("移交", "Transfers"), table(heads, rows, lang), lang) if rows else ""


def _notices(lines: Sequence[Mapping[str, Any]], lang: str) -> str:
    """Public notices: where each can be read, and the digest by which its words are known again."""
    heads = (
        Words("在哪里", "where"), Words("从", "from"), Words("到", "until"), Words("原文的摘要", "digest of its words"),
    )  # fmt: skip
    rows = [
        [
            f"{escape(line['where'])} ({escape(code(line['shown_in'], lang))})", escape(line["from"]),
            escape(line["until"] or Words(f"至少到 {line['soonest']}", f"{line['soonest']} at least").of(lang)), f'<span class="mono">{escape(line["text"])}</span>',
        ]
        for line in lines
    ]  # fmt: skip
    return _section(Words("公告", "Public notices"), table(heads, rows, lang), lang) if rows else ""


def _months(lines: Sequence[Mapping[str, Any]], lang: str) -> str:
    rows = [Bar("accent", line["month"], line["count"]) for line in lines[-12:]]
    return (
        _section(
            Words("请求，按月", "Requests by month"), bars(rows, max(one.value for one in rows), narrow=True), lang
        )
        if rows
        else ""
    )


def _log(log: Mapping[str, Any], lang: str) -> str:
    say = Words(
        "保存下来：以后若有人改动历史，您能发现。账本里没有您的信息。用 custody-verify 可以离线核验。",
        "Keep this: if somebody changes history later, you can tell. Nothing about you is in the ledger. custody-verify checks it offline.",
    ).of(lang)
    shown = f"{escape(log['space'])}@{number(log['size'])} {escape(log['root'])}"
    name = Words("签名者指纹", "Signer’s fingerprint").of(lang)
    text = f'<p class="small muted">{say}</p><p class="mono cmd">{shown}</p><p class="small">{name} <span class="mono">{escape(log["fingerprint"])}</span></p>'
    return _section(Words("账本", "Ledger"), text, lang)


def _section(title: Words, inside: str, lang: str) -> str:
    return f"<section><h2>{title.of(lang)}</h2>{inside}</section>"
