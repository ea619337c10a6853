"""Verbs of the law: check, and whatever a lawyer asks of a pack."""

import json
from datetime import UTC, datetime
from pathlib import Path

from custody import wiring
from custody.base.errors import Malformed
from custody.cli.show import grid
from custody.cli.verb import PATH, Call, Result, Verb, argument
from custody.cli.words import Words
from custody.services.law_check import law_check


def _check(call: Call, facts_file: Path) -> Result:  # noqa: ARG001 - needs no home
    try:
        given = json.loads(wiring.folder(facts_file.parent).read(facts_file.name))
    except ValueError as error:
        raise Malformed("cli.json", "The facts are not JSON.", where={"file": facts_file.name}) from error
    return law_check(wiring.laws(), given, datetime.now(UTC).date())


def _show(result: Result, lang: str) -> object:
    rows = [{"rule": one["id"], "kind": one["kind"], "says": one["says"][lang]} for one in result["fired"]]
    return grid(rows, ("rule", "kind", "says"), lang)


VERBS = (
    Verb(
        "law check",
        Words("根据事实判断哪些义务成立", "which obligations follow from given facts"),
        (argument("facts_file", kind=PATH),),
        _check,
        _show,
        "custody law check facts.json",
    ),
)
