"""What a request asks for is done here: the answer is packed and sealed, the customer is erased, wholly or in part (B4, A8)."""

from base64 import b64encode
from typing import Any, Final, cast

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from custody.acts.desk import Desk
from custody.acts.terms import Term
from custody.services.customer import customer
from custody.services.erase import ERASERS, erase
from custody.services.erase_part import erase_part
from custody.services.request_answer import ANSWERED, PACKERS, request_answer
from custody.services.request_grounds import request_grounds
from custody.services.request_list import request_line
from custody.web.console.attempts import attempt
from custody.web.console.house import Told, desk, laws
from custody.web.console.steps import takes

ERASED: Final = ("delete", "deregister")
_LONGEST: Final = 20_000


@require_http_methods(["GET", "POST"])
def pack(request: HttpRequest, ref: str) -> HttpResponse:
    """The sealed file and its passphrase stand on the page that made them, once: neither is kept here."""
    with desk(request) as at:
        at.require(PACKERS)
        one = _open(at, ref, ANSWERED)
        tried = attempt(request, lambda: _packed(request, at, one))
        if tried.answer:
            return tried.answer
        tables, fits = _tables(customer(at, one["subject"])), cast("Told", request_grounds(at, laws(), [ref]))
    page = {"one": one, "fault": tried.fault, "tables": tables, "grounds": fits["grounds"], "given": {name: request.POST.get(name, "") for name in ("to", "withhold", "keeper", "until")}}  # fmt: skip
    return render(request, "request_pack.html", page, status=tried.code)


@takes("look", "do")
@require_http_methods(["GET", "POST"])
def wipe(request: HttpRequest, ref: str) -> HttpResponse:
    """First what would go, then the same again for good."""
    dry = list[Told]()
    with desk(request) as at:
        at.require(ERASERS)
        one = _open(at, ref, ERASED)
        held: Told = customer(at, one["subject"])
        tried = attempt(request, lambda: _wiped(request, at, one, held, dry))
    if tried.answer:
        return tried.answer
    page = {"one": one, "tables": _tables(held), "table": request.POST.get("table", ""), "dry": dry[-1] if dry else None, "fault": tried.fault}  # fmt: skip
    return render(request, "request_erase.html", page, status=tried.code)


def _tables(held: Told) -> list[str]:
    return sorted({str(field["table"]) for field in held["fields"]})


def _open(at: Desk, ref: str, kinds: tuple[str, ...]) -> dict[str, Any]:
    """A request of one of `kinds` that has not ended; else there is no such page."""
    found: Any = request_line(at, ref)
    if found["kind"] not in kinds or found["closed_at"]:
        raise Http404
    return dict(found)


def _packed(request: HttpRequest, at: Desk, one: Told) -> HttpResponse:
    term = Term(request.POST.get("keeper", "").strip(), request.POST.get("until", ""))
    kept_back = request.POST.get("withhold", "")[:_LONGEST]
    made = request_answer(at, laws(), one["ref"], request.POST.get("to", "").strip(), kept_back, term)
    page = {"one": one, "made": made.told, "passphrase": made.passphrase, "file": b64encode(made.file).decode()}
    answer = render(request, "request_packed.html", page)
    answer["Cache-Control"] = "no-store"
    return answer


def _wiped(request: HttpRequest, at: Desk, one: Told, held: Told, dry: list[Told]) -> HttpResponse | None:
    """Whoever has not looked does not erase: only the step after the look does."""
    table, only = request.POST.get("table", ""), request.POST.get("step") != "do"
    who, vault = held["subject"], held["vault"]
    done: Told = erase_part(at, who, table, None, vault, dry_run=only) if table else erase(at, [who], vault, dry_run=only)  # fmt: skip
    if only:
        dry.append(done)
        return None
    return redirect("request", ref=one["ref"])
