"""What customers ask for: every request with its clock, taken in, read, and decided with the rule it rests on (B4)."""

from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from custody.acts.asked import ENDED, PAUSED
from custody.acts.clock_steps import WAYS
from custody.acts.desk import Desk
from custody.acts.identified import KINDS as SAID
from custody.acts.requesting import CHANNELS, EXTEND, KINDS, PAUSE, RESUME
from custody.base.errors import CustodyError, Missing
from custody.services.deal_show import deal_show
from custody.services.request_clock import request_clock
from custody.services.request_close import request_close
from custody.services.request_grounds import request_grounds
from custody.services.request_list import request_figures, request_line, request_list
from custody.services.request_new import PROOFS, request_new
from custody.services.request_show import request_show
from custody.services.work_assign import work_assign
from custody.services.work_list import work_list
from custody.web.console.attempts import attempt
from custody.web.console.cells import PLAIN
from custody.web.console.forms import said_lines
from custody.web.console.house import Told, desk, laws
from custody.web.console.lists import SIZE, paged, start_of, words_of
from custody.web.console.middleware import status, told
from custody.web.console.steps import takes

_ID: Final = 40
_KEPT: Final = ("deal", "subject", "kind", "channel", "proof", "note", "controller", "received")
"""What a form that was refused gives back; numbers that identify somebody are said again: no page repeats them."""


@require_http_methods(["GET", "POST"])
def board(request: HttpRequest) -> HttpResponse:
    """The most urgent first; those that are ticked are decided together."""
    fault, code = None, 200
    with desk(request) as at:
        if request.method == "POST":
            try:
                for ref in request.POST.getlist("ref")[:SIZE]:
                    request_close(at, laws(), ref, request.POST.get("state", ""), _rules(request))
                return redirect(request.get_full_path())
            except CustodyError as error:
                fault, code = told(error), status(error)
        page = _listed(request, at)
    return render(request, "requests.html", {**page, "fault": fault}, status=code)


def _listed(request: HttpRequest, at: Desk) -> dict[str, Any]:
    """What is on the page beside the form."""
    state, about = request.GET.get("show") or None, request.GET.get("subject", "")[:_ID]
    words, whole_list = words_of(request, "portal_kind", "channel", "request_state"), PLAIN.get()
    found: Any = request_list(at, state, None if whole_list else SIZE, 0 if whole_list else start_of(request), words)
    deals: Any = deal_show(at, None)["deals"]
    fits: Any = request_grounds(at, laws(), _open(found["requests"]))
    whose = {one["work"]: one for one in _work(at, *(one["ref"] for one in found["requests"]))}
    return {
        "found": found, "state": state or "", "ended": ENDED, "kinds": KINDS, "channels": CHANNELS[1:], "proofs": PROOFS, "said": SAID, "grounds": fits["grounds"],
        "shown": [{**one, "work": whose.get(one["ref"])} for one in found["requests"]], "list": paged(request, found["fits"]),
        "deals": [one for one in deals if one["kind"] == "deal"], "given": {"subject": about},
    }  # fmt: skip


def _open(listed: list[Any]) -> list[str]:
    return [one["ref"] for one in listed[:SIZE] if not one["closed_at"]]


def _work(at: Desk, *refs: str) -> list[Any]:
    """Whose these are, those of them that are open."""
    listed: Any = work_list(at, "", refs)["work"]
    return list(listed)


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Take in what came by telephone, letter, e-mail or at the desk; what was refused stands as it was typed, above the list of all."""
    if request.method != "POST":
        query = request.GET.urlencode()
        return redirect(f"{reverse('requests')}{'?' if query else ''}{query}")
    given = {name: request.POST.get(name, "") for name in _KEPT}
    with desk(request) as at:
        tried = attempt(request, lambda: _taken(at, request, given))
        page = {} if tried.answer else _listed(request, at)
    return tried.answer or render(
        request, "requests.html", {**page, "fault": tried.fault, "given": given}, status=tried.code
    )


def _taken(at: Desk, request: HttpRequest, given: dict[str, str]) -> HttpResponse:
    typed = {name: text for name, text in given.items() if name not in {"deal", "subject"}}
    typed["said"] = said_lines(request.POST)
    made: Told = request_new(at, laws(), given["deal"], given["subject"].strip(), typed)
    return redirect("request", ref=made["ref"])


@require_safe
def figures(request: HttpRequest) -> HttpResponse:
    """Every request as the regulator's CSV, without a word of who asked."""
    with desk(request) as at:
        answer = HttpResponse(request_figures(at), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="requests-regulator.csv"'
    return answer


@takes("read", "assign", "clock", "decide")
@require_http_methods(["GET", "POST"])
def show(request: HttpRequest, ref: str) -> HttpResponse:
    """One request. Reading the customer's words is entered first; a clock is moved with a reason that they read; deciding names the rule of a refusal."""
    fault, code, read = None, 200, None
    with desk(request) as at:
        try:
            if request.POST.get("step") == "read":
                read = request_show(at, ref)
            elif request.POST.get("step") == "assign":
                work_assign(at, ref, request.POST.get("to", ""), request.POST.get("by", ""))
                return redirect("request", ref=ref)
            elif request.POST.get("step") == "clock":
                request_clock(at, laws(), ref, *(request.POST.get(name, "") for name in ("clock", "why", "told")))
                return redirect("request", ref=ref)
            elif request.method == "POST":
                request_close(
                    at,
                    laws(),
                    ref,
                    request.POST.get("state", ""),
                    _rules(request),
                    request.POST.getlist("by"),
                )
                return redirect("request", ref=ref)
        except CustodyError as error:
            fault, code = told(error), status(error)
        try:
            one = request_line(at, ref)
        except Missing:
            if fault is None:
                raise
            return render(request, "fault.html", {"fault": fault}, status=code)  # what was not allowed, is said first
        work = next(iter(_work(at, ref)), None)
        fits: Any = request_grounds(at, laws(), _open([one]))
    page = {"one": one, "read": read, "work": work, "steps": (read or one)["steps"], "ended": ENDED, "fault": fault, "grounds": fits["grounds"], "ways": WAYS,
            "clock_steps": (RESUME,) if one["state"] == PAUSED else (PAUSE, EXTEND)}  # fmt: skip
    return render(request, "request.html", page, status=code)


def _rules(request: HttpRequest) -> str:
    """The grounds that were chosen, one of each law."""
    return ",".join(filter(None, (one.strip() for one in request.POST.getlist("rule"))))
