"""Working together on a deal: tasks from obligations and by hand, comments with mentions, notices, a window for the parties (E5)."""

import hashlib
import secrets
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any, Final

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from custody.acts.desk import Desk
from custody.acts.members import GIVERS
from custody.base.errors import CustodyError, Malformed
from custody.services.deal_plan import deal_plan
from custody.services.deal_stand import deal_stand
from custody.services.member_add import member_add
from custody.services.member_end import member_end
from custody.web.console.attempts import attempt
from custody.web.console.forms import line, whole
from custody.web.console.house import Told, came, desk, inside, laws, seat
from custody.web.console.lists import paged, start_of
from custody.web.console.members import membership
from custody.web.console.middleware import status, told
from custody.web.console.models import Comment, Notice, Person, Task, Window
from custody.web.console.notices import colleagues, mentioned, open_to, tell_of, waiting
from custody.web.console.steps import takes
from custody.web.console.templatetags.words import said
from custody.web.console.views.channels import keep_address

WORKS: Final = ("advisor", "owner", "privacy", "lawyer", "data", "department", "operator")
SHOWS: Final = ("advisor", "owner", "privacy", "lawyer")
_MAY: Final[Mapping[str, tuple[str, ...]]] = {"window": SHOWS, "shut": SHOWS, "join": GIVERS, "leave": GIVERS}
_DAYS: Final = (7, 30, 90)
_TITLE, _RULE, _WHOM, _LONGEST = 200, 60, 80, 4000
_SHOWN: Final = 100


@takes("task", "duties", "comment", "window", "shut", "join", "leave")
@require_http_methods(["GET", "POST"])
def together(request: HttpRequest, ref: str) -> HttpResponse:
    """Tasks, comments and windows of one deal."""
    fault, code, link = None, 200, ""
    person = request.user
    assert isinstance(person, Person)
    with desk(request) as at:
        stand: Told = deal_stand(at, laws(), ref)
        if request.method == "POST":
            try:
                link = _do(request, at, stand, person)
                if not link:
                    return redirect("arrival" if came(stand) else "together", stand["id"] if came(stand) else ref)
            except CustodyError as error:
                fault, code = told(error), status(error)
        people, who = colleagues(at, ref, person), membership(at, ref)
    tasks = Task.objects.filter(deal=stand["id"]).select_related("whose", "by")
    comments, start = (
        Comment.objects.filter(deal=stand["id"]).select_related("by").order_by("-at"),
        start_of(request, _SHOWN),
    )
    page = {
        "deal": stand, "tab": "tasks", "here": True, "open": tasks.filter(done_at=None).order_by("due", "id"), "done": tasks.exclude(done_at=None).order_by("-done_at")[:20],
        "comments": comments[start : start + _SHOWN], "list": paged(request, comments.count(), _SHOWN), "people": people,
        "windows": Window.objects.filter(deal=stand["id"], closed_at=None, until__gt=timezone.now()), "days": _DAYS, "link": link, "fault": fault,
        "today": timezone.localdate(), **who,
    }  # fmt: skip
    return render(request, "together.html", page, status=code)


@takes("", "mine")
@require_http_methods(["GET", "POST"])
def inbox(request: HttpRequest) -> HttpResponse:
    """What waits for me: my tasks of every deal, and what I was told of; seeing is said by a button, not by looking."""
    person = request.user
    assert isinstance(person, Person)
    mine = Notice.objects.filter(person=person).select_related("by")
    tried = attempt(request, lambda: _noted(request, person))
    if tried.answer:
        return tried.answer
    with desk(request) as at:
        notices = open_to(at, list(mine.order_by("-at")[:100]))
        tasks = open_to(at, list(Task.objects.filter(whose=person, done_at=None).order_by("due", "id")))
    page = {
        "notices": notices, "tasks": tasks,
        "fresh": waiting(person), "today": timezone.localdate(), "fault": tried.fault, "mail": request.POST.get("mail", person.email),
    }  # fmt: skip
    return render(request, "inbox.html", page, status=tried.code)


def _noted(request: HttpRequest, person: Person) -> HttpResponse:
    """All were seen; or where they go by mail from now on, which is everybody's own to say."""
    if request.POST.get("do") == "mine":
        keep_address(person, request.POST.get("mail", ""))
    else:
        Notice.objects.filter(person=person, seen_at=None).update(seen_at=timezone.now())
    return redirect("inbox")


@require_POST
def done(request: HttpRequest, task: int) -> HttpResponse:
    """A task is done, or open again."""
    person = request.user
    assert isinstance(person, Person)
    with desk(request) as at:
        at.require(WORKS)
        row = get_object_or_404(Task, id=task)
        # A task of another home, or of a deal that is closed to us, is none of ours.
        ref = str(deal_stand(at, laws(), row.deal)["ref"])
        row.done_at = None if row.done_at else timezone.now()
        row.save(update_fields=["done_at"])
        tell_of(at, [row.by], "done" if row.done_at else "task", ref, f"/deals/{ref}/together", person)
    return redirect("together", ref=ref)


