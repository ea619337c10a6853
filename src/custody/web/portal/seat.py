"""The portal's own seat: the principal it acts as, whose key this process opened when it started."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from custody import wiring
from custody.acts.desk import Desk
from custody.base.errors import Unavailable
from custody.base.signing import Signer
from custody.ports.laws import Laws

_SEAT: list[tuple[str, Signer]] = []


def take(home: Path, handle: str, secret: bytes) -> None:
    """Open the portal's key. Raises what `wiring.unlock` does."""
    _, signer = wiring.unlock(home, handle, secret)
    _SEAT[:] = [(handle, signer)]


@contextmanager
def desk() -> Iterator[Desk]:
    """The portal's desk, for one request; what is drawn after it shows days and hours as the company has them (`Door` ends that)."""
    if not _SEAT:
        raise Unavailable("portal.unseated", "The portal was not started by its command.", next="custody portal")
    handle, signer = _SEAT[0]
    with wiring.desk_for(Path(settings.HOME), handle, signer) as made:
        timezone.activate(made.zone)
        yield made


def laws() -> Laws:
    """The rules that ship and the house's own, with what its people have signed by now: equal ones are read once."""
    return wiring.laws_of(Path(settings.HOME))
