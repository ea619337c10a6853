"""A place for backups that leaves the list by two: it is the last, or a rotation waits for it (A5)."""

import hashlib
from collections.abc import Mapping
from functools import partial
from pathlib import PurePosixPath
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from custody.acts.desk import Desk
from custody.services.backup_forget import ACT, backup_forget
from custody.web.console import asks
from custody.web.console.attempts import attempt
from custody.web.console.forms import line
from custody.web.console.house import desk
from custody.web.console.models import REF, Person
from custody.web.console.steps import takes
from custody.web.console.twofold import STEPS, Act, Said, Scene

DOERS: Final = ("owner",)
_ABOUT: Final = 32


@takes(*STEPS)
@require_http_methods(["GET", "POST"])
def forget(request: HttpRequest) -> HttpResponse:
    """What becomes of the list is shown; a second person confirms exactly that."""
    place = _place(request)
    if not place:  # what was asked was taken back, or done
        return redirect("backups")
    with desk(request) as at:
        about = _about(place)
        url = f"{reverse('backup-forget')}?of={about}"  # a path is as long as its disk likes, a notice's address is not
        scene = Scene(_act(place), f"forget:{about}", line(PurePosixPath(place).name or place, REF), request, at, url)
        tried = attempt(request, lambda: _stepped(scene))
        if tried.answer:
            return tried.answer
        page = scene.page()
    page |= {"place": place, "deal": {"ref": scene.ref}, "act": ACT, "typed": "backups.forget_typed", "fault": tried.fault or page["refusal"]}  # fmt: skip
    return render(request, "backup_forget.html", page, status=tried.code)


def _place(request: HttpRequest) -> str:
    """The place by its name; or what is asked of the one with this digest, by which people are led here."""
    person, about = request.user, request.GET.get("of", "")
    assert isinstance(person, Person)
    asked = asks.newest(person, f"forget:{about}", ACT) if about else None
    return asked.said["given"]["place"] if asked else request.GET.get("place", "")


def _about(place: str) -> str:
    return hashlib.sha256(place.encode()).hexdigest()[:_ABOUT]


def _stepped(scene: Scene) -> HttpResponse | None:
    """A look stays on the page; what is done leads back to the list."""
    done = scene.step()
    if scene.request.POST.get("step") == "look":
        return None
    return redirect("backups" if done else scene.request.get_full_path())


def _act(place: str) -> Act:
    def run(at: Desk, _: Said, *, dry_run: bool = False) -> Mapping[str, Any]:
        at.require(DOERS)
        return backup_forget(at, place, dry_run=dry_run)

    return Act(ACT, lambda _: {"place": place}, partial(run, dry_run=True), run, at_once=True, doers=DOERS)
