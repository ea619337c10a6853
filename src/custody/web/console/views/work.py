"""A job as its reader sees it: how far it is, stop it, or what came of it."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from custody.base.errors import Denied
from custody.services.deal_known import deal_known
from custody.web.console import jobs
from custody.web.console.house import desk
from custody.web.console.jobs import READINGS, WHOLE, fault, gone
from custody.web.console.middleware import told
from custody.web.console.models import Person, Work


@require_safe
def show(request: HttpRequest, work: str) -> HttpResponse:
    """The page of a job; a finished one leads on."""
    row = _here(request, work)
    shown = page(row)
    return redirect(row.back) if row.state == "done" else render(request, "work.html", shown)


@require_safe
def part(request: HttpRequest, work: str) -> HttpResponse:
    """What the page asks again every second; when the work ends it sends the reader on."""
    row = _here(request, work)
    shown = page(row)
    answer = render(request, "part_work.html", shown)
    if row.state != "running" or shown["dead"]:
        answer["HX-Redirect"] = row.back if row.state == "done" else f"/work/{row.id}"
    return answer


@require_POST
def stop(request: HttpRequest, work: str) -> HttpResponse:
    """Ask it to stop at its next step: only whoever began it may."""
    row = _here(request, work)
    person = request.user
    assert isinstance(person, Person)
    if row.by != person.principal:
        raise Denied("console.stop", "Only who began this may stop it.", next="Ask them.")
    jobs.stop(row)
    return redirect("work", work=row.id)


def _here(request: HttpRequest, work: str) -> Work:
    """The job, if somebody of the reader's own company began it (one console also serves the companies of the sample) and the reader sees the deal that it is about."""
    row, person = get_object_or_404(Work, id=work), request.user
    assert isinstance(person, Person)
    began = Person.objects.filter(principal=row.by).first()
    if began is None or began.place != person.place:
        raise Http404
    words = row.about.split(":")
    with desk(request) as at:
        if len(deal_known(at, words)) < len(set(words)):
            raise Http404
    return row


def page(row: Work) -> dict[str, Any]:
    """What its templates need; `row` is read again where it ended meanwhile."""
    dead = gone(row)
    error = fault(row)
    seconds, times = int((timezone.now() - row.at).total_seconds()), READINGS.get(row.kind, 1)
    return {
        "work": row, "whole": row.kind in WHOLE, "dead": dead, "fault": told(error, now=False) if error else None, "seconds": seconds, "before": jobs.before(row),
        "rows": row.done // times, "of": row.total // times, "per_cent": min(99, 100 * row.done // row.total) if row.total else 0,
    }  # fmt: skip
