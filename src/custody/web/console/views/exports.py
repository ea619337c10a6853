"""An export of more than a few people in clear: one asks, a second person confirms, the first lets it out (spec/copies.md §1b)."""

from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from custody.acts.desk import Desk
from custody.acts.in_clear import ACT
from custody.base.errors import CustodyError
from custody.services.arrival import arrival
from custody.web.console.house import Told, desk
from custody.web.console.middleware import status, told
from custody.web.console.steps import takes
from custody.web.console.twofold import STEPS, Act, Said, Scene
from custody.web.console.views.arrivals import FORMS, begin, folder, out


@takes(*STEPS, form=FORMS)
@require_http_methods(["GET", "POST"])
def show(request: HttpRequest, matter: str, form: str) -> HttpResponse:
    """How many people it is about, both people, the act."""
    fault, code = None, 200
    if form not in FORMS:
        raise Http404
    with desk(request) as at:
        stand: Told = arrival(at, matter, folder(matter))
        scene = Scene(_act(stand["id"], form), f"{stand['id']}:{form}", stand["ref"], request, at)
        if request.method == "POST":
            try:
                done = scene.step()
                return begin(request, stand, "export", form) if done else redirect(request.path)
            except CustodyError as error:
                fault, code = told(error), status(error)
        page = scene.page()
        if fault and not page.get("content"):
            return render(request, "fault.html", {"fault": fault}, status=code)
        if page["dry"] and "would" not in page["dry"]:
            return redirect("arrival", matter=stand["id"])
    page |= {"one": stand, "deal": {"ref": stand["ref"]}, "act": "export", "form": form, "fault": fault or page["refusal"]}  # fmt: skip
    return render(request, "arrival_out.html", page, status=code)


def _act(matter: str, form: str) -> Act:
    """It is written behind the page, where the core asks for the approval; here it is rehearsed."""

    def look(at: Desk, _: Said) -> Mapping[str, Any]:
        return out(at, matter, form)

    return Act(ACT, lambda _: {}, look, look, lambda dry: [("arrival.out_people", dry["subjects"])], at_once=True, by_name=True)  # fmt: skip
