"""The six digits of now, asked for before what cannot be undone."""

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP

from custody.base.errors import Denied
from custody.web.console.models import Person


def six_digits(person: Person, code: str) -> None:
    """Raises Denied `console.factor`, `console.code`."""
    factor = Authenticator.objects.filter(user=person, type=Authenticator.Type.TOTP).first()
    if factor is None:
        raise Denied("console.factor", "This needs a second factor.", next="Set up the authenticator app first.")
    if not TOTP(factor).validate_code(code.replace(" ", "")):
        raise Denied(
            "console.code", "The six digits are not those of now.", next="Type the digits that the app shows now."
        )
