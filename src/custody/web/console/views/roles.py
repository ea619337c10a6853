"""Which roles somebody has, and a new way in for whoever lost theirs (spec/identity.md §8): an owner takes a role away alone, and gives one beside a second person."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any, Final

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from custody.acts.approval import APPROVERS
from custody.acts.desk import Desk
from custody.acts.typed import Word
from custody.base.errors import Missing, Refused
from custody.services.principal_list import principal_list
from custody.services.principal_reset import GIVERS as RESETTERS
from custody.services.principal_reset import principal_reset
from custody.services.principal_roles import ACT, GIVERS, PEOPLES, principal_roles
from custody.web.console.attempts import Attempt, attempt
from custody.web.console.house import Told, desk
from custody.web.console.models import Person
from custody.web.console.notices import tell
from custody.web.console.signin import KEYS, linked, unlink
from custody.web.console.steps import takes
from custody.web.console.twofold import STEPS, Act, Said, Scene
from custody.web.console.views.people import ONCE, account_name, once_secret

_ALONE: Final = "take"
_RESET: Final = "reset"


@takes(*STEPS, "take")
@require_http_methods(["GET", "POST"])
def roles(request: HttpRequest, handle: str) -> HttpResponse:
    """The form, what would change, and both people where something is given; whoever is meant is signed out when it is done."""
    with desk(request) as at:
        at.require(APPROVERS)
        one = _who(at, handle)
        scene = Scene(_act(handle), one["id"], handle, request, at)
        tried = attempt(request, lambda: _stepped(scene, one))
        if tried.answer:
            return tried.answer
        yours = one["id"] == at.principal.id
        page = {} if yours else scene.page()
        may = bool(at.principal.roles.intersection(GIVERS)) and not yours
    dry = page.get("dry")
    chosen = dry["roles"] if dry else one["roles"]
    page |= {
        "one": one, "called": Person.objects.filter(principal=one["id"]).first() or handle, "may": may, "yours": yours, "chosen": chosen, "all": PEOPLES,
        "alone": dry is not None and "would" not in dry, "act": ACT, "deal": {"ref": handle}, "typed": "roles.typed", "fault": tried.fault or page.get("refusal"),
    }  # fmt: skip
    return render(request, "person_roles.html", page, status=tried.code)


@takes("do")
@require_http_methods(["GET", "POST"])
def reset(request: HttpRequest, handle: str) -> HttpResponse:
    """A passphrase that works once, shown once, to be handed over; their second factor and the identity they linked are gone, and whoever was signed in as them is out."""
    once, secret = None, once_secret()
    with desk(request) as at:
        at.require(RESETTERS)
        one = _who(at, handle)
        going = request.method == "POST" and request.POST.get("step") == "do"
        tried = attempt(request, lambda: _reset(at, handle, secret)) if going else Attempt()
    person = Person.objects.filter(principal=one["id"]).first()
    if going and not tried.fault:
        once = {"handle": handle, "secret": secret, "until": _anew(request, one)}
    page = {"one": one, "called": person or handle, "once": once, "fault": tried.fault, "here": request.build_absolute_uri("/"), "mfa": person is not None and is_mfa_enabled(person), "company": person is not None and linked(person)}  # fmt: skip
    return render(request, "person_reset.html", page, status=tried.code)


def _reset(at: Desk, handle: str, secret: str) -> None:
    principal_reset(at, handle, secret.encode())


def _anew(request: HttpRequest, one: Told) -> datetime:
    """Their account as it is before a first sign-in; who had a second factor sets one up first of all. Returns until when they may come."""
    KEYS.drop_person(one["id"])
    known = {"username": account_name(request, one["handle"])}
    person, fresh = Person.objects.get_or_create(principal=one["id"], defaults=known)
    person.must_enrol = person.must_enrol or (not fresh and is_mfa_enabled(person))
    person.must_change, person.once_until = True, timezone.now() + ONCE
    person.set_unusable_password()
    person.save()
    Authenticator.objects.filter(user=person).delete()
    unlink(person)
    me = request.user
    assert isinstance(me, Person)
    tell([person], _RESET, "", "/account/2fa/", me)
    return person.once_until


def _stepped(scene: Scene, one: Told) -> HttpResponse | None:
    """A look stays on the page; what only takes away is done at once."""
    step, chosen = scene.request.POST.get("step"), scene.request.POST.getlist("role")
    if one["id"] == scene.at.principal.id:
        raise Refused("principal.own-roles", "Nobody changes their own roles.", next="Another owner changes them.")
    if step == "look":
        return None
    done = principal_roles(scene.at, scene.ref, chosen) if step == _ALONE else scene.step()
    if done is None:
        return redirect(scene.request.path)
    KEYS.drop_person(one["id"])
    return redirect("people")


def _who(at: Desk, handle: str) -> Told:
    found: Any = principal_list(at, words=[Word(handle)])["principals"]
    one = next((row for row in found if row["handle"] == handle and not row["until"]), None)
    if one is None:
        raise Missing("principal.unknown", f"Nobody here is called {handle}.", next="custody principal list")
    return dict(one)


def _act(handle: str) -> Act:
    def run(at: Desk, said: Said, *, dry_run: bool = False) -> Mapping[str, Any]:
        return principal_roles(at, handle, said["roles"], dry_run=dry_run)

    return Act(ACT, _read, partial(run, dry_run=True), run, by_name=True)


def _read(form: QueryDict) -> Said:
    return {"roles": sorted(set(form.getlist("role")) & set(PEOPLES))}
