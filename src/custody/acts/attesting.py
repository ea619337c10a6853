"""Roots of which nobody can see any more that they are gone, so that two people may say it (spec/vault.md §11, docs/adr/0093).

A root of a vault that was lost; one that was ordered to go, and that of an invitation's key, whose provider does not answer.
"""

from collections.abc import Callable, Iterator
from typing import NamedTuple, Self

from custody.acts import deal_roots, destroys, old_root
from custody.acts.deal_roots import DealRoot
from custody.acts.desk import Desk
from custody.acts.destroys import Asked
from custody.acts.old_root import OldRoot
from custody.base.canonical import Json
from custody.base.errors import CustodyError
from custody.ports.store import Row, Transaction, one


class Waiting(NamedTuple):
    """One root, called by `name` (`entry:N` by which it was lost, `generation:G`, `deal:REF:N` of the N-th invitation); `slug` is what is heard of it, '' where it is there."""

    name: str
    root: Asked | DealRoot | OldRoot
    told: dict[str, Json]
    slug: str

    @property
    def bound(self) -> dict[str, Json]:
        """What a second person signs for, beside what was seen: this root, and where it lay."""
        if isinstance(self.root, DealRoot):
            return {"deal": self.root.matter, "n": self.root.n, "ref": self.root.ref}
        if isinstance(self.root, OldRoot):
            return {"g": self.root.generation, "to": self.root.to, "ref": self.root.ref}
        return {"g": self.root.generation, **self.root.lost, "ref": self.root.ref}

    @classmethod
    def of_vault(cls, desk: Desk, asked: Asked) -> Self:
        """A root of a vault."""
        name = f"entry:{-asked.to}" if asked.lost else f"generation:{asked.generation}"
        return cls(
            name, asked, {"generation": asked.generation, **asked.lost}, _heard(lambda: destroys.stands(desk, asked))
        )

    @classmethod
    def of_deal(cls, desk: Desk, deal: Row, root: DealRoot) -> Self:
        """The root of an invitation's key."""
        told: dict[str, Json] = {"deal": str(deal["ref"]), "invitation": root.n}
        return cls(f"deal:{deal['ref']!s}:{root.n}", root, told, _heard(lambda: deal_roots.stands(desk, root)))

    @classmethod
    def left(cls, desk: Desk, root: OldRoot) -> Self:
        """The root that a rotation leaves, whose order is all that is left of it."""
        name = f"generation:{root.generation}"
        return cls(name, root, {"generation": root.generation}, _heard(lambda: desk.keys.state(root.ref)))

    @classmethod
    def before(cls, desk: Desk, deal: Row, root: DealRoot) -> Self:
        """The same before the re-seal, which orders it to go and which its provider's silence stops."""
        found = cls.of_deal(desk, deal, root)
        return found._replace(slug=_heard(lambda: desk.keys.state(root.ref)))


def waiting(desk: Desk, tx: Transaction, vault: str) -> Iterator[Waiting]:
    """Those that may be attested: every root that was lost, each other one that is asked about and of which nothing is heard, and those whose silence stops a re-seal or the end of a rotation."""
    for asked in destroys.unseen(tx, vault):
        if not asked.attested:
            found = Waiting.of_vault(desk, asked)
            if found.slug or (asked.lost and not asked.effective_at):
                yield found
    for old in old_root.leaving(tx, vault):
        if (left := Waiting.left(desk, old)).slug:
            yield left
    for root in deal_roots.unseen(tx, desk.space, vault):
        deal = one(tx, "matter", id=root.matter)
        if deal is not None and not root.attested and (of_deal := Waiting.of_deal(desk, deal, root)).slug:
            yield of_deal
    for root in deal_roots.unordered(tx, vault):
        deal = one(tx, "matter", id=root.matter)
        if deal is not None and not root.attested and (of_deal := Waiting.before(desk, deal, root)).slug:
            yield of_deal


def _heard(ask: Callable[[], str]) -> str:
    """Why nobody can see how it stands; '' where somebody can."""
    try:
        ask()
    except CustodyError as error:
        return error.slug
    return ""
