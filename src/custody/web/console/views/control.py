"""A change of control by browser: who leaves says what became of their copies, two people carry it out, the sheets are shown once (C9, A4)."""

from collections.abc import Mapping
from functools import partial
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from custody import wiring
from custody.acts.desk import Desk
from custody.base.errors import CustodyError, Denied
from custody.model.party import MACHINES
from custody.services.deal_show import deal_show
from custody.services.deal_stand import deal_stand
from custody.services.handover_control import Out, Succession, handover_control
from custody.services.leave import leave
from custody.services.leaver_list import leaver_list
from custody.web.console.forms import whole
from custody.web.console.house import Told, desk, handover, home, laws
from custody.web.console.middleware import status, told
from custody.web.console.models import Person
from custody.web.console.signin import KEYS
from custody.web.console.steps import takes
from custody.web.console.twofold import STEPS, Act, Said, Scene
from custody.web.console.unseen_sheets import Unseen

ACT: Final = "handover-control"
PAPERS: Final = ("notice", "control", "closed")
UNSEEN: Final = Unseen()


@takes(*STEPS, "leave", "sheets")
@require_http_methods(["GET", "POST"])
def control(request: HttpRequest, ref: str) -> HttpResponse:
    """Everything about it on one page; what is done is shown by its papers. Root by root it takes a while, and goes on behind the page."""
    fault, code = None, 200
    with desk(request) as at:
        stand: Told = deal_stand(at, laws(), ref)
        scene = Scene(_act(stand), stand["id"], stand["ref"], request, at)
        if scene.busy:
            return redirect("work", work=scene.busy.id)
        if request.method == "POST":
            try:
                if request.POST.get("step") == "leave":
                    leave(at, ref, request.POST.get("copies", ""))
                    return redirect("control", ref=ref)
                done = {} if request.POST.get("step") == "sheets" else scene.step()
                if done is not None:
                    return redirect("work", work=done["work"]) if "work" in done else _shown(scene, stand)
                if request.POST.get("step") != "look":
                    return redirect("control", ref=ref)
            except CustodyError as error:
                fault, code = told(error), status(error)
        page = _page(at, stand, scene)
    page |= {"deal": stand, "tab": "control", "act": ACT, "fault": fault or page["refusal"]}
    return render(request, "control.html", page, status=code)


def _page(at: Desk, stand: Told, scene: Scene) -> dict[str, Any]:
    known: Any = leaver_list(at, stand["ref"])
    papers: Any = deal_show(at, stand["ref"])["statements"]
    live = [one for one in known["people"] if not one["gone"] and not MACHINES.intersection(one["roles"])]
    stage = next((one for one in stand["stages"] if one["stage"] == "controlled"), None)
    return {
        **scene.page(), "people": known["people"], "live": live, "states": known["states"], "me": next((one for one in live if one["mine"]), None),
        "signed_leavers": [one for one in known["people"] if one["said"]], "over": bool(stage and stage["at"]),
        "papers": [one for one in papers if one["kind"] in PAPERS], "sheets": _waits(scene, stand),
    }  # fmt: skip


def _waits(scene: Scene, stand: Told) -> bool:
    """Whether sheets lie there that whoever looks made, and nobody has seen."""
    done = scene.last
    return done is not None and done.state == "done" and done.by == scene.person.principal and UNSEEN.waits(stand["id"])


def _shown(scene: Scene, stand: Told) -> HttpResponse:
    """The sheets, once, to whoever made them. Raises Denied `control.sheets`."""
    done = scene.last
    if done is None or done.state != "done" or done.by != scene.person.principal:
        raise Denied("control.sheets", "The sheets are shown to whoever handed control over.", next="They open this page; or new sheets are printed for the new holders.")  # fmt: skip
    sheets = [{"name": name.removesuffix(".txt"), "text": text} for name, text in UNSEEN.taken(stand["id"])]
    page = {"deal": stand, "tab": "control", "sheets": sheets, "done": done.said}
    return render(scene.request, "control_done.html", page)


def _act(stand: Mapping[str, Any]) -> Act:
    ref = stand["ref"]

    def run(at: Desk, said: Said, *, dry_run: bool = False) -> Mapping[str, Any]:
        who = Succession(said["leavers"], said["holders"], int(said["threshold"]))
        out = Out(UNSEEN.of(stand["id"]), handover(stand))
        made = handover_control(at, laws(), wiring.host(home()), ref, who, out, dry_run=dry_run)
        if not dry_run:
            known: Any = leaver_list(at, ref)
            _lock_out(known["people"])
        return made

    def figures(dry: Mapping[str, Any]) -> list[tuple[str, Any]]:
        would = dry["would"]
        return [
            ("control.revoke", len(would["revoke"])),
            ("control.rotate", len(would["rotate"])),
            ("control.sheets", would["sheets"]),
        ]

    back = reverse("control", args=[ref])
    return Act(ACT, _read, partial(run, dry_run=True), run, figures, behind=ACT, back=back)


def _read(form: QueryDict) -> Said:
    return {
        "leavers": sorted(set(form.getlist("leaver"))), "holders": sorted(set(form.getlist("holder"))),
        "threshold": whole(form.get("threshold", ""), 2) or 0,
    }  # fmt: skip


def _lock_out(people: list[Mapping[str, Any]]) -> None:
    """Whoever left has no open key in this process any more, and signs in no more."""
    gone = {one["id"] for one in people if one["gone"]}
    for person in Person.objects.filter(principal__in=gone):
        KEYS.drop_person(person.principal)
        person.is_active = False
        person.save(update_fields=["is_active"])
