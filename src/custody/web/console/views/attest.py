"""Roots of which nobody can see that they are gone: what both saw of their end is looked at, confirmed by a second person, and said (A4, G4)."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from custody.acts.desk import Desk
from custody.services.recovery_attest import ACT, recovery_attest
from custody.services.recovery_lost import recovery_lost
from custody.services.vault_list import vault_names
from custody.web.console.attempts import attempt
from custody.web.console.house import Told, desk
from custody.web.console.steps import takes
from custody.web.console.twofold import STEPS, Act, Said, Scene

_LONGEST = 1_000


@takes(*STEPS)
@require_http_methods(["GET", "POST"])
def attest(request: HttpRequest) -> HttpResponse:
    """Of one vault: each such root with what is heard of it, and the form of what two people saw."""
    with desk(request) as at:
        if not (names := vault_names(at)):
            return redirect("backups")
        vault = request.GET.get("vault", "") or names[0]
        found: Told = recovery_lost(at, vault)
        url = f"{reverse('attest')}?vault={vault}"
        scene = Scene(_act(vault), found["id"], vault, request, at, url)
        tried = attempt(request, lambda: _stepped(scene))
        if tried.answer:
            return tried.answer
        page = scene.page()
    said = page.get("said") or request.POST
    page |= {
        "found": found, "vaults": names, "act": ACT, "deal": {"ref": vault}, "typed": "lost.typed", "longest": _LONGEST, "fault": tried.fault or page["refusal"],
        "given": {name: said.get(name, "") for name in ("root", "why")},
    }  # fmt: skip
    return render(request, "attest.html", page, status=tried.code)


def _stepped(scene: Scene) -> HttpResponse | None:
    """A look stays on the page."""
    scene.step()
    return None if scene.request.POST.get("step") == "look" else redirect(scene.url)


def _act(vault: str) -> Act:
    def run(at: Desk, said: Said, *, dry_run: bool = False) -> Mapping[str, Any]:
        return recovery_attest(at, said["why"], vault, said["root"] or None, dry_run=dry_run)

    return Act(ACT, _read, partial(run, dry_run=True), run)


def _read(form: QueryDict) -> Said:
    return {name: form.get(name, "").strip()[:_LONGEST] for name in ("root", "why")}
