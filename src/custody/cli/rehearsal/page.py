"""The hand-over report as one self-contained HTML file: both languages, no script, no network (after ui/07-report).

Figures come from the summary and nothing else; every text goes through `escape`; charts are inline SVG whose sizes are
attributes, so the page also holds under the strictest content policy.
"""

from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any, Final

from custody.cli.words import Words
from custody.services.words import class_words

Summary = Mapping[str, Any]
_VERDICTS: Final = (
    ("hand_over", "hand", Words("移交", "handed over")),
    ("wait", "wait", Words("待定", "waiting")),
    ("withhold", "withhold", Words("保留", "withheld")),
    ("retain_only", "retain", Words("仅留存", "retained only")),
    ("destroy", "destroy", Words("销毁", "destroyed")),
)
_SWITCH: Final = """
.lang{position:absolute;opacity:0}.langs{max-width:960px;margin:16px auto 0;padding:0 16px;text-align:right}
.langs label{cursor:pointer;padding:4px 8px}#lang-zh:checked~.rp.en,#lang-en:checked~.rp.zh{display:none}
#lang-zh:checked~.langs [for=lang-zh],#lang-en:checked~.langs [for=lang-en]{font-weight:600;border-bottom:2px solid}
.lang:focus-visible~.langs label{outline:2px solid;outline-offset:2px}.rp .num{font-variant-numeric:tabular-nums}
@media print{.langs{display:none}}
"""


def page(summary: Summary, lang: str) -> str:
    """The whole file; `lang` is the language shown first."""
    css = Path(__file__).with_name("report.css").read_text(encoding="utf-8") + _SWITCH
    first = {one: " checked" if one == lang else "" for one in ("zh", "en")}
    title = _title(summary, lang)
    return (
        f'<!doctype html><html lang="{lang}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f'<title>{escape(title)}</title><style>{css}</style></head><body class="report">'
        f'<input class="lang" type="radio" name="lang" id="lang-zh"{first["zh"]}>'
        f'<input class="lang" type="radio" name="lang" id="lang-en"{first["en"]}>'
        '<p class="langs"><label for="lang-zh" lang="zh">中文</label> <label for="lang-en" lang="en">English</label></p>'
        f"{_main(summary, 'zh')}{_main(summary, 'en')}</body></html>"
    )


def _main(summary: Summary, lang: str) -> str:
    parts = (
        _header(summary, lang), _answers(summary, lang), _where(summary, lang), _tables(summary, lang), _reasons(summary, lang),
        _found(summary, lang), _gone(summary, lang), _verify(summary, lang),
    )  # fmt: skip
    fine = Words(
        "本报告由系统根据账本生成，不含个人信息，打开时不连接网络。结论依据规则包与所列事实得出，不是法律意见。",
        "Made from the ledger; holds no personal data and opens without a network. Decided by rule pack on these facts. Not legal advice.",
    ).of(lang)
    return f'<main class="rp {lang}" lang="{lang}">{"".join(parts)}<p class="fine">{fine}</p></main>'


def _title(summary: Summary, lang: str) -> str:
    seller, buyer = summary["parties"]["seller"][lang], summary["parties"]["buyer"][lang]
    return Words(f"{seller}的客户数据已移交{buyer}", f"{seller}'s customer data was handed over to {buyer}").of(lang)


def _header(summary: Summary, lang: str) -> str:
    line = Words(
        f"{summary['deal']}，演练：时钟是模拟的，客户的回答出自假设文件，不能满足真实关口。",
        f"{summary['deal']}, a rehearsal: the clock is simulated, the answers come from an assumptions file; it satisfies no real gate.",
    ).of(lang)
    eyebrow = Words("移交报告（演练）", "Hand-over report (rehearsal)").of(lang)
    seal = _seal() if summary["verified"] else ""
    return (
        f'<header class="rp-h"><div><p class="eyebrow">{eyebrow}</p><h1>{escape(_title(summary, lang))}</h1>'
        f'<p class="muted">{escape(line)}</p></div>{seal}</header>'
    )


def _seal() -> str:
    letters = "".join(
        f'<text x="{x}" y="{y}">{c}</text>'
        for x, y, c in ((24, 39, "核"), (60, 39, "验"), (24, 75, "通"), (60, 75, "过"))
    )
    box = '<rect class="seal-b" x="3" y="3" width="78" height="78" rx="7"/>'
    return f'<div class="seal" role="img" aria-label="核验通过 / verified"><svg viewBox="0 0 84 84">{box}{letters}</svg></div>'


