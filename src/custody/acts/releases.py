"""The releases of a deal in their order, and what they let go together (spec/package.md §5).

The first is full; each delta adds, each recall takes back. Receipts are kept beside them: the n-th release has two rows
of its own, the receipt and what comparing the export said.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence

from custody.acts import let_go
from custody.acts.block import NOWHERE
from custody.acts.desk import Desk
from custody.acts.handing import RECEIVED, every
from custody.acts.verdicts import Owner, Verdicts
from custody.model.datamap import REFERENCE_COMPARTMENT
from custody.package.statements import ReleasedStatement
from custody.ports.store import Row, Transaction

RECALL = "recall"


def made(desk: Desk, tx: Transaction, matter: str) -> tuple[ReleasedStatement, ...]:
    """What this party has signed as released, in order of n, verified again."""
    return tuple(says for _, says in every(desk, tx, matter, ReleasedStatement))


def out(tx: Transaction, matter: Row, releases: tuple[ReleasedStatement, ...]) -> dict[let_go.Place, bytes]:
    """{slot: whose} of everything that is with the buyer: given by a full release or a delta, and not called back since."""
    found: dict[let_go.Place, bytes] = {}
    for one in releases:
        slots: Iterator[tuple[bytes, let_go.Place]] = let_go.slots(tx, matter, one.n)
        if one.kind == RECALL:
            for _, place in slots:
                found.pop(place, None)
        else:
            found |= {place: who for who, place in slots}
    return found


def cleared(now: Verdicts, given: Mapping[let_go.Place, bytes]) -> dict[let_go.Place, bytes]:
    """{slot: whose} of everything about people that is cleared by now and not with the buyer."""
    goes = set(now.that({"hand_over"}))
    return {
        place: who
        for who, _, place, number in now.each()
        if number in goes and place[0] != REFERENCE_COMPARTMENT and place not in given
    }


def next_out(
    now: Verdicts, parts: Mapping[let_go.Place, bytes], given: Mapping[let_go.Place, bytes], shipped: Collection[let_go.Place]
) -> tuple[set[bytes], set[bytes]]:  # fmt: skip
    """Of the customers with such parts: (who was shipped and can be released next, who is cleared and neither shipped nor with the buyer)."""
    seen = now.seen((who, place[0]) for place, who in parts.items())
    people = {
        place: who for (place, who), (at, _) in zip(parts.items(), seen, strict=True) if now.kind(at) == "customer"
    }
    fresh = {who for place, who in people.items() if place in shipped}
    return fresh, set(people.values()) - fresh - set(given.values())


def withdrawn(now: Verdicts, owners: Sequence[Owner]) -> Iterator[bool]:
    """Whether each part, if it is with the buyer, is to be called back: whose it is is known here, and it is not cleared any more."""
    for (_, compartment), (place, number) in zip(owners, now.seen(owners), strict=True):
        yield compartment != REFERENCE_COMPARTMENT and place != NOWHERE and now.slug(number) != "hand_over"


def receipt_row(n: int) -> int:
    """The number under which the receipt of release `n` is kept: its comparison has the number after it."""
    return 2 * n - 1


def is_receipt(row: int) -> bool:
    """Whether the number is a receipt's, and not a comparison's."""
    return row % 2 == 1


def compared_row(n: int) -> int:
    """The number under which the comparison of the export after release `n` is kept."""
    return 2 * n


def receipt_file(n: int) -> str:
    """Where the receipt of release `n` lies in the hand-over's folder; the first has no number, as it mostly is the only one."""
    return RECEIVED if n == 1 else f"received-{n:04d}.dsse.json"


def answer_file(n: int) -> str:
    """Where the answer to the recall `n` lies."""
    return f"recalled-{n:04d}.dsse.json"
