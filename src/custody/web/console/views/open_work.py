"""Open work: whose it is and until when; what customers had open when their data came is ended here by hand (B4, E5)."""

from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from custody.acts.desk import Desk
from custody.acts.replies import SAYS
from custody.services.campaign_reply import campaign_reply
from custody.services.work_assign import work_assign
from custody.services.work_close import HOWS, work_close
from custody.services.work_list import work_list
from custody.services.work_reopen import work_reopen
from custody.web.console.attempts import attempt
from custody.web.console.cells import PLAIN
from custody.web.console.house import desk
from custody.web.console.lists import SIZE, paged, start_of
from custody.web.console.steps import takes

_WRITTEN: Final = ("reply", "answer")
"""The kinds of work of which only who has read it knows what it was."""


@takes("close", "assign", "reopen", "reply")
@require_http_methods(["GET", "POST"])
def board(request: HttpRequest) -> HttpResponse:
    """The most urgent first, everybody's or one person's; what is ticked, or a whole table, is given to somebody or ended together."""
    person, whole = request.GET.get("of", "").strip()[:60], PLAIN.get()
    with desk(request) as at:
        tried = attempt(request, lambda: _done(at, request))
        if tried.answer:
            return tried.answer
        start = 0 if whole else start_of(request)
        found: Any = work_list(at, person, None, *(() if whole else (SIZE, start)))
    work = [{**one, "customer": one["work"].partition(":")[0] if one.get("rows") else ""} for one in found["work"]]
    page = {
        "found": found, "work": work, "tables": sorted({one["what"] for one in work if one["customer"]}), "hows": HOWS, "of": person, "says": SAYS,
        "replies": [one for one in work if one["kind"] in _WRITTEN],
        "ticked": request.POST.getlist("work"), "given": {name: request.POST.get(name, "") for name in ("to", "by", "how", "table", "again", "reply", "say")},
        "fault": tried.fault, "list": paged(request, found["total"]),
    }  # fmt: skip
    return render(request, "open_work.html", page, status=tried.code)


def _done(at: Desk, request: HttpRequest) -> HttpResponse:
    if request.POST.get("step") == "reopen":
        work_reopen(at, request.POST.get("again", "").strip())
        return redirect(request.get_full_path())
    if request.POST.get("step") == "reply":
        campaign_reply(at, request.POST.get("reply", ""), request.POST.get("say", ""))
        return redirect(request.get_full_path())
    table = request.POST.get("table", "")
    for work in [table] if table else request.POST.getlist("work")[:SIZE]:
        if request.POST.get("step") == "close":
            work_close(at, work, request.POST.get("how", ""))
        else:
            work_assign(at, work, request.POST.get("to", "").strip(), request.POST.get("by", ""))
    return redirect(request.get_full_path())
