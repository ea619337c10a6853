"""Quarantine: what was set aside, by file and line, why, and what became of it; dismissed by reason, and the sum that nothing was dropped (A2, C8)."""

from collections.abc import Iterator
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods

from custody.acts.desk import Desk
from custody.acts.set_aside import HANDLERS, STATES, WHYS
from custody.base.errors import Malformed
from custody.services.quarantine_dismiss import quarantine_dismiss
from custody.services.quarantine_list import Asked, quarantine_list
from custody.services.vault_list import vault_names
from custody.services.words import reason_words
from custody.web.console.attempts import attempt
from custody.web.console.catalogue import either, lang
from custody.web.console.cells import PLAIN
from custody.web.console.forms import whole
from custody.web.console.house import Told, desk
from custody.web.console.lists import SIZE, paged, start_of
from custody.web.console.sheets import sheet
from custody.web.console.steps import takes
from custody.web.console.templatetags.words import moment

_HEADS: Final = (
    "map.file",
    "map.table",
    "map.line_no",
    "aside.row",
    "map.reason",
    "aside.state",
    "aside.why",
    "aside.by",
    "ledger.when",
)
_NAMES: Final = ("vault", "table", "reason", "state")
_DIGITS: Final = 9


@takes("all", "some")
@require_http_methods(["GET", "POST"])
def quarantine(request: HttpRequest) -> HttpResponse:
    """One vault's, a page of lines at a time."""
    with desk(request) as at:
        names = vault_names(at)
        given = {name: request.POST.get(name) or request.GET.get(name, "") for name in _NAMES}
        vault = given["vault"] if given["vault"] in names else next(iter(reversed(names)), None)
        if vault is None:
            return render(request, "quarantine.html", {"vault": None})
        tried = attempt(request, lambda: _dismiss(at, request, vault, given))
        if tried.answer:
            return tried.answer
        asked = Asked(given["table"], given["reason"], given["state"] if given["state"] in STATES else "")
        whole_list = PLAIN.get()
        found: Told = quarantine_list(
            at, vault, asked, 0 if whole_list else start_of(request), None if whole_list else SIZE
        )
        may = bool(at.principal.roles & frozenset(HANDLERS))
    whole_ones = [one for one in found["tables"] if not _spotted(one)]
    made = sheet(request, "lines", _HEADS, _rows(found))
    page = {
        "found": found, "vault": vault, "vaults": names, "asked": asked, "states": STATES, "whys": WHYS, "may": may,
        "rows": [one for one in found["groups"] if one["looked_at"]], "unread": [one for one in found["groups"] if not one["looked_at"]],
        "list": paged(request, found["total"]), "fault": tried.fault,
        "bunch": _bunch(found, asked), "whole": whole_ones, "rest": sum(one["rows"] for one in whole_ones), "spotted": [one for one in found["tables"] if _spotted(one)],
    }  # fmt: skip
    return made or render(request, "quarantine.html", page, status=tried.code)


def _dismiss(at: Desk, request: HttpRequest, vault: str, given: dict[str, str]) -> HttpResponse:
    """The lines that were ticked, or every one of the table and reason shown."""
    at.require(HANDLERS)
    form, back = request.POST, {**given, "vault": vault}
    if form.get("do") == "all":
        quarantine_dismiss(at, vault, form.get("why", ""), table=given["table"], reason=given["reason"])
    else:
        numbers = [whole(one, _DIGITS) for one in form.getlist("number")]
        told = {one for one in numbers if one is not None}
        if not told or len(told) != len(numbers):
            raise Malformed("quarantine.which", "Say which rows: their numbers, or a table and a reason.", next="Tick the lines first.")  # fmt: skip
        quarantine_dismiss(at, vault, form.get("why", ""), told)
    return redirect(f"/quarantine?{urlencode({name: value for name, value in back.items() if value})}")


def _spotted(table: Told) -> bool:
    """Whether a row of the table was set aside, or is missing."""
    return bool(table["dismissed"] or table["open"] or table["difference"])


def _bunch(found: Told, asked: Asked) -> Any:  # noqa: ANN401 - a line of what the service answers
    """The table and reason that the page is narrowed to, if some of it is still open."""
    wanted = (asked.table, asked.reason)
    return next((one for one in found["groups"] if (one["table"], one["reason"]) == wanted and one["open"]), None)


def _rows(found: Told) -> Iterator[list[object]]:
    """Places and reasons; nothing of what stood there, masked or not, leaves by a sheet."""
    for one in found["lines"]:
        state, why = either(f"aside_state.{one['state']}", one["state"]), either(f"aside_why.{one['why']}", one["why"])
        yield [
            one["file"],
            one["table"],
            one["line"],
            one["row"],
            reason_words(one["reason"], lang()),
            state,
            why,
            one["by"],
            moment(one["at"]),
        ]
