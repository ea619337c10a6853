"""Verbs of where data lies: what is known, an exception for a place abroad, its end."""

from pathlib import Path

from rich.console import Group, RenderableType

from custody.cli.shared import DRY, at_desk
from custody.cli.show import facts, grid
from custody.cli.verb import Call, Result, Verb, argument, option
from custody.cli.words import Words
from custody.services.residency_allow import residency_allow
from custody.services.residency_end import residency_end
from custody.services.residency_list import residency_list

_UNTIL = option("--until", words=Words("到哪一天", "until which day"), required=True)
_REASON = option("--reason", words=Words("为什么，写进账本", "why; it goes into the ledger"), required=True)


def _allow(call: Call, place: str, until: str, reason: str, dry_run: bool) -> Result:
    full = place if place.startswith("s3://") else str(Path(place).resolve())
    return at_desk(call, lambda desk: residency_allow(desk, full, until, reason, dry_run=dry_run))


def _show(result: Result, lang: str) -> RenderableType:
    return Group(
        grid(result["vaults"], ("name", "region"), lang),
        grid(result["places"], ("place", "region"), lang),
        grid(result["exceptions"], ("n", "place", "region", "until", "reason", "in_force"), lang),
    )


VERBS = (
    Verb("residency list", Words("数据在哪些地域，有哪些例外", "where data lies, and the exceptions"), (),
         lambda call: at_desk(call, residency_list), _show, "custody residency list"),
    Verb("residency allow", Words("例外：到某日为止，允许数据放到境外某处，须第二人批准", "an exception: data may lie at a place abroad until a day; a second person approves it"),
         (argument("place"), _UNTIL, _REASON, DRY), _allow, facts,
         "custody residency allow berlin --until 2026-12-31 --reason 'disk of the auditor in Berlin, contract 7' --dry-run"),
    Verb("residency end", Words("提前结束一个例外", "end an exception before its day"),
         (argument("n", kind=int),), lambda call, n: at_desk(call, lambda desk: residency_end(desk, n)), facts, "custody residency end 1"),
)  # fmt: skip
