"""Verbs of the quarantine: what was set aside, and dismissing it."""

import click
from rich.console import Group, RenderableType

from custody.acts.set_aside import STATES, WHYS
from custody.cli.shared import VAULT, at_desk
from custody.cli.show import facts, grid
from custody.cli.verb import Call, Result, Verb, option
from custody.cli.words import Words
from custody.services.quarantine_dismiss import quarantine_dismiss
from custody.services.quarantine_list import Asked, quarantine_list

_TABLE = option("--table", words=Words("哪张表", "which table"), default="")
_REASON = option("--reason", words=Words("因为什么被隔离", "set aside for which reason"), default="")
_STATE = option("--state", words=Words("状态", "in which state"), kind=click.Choice(STATES))
_MOST = option("--most", words=Words("最多列几行", "list so many lines at most"), kind=int, default=50)
_WHY = option("--why", words=Words("为什么不要", "why it is not wanted"), kind=click.Choice(WHYS), required=True)
_NUMBERS = option("--number", words=Words("第几号", "which number, as the list gives it"), kind=int, many=True)


def _list(call: Call, table: str, reason: str, state: str | None, most: int, vault: str | None) -> Result:
    return at_desk(call, lambda desk: quarantine_list(desk, vault, Asked(table, reason, state or ""), most=most))


def _dismiss(call: Call, why: str, number: tuple[int, ...], table: str, reason: str, vault: str | None) -> Result:
    return at_desk(call, lambda desk: quarantine_dismiss(desk, vault, why, number, table, reason))


def _show(result: Result, lang: str) -> RenderableType:
    return Group(
        grid(result["tables"], ("name", "file", "rows", "sealed", "dismissed", "open", "difference"), lang),
        grid(result["groups"], ("table", "file", "reason", "rows", "open"), lang),
        grid(result["lines"], ("number", "file", "line", "row", "reason", "state", "why"), lang),
    )


VERBS = (
    Verb("quarantine list", Words("隔离了什么，为什么，后来怎样", "what was set aside, why, and what became of it"),
         (_TABLE, _REASON, _STATE, _MOST, VAULT), _list, _show, "custody quarantine list"),
    Verb("quarantine dismiss", Words("写明理由，不要这些被隔离的行", "dismiss rows that were set aside, with a reason"),
         (_WHY, _NUMBERS, _TABLE, _REASON, VAULT), _dismiss, facts,
         "custody quarantine dismiss --why not-a-person --table customers --reason row.total"),
)  # fmt: skip
