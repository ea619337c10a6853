"""Telling customers: plan, look at veiled messages, approval by a second person, sending behind the page, what came back (B1)."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from custody import wiring
from custody.acts import lawbook
from custody.acts.came_back import SAYS
from custody.acts.desk import Desk
from custody.acts.mailbox import MOST
from custody.acts.replies import SAYS as REPLY_SAYS
from custody.base.errors import CustodyError, Malformed
from custody.model.way import SMTP, Way
from custody.ports.mail import Mailer
from custody.services.campaign_bounces import campaign_bounces
from custody.services.campaign_new import FIELDS, campaign_new
from custody.services.campaign_post import campaign_post
from custody.services.campaign_preview import campaign_preview
from custody.services.campaign_print import SIDES
from custody.services.campaign_relay import campaign_relay
from custody.services.campaign_reply import campaign_reply
from custody.services.campaign_send import STOPPED, campaign_send
from custody.services.campaign_settle import LETTER_DAYS, WAIT_HOURS, campaign_settle
from custody.services.campaign_show import campaign_show
from custody.services.deal_show import deal_show
from custody.web.console import jobs
from custody.web.console.attempts import attempt
from custody.web.console.catalogue import lang, words
from custody.web.console.cells import EVERY, PLAIN
from custody.web.console.forms import whole
from custody.web.console.house import Told, desk, key_of, laws, outward, seat
from custody.web.console.jobs import Progress, StoppedError
from custody.web.console.lacking import seen, unagreeable, with_places
from custody.web.console.models import Person, Work
from custody.web.console.notices import settled
from custody.web.console.steps import takes
from custody.web.console.twofold import STEPS, Act, Scene
from custody.web.console.uploads import PAPER, brings
from custody.web.console.views import by_post

SECURITY: Final = ("starttls", "tls", "none")
_SAYERS: Final = ("owner", "privacy", "lawyer", "data")
_WORK: Final = 200
_MOST_FILE: Final = 32 * 2**20
_LOOK: Final = 3


@require_http_methods(["GET", "POST"])
def board(request: HttpRequest) -> HttpResponse:
    """Every campaign, and the plan of a new one; nothing is sent by planning."""
    given = {name: request.POST.get(name, "") for name in FIELDS}
    if request.method == "GET":
        given["text"] = words("campaign.text_first")  # with the place where what the law asks for is listed
    with desk(request) as at:
        tried = attempt(request, lambda: _planned(at, request, given))
        if tried.answer:
            return tried.answer
        given["text"] = with_places(given["text"], tried.fault, laws())
        seen(tried.fault)
        rows: Any = campaign_show(at, None, 0)["campaigns"]
        deals: Any = deal_show(at, None)["deals"]
    page = {
        "rows": [{**one, "people": sum(one["counts"].values())} for one in rows], "given": given, "fault": tried.fault, "chosen": request.POST.get("deal", ""),
        "deals": [one for one in deals if one["kind"] == "deal" and one["state"] == "open"],
    }  # fmt: skip
    return render(request, "campaigns.html", page, status=tried.code)


@takes(*STEPS, "relay")
@require_http_methods(["GET", "POST"])
def show(request: HttpRequest, ref: str) -> HttpResponse:
    """One campaign: figures that add up, veiled messages, two people, then it goes out behind the page."""
    with desk(request) as at:
        scene = Scene(_act(request, ref), ref, ref, request, at)
        tried = attempt(request, lambda: _stepped(scene))
        if tried.answer:
            return tried.answer
        stand: Told = campaign_show(at, ref, EVERY if PLAIN.get() else _WORK)
        page = {**_page(at, scene, stand), "untold": unagreeable(at, laws(), stand["deal"]), "fault": tried.fault}
    return render(request, "campaign.html", page, status=tried.code)


@brings(PAPER)
@takes("", what=("bounces", "settle", "reply", "letters", "pages", "post"))
@require_POST
def take(request: HttpRequest, ref: str, what: str) -> HttpResponse:
    """Take in returned messages, settle by the relay's log, or list letters for those whom nothing reached."""
    if what not in _TAKES:
        raise Malformed("console.step", "This form is of no step.", next="Open the page again.")
    with desk(request) as at:
        return _TAKES[what](at, request, ref) or redirect("campaign", ref=ref)


