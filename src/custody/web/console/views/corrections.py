"""Correct a value of one customer at their word: where, what it is, how they were identified; a code proves what is high risk (A7)."""

from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from custody.acts.correcting import Place
from custody.acts.desk import Desk
from custody.acts.identified import KINDS as SAID
from custody.acts.identified import PROOFS
from custody.acts.requesting import CHANNELS
from custody.base.errors import CustodyError, Malformed
from custody.services.correction_list import correction_list
from custody.services.correction_new import Asked, correction_new
from custody.services.correction_places import correction_places
from custody.services.correction_prove import correction_prove
from custody.services.correction_undo import correction_undo
from custody.services.customer import customer
from custody.web.console.forms import said_lines
from custody.web.console.house import Told, desk
from custody.web.console.middleware import status, told
from custody.web.console.steps import takes

_KEPT: Final = ("place", "channel", "proof")  # the value is written again: no page repeats it


@takes("new", "prove", "undo")
@require_http_methods(["GET", "POST"])
def correct(request: HttpRequest, subject: str) -> HttpResponse:
    """What is done at once leads to the card; a code for the old channel is shown this once."""
    fault, code, asked = None, 200, None
    with desk(request) as at:
        one: Told = customer(at, subject)
        places: Any = correction_places(at, subject, one["vault"])["places"]
        named = {_name(place): place for place in places}
        if request.method == "POST":
            try:
                asked = _act(at, request, one, named)
                if asked is None or not asked.code:
                    return redirect("customer", subject=subject)
            except CustodyError as error:
                fault, code = told(error), status(error)
        made: Any = correction_list(at, "", one["subject"])["corrections"]
    given = request.GET if fault is None else {name: request.POST.get(name, "") for name in _KEPT}
    page = {
        "one": one, "places": [{**place, "name": name} for name, place in named.items()], "proofs": PROOFS, "channels": CHANNELS[1:], "said": SAID, "asked": asked, "fault": fault,
        "given": given, "made": made,
    }  # fmt: skip
    answer = render(request, "correct.html", page, status=code)
    answer["Cache-Control"] = "no-store"  # a code is in it
    return answer


def _act(at: Desk, request: HttpRequest, one: Told, named: dict[str, Any]) -> Asked | None:
    """Raises Malformed `correction.place` for a place that the customer does not have."""
    step = request.POST.get("step", "")
    if step == "prove":
        correction_prove(at, request.POST.get("correction", ""), request.POST.get("code", ""))
    elif step == "undo":
        correction_undo(at, request.POST.get("correction", ""), request.POST.get("reason", ""))
    else:
        place = named.get(request.POST.get("place", ""))
        if place is None:
            raise Malformed("correction.place", "The customer has no such value.", next="Choose one of the list.")
        where = Place(place["table"], place["row"], place["column"])
        given = {
            "value": request.POST.get("value", ""),
            "proof": request.POST.get("proof", ""),
            "channel": request.POST.get("channel", ""),
        }
        given["said"] = said_lines(request.POST)
        return correction_new(at, one["subject"], where, given, one["vault"])
    return None


def _name(place: Told) -> str:
    """A place in an address or a form: no value is in it."""
    return f"{place['row']}:{place['table']}:{place['column']}"
