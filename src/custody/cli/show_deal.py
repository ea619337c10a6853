"""A deal as people read it: its facts in the words of the law, where it stands, what it lacks."""

from collections.abc import Mapping
from typing import Any, Final

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from custody import wiring
from custody.cli.labels import code, label
from custody.cli.show import facts, grid
from custody.cli.show_plan import OPEN, SHUT, lacks
from custody.cli.verb import Result
from custody.cli.words import Words
from custody.services.law_facts import law_facts

Fact = Mapping[str, Any]
_NAMED: Final = ("id", "counterparty", "vault")


def show(result: Result, lang: str) -> RenderableType:
    """One deal with its facts and statements, or all of them."""
    if "deals" in result:
        rows = [{"deal": one["ref"], "state": _state(one, lang), **_named(one)} for one in result["deals"]]
        return grid(rows, ("deal", "state", "counterparty", "vault"), lang)
    return Group(
        _head(result, lang), facts(_named(result), lang), *_facts(result["facts"], lang), *_below(result, "statements", lang)
    )  # fmt: skip


def stand(result: Result, lang: str) -> RenderableType:
    """Where a deal stands: its stages, the newest verdicts, what is lacking, its facts."""
    onward = result["next"]
    lines = {name: code(str(onward[name]), lang) for name in ("stage", "act") if onward}
    counted = (result["verdicts"] or {}).get("by_verdict")
    lacking = [{"rule": one["rule"], "title": one["title"][lang], "lacks": lacks(one, lang)} for one in result["gates"]]
    parts: list[RenderableType] = [_head(result, lang)]
    parts += [Text(), Text(_NEXT.of(lang), style="bold"), facts(lines, lang)] if lines else []
    parts += _below(result, "stages", lang)
    parts += [Text(), grid([counted], tuple(counted), lang)] if counted else []
    parts += (
        [Text(), Text(SHUT.of(lang), style="bold"), grid(lacking, ("rule", "title", "lacks"), lang)] if lacking else []
    )
    return Group(*parts, *_facts(result["facts"], lang))


def _head(result: Result, lang: str) -> Text:
    form = result.get("structure") or result["facts"].get("deal.structure")
    told = (str(result["ref"]), code(str(form), lang) if form else "", _state(result, lang))
    return Text(" · ".join(one for one in told if one), style="bold")


def _state(result: Fact, lang: str) -> str:
    return OPEN.of(lang) if result["state"] == "open" else code(str(result["state"]), lang)


def _named(result: Fact) -> dict[str, Any]:
    return {name: result[name] for name in _NAMED if result.get(name)}


def _below(result: Result, name: str, lang: str) -> list[RenderableType]:
    rows = result[name]
    return [Text(), Text(label(name, lang), style="bold"), grid(rows, tuple(rows[0]), lang)] if rows else []


def _facts(told: Mapping[str, Any], lang: str) -> list[RenderableType]:
    """Each fact by its name and in words, in the order of the law's own list; what is not known is not shown."""
    lines = Table.grid(padding=(0, 2))
    listed: Result = law_facts(wiring.laws(), ())
    known = [one for one in listed["facts"] if told.get(one["fact"]) is not None]
    for fact in known:
        lines.add_row(
            Text(f"  {fact['name'][lang]}"),
            Text(_value(fact, told[fact["fact"]], lang)),
            Text(fact["fact"], style="dim"),
        )
    return [Text(), Text(label("facts", lang), style="bold"), lines]


def _value(fact: Fact, value: object, lang: str) -> str:
    if isinstance(value, list):
        return _AND.of(lang).join(_value(fact, one, lang) for one in value) or _NONE.of(lang)
    if isinstance(value, bool):
        return (_YES if value else _NO).of(lang)
    if value in fact["values"]:
        return str(fact["values"][value]) if lang == "zh" else str(value).replace("_", " ")
    return f"{value:,}" if isinstance(value, int) else str(value)


_NEXT: Final = Words("下一步", "Next")
_YES, _NO, _NONE, _AND = Words("是", "yes"), Words("否", "no"), Words("无", "none"), Words("、", ", ")