def _planned(at: Desk, request: HttpRequest, given: Mapping[str, str]) -> HttpResponse:
    made: Told = campaign_new(at, laws(), request.POST.get("deal", ""), given)
    return redirect("campaign", ref=made["campaign"])


def _stepped(scene: Scene) -> HttpResponse:
    if scene.request.POST.get("step") == "relay":
        _say_relay(scene.at, scene.request, scene.ref)
        return redirect("campaign", ref=scene.ref)
    work = scene.step()
    return redirect("work", work=work["work"]) if work else redirect("campaign", ref=scene.ref)


def _page(at: Desk, scene: Scene, stand: Mapping[str, Any]) -> dict[str, Any]:
    looked = _messages(at, str(stand["campaign"]))
    asked: dict[str, Any] = {**scene.page()}
    if not asked["dry"]:
        asked |= scene.shown({}, {"would": {"approve": stand["approve"]}}, None)
    counts = stand["counts"]
    gone = stand["people"] - counts["planned"]
    waits = by_post.waits(at, scene.person, scene.ref)
    last = jobs.last("campaign", f"{scene.person.place}:{scene.ref}")
    return {
        **asked, "act": "campaign", "one": stand, "deal": {"ref": stand["campaign"]}, "messages": looked, "security": SECURITY, "hours": WAIT_HOURS, "letter_days": LETTER_DAYS, "says": SAYS, "replied": REPLY_SAYS, "sides": SIDES, "waits": waits, "stopped": _ended(last),
        "typed_way": scene.request.POST if scene.request.POST.get("step") == "relay" else {}, "may_say": bool(at.principal.roles.intersection(_SAYERS)),
        "others": _others(stand["other_rules"]), "gone": gone, "done": not counts["planned"] and not counts["sending"],
    }  # fmt: skip


def _others(found: list[Any]) -> list[dict[str, Any]]:
    """Whom the words do not tell all that law wants told: how many, and each rule by its name and article."""
    packs = lawbook.packs(laws())
    rules = {name: packs.rule(name) for one in found for name in one["rules"]}
    return [
        {"people": one["people"], "rules": [{"id": name, "title": rule.title[lang()] if rule else name, "reference": dict(rule.reference) if rule else {}} for name in one["rules"] for rule in (rules[name],)]}
        for one in found
    ]  # fmt: skip


def _messages(at: Desk, ref: str) -> list[Any]:
    """What some would read; nothing for whoever may not look."""
    try:
        found: Any = campaign_preview(at, ref, _LOOK)["messages"]
    except CustodyError:
        return []
    return list(found)


def _act(request: HttpRequest, ref: str) -> Act:
    def dry(at: Desk, _: Mapping[str, Any]) -> Mapping[str, Any]:
        at.require(("owner", "privacy", "data"))
        return {"would": {"approve": campaign_show(at, ref, 0)["approve"]}}

    def do(at: Desk, _: Mapping[str, Any]) -> Mapping[str, Any]:
        at.require(("owner", "privacy", "data"))
        mailer, person = _mailer(at, request, ref), request.user
        assert isinstance(person, Person)
        work = partial(_send, person.handle, key_of(request), ref, mailer)
        stand: Any = campaign_show(at, ref, 0)
        row = jobs.start(
            "campaign",
            f"{person.place}:{ref}",
            work,
            back=f"/campaigns/{ref}",
            by=person.principal,
            total=stand["counts"]["planned"],
            step=1,
        )
        return {"work": row.id}

    return Act("campaign", lambda _: {}, dry, do)


def _say_relay(at: Desk, request: HttpRequest, ref: str) -> None:
    """What is said here is what two people confirm; it is looked at as when something is sent, but without the password."""
    at.require(_SAYERS)
    campaign_show(at, ref, 0)  # that there is no such campaign is said before what the form lacks
    outward()
    form = request.POST
    mailer = wiring.mailer_within(
        settings.PRIVATE, form.get("relay", "").strip(), form.get("security", ""), form.get("user", "").strip(), "", 0
    )
    campaign_relay(at, ref, mailer.way)


