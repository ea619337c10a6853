"""The packs as a book: one page, both languages, nothing fetched, nothing run (spec/law.md §4)."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from html import escape
from importlib.resources import files
from typing import Final

from custody.law.cases import Case
from custody.law.clock import Clock, Span, Until
from custody.law.pack import Packs, Rule
from custody.law.predicate import All, Not, Predicate, Test
from custody.law.schema import Schema
from custody.law.sentence import asked
from custody.law.terms import Terms

Pair = tuple[str, str]


def book(packs: Packs, cases: Sequence[Case], on: date) -> str:
    """The whole page."""
    css = (files("custody.law") / "book.css").read_text(encoding="utf-8")
    said = Counter((rule, value) for case in cases for rule, value in case.says.items())
    places = sorted(packs.regimes)
    nav = " ".join(f'<a href="#{place}">{place}</a>' for place in places)
    parts = "".join(_place(packs, place, said, on) for place in places)
    return f"""<!doctype html>
<html lang="zh"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>法规书 · Law book</title><style>{css}</style></head><body>
<input class="pick" type="radio" name="lang" id="both" checked><input class="pick" type="radio" name="lang" id="zh"><input class="pick" type="radio" name="lang" id="en">
<header><h1><span class="seal" aria-hidden="true">律</span>{_both(("法规书", "Law book"))}</h1>
<p class="dim">{_both((f"{len(packs.rules)} 条规则，{len(cases)} 个案例；截至 {on}。", f"{len(packs.rules)} rules, {len(cases)} cases; as of {on}."))}
{_both(("不是法律意见。", "Not legal advice."))} <span class="id">{escape(packs.version[:23])}…</span></p>
<div class="bar"><label for="both">中文 + English</label> <label for="zh">中文</label> <label for="en">English</label></div><nav>{nav}</nav></header>
<main>{parts}</main></body></html>
"""


def _place(packs: Packs, place: str, said: Counter[tuple[str, bool | None]], on: date) -> str:
    rules = [rule for rule in packs.rules if rule.regime == place]
    return f'<section id="{place}"><h2>{place}</h2>{"".join(_rule(packs, rule, said, on) for rule in rules)}</section>'


def _rule(packs: Packs, rule: Rule, said: Counter[tuple[str, bool | None]], on: date) -> str:
    reference = rule.reference
    cited = f"{escape(reference.get('official', reference['instrument']))} {escape(reference['article'])}"
    until = f"–{rule.end}" if rule.end else "–"
    now = "" if rule.in_force(on) else _both(("（不在施行）", "(not in force)"))
    customer = (
        f'<div class="dim">{_both(("对客户：" + rule.to_customer["zh"], "To the customer: " + rule.to_customer["en"]))}</div>'
        if rule.to_customer
        else ""
    )
    cases = _both(
        (
            f"案例：成立 {said[rule.id, True]}，不成立 {said[rule.id, False]}",
            f"cases: fires {said[rule.id, True]}, does not {said[rule.id, False]}",
        )
    )
    return f"""<article class="rule" id="{escape(rule.id)}"><div class="head"><span class="id">{escape(rule.id)}</span>
