"""How often a passphrase may be wrong, and for whom that counts: guessing ends, and shuts out whoever guesses and nobody else (decision 106).

By name and address together, so that a stranger elsewhere keeps nobody out; by the name alone as well, far later, since addresses are
cheap. A browser in which somebody signed in before counts by itself for them: strangers have no part in its tries.
"""

from typing import Final

from allauth.core.internal import ratelimit
from django.core import signing
from django.http import HttpRequest, HttpResponseBase

from custody.web.console.models import Person

_APP: Final = "custody"
_RATES: Final = {"name": "30/h/key", "place": "5/5m/key", "address": "10/m/ip", "again": "5/5m/user"}
_SALT: Final = "custody.known"
_COOKIE: Final = "custody_known_"
KNOWN_SECONDS: Final = 90 * 86_400


def sign_in_tries(request: HttpRequest, name: str, named: int | None) -> ratelimit.RateLimitUsage | None:
    """One try at the passphrase of this name; None where there were too many. `named` is whom the company's service named here a while ago."""
    known = _known(request, name, named)
    if known:
        return _take(request, "place", f"{name}:{known}")
    used = ratelimit.RateLimitUsage(usage=[])
    for action, key in (("address", None), ("place", f"{name}:{ratelimit.get_ip(request)}"), ("name", name)):
        if (more := _take(request, action, key)) is None:
            return None
        used.usage += more.usage
    return used


def try_again(request: HttpRequest, person: Person) -> ratelimit.RateLimitUsage | None:
    """One try at one's own passphrase by whoever is signed in; None where there were too many since they signed in."""
    return ratelimit.consume(request, app=_APP, action="again", config=_RATES, user=person)


def begin_anew(request: HttpRequest, person: Person) -> None:
    """They signed in: what was tried in an open window of theirs before was not by them."""
    ratelimit.clear(request, app=_APP, action="again", config=_RATES, user=person)


def remember(request: HttpRequest, answer: HttpResponseBase) -> None:
    """From now on the browser is known for whoever is signed in; the mark opens nothing, and names nobody."""
    person = request.user
    if isinstance(person, Person) and person.is_authenticated and not _marked(request, person):
        answer.set_cookie(
            f"{_COOKIE}{person.pk}", signing.dumps(person.pk, salt=_SALT), max_age=KNOWN_SECONDS, httponly=True, samesite="Lax",
            secure=request.is_secure(),
        )  # fmt: skip


def _take(request: HttpRequest, action: str, key: str | None) -> ratelimit.RateLimitUsage | None:
    return ratelimit.consume(request, app=_APP, action=action, config=_RATES, key=key)


def _known(request: HttpRequest, name: str, named: int | None) -> str:
    """By what this browser is known for the account of that name; "" where it is not."""
    person = Person.objects.filter(username=name).first()
    if person is None:
        return ""
    return (
        "named"
        if named == person.pk
        else request.COOKIES.get(f"{_COOKIE}{person.pk}", "")
        if _marked(request, person)
        else ""
    )


def _marked(request: HttpRequest, person: Person) -> bool:
    try:
        return bool(
            signing.loads(request.COOKIES.get(f"{_COOKIE}{person.pk}", ""), salt=_SALT, max_age=KNOWN_SECONDS)
            == person.pk
        )
    except signing.BadSignature:
        return False
