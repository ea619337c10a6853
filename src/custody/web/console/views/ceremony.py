"""Ceremonies: ship, release, a later release, recall, destroy. Two people, a dry run, a code, the number repeated on the button (design guide §5)."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, Final

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from custody.acts.approval import APPROVERS
from custody.acts.copies import IN_HAND, REASONS
from custody.acts.desk import Desk
from custody.base.errors import CustodyError, Denied, Malformed
from custody.services.approve import approve
from custody.services.approve_list import approve_list
from custody.services.copy_list import copy_list
from custody.services.deal_stand import deal_stand
from custody.services.destroy import destroy
from custody.services.recall import recall
from custody.services.release import release
from custody.services.release_delta import release_delta
from custody.services.ship import ship
from custody.web.console import asks, jobs
from custody.web.console.behind import carry
from custody.web.console.factor import has_factor, six_digits
from custody.web.console.house import Told, desk, handover, laws
from custody.web.console.middleware import told
from custody.web.console.models import Ask, Person, Work
from custody.web.console.notices import DROPPED, TAKEN, confirmed, settled, tell_approvers, tell_of
from custody.web.console.staying import stays
from custody.web.console.steps import takes
from custody.web.console.twofold import able, hand, named, not_theirs, second
from custody.web.console.views.data import account_for

ACTS: Final[Mapping[str, Callable[..., Mapping[str, Any]]]] = {
    "ship": ship, "ship-waiting": partial(ship, waiting=True), "release": release, "delta": release_delta, "recall": recall,
    "destroy": destroy,
}  # fmt: skip
_SIGNED: Final[Mapping[str, str]] = {"ship-waiting": "ship", "delta": "release"}
"""What the second person signs for, where it is not called like the page."""
LATER: Final = frozenset(("delta", "recall"))
_CARRIES: Final = frozenset(("ship", "ship-waiting", "release", "delta"))
"""What carries customers, and is empty without any."""
_TOLD: Final = "told"
"""Marks figures that are what the first person was shown: whoever looks may not do the act."""
_OTHER: Final[Mapping[str, str]] = {"ship": "ship-waiting", "ship-waiting": "ship"}


@takes("ask", "approve", "do", "drop", "take", "account", act=ACTS)
@require_http_methods(["GET", "POST"])
def ceremony(request: HttpRequest, ref: str, act: str) -> HttpResponse:
    """Look, ask, approve or do; which of these a person may is the services' answer."""
    if act not in ACTS:
        raise Http404
    fault = None
    with desk(request) as at:
        stand: Told = deal_stand(at, laws(), ref)
        if busy := jobs.underway(act, stand["id"]):
            return redirect("work", work=busy.id)
        if request.method == "POST":
            try:
                busy = _step(request, at, stand, act)
                return redirect("work", work=busy.id) if busy else _onward(stand, act, request.POST["step"])
            except CustodyError as error:
                fault = told(error)
        page = _page(request, at, stand, act)
    return render(request, "ceremony.html", {**page, "fault": fault or page["refusal"]})


def _step(request: HttpRequest, at: Desk, stand: Mapping[str, Any], act: str) -> Work | None:
    """The act itself where it is still under way behind the page."""
    step, person = request.POST.get("step"), request.user
    assert isinstance(person, Person)
    if step == "account":
        account_for(request, at, stand["vault"]["name"])
        return None
    asked = _asked(request, at, stand, act)
    if step == "drop" and asked is not None:
        _drop(request, at, stand, act, asked)
        return None
    dry = _dry(request, at, stand, act)
    content = _content(dry)
    if not content or content != request.POST.get("content"):
        raise Malformed("console.moved", "The figures changed since this page was shown.", next="Look at them again.")
    theirs = asked if asked is not None and asked.by_id != person.pk and asked.content == content else None
    if step == "take" and theirs is not None:
        _take(request, at, stand, act, theirs)
    elif step == "ask":
        if theirs is not None:
            raise not_theirs()
        with transaction.atomic():
            _ask(request, at, stand, act, dry)
            settled(request, at)  # what was asked or confirmed of other figures is nobody's to do any more
            tell_approvers(request, at, stand["ref"])
    elif step == "approve":
        second(asked, person)
        six_digits(person, request.POST.get("code", ""))
        approve(at, _SIGNED.get(act, act), content)
        confirmed(request, at, asked.by if asked else person, stand["ref"])
    elif step == "do":
        if theirs is not None:
            raise not_theirs()
        return _do(request, stand, act)
    return None


