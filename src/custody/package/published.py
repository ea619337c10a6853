"""A public notice that stood in for telling people one by one: what, where, how long, by which law (spec/campaigns.md §7). It names nobody."""

from dataclasses import dataclass
from typing import ClassVar, Literal

from custody.base.errors import Malformed
from custody.package.shape import Day, Deal, Digest, Name


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """The n-th of a deal. `proof` are the digests of what shows it: pictures of the page, the page of the newspaper."""

    KIND: ClassVar[str] = "published"
    deal: Deal
    n: int
    place: Literal["website", "visible_place", "newspaper"]
    where: Name
    shown_from: Day
    shown_until: Day
    law: tuple[str, ...]
    people: int
    text: Digest
    proof: tuple[Digest, ...]

    def __post_init__(self) -> None:
        """Raises Malformed `published.days` where it ends before it begins, `published.proof` where nothing shows it."""
        if self.shown_until < self.shown_from:
            raise Malformed("published.days", "A public notice ends on the day it begins, or later.")
        if not self.proof:
            raise Malformed("published.proof", "Nothing shows that the notice was public.")
