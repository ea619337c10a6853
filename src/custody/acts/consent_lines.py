"""Lists of consents that were given before custody: each line is understood as evidence of one act, or quarantined for one reason (spec/consent.md §7).

A consent is evidence only when it says who, what words were shown, when, by which act and how. Silence is no act.
"""

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo

from custody.acts.said import AGREED, WORDS
from custody.base import ids
from custody.base.errors import CustodyError, Malformed
from custody.base.written import written

RELATIONS: Final = ("parent", "adoptive-parent", "appointed", "other")
REASONS: Final = (
    "nobody", "several", "question", "silence", "act", "time", "zone", "future", "version", "text", "language", "channel", "purpose",
    "recipient", "guardian", "older", "early", "second",
)  # fmt: skip
"""Why a line is quarantined; the words are the faces'."""
QUESTIONS: Final = tuple(code for code in WORDS if code in AGREED)
_HEADS: Final[Mapping[str, str]] = {
    "客户编号": "subject", "客户": "customer", "事项": "question", "行为": "act", "时间": "at", "版本": "version", "原文": "text",
    "语言": "language", "渠道": "channel", "用途": "purposes", "监护人关系": "relation", "监护人": "guardian",
}  # fmt: skip
_ASKED: Final = {told.lower(): code for code in QUESTIONS for told in (code, *WORDS[code])}
"""A question by its code, or by what it is called in either language."""
_NEEDED: Final = ("question", "act", "at", "version", "channel")
_ACTS: Final = {
    **dict.fromkeys(("given", "agree", "agreed", "yes", "opt-in", "signed", "同意", "已同意", "是", "签署"), "given"),
    **dict.fromkeys(("refused", "decline", "declined", "no", "不同意", "拒绝", "否"), "refused"),
    **dict.fromkeys(("withdrawn", "revoked", "opt-out", "撤回", "已撤回", "撤销"), "withdrawn"),
}  # fmt: skip
# What some systems write where nobody did anything: it is told apart from a word that nobody understands.
_SILENT: Final = frozenset((
    "", "silence", "silent", "none", "no answer", "no reply", "no response", "implied", "default", "preselected", "pre-ticked", "deemed",
    "assumed", "continued use", "not objected", "默认", "默认同意", "默示", "默示同意", "视为同意", "推定同意", "未回复", "未答复", "无", "未反对", "继续使用",
))  # fmt: skip
_CHANNELS: Final = {
    **dict.fromkeys(("button", "web", "website", "app", "网页", "网站", "小程序", "应用", "按钮"), "button"),
    **dict.fromkeys(("letter", "paper", "form", "信件", "书面", "纸质"), "letter"),
    **dict.fromkeys(("phone", "call", "电话"), "phone"), **dict.fromkeys(("email", "e-mail", "邮件", "邮箱"), "email"),
    **dict.fromkeys(("desk", "shop", "store", "in person", "门店", "柜台", "当面"), "desk"),
}  # fmt: skip
_LANGUAGES: Final = {**dict.fromkeys(("zh", "zh-cn", "中文"), "zh"), **dict.fromkeys(("en", "英文", "english"), "en")}
_CODE: Final = re.compile(r"[a-z0-9][a-z0-9._-]{0,59}")
# As spreadsheets write it, the year first: 2026/1/5 9:30, 2026年1月5日 9:30.
_PARTS: Final = re.compile(r"^(\d{4})[-/年](\d{1,2})[-/月](\d{1,2})日?[ T](\d{1,2}):")
_LONGEST: Final = 20_000
_MOST_TEXT: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Line:
    """One line that says everything; who it is, by id or by a value of theirs, is not looked up yet."""

    number: int
    subject: bytes
    value: str
    question: str
    act: str
    at: datetime
    version: str
    text: str
    language: str
    channel: str
    purposes: tuple[str, ...]
    guardian: str
    relation: str


