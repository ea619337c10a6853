"""What a verb works with: one party's space on one host, the person who acts, and the ports to the outside."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from custody.base.clock import Clock, parse
from custody.base.errors import Denied
from custody.base.signing import Signer
from custody.model.party import MACHINES, PartyCard, Principal
from custody.ports.files import Files
from custody.ports.finder import Finder
from custody.ports.keys import KeyProvider
from custody.ports.outside import Outside
from custody.ports.source import SourceOpener
from custody.ports.spill import Spills
from custody.ports.store import Store

_DAY: Final = timedelta(days=1)
_SECOND: Final = timedelta(seconds=1)


def zone_of(place: str, zones: Mapping[str, str]) -> ZoneInfo:
    """Whose days a company established there counts."""
    return ZoneInfo(zones.get(place, "UTC"))


def day_at(place: str, zones: Mapping[str, str], instant: datetime) -> date:
    """Which day an instant is there."""
    return instant.astimezone(zone_of(place, zones)).date()


@dataclass(frozen=True, slots=True)
class Desk:
    """`signer` signs for the party; `actor` signs for the person. `rehearsal` marks every statement made here; `region` is where its vaults lie; `rotation` how often a root is changed by itself, None for never; `for_company` that the schedule acts, not this person (docs/adr/0076).

    `zones`: {place: zone}, as the law has them; a place that is not there counts its days in UTC.
    """

    store: Store
    files: Files
    clock: Clock
    keys: KeyProvider
    sources: SourceOpener
    card: PartyCard
    signer: Signer
    principal: Principal
    actor: Signer
    rehearsal: bool
    outside: Outside
    finder: Finder
    spills: Spills
    region: str = "CN"
    for_company: bool = False
    zones: Mapping[str, str] = field(default_factory=dict)
    rotation: timedelta | None = timedelta(days=1)

    @property
    def space(self) -> str:
        """The ledger space: the party's id."""
        return self.card.id

    @property
    def zone(self) -> ZoneInfo:
        """Whose days and hours the company counts, and speaks in to its customers."""
        return zone_of(self.card.place, self.zones)

    def day(self, instant: datetime) -> date:
        """Which day that is where the company is established."""
        return day_at(self.card.place, self.zones, instant)

    def today(self) -> date:
        """The company's own day."""
        return self.day(self.clock.now())

    def over(self, day: date, places: Iterable[str] = ()) -> bool:
        """Whether a day is over where the company is established and in each of these places."""
        there, now = (place for place in places if place in self.zones), self.clock.now()
        return all(day_at(place, self.zones, now) > day for place in (self.card.place, *there))

    def first_moment(self, day: date) -> datetime:
        """When that day begins where the company is established."""
        return datetime.combine(day, time.min, self.zone).astimezone(UTC)

    def last_day(self, moment: str) -> str:
        """The last day that is over by then where the company is, '' for no moment: a law's day elsewhere may end in its morning, or begin before its own."""
        return (self.day(parse(moment) + _SECOND) - _DAY).isoformat() if moment else ""

    def person(self) -> None:
        """Deny a machine what only people do. Raises Denied `act.machine`."""
        if self.principal.roles & MACHINES:
            raise Denied("act.machine", "A machine may not do this.", next="A person does it.")

    def require(self, roles: Iterable[str]) -> None:
        """Deny unless the acting person has one of `roles`. Raises Denied `act.role`."""
        wanted = sorted(roles)
        if not self.principal.roles.intersection(wanted):
            raise Denied(
                "act.role",
                f"{self.principal.handle} has no role that may do this.",
                next=f"Ask someone with one of these roles: {', '.join(wanted)}.",
            )
