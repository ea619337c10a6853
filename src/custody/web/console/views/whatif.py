"""What if: choose a fact, choose another value, see which customers move; nothing is written (C1)."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from custody.base.errors import CustodyError, Malformed
from custody.services.deal_asks import deal_asks
from custody.services.deal_stand import deal_stand
from custody.services.deal_whatif import deal_whatif
from custody.web.console.answers import given, nested
from custody.web.console.house import Told, desk, laws
from custody.web.console.middleware import status, told
from custody.web.console.templatetags.words import VERDICTS


@require_safe
def whatif(request: HttpRequest, ref: str) -> HttpResponse:
    """The address holds the question, so it can be sent to somebody; facts of a deal are no personal data."""
    fault, found, code = None, None, 200
    with desk(request) as at:
        stand: Told = deal_stand(at, laws(), ref)
        asks: Any = deal_asks(at, laws(), nested(stand["facts"]))
        every = sorted([*asks["known"], *asks["asked"]], key=lambda one: one["fact"])
        one = next((one for one in every if one["fact"] == request.GET.get("fact")), None)
        if one is not None and "to" in request.GET:
            try:
                found = _tried(at, ref, one, request)
            except CustodyError as error:
                fault, code = told(error), status(error)
    tried = {**one, "value": found["value"]} if one and found else one
    page = {
        "deal": stand, "tab": "whatif", "known": asks["known"], "asked": asks["asked"], "one": one, "tried": tried, "found": found,
        "fault": fault,
    }  # fmt: skip
    return render(request, "whatif.html", page, status=code)


def _tried(at: Any, ref: str, one: Any, request: HttpRequest) -> dict[str, Any]:  # noqa: ANN401 - what services take and answer
    values = {one["fact"]: None} if "unknown" in request.GET else given(request.GET, [one])
    if not values:
        raise Malformed(
            "console.unanswered", "Nothing was chosen.", next="Choose an answer, or say that you do not know."
        )
    told_: Any = deal_whatif(at, laws(), ref, nested(values))
    rows = [
        {"verdict": name, "before": told_["before"][name], "after": told_["after"][name], "by": told_["after"][name] - told_["before"][name]}
        for name in VERDICTS
    ]  # fmt: skip
    return {**told_, "rows": rows, "value": values[one["fact"]], "total": sum(told_["before"].values())}
