"""The register of incidents: recording one, what is learned of it, whom it was told to, its end (E2; spec/incidents.md)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from custody.acts.desk import Desk
from custody.acts.incidents import SAID, TOLD
from custody.base.canonical import Json
from custody.base.clock import parse, stamp
from custody.services.incident_close import incident_close
from custody.services.incident_count import Where, incident_count
from custody.services.incident_draft import incident_draft
from custody.services.incident_list import incident_list
from custody.services.incident_record import incident_record
from custody.services.incident_tell import Telling, incident_tell
from custody.services.law_facts import law_facts
from custody.services.vault_list import vault_names
from custody.web.console.attempts import attempt
from custody.web.console.forms import PLACES, whole
from custody.web.console.house import Told, desk, laws
from custody.web.console.steps import takes
from custody.web.console.uploads import PAPER, brings
from custody.web.console.views.incident_papers import listed

_GROUP: Final = "incident"
_LOCAL: Final = "%Y-%m-%dT%H:%M"
_DIGITS: Final = 12
_LONGEST: Final = 2_100


@require_http_methods(["GET", "POST"])
def board(request: HttpRequest) -> HttpResponse:
    """Every incident, and the form of a new one."""
    with desk(request) as at:
        tried = attempt(request, lambda: _record(at, request, "", {}))
        if tried.answer:
            return tried.answer
        found: Told = incident_list(at, laws())
    page = {"rows": found["incidents"], "fields": _fields({}, request.POST), "places": PLACES, "fault": tried.fault}
    return render(request, "incidents.html", page, status=tried.code)


@brings(PAPER)
@takes("learn", "tell", "count", "close")
@require_http_methods(["GET", "POST"])
def show(request: HttpRequest, ref: str) -> HttpResponse:
    """One of them: its duties with their clocks, and what is said of them."""
    with desk(request) as at:
        one: Told = _one(at, ref)
        tried = attempt(request, lambda: _step(at, request, one))
        if tried.answer:
            return tried.answer
        drafts: Told = incident_draft(at, laws(), ref, {})
        vaults = vault_names(at)
    urgent = next((each for each in drafts["drafts"] if each["owed"]), None)
    page = {"one": one, "drafts": drafts, "urgent": urgent, "vaults": vaults, "fields": _fields(one["facts"], request.POST if request.POST.get("step") == "learn" else {}), "places": PLACES, "whom": TOLD, "fault": tried.fault,
            "least": SAID.start, "longest": SAID.stop - 1, "said": {name: request.POST.get(name, "") for name in ("at", "reason", "done", "line", "to", "vault", "columns")}}  # fmt: skip
    return render(request, "incident.html", page, status=tried.code)


def _one(at: Desk, ref: str) -> Told:
    found: Any = incident_list(at, laws(), ref)["incidents"]
    names = {one["fact"]: one["name"] for one in _leaves(())}
    lines = [
        {**line, "lacks": [names.get(fact, {"zh": fact, "en": fact}) for fact in line["missing"]]}
        for line in found[0]["duties"]
    ]
    return {**found[0], "duties": lines}


def _step(at: Desk, request: HttpRequest, one: Told) -> HttpResponse:
    form, ref = request.POST, str(one["incident"])
    match form.get("step", ""):
        case "tell":
            rule, _, duty = form.get("line", "").partition("/")
            incident_tell(
                at,
                laws(),
                ref,
                Telling(
                    rule, duty, form.get("to", ""), _instant(form.get("at", "")), form.get("reason", "")[:_LONGEST]
                ),
            )
        case "count":
            columns = tuple(
                dict.fromkeys(line.strip() for line in form.get("columns", "").splitlines() if line.strip())
            )
            incident_count(at, laws(), ref, Where(form.get("vault") or None, columns, listed(request)))
        case "close":
            incident_close(at, laws(), ref, form.get("done", "")[:_LONGEST])
        case _:
            return _record(at, request, ref, one["facts"])
    return redirect("incident", ref=ref)


def _record(at: Desk, request: HttpRequest, ref: str, known: Mapping[str, Json]) -> HttpResponse:
    told = incident_record(at, laws(), ref, {_GROUP: _given(request.POST, known)}, request.POST.getlist("law"))
    return redirect("incident", ref=told["incident"])


def _given(form: QueryDict, known: Mapping[str, Json]) -> dict[str, Json]:
    """What the form says of each fact; an empty field is a fact that is not known."""
    return {
        leaf: _value(kind, form.get(leaf, "").strip(), known.get(f"{_GROUP}.{leaf}"))
        for leaf, kind in _kinds()
        if leaf in form
    }


def _value(kind: str, text: str, known: Json) -> Json:
    """As the law's facts have it; what is not of its form goes on as it is, to be refused there."""
    if not text:
        return None
    if kind == "boolean":
        return {"yes": True, "no": False}.get(text, text)
    if kind == "instant":
        return known if isinstance(known, str) and _local(known) == text else _instant(text)
    if kind == "integer":
        number = whole(text, _DIGITS)
        return text if number is None else number
    return text


def _instant(text: str) -> str:
    """A moment on the reader's clock as an instant."""
    try:
        return stamp(timezone.make_aware(datetime.strptime(text, _LOCAL)))  # noqa: DTZ007 - the zone is added at once
    except ValueError:
        return text


def _local(text: str) -> str:
    return timezone.localtime(parse(text)).strftime(_LOCAL)


def _kinds() -> list[tuple[str, str]]:
    return [(str(one["fact"]).partition(".")[2], str(one["type"])) for one in _leaves((_GROUP,))]


def _leaves(groups: Sequence[str]) -> list[dict[str, Any]]:
    found: Any = law_facts(laws(), groups)["facts"]
    return list(found)


def _fields(known: Mapping[str, Json], typed: Mapping[str, str]) -> list[dict[str, Any]]:
    """Each fact with what is known or was typed, as its field shows it."""
    made = []
    for one in _leaves((_GROUP,)):
        leaf = str(one["fact"]).partition(".")[2]
        made.append({**one, "leaf": leaf, "value": str(typed.get(leaf, _shown(one["type"], known.get(one["fact"]))))})
    return made


def _shown(kind: str, value: Json) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return _local(str(value)) if kind == "instant" else str(value)
