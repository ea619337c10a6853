"""What an incident makes the law want told: a draft with its boxes, and the plan of the campaign that tells the customers (E2; spec/incidents.md §6, §8)."""

from collections.abc import Mapping
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from custody import wiring
from custody.acts.desk import Desk
from custody.acts.planning import CHANNELS, EMAIL
from custody.base.errors import Malformed
from custody.services.incident_draft import incident_draft
from custody.services.incident_list import incident_list
from custody.services.incident_notify import SHORT, Notice, incident_notify
from custody.services.incident_print import incident_print
from custody.services.vault_list import vault_names
from custody.web.console import boxes
from custody.web.console.attempts import attempt
from custody.web.console.house import Told, desk, laws
from custody.web.console.steps import takes
from custody.web.console.uploads import PAPER, brings

_MOST_FILE: Final = 32 * 2**20


@brings(PAPER)
@takes("look", "pdf:zh", "pdf:en", "notify")
@require_http_methods(["GET", "POST"])
def draft(request: HttpRequest, ref: str, kind: str) -> HttpResponse:
    """One draft: what is written by hand is kept nowhere but in what it is planned with."""
    with desk(request) as at:
        state: Any = incident_list(at, laws(), ref)["incidents"]
        given = boxes.typed(request, _drafted(at, ref, kind, {})["items"])
        tried = attempt(
            request, lambda: _printed(at, request, (ref, kind), given) or _planned(at, request, ref, kind, given)
        )
        if tried.answer:
            return tried.answer
        one = _drafted(at, ref, kind, given)
        vaults = vault_names(at)
    page = {
        "ref": ref, "state": state[0]["state"], "one": one, "items": _boxes(one, given), "vaults": vaults, "fault": tried.fault,
        "said": {name: request.POST.get(name, "") for name in ("sender", "vault", "channel", *(f"sms_{one}" for one in SHORT))}, "channels": CHANNELS,
    }  # fmt: skip
    return render(request, "incident_draft.html", page, status=tried.code)


def listed(request: HttpRequest) -> bytes | None:
    """The list that was sent along; None where there was none. Raises Malformed `incident.file`."""
    file = request.FILES.get("listed")
    if file is None:
        return None
    if file.size is None or file.size > _MOST_FILE:
        raise Malformed("incident.file", "The list is no UTF-8 text with one customer on each line.")
    return bytes(file.read())


def _drafted(at: Desk, ref: str, kind: str, given: Mapping[str, Any]) -> dict[str, Any]:
    found: Told = incident_draft(at, laws(), ref, given)
    for one in found["drafts"]:
        if one["kind"] == kind:
            return dict(one)
    raise Http404


def _boxes(one: Mapping[str, Any], given: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [
        {**item, "filled": item["origin"] not in {"", "given"}, **boxes.texts(item, given)}
        for item in one["items"]
    ]  # fmt: skip


def _printed(at: Desk, request: HttpRequest, named: tuple[str, str], given: Mapping[str, Any]) -> HttpResponse | None:
    """The paper as a PDF, made in memory and kept nowhere; None where another button was pressed."""
    step, _, language = request.POST.get("step", "").partition(":")
    if step != "pdf":
        return None
    answer = HttpResponse(
        incident_print(at, laws(), wiring.pdf, (*named, language), given), content_type="application/pdf"
    )
    answer["Content-Disposition"] = f'attachment; filename="{named[0]}-{named[1].lower()}.{language}.pdf"'
    return answer


def _planned(at: Desk, request: HttpRequest, ref: str, kind: str, given: Mapping[str, Any]) -> HttpResponse | None:
    """The campaign, planned; None for a look."""
    if request.POST.get("step") != "notify":
        return None
    asked = Notice(
        kind, request.POST.get("vault") or None, listed(request), request.POST.get("sender", "").strip(), given,
        request.POST.get("channel", EMAIL), {name: request.POST.get(f"sms_{name}", "").strip() for name in SHORT},
    )  # fmt: skip
    made: Told = incident_notify(at, laws(), ref, asked)
    return redirect("campaign", ref=made["campaign"])
