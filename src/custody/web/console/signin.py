"""Signing in: the passphrase is right when it opens the person's own key, which then stays in memory (decision 22)."""

import time
from contextlib import suppress
from typing import ClassVar, Final

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.signals import user_logged_out
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet
from django.apps import apps
from django.conf import settings
from django.contrib.auth.backends import ModelBackend
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import lazy

from custody import wiring
from custody.base.errors import CustodyError, Denied, Missing
from custody.base.signing import Signer
from custody.web.console import guessing
from custody.web.console.catalogue import words
from custody.web.console.models import Person
from custody.web.console.seen import by_itself
from custody.web.keyring import Keyring

KEYS: Final = Keyring(settings.IDLE_SECONDS)
NAME: Final = "custody_key"
SEEN: Final = "custody_identity"
_SEEN_SECONDS: Final = 600
FRESH_SECONDS: Final = 300
_NOBODY: Final = Signer.generate().seal_private(b"nobody's")


class KeyBackend(ModelBackend):
    """No password is kept: opening the key is the check, and it costs the same whoever asks."""

    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **_: object
    ) -> Person | None:
        if request is None or not username or not password:
            return None
        try:
            principal, signer = wiring.unlock(settings.HOME, username, password.encode())
            if wiring.is_machine(settings.HOME, username):
                return None
        except (Missing, Denied):
            _as_slow(password)
            return None
        except CustodyError:
            return None
        person = _account(username, principal)
        if not person.is_active or _over(person) or not _named(request, person):
            return None
        request.session.pop(SEEN, None)
        hold(request, principal, signer)
        guessing.begin_anew(request, person)
        return person


class ClosedAdapter(DefaultAccountAdapter):
    """Accounts are made by an owner, never by whoever comes along."""

    error_messages: ClassVar[dict[str, object]] = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": lazy(words, str)("login.wrong"),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 - allauth's signature
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: str) -> None:
        """Before a passphrase is looked at: allauth counts by the name alone, by which any stranger keeps its owner out."""
        self._login_failed_rl_usage = guessing.sign_in_tries(
            request, credentials.get("username", "").lower(), seen(request)
        )
        if self._login_failed_rl_usage is None:
            raise self.validation_error("too_many_login_attempts")

    def is_reauthentication_required(self, *, app: str) -> bool:  # noqa: ARG002 - allauth's signature
        """Whoever proved who they are a few minutes ago need not do it again to set up a second factor."""
        records = get_authentication_records(self.request, self.request.user)
        return not any(time.time() - float(one["at"]) < FRESH_SECONDS for one in records)


class SealedAdapter(DefaultMFAAdapter):
    """The secrets of second factors are sealed in console.db by a key that is not in it."""

    def encrypt(self, text: str) -> str:
        return sealed(text)

    def decrypt(self, encrypted_text: str) -> str:
        return opened(encrypted_text)


def hold(request: HttpRequest, principal: str, signer: Signer) -> None:
    """Keep the open key for whoever sends this request; an older one of that browser is forgotten."""
    KEYS.drop(str(request.session.get(NAME, "")))
    request.session[NAME] = KEYS.put(principal, signer)


def held(request: HttpRequest) -> Signer | None:
    """The open key of whoever is signed in, or None when it was forgotten."""
    user = request.user
    name = str(request.session.get(NAME, ""))
    return KEYS.get(name, user.principal, used=not by_itself(request)) if isinstance(user, Person) else None


@receiver(user_logged_out)
def _forget(request: HttpRequest, **_: object) -> None:
    KEYS.drop(str(request.session.get(NAME, "")))


def _account(handle: str, principal: str) -> Person:
    """The account of a principal; one that was made by the command line has none until its first sign-in here."""
    person, fresh = Person.objects.get_or_create(principal=principal, defaults={"username": handle})
    if fresh:
        person.set_unusable_password()
        person.save()
    return person


def _over(person: Person) -> bool:
    """Whether the passphrase is one that somebody else chose, and its days are over."""
    return person.must_change and person.once_until is not None and person.once_until < timezone.now()


def _named(request: HttpRequest, person: Person) -> bool:
    """Whoever linked an identity of the company's service was named by it in this browser a short while ago, or is signed in here."""
    if request.user.is_authenticated and request.user.pk == person.pk:
        return True
    return not linked(person) or seen(request) == person.pk


def seen(request: HttpRequest) -> int | None:
    """Whom the company's service named in this browser a short while ago."""
    told = request.session.get(SEEN)
    return int(told[0]) if told and 0 <= time.time() - float(told[1]) < _SEEN_SECONDS else None


def linked(person: Person) -> bool:
    """Whether an identity of a service that is set up is linked to the account."""
    if not settings.OIDC.services:
        return False
    ids = [one.id for one in settings.OIDC.services]
    return bool(apps.get_model("socialaccount", "SocialAccount").objects.filter(user=person, provider__in=ids).exists())


def unlink(person: Person) -> None:
    """Whoever gets a new way in may have lost the identity as well: the new passphrase opens alone, until they link one anew."""
    if settings.OIDC.services:
        apps.get_model("socialaccount", "SocialAccount").objects.filter(user=person).delete()


def _as_slow(password: str) -> None:
    """Nobody of that name costs as much as a wrong passphrase."""
    with suppress(CustodyError):
        Signer.open_private(_NOBODY, password.encode())


def sealed(text: str) -> str:
    """A secret of the console's own rows, sealed by a key that does not lie with them."""
    return _seal().encrypt(text.encode()).decode()


def opened(text: str) -> str:
    """The same, open."""
    return _seal().decrypt(text.encode()).decode()


def _seal() -> Fernet:
    path = settings.HOME / "keys" / "console-seal.key"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_bytes(Fernet.generate_key())
    return Fernet(path.read_bytes())
