"""Verbs of the law: check, and whatever a lawyer asks of a pack."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from rich.console import Group

from custody import wiring
from custody.base.errors import Malformed
from custody.cli.show import grid
from custody.cli.verb import PATH, Call, Result, Verb, argument, option
from custody.cli.words import Words
from custody.services.law_cases import law_cases
from custody.services.law_check import law_check
from custody.services.law_clock import law_clock


def _facts(file: Path) -> dict[str, Any]:
    """A JSON object from a file."""
    try:
        given = json.loads(wiring.folder(file.parent).read(file.name))
    except ValueError as error:
        raise Malformed("cli.json", "The facts are not JSON.", where={"file": file.name}) from error
    if not isinstance(given, dict):
        raise Malformed("cli.json", "Facts are one JSON object.", where={"file": file.name})
    return given


def _check(call: Call, facts_file: Path) -> Result:  # noqa: ARG001 - needs no home
    return law_check(wiring.laws(), _facts(facts_file), datetime.now(UTC).date())


def _clock(call: Call, rule: str, event: str, start: str, facts: Path | None) -> Result:  # noqa: ARG001 - needs no home
    return law_clock(wiring.laws(), rule, event, start, _facts(facts) if facts else {}, datetime.now(UTC).date())


def _cases(call: Call, places: tuple[str, ...], *, mutants: bool) -> Result:  # noqa: ARG001 - needs no home
    return law_cases(wiring.laws(), places, mutate=mutants)


def _show_cases(result: Result, lang: str) -> object:
    rows = [{"place": place, "cases": count} for place, count in result["places"].items()]
    wrong = [f"{one['file']}:{one['line']} {one['case']}\n  " + "\n  ".join(one["wrong"]) for one in result["failed"]]
    lacking = [f"{one['rule']}: {', '.join(one['lacks'])}" for one in result["unproven"]]
    told: list[Any] = [grid(rows, ("place", "cases")), *wrong]
    return Group(*told, *([_UNPROVEN.of(lang), *lacking] if lacking else []), *_show_mutants(result, lang))


def _show_mutants(result: Result, lang: str) -> list[str]:
    if "mutants" not in result:
        return []
    found = result["mutants"]
    lines = [f"{one['file']}:{one['line']} {one['rule']}: {one['change']}" for one in found["survived"]]
    return [f"{_NOTICED.of(lang)} {found['noticed']:,} / {found['total']:,}", *lines]


def _show_clock(result: Result, lang: str) -> object:
    rows = [{"what": _CLOCK[key].of(lang), "is": str(result[key])} for key in _CLOCK if result[key]]
    due = result["due_at"]
    said = _DUE["none"] if due is None else _DUE["immediate"] if due == "immediate" else Words(str(due), str(due))
    return grid([{"what": _DUE["due"].of(lang), "is": said.of(lang)}, *rows], ("what", "is"))


def _show(result: Result, lang: str) -> object:
    rows = [{"rule": one["id"], "kind": one["kind"], "says": one["says"][lang]} for one in result["fired"]]
    return grid(rows, ("rule", "kind", "says"), lang)


_DUE: Final = {
    "due": Words("期限", "due"),
    "none": Words("没有期限", "no deadline"),
    "immediate": Words("立即", "at once"),
}
_CLOCK: Final = {
    "bound": Words("界限", "bound"),
    "zone": Words("时区", "zone"),
    "source": Words("来源", "source"),
    "missing": Words("还缺", "missing"),
}

_NOTICED: Final = Words("案例发现的规则改动：", "Changes of rules that cases notice:")
_UNPROVEN: Final = Words("没有成立或不成立案例的规则：", "Rules without a case in which they fire, or do not:")

VERBS = (
    Verb(
        "law check",
        Words("根据事实判断哪些义务成立", "which obligations follow from given facts"),
        (argument("facts_file", kind=PATH),),
        _check,
        _show,
        "custody law check facts.json",
    ),
    Verb(
        "law clock",
        Words("计算一项义务何时到期", "when an obligation is due"),
        (
            argument("rule"),
            option("--event", words=Words("起算事件", "the start event"), required=True),
            option(
                "--start",
                words=Words("起算时刻（ISO 8601，带时区）", "its moment, ISO 8601 with an offset"),
                required=True,
            ),
            option("--facts", words=Words("事实文件", "a file of facts"), kind=PATH),
        ),
        _clock,
        _show_clock,
        "custody law clock CN-INC-4H --event discovered --start 2026-03-16T22:30:00+08:00 --facts facts.json",
    ),
    Verb(
        "law cases",
        Words("运行规则旁的案例", "run the worked cases beside the rules"),
        (
            argument("places", many=True, required=False),
            option("--mutants", words=Words("并试改每条规则", "also change each rule a little"), flag=True),
        ),
        _cases,
        _show_cases,
        "custody law cases CN",
    ),
)
