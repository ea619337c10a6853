"""Where the data lies, and the places abroad that two people allow to hold it until a day; one person ends that (E6)."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from custody.acts.desk import Desk
from custody.acts.exceptions import ACT, LEAST_SAID, MOST_SAID
from custody.services.principal_list import principal_list
from custody.services.residency_allow import residency_allow
from custody.services.residency_end import residency_end
from custody.services.residency_list import residency_list
from custody.web.console.attempts import attempt
from custody.web.console.house import Told, desk
from custody.web.console.steps import takes
from custody.web.console.twofold import STEPS, Act, Said, Scene

_LONGEST = 1_000
_FIELDS = ("place", "until", "reason")


@takes(*STEPS)
@require_http_methods(["GET", "POST"])
def residency(request: HttpRequest) -> HttpResponse:
    """What lies where, every exception there ever was, and the form of a new one: looked at, then approved by a second person."""
    with desk(request) as at:
        found: Told = residency_list(at)
        scene = Scene(_act(), ACT, f"residency-{len(found['exceptions']) + 1}", request, at)
        tried = attempt(request, lambda: _stepped(scene))
        if tried.answer:
            return tried.answer
        page = scene.page()
        people: Told = principal_list(at)
    known = {one["id"]: one["handle"] for one in people["principals"]}
    listed = [{**one, "by": known.get(one["principal"], ""), "state": _state(one)} for one in found["exceptions"]]
    page |= {
        "found": found, "listed": listed, "act": ACT, "deal": {"ref": scene.ref}, "typed": "residency.typed", "least": LEAST_SAID, "longest": MOST_SAID,
        "fault": tried.fault or page["refusal"], "given": {name: (page.get("said") or request.POST).get(name, "") for name in _FIELDS},
    }  # fmt: skip
    return render(request, "residency.html", page, status=tried.code)


@require_POST
def end(request: HttpRequest, n: int) -> HttpResponse:
    """To be stricter again needs nobody else."""
    with desk(request) as at:
        residency_end(at, n)
    return redirect("residency")


def _stepped(scene: Scene) -> HttpResponse | None:
    """A look stays on the page."""
    scene.step()
    return None if scene.request.POST.get("step") == "look" else redirect("residency")


def _state(one: Mapping[str, Any]) -> str:
    return "ended" if one["ended_at"] else "live" if one["in_force"] else "lapsed"


def _act() -> Act:
    def run(at: Desk, said: Said, *, dry_run: bool = False) -> Mapping[str, Any]:
        return residency_allow(at, said["place"], said["until"], said["reason"], dry_run=dry_run)

    return Act(ACT, _read, partial(run, dry_run=True), run, by_name=True)


def _read(form: QueryDict) -> Said:
    """A folder of this host by its whole path, as backups name it; any other place as it is written."""
    place = form.get("place", "").strip()[:_LONGEST]
    whole = str(Path(place).resolve()) if place.startswith("/") and place.isprintable() else place
    return {"place": whole, **{name: form.get(name, "").strip()[:_LONGEST] for name in ("until", "reason")}}
