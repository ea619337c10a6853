"""What a recall named and a hold keeps at the buyer: it stays until the hold ends, and then goes without another approval (spec/package.md §5).

It is kept as a job of the recall's own: which keys are left, what was answered last, how many answers there were. Until it is gone it is
locked: kept for what the hold is for, and used for nothing else.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple, cast

from custody.acts import job
from custody.acts.desk import Desk
from custody.base.canonical import Json
from custody.base.errors import Refused
from custody.ports.store import Row, Transaction, one

_KIND: Final = "recall-rest"
Entry = tuple[bytes, int, str]
"""A person, one of their compartments, the id of the key under which it came."""


class Rest(NamedTuple):
    """How far one recall came: what was answered last, and what is left."""

    matter: str
    n: int
    release: str
    """The digest of its manifest."""
    slots: int
    shredded: int
    held: int
    answers: int
    left: tuple[Entry, ...]

    @property
    def absent(self) -> int:
        """What is neither shredded nor held: it is not here, or a later release gave it anew."""
        return self.slots - self.shredded - len(self.left)


def keep(desk: Desk, tx: Transaction, rest: Rest) -> None:
    """As it was answered now; what holds nothing back is done."""
    key = f"{_KIND}:{rest.matter}:{rest.n}"
    if rest.held or tx.count("job", key=key):
        left: list[Json] = [[who.hex(), compartment, came] for who, compartment, came in rest.left]
        job.keep(desk, tx, key, _KIND, {**rest._asdict(), "left": left}, done=not rest.held)


def rests(tx: Transaction, matter: str) -> Iterator[Rest]:
    """Every recall of the deal whose last answer holds something back."""
    return (rest for rest in _every(tx) if rest.matter == matter)


def locked(tx: Transaction, vault: str) -> Mapping[bytes, frozenset[int]]:
    """{person: compartments} that the seller called back and a hold still keeps in this vault: they serve that hold and nothing else."""
    found = defaultdict[bytes, set[int]](set)
    for rest in _every(tx):
        matter = one(tx, "matter", id=rest.matter)
        if matter is not None and matter["vault"] == vault:
            for who, compartment, _ in rest.left:
                found[who].add(compartment)
    return {who: frozenset(numbers) for who, numbers in found.items()}


def require_unlocked(tx: Transaction, matter: Row) -> None:
    """Nothing is handed on from a vault that has to give somebody back. Raises Refused `recall.locked`."""
    if people := locked(tx, str(matter["vault"])):
        raise Refused("recall.locked", "The seller called somebody back whom a hold keeps here: they are locked, and go to nobody else.",
                      where={"people": len(people)}, next="When the hold ended: custody due, which takes them away; then again.")  # fmt: skip


def _every(tx: Transaction) -> Iterator[Rest]:
    for row in tx.find("job", order=("started_at", "key"), kind=_KIND, state="begun"):
        plan = job.plan(row)
        left = cast("list[tuple[str, int, str]]", plan["left"])
        entries = tuple((bytes.fromhex(who), compartment, came) for who, compartment, came in left)
        slots, shredded, held, answers, n = (
            cast("int", plan[name]) for name in ("slots", "shredded", "held", "answers", "n")
        )
        yield Rest(str(plan["matter"]), n, str(plan["release"]), slots, shredded, held, answers, entries)


def given_anew(
    desk: Desk, tx: Transaction, matter: str, places: Callable[[Sequence[tuple[bytes, int]]], Sequence[int]]
) -> None:
    """A later release gave some of it again, by `places` (-1 of what it did not give): that is no recall's any more."""
    for rest in rests(tx, matter):
        at = places([(who, compartment) for who, compartment, _ in rest.left])
        keep(desk, tx, rest._replace(left=tuple(one for one, place in zip(rest.left, at, strict=True) if place < 0)))
