"""Access: who holds what until when, asking and giving, the policy as data, who saw what, and why (A3, D1, D4)."""

from collections.abc import Iterable
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from custody.acts.desk import Desk
from custody.base.errors import CustodyError, Malformed
from custody.services.access_explain import access_explain
from custody.services.access_show import access_show
from custody.services.department_join import department_join
from custody.services.grant_ask import grant_ask
from custody.services.grant_end import grant_end
from custody.services.grant_give import grant_give
from custody.services.grant_list import grant_list
from custody.services.grant_refuse import grant_refuse
from custody.services.principal_list import principal_list
from custody.services.reveal import PURPOSES
from custody.services.training_record import training_record
from custody.web.console.house import Told, desk
from custody.web.console.middleware import status, told
from custody.web.console.models import Person
from custody.web.console.notices import mentioned, tell
from custody.web.console.steps import takes

TOPICS: Final = "privacy"
_GIVERS: Final = frozenset(("owner", "privacy"))
_ANSWERERS: Final = frozenset(("owner", "privacy", "lawyer"))


@takes("ask", "department", "training", "give", "refuse", "end")
@require_http_methods(["GET", "POST"])
def grants(request: HttpRequest) -> HttpResponse:
    """What I hold and what waits for somebody; who may, sees and decides for everybody."""
    fault, code = None, 200
    with desk(request) as at:
        if request.method == "POST":
            try:
                _act(at, request)
                return redirect("access")
            except CustodyError as error:
                fault, code = told(error), status(error)
        held: Told = grant_list(at)
        policy: Told = access_show(at, None)
        people: Told = principal_list(at)
        roles, me = at.principal.roles, at.principal.handle
    page = {
        "held": held, "policy": policy, "purposes": PURPOSES, "fault": fault, "form": request.POST if request.POST.get("do") == "ask" else request.GET, "me": me, "giver": bool(roles & _GIVERS), "answers": bool(roles & _ANSWERERS),
        "people": [one["handle"] for one in people["principals"] if not one["until"] and one["handle"] != me], "topic": TOPICS,
    }  # fmt: skip
    return render(request, "access.html", page, status=code)


@require_safe
def why(request: HttpRequest, entry: int) -> HttpResponse:
    """Why a look was allowed or refused, decided again by the policy of then."""
    with desk(request) as at:
        found: Told = access_explain(at, str(entry))
    return render(request, "access_why.html", {"found": found, "entry": entry})


def _act(at: Desk, request: HttpRequest) -> None:
    """Raises Malformed `access.act` for what the page does not offer."""
    given = {
        name: request.POST.get(name, "").strip()
        for name in ("do", "id", "person", "what", "tier", "purpose", "until", "reason", "subject")
    }
    person = request.user
    assert isinstance(person, Person)
    if given["do"] == "ask":
        grant_ask(at, given["tier"], given["purpose"], given["until"], given["reason"], given["subject"] or None)
        tell(_answerers(at), "grant", "", request.path, person)
    elif given["do"] == "department":
        department_join(at, given["person"], given["what"], given["until"])
    elif given["do"] == "training":
        training_record(at, given["person"], given["what"], given["until"])
    elif given["do"] in {"give", "refuse", "end"}:
        made: Told = {"give": grant_give, "refuse": grant_refuse, "end": grant_end}[given["do"]](at, given["id"])
        tell(mentioned(f"@{made['handle']}", person.place), "granted", "", request.path, person)
    else:
        raise Malformed("access.act", "This page offers no such act.")


def _answerers(at: Desk) -> Iterable[Person]:
    """Who may give or refuse what somebody asks for."""
    listed: Told = principal_list(at)
    able = [one["id"] for one in listed["principals"] if not one["until"] and _ANSWERERS.intersection(one["roles"])]
    return Person.objects.filter(principal__in=able)