@require_safe
def progress(request: HttpRequest, secret: str) -> HttpResponse:
    """How far a deal is, for whoever holds the link: stages, totals and whose turn it is; no name of any person."""
    digest = hashlib.sha256(secret.encode()).hexdigest()
    row = Window.objects.filter(digest=digest, closed_at=None, until__gt=timezone.now()).select_related("by").first()
    if row is None:
        raise Http404
    try:
        with inside(row.by.place), seat(row.by.handle, None) as at:
            at.require(SHOWS)
            stand: Told = deal_stand(at, laws(), row.deal)
    except CustodyError as error:  # whoever gave the link is gone, or gives none any more, and the link with them
        raise Http404 from error
    return render(request, "progress.html", {"deal": stand, "window": row})


def _do(request: HttpRequest, at: Desk, stand: Mapping[str, Any], person: Person) -> str:
    """One act of the form; a new window's link is returned, to be shown once."""
    step = request.POST.get("step", "")
    if step not in _STEPS:
        raise Malformed("console.step", "This form is of no step.", next="Open the page again.")
    at.require(_MAY.get(step, WORKS))
    return _STEPS[step](request, at, stand, person) or ""


def _task(request: HttpRequest, at: Desk, stand: Mapping[str, Any], person: Person) -> None:
    title, due = line(request.POST.get("title", ""), _TITLE), request.POST.get("due", "")
    if not title:
        raise Malformed(
            "console.unanswered", "Nothing was chosen.", next="Choose an answer, or say that you do not know."
        )
    whose = next(
        (one for one in colleagues(at, stand["ref"], person) if one.username == request.POST.get("whose")), None
    )
    with transaction.atomic():
        Task.objects.create(deal=stand["id"], ref=stand["ref"], title=title, by=person, whose=whose, due=_day(due))
        tell_of(at, [whose] if whose else [], "task", stand["ref"], f"/deals/{stand['ref']}/together", person)


def _duties(request: HttpRequest, at: Desk, stand: Mapping[str, Any], person: Person) -> None:  # noqa: ARG001 - one form of step
    """One task for each obligation that lacks something, once; due when its first clock ends."""
    plan: Any = deal_plan(at, laws(), stand["ref"])
    known = set(Task.objects.filter(deal=stand["id"]).values_list("rule", flat=True))
    clocks = {one["rule"]: one["due_at"] for one in reversed(plan["clocks"])}
    fresh = [one for one in plan["duties"] if one["state"] == "open" and line(one["rule"], _RULE) not in known]
    Task.objects.bulk_create(
        Task(deal=stand["id"], ref=stand["ref"], title=line(said(one["title"]), _TITLE), rule=line(one["rule"], _RULE), by=person, due=_day(clocks.get(one["rule"]) or ""))
        for one in {line(one["rule"], _RULE): one for one in fresh}.values()
    )  # fmt: skip


def _comment(request: HttpRequest, at: Desk, stand: Mapping[str, Any], person: Person) -> None:
    text = request.POST.get("text", "").strip()[:_LONGEST]
    if text:
        with transaction.atomic():
            Comment.objects.create(deal=stand["id"], by=person, text=text)
            tell_of(
                at, mentioned(text, person.place), "mention", stand["ref"], f"/deals/{stand['ref']}/together", person
            )


def _window(request: HttpRequest, at: Desk, stand: Mapping[str, Any], person: Person) -> str:  # noqa: ARG001 - one form of step
    secret, days = secrets.token_urlsafe(32), request.POST.get("days", "")
    until = timezone.now() + timedelta(days=int(days) if days in {str(one) for one in _DAYS} else _DAYS[0])
    digest = hashlib.sha256(secret.encode()).hexdigest()
    whom = line(request.POST.get("whom", ""), _WHOM)
    Window.objects.create(deal=stand["id"], ref=stand["ref"], whom=whom, digest=digest, by=person, until=until)
    return request.build_absolute_uri(f"/progress/{secret}")


def _shut(request: HttpRequest, at: Desk, stand: Mapping[str, Any], person: Person) -> None:  # noqa: ARG001 - one form of step
    number = request.POST.get("window", "")
    Window.objects.filter(deal=stand["id"], id=whole(number, 18) or 0).update(closed_at=timezone.now())


def _join(request: HttpRequest, at: Desk, stand: Mapping[str, Any], person: Person) -> None:
    given = {name: request.POST.get(name, "").strip() for name in ("member", "reason", "until")}
    member_add(at, stand["id"], given["member"], given["reason"], given["until"])
    joined = [one for one in colleagues(at, stand["id"], person) if one.handle == given["member"]]
    tell_of(at, joined, "member", stand["ref"], f"/deals/{stand['ref']}", person)


def _leave(request: HttpRequest, at: Desk, stand: Mapping[str, Any], person: Person) -> None:  # noqa: ARG001 - one form of step
    member_end(at, stand["id"], request.POST.get("member", ""), request.POST.get("reason", ""))


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None


_STEPS: Final[Mapping[str, Callable[[HttpRequest, Desk, Mapping[str, Any], Person], str | None]]] = {
    "task": _task, "duties": _duties, "comment": _comment, "window": _window, "shut": _shut, "join": _join, "leave": _leave,
}  # fmt: skip
