"""The sample company: a whole deal rehearsed beside the home, in two homes of its own that share nothing with it.

Who may open this console, by the one-time link or by signing in, may take the place of one of its five invented people.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.contrib.auth import login, logout
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from custody import wiring
from custody.base.errors import Unavailable
from custody.base.signing import Signer
from custody.services.principal_list import principal_list
from custody.web.console import jobs
from custody.web.console.aside import OWN, set_aside, taken_up
from custody.web.console.catalogue import words
from custody.web.console.house import inside, seat
from custody.web.console.models import Person
from custody.web.console.signin import hold
from custody.web.console.views.welcome import invited

PEOPLE: Final = {"seller": ("suhe", "zhouning", "limo"), "buyer": ("fanyuan", "yeqing")}
CUSTOMERS: Final = 300
FOLDER: Final = "sample"
_BACKEND: Final = "custody.web.console.signin.KeyBackend"
_LEFT_OUT: Final = "CUSTODY_"
_STEP: Final = 0.5


@require_http_methods(["GET", "POST"])
def show(request: HttpRequest) -> HttpResponse:
    """Make it, wait for it, or choose whose place to take."""
    if not _let_in(request):
        return redirect("welcome" if not wiring.is_home(settings.HOME) else "account_login")
    if request.method == "POST" and not _ready():
        jobs.start("sample", FOLDER, _make(get_language() or "en"), back="/sample", by="")
    return render(request, "sample.html", _page())


@require_safe
def part(request: HttpRequest) -> HttpResponse:
    """What the page asks again every second."""
    if not _let_in(request):
        raise Http404
    answer = render(request, "part_sample.html", page := _page())
    if not page["making"]:
        answer["HX-Redirect"] = "/sample"
    return answer


@require_POST
def enter(request: HttpRequest) -> HttpResponse:
    """Take somebody's place: their key lies open in a rehearsal, there is nothing in it to protect."""
    side, _, handle = request.POST.get("who", "").partition("/")
    if not _let_in(request) or not _ready() or handle not in PEOPLE.get(side, ()):
        raise Http404
    place = f"{FOLDER}/{side}"
    where = settings.HOME / place
    secret = (where / "keys" / "principals" / f"{handle}.pass").read_bytes().strip()
    principal, signer = wiring.unlock(where, handle, secret)
    invitation, own = request.session.get("welcome"), set_aside(request)
    _everybody(side, handle, signer)
    logout(request)
    login(request, Person.objects.get(principal=principal), backend=_BACKEND)
    hold(request, principal, signer)
    if invitation:
        request.session["welcome"] = invitation  # leaving leads back to the first page
    if own:
        request.session[OWN] = own  # or to one's own company
    with inside(place):
        return redirect("deals")


def _everybody(side: str, handle: str, signer: Signer) -> None:
    """All of them have an account as soon as one is entered: a page calls each by their name."""
    place = f"{FOLDER}/{side}"
    with inside(place), seat(handle, signer) as at:
        listed: Any = principal_list(at)["principals"]
    for one in listed:
        if one["handle"] in PEOPLE[side]:
            known = {"username": f"{place}/{one['handle']}", "shown": words(f"sample.{one['handle']}")}
            Person.objects.update_or_create(principal=one["id"], defaults=known)


@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Back to one's own company, as whoever came from there, while their key is still open; or to where it is founded or signed in to."""
    invitation, own = request.session.get("welcome"), taken_up(request)
    logout(request)
    if own is not None:
        person, signer = own
        login(request, person, backend=_BACKEND)
        hold(request, person.principal, signer)
        return redirect("deals")
    if invitation:
        request.session["welcome"] = invitation
    return redirect("welcome" if not wiring.is_home(settings.HOME) else "account_login")


def _let_in(request: HttpRequest) -> bool:
    return isinstance(request.user, Person) or (not wiring.is_home(settings.HOME) and invited(request))


def _ready() -> bool:
    return (settings.HOME / FOLDER / "summary.json").is_file()


def _page() -> dict[str, Any]:
    work = jobs.last("sample", FOLDER)
    making = work is not None and not jobs.gone(work) and work.state == "running"
    failed = work is not None and work.state == "failed" and not _ready()
    return {"ready": _ready(), "making": making, "failed": failed, "work": work, "people": PEOPLE}


def _make(lang: str) -> jobs.Act:
    def act(tell: jobs.Progress) -> dict[str, object]:
        aside: Path = settings.HOME / "tmp" / "sample"
        shutil.rmtree(aside, ignore_errors=True)
        words = [
            sys.executable,
            "-m",
            "custody",
            "demo",
            str(aside),
            "--customers",
            str(CUSTOMERS),
            "--lang",
            "en" if lang == "en" else "zh",
            "--json",
        ]
        kept = {name: value for name, value in os.environ.items() if not name.startswith(_LEFT_OUT)}
        with subprocess.Popen(words, env=kept, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:  # noqa: S603 - our own interpreter and our own words
            try:
                while process.poll() is None:
                    tell(0)
                    _wait(process)
            except BaseException:
                process.terminate()
                raise
        if process.returncode:
            raise Unavailable("console.sample", "The sample company could not be made.", next="Try again.")
        shutil.rmtree(settings.HOME / FOLDER, ignore_errors=True)
        aside.rename(settings.HOME / FOLDER)
        summary = json.loads((settings.HOME / FOLDER / "summary.json").read_text(encoding="utf-8"))
        shutil.copytree(
            settings.HOME / FOLDER / "handover",
            settings.HOME / FOLDER / "seller" / "matters" / summary["deal"] / "handover",
            dirs_exist_ok=True,
        )
        Person.objects.filter(username__startswith=f"{FOLDER}/").delete()
        return {"customers": CUSTOMERS}

    return act


def _wait(process: "subprocess.Popen[bytes]") -> None:
    try:
        process.wait(_STEP)
    except subprocess.TimeoutExpired:
        return
