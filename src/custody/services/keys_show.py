"""Where the roots lie, and what a destroy is worth there: for each vault, for what no rotation moves, and for roots made from now on (A4)."""

from collections.abc import Iterator, Mapping

from custody.acts.desk import Desk
from custody.acts.vaults import terms_said, told
from custody.base.canonical import Json
from custody.base.errors import CustodyError
from custody.ports.store import Transaction, one


def keys_show(desk: Desk) -> Mapping[str, Json]:
    """Asks every provider that holds a live root. `besides`: the root of the suppression list and those of open invitations, which stay where they were made. Raises Unavailable `keys.*`."""
    desk.require(("owner", "operator", "privacy", "auditor"))
    with desk.store.read() as tx:
        rows = [row for row in tx.find("vault", order=("name",), party=desk.space) if row["keyring"]]
        others = list(_besides(desk, tx))
    vaults: list[Json] = [
        {"vault": str(row["name"]), "generation": row["generation"], **terms_said(desk, row)} for row in rows
    ]
    besides: list[Json] = [{"kind": kind, "deal": deal, **_told(desk, ref)} for kind, deal, ref in others]
    return {**told(desk.keys.terms()), "vaults": vaults, "besides": besides}


def _besides(desk: Desk, tx: Transaction) -> Iterator[tuple[str, str, str]]:
    """(kind, of which deal, reference) of roots that stand under no vault: whoever takes their provider away loses them."""
    if (key := one(tx, "suppression_key", party=desk.space)) is not None:
        yield "suppression-list", "", str(key["ref"])
    for row in tx.find("deal_root", order=("matter", "n")):
        if not row["effective_at"] and not row["gone"]:
            matter = one(tx, "matter", id=str(row["matter"]))
            yield "invitation", str(matter["ref"]) if matter else "", str(row["ref"])


def _told(desk: Desk, ref: str) -> Mapping[str, Json]:
    """Its terms; of a provider that does not answer, why: what is told of the vaults is told all the same."""
    try:
        return {**told(desk.keys.terms(ref)), "fault": ""}
    except CustodyError as error:
        return {"provider": "", "assurance": "", "delay_days": 0, "spares": [], "fault": error.slug}
