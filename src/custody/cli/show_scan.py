"""What a scan says on a screen: how tables hang together, the unsure columns first, then the others, what is in quarantine, and what was not looked at."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Final

from rich.console import Group, RenderableType
from rich.text import Text

from custody.cli.show import grid
from custody.cli.show_tables import diagram
from custody.cli.unseen import unseen_words
from custody.cli.verb import Result
from custody.cli.words import Words
from custody.services.words import class_words, reason_words

_UNSURE: Final = 60
_SHOWN: Final = 20
_CHANGES: Final = Words("与此前核对过的数据地图相比", "Compared with the map reviewed before")


def show_scan(result: Result, lang: str) -> RenderableType:
    """Columns, quarantine and skipped things; or findings inside values; or, after a rescan, what changed."""
    if "findings" in result:
        parts = [_findings(result["findings"], lang)]
    elif result.get("compared"):
        parts = [Text(_CHANGES.of(lang), style="bold"), changes(result["changes"], lang)]
    else:
        parts = [diagram(result["tables"], lang), Text(), _columns(result["tables"], lang)]
    if result.get("rejected"):
        parts += [Text(), Text(Words("隔离", "Quarantine").of(lang), style="bold"), _rejected(result["rejected"], lang)]
    if result.get("skipped"):
        parts += [
            Text(),
            Text(Words("没有看的", "Not looked at").of(lang), style="bold"),
            _skipped(result["skipped"], lang),
        ]
    return Group(*parts)


def changes(rows: Sequence[Mapping[str, Any]], lang: str) -> RenderableType:
    """Differences between two data maps, one per line."""
    if not rows:
        return Text(Words("没有变化。", "No change.").of(lang))
    told = [{**one, "before": _class(one, "before", lang), "after": _class(one, "after", lang)} for one in rows]
    return grid(told, ("table", "column", "what", "before", "after"), lang)


def _class(one: Mapping[str, Any], side: str, lang: str) -> str:
    text = str(one[side])
    return class_words(text, lang) if one["what"] in {"class", "column"} and text else text


def _columns(tables: Sequence[Mapping[str, Any]], lang: str) -> RenderableType:
    rows = [
        {"table": table["name"], "column": one["name"], "class": class_words(one["class"], lang), "level": one["level"], "%": one["confidence"]}
        for table in tables
        for one in table["columns"]
    ]  # fmt: skip
    rows.sort(key=lambda one: (one["%"] >= _UNSURE, one["%"] if one["%"] < _UNSURE else 0))
    return grid(rows, ("table", "column", "class", "level", "%"), lang)


def _findings(found: Sequence[Mapping[str, Any]], lang: str) -> RenderableType:
    counts = Counter((one["table"], one["column"], one["class"]) for one in found)
    rows = [
        {"table": table, "column": column, "class": class_words(cls, lang), "count": count}
        for (table, column, cls), count in counts.items()
    ]
    return grid(rows, ("table", "column", "class", "count"), lang)


def _rejected(rows: Sequence[Mapping[str, Any]], lang: str) -> RenderableType:
    told = [
        {"file": one["file"], "line": one["line"] or "", "row": one["row"], "reason": reason_words(one["reason"], lang)}
        for one in rows[:_SHOWN]
    ]
    more = len(rows) - len(told)
    last = Words(f"另有 {more} 行，见 --json", f"{more} more: see --json").of(lang) if more > 0 else ""
    return Group(grid(told, ("file", "line", "row", "reason"), lang), *([Text(last)] if last else []))


def _skipped(rows: Sequence[Mapping[str, Any]], lang: str) -> RenderableType:
    told = [{"file": one["file"], "table": one["table"], "reason": unseen_words(one, lang)} for one in rows]
    return grid(told, ("file", "table", "reason"), lang)
