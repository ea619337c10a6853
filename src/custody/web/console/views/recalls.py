"""A recall at the buyer: two people shred what the seller calls back, and the answer is signed (C7)."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from custody.acts.desk import Desk
from custody.base.errors import CustodyError
from custody.services.arrival import arrival
from custody.services.receive import receive
from custody.web.console.house import Told, desk
from custody.web.console.middleware import status, told
from custody.web.console.steps import takes
from custody.web.console.twofold import STEPS, Act, Said, Scene
from custody.web.console.views.arrivals import folder


@takes(*STEPS)
@require_http_methods(["GET", "POST"])
def recall(request: HttpRequest, matter: str) -> HttpResponse:
    """What it names, both people, the act."""
    fault, code = None, 200
    with desk(request) as at:
        stand: Told = arrival(at, matter, folder(matter))
        if not any(one["kind"] == "recall" and one["state"] == "waiting" for one in stand["releases"]):
            raise Http404
        scene = Scene(_act(stand["id"]), stand["id"], stand["ref"], request, at)
        if scene.busy:
            return redirect("work", work=scene.busy.id)
        if request.method == "POST":
            try:
                done = scene.step()
                if done and "work" in done:
                    return redirect("work", work=done["work"])
                return redirect("arrival" if done else "arrival-recall", matter=matter)
            except CustodyError as error:
                fault, code = told(error), status(error)
        page = scene.page()
    page |= {"one": stand, "deal": {"ref": stand["ref"]}, "act": "recall-back", "fault": fault or page["refusal"]}
    return render(request, "recall.html", page, status=code)


def _act(matter: str) -> Act:
    def run(at: Desk, _: Said, *, dry_run: bool = False) -> Mapping[str, Any]:
        return receive(at, matter, folder(matter), dry_run=dry_run)

    return Act("recall", lambda _: {}, partial(run, dry_run=True), run,
               lambda dry: [("recall.people", dry["subjects"]), ("recall.slots", dry["would"]["slots"])], at_once=True, behind="recall-back", back=reverse("arrival", args=(matter,)))  # fmt: skip
