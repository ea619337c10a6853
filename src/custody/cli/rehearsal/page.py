"""The hand-over report: what was found, every verdict and why, who got what, figures that add up, how to verify."""

from collections.abc import Mapping
from html import escape
from typing import Final

from custody.cli.rehearsal.frame import Summary, answers, checked, found, frame, head, number, table
from custody.cli.words import Words

_VERDICTS: Final = (
    ("hand_over", "hand", Words("移交", "handed over")),
    ("wait", "wait", Words("待定", "waiting")),
    ("withhold", "withhold", Words("保留", "withheld")),
    ("retain_only", "retain", Words("仅留存", "retained only")),
    ("destroy", "destroy", Words("销毁", "destroyed")),
)


def page(summary: Summary, lang: str) -> str:
    """The whole file; `lang` is the language shown first."""
    return frame(_title(summary, lang), lambda one: _main(summary, one), lang)


def _main(summary: Summary, lang: str) -> str:
    line = Words(
        f"{summary['deal']}，演练：时钟是模拟的，客户的回答出自假设文件，不能满足真实关口。",
        f"{summary['deal']}, a rehearsal: the clock is simulated, the answers come from an assumptions file; it satisfies no real gate.",
    ).of(lang)
    eyebrow = Words("移交报告（演练）", "Hand-over report (rehearsal)").of(lang)
    return "".join((
        head(eyebrow, _title(summary, lang), line, verified=summary["verified"]), _answers(summary, lang), _where(summary, lang),
        _tables(summary, lang), _reasons(summary, lang), found(summary, lang), _gone(summary, lang), _verify(summary, lang),
    ))  # fmt: skip


def _title(summary: Summary, lang: str) -> str:
    seller, buyer = summary["parties"]["seller"][lang], summary["parties"]["buyer"][lang]
    return Words(f"{seller}的客户数据已移交{buyer}", f"{seller}'s customer data was handed over to {buyer}").of(lang)


def _answers(summary: Summary, lang: str) -> str:
    shown = (
        (number(summary["customers"]), Words("位客户，逐一有交代", "customers, each accounted for")),
        (number(summary["handed_over"]), Words("位已移交，买方回执一致", "handed over; the buyer's receipt agrees")),
        (number(summary["delivered_rows"]), Words("行已交付", "rows delivered")),
        (number(summary["differing"]), Words("条差异，逐行比对", "differences, row by row")),
    )
    return answers(shown, lang)


def _verify(summary: Summary, lang: str) -> str:
    rows = (
        (Words("签名者指纹", "signers' fingerprints"), summary["signers"]),
        (Words("裁定的根", "root of the verdicts"), [summary["gate"]["root"]]),
        (Words("放行清单", "release manifest"), [summary["released"]["sha256"]]),
        (Words("没有核验的", "not checked"), summary["not_checked"]),
    )
    return checked(
        "custody verify handover --trust handover/cards/seller.json --trust handover/cards/buyer.json", rows, lang
    )


def _where(summary: Summary, lang: str) -> str:
    head = Words("每一位客户的去向", "Where each customer went").of(lang)
    note = Words(
        "没有任何假设时，法律允许的结果（谁也没有回答）：",
        "What the law as loaded allows without any assumption (nobody has answered):",
    ).of(lang)
    honest = "; ".join(f"{word.of(lang)} {number(summary['without_assumptions'][slug])}" for slug, _, word in _VERDICTS)
    return f'<section><h2>{head}</h2><div class="tw">{_bars(summary["by_verdict"], lang)}</div><p class="small muted">{note} {honest}</p></section>'


def _bars(counts: Mapping[str, int], lang: str) -> str:
    total = max(1, sum(counts.values()))
    rows, said = [], []
    for place, (slug, kind, word) in enumerate(_VERDICTS):
        value = counts[slug]
        width, top = max(2.0 if value else 0.0, 480 * value / total), 12 + 40 * place
        text = f"{number(value)}　{100 * value / total:.1f}%"
        rows.append(
            f'<g><text class="end" x="120" y="{top + 15}">{word.of(lang)}</text><rect class="f-{kind}" x="132" y="{top}" '
            f'width="{width:.1f}" height="22" rx="3"/><text class="val" x="{144 + width:.1f}" y="{top + 16}">{text}</text></g>'
        )
        said.append(f"{word.of(lang)} {number(value)}")
    inside = "".join(rows)
    axis = '<line class="axis" x1="132" y1="4" x2="132" y2="202"/>'
    return f'<svg class="chart chart-wide" viewBox="0 0 760 212" role="img"><title>{"; ".join(said)}</title>{inside}{axis}</svg>'


def _tables(summary: Summary, lang: str) -> str:
    heads = (
        Words("表", "table"), Words("来源", "source"), Words("移交", "delivered"), Words("未移交", "withheld"), Words("隔离", "quarantine"),
        Words("差额", "difference"),
    )  # fmt: skip
    names = ("rows", "delivered", "withheld", "quarantined", "difference")
    rows = [[escape(one["name"]), *(number(one[name]) for name in names)] for one in summary["tables"]]
    total = [Words("合计", "total").of(lang), *(number(sum(one[name] for one in summary["tables"])) for name in names)]
    return f"<section><h2>{Words('交出了什么', 'What was handed over').of(lang)}</h2>{table(heads, rows, lang, foot=total)}</section>"


def _reasons(summary: Summary, lang: str) -> str:
    words = {slug: word for slug, _, word in _VERDICTS}
    heads = (Words("法律要求", "what the law asks"), Words("结果", "verdict"), Words("客户", "customers"))
    rows = []
    for one in summary["reasons"]:
        told = one["reference"]
        cited = _cited(told, lang) or one["rule"]
        why = f'<span class="nw">{escape(cited)}</span><span class="sub">{escape(one["text"][lang])}</span>'
        rows.append([why, words[one["verdict"]].of(lang), number(one["count"])])
    title = Words("没有移交的，是因为", "Why the others were not handed over").of(lang)
    note = Words("一位客户可能有几条理由。", "One customer may have several reasons.").of(lang)
    return f'<section><h2>{title}</h2>{table(heads, rows, lang)}<p class="small muted">{note}</p></section>'


def _cited(told: Mapping[str, str], lang: str) -> str:
    if not told:
        return ""
    return Words(f"《{told['official']}》第 {told['article']} 条", f"{told['instrument']} Art. {told['article']}").of(
        lang
    )


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
        f"粉碎 {number(certificate['proven']['shredded'])} 个密钥槽，第 {generation['g']} 代根密钥已销毁（保证级别：{certificate['provider']['assurance']}）。",
        f"{number(certificate['proven']['shredded'])} key slots shredded, root generation {generation['g']} destroyed (assurance: {certificate['provider']['assurance']}).",
    ).of(lang)
    attested = Words(
        f"{number(len(copies))} 份副本还没有人交代，所以证明写明“部分”。",
        f"{number(len(copies))} copies are not yet accounted for by people; so it is headed partial.",
    ).of(lang)
    title = Words(f"卖方的副本：{heading}", f"The seller's copy: {heading}").of(lang)
    part = Words("custody 证明的", "Proven by custody").of(lang), Words("由人声明的", "Attested by people").of(lang)
    return f'<section><h2>{title}</h2><dl class="dl"><dt>{part[0]}</dt><dd>{proven}</dd><dt>{part[1]}</dt><dd>{attested}</dd></dl></section>'
