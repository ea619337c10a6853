"""Ways out for notices and events: messengers' robots, signed webhooks, mail (E5)."""

import base64
import secrets
from collections.abc import Generator
from typing import Any, Final

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from custody import wiring
from custody.acts.desk import Desk
from custody.base.errors import CustodyError, Malformed, Refused
from custody.base.webhooks import PREFIX
from custody.services.event_list import event_list
from custody.web.console import outbox
from custody.web.console.forms import line, whole
from custody.web.console.house import desk, outward
from custody.web.console.middleware import status, told
from custody.web.console.models import Channel, Delivery, Person
from custody.web.console.notices import open_to
from custody.web.console.sheets import long_sheet
from custody.web.console.steps import takes

SECURITY: Final = ("starttls", "tls", "none")
_FAR: Final = 2**60
_SHOWN: Final = 50
_PART: Final = 2_000
"""So many lines of a sheet are read at a time."""
_LONGEST: Final = 600
_CALLED: Final = 60
_MAIL: Final = 254
"""What RFC 5321 lets an address be, and a row keeps of one."""


@takes("new", "mine", "try", "take", "close")
@require_http_methods(["GET", "POST"])
def channels(request: HttpRequest) -> HttpResponseBase:
    """Which there are, what became of the last messages; one more, a trial, an end, another who keeps it."""
    fault, code, secret = None, 200, ""
    person = request.user
    assert isinstance(person, Person)
    if request.method == "GET" and (
        whole_list := long_sheet(request, "deliveries", "channels.html", _parts(request, person))
    ):
        return whole_list
    with desk(request) as at:
        at.require(outbox.KEEPERS)
        if request.method == "POST":
            try:
                secret = _act(request, at, person)
                if not secret:
                    return redirect("channels")
            except CustodyError as error:
                fault, code = told(error), status(error)
        live = outbox.live(person.place)
        sent = open_to(at, list(_sent(person)[:_SHOWN]))
        rows_of = [_row(one) for one in live.order_by("id")]
        owner = "owner" in at.principal.roles
    page = {"channels": rows_of, "owner": owner, "left": any(one["left"] for one in rows_of), "sent": sent, "kinds": outbox.KINDS, "security": SECURITY, "secret": secret, "fault": fault, "form": request.POST,
            "mail": person.email}  # fmt: skip
    return render(request, "channels.html", page, status=code)


def _sent(person: Person) -> "QuerySet[Delivery]":
    """What went out by the channels there are, the newest first."""
    rows = Delivery.objects.filter(channel__in=outbox.live(person.place))
    return rows.select_related("channel").order_by("-id")


def _parts(request: HttpRequest, person: Person) -> Generator[dict[str, object]]:
    """All of it for a sheet, stretch by stretch."""
    rows = _sent(person)
    with desk(request) as at:
        at.require(outbox.KEEPERS)
        while True:
            some = list(rows[:_PART])
            yield {"sent": open_to(at, some)}
            if len(some) < _PART:
                return
            rows = _sent(person).filter(id__lt=some[-1].id)


def _row(channel: Channel) -> dict[str, Any]:
    """A channel, and where it leads when nobody keeps it: whoever takes it over answers for that."""
    left = not outbox.kept(channel)
    return {"one": channel, "left": left, "where": outbox.where(channel) if left else ""}


def _act(request: HttpRequest, at: Desk, person: Person) -> str:
    """Returns the secret of a new webhook, to be shown once."""
    form = {name: str(value).strip()[:_LONGEST] for name, value in request.POST.items()}
    if form.get("do") in {"new", "try"}:
        outward()
    if form.get("do") == "new":
        return _new(form, at, person)
    if form.get("do") == "mine":
        keep_address(person, form.get("mail", ""))
        return ""
    if form.get("do") == "take":
        at.require(("owner",))
    number = form.get("channel", "")
    channel = get_object_or_404(outbox.live(person.place), id=whole(number, 18) or 0)
    if form.get("do") == "try":
        outbox.trial(channel)
    elif form.get("do") == "take":
        _take(channel, person)
    elif form.get("do") == "close":
        Channel.objects.filter(id=channel.id).update(closed_at=timezone.now(), sealed="")
    else:
        raise Malformed("console.step", "This form is of no step.", next="Open the page again.")
    return ""


def _take(channel: Channel, person: Person) -> None:
    """It is this owner's from now on, and carries what they may read; what happened meanwhile follows. Raises Refused `notify.kept`."""
    if outbox.kept(channel):
        raise Refused("notify.kept", "Somebody keeps this channel.", next="Ask them, or close it.")
    Channel.objects.filter(id=channel.id, by=channel.by).update(by=person)
    outbox.wake()


def _new(form: dict[str, str], at: Desk, person: Person) -> str:
    kind, made, name = form.get("kind", ""), "", line(form.get("name", ""), _CALLED)
    if not name:
        raise Malformed("notify.name", "A channel has a name.", next="Such as: deal team.")
    if kind == outbox.MAIL:
        told_of: dict[str, str] = {
            name: form.get(name, "") for name in ("relay", "security", "user", "password", "sender")
        }
        mail_address(told_of["sender"])
        wiring.mailer_within(
            settings.PRIVATE, told_of["relay"], told_of["security"], told_of["user"], told_of["password"], 0
        ).close()
    else:
        made = f"{PREFIX}{base64.b64encode(secrets.token_bytes(32)).decode()}" if kind == "webhook" else ""
        told_of = {"url": form.get("url", ""), "secret": made or form.get("secret", "")}
        wiring.notifier(kind, told_of["url"], told_of["secret"], settings.PRIVATE)
    events = kind != outbox.MAIL and "events" in form
    since: Any = event_list(at, _FAR, 0)["size"] if events else 0
    Channel.objects.create(
        name=name,
        kind=kind,
        sealed=outbox.pack(told_of),
        people="people" in form,
        events=events,
        since=since,
        by=person,
    )
    return made


def keep_address(person: Person, text: str) -> None:
    """Where this person's own notices go by mail; nothing typed, nowhere. Raises Malformed `notify.mail`."""
    person.email = mail_address(text.strip())
    person.save(update_fields=["email"])


def mail_address(text: str) -> str:
    """The same text, if it is one or nothing. Raises Malformed `notify.mail`."""
    local, sign, domain = text.rpartition("@")
    if text and not (
        len(text) <= _MAIL
        and sign
        and local
        and "." in domain
        and text.isascii()
        and text.isprintable()
        and " " not in text
    ):
        raise Malformed("notify.mail", "This is no mail address.", next="Such as: name@company.example.")
    return text
