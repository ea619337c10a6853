"""What the law asks of a deal: obligations with what is on file and what lacks, and every clock that runs (C1, C2)."""

from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from custody.base.errors import CustodyError, Malformed
from custody.services.deal_due import deal_due
from custody.services.deal_plan import deal_plan
from custody.services.deal_stand import deal_stand
from custody.services.evidence_add import evidence_add
from custody.web.console.catalogue import words
from custody.web.console.house import Told, desk, laws
from custody.web.console.middleware import status, told
from custody.web.console.sheets import sheet
from custody.web.console.templatetags.words import cite, proof, said
from custody.web.console.uploads import PAPER, brings

_MOST_PAPER: Final = 32 * 2**20
_STATES: Final = ("open", "perhaps", "met", "standing")


@brings(PAPER)
@require_http_methods(["GET", "POST"])
def duties(request: HttpRequest, ref: str) -> HttpResponse:
    """Obligations of one deal, those that lack something first; a paper is filed in its row."""
    fault, code = None, 200
    with desk(request) as at:
        if request.method == "POST":
            try:
                evidence_add(at, laws(), ref, request.POST.get("kind", ""), paper_of(request))
                return redirect(f"{request.path}?show={request.GET.get('show', '')}")
            except CustodyError as error:
                fault, code = told(error), status(error)
        stand: Told = deal_stand(at, laws(), ref)
        plan: Any = deal_plan(at, laws(), ref)
    counts = {state: sum(1 for one in plan["duties"] if one["state"] == state) for state in _STATES}
    wanted = request.GET.get("show") or next((state for state in _STATES if counts[state]), "open")
    rows = (
        [
            one["rule"],
            said(one["title"]),
            cite(one["reference"]),
            words(f"duty_state.{one['state']}"),
            words("word.join").join(proof(need) for need in one["lacks"]),
        ]
        for one in plan["duties"]
    )
    made = sheet(
        request,
        "duties",
        ("duties.rule", "duties.duty", "deal.by", "duties.state", "duties.lacks"),
        rows,
    )
    shown = [one for one in plan["duties"] if one["state"] == wanted]
    page = {
        "deal": stand,
        "tab": "duties",
        "plan": plan,
        "shown": shown,
        "counts": counts,
        "wanted": wanted,
        "fault": fault,
    }
    return made or render(request, "duties.html", page, status=code)


@require_safe
def due(request: HttpRequest) -> HttpResponse:
    """Every clock of every deal that is not closed, the next to end first."""
    with desk(request) as at:
        found: Any = deal_due(at, laws(), None)
    return render(request, "due.html", {"found": found})


def paper_of(request: HttpRequest) -> bytes:
    """The paper that a form brings. Raises Malformed `console.paper`."""
    file = request.FILES.get("paper")
    if file is None or not file.size or file.size > _MOST_PAPER:
        raise Malformed("console.paper", "No paper came, or it is larger than 32 MiB.", next="Choose the file again.")
    return file.read()