def _answers(summary: Summary, lang: str) -> str:
    shown = (
        (_n(summary["customers"]), Words("位客户，逐一有交代", "customers, each accounted for")),
        (_n(summary["handed_over"]), Words("位已移交，买方回执一致", "handed over; the buyer's receipt agrees")),
        (_n(summary["delivered_rows"]), Words("行已交付", "rows delivered")),
        (_n(summary["differing"]), Words("条差异，逐行比对", "differences, row by row")),
    )
    return (
        '<section class="rp-ans">'
        + "".join(f"<div><b>{value}</b><span>{word.of(lang)}</span></div>" for value, word in shown)
        + "</section>"
    )


def _where(summary: Summary, lang: str) -> str:
    head = Words("每一位客户的去向", "Where each customer went").of(lang)
    note = Words(
        "没有任何假设时，法律允许的结果（谁也没有回答）：",
        "What the law as loaded allows without any assumption (nobody has answered):",
    ).of(lang)
    honest = "; ".join(f"{word.of(lang)} {_n(summary['without_assumptions'][slug])}" for slug, _, word in _VERDICTS)
    return f'<section><h2>{head}</h2><div class="tw">{_bars(summary["by_verdict"], lang)}</div><p class="small muted">{note} {honest}</p></section>'


def _bars(counts: Mapping[str, int], lang: str) -> str:
    total = max(1, sum(counts.values()))
    rows, said = [], []
    for place, (slug, kind, word) in enumerate(_VERDICTS):
        value = counts[slug]
        width, top = max(2.0 if value else 0.0, 480 * value / total), 12 + 40 * place
        text = f"{_n(value)}　{100 * value / total:.1f}%"
        rows.append(
            f'<g><text class="end" x="120" y="{top + 15}">{word.of(lang)}</text><rect class="f-{kind}" x="132" y="{top}" '
            f'width="{width:.1f}" height="22" rx="3"/><text class="val" x="{144 + width:.1f}" y="{top + 16}">{text}</text></g>'
        )
        said.append(f"{word.of(lang)} {_n(value)}")
    inside = "".join(rows)
    axis = '<line class="axis" x1="132" y1="4" x2="132" y2="202"/>'
    return f'<svg class="chart chart-wide" viewBox="0 0 760 212" role="img"><title>{"; ".join(said)}</title>{inside}{axis}</svg>'


def _tables(summary: Summary, lang: str) -> str:
    heads = (
        Words("表", "table"), Words("来源", "source"), Words("移交", "delivered"), Words("未移交", "withheld"), Words("隔离", "quarantine"),
        Words("差额", "difference"),
    )  # fmt: skip
    names = ("rows", "delivered", "withheld", "quarantined", "difference")
    rows = [[escape(one["name"]), *(_n(one[name]) for name in names)] for one in summary["tables"]]
    total = [Words("合计", "total").of(lang), *(_n(sum(one[name] for one in summary["tables"])) for name in names)]
    return f"<section><h2>{Words('交出了什么', 'What was handed over').of(lang)}</h2>{_table(heads, rows, lang, foot=total)}</section>"


def _reasons(summary: Summary, lang: str) -> str:
    words = {slug: word for slug, _, word in _VERDICTS}
    heads = (Words("法律要求", "what the law asks"), Words("结果", "verdict"), Words("客户", "customers"))
    rows = []
    for one in summary["reasons"]:
        told = one["reference"]
        cited = _cited(told, lang) or one["rule"]
        why = f'<span class="nw">{escape(cited)}</span><span class="sub">{escape(one["text"][lang])}</span>'
        rows.append([why, words[one["verdict"]].of(lang), _n(one["count"])])
    title = Words("没有移交的，是因为", "Why the others were not handed over").of(lang)
    note = Words("一位客户可能有几条理由。", "One customer may have several reasons.").of(lang)
    return f'<section><h2>{title}</h2>{_table(heads, rows, lang)}<p class="small muted">{note}</p></section>'


def _cited(told: Mapping[str, str], lang: str) -> str:
    if not told:
        return ""
    return Words(f"《{told['official']}》第 {told['article']} 条", f"{told['instrument']} Art. {told['article']}").of(
        lang
    )


