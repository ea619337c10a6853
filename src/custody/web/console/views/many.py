"""Several customers at once: named, for one purpose and reason, confirmed by a second person, shown once (A3)."""

from collections.abc import Mapping
from functools import partial
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from custody.acts.approval import APPROVERS
from custody.acts.desk import Desk
from custody.base.errors import CustodyError
from custody.services.reveal import PURPOSES, ROLES
from custody.services.reveal_many import MOST, reveal_fields, reveal_many
from custody.services.vault_list import vault_list
from custody.web.console.house import desk
from custody.web.console.middleware import status, told
from custody.web.console.models import Person
from custody.web.console.steps import takes
from custody.web.console.twofold import STEPS, Act, Said, Scene

ACT: Final = "bulk-reveal"
SHOWN_SECONDS: Final = 60


@takes(*STEPS)
@require_http_methods(["GET", "POST"])
def many(request: HttpRequest) -> HttpResponse:
    """The list of one's own asking, or one that a colleague asks to have confirmed (`?of=` names whose)."""
    fault, code = None, 200
    person = request.user
    assert isinstance(person, Person)
    with desk(request) as at:
        whose = _whose(request, person, at)
        scene = Scene(_act(), f"many:{whose.principal}", ACT, request, at, f"{request.path}?of={whose.handle}")
        if request.method == "POST":
            try:
                done = scene.step()
                if done:
                    return _shown(request, done)
                if request.POST.get("step") != "look":
                    return redirect(request.get_full_path())
            except CustodyError as error:
                fault, code = told(error), status(error)
        page = {**scene.page(), "vaults": vault_list(at)["vaults"], "known": _known(at)}
    page |= {
        "deal": {"ref": ACT}, "act": ACT, "purposes": PURPOSES, "fault": fault or page["refusal"], "typed": "many.typed", "most": MOST,
        "form": request.POST, "ticked": request.POST.getlist("field"), "whose": whose,
    }  # fmt: skip
    return render(request, "many.html", page, status=code)


def _whose(request: HttpRequest, person: Person, at: Desk) -> Person:
    """Who asks: whoever looks, but for a colleague who may confirm another's request."""
    named = request.GET.get("of", "") if at.principal.roles & APPROVERS else ""
    found = (
        Person.objects.filter(username=f"{person.place}/{named}" if person.place else named).first() if named else None
    )
    return found or person


def _shown(request: HttpRequest, done: Mapping[str, Any]) -> HttpResponse:
    """What was opened, for as long as one customer is shown: the page then covers itself."""
    answer = render(request, "many_shown.html", {"told": done, "seconds": SHOWN_SECONDS})
    answer["Refresh"] = f"{SHOWN_SECONDS}; url={request.path}"
    return answer


def _known(at: Desk) -> list[dict[str, Any]]:
    """What a look may be narrowed to, vault by vault; nothing to those who only confirm."""
    if not at.principal.roles.intersection(ROLES):
        return []
    return [{"vault": name, "fields": fields} for name, fields in reveal_fields(at).items()]


def _act() -> Act:
    def run(at: Desk, said: Said, *, dry_run: bool = False) -> Mapping[str, Any]:
        return reveal_many(
            at,
            said["vault"] or None,
            said["subjects"],
            said["purpose"],
            said["reason"],
            said["fields"],
            dry_run=dry_run,
        )

    return Act(
        ACT, _read, partial(run, dry_run=True), run, lambda dry: [("many.subjects", dry["subjects"])], by_name=True
    )


def _read(form: QueryDict) -> Said:
    return {
        "vault": form.get("vault", ""), "subjects": form.get("subjects", "").split(), "purpose": form.get("purpose", ""),
        "reason": form.get("reason", "").strip(), "fields": form.getlist("field"),
    }  # fmt: skip