@dataclass(frozen=True, slots=True)
class Bad:
    """One line that is no evidence, and why. Nothing of what it holds is kept."""

    number: int
    reason: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What lines are read by: words by version, the zone of times that name none, what is now, and the purposes that are known."""

    texts: Mapping[str, tuple[str, str]]
    zone: ZoneInfo | None
    now: datetime
    purposes: frozenset[str]


def chosen(readings: Mapping[str, str], slug: str) -> str:
    """The one reading of a list that has columns of ours. Raises Malformed `slug` without a reading, `consents.encoding` when two differ.

    What was shown to somebody is kept as evidence: of two plausible readings none is guessed.
    """
    if not readings:
        raise Malformed(slug, "The list is no text in an encoding known here.", next="Save it as CSV (UTF-8).")
    fits = dict.fromkeys(text for text in readings.values() if _known(text))
    if len(fits) > 1:
        raise Malformed(
            "consents.encoding", f"The list reads as {' and as '.join(readings)}; both may be right.",
            next="Save it as CSV (UTF-8).",
        )  # fmt: skip
    return next(iter(fits), next(iter(readings.values())))


def texts_of(data: str) -> dict[str, tuple[str, str]]:
    """{version: (words, language)} from CSV with the columns version, language, text. Raises Malformed `consents.texts`."""
    found: dict[str, tuple[str, str]] = {}
    heads, lines = _table(data, "consents.texts") if data else (frozenset({"version", "language", "text"}), [])
    for number, cells in lines:
        version, language, text = (
            cells.get("version", "").lower(),
            _LANGUAGES.get(cells.get("language", "").lower(), ""),
            cells.get("text", ""),
        )
        known = version in found and found[version] != (text, language)
        if known or not _CODE.fullmatch(version) or not language or not 0 < len(text) <= _LONGEST:
            raise Malformed(
                "consents.texts", f"Line {number} of the texts has no version, language or text of its own.",
                next="version,language,text on the first line; each version once",
            )  # fmt: skip
        found[version] = (text, language)
    if not {"version", "language", "text"} <= heads:
        raise Malformed("consents.texts", "The texts need the columns version, language and text.",
                        next="version,language,text on the first line; each version once")  # fmt: skip
    return found


def read(data: str, by: Reading) -> Iterator[Line | Bad]:
    """Each line of the list, in its order. Raises Malformed `consents.form`."""
    heads, lines = _table(data, "consents.form")
    lacking = [name for name in _NEEDED if name not in heads]
    if lacking or not heads & {"subject", "customer"}:
        raise Malformed(
            "consents.form", f"The list lacks columns: {', '.join(lacking or ['subject'])}.",
            next="subject,question,act,at,version,channel on its first line",
        )  # fmt: skip
    told: dict[str, str] = {}
    for number, cells in lines:
        found = _line(number, cells, by)
        # One version is one text: words that differ from person to person would be somebody's own, and stand in a receipt that names nobody.
        if isinstance(found, Line) and told.setdefault(found.version, found.text) != found.text:
            found = Bad(number, "text")
        yield found


def _line(number: int, cells: Mapping[str, str], by: Reading) -> Line | Bad:
    who, value = _subject(cells.get("subject", "")), cells.get("customer", "")
    told = cells["act"].lower()
    act, question = _ACTS.get(told, ""), _ASKED.get(cells["question"].lower(), "")
    version = cells["version"].lower()
    text, language = by.texts.get(version, ("", ""))
    text, language = cells.get("text") or text, _LANGUAGES.get(cells.get("language", "").lower(), language)
    at, channel = _instant(cells["at"], by.zone), _CHANNELS.get(cells["channel"].lower(), "")
    purposes = tuple(one.strip().lower() for one in re.split(r"[;；、]", cells.get("purposes", "")) if one.strip())
    relation, guardian = cells.get("relation", "").lower(), written(cells.get("guardian", ""))
    wrong = {
        "nobody": not who and not value, "question": not question, "silence": told in _SILENT, "act": not act,
        "time": at == "", "zone": at == "zone", "future": isinstance(at, datetime) and at > by.now,
        "version": not _CODE.fullmatch(version), "text": not 0 < len(text) <= _LONGEST or (version in by.texts and text != by.texts[version][0]),
        "language": not language, "channel": not channel, "purpose": not set(purposes) <= by.purposes,
        "guardian": bool(relation) and (relation not in RELATIONS or not guardian.isprintable() or not 0 < len(guardian) <= 120),
    }  # fmt: skip
    reason = next((name for name in REASONS if wrong.get(name)), "")
    if reason or not isinstance(at, datetime):
        return Bad(number, reason)
    return Line(
        number,
        who,
        value,
        question,
        act,
        at,
        version,
        text,
        language,
        channel,
        purposes,
        guardian if relation else "",
        relation,
    )


def _instant(text: str, zone: ZoneInfo | None) -> datetime | str:
    """The instant in UTC; "" when it is none, "zone" when it names no zone and none was said. A day alone is no time."""
    if len(text) <= len("2024-05-01"):
        return ""
    try:
        at = datetime.fromisoformat(_PARTS.sub(_padded, text))
    except ValueError:
        return ""
    if at.tzinfo is None and zone is None:
        return "zone"
    try:
        return (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(UTC)
    except OverflowError:
        return ""


def _padded(found: re.Match[str]) -> str:
    year, month, day, hour = found.groups()
    return f"{year}-{month:0>2}-{day:0>2} {hour:0>2}:"


def _known(text: str) -> bool:
    """Whether the first line names a column of ours."""
    first = text.partition("\n")[0].strip()
    names = {_HEADS.get(one.strip(), one.strip().lower()) for one in first.split(_delimiter(first))}
    return bool(names & {*_HEADS.values()})


def _delimiter(first: str) -> str:
    """Spreadsheets part columns by comma, by tab, or, where a comma stands in numbers, by semicolon."""
    return max(",\t;", key=first.count)


def _table(data: str, slug: str) -> tuple[frozenset[str], list[tuple[int, dict[str, str]]]]:
    """(columns by their English names, (line, cells) of each row that is not empty); the number is that of the line a row ends on."""
    try:
        csv.field_size_limit(_MOST_TEXT)
        apart = _delimiter(data.partition("\n")[0])
        reader = csv.reader(io.StringIO(data, newline=""), strict=True, delimiter=apart)
        heads = [_HEADS.get(name.strip(), name.strip().lower()) for name in next(reader, [])]
        rows = [
            (reader.line_num, dict(zip(heads, (cell.strip() for cell in row), strict=False)))
            for row in reader
            if any(row)
        ]
    except csv.Error as error:
        raise Malformed(slug, "The list is not CSV.", next="Save it as CSV (UTF-8).") from error
    return frozenset(heads), [
        (number, {name: cells.get(name, "") for name in {*heads, *_NEEDED}}) for number, cells in rows
    ]


def _subject(text: str) -> bytes:
    try:
        return ids.subject_bytes(text)
    except CustodyError:
        return b""
