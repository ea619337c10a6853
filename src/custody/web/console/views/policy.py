"""The access policy as data that people review: every version, and a new one by two people (A3)."""

from collections.abc import Mapping
from functools import partial
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from custody.acts.desk import Desk
from custody.base.errors import CustodyError
from custody.services.access_set import access_set
from custody.services.access_show import access_show
from custody.services.access_text import access_text
from custody.web.console.forms import whole
from custody.web.console.house import Told, desk
from custody.web.console.middleware import status, told
from custody.web.console.twofold import Act, Said, Scene

ACT: Final = "access-policy"
_LONGEST: Final = 64 * 1024
_DIGITS: Final = 5


@require_http_methods(["GET", "POST"])
def policy(request: HttpRequest) -> HttpResponse:
    """What is in force, how it is written, and the next version from text to signature."""
    fault, code = None, 200
    with desk(request) as at:
        shown: Told = access_show(at, _number(request))
        scene = Scene(_act(), ACT, f"policy-{shown['newest'] + 1}", request, at)
        if request.method == "POST":
            try:
                done = scene.step()
                if request.POST.get("step") != "look":
                    return redirect("access" if done else "policy")
            except CustodyError as error:
                fault, code = told(error), status(error)
        page = {**scene.page(), "text": request.POST.get("text") or access_text(at, _number(request))}
    versions = range(shown["newest"], -1, -1)
    page |= {
        "policy": shown,
        "versions": versions,
        "deal": {"ref": scene.ref},
        "act": ACT,
        "fault": fault or page["refusal"],
        "typed": "policy.typed",
    }
    return render(request, "policy.html", page, status=code)


def _number(request: HttpRequest) -> int | None:
    return whole(request.GET.get("n", ""), _DIGITS)


def _act() -> Act:
    def run(at: Desk, said: Said, *, dry_run: bool = False) -> Mapping[str, Any]:
        return access_set(at, str(said["text"]), dry_run=dry_run)

    def figures(dry: Mapping[str, Any]) -> list[tuple[str, Any]]:
        return [("policy.rules", dry["rules"]), ("policy.departments", len(dry["departments"]))]

    return Act(ACT, lambda form: {"text": form.get("text", "")[:_LONGEST]}, partial(run, dry_run=True), run, figures)
