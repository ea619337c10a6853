"""Public notices: planned where the law lets one stand in, ended with what shows it, by two people (B1; spec/campaigns.md §7)."""

from collections.abc import Mapping
from functools import partial
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from custody import wiring
from custody.acts.desk import Desk
from custody.acts.publishing import PLACES
from custody.acts.vaults import sha256
from custody.ports.files import Files
from custody.services.deal_show import deal_show
from custody.services.publication_end import publication_end
from custody.services.publication_list import publication_list
from custody.services.publication_new import FIELDS, publication_new
from custody.web.console.attempts import attempt
from custody.web.console.catalogue import words
from custody.web.console.house import Told, desk, home, laws
from custody.web.console.lacking import seen, with_places
from custody.web.console.steps import takes
from custody.web.console.twofold import STEPS, Act, Said, Scene
from custody.web.console.uploads import PAPER, brings

MAKERS: Final = ("owner", "privacy", "lawyer")
_TEXTS: Final = {"text": "", "text_en": "en"}
"""The boxes of words, each with its language; '' is the reader's."""
_MOST_FILE: Final = 32 * 2**20
_MOST_FILES: Final = 20


@takes("", "look")
@require_http_methods(["GET", "POST"])
def board(request: HttpRequest) -> HttpResponse:
    """Every public notice, and the plan of a new one for those who cannot be reached."""
    given = {name: request.POST.get(name, "") for name in (*FIELDS, "text_en")}
    if request.method == "GET":
        given["text"] = words("publication.text_first")  # with the place where what the law asks for is listed
    looked: dict[str, Any] = {}
    with desk(request) as at:
        tried = attempt(request, lambda: _planned(at, request, given, looked))
        if tried.answer:
            return tried.answer
        given |= {name: with_places(given[name], tried.fault, laws(), language) for name, language in _TEXTS.items()}
        seen(tried.fault)
        rows: Any = publication_list(at)["publications"]
        deals: Any = deal_show(at, None)["deals"]
    page = {
        "rows": rows, "given": given, "looked": looked, "chosen": request.POST.get("deal", ""), "fault": tried.fault, "places": PLACES,
        "deals": [one for one in deals if one["kind"] == "deal" and one["state"] == "open"],
    }  # fmt: skip
    return render(request, "publications.html", page, status=tried.code)


@brings(20 * PAPER)
@takes(*STEPS)
@require_http_methods(["GET", "POST"])
def show(request: HttpRequest, ref: str) -> HttpResponse:
    """One of them: how long it must stand, then what shows that it did, looked at and confirmed by two people."""
    with desk(request) as at:
        one = _listed(at, ref)
        scene = Scene(_act(request, one), ref, ref, request, at)
        tried = attempt(request, lambda: _stepped(at, scene))
        if tried.answer:
            return tried.answer
        looked = not tried.fault or request.POST.get("step") != "look"
        page: dict[str, Any] = {**scene.page()} if looked else {}
    page |= {"one": one, "deal": {"ref": ref}, "act": "publication", "fault": tried.fault or page.get("refusal")}
    return render(request, "publication.html", page, status=tried.code)


def _planned(at: Desk, request: HttpRequest, given: Mapping[str, str], looked: dict[str, Any]) -> HttpResponse | None:
    """A look first: it shows the notice whole, in both languages, and keeps nothing."""
    look = request.POST.get("step") == "look"
    made: Told = publication_new(at, laws(), request.POST.get("deal", ""), given, dry_run=look)
    if look:
        looked |= made
        return None
    return redirect("publication", ref=made["publication"])


def _stepped(at: Desk, scene: Scene) -> HttpResponse | None:
    """A look stays on the page."""
    at.require(MAKERS)
    scene.step()
    return None if scene.request.POST.get("step") == "look" else redirect("publication", ref=scene.ref)


def _listed(at: Desk, ref: str) -> dict[str, Any]:
    rows: Any = publication_list(at)["publications"]
    found = next((one for one in rows if one["publication"] == ref), None)
    if found is None:
        raise Http404
    return dict(found)


def _act(request: HttpRequest, one: Mapping[str, Any]) -> Act:
    """What shows it lies in the deal's folder from the first look on, so that both people speak of the same files."""
    ref, folder = str(one["publication"]), _folder(one)

    def read(form: QueryDict) -> Said:
        names = form.getlist("proof") or _put(request, folder)
        return {"until": form.get("until", ""), "proof": sorted(names)[:_MOST_FILES]}

    def run(at: Desk, said: Said, *, dry_run: bool = False) -> Mapping[str, Any]:
        there = set(folder.list())
        shown = [folder.read(name) for name in said["proof"] if name in there]
        return publication_end(at, ref, str(said["until"]), shown, dry_run=dry_run)

    def figures(dry: Mapping[str, Any]) -> list[tuple[str, Any]]:
        return [
            ("publication.people", dry["people"]),
            ("publication.days", dry["days"]),
            ("publication.proofs", len(dry["proof"])),
        ]

    return Act("publication", read, partial(run, dry_run=True), run, figures)


def _put(request: HttpRequest, folder: Files) -> list[str]:
    """Keep what was handed in under its digest; the names."""
    names = []
    for file in request.FILES.getlist("file")[:_MOST_FILES]:
        if file.size <= _MOST_FILE:
            data = file.read()
            names.append(sha256(data).partition(":")[2])
            folder.write(names[-1], data)
    return names


def _folder(one: Mapping[str, Any]) -> Files:
    where = home() / "matters" / str(one["deal"]) / "publications" / str(one["publication"])
    where.mkdir(parents=True, exist_ok=True)
    return wiring.folder(where)
