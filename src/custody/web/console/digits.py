"""Six digits are good once: the newest half minute that a person used is kept, and only a newer one is taken after it."""

from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from allauth.mfa.utils import decrypt

from custody.web.console.models import Digits


def spend(app: Authenticator, code: str) -> bool:
    """Whether the code is of a newer half minute than the last that was taken; it is the last from then on."""
    return any(_newer(app.user_id, step) for step in _steps(decrypt(app.data["secret"]), code))


class SignInForm(AuthenticateForm):
    """The second step of signing in."""

    def clean_code(self) -> str:
        """The code, taken for the first time."""
        return _once(self, super().clean_code())


class AgainForm(ReauthenticateForm):
    """The same before the account's own settings change."""

    def clean_code(self) -> str:
        """The code, taken for the first time."""
        return _once(self, super().clean_code())


class SetUpForm(ActivateTOTPForm):
    """The first code of an app: it is used by that."""

    def clean_code(self) -> str:
        """The code; one that set up an app signs nobody in."""
        code = str(super().clean_code())
        for step in _steps(self.secret, code):
            _newer(self.user.pk, step)
        return code


def _once(form: Any, code: str) -> str:  # noqa: ANN401 - allauth's forms have no types
    app = form.authenticator
    if app.type == Authenticator.Type.TOTP and not spend(app, code):
        raise get_adapter().validation_error("incorrect_code")
    return code


def _steps(secret: str, code: str) -> list[int]:
    """Every half minute, of those that are taken now, whose digits these are."""
    return [
        one for one in yield_hotp_counters_from_time() if format_hotp_value(hotp_value(secret, one)) == code.strip()
    ]


def _newer(person: int, step: int) -> bool:
    """One statement decides, so that of two at once one is too late."""
    Digits.objects.get_or_create(person_id=person)
    return Digits.objects.filter(person_id=person, step__lt=step).update(step=step) == 1
