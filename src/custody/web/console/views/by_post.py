"""Letters to many leave in clear: one asks, a second person sees how many, the words and some of them veiled, the first makes the file (spec/campaigns.md §6)."""

import io
import zipfile
from collections.abc import Mapping
from functools import partial
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from custody import wiring
from custody.acts.approval import APPROVERS
from custody.acts.desk import Desk
from custody.acts.in_clear import LETTERS
from custody.base.errors import CustodyError, Missing
from custody.services.approve import approve
from custody.services.campaign_letters import campaign_letters
from custody.services.campaign_preview import campaign_preview
from custody.services.campaign_print import MOST, SIDES, campaign_print
from custody.services.campaign_show import campaign_show
from custody.web.console import asks
from custody.web.console.attempts import attempt
from custody.web.console.house import Told, desk
from custody.web.console.models import Person
from custody.web.console.steps import takes
from custody.web.console.twofold import STEPS, Act, Said, Scene

CAMPAIGN: Final = "campaign"
_TAKES: Final = {"list": "letters", "pages": "pages"}
_LOOK: Final = 3


@takes(*STEPS, form=_TAKES)
@require_http_methods(["GET", "POST"])
def show(request: HttpRequest, ref: str, form: str) -> HttpResponse:
    """How many get a letter, what it says, some of them veiled, both people, the file."""
    if form not in _TAKES:
        raise Http404
    with desk(request) as at:
        at.require(APPROVERS)
        stand: Told = campaign_show(at, ref, 0)
        scene = _scene(request, at, ref, form)
        tried = attempt(request, lambda: _stepped(scene, stand))
        if tried.answer:
            return tried.answer
        page = scene.page()
        looked: Any = campaign_preview(at, ref, _LOOK, by_post=True)["messages"]
    page |= {
        "one": stand, "deal": {"ref": ref}, "act": scene.act.name, "form": form, "messages": looked, "sides": SIDES, "typed": "campaign.out_typed", "form_what": _TAKES[form],
        "may": at.principal.roles & {"owner", "privacy"}, "fault": tried.fault or page["refusal"],
    }  # fmt: skip
    return render(request, "campaign_out.html", page, status=tried.code)


def _scene(request: HttpRequest, at: Desk, ref: str, form: str) -> Scene:
    """Of a few people, whose letters take nobody else, the campaign itself may have to be confirmed again: an approval lasts a day."""
    about = f"{ref}:{form}"
    scenes = [Scene(_act(name, form, ref), about, ref, request, at) for name in (LETTERS, CAMPAIGN)]
    return next((one for one in scenes if one.asked), scenes[_alone(at, ref, form)])


def _alone(at: Desk, ref: str, form: str) -> bool:
    try:
        return dry(form, ref, at, read(QueryDict())).get("would", {}).get("approve", ("",))[0] == CAMPAIGN
    except CustodyError:
        return False


def waits(at: Desk, person: Person, ref: str) -> list[str]:
    """In which forms letters of a campaign wait for a second person."""
    return [
        form for form in _TAKES if any(asks.asked(at, person, f"{ref}:{form}", act, ref) for act in (LETTERS, CAMPAIGN))
    ]


def _stepped(scene: Scene, stand: Mapping[str, Any]) -> HttpResponse | None:
    asked, step = scene.asked, scene.request.POST.get("step")
    done = scene.step()
    if step == "approve" and asked is not None and "also" in asked.said["told"]["would"]:
        approve(scene.at, *stand["approve"])
    if step == "approve" and asked is not None and scene.act.name == CAMPAIGN:
        asked.delete()  # nothing is left to ask for: that approval serves whoever prints, as often as they do
    if done:
        return done["file"]
    return None if step == "look" else redirect(scene.request.path)


def _act(name: str, form: str, ref: str) -> Act:
    def do(at: Desk, said: Said) -> Mapping[str, Any]:
        return {"file": made(form, ref, at, said)}

    return Act(name, read, partial(dry, form, ref), do, lambda told: [("campaign.out_people", told["letters"])], at_once=True)  # fmt: skip


def read(form: QueryDict) -> Said:
    """The side of the window and the way back; the first of either where nothing is said."""
    return {"side": form.get("side", SIDES[0]), "back": form.get("back", "").strip()}


def dry(form: str, ref: str, at: Desk, said: Said) -> Mapping[str, Any]:
    """What would leave, and what a second person approves first."""
    if form == "list":
        return campaign_letters(at, ref, dry_run=True)[0]
    return campaign_print(at, wiring.pdf, lambda *_: None, ref, {**said, "batch": str(MOST)}, dry_run=True)


def made(form: str, ref: str, at: Desk, said: Said) -> HttpResponse:
    """The list, or the pages: one file as it is, several in an archive; made in memory, kept nowhere."""
    if form == "list":
        return _file(campaign_letters(at, ref)[1], "text/csv; charset=utf-8", f"{ref}-letters.csv")
    files, out = dict[str, bytes](), io.BytesIO()
    campaign_print(at, wiring.pdf, files.__setitem__, ref, {**said, "batch": str(MOST)})
    if not files:
        raise Missing("campaign.nothing-printed", "No letter of this campaign can be printed.")
    if len(files) == 1:
        return _file(next(iter(files.values())), "application/pdf", f"{ref}-letters.pdf")
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, pdf in files.items():
            archive.writestr(name, pdf)
    return _file(out.getvalue(), "application/zip", f"{ref}-letters.zip")


def _file(data: bytes, kind: str, name: str) -> HttpResponse:
    answer = HttpResponse(data, content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