def _mailer(at: Desk, request: HttpRequest, ref: str) -> Mailer:
    """The relay that was approved; its password lives in memory until the sending ends."""
    outward()
    stand: Any = campaign_show(at, ref, 0)
    if stand["way"] is None or stand["way"]["kind"] != SMTP:
        raise Malformed("campaign.channel", "This campaign goes by another channel.")
    way, form = Way.of(stand["way"]), request.POST
    return wiring.mailer_within(
        settings.PRIVATE,
        way.server,
        way.security,
        way.account,
        form.get("password", ""),
        whole(form.get("per_minute", ""), 6) or 0,
    )


def _send(handle: str, signer: Any, ref: str, mailer: Mailer, tell: Progress) -> dict[str, object]:  # noqa: ANN401 - an open key
    def go_on(ended: int) -> bool:
        try:
            tell(ended)
        except StoppedError:
            return False  # the service ends what it began, and enters it
        return True

    try:
        with seat(handle, signer) as at:
            made: dict[str, object] = dict(campaign_send(at, mailer, ref, 0, go_on))
    finally:
        mailer.close()
    if made["stopped"] == STOPPED:
        raise StoppedError("console.stopped", "Stopped.")
    return made


def _ended(last: Work | None) -> str:
    """Why the last sending ended before all had gone, '' where none did."""
    if last is None or last.state not in {"done", "stopped"}:
        return ""
    return STOPPED if last.state == "stopped" else str(last.said.get("stopped", ""))


def mailed_back(request: HttpRequest) -> list[bytes]:
    """The files of what came back, each as far as it can be one."""
    return [one.read(MOST + 1) for one in request.FILES.getlist("file")]


def _bounces(at: Desk, request: HttpRequest, ref: str) -> None:
    campaign_bounces(at, ref, mailed_back(request), request.POST.get("say", ""))


def _settle(at: Desk, request: HttpRequest, ref: str) -> None:
    file, hours = request.FILES.get("file"), request.POST.get("hours", "")
    log = file.read().decode(errors="replace") if file is not None and file.size <= _MOST_FILE else None
    days = request.POST.get("letter_days", "")
    campaign_settle(at, ref, log, _or(whole(hours, 4), WAIT_HOURS), _or(whole(days, 4), LETTER_DAYS))


def _reply(at: Desk, request: HttpRequest, ref: str) -> None:
    campaign_reply(at, request.POST.get("work", ""), request.POST.get("say", ""), ref)


def _or(number: int | None, otherwise: int) -> int:
    return otherwise if number is None else number


def _out(form: str, at: Desk, request: HttpRequest, ref: str) -> HttpResponse:
    """To a few at once; where a second person confirms first, the page on which that happens."""
    said = by_post.read(request.POST)
    if by_post.dry(form, ref, at, said).get("would"):
        return redirect("campaign-out", ref=ref, form=form)
    answer = by_post.made(form, ref, at, said)
    settled(request, at, reverse("campaign-out", args=(ref, form)))
    return answer


def _post(at: Desk, request: HttpRequest, ref: str) -> None:
    at.require(("owner", "privacy", "data"))  # what one may not do is said before what the form lacks
    campaign_show(at, ref, 0)  # and that there is no such campaign
    file = request.FILES.get("file")
    if file is None or file.size > _MOST_FILE:
        raise Malformed("campaign.words", "Missing or not of its form: receipt.")
    some = request.POST.get("numbers", "").strip()
    campaign_post(at, ref, request.POST.get("on", ""), file.read(), some.encode() if some else None)


_TAKES: Final[Mapping[str, Callable[[Desk, HttpRequest, str], HttpResponse | None]]] = {
    "bounces": _bounces, "settle": _settle, "reply": _reply, "letters": partial(_out, "list"), "pages": partial(_out, "pages"), "post": _post,
}  # fmt: skip
