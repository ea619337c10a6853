"""Tell old addresses of a change from the page where corrections stand: the relay as typed, sending behind the page (A7)."""

from collections.abc import Mapping
from functools import partial
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from custody import wiring
from custody.acts.approval import APPROVERS
from custody.acts.corrections import OLD_NAME
from custody.acts.desk import Desk
from custody.acts.warned import ACT, ROLES, settings_of
from custody.base.errors import CustodyError
from custody.ports.mail import Mailer
from custody.services.approve import approve
from custody.services.correction_acknowledge import correction_acknowledge
from custody.services.correction_warn import correction_warn
from custody.web.console import jobs
from custody.web.console.house import key_of, outward, seat
from custody.web.console.jobs import Progress
from custody.web.console.models import Person

KEPT: Final = ("relay", "security", "user", "sender", "contact")  # a password is typed again


def warn(at: Desk, request: HttpRequest) -> HttpResponse:
    """Behind the page; what lacks is said before anything leaves."""
    at.require(ROLES)
    outward()
    form, person = request.POST, request.user
    assert isinstance(person, Person)
    mailer = wiring.mailer_within(
        settings.PRIVATE, form.get("relay", "").strip(), form.get("security", ""), form.get("user", "").strip(), form.get("password", ""), 0
    )  # fmt: skip
    given = {name: form.get(name, "") for name in ("sender", "contact")}
    try:
        correction_warn(
            at, mailer, given, dry_run=True
        )  # what nobody approved is said on the form, with what was typed
    except CustodyError:
        mailer.close()
        raise
    work = partial(_send, person.handle, key_of(request), mailer, given)
    row = jobs.start("warn", person.place or "own", work, back="/freshness", by=person.principal)
    return redirect("work", work=row.id)


def stand(at: Desk, request: HttpRequest) -> None:
    """A second person types the same settings, but for the password, and stands for them."""
    at.require(APPROVERS)
    form = request.POST
    way = wiring.mailer_within(
        settings.PRIVATE, form.get("relay", "").strip(), form.get("security", ""), form.get("user", "").strip(), "", 0
    )
    approve(at, ACT, settings_of(at, way.way, form.get("sender", "").strip(), form.get("contact", "").strip()))
    way.close()


def told_by_hand(at: Desk, request: HttpRequest) -> None:
    """Somebody told them otherwise."""
    correction_acknowledge(at, request.POST.get("correction", ""), OLD_NAME)


def given(request: HttpRequest) -> Mapping[str, str]:
    """What was typed into the form that was refused."""
    typed = request.method == "POST" and request.POST.get("step") == "warn"
    return {name: request.POST.get(name, "") for name in KEPT} if typed else {}


def _send(handle: str, signer: Any, mailer: Mailer, told: Mapping[str, str], _: Progress) -> dict[str, object]:  # noqa: ANN401 - an open key
    try:
        with seat(handle, signer) as at:
            return dict(correction_warn(at, mailer, told))
    finally:
        mailer.close()
