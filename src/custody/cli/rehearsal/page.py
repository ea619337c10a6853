"""The hand-over report: what was found, every verdict and why, who got what, figures that add up, how to verify."""

from collections import defaultdict
from collections.abc import Mapping
from html import escape
from typing import Any, Final

from custody.base.citing import cited
from custody.cli.labels import code
from custody.cli.pages.charts import Bar, bars
from custody.cli.pages.frame import Summary, answers, checked, found, frame, head, number, table, unknowable
from custody.cli.words import Words
from custody.services.certificate import algorithms

_VERDICTS: Final = (
    ("hand_over", "hand", Words("移交", "handed over")),
    ("wait", "wait", Words("待定", "waiting")),
    ("withhold", "withhold", Words("保留", "withheld")),
    ("retain_only", "retain", Words("仅留存", "retained only")),
    ("destroy", "destroy", Words("销毁", "destroyed")),
)
_SHOWN: Final = 10
_STRUCTURES: Final = {
    "asset_deal": Words("资产转让", "Sale of assets"),
    "merger": Words("合并", "Merger"),
    "division": Words("分立", "Division"),
    "bankruptcy": Words("破产出售", "Sale out of bankruptcy"),
    "data_only_sale": Words("仅出售数据", "Sale of data alone"),
}


def page(summary: Summary, lang: str) -> str:
    """The whole file; `lang` is the language shown first."""
    return frame(_title(summary, lang), lambda one: _main(summary, one), lang)


def _main(summary: Summary, lang: str) -> str:
    eyebrow = Words(f"移交报告（演练），{summary['deal']}", f"Hand-over report (rehearsal), {summary['deal']}").of(lang)
    return "".join((
        head(eyebrow, _title(summary, lang), _line(summary, lang), verified=summary["verified"]), _answers(summary, lang),
        _where(summary, lang), _told(summary, lang), _tables(summary, lang), _reasons(summary, lang), _set_aside(summary, lang),
        found(summary, lang), _gone(summary, lang), _papers(summary, lang),
        unknowable(summary["not_checked_codes"], lang),
        _verify(summary, lang),
    ))  # fmt: skip


def _title(summary: Summary, lang: str) -> str:
    seller, buyer = summary["parties"]["seller"][lang], summary["parties"]["buyer"][lang]
    if not summary["customers"]:
        return Words(
            "这批数据里没有客户，没有移交任何人", "No customer was in this data, and nobody was handed over"
        ).of(lang)
    if not summary["handed_over"]:
        return Words(f"{seller}没有一位客户移交{buyer}", f"No customer of {seller} was handed over to {buyer}").of(lang)
    return Words(f"{seller}的客户数据已移交{buyer}", f"{seller}'s customer data was handed over to {buyer}").of(lang)


def _line(summary: Summary, lang: str) -> str:
    days = {one["kind"]: str(one["at"])[:10] for one in summary["papers"]}
    kind = _STRUCTURES[summary["structure"]].of(lang)
    return Words(
        f"{kind}，{days['released']} 放行，{days['receipt']} 收到买方签名回执。这是演练：时钟是模拟的，客户的答复出自假设文件，不能满足真实关口。",
        f"{kind}, released {days['released']}, the buyer's signed receipt {days['receipt']}. A rehearsal: the clock is simulated and the answers come from an assumptions file; it satisfies no real gate.",
    ).of(lang)


def _answers(summary: Summary, lang: str) -> str:
    taken = max((one["ms"] for one in summary["timings"] if one["step"] == "seller release"), default=0) / 1000
    shown = (
        (number(summary["customers"]), Words("位客户，逐一有交代", "customers, each accounted for")),
        (number(summary["handed_over"]), Words("位已移交，买方回执一致", "handed over; the buyer's receipt agrees")),
        (Words(f"{taken:.2f} 秒", f"{taken:.2f} s").of(lang), Words("交出密钥所用时间", "to hand over the keys")),
        (number(summary["differing"]), Words("处差异，逐行比对", "differences, row by row")),
    )
    return answers(shown, lang)


