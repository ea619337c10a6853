"""The first page of an empty home: company, owner, passphrase. It makes the home by the service that `init` uses.

Only who holds the one-time key that `serve` printed may found the home: on a shared host nobody can be first by chance.
"""

import hmac
import tempfile
import threading
from pathlib import Path
from typing import Final

from allauth.account.internal.flows.login import record_authentication
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from custody import wiring
from custody.acts.people import SHORTEST
from custody.base.errors import CustodyError
from custody.base.signing import Signer
from custody.services.init import Founding
from custody.services.timer_new import timer_new
from custody.web.console.forms import Welcome
from custody.web.console.house import home, seat
from custody.web.console.middleware import told
from custody.web.console.models import Person
from custody.web.console.signin import hold

KEY = "keys/welcome.key"
_FOUNDING: Final = threading.Lock()
"""One process serves a home (`serving`): this keeps two foundings of it apart."""


def welcome(request: HttpRequest) -> HttpResponse:
    """Show the form, or found the home and sign its owner in."""
    if wiring.is_home(home()):
        return redirect("deals")
    if not invited(request):
        return render(request, "plain.html", {"what": "uninvited"}, status=403)
    form, fault = Welcome(request.POST or None), None
    if request.method == "POST" and form.is_valid():
        try:
            with _FOUNDING:
                return _founded(request, form.cleaned_data)
        except CustodyError as error:
            fault = told(error)
    return render(request, "welcome.html", {"form": form, "fault": fault, "shortest": SHORTEST})


def invited(request: HttpRequest) -> bool:
    """Whether this browser came by the one-time link."""
    path = home() / KEY
    given = request.POST.get("key") or request.GET.get("key", "") or request.session.get("welcome", "")
    known = path.is_file() and hmac.compare_digest(given.encode(), path.read_bytes().strip())
    if known:
        request.session["welcome"] = given  # so that changing the language keeps the invitation
    return known


def _founded(request: HttpRequest, given: dict[str, str]) -> HttpResponse:
    """A second press of the same form waits for the first, and enters what that founded: by its passphrase, as signing in does."""
    known = wiring.is_home(home())
    if not known:
        _found(given)
    principal, signer = wiring.unlock(home(), given["handle"], given["passphrase"].encode())
    _enter(request, given, principal, signer)
    if not known:
        with seat(given["handle"], signer) as at:
            timer_new(at)
        (home() / KEY).unlink(missing_ok=True)
    return redirect("deals")


def _found(given: dict[str, str]) -> None:
    names = given["name_zh"] or given["name_en"], given["name_en"] or given["name_zh"]
    founding = Founding(*names, given["uscc"], given["place"], "separate", given["handle"])
    with tempfile.TemporaryDirectory(dir=home() / "tmp") as folder:
        secret = Path(folder) / "pass"
        secret.touch(mode=0o600)
        secret.write_text(given["passphrase"], encoding="utf-8")
        wiring.found(home(), founding, region=given["place"], own_secret=secret, rehearsal_at=None)


def _enter(request: HttpRequest, given: dict[str, str], principal: str, signer: Signer) -> None:
    person, made = Person.objects.get_or_create(
        username=given["handle"], defaults={"shown": given["shown"], "principal": principal}
    )
    if made:
        person.set_unusable_password()
        person.save()
    login(request, person, backend="custody.web.console.signin.KeyBackend")
    record_authentication(request, person, "password")
    hold(request, principal, signer)
