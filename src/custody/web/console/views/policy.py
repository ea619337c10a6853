"""The access policy as data that people review: every version, and a new one by two people (A3)."""

from collections.abc import Mapping
from functools import partial
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from custody.acts.desk import Desk
from custody.base.errors import CustodyError
from custody.services.access_set import access_set
from custody.services.access_show import access_show
from custody.services.access_text import access_read, access_text, access_written
from custody.services.access_whatif import SETTERS, access_whatif
from custody.services.words import class_list
from custody.web.console.forms import whole
from custody.web.console.house import Told, desk
from custody.web.console.middleware import status, told
from custody.web.console.moving import PREVIEW, preview
from custody.web.console.policy_form import MARK, choices, composed, filled
from custody.web.console.steps import takes
from custody.web.console.twofold import STEPS, Act, Said, Scene

ACT: Final = "access-policy"
_LONGEST: Final = 64 * 1024
_DIGITS: Final = 5


@takes(*STEPS, PREVIEW)
@require_http_methods(["GET", "POST"])
def policy(request: HttpRequest) -> HttpResponse:
    """What is in force, how it is written, and the next version from text to signature."""
    fault, code = None, 200
    typed = None if request.method == "POST" else ""  # fields that say no policy come back as they were typed
    with desk(request) as at:
        if request.POST.get("step") == PREVIEW:
            return preview(request, "policy_moves.html", lambda: access_whatif(at, _text(request.POST)))
        shown: Told = access_show(at, _number(request))
        scene = Scene(_act(), ACT, f"policy-{shown['newest'] + 1}", request, at)
        try:
            if request.method == "POST":
                typed = _text(request.POST)
                done = scene.step()
                if request.POST.get("step") != "look":
                    return redirect("access" if done else "policy")
        except CustodyError as error:
            fault, code = told(error), status(error)
        page: dict[str, Any] = {**scene.page()} if typed is not None else {"refusal": None, "dry": None}
        text = typed or access_text(at, _number(request))
        would = access_read(page["said"]["text"]) if page["dry"] else None
        moved = (
            access_whatif(at, page["said"]["text"])
            if page["dry"] and at.principal.roles.intersection(SETTERS)
            else None
        )
    versions = range(shown["newest"], -1, -1)
    page |= {
        "policy": shown,
        "found": moved,
        "text": text,
        "form": choices(_filled(request, text) or shown["policy"], class_list()),
        "would": would,
        "versions": versions,
        "deal": {"ref": scene.ref},
        "act": ACT,
        "fault": fault or page["refusal"],
        "typed": "policy.typed",
    }
    return render(request, "policy.html", page, status=code)


def _filled(request: HttpRequest, text: str) -> Mapping[str, Any] | None:
    """What stands in the fields: what was typed there, or what the text says, if it can be read."""
    try:
        return filled(request.POST) if MARK in request.POST else access_read(text)
    except CustodyError:
        return None


def _text(form: QueryDict) -> str:
    return access_written(composed(form)) if MARK in form else form.get("text", "")[:_LONGEST]


def _number(request: HttpRequest) -> int | None:
    return whole(request.GET.get("n", ""), _DIGITS)


def _act() -> Act:
    def run(at: Desk, said: Said, *, dry_run: bool = False) -> Mapping[str, Any]:
        return access_set(at, str(said["text"]), dry_run=dry_run)

    def figures(dry: Mapping[str, Any]) -> list[tuple[str, Any]]:
        return [("policy.rules", dry["rules"]), ("policy.departments", len(dry["departments"]))]

    return Act(ACT, lambda form: {"text": _text(form)}, partial(run, dry_run=True), run, figures)