def _where(summary: Summary, lang: str) -> str:
    rows = [
        Bar(kind, word.of(lang), summary["by_verdict"][slug], _mainly(summary, slug, lang))
        for slug, kind, word in _VERDICTS
    ]
    honest = (
        Words("；", "; ")
        .of(lang)
        .join(f"{word.of(lang)} {number(summary['without_assumptions'][slug])}" for slug, _, word in _VERDICTS)
    )
    note = Words(
        "每位客户计一次，按其数据中最宽的裁定；同一客户的其他部分可能保留或依法留存。没有任何假设时，依所载法律的结果（谁也没有收到、没有答复）：",
        "Each customer is counted once, by the widest verdict on any part of their data; other parts may be withheld or retained by law. Without any assumption, as the law is loaded (nobody told, nobody answered): ",
    ).of(lang)
    drawn = bars(rows, sum(one.value for one in rows))
    return (
        f"<section><h2>{Words('每一位客户的去向', 'Where each customer went').of(lang)}</h2>"
        f'<div class="tw">{drawn}</div><p class="small muted">{note}{honest}</p></section>'
    )


def _mainly(summary: Summary, slug: str, lang: str) -> str:
    """The commonest reason of a verdict, where it is one to be proud of or not."""
    if slug == "hand_over" or not summary["by_verdict"][slug]:
        return ""
    first = next((one for one in summary["reasons"] if one["verdict"] == slug), None)
    if first is None:
        return ""
    told = _cited(first["reference"], lang) or first["text"][lang].rstrip("。.")
    return Words(f"多因{told}", f"mostly {told}").of(lang)


def _told(summary: Summary, lang: str) -> str:
    """What customers were told and what they said, as counts against everybody."""
    order = ("notice.delivered", "notice.bounced", "consent.separate", "consent.separate.sensitive", "consent.refused")
    counts = {**summary["answers"], "objection": summary["objected_after_shipping"]}
    kinds = {"notice.bounced": "withhold", "consent.refused": "withhold", "objection": "withhold"}
    rows = [Bar(kinds.get(name, "hand"), code(name, lang), int(counts.get(name, 0))) for name in (*order, "objection")]
    title = Words("告知与答复", "What customers were told, and answered").of(lang)
    note = Words(
        "沉默不是同意：没有答复的客户留在卖方。预发之后才到的拒绝，在放行时生效。",
        "Silence is not consent: whoever did not answer stays with the seller. Objections after shipping took effect at the release.",
    ).of(lang)
    return f'<section><h2>{title}</h2><div class="tw">{bars(rows, summary["customers"])}</div><p class="small muted">{note}</p></section>'


def _tables(summary: Summary, lang: str) -> str:
    heads = (
        Words("表", "table"), Words("来源", "source"), Words("移交", "delivered"), Words("未移交", "withheld"), Words("隔离", "set aside"),
        Words("差额", "difference"),
    )  # fmt: skip
    names = ("rows", "delivered", "withheld", "quarantined", "difference")
    rows = [[escape(one["name"]), *(number(one[name]) for name in names)] for one in summary["tables"]]
    total = [Words("合计", "total").of(lang), *(number(sum(one[name] for one in summary["tables"])) for name in names)]
    title = Words(
        "交出了什么：来源 = 移交 + 未移交 + 隔离", "What was handed over: source = delivered + withheld + set aside"
    )
    return f"<section><h2>{title.of(lang)}</h2>{table(heads, rows, lang, foot=total)}</section>"


def _reasons(summary: Summary, lang: str) -> str:
    """One row a rule, its customers by verdict: the same law asks for the same thing, whatever became of it."""
    counted: dict[str, dict[str, int]] = defaultdict(dict)
    first: dict[str, Mapping[str, Any]] = {}
    for one in summary["reasons"]:
        counted[one["rule"]][one["verdict"]] = one["count"]
        first.setdefault(one["rule"], one)
    slugs = [(slug, word) for slug, _, word in _VERDICTS if any(slug in by for by in counted.values())]
    heads = (Words("法律要求", "what the law asks"), *(word for _, word in slugs))
    rows = [
        [_why(first[rule], lang), *(number(by.get(slug, 0)) for slug, _ in slugs)]
        for rule, by in sorted(counted.items(), key=lambda item: -sum(item[1].values()))
    ]
    title = Words("没有移交的，是因为", "Why the others were not handed over").of(lang)
    note = Words(
        "按客户计；一位客户可能有几条理由，也可能只有一部分数据没有移交。",
        "Counted by customer; one may have several reasons, and may have had only a part withheld.",
    ).of(lang)
    return f'<section><h2>{title}</h2>{_folded(heads, rows, lang)}<p class="small muted">{note}</p></section>'


