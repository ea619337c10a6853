"""The buyer's side of a hand-over: invite, put in what came, receive, export, compare, re-seal."""

import secrets
import shutil
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any, Final

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from custody import wiring
from custody.acts.desk import Desk
from custody.base.errors import CustodyError, Malformed
from custody.base.signing import Signer
from custody.ports.files import Files
from custody.services.arrival import arrival, arrival_answer
from custody.services.export import export, export_fetch
from custody.services.invite import invite
from custody.services.party import parties, party_cards
from custody.services.receive import receive
from custody.services.reconcile import reconcile_export
from custody.services.reseal import reseal
from custody.services.statement_show import statement_show
from custody.web.console import arriving, bundle, jobs
from custody.web.console.house import Told, desk, home, in_sample, key_of, seat
from custody.web.console.jobs import Progress
from custody.web.console.members import membership
from custody.web.console.middleware import status, told
from custody.web.console.models import Person
from custody.web.console.steps import takes
from custody.web.console.uploads import PACKAGE, brings

FORMS: Final[Mapping[str, str]] = {
    "sqlite": "customers.sqlite",
    "sheets": "customers.sheets.zip",
    "csv": "customers.csv.zip",
}
_INVITE: Final = "invite.dsse.json"
_MOST: Final = 20 * 2**30


@require_http_methods(["GET", "POST"])
def board(request: HttpRequest) -> HttpResponse:
    """Everything handed over to this company; an invitation begins one."""
    fault, code = None, 200
    with desk(request) as at:
        if request.method == "POST":
            try:
                return redirect("arrival", matter=_invite(at, request))
            except CustodyError as error:
                fault, code = told(error), status(error)
        rows: Any = arrival(at, None)["arrivals"]
        sellers = [one for one in parties(at) if not one["own"]]
    page = {"rows": rows, "sellers": sellers, "fault": fault, "given": request.POST}
    return render(
        request,
        "arrivals.html",
        {**page, "alone": sellers and not any(one["confirmed"] for one in sellers)},
        status=code,
    )


@require_safe
def show(request: HttpRequest, matter: str) -> HttpResponse:
    """One hand-over: what came, what is next."""
    with desk(request) as at:
        stand: Told = arrival(at, matter, folder(matter))
        who = membership(at, matter)
    checked, doing = (
        jobs.last("check", stand["id"]),
        next((one for kind in _ACTS if (one := jobs.last(kind, stand["id"]))), None),
    )
    page = {
        "one": stand, "checked": checked.said if checked and checked.state == "done" else None, "fault": _failed(doing),
        "drops": [] if in_sample() else bundle.drops(), "forms": FORMS, "compared": _said("compare", stand["id"]), "papers": _PAPERS, "answers": _answers(stand, matter), "looked": _said("look", stand["id"]), **who,
    }  # fmt: skip
    return render(request, "arrival.html", page)


def _answers(stand: Told, matter: str) -> set[int]:
    """The releases whose answer lies here to be taken; what was answered by command lies where the command was told."""
    here = set(folder(matter).list())
    return {one["n"] for one in stand["releases"] if one["state"] == "answered" and one["file"] in here}


@brings(PACKAGE)
@require_POST
def take(request: HttpRequest, matter: str) -> HttpResponse:
    """Put in a zip of the seller's, or a folder of the drop folder; then it is checked behind the page."""
    with desk(request) as at:
        at.require(("data", "owner"))
        stand: Told = arrival(at, matter, folder(matter))
        cards = party_cards(at)
    files = request.FILES.getlist("file")
    if sum(one.size for one in files) > _MOST or (not files and not request.POST.get("drop")):
        raise Malformed("handover.zip", "This zip holds no package and no release.", next="Choose the file again.")
    came, kept = arriving.aside(stand["id"]), _kept(stand)
    try:
        for one in files:
            bundle.unpack(one.file, one.size, came, kept)
        if request.POST.get("drop") and not in_sample():  # what lies ready on the host is the company's
            bundle.take(request.POST["drop"], came, kept)
        arriving.require_idle(stand["id"])  # somebody may have been quicker while this was sent
    except CustodyError:
        shutil.rmtree(came, ignore_errors=True)
        raise
    later = partial(_kept_by_now, _person(request).handle, key_of(request), stand["id"])
    return _start(request, stand, arriving.KIND, partial(arriving.check, came, root(stand["id"]), cards, later))


def _kept(stand: Told) -> set[str]:
    """The parts that are received: nothing takes their place."""
    return {str(one["folder"]) for one in stand["releases"] if one["state"] == "answered"} | (
        {"package"} if stand["receipt"] else set()
    )


def _kept_by_now(handle: str, signer: Signer, matter: str) -> set[str]:
    """The same once it was checked; while it is being received, everything that lies there."""
    if jobs.underway("receive", matter):
        return set(arriving.parts(root(matter)))
    with seat(handle, signer) as at:
        return _kept(arrival(at, matter, folder(matter)))


@takes("", act=("receive", "look", "export", "compare", "reseal"))
@require_POST
def act(request: HttpRequest, matter: str, act: str) -> HttpResponse:
    """Receive, export, compare or re-seal, behind the page; whose role may, the service says."""
    if act not in _ACTS:
        raise Http404
    with desk(request) as at:
        stand: Told = arrival(at, matter, folder(matter))
        at.require(_ROLES[act])
        form = request.POST.get("form", "")
        form = form if form in FORMS else "sqlite"
        if act == "export" and asks(at, stand["id"], form):
            return redirect("arrival-out", matter=stand["id"], form=form)
    return begin(request, stand, act, form)


