"""What people who left said of their copies: read back from what they signed, verified by their own keys."""

from typing import Final, Literal, TypeAlias, cast

from custody.acts.people import by_id
from custody.base import dsse
from custody.base.errors import Broken
from custody.package import statements
from custody.package.succession import Leaver
from custody.ports.store import Transaction

State: TypeAlias = Literal["returned", "destroyed", "never-held"]
STATES: Final[tuple[State, ...]] = ("returned", "destroyed", "never-held")


def said_by(tx: Transaction, matter: str) -> dict[str, State]:
    """{principal: state} of every leaver's statement on file. Raises Broken for one that its author did not sign."""
    found: dict[str, State] = {}
    people = {by_id(tx, str(row["id"])).identity for row in tx.find("principal", order=("id",))}
    for row in tx.find("statement", order=("n",), matter=matter, kind=Leaver.KIND):
        opened = dsse.open_envelope(cast("bytes", row["envelope"]), {one.id: one for one in people})
        says = statements.read(opened.statement).says
        if not isinstance(says, Leaver) or by_id(tx, says.principal).identity.id != opened.signer:
            raise Broken(
                "leaver.foreign", "This statement was not signed by the person it speaks of.", kind="signature"
            )
        found[says.principal] = says.state
    return found
