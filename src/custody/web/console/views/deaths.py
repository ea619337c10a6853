"""A death that was entered by mistake: one person says why, a second confirms, and the entry goes off the file (spec/law.md §7)."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from custody.acts.desk import Desk
from custody.services.deal_stand import deal_stand
from custody.services.evidence_correct import ACT, evidence_correct
from custody.services.evidence_deaths import evidence_deaths
from custody.web.console.attempts import attempt
from custody.web.console.house import Told, desk, laws
from custody.web.console.steps import takes
from custody.web.console.twofold import STEPS, Act, Said, Scene

_LONGEST = 2_000
_TAIL = 9  # of a deal's id, whose end is random: what two people ask about is named in forty signs


@takes(*STEPS)
@require_http_methods(["GET", "POST"])
def correct(request: HttpRequest, ref: str, subject: str) -> HttpResponse:
    """What is entered, why it is wrong, and who confirms."""
    with desk(request) as at:
        deal: Told = deal_stand(at, laws(), ref)
        scene = Scene(_act(deal["ref"], subject), f"{deal['id'][-_TAIL:]}:{subject}", deal["ref"], request, at)
        tried = attempt(request, lambda: _stepped(scene, subject))
        if tried.answer:
            return tried.answer
        page = scene.page()
        entered: Any = evidence_deaths(at, subject)["entries"]
    page |= {
        "deal": deal, "subject": subject, "act": ACT, "entered": [one for one in entered if one["deal"] == deal["ref"]],
        "typed": "death.typed", "fault": tried.fault or page["refusal"], "given": (page.get("said") or request.POST).get("reason", ""),
    }  # fmt: skip
    return render(request, "death.html", page, status=tried.code)


def _stepped(scene: Scene, subject: str) -> HttpResponse | None:
    """A look stays on the page; when it is done, the customer's card says it."""
    done = scene.step()
    if done:
        return redirect("customer", subject=subject)
    return None if scene.request.POST.get("step") == "look" else redirect(scene.request.path)


def _act(ref: str, subject: str) -> Act:
    def run(at: Desk, said: Said, *, dry_run: bool = False) -> Mapping[str, Any]:
        return evidence_correct(at, ref, subject, said["reason"], dry_run=dry_run)

    return Act(
        ACT, lambda form: {"reason": form.get("reason", "").strip()[: _LONGEST + 1]}, partial(run, dry_run=True), run
    )