def _asked(request: HttpRequest, at: Desk, stand: Mapping[str, Any], act: str) -> Ask | None:
    person = request.user
    assert isinstance(person, Person)
    return asks.asked(at, person, stand["id"], act, stand["ref"])


def _ask(request: HttpRequest, at: Desk, stand: Mapping[str, Any], act: str, dry: Mapping[str, Any]) -> None:
    """It is asked in the name of whoever has the page open. Raises Denied `act.role` where they may not do it themselves."""
    person = request.user
    assert isinstance(person, Person)
    if _TOLD in dry:
        _rehearse(at, stand, act)
    said = {name: dry.get(name, 0) for name in ("unshipped", "no_contact")}
    asks.ask(person, stand["id"], act, _content(dry), said, int(dry["subjects"]))


def _drop(request: HttpRequest, at: Desk, stand: Mapping[str, Any], act: str, asked: Ask) -> None:
    """One's own asking, or a colleague's by whoever may do the same; the colleague is told. Raises Denied `console.first`."""
    person = request.user
    assert isinstance(person, Person)
    if asked.by_id != person.pk and not able(lambda: _rehearse(at, stand, act)):
        raise not_theirs()
    with transaction.atomic():
        asked.delete()
        settled(request, at)
        tell_of(at, [asked.by], DROPPED, stand["ref"], request.path, person)


def _take(request: HttpRequest, at: Desk, stand: Mapping[str, Any], act: str, asked: Ask) -> None:
    """A colleague's asking becomes one's own, and what others confirmed of it still counts; who confirmed it does not do it as well. Raises Denied `console.second`."""
    person, first = request.user, asked.by
    assert isinstance(person, Person)
    dry, signed = _rehearse(at, stand, act), _approvals(at, act, asked.content)
    if any(one["mine"] for one in signed):
        raise Denied("console.second", "Whoever confirmed does not do it as well.", next="Somebody else does it.")
    with transaction.atomic():
        _ask(request, at, stand, act, dry)
        settled(request, at)
        if not signed:
            tell_approvers(request, at, stand["ref"])
        tell_of(at, [first], TAKEN, stand["ref"], request.path, person)


def _do(request: HttpRequest, stand: Mapping[str, Any], act: str) -> Work | None:
    person = request.user
    assert isinstance(person, Person)
    if request.POST.get("ref", "").strip() != stand["ref"]:
        raise Malformed(
            "console.reference", "The reference typed is not this deal's.", next="Type it as it stands above."
        )
    six_digits(person, request.POST.get("code", ""))

    def carried(at: Desk) -> None:
        ACTS[act](at, laws(), stand["ref"], handover(stand))
        Ask.objects.filter(deal=stand["id"], act=act).delete()
        settled(request, at)

    return carry(request, act, stand["id"], carried, back=_after(stand, act))


def _approvals(at: Desk, act: str, content: str) -> Sequence[Mapping[str, Any]]:
    listed: Told = approve_list(at, _SIGNED.get(act, act), content)
    found: Sequence[Mapping[str, Any]] = listed["approvals"]
    return found


