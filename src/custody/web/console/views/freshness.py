"""Values that may be wrong: the work list of each department, by place; no value stands on the page (A7)."""

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from custody.acts.accuracy import KINDS
from custody.acts.came_back import SAYS
from custody.acts.corrections import OLD, OPEN, REFUSED, SENDING, SENT, TOLD
from custody.acts.desk import Desk
from custody.acts.replies import SAYS as REPLY_SAYS
from custody.acts.reviewing import STATES
from custody.base.errors import CustodyError
from custody.services.campaign_reply import campaign_reply
from custody.services.correction_list import correction_list
from custody.services.correction_warned import correction_warned
from custody.services.freshness_keep import Place, freshness_keep
from custody.services.freshness_list import freshness_list
from custody.services.freshness_review import freshness_review
from custody.services.vault_list import vault_names
from custody.services.work_assign import work_assign
from custody.services.work_list import work_list
from custody.web.console.cells import PLAIN
from custody.web.console.forms import whole
from custody.web.console.house import desk
from custody.web.console.lists import SIZE, paged, start_of, words_of
from custody.web.console.middleware import status, told
from custody.web.console.steps import takes
from custody.web.console.uploads import PAPER, brings
from custody.web.console.views import warning
from custody.web.console.views.campaigns import SECURITY, mailed_back

_WRITTEN: Final = (SENDING, SENT, TOLD, REFUSED)
_FILTERS: Final = ("department", "kind", "state")


@takes("warn", "stand", "warned", "assign", "review", "reply", "keep")
@require_http_methods(["GET", "POST"])
def board(request: HttpRequest) -> HttpResponse:
    """The list, filtered by what stands in the address; a value that is right is kept with a reason."""
    fault, code = None, 200
    wanted = {name: request.GET.get(name, "") for name in _FILTERS}
    words, whole_list = words_of(request, "doubt", "doubt_why", "department"), PLAIN.get()
    with desk(request) as at:
        vaults = vault_names(at)
        vault = request.GET.get("vault") or (vaults[0] if vaults else None)
        try:
            made: Any = correction_list(at, "")
            if request.method == "POST":
                return _act(at, request, vault) or redirect(request.get_full_path())
            found: Any = (
                freshness_list(
                    at, vault, wanted, None if whole_list else SIZE, 0 if whole_list else start_of(request), words
                )
                if vault
                else {"doubts": [], "total": 0, "by_kind": {}, "by_department": {}}
            )
        except CustodyError as error:
            if error.slug == "act.role":
                raise
            fault, code, found, made = (
                told(error),
                status(error),
                freshness_list(at, vault, {}, SIZE),
                correction_list(at, ""),
            )
        _owned(at, made)
    page = {
        "found": found,
        "made": made,
        "vault": vault,
        "vaults": vaults,
        "wanted": wanted,
        "kinds": KINDS,
        "states": STATES,
        "list": paged(request, found["total"]),
        "fault": fault,
        "security": SECURITY,
        "given": warning.given(request) if fault else {},
        "unwarned": sum(to["state"] == OPEN for to in _old(made)),
        "under_way": _under_way(made),
        "says": SAYS,
        "replied": REPLY_SAYS,
    }
    return render(request, "freshness.html", page, status=code)


@brings(PAPER)
@require_POST
def returned(request: HttpRequest) -> HttpResponse:
    """What came back of the word to old addresses, and the relay's log for what is in doubt: as of a campaign."""
    log = request.FILES.get("log")
    with desk(request) as at:
        correction_warned(
            at,
            log.read().decode(errors="replace") if log is not None else None,
            mailed_back(request),
            request.POST.get("say", ""),
        )
    return redirect(reverse("freshness") + "#back")


def _old(made: Any) -> list[Any]:  # noqa: ANN401 - a result as it is told
    """The old addresses of what was changed."""
    return [to for one in made["corrections"] for to in one["recipients"] if to["kind"] == OLD]


def _under_way(made: Any) -> dict[str, int]:  # noqa: ANN401 - as above
    """How many of them each state has, of those that were written to; `unclear` are such of which something came back that nobody understood."""
    counts = Counter("unclear" if to["unclear"] else str(to["state"]) for to in _old(made))
    return {state: counts[state] for state in (*_WRITTEN, "unclear") if counts[state]}


def _owned(at: Desk, made: Any) -> None:  # noqa: ANN401 - a result as it is told
    """Whose work each correction is that somebody still has to prove or to acknowledge."""
    work: Any = work_list(at, "", [one["id"] for one in made["corrections"]])["work"]
    by = {one["work"]: one for one in work}
    for one in made["corrections"]:
        one["work"] = by.get(one["id"])


def _assign(at: Desk, request: HttpRequest) -> None:
    work_assign(at, request.POST.get("work", ""), request.POST.get("to", ""), request.POST.get("by", ""))


def _reply(at: Desk, request: HttpRequest) -> None:
    campaign_reply(at, request.POST.get("work", ""), request.POST.get("say", ""))


_WORK: Final[Mapping[str, Callable[[Desk, HttpRequest], None]]] = {"assign": _assign, "reply": _reply}


def _act(at: Desk, request: HttpRequest, vault: str | None) -> HttpResponse | None:
    step = request.POST.get("step")
    if step == "warn":
        return warning.warn(at, request)
    if step == "stand":
        warning.stand(at, request)
        return None
    if step == "warned":
        warning.told_by_hand(at, request)
        return None
    if step in _WORK:
        _WORK[step](at, request)
        return None
    if step == "review":
        freshness_review(at, vault)
        return None
    place = Place(
        request.POST.get("table", ""),
        whole(request.POST.get("row", ""), 15) or 0,
        request.POST.get("column", ""),
    )
    freshness_keep(at, request.POST.get("subject", ""), place, request.POST.get("reason", ""), vault)
    return None
