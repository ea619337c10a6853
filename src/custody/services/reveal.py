"""Reveal: show one customer's data to whom the access policy opens it, for a purpose, with a reason (A3, D4; spec/access.md).

It is entered in the ledger before a value leaves; a refusal is entered too. What law only keeps opens for that alone.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from custody.acts import revealing
from custody.acts.desk import Desk
from custody.acts.vaults import vault_row
from custody.base import ids
from custody.base.canonical import Json

PURPOSES: Final = revealing.PURPOSES
ROLES: Final = revealing.ROLES


def reveal(
    desk: Desk, vault: str | None, named: str, purpose: str, reason: str, fields: Sequence[str] = ()
) -> Mapping[str, Json]:
    """What may be opened of one person, or of it these fields (`TABLE/COLUMN`) alone: nothing else is decrypted for showing, and the entry names them.

    Raises Missing `subject.unknown`, Malformed `reveal.purpose`, `reveal.field`, Denied `reveal.denied`, `reveal.bulk`.
    """
    desk.person()
    desk.require(ROLES)
    revealing.checked(purpose, reason)
    subject = ids.subject_bytes(named)
    with desk.store.write() as tx:
        held = str(vault_row(tx, desk.space, vault)["id"])
        revealing.counted(desk, tx)
        look = revealing.decide_and_enter(desk, tx, held, subject, purpose, reason, fields)
    refused = look.made.sentences(purpose, opened=False)
    if not look.made.open:
        raise revealing.denied(desk, look, purpose)
    with desk.store.read() as tx:
        tables = revealing.opened(desk, tx, held, look)
    return {
        "subject": named, "purpose": purpose, "tiers": list[Json](sorted({look.made.tiers[place] for place in look.made.open})),
        "tables": tables, "withheld": [{"why": one} for one in refused],
        "allowed": list[Json](look.made.sentences(purpose, opened=True)), "ledger": f"{desk.space}@{look.position}",
    }  # fmt: skip