def _page(request: HttpRequest, at: Desk, stand: Mapping[str, Any], act: str) -> dict[str, Any]:
    page: dict[str, Any] = {
        "rehearsal": at.rehearsal, "carries": _CARRIES, "deal": stand, "act": act, "dry": None, "refusal": None, "mfa": has_factor(request),
                            "other": _other(stand, act), "shut": [one for one in stand["gates"] if one["stage"] == _SIGNED.get(act, act)]}  # fmt: skip
    try:
        page["dry"] = _dry(request, at, stand, act)
    except CustodyError as error:
        page["refusal"] = told(error)
        return page
    page |= _copies(at, stand, act)
    content = _content(page["dry"])
    person = request.user
    assert isinstance(person, Person)
    given = _approvals(at, act, content)
    signed = named(request, (one for one in given if not one["mine"]))
    asking = _asked(request, at, stand, act)
    asked = asking if asking and asking.content == content else None
    first, may = asked is None or asked.by_id == request.user.pk, _TOLD not in page["dry"]
    mine = any(one["mine"] for one in given)
    counts = (stand["verdicts"] or {}).get("by_verdict", {})
    page |= {
        "content": content, "asked": asked, "moved": asking if asking and not asked else None, "signed": signed, "mine": mine, "hand": hand(at, asked, person, signed),
        "first": first, "may_drop": asked is not None and (first or may), "may_take": asked is not None and may and not first and not mine, "figures": _figures(act, page["dry"], sum(counts.values())),
        "stay": stays(stand["verdicts"]) if act not in LATER else [], "left": int(counts.get("wait", 0)) if act == "ship" else 0,
    }  # fmt: skip
    return page


def _copies(at: Desk, stand: Mapping[str, Any], act: str) -> dict[str, Any]:
    """What is outside the vault when its keys go: in one's own hands and not accounted for, kept with a reason, still open."""
    found: Told = copy_list(at, stand["vault"]["name"]) if act == "destroy" else {"copies": [], "open": 0}
    kept = [one for one in found["copies"] if one["kind"] in IN_HAND and one["state"] == "stays" and one["why"]]
    return {"own_copies": [one for one in found["copies"] if one["unaccounted"]], "kept_copies": kept, "open_copies": found["open"], "reasons": REASONS}  # fmt: skip


def _dry(request: HttpRequest, at: Desk, stand: Mapping[str, Any], act: str) -> Mapping[str, Any]:
    """The figures of now. Whose role may approve but not act sees what the first person was shown and asks to have signed."""
    try:
        return _rehearse(at, stand, act)
    except Denied as error:
        ask = _asked(request, at, stand, act)
        if error.slug != "act.role" or ask is None or not at.principal.roles & APPROVERS:
            raise
        return {
            _TOLD: True,
            "subjects": ask.subjects,
            "would": {"approve": [_SIGNED.get(act, act), ask.content]},
            **ask.said,
        }


def _rehearse(at: Desk, stand: Mapping[str, Any], act: str) -> Mapping[str, Any]:
    return ACTS[act](at, laws(), stand["ref"], handover(stand), dry_run=True)


def _content(dry: Mapping[str, Any]) -> str:
    """What the second person signs; nothing where it is done, or something must be said first."""
    signed: Sequence[str] = dry.get("would", {}).get("approve", ("", ""))
    return signed[1]


def _figures(act: str, dry: Mapping[str, Any], total: int) -> list[tuple[str, int]]:
    """(words' key, count): whom it concerns, whom it does not, and of how many."""
    people, silent, late = (int(dry.get(name, 0)) for name in ("subjects", "no_contact", "unshipped"))
    over = [("ceremony.no_contact", silent)] if silent else []
    if act == "delta":
        return [
            ("ceremony_goes.delta", people),
            *over,
            ("ceremony.unshipped", late),
            ("ceremony.total", total),
        ]
    if act == "recall":
        return [("ceremony_goes.recall", people), ("ceremony.total", total)]
    return [
        (f"ceremony_goes.{act}", people),
        *over,
        *([("ceremony.unshipped", late)] if late else []),
        (f"ceremony_stays.{act}", total - people),
        ("ceremony.total", total),
    ]


def _other(stand: Mapping[str, Any], act: str) -> str:
    """The other way to ship: who waits may be shipped ahead only inside one country."""
    buyer = stand["buyer"]
    return _OTHER.get(act, "") if buyer and buyer["place"] == stand["seller"]["place"] else ""


def _onward(stand: Mapping[str, Any], act: str, step: str) -> HttpResponse:
    return redirect(_after(stand, act)) if step == "do" else redirect("ceremony", ref=stand["ref"], act=act)


def _after(stand: Mapping[str, Any], act: str) -> str:
    return reverse("releases" if act in LATER else "deal", args=(stand["ref"],))
