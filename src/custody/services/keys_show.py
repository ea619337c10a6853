"""Where the roots lie, and what a destroy is worth there: for each vault, for what stands under no vault, and for roots made from now on (A4)."""

from collections.abc import Mapping

from custody.acts.besides import Beside, besides, left
from custody.acts.desk import Desk
from custody.acts.vaults import terms_said, told
from custody.base.canonical import Json
from custody.base.errors import CustodyError


def keys_show(desk: Desk) -> Mapping[str, Json]:
    """Asks every provider that holds a live root. `besides`: the root of the suppression list, which moves with the next rotation, those of open invitations, which stay where they were made, and those that vaults leave until they were seen gone. Raises Unavailable `keys.*`."""
    desk.require(("owner", "operator", "privacy", "auditor"))
    with desk.store.read() as tx:
        rows = [row for row in tx.find("vault", order=("name",), party=desk.space) if row["keyring"]]
        others = [*besides(desk, tx), *left(desk, tx)]
    vaults: list[Json] = [
        {"vault": str(row["name"]), "generation": row["generation"], **terms_said(desk, row)} for row in rows
    ]
    more: list[Json] = [
        {"kind": each.kind, "deal": each.deal, "vault": each.vault, **_told(desk, each)} for each in others
    ]
    return {**told(desk.keys.terms()), "vaults": vaults, "besides": more}


def _told(desk: Desk, beside: Beside) -> Mapping[str, Json]:
    """Its terms, and why it does not open; of a provider that does not answer that alone: what is told of the vaults is told all the same."""
    try:
        return {**told(desk.keys.terms(beside.ref)), "fault": beside.fault(desk)}
    except CustodyError as error:
        return {"provider": "", "assurance": "", "delay_days": 0, "spares": [], "fault": error.slug}
