"""From a request to the desk of whoever is signed in: the console acts as that person, by that person's own key."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.http import Http404, HttpRequest

from custody import wiring
from custody.acts.desk import Desk
from custody.base.errors import Denied
from custody.base.signing import Signer
from custody.ports.files import Files
from custody.ports.laws import Laws
from custody.ports.source import SourceOpener
from custody.web.console.models import Person
from custody.web.console.signin import held

_PLACE: Final[ContextVar[str]] = ContextVar("place", default="")
Told = Mapping[str, Any]  # what a service answers, as pages take it


def home() -> Path:
    """The home this request is about: the one served, or a company of the sample for whoever looks at it."""
    return Path(settings.HOME) / _PLACE.get()


@contextmanager
def inside(place: str) -> Iterator[None]:
    """Everything below speaks of the home at `place` inside the one served; `""` is that home itself."""
    token = _PLACE.set(place)
    try:
        yield
    finally:
        _PLACE.reset(token)


def in_sample() -> bool:
    """Whether this request is about a company of the sample, whose people anybody may be who signed in: nothing of the host or of the company itself is theirs."""
    return bool(_PLACE.get())


def outward() -> None:
    """Before anything leaves for another host, or is asked of one: whoever signed in takes any place of the sample, an owner's too.

    Raises Denied `console.outward`.
    """
    if in_sample():
        raise Denied("console.outward", "The sample sends nothing out and asks no other host.", next="Leave the sample, and do it in your own company.")  # fmt: skip


def key_of(request: HttpRequest) -> Signer:
    """The open key. Raises Denied `console.locked` when it was forgotten: the door sends that person to sign in."""
    signer = held(request)
    if signer is None:
        raise Denied("console.locked", "Your key is locked again.", next="Sign in.")
    return signer


@contextmanager
def desk(request: HttpRequest) -> Iterator[Desk]:
    """The desk of the person signed in."""
    person = request.user
    assert isinstance(person, Person)
    with seat(person.handle, key_of(request)) as made:
        request.roles = made.principal.roles  # what the shell of the page may offer
        yield made


@contextmanager
def seat(handle: str, signer: Signer | None, sources: SourceOpener | None = None) -> Iterator[Desk]:
    """The desk of a person by handle and open key: what a job works at. Without a key, to read for them while they are away."""
    with wiring.desk_for(home(), handle, signer, sources) as made:
        yield made


def handover(stand: Mapping[str, Any]) -> Files:
    """The hand-over folder of a deal of one's own, in the home, by its reference. Raises Http404 for one that came: its reference is another's word."""
    if came(stand):
        raise Http404
    folder = home() / "matters" / str(stand["ref"]) / "handover"
    folder.mkdir(parents=True, exist_ok=True)
    return wiring.folder(folder)


def came(stand: Mapping[str, Any]) -> bool:
    """Whether a deal is one in which this company is the buyer: what came lies by the matter's own id."""
    return bool(stand["came"])


def laws() -> Laws:
    """The rules that ship and the house's own, with what its people have signed by now."""
    return wiring.laws_of(home())
