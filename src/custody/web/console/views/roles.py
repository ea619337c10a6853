"""Which roles somebody has: an owner takes one away alone, and gives one beside a second person (spec/identity.md §8)."""

from collections.abc import Mapping
from functools import partial
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from custody.acts.approval import APPROVERS
from custody.acts.desk import Desk
from custody.acts.typed import Word
from custody.base.errors import Missing, Refused
from custody.services.principal_list import principal_list
from custody.services.principal_roles import ACT, GIVERS, PEOPLES, principal_roles
from custody.web.console.attempts import attempt
from custody.web.console.house import Told, desk
from custody.web.console.models import Person
from custody.web.console.signin import KEYS
from custody.web.console.twofold import Act, Said, Scene

_ALONE: Final = "take"


@require_http_methods(["GET", "POST"])
def roles(request: HttpRequest, handle: str) -> HttpResponse:
    """The form, what would change, and both people where something is given; whoever is meant is signed out when it is done."""
    with desk(request) as at:
        at.require(APPROVERS)
        one = _who(at, handle)
        scene = Scene(_act(handle), one["id"], handle, request, at)
        tried = attempt(request, lambda: _stepped(scene, one))
        if tried.answer:
            return tried.answer
        yours = one["id"] == at.principal.id
        page = {} if yours else scene.page()
        may = bool(at.principal.roles.intersection(GIVERS)) and not yours
    dry = page.get("dry")
    chosen = dry["roles"] if dry else one["roles"]
    page |= {
        "one": one, "called": Person.objects.filter(principal=one["id"]).first() or handle, "may": may, "yours": yours, "chosen": chosen, "all": PEOPLES,
        "alone": dry is not None and "would" not in dry, "act": ACT, "deal": {"ref": handle}, "typed": "roles.typed", "fault": tried.fault or page.get("refusal"),
    }  # fmt: skip
    return render(request, "person_roles.html", page, status=tried.code)


def _stepped(scene: Scene, one: Told) -> HttpResponse | None:
    """A look stays on the page; what only takes away is done at once."""
    step, chosen = scene.request.POST.get("step"), scene.request.POST.getlist("role")
    if one["id"] == scene.at.principal.id:
        raise Refused("principal.own-roles", "Nobody changes their own roles.", next="Another owner changes them.")
    if step == "look":
        return None
    done = principal_roles(scene.at, scene.ref, chosen) if step == _ALONE else scene.step()
    if done is None:
        return redirect(scene.request.path)
    KEYS.drop_person(one["id"])
    return redirect("people")


def _who(at: Desk, handle: str) -> Told:
    found: Any = principal_list(at, words=[Word(handle)])["principals"]
    one = next((row for row in found if row["handle"] == handle and not row["until"]), None)
    if one is None:
        raise Missing("principal.unknown", f"Nobody here is called {handle}.", next="custody principal list")
    return dict(one)


def _act(handle: str) -> Act:
    def run(at: Desk, said: Said, *, dry_run: bool = False) -> Mapping[str, Any]:
        return principal_roles(at, handle, said["roles"], dry_run=dry_run)

    return Act(ACT, _read, partial(run, dry_run=True), run, by_name=True)


def _read(form: QueryDict) -> Said:
    return {"roles": sorted(set(form.getlist("role")) & set(PEOPLES))}
