"""The scan report: what personal data there is and where, why we think so, what is quarantined, what was not looked at.

Holds no value of anybody: examples are shapes. What was not looked at stands before what was found to be clean.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import Any, Final

from custody.cli.labels import code
from custody.cli.pages.diagram import joins
from custody.cli.pages.frame import answers, frame, head, number, table
from custody.cli.pages.heat import heat
from custody.cli.unseen import unseen_words
from custody.cli.words import Words
from custody.services.words import class_words, reason_words, why_words

_UNSURE: Final = 60
_ROWS_SHOWN: Final = 50
_FINE: Final = Words(
    "本报告由扫描生成，不含任何人的信息：示例只留下形状。打开时不连接网络。类别是建议，核对并签署数据地图之后才算数。",
    "Made by a scan; holds nobody's data: examples keep their shape alone. Opens without a network. Classes are proposals "
    "until somebody has checked and signed the data map.",
)
_ROLES: Final = {
    "subject": Words("一行一人", "a row is a person"),
    "about": Words("关于某人", "about a person"),
    "reference": Words("与个人无关", "about nobody"),
    "other-people": Words("其他人", "other people"),
}
Table = Mapping[str, Any]


def scan_page(shown: Mapping[str, Any], lang: str) -> str:
    """The whole file; `lang` is the language shown first."""
    return frame(_title(shown, lang), lambda one: _main(shown, one), lang, _FINE)


def _main(shown: Mapping[str, Any], lang: str) -> str:
    eyebrow = Words("扫描报告", "Scan report").of(lang)
    parts = (
        head(eyebrow, _title(shown, lang), _line(shown, lang), verified=False), _answers(shown, lang), _warning(shown, lang),
        _section("heat", Words("哪里有什么", "What lies where"), heat(shown["tables"], lang), lang),
        _section("joins", Words("各表怎样连到同一个人", "How tables reach a person"), joins(shown["tables"], lang), lang),
        *(_table(one, lang) for one in _ordered(shown["tables"])),
        _quarantine(shown, lang), _skipped(shown, lang),
    )  # fmt: skip
    return "".join(parts)


def _title(shown: Mapping[str, Any], lang: str) -> str:
    personal = [one for entry in shown["tables"] for one in entry["columns"] if one["level"] != "none"]
    sensitive = sum(1 for one in personal if one["level"] == "sensitive")
    tables = len(shown["tables"])
    if not personal:
        return Words(f"{tables} 张表里没有发现个人信息", f"No personal data found in {_many(tables, 'table')}").of(lang)
    return Words(
        f"{tables} 张表里有 {len(personal)} 列个人信息，其中 {sensitive} 列敏感",
        f"{_many(len(personal), 'column')} of personal data in {_many(tables, 'table')}, {sensitive} of them sensitive",
    ).of(lang)


def _many(count: int, noun: str) -> str:
    return f"{count} {noun}" + ("" if count == 1 else "s")


def _line(shown: Mapping[str, Any], lang: str) -> str:
    unsure = sum(1 for entry in shown["tables"] for one in entry["columns"] if _doubtful(one))
    if not unsure:
        return Words("每一列都有把握。示例只留形状。", "Every column is sure. Examples are shapes.").of(lang)
    return Words(
        f"{unsure} 列没有把握，请先看这些。示例只留形状。",
        f"{_many(unsure, 'column')} unsure: look at these first. Examples are shapes.",
    ).of(lang)


def _answers(shown: Mapping[str, Any], lang: str) -> str:
    rows = sum(entry["rows"] for entry in shown["tables"])
    people = sum(entry["rows"] for entry in shown["tables"] if entry["role"] == "subject")
    bad = sum(entry["quarantined"] for entry in shown["tables"])
    figures = (
        (number(rows), Words("行，逐行看过", "rows, each looked at")),
        (number(people), Words("行是一人一行", "rows that are one person each")),
        (number(bad), Words("行进了隔离区", "rows in quarantine")),
        (number(len(shown["skipped"])), Words("项没有看", "things not looked at")),
    )
    return answers(figures, lang)


def _warning(shown: Mapping[str, Any], lang: str) -> str:
    count = len([one for one in shown["skipped"] if one["reason"] != "file.system"])
    if not count:
        return ""
    text = Words(
        f"有 {count} 项没有看，里面有什么这份报告说不了。", f"{_many(count, 'thing')} not looked at: this report says nothing about what is in them."
    ).of(lang)  # fmt: skip
    link = Words("看是哪些", "See which").of(lang)
    return f'<section><p class="note note-warn"><span>{escape(text)} <a href="#skipped-{lang}">{link}</a></span></p></section>'


def _ordered(tables: Sequence[Table]) -> list[Table]:
    """Tables about people first, those with unsure columns before others."""
    rank = {"subject": 0, "other-people": 1, "about": 2, "reference": 3}
    return sorted(tables, key=lambda one: (rank[one["role"]], -sum(map(_doubtful, one["columns"])), one["name"]))


def _doubtful(column: Mapping[str, Any]) -> bool:
    return column["confidence"] < _UNSURE and not column["confirmed_by"]


def _table(entry: Table, lang: str) -> str:
    columns = sorted(entry["columns"], key=lambda one: (not _doubtful(one), one["confidence"] if _doubtful(one) else 0))
    heads = (
        Words("列", "column"), Words("类别", "class"), Words("级别", "level"), Words("形状", "shape"), Words("把握", "sure"),
        Words("凭什么", "why"),
    )  # fmt: skip
    top = "".join(f'<th scope="col">{one.of(lang)}</th>' for one in heads)
    body = "".join(_column(one, heads, entry["subject_key"], lang) for one in columns)
    unsure = sum(map(_doubtful, columns))
    open_now = " open" if unsure or entry["role"] != "reference" else ""
    told = ("，" if lang == "zh" else ", ").join(_facts(entry, unsure, lang))
    grid = f'<div class="tw"><table class="tbl tbl-tight tbl-stack sc-t"><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table></div>'
    return (
        f'<section class="sc"><details{open_now}><summary><h2>{escape(entry["name"])}</h2>'
        f'<span class="small muted">{escape(told)}</span></summary>{grid}</details></section>'
    )


def _facts(entry: Table, unsure: int, lang: str) -> Iterator[str]:
    kind = f" ({code(entry['kind'], lang)})" if entry["kind"] and entry["role"] != "reference" else ""
    yield _ROLES[entry["role"]].of(lang) + kind
    if entry["repeats"]:
        yield Words("一人可有多行", "a person may have several rows").of(lang)
    yield Words(f"{number(entry['rows'])} 行", f"{number(entry['rows'])} rows").of(lang)
    if entry["quarantined"]:
        yield Words(f"隔离 {number(entry['quarantined'])} 行", f"{number(entry['quarantined'])} quarantined").of(lang)
    if unsure:
        yield Words(f"{unsure} 列待看", f"{unsure} to look at").of(lang)
    yield entry["file"] if not entry["encoding"] else f"{entry['file']} ({entry['encoding']})"
    if entry["dialect"].get("hidden"):
        yield Words("隐藏的工作表", "a hidden sheet").of(lang)


def _column(one: Mapping[str, Any], heads: Sequence[Words], key: str, lang: str) -> str:
    kind = "f-conf-low" if _doubtful(one) else "f-conf"
    bar = (
        '<svg class="conf" viewBox="0 0 52 6" preserveAspectRatio="none" aria-hidden="true"><rect class="f-none" width="52" height="6"/>'
        f'<rect class="{kind}" width="{one["confidence"] * 52 // 100}" height="6"/></svg>'
    )
    sub = f'<span class="sub">{Words("主体键", "subject key").of(lang)}</span>' if one["name"] == key else ""
    shapes = "<br>".join(f'<span class="mono">{escape(shape)}</span>' for shape in one["examples"]) or "–"
    why = ("；" if lang == "zh" else "; ").join(why_words(text, lang) for text in one["why"])
    cells = (
        f'<span class="lead">{escape(one["name"])}</span>{sub}', escape(class_words(one["class"], lang)), _level(one, lang), shapes,
        f'<span class="nw">{bar}{one["confidence"]}%</span>', f'<span class="muted">{escape(why)}</span>',
    )  # fmt: skip
    labelled = "".join(
        f'<td{" class=" + chr(34) + "lead-cell" + chr(34) if not place else ""} data-l="{heads[place].of(lang)}">{cell}</td>'
        for place, cell in enumerate(cells)
    )
    return f"<tr>{labelled}</tr>"


def _level(one: Mapping[str, Any], lang: str) -> str:
    words = escape(code(one["level"], lang) if one["level"] != "none" else Words("非个人", "not personal").of(lang))
    if one["tier"] == "sensitive" and one["level"] != "sensitive":
        words = Words("一般，按敏感保护", "general, kept as sensitive").of(lang)
    return f'<span class="lvl{" lvl-s" if one["tier"] == "sensitive" else ""}">{words}</span>'


def _quarantine(shown: Mapping[str, Any], lang: str) -> str:
    title = Words("隔离区", "Quarantine")
    if not shown["quarantine"]:
        text = Words("没有隔离任何行。", "No row is in quarantine.").of(lang)
        return _section("quarantine", title, f'<p class="muted">{text}</p>', lang)
    heads = (Words("理由", "reason"), Words("行", "rows"))
    counts = sorted(shown["quarantine"].items(), key=lambda one: -one[1])
    summary = table(heads, [[escape(reason_words(slug, lang)), number(count)] for slug, count in counts], lang)
    return _section("quarantine", title, summary + _rejected(shown["rejected"], lang), lang)


def _rejected(rows: Sequence[Mapping[str, Any]], lang: str) -> str:
    heads = (Words("文件", "file"), Words("第几行", "line"), Words("第几条", "row"), Words("理由", "reason"))
    told = [
        [
            escape(one["file"]),
            number(one["line"]) if one["line"] else "–",
            number(one["row"]),
            escape(_detailed(one, lang)),
        ]
        for one in rows[:_ROWS_SHOWN]
    ]
    more = len(rows) - len(told)
    note = (
        Words(f"另有 {number(more)} 行，见 --json。", f"{number(more)} more: see --json.").of(lang) if more > 0 else ""
    )
    label = Words("逐行看", "Row by row").of(lang)
    return f'<details><summary>{label}</summary>{table(heads, told, lang)}<p class="small muted">{note}</p></details>'


def _detailed(one: Mapping[str, Any], lang: str) -> str:
    words = reason_words(one["reason"], lang)
    detail = (
        one["detail"].replace("column ", Words("列 ", "column ").of(lang))
        if one["detail"].startswith("column ")
        else ""
    )
    return f"{words} ({detail})" if detail else words


def _skipped(shown: Mapping[str, Any], lang: str) -> str:
    title = Words("没有看的，以及为什么", "Not looked at, and why")
    if not shown["skipped"]:
        text = Words("所指的全都看过。", "Everything named was looked at.").of(lang)
        return _section("skipped", title, f'<p class="muted">{text}</p>', lang)
    heads = (Words("文件", "file"), Words("表", "table"), Words("理由", "reason"))
    rows = [[escape(one["file"]), escape(one["table"]), escape(unseen_words(one, lang))] for one in shown["skipped"]]
    counts = Counter(one["reason"] for one in shown["skipped"])
    told = ("；" if lang == "zh" else "; ").join(f"{reason_words(slug, lang)} {number(count)}" for slug, count in counts.most_common())  # fmt: skip
    return _section("skipped", title, f'<p class="small muted">{escape(told)}</p>{table(heads, rows, lang)}', lang)


def _section(name: str, title: Words, inside: str, lang: str) -> str:
    return f'<section id="{name}-{lang}"><h2>{title.of(lang)}</h2>{inside}</section>' if inside else ""
