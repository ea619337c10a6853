"""The six digits of now, asked for before what cannot be undone; and which page asked for them in vain."""

from datetime import timedelta
from typing import Final

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.http import HttpRequest
from django.utils import timezone

from custody.base.errors import Denied
from custody.web.console.digits import spend
from custody.web.console.models import Guess, Person
from custody.web.console.notices import warn
from custody.web.faultlog import mark

_ASKED: Final = "factor_asked_at"
_MOST: Final = 5
_WITHIN: Final = timedelta(minutes=5)


def has_factor(request: HttpRequest) -> bool:
    """Whether they have the app that shows six digits: a passkey signs in, and is not what is asked for here.

    If not, the session keeps this page, to which they are led back once they have it.
    """
    person = request.user
    if isinstance(person, Person) and _app(person) is not None:
        return True
    request.session[_ASKED] = request.path
    return False


def six_digits(person: Person, code: str) -> None:
    """Good once; five wrong tries within five minutes, by whichever session, end it for that long.

    Raises Denied `console.factor`, `console.code`, `console.tries`.
    """
    app = _app(person)
    if app is None:
        raise Denied("console.factor", "This needs a second factor.", next="Set up the authenticator app first.")
    tries = _tries(person)
    if TOTP(app).validate_code(code.replace(" ", "")) and spend(app, code.replace(" ", "")):
        Guess.objects.filter(person=person).delete()
        return
    if tries == _MOST:
        mark("console.tries")
        warn(person, "guessed", "/account/2fa/")
    raise Denied("console.code", "The six digits are not those of now.", next="Type the digits that the app shows now.")


def _tries(person: Person) -> int:
    """How many there were lately, with this one, which counts before it is looked at: several at once gain nothing."""
    since = timezone.now() - _WITHIN
    Guess.objects.filter(person=person, at__lte=since).delete()
    this = Guess.objects.create(person=person)
    tries = Guess.objects.filter(person=person, at__gt=since).count()
    if tries > _MOST:
        this.delete()
        raise Denied(
            "console.tries", "Too many wrong codes: none is taken for five minutes.", next="Wait five minutes."
        )
    return tries


def _app(person: Person) -> Authenticator | None:
    return Authenticator.objects.filter(user=person, type=Authenticator.Type.TOTP).first()
