"""Ceremonies: ship, release, destroy. Two people, a dry run, a code, the number repeated on the button (design guide §5)."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from allauth.mfa.utils import is_mfa_enabled
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from custody.acts.approval import APPROVERS
from custody.acts.desk import Desk
from custody.base.errors import CustodyError, Denied, Malformed
from custody.services.approve import approve
from custody.services.approve_list import approve_list
from custody.services.deal_stand import deal_stand
from custody.services.destroy import destroy
from custody.services.release import release
from custody.services.ship import ship
from custody.web.console.factor import six_digits
from custody.web.console.house import Told, desk, handover, laws
from custody.web.console.middleware import told
from custody.web.console.models import Ask, Person
from custody.web.console.notices import tell_approvers

ACTS: Final[Mapping[str, Callable[..., Mapping[str, Any]]]] = {"ship": ship, "release": release, "destroy": destroy}


@require_http_methods(["GET", "POST"])
def ceremony(request: HttpRequest, ref: str, act: str) -> HttpResponse:
    """Look, ask, approve or do; which of these a person may is the services' answer."""
    if act not in ACTS:
        raise Http404
    fault = None
    with desk(request) as at:
        stand: Told = deal_stand(at, laws(), ref)
        if request.method == "POST":
            try:
                _step(request, at, stand, act)
                return redirect(
                    "deal" if request.POST["step"] == "do" else "ceremony", **_place(stand, act, request.POST["step"])
                )
            except CustodyError as error:
                fault = told(error)
        page = _page(request, at, stand, act)
    return render(request, "ceremony.html", {**page, "fault": fault or page["refusal"]})


def _step(request: HttpRequest, at: Desk, stand: Mapping[str, Any], act: str) -> None:
    step, person = request.POST.get("step"), request.user
    assert isinstance(person, Person)
    dry = _dry(at, stand, act)
    content = _content(dry)
    if content != request.POST.get("content"):
        raise Malformed("console.moved", "The figures changed since this page was shown.", next="Look at them again.")
    if step == "ask":
        Ask.objects.update_or_create(
            deal=stand["id"], act=act, defaults={"content": content, "by": person, "subjects": dry["subjects"]}
        )
        tell_approvers(request, at, stand["ref"])
        return
    if step == "approve":
        six_digits(person, request.POST.get("code", ""))
        approve(at, act, content)
    elif step == "do":
        if request.POST.get("ref", "").strip() != stand["ref"]:
            raise Malformed(
                "console.reference", "The reference typed is not this deal's.", next="Type it as it stands above."
            )
        six_digits(person, request.POST.get("code", ""))
        ACTS[act](at, laws(), stand["ref"], handover(stand["ref"]))
        Ask.objects.filter(deal=stand["id"], act=act).delete()


def _page(request: HttpRequest, at: Desk, stand: Mapping[str, Any], act: str) -> dict[str, Any]:
    page: dict[str, Any] = {
        "rehearsal": at.rehearsal,"deal": stand, "act": act, "dry": None, "refusal": None, "mfa": is_mfa_enabled(request.user),
                            "shut": [one for one in stand["gates"] if one["stage"] == act]}  # fmt: skip
    try:
        page["dry"] = _dry(at, stand, act)
    except CustodyError as error:
        page["refusal"] = told(error)
        return page
    content = _content(page["dry"])
    approvals: Told = approve_list(at, act, content)
    signed = approvals["approvals"]
    asked = Ask.objects.filter(deal=stand["id"], act=act, content=content).select_related("by").first()
    counts = (stand["verdicts"] or {}).get("by_verdict", {})
    page |= {
        "content": content, "asked": asked, "signed": [one for one in signed if not one["mine"]], "mine": any(one["mine"] for one in signed),
        "first": asked is None or asked.by_id == request.user.pk, "counts": counts, "total": sum(counts.values()),
        "stays": sum(counts.values()) - int(page["dry"]["subjects"]),
    }  # fmt: skip
    return page


def _dry(at: Desk, stand: Mapping[str, Any], act: str) -> Mapping[str, Any]:
    """The figures of now. Whose role may approve but not act sees what the first person was shown and asks to have signed."""
    try:
        return _rehearse(at, stand, act)
    except Denied as error:
        ask = Ask.objects.filter(deal=stand["id"], act=act).first()
        if error.slug != "act.role" or ask is None or not at.principal.roles & APPROVERS:
            raise
        return {"subjects": ask.subjects, "would": {"approve": [act, ask.content]}}


def _rehearse(at: Desk, stand: Mapping[str, Any], act: str) -> Mapping[str, Any]:
    return ACTS[act](at, laws(), stand["ref"], handover(stand["ref"]), dry_run=True)


def _content(dry: Mapping[str, Any]) -> str:
    return dry["would"]["approve"][1] if "would" in dry else ""


def _place(stand: Mapping[str, Any], act: str, step: str) -> dict[str, str]:
    return {"ref": stand["ref"]} if step == "do" else {"ref": stand["ref"], "act": act}
