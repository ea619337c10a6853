"""A plan and a due list as people read them."""

from collections.abc import Mapping
from typing import Any, Final

from rich.console import Group, RenderableType
from rich.text import Text

from custody.cli.labels import code
from custody.cli.missing import lacking
from custody.cli.show import grid
from custody.cli.verb import Result
from custody.cli.words import Words

Row = Mapping[str, Any]
_MARK: Final = {"done": "✓", "now": "→", "open": "·"}


def plan(result: Result, lang: str) -> RenderableType:
    """Stages first, then what keeps the next one shut, then the clocks; the rest is for `--json`."""
    head = [code(str(result[key]), lang) for key in ("deal", "structure", "line") if result[key]]
    head.append(OPEN.of(lang) if result["state"] == "open" else code(str(result["state"]), lang))
    steps = [_step(one, lang) for one in result["steps"]]
    shut = [
        {
            "stage": _shuts(one, result["steps"]),
            "rule": one["rule"],
            "title": one["title"][lang],
            "lacks": lacks(one, lang),
        }
        for one in result["gates"]
    ]
    open_ = [one for one in result["duties"] if one["state"] in {"open", "perhaps"}]
    parts: list[RenderableType] = [
        Text(" · ".join(head), style="bold"),
        Text(),
        grid(steps, ("mark", "stage", "at", "act", "who", "shut_by"), lang),
    ]
    if shut:
        parts += [Text(), Text(SHUT.of(lang), style="bold"), grid(shut, ("stage", "rule", "title", "lacks"), lang)]
    parts += [Text(), Text(_DUTIES.of(lang).format(n=len(result["duties"]), open=len(open_)), style="bold")]
    return Group(*parts, *_clocks(result["clocks"], lang))


def due(result: Result, lang: str) -> RenderableType:
    """The due list: late first."""
    return Group(*_clocks(result["due"], lang))


def _step(one: Row, lang: str) -> dict[str, object]:
    mark = "✗" if one["state"] == "now" and one["shut_by"] else _MARK[one["state"]]
    act = "" if one["state"] == "done" else f"custody {one['act']}" + (_TWO.of(lang) if one["people"] > 1 else "")
    who = one["who"] if one["state"] != "done" else []
    return {
        "mark": mark,
        "stage": one["stage"],
        "at": str(one["at"])[:10],
        "act": act,
        "who": who,
        "shut_by": one["shut_by"],
    }


def _shuts(one: Row, steps: list[Row]) -> str:
    """The stage of this deal's own line that a gate shuts: where nothing is shipped, control does not change hands."""
    return str(next((step["stage"] for step in steps if one["rule"] in step["shut_by"]), one["stage"]))


def lacks(one: Row, lang: str) -> list[str]:
    """The evidence a gate asks for, or the facts it does not know."""
    return [lacking(name, lang) for name in (one["asks"] if one["unknown"] else one["evidence"])]


def _clocks(rows: list[Row], lang: str) -> list[RenderableType]:
    """Those with a date or due at once; how many wait for a moment that nobody has told."""
    dated = [one for one in rows if one["due_at"]]
    columns = (
        ("deal", "state", "due_at", "rule", "title")
        if dated and "deal" in dated[0]
        else ("state", "due_at", "rule", "title")
    )
    shown = [
        {**one, "title": one["title"][lang] + (f" ({one['for'][lang]})" if one["for"].get(lang) else "")}
        for one in dated
    ]
    waiting = sum(1 for one in rows if one["state"] == "waiting")
    tail = [Text(_WAITING.of(lang).format(n=waiting), style="dim")] if waiting else []
    dates: list[RenderableType] = [grid(shown, columns, lang)] if shown else []
    return [Text(), Text(_CLOCKS.of(lang), style="bold"), *dates, *tail]


OPEN: Final = Words("进行中", "open")
_TWO: Final = Words("（两人）", " (two people)")
SHUT: Final = Words("还缺什么", "What is lacking")
_DUTIES: Final = Words("义务 {n} 项，其中 {open} 项未了或待定", "{n} obligations, {open} of them open or not certain")
_CLOCKS: Final = Words("期限", "Clocks")
_WAITING: Final = Words("另有 {n} 个期限等一个尚未告知的时刻。", "{n} more wait for a moment that nobody has told.")
