"""Guardians: whose yes for a child waits for a paper; entering that one was seen, or that it proves nothing (B2; spec/consent.md §8)."""

from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from custody.acts.desk import Desk
from custody.acts.guardians import DOCUMENTS, LONGEST, RELATIONS
from custody.base.pictures import KINDS
from custody.services.guardian_doubt import guardian_doubt
from custody.services.guardian_list import guardian_list
from custody.services.guardian_look import PURPOSES, guardian_look
from custody.services.guardian_prove import guardian_prove
from custody.services.guardian_show import guardian_show
from custody.web.console.attempts import attempt
from custody.web.console.cells import PLAIN
from custody.web.console.house import Told, desk
from custody.web.console.lists import SIZE, paged, start_of
from custody.web.console.steps import takes
from custody.web.console.uploads import PAPER, brings

_FIELDS: Final = ("document", "relation", "name", "sha256")
_MOST_FILE: Final = 32 * 2**20
_REASON: Final = 2_100


@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """Every child for whom a guardian said yes; a file holds them all."""
    every = PLAIN.get()
    with desk(request) as at:
        found: Any = guardian_list(at, None if every else SIZE, 0 if every else start_of(request))
    page = {"found": found, "list": paged(request, found["total"])}
    return render(request, "guardians.html", page)


@brings(PAPER)
@takes("look", "prove", "doubt")
@require_http_methods(["GET", "POST"])
def show(request: HttpRequest, ref: str, subject: str) -> HttpResponse:
    """One of them: what was said, which paper was seen, and the forms of both acts."""
    with desk(request) as at:
        one: Told = guardian_show(at, ref, subject)
        tried = attempt(request, lambda: _step(at, request, ref, subject))
        if tried.answer:
            return tried.answer
    given = {name: request.POST.get(name, "") for name in (*_FIELDS, "reason", "purpose", "look")}
    page = {
        "one": one, "given": given, "fault": tried.fault, "documents": DOCUMENTS, "relations": RELATIONS, "longest": LONGEST, "purposes": PURPOSES,
    }  # fmt: skip
    return render(request, "guardian.html", page, status=tried.code)


def _step(at: Desk, request: HttpRequest, ref: str, subject: str) -> HttpResponse:
    form = request.POST
    if form.get("step") == "look":
        return _shown(guardian_look(at, ref, subject, *(form.get(name, "") for name in ("sha256", "purpose", "look"))))
    if form.get("step") == "doubt":
        guardian_doubt(at, ref, subject, form.get("reason", "")[:_REASON])
    else:
        guardian_prove(at, ref, subject, {name: form.get(name, "") for name in _FIELDS}, _picture(request))
    return redirect("guardian", ref=ref, subject=subject)


def _shown(looked: Told) -> HttpResponse:
    """The picture itself, kept nowhere on the way; what a stranger sent runs nothing: a PDF of before is never drawn by the browser here."""
    answer = HttpResponse(looked["data"], content_type=KINDS.get(looked["kind"], "application/octet-stream"))
    how = "inline" if looked["kind"] in KINDS else "attachment"
    answer.headers["Content-Disposition"] = f'{how}; filename="paper.{looked["kind"]}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _picture(request: HttpRequest) -> bytes:
    """What was handed in; nothing where it is more than a picture of a paper may be."""
    file = request.FILES.get("paper")
    return file.read() if file is not None and (file.size or 0) <= _MOST_FILE else b""