@require_safe
def paper(request: HttpRequest, matter: str, kind: str) -> HttpResponse:
    """A statement of ours about this hand-over, as it is."""
    with desk(request) as at:
        arrival(at, matter)
        found = statement_show(at, matter, kind)
    answer = HttpResponse(found, content_type="application/json")
    answer["Content-Disposition"] = f'attachment; filename="{kind}.dsse.json"'
    return answer


@require_POST
def anew(request: HttpRequest, matter: str) -> HttpResponse:
    """Another invitation, once the key of the one before went with a re-seal."""
    with desk(request) as at:
        stand: Told = arrival(at, matter)
        invite(at, stand["seller"]["id"], stand["ref"], folder(stand["id"]), anew=True)
    return redirect("arrival", matter=stand["id"])


@require_safe
def answer(request: HttpRequest, matter: str, n: int) -> HttpResponse:
    """What this company answered to the seller's release `n`, as it was signed."""
    with desk(request) as at:
        said = arrival_answer(at, matter, n)
    if said is None or said[0] not in folder(matter).list():
        raise Http404
    made = HttpResponse(said[1], content_type="application/json")
    made["Content-Disposition"] = f'attachment; filename="{said[0]}"'
    return made


@require_safe
def exported(request: HttpRequest, matter: str, form: str) -> FileResponse | HttpResponse:
    """The data in clear, for whom it was approved; anybody else who may export asks a second person first."""
    with desk(request) as at:
        at.require(("data", "owner"))
        stand: Told = arrival(at, matter)
        if form not in FORMS or not (path := _target(stand["id"], FORMS[form])).is_file():
            raise Http404
        if asks(at, stand["id"], form):
            return redirect("arrival-out", matter=stand["id"], form=form)
        try:  # first, for it may be written anew just now; what is open stays what was approved
            file = path.open("rb")
        except FileNotFoundError as error:
            raise Http404 from error
        export_fetch(at, stand["id"], wiring.target(path))
    return FileResponse(file, as_attachment=True, filename=path.name)


def out(at: Desk, matter: str, form: str) -> Mapping[str, Any]:
    """An export of that form rehearsed: of how many people, and what a second person approves."""
    return export(at, matter, wiring.target(_target(matter, FORMS[form])), dry_run=True)


def asks(at: Desk, matter: str, form: str) -> bool:
    """Whether a second person is still to approve this for whoever is here."""
    return "would" in out(at, matter, form)


def begin(request: HttpRequest, stand: Mapping[str, Any], act: str, form: str) -> HttpResponse:
    """Do it behind the page."""
    return _start(
        request, stand, act, partial(_do, act, _person(request).handle, key_of(request), stand["id"], FORMS[form])
    )


def root(matter: str) -> Path:
    """Where what came for a hand-over lies in the home: made by whoever puts something there, not by looking."""
    if not matter.startswith("mat_") or not matter[4:].isalnum():
        raise Http404
    return home() / "matters" / matter / "handover"


def folder(matter: str) -> Files:
    """The same, as services take it."""
    return wiring.folder(root(matter))


def _invite(at: Desk, request: HttpRequest) -> str:
    aside = home() / "tmp" / secrets.token_hex(8)
    try:
        made = invite(at, request.POST.get("seller", ""), request.POST.get("ref", "").strip(), wiring.folder(aside))
        folder(str(made["id"])).write(_INVITE, wiring.folder(aside).read(_INVITE))
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return str(made["id"])


def _start(request: HttpRequest, stand: Mapping[str, Any], kind: str, work: jobs.Act) -> HttpResponse:
    made = jobs.start(kind, stand["id"], work, back=f"/arrivals/{stand['id']}", by=_person(request).principal)
    return redirect("work", work=made.id)


def _person(request: HttpRequest) -> Person:
    """Whoever is signed in."""
    person = request.user
    assert isinstance(person, Person)
    return person


def _do(act: str, handle: str, signer: Any, matter: str, name: str, tell: Progress) -> dict[str, object]:  # noqa: ANN401 - a key passes through
    tell(0)
    with seat(handle, signer) as at:
        return dict(_ACTS[act](at, matter, name))


def _receive(at: Desk, matter: str, _: str) -> Mapping[str, Any]:
    return receive(at, matter, folder(matter))


def _look(at: Desk, matter: str, _: str) -> Mapping[str, Any]:
    return receive(at, matter, folder(matter), dry_run=True)


def _export(at: Desk, matter: str, name: str) -> Mapping[str, Any]:
    return export(at, matter, wiring.target(_target(matter, name)))


def _compare(at: Desk, matter: str, name: str) -> Mapping[str, Any]:
    return reconcile_export(at, matter, wiring.target(_target(matter, name)))


def _reseal(at: Desk, matter: str, _: str) -> Mapping[str, Any]:
    return reseal(at, matter, folder(matter))


def _target(matter: str, name: str) -> Path:
    return home() / "exports" / matter / name


def _said(kind: str, matter: str) -> Mapping[str, Any] | None:
    work = jobs.last(kind, matter)
    return work.said if work and work.state == "done" else None


def _failed(work: Any) -> dict[str, object] | None:  # noqa: ANN401 - Django's row
    error = jobs.fault(work)
    return told(error, now=False) if error else None


_ACTS: Final[Mapping[str, Callable[[Desk, str, str], Mapping[str, Any]]]] = {
    "receive": _receive, "look": _look, "export": _export, "compare": _compare, "reseal": _reseal,
}  # fmt: skip
_ROLES: Final[Mapping[str, tuple[str, ...]]] = {
    "receive": ("data", "owner"), "look": ("data", "owner"), "export": ("data", "owner"), "compare": ("data", "owner", "auditor"), "reseal": ("data", "owner"),
}  # fmt: skip
_PAPERS: Final = ("invite", "received", "resealed", "withheld")
