"""How the recovery sheets of every vault stand (A4)."""

from collections.abc import Mapping

from custody.acts.desk import Desk
from custody.acts.paper_sheets import sheets_of
from custody.base.canonical import Json


def recovery_list(desk: Desk) -> Mapping[str, Json]:
    """Every vault in the order it was made; `void` are those that nobody could bring back without their root."""
    told: list[Json] = []
    void: list[Json] = []
    with desk.store.read() as tx:
        for row in tx.find("vault", order=("id",), party=desk.space):
            found = sheets_of(desk, tx, row)
            one: dict[str, Json] = {"name": str(row["name"]), "recovery": found.to_json()}
            told.append(one)
            void += [] if found.safe else [one]
    return {"vaults": told, "void": void}