<span class="kind {rule.kind}">{_both(_KIND[rule.kind])}</span><h3>{_both((rule.title["zh"], rule.title["en"]))}</h3></div>
<div class="two"><p lang="zh">{escape(rule.says["zh"])}</p><p lang="en">{escape(rule.says["en"])}</p></div>{customer}
<p class="dim">{cited} · {rule.start}{until} {now} · {_both(_SURE[rule.confidence])}{_force(rule)} · {cases}</p>{_extras(rule, packs.terms)}
<details><summary>{_both(("何时成立", "When it applies"))}</summary><ul>{_when(rule.when, packs.schema)}</ul></details></article>
"""


def _force(rule: Rule) -> str:
    return f" · {_both(('推荐性标准，不是法律', 'a recommended standard, not law'))}" if rule.recommended else ""


def _extras(rule: Rule, terms: Terms) -> str:
    rows: list[Pair] = []
    if rule.evidence:
        rows.append((f"所需证据：{'、'.join(rule.evidence)}", f"Evidence: {', '.join(rule.evidence)}"))
    if rule.published:
        rows.append(_shown(rule))
    if rule.before:
        rows.append((f"先于：{rule.before}", f"Before: {rule.before}"))
    if rule.contents:
        rows.append((f"应载明：{'、'.join(rule.contents)}", f"Contents: {', '.join(rule.contents)}"))
    rows += [_clock(clock, terms) for clock in rule.clocks]
    return "".join(f'<p class="dim">{_both(row)}</p>' for row in rows)


def _shown(rule: Rule) -> Pair:
    said = [(*_AT[place], days) for place, days in rule.published.items()]
    return (
        "联系不上的人，可以公告代替：" + "、".join(f"{zh} {days} 天" for zh, _, days in said),
        "For whoever cannot be reached a public notice stands in: "
        + ", ".join(f"{en}, {days} days" for _, en, days in said),
    )


def _clock(clock: Clock, terms: Terms) -> Pair:
    duty = terms.duty(clock.duty)
    zh_duty, en_duty = (f"（{duty['zh']}）", f" ({duty['en']})") if clock.duty else ("", "")
    events = [terms.events[name] for name in clock.events]
    zh_long, en_long = _long(clock)
    zh, en = "、".join(one.zh for one in events), ", ".join(one.en for one in events)
    return (
        f"期限{zh_duty}：自{zh}起，{zh_long} · {clock.zone} · {clock.source}",
        f"Clock{en_duty}: from {en}: {en_long} · {clock.zone} · {clock.source}",
    )


def _long(clock: Clock) -> Pair:
    if isinstance(clock.due, Until):
        return f"至 {clock.due.month} 月 {clock.due.day} 日", f"until {clock.due.day}/{clock.due.month}"
    if isinstance(clock.due, Span):
        zh, en = _UNIT[clock.due.unit]
        zh_bound, en_bound = _BOUND[clock.bound]
        return f"{zh_bound} {clock.due.amount} {zh}", f"{en_bound} {clock.due.amount} {en}"
    return ("立即", "at once") if clock.due == "immediate" else ("没有期限", "no deadline")


def _when(node: Predicate, schema: Schema) -> str:
    if isinstance(node, Test):
        words = asked(node, schema.leaves[node.fact])
        return f"<li>{_both((words['zh'], words['en']))}</li>"
    parts = (node.part,) if isinstance(node, Not) else node.parts
    word = _JOIN["not" if isinstance(node, Not) else "all" if isinstance(node, All) else "any"]
    return f"<li>{_both(word)}<ul>{''.join(_when(part, schema) for part in parts)}</ul></li>"


def _both(words: Pair) -> str:
    return f'<span lang="zh">{escape(words[0])}</span> <span lang="en">{escape(words[1])}</span>'


def ids(page: str) -> Iterator[str]:
    """The rules that a page holds."""
    yield from (part.partition('"')[0] for part in page.split('<article class="rule" id="')[1:])


_KIND: Final[Mapping[str, Pair]] = {
    "BLOCK": ("禁止", "block"),
    "DUE": ("限期", "due"),
    "DUTY": ("义务", "duty"),
    "INFO": ("说明", "info"),
    "FACTOR": ("风险", "factor"),
}
_SURE: Final[Mapping[str, Pair]] = {
    "H": ("把握：高", "confidence: high"),
    "M": ("把握：中", "confidence: medium"),
    "L": ("把握：低", "confidence: low"),
}
_JOIN: Final[Mapping[str, Pair]] = {
    "all": ("以下各项都成立", "all of these hold"),
    "any": ("以下至少一项成立", "at least one of these holds"),
    "not": ("以下不成立", "this does not hold"),
}
_AT: Final[Mapping[str, Pair]] = {
    "website": ("网站", "on the website"),
    "visible_place": ("醒目处", "in a visible place"),
    "newspaper": ("报纸", "in a newspaper"),
}
_UNIT: Final[Mapping[str, Pair]] = {
    "hours": ("小时", "hours"),
    "days": ("日", "days"),
    "weeks": ("周", "weeks"),
    "months": ("个月", "months"),
    "years": ("年", "years"),
    "working_days": ("个工作日", "working days"),
}
_BOUND: Final[Mapping[str, Pair]] = {
    "at_latest": ("最迟", "at the latest"),
    "not_before": ("至少保存", "keep at least"),
    "before_event": ("之前至少", "before it, at least"),
}
