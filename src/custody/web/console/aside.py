"""Who looks at the sample comes back as themselves: their own key waits in memory, as long as a session that nobody uses would (decision 22).

The session names it, in the browser that was signed in with it, and opens nothing once the process or the time is over; signing out forgets it.
"""

from typing import Any, Final

from django.contrib.auth.signals import user_logged_out
from django.dispatch import receiver
from django.http import HttpRequest

from custody.base.signing import Signer
from custody.web.console.models import Person
from custody.web.console.signin import KEYS, held

OWN: Final = "custody_own"
Own = list[Any]  # (account, the name of its key), as a session holds it


def set_aside(request: HttpRequest) -> Own | None:
    """One's own account before another's place is taken; from one place of the sample to the next it stays the same."""
    user, signer = request.user, held(request)
    if not isinstance(user, Person) or signer is None:
        return None
    kept: Own | None = request.session.pop(OWN, None)
    return kept if user.place else [user.pk, KEYS.put(user.principal, signer)]


def taken_up(request: HttpRequest) -> tuple[Person, Signer] | None:
    """Whose own company it is that is gone back to, with their key; None where it was forgotten, or they act there no more."""
    own: Own | None = request.session.pop(OWN, None)
    person = Person.objects.filter(pk=own[0], is_active=True).first() if own else None
    if own is None or person is None:
        return None
    signer = KEYS.get(str(own[1]), person.principal)
    KEYS.drop(str(own[1]))
    return None if signer is None else (person, signer)


@receiver(user_logged_out)
def _forget(request: HttpRequest, **_: object) -> None:
    own: Own | None = request.session.get(OWN)
    if own:
        KEYS.drop(str(own[1]))
