"""Tags of every page: words of the catalogue, icons, instants, verdict bars."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Final

from django import template
from django.template import Context
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from custody.base.citing import cited
from custody.ports.laws import Laws
from custody.services.law_source import law_source
from custody.services.words import class_words, proof_words, reason_words, why_words
from custody.web.console import uploads
from custody.web.console.catalogue import either, entries, lang, words
from custody.web.console.cells import PLAIN

register = template.Library()
VERDICTS: Final = ("hand_over", "wait", "withhold", "retain_only", "destroy")
# Each browser claims to be the ones after it.
_BROWSERS: Final = {
    "MicroMessenger": "WeChat",
    "Edg": "Edge",
    "OPR": "Opera",
    "Firefox": "Firefox",
    "HeadlessChrome": "Chrome",
    "Chrome": "Chrome",
    "Version": "Safari",
}
_SYSTEMS: Final = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)
_DAY: Final = len("2026-03-18")
_PAGES: Final = {
    "control": "handover-control",
    "terms": "retention-policy",
    "run": "retention",
    "list": "letters",
    "pages": "letters",
}  # acts whose page is not called like them
_LIVES: Final = "assumed.residence."
SHORT: Final = {
    "hand_over": "hand",
    "wait": "wait",
    "withhold": "withhold",
    "retain_only": "retain",
    "called_back": "retain",
    "destroy": "destroy",
}


@register.simple_tag
def w(key: str, **values: object) -> str:
    """Words by key."""
    return words(key, **values)


@register.simple_tag
def most(kind: str) -> SafeString:
    """What a field for files takes at most, for the browser to say before it sends."""
    size = uploads.KINDS[kind]
    return format_html('data-most="{}" data-too="{}"', size, words("upload.too_large", most=uploads.told(size)))


@register.simple_tag
def code(area: str, value: str, **values: object) -> str:
    """What a code of the core is called, with `values` filled in; the code itself when the catalogue does not know it."""
    key = f"{area}.{value}"
    return words(key, **values) if values and key in entries() else either(key, value)


@register.simple_tag
def fault_in(area: str, slug: str) -> str:
    """What a fault that somebody noted comes to; of one that the catalogue does not know the words say who looks it up."""
    return either(f"{area}.{slug}", words(f"{area}.other", slug=slug))


@register.simple_tag
def trouble(slug: str) -> str:
    """How a scheduled run ended that did not end well."""
    return words("run_fault.not_ok") if slug.endswith(".not-ok") else fault_in("run_fault", slug)


@register.simple_tag
def answer_words(known: Mapping[str, tuple[str, str]], answer: str) -> str:
    """What an answer of a customer is called; the code when it is none of the known."""
    return known.get(answer, (answer, answer))[lang() == "en"]


@register.simple_tag
def happened(kind: str) -> str:
    """What an entry, a statement or an answer about somebody is called."""
    return either(f"entry.{kind}", either(f"statement.{kind}", proof_words(kind, lang())))


@register.simple_tag
def wanted(url: str) -> str:
    """What somebody is asked to confirm at this address, where the catalogue knows it."""
    return either(act_at(url), "")


def act_at(url: str) -> str:
    """The key of the act that is carried out at an address; "" where the catalogue knows none."""
    named = url.partition("?")[0].rstrip("/").rpartition("/")[2]
    act = _PAGES.get(named, named)
    keys = (f"end_do.{act}", f"act.{act}", f"act.{act.replace('-', ' ', 1)}")
    return next((key for key in keys if key in entries()), "")


@register.simple_tag
def proof(kind: str) -> str:
    """What a paper or an answer proves."""
    if kind.startswith(_LIVES):
        place = kind.removeprefix(_LIVES)
        return words("verdict_page.lives", place=either(f"place.{place}", place))
    return proof_words(kind, lang())


@register.simple_tag
def written(kind: str) -> str:
    """What a paper of this kind has to say, in words that may be copied; "" where the Papers page makes it, or it is an answer."""
    return either(f"written.{kind.replace('.', '-')}", "")


@register.filter
def said(pair: Mapping[str, str] | None) -> str:
    """The reader's language out of {zh, en}."""
    return pair.get(lang(), "") if pair else ""


@register.simple_tag
def department(code_name: str, known: Mapping[str, Mapping[str, str]]) -> str:
    """What the policy calls a department; its code when that policy no longer has it."""
    return said(known.get(code_name)) or code_name


@register.simple_tag
def icon(name: str) -> SafeString:
    """An icon of the sprite."""
    return format_html('<svg class="i" viewBox="0 0 16 16" aria-hidden="true"><use href="#i-{}"/></svg>', name)


@register.filter
def day(instant: str | date) -> str:
    """An instant or a day of the core as a day in the reader's zone: 3月18日, 18 March; with its year when it is not this one."""
    at = _local(instant)
    if at is None:
        return ""
    if PLAIN.get():
        return f"{at:%Y-%m-%d}"
    other = at.year != timezone.localdate().year
    if lang() == "zh":
        return f"{f'{at.year}年' if other else ''}{at.month}月{at.day}日"
    return f"{at.day} {at:%B}{f' {at.year}' if other else ''}"


