"""Principals as rows: who acts, with which roles, known by which key."""

from collections.abc import Iterable
from typing import cast

from custody.base import canonical
from custody.base.errors import Denied, Missing
from custody.base.signing import Identity
from custody.model.party import Principal
from custody.ports.store import Row, Store, Transaction


def principal_row(person: str, party: str, handle: str, roles: Iterable[str], identity: Identity, now: str) -> Row:
    """The row of a new principal."""
    return {
        "id": person,
        "party": party,
        "handle": handle,
        "roles": ",".join(sorted(roles)),
        "identity": canonical.encode(identity.to_json()),
        "created_at": now,
        "revoked_at": "",
    }


def by_handle(store: Store, party: str, handle: str) -> Principal:
    """The live principal called `handle`. Raises Missing `principal.unknown`, Denied `principal.revoked`."""
    with store.read() as tx:
        rows = tx.find("principal", party=party, handle=handle)
    if not rows:
        raise Missing("principal.unknown", f"Nobody here is called {handle}.", next="custody principal new")
    if rows[0]["revoked_at"]:
        raise Denied("principal.revoked", f"{handle} no longer acts here.")
    return principal(rows[0])


def by_id(tx: Transaction, person: str) -> Principal:
    """The principal with this id, live or not."""
    rows = tx.find("principal", id=person)
    if not rows:
        raise Missing("principal.unknown", "There is no such principal.")
    return principal(rows[0])


def still_acts(tx: Transaction, person: str, roles: Iterable[str] = ()) -> bool:
    """Whether the principal with this id was not revoked, and has one of `roles` where any are asked for."""
    rows, wanted = tx.find("principal", id=person, revoked_at=""), set(roles)
    return bool(rows) and (not wanted or bool(wanted.intersection(str(rows[0]["roles"]).split(","))))


def principal(row: Row) -> Principal:
    """A principal from its row."""
    identity = canonical.decode(cast("bytes", row["identity"]))
    roles = frozenset(str(row["roles"]).split(","))
    return Principal(
        str(row["id"]), str(row["handle"]), roles, Identity.from_json(cast("dict[str, canonical.Json]", identity))
    )