def _found(summary: Summary, lang: str) -> str:
    heads = (
        Words("表", "table"),
        Words("列", "columns"),
        Words("敏感", "sensitive"),
        Words("发现的类别", "classes found"),
    )
    rows = []
    for table in summary["found"]:
        classes = {column["class"] for column in table["columns"] if column["level"] != "none"}
        words = ("、" if lang == "zh" else ", ").join(sorted(class_words(one, lang) for one in classes))
        sensitive = sum(1 for column in table["columns"] if column["level"] == "sensitive")
        rows.append(
            [
                escape(table["name"]),
                _n(len(table["columns"])),
                _n(sensitive),
                f'<span class="sub">{escape(words)}</span>',
            ]
        )
    return f"<section><h2>{Words('找到了什么', 'What was found').of(lang)}</h2>{_table(heads, rows, lang)}</section>"


def _gone(summary: Summary, lang: str) -> str:
    certificate = summary["certificate"]
    generation = certificate["proven"]["generations"][0]
    copies = [one for one in certificate["attested"] if one["state"] == "open"]
    heading = (
        Words("部分销毁", "partial").of(lang)
        if certificate["heading"] == "partial"
        else Words("全部销毁", "complete").of(lang)
    )
    proven = Words(
        f"粉碎 {_n(certificate['proven']['shredded'])} 个密钥槽，第 {generation['g']} 代根密钥已销毁（保证级别：{certificate['provider']['assurance']}）。",
        f"{_n(certificate['proven']['shredded'])} key slots shredded, root generation {generation['g']} destroyed (assurance: {certificate['provider']['assurance']}).",
    ).of(lang)
    attested = Words(
        f"{_n(len(copies))} 份副本还没有人交代，所以证明写明“部分”。",
        f"{_n(len(copies))} copies are not yet accounted for by people; so it is headed partial.",
    ).of(lang)
    title = Words(f"卖方的副本：{heading}", f"The seller's copy: {heading}").of(lang)
    part = Words("custody 证明的", "Proven by custody").of(lang), Words("由人声明的", "Attested by people").of(lang)
    return f'<section><h2>{title}</h2><dl class="dl"><dt>{part[0]}</dt><dd>{proven}</dd><dt>{part[1]}</dt><dd>{attested}</dd></dl></section>'


def _verify(summary: Summary, lang: str) -> str:
    title = Words("自己核验这份报告", "Check this yourself").of(lang)
    text = Words(
        "不需要账号、网络或密钥。在演练的文件夹里运行这一行。",
        "No account, network or key is needed. Run this line in the rehearsal's folder.",
    ).of(lang)
    command = "custody verify handover --trust handover/cards/seller.json --trust handover/cards/buyer.json"
    rows = [
        (Words("签名者指纹", "signers' fingerprints").of(lang), "<br>".join(escape(one) for one in summary["signers"]))
    ]
    rows.append((Words("裁定的根", "root of the verdicts").of(lang), escape(str(summary["gate"]["root"]))))
    rows.append((Words("放行清单", "release manifest").of(lang), escape(str(summary["released"]["sha256"]))))
    rows.append(
        (Words("没有核验的", "not checked").of(lang), "<br>".join(escape(str(one)) for one in summary["not_checked"]))
    )
    listed = "".join(f'<dt>{name}</dt><dd class="mono">{value}</dd>' for name, value in rows)
    return f'<section class="verify"><div><h2>{title}</h2><p class="small muted">{text}</p><p class="mono cmd">{command}</p></div><dl class="dl">{listed}</dl></section>'


def _table(heads: Sequence[Words], rows: Sequence[Sequence[str]], lang: str, *, foot: Sequence[str] = ()) -> str:
    numeric = [
        bool(rows) and all(row[place].replace(",", "").lstrip("−-").isdigit() for row in rows)
        for place in range(len(heads))
    ]
    marks = [' class="num"' if one else "" for one in numeric]
    head = "".join(f'<th scope="col"{mark}>{word.of(lang)}</th>' for word, mark in zip(heads, marks, strict=True))
    body = "".join(
        "<tr>" + "".join(f"<td{mark}>{cell}</td>" for cell, mark in zip(row, marks, strict=True)) + "</tr>"
        for row in rows
    )
    last = (
        "<tfoot><tr>"
        + "".join(f"<td{mark}>{cell}</td>" for cell, mark in zip(foot, marks, strict=True))
        + "</tr></tfoot>"
        if foot
        else ""
    )
    return f'<div class="tw"><table class="tbl tbl-tight rp-t"><thead><tr>{head}</tr></thead><tbody>{body}</tbody>{last}</table></div>'


def _n(value: int) -> str:
    return f"{value:,}"