@register.filter
def moment(instant: str) -> str:
    """An instant of the core, to the minute, in the reader's zone."""
    at = _local(instant)
    return "" if at is None else f"{day(instant)} {at:%H:%M}"


@register.filter
def number(value: object) -> str:
    """A count with thousands separators; nothing for what is not known."""
    if not isinstance(value, int):
        return ""
    return str(value) if PLAIN.get() else f"{value:,}"


@register.filter
def few(rows: Sequence[object], most: int) -> Sequence[object]:
    """The first of a list that would be long on a page; all of it on a sheet."""
    return rows if PLAIN.get() else rows[:most]


@register.simple_tag
def figure(value: object) -> str:
    """A figure of a rehearsal: a count, yes or no, or (area, code)."""
    if isinstance(value, tuple):
        return code(*value)
    if isinstance(value, bool):
        return words("word.yes" if value else "word.no")
    return number(value)


@register.simple_tag
def signed(value: int) -> str:
    """A difference with its sign, a true minus."""
    sign = "+" if value > 0 else "\N{MINUS SIGN}" if value < 0 else ""
    return f"{sign}{number(abs(value))}"


@register.filter
def cite(reference: Mapping[str, str]) -> str:
    """Where a legal statement comes from, as on every paper."""
    return cited(reference, lang()) if reference.get("instrument") else ""


@register.simple_tag(takes_context=True)
def citation(context: Context, reference: Mapping[str, str], rule: str = "") -> SafeString:
    """As `cite`, with the day since when that text applies, and a link to where the law is published."""
    told = cite(reference)
    if not told:
        return format_html("")
    found = law_source(_laws(context), rule, reference)
    since = words("law.since", day=day(str(found["from"]))) if found["from"] else ""
    link = (
        format_html(' <a class="official" href="{}" rel="noreferrer">{}</a>', found["url"], words("law.official"))
        if found["url"]
        else ""
    )
    return format_html("{}{}{}", told, since, link)


@register.filter
def because(reason: str) -> str:
    """Why a row is in quarantine, or a file was not looked at."""
    return reason_words(reason, lang())


@register.filter
def evidence(why: str) -> str:
    """What speaks for a class, in the reader's language."""
    return why_words(why, lang())


@register.filter
def class_name(cls: str) -> str:
    """A class of the taxonomy in the reader's language."""
    return class_words(cls, lang())


@register.filter
def browser_name(agent: str) -> str:
    """A browser by its name, its version and the system it runs on, out of what it calls itself."""
    named = next((found for mark in _BROWSERS if (found := re.search(rf"(?:{mark})/(\d+)", agent))), None)
    if named is None:
        return words("sessions.unknown")
    name = _BROWSERS[re.split(r"/", named[0])[0]]
    system = next((shown for mark, shown in _SYSTEMS if mark in agent), "")
    return words("word.join").join(part for part in (f"{name} {named[1]}", system) if part)


@register.filter
def short(verdict: str) -> str:
    """The verdict's name in class names."""
    return SHORT.get(verdict, "withhold")


@register.simple_tag
def bar(counts: Mapping[str, int], large: bool = False) -> SafeString:
    """The verdict bar: parts in fixed order, widths as attributes so that the content policy holds, figures as its label."""
    total, x, parts = sum(counts.values()) or 1, 0.0, []
    for verdict in VERDICTS:
        share = 100 * counts.get(verdict, 0) / total
        if share:
            parts.append((SHORT[verdict], f"{x:.3f}%", f"{share:.3f}%"))
            x += share
    label = words("word.join").join(f"{words(f'verdict.{one}')} {counts[one]:,}" for one in VERDICTS if counts.get(one))
    size = format_html('class="vbar vbar-lg"') if large else format_html('class="vbar" width="150" height="10"')
    rects = format_html_join("", '<rect class="f-{}" x="{}" width="{}" height="20"/>', parts)
    return format_html('<svg {} role="img" aria-label="{}">{}</svg>', size, label, rects)


@register.simple_tag
def share(part: int, total: int) -> str:
    """A part of a total in per cent."""
    return f"{100 * part / total:.1f}%" if total else "–"


@register.simple_tag
def meter(per_cent: int) -> SafeString:
    """How sure a finding is, as a small bar."""
    low = "-low" if per_cent < 80 else ""
    return format_html(
        '<svg class="conf" viewBox="0 0 52 6" preserveAspectRatio="none" aria-hidden="true"><rect class="f-none" width="52" height="6"/>'
        '<rect class="f-conf{}" width="{}" height="6"/></svg>',
        low, round(52 * per_cent / 100),
    )  # fmt: skip


def _laws(context: Context) -> Laws:
    """The laws of the house, read once for a page however many citations stand on it."""
    from custody.web.console.house import laws  # noqa: PLC0415 - words are also read where there are no models yet

    request = context["request"]
    if not hasattr(request, "cited_laws"):
        request.cited_laws = laws()
    found: Laws = request.cited_laws
    return found


def _local(instant: str | date) -> datetime | date | None:
    """An instant as the reader's zone has it; a bare day is the same in every zone."""
    if not instant:
        return None
    at = date.fromisoformat(instant) if isinstance(instant, str) and len(instant) == _DAY else instant
    at = datetime.fromisoformat(at) if isinstance(at, str) else at
    return timezone.localtime(at) if isinstance(at, datetime) else at
