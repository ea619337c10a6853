"""The six digits of now, asked for before what cannot be undone; and which page asked for them in vain."""

from typing import Final

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from allauth.mfa.utils import is_mfa_enabled
from django.http import HttpRequest

from custody.base.errors import Denied
from custody.web.console.models import Person

_ASKED: Final = "factor_asked_at"


def has_factor(request: HttpRequest) -> bool:
    """Whether they have a second factor; if not, the session keeps this page, to which they are led back once they have one."""
    if is_mfa_enabled(request.user):
        return True
    request.session[_ASKED] = request.path
    return False


def six_digits(person: Person, code: str) -> None:
    """Raises Denied `console.factor`, `console.code`."""
    factor = Authenticator.objects.filter(user=person, type=Authenticator.Type.TOTP).first()
    if factor is None:
        raise Denied("console.factor", "This needs a second factor.", next="Set up the authenticator app first.")
    if not TOTP(factor).validate_code(code.replace(" ", "")):
        raise Denied(
            "console.code", "The six digits are not those of now.", next="Type the digits that the app shows now."
        )
