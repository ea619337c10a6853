"""The releases of a deal in their order, and what they let go together (spec/package.md §5).

The first is full; each delta adds, each recall takes back. Receipts are kept beside them: the n-th release has two rows
of its own, the receipt and what comparing the export said.
"""

from collections.abc import Iterator, Sequence
from typing import Final, cast

from custody.acts import let_go
from custody.acts.block import NOWHERE
from custody.acts.desk import Desk
from custody.acts.groups import Page
from custody.acts.handing import RECEIVED, every, statement_row
from custody.acts.marks import Marks, Spot
from custody.acts.vaults import slot_places
from custody.acts.verdicts import Crowd, Owner, Verdicts
from custody.law.gate import LOOKS
from custody.model.datamap import REFERENCE_COMPARTMENT
from custody.package.statements import ReleasedStatement
from custody.ports.store import Row, Transaction
from custody.ports.store import one as one_row

RECALL = "recall"
_LIVE: Final = "live"
_ANSWERS: Final = 32


def made(desk: Desk, tx: Transaction, matter: str) -> tuple[ReleasedStatement, ...]:
    """What this party has signed as released, in order of n, verified again."""
    return tuple(says for _, says in every(desk, tx, matter, ReleasedStatement))


def out(tx: Transaction, matter: Row, releases: tuple[ReleasedStatement, ...]) -> Marks:
    """The slots of everything that is with the buyer: given by a full release or a delta, and not called back since."""
    found = Marks()
    for one in releases:
        let_go.gather(tx, matter, one.n, into=found, back=one.kind == RECALL)
    return found


def lies_there(tx: Transaction, vault: str, who: bytes, there: Marks) -> bool:
    """Whether some slot of a living person is marked."""
    row = one_row(tx, "subject", vault=vault, id=who)
    places = slot_places(cast("bytes", row["slots"])) if row and row["state"] == _LIVE else {}
    return any((compartment, *place) in there for compartment, place in places.items())


def cleared(now: Verdicts, given: Marks) -> Iterator[tuple[Spot, Page, Page]]:
    """(page, slots, whose, by place) of everything about people that is cleared by now and not with the buyer."""
    goes = now.chosen(now.that({"hand_over"}))
    for spot in sorted(now.groups.pages):
        if spot[0] != REFERENCE_COMPARTMENT:
            slots, who, number = now.numbered(*spot)
            mine = goes[number] & ~given.bits(spot)[slots]
            yield spot, slots[mine], who[mine]


def next_out(now: Verdicts, given: Marks, with_buyer: Crowd, shipped: Marks) -> tuple[Crowd, Crowd]:
    """Of the customers that are cleared: (who was shipped and can be released next, who is neither shipped nor with the buyer)."""
    fresh, every, customers = now.nobody(), now.nobody(), now.of_kind("customer")
    for spot, slots, who in cleared(now, given):
        every[who] = True
        fresh[who[shipped.bits(spot)[slots]]] = True
    return fresh & customers, every & customers & ~fresh & ~with_buyer


def _left(now: Verdicts) -> list[int]:
    """The vectors of what stays with the buyer: what is cleared, and what only waits for somebody to look, which is no word of its person's."""
    waits = (
        number for number, one in enumerate(now.decisions)
        if one.verdict == "wait" and all(reason.rule in LOOKS for reason in one.reasons)
    )  # fmt: skip
    return [*now.that({"hand_over"}), *waits]


def people(now: Verdicts, given: Marks) -> tuple[Crowd, Crowd]:
    """Of everybody who is known here: (whose slots are among these, of whom something of it is about them and not cleared any more)."""
    there, back, goes = now.nobody(), now.nobody(), now.chosen(_left(now))
    for spot in given.spots():
        slots, who, number = now.numbered(*spot)
        mine = given.bits(spot)[slots]
        there[who[mine]] = True
        if spot[0] != REFERENCE_COMPARTMENT:
            back[who[mine & ~goes[number]]] = True
    return there, back


def withdrawn(now: Verdicts, owners: Sequence[Owner]) -> Iterator[bool]:
    """Whether each part, if it is with the buyer, is to be called back: whose it is is known here, and it is not cleared any more."""
    left = frozenset(_left(now))
    for (_, compartment), (place, number) in zip(owners, now.seen(owners), strict=True):
        yield compartment != REFERENCE_COMPARTMENT and place != NOWHERE and number not in left


def receipt_row(n: int) -> int:
    """The number under which the receipt of release `n` is kept: its comparison has the number after it."""
    return 2 * n - 1


def is_receipt(row: int) -> bool:
    """Whether the number is a receipt's, and not a comparison's."""
    return row % 2 == 1


def compared_row(n: int) -> int:
    """The number under which the comparison of the export after release `n` is kept."""
    return 2 * n


def further_row(n: int, more: int) -> int:
    """The number under which the `more`-th answer after the first to recall `n` is kept: n is of 32 bits."""
    return n + (more << _ANSWERS)


def is_first(row: int) -> bool:
    """Whether the number is that of a first answer."""
    return row >> _ANSWERS == 0


def answered(tx: Transaction, matter: str, kind: str, n: int) -> list[Row]:
    """What was answered to release `n` under its own number, the newest last: several where a hold kept something of a recall."""
    rows = tx.find("statement", order=("n",), matter=matter, kind=kind)
    return [row for row in rows if cast("int", row["n"]) & ((1 << _ANSWERS) - 1) == n]


def newest(tx: Transaction, matter: str, kind: str, n: int) -> Row:
    """The answer that counts. Raises Missing `statement.missing`."""
    found = answered(tx, matter, kind, n)
    return found[-1] if found else statement_row(tx, matter, kind, n)


def receipt_file(n: int) -> str:
    """Where the receipt of release `n` lies in the hand-over's folder; the first has no number, as it mostly is the only one."""
    return RECEIVED if n == 1 else f"received-{n:04d}.dsse.json"


def answer_file(n: int) -> str:
    """Where the answer to the recall `n` lies."""
    return f"recalled-{n:04d}.dsse.json"
