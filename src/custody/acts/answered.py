"""What the buyer answered to each release, at the seller: how many rows of each table it has by them (C8, C9)."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from custody.acts import let_go, releases
from custody.acts.desk import Desk
from custody.acts.handing import understood
from custody.base.errors import Broken
from custody.model.party import PartyCard
from custody.package.statements import Recalled, Received, ReleasedStatement
from custody.ports.store import Row, Transaction


@dataclass(frozen=True, slots=True)
class Answer:
    """A release and what the buyer answered to it."""

    made: ReleasedStatement
    envelope: bytes

    def held(self, buyer: PartyCard, *, rehearsal: bool) -> int:
        """How many slots a hold keeps at the buyer, of a recall."""
        if self.made.kind != releases.RECALL:
            return 0
        return understood(self.envelope, Recalled, buyer.identity, rehearsal=rehearsal).held

    @property
    def sign(self) -> int:
        """A recall takes its rows back."""
        return -1 if self.made.kind == releases.RECALL else 1

    def rows(self, buyer: PartyCard, released: Mapping[str, int], *, rehearsal: bool) -> dict[str, int]:
        """{table: rows} that the answer adds to what the buyer has; `released` are those of a recall. Raises Broken `receipt.release`."""
        if self.made.kind == releases.RECALL:
            back = understood(self.envelope, Recalled, buyer.identity, rehearsal=rehearsal)
            if back.release != self.made.manifest or not back.whole:
                raise _disagrees()
            # While a hold keeps some there, nobody can say whose rows: they count as delivered.
            return {} if back.held else {table: -count for table, count in released.items()}
        said = understood(self.envelope, Received, buyer.identity, rehearsal=rehearsal)
        if said.release != self.made.manifest or said.mismatched:
            raise _disagrees()
        return {table.name: table.rows for table in said.tables}


def answer_name(made: ReleasedStatement) -> str:
    """Where the answer to a release lies in the hand-over's folder."""
    return releases.answer_file(made.n) if made.kind == releases.RECALL else releases.receipt_file(made.n)


def agreed(desk: Desk, tx: Transaction, matter: Row, buyer: PartyCard) -> dict[str, int]:
    """{table: rows} that the buyer has by every answer that was agreed here. Raises Missing `statement.missing`."""
    name, found = str(matter["id"]), Counter[str]()
    for made in releases.made(desk, tx, name):
        envelope = cast("bytes", releases.newest(tx, name, "receipt", made.n)["envelope"])
        released = let_go.rows(tx, matter, made.n)
        found.update(Answer(made, envelope).rows(buyer, released, rehearsal=desk.rehearsal))
    return dict(found)


def _disagrees() -> Broken:
    return Broken("receipt.release", "The receipt does not agree with the release.", kind="chain")