def _folded(heads: tuple[Words, ...], rows: list[list[str]], lang: str) -> str:
    """The commonest in sight, the rest one click away."""
    shown, rest = rows[:_SHOWN], rows[_SHOWN:]
    if not rest:
        return table(heads, shown, lang)
    more = Words(f"其余 {len(rest)} 条规则", f"{len(rest)} more rules").of(lang)
    return f"{table(heads, shown, lang)}<details><summary>{more}</summary>{table(heads, rest, lang)}</details>"


def _why(one: Mapping[str, Any], lang: str) -> str:
    cited = _cited(one["reference"], lang) or _unwritten(one["rule"]).of(lang)
    return f'<b>{escape(cited)}</b><span class="sub">{escape(one["text"][lang])}</span>'


def _unwritten(rule: str) -> Words:
    """What stands where no article can be cited."""
    if rule.startswith("SAID-"):
        return Words("客户的意思", "The customer's word")
    return Words("不知道，就不移交", "Unknown never clears")


def _set_aside(summary: Summary, lang: str) -> str:
    if not summary["quarantine"]:
        return ""
    heads = (Words("表", "table"), Words("为什么", "why"), Words("行", "rows"))
    rows = [
        [escape(one["table"]), escape(code(one["reason"], lang)), number(one["rows"])] for one in summary["quarantine"]
    ]
    foot = ["", Words("合计", "total").of(lang), number(summary["quarantined"])]
    title = Words("隔离的行：没有猜，也没有丢", "Set aside: nothing guessed, nothing dropped").of(lang)
    return f"<section><h2>{title}</h2>{table(heads, rows, lang, foot=foot)}</section>"


def _cited(told: Mapping[str, str], lang: str) -> str:
    """A Chinese text by its own name, any other by the name it is known by."""
    if not told:
        return ""
    return cited(told, lang)


def _gone(summary: Summary, lang: str) -> str:
    certificate = summary["certificate"]
    generation, copies = (
        certificate["proven"]["generations"][0],
        [one for one in certificate["attested"] if one["state"] == "open"],
    )
    part = code(certificate["heading"], lang)
    proven = Words(
        f"粉碎 {number(certificate['proven']['shredded'])} 个密钥槽，第 {generation['g']} 代根密钥已销毁（保证级别：{certificate['provider']['assurance']}）。",
        f"{number(certificate['proven']['shredded'])} key slots shredded, root generation {generation['g']} destroyed (assurance: {certificate['provider']['assurance']}).",
    ).of(lang)
    attested = Words(
        f"{number(len(copies))} 份副本还没有人交代：{'、'.join(one['name'] for one in copies)}"
        if copies
        else "每一份副本都有人交代。",
        f"{number(len(copies))} copies are not yet accounted for: {', '.join(one['name'] for one in copies)}"
        if copies
        else "Every copy is accounted for.",
    ).of(lang)
    title = Words(f"卖方的副本：销毁证明为“{part}”", f"The seller's copy: certificate headed {part}").of(lang)
    words = (
        Words("custody 证明的", "Proven by custody").of(lang),
        Words("由人声明的", "Attested by people").of(lang),
        Words("密码算法", "Algorithms").of(lang),
    )
    sealed = Words(*algorithms(summary["suites"])).of(lang)
    return (
        f'<section><h2>{title}</h2><dl class="dl"><dt>{words[0]}</dt><dd>{proven}</dd>'
        f"<dt>{words[2]}</dt><dd>{escape(sealed)}</dd><dt>{words[1]}</dt><dd>{escape(attested)}</dd></dl></section>"
    )


def _papers(summary: Summary, lang: str) -> str:
    heads = (
        Words("声明", "statement"),
        Words("时间（UTC）", "time (UTC)"),
        Words("账本", "ledger"),
        Words("摘要", "digest"),
    )
    rows = [
        [code(one["kind"], lang), f'<span class="nw">{one["at"][:19].replace("T", " ")}</span>', f"#{one['ledger']}",
         f'<span class="mono">{one["sha256"][7:23]}…</span>']
        for one in summary["papers"]
    ]  # fmt: skip
    title = Words("证据：卖方账本里的每一份声明", "Evidence: every statement in the seller's ledger").of(lang)
    return f"<section><h2>{title}</h2>{table(heads, rows, lang)}</section>"


def _verify(summary: Summary, lang: str) -> str:
    rows = (
        (Words("签名者", "signers"), summary["signers"]),
        (Words("裁定的根", "verdicts"), [summary["gate"]["root"]]),
        (Words("放行清单", "release"), [summary["released"]["sha256"]]),
    )
    command = "custody verify handover --trust handover/cards/seller.json --trust handover/cards/buyer.json"
    return checked(command, rows, lang)
