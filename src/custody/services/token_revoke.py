"""Revoke a token: it opens nothing from this moment (spec/api.md §1)."""

from collections.abc import Mapping
from typing import Final

from custody.acts.desk import Desk
from custody.acts.evidence import append
from custody.acts.tokens import told
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.base.errors import Missing
from custody.ports.store import one

REVOKERS: Final = ("owner", "privacy")


def token_revoke(desk: Desk, named: str) -> Mapping[str, Json]:
    """Revoking twice changes nothing. Raises Missing `token.unknown`, Denied `act.role`."""
    desk.require(REVOKERS)
    with desk.store.write() as tx:
        now = desk.clock.now()
        row = one(tx, "api_token", id=named, party=desk.space)
        if row is None:
            raise Missing("token.unknown", "There is no such token.", next="custody token list")
        if row["revoked_at"]:
            return {**told(tx, row, desk.today()), "resumed": True}
        tx.change("api_token", {"revoked_at": stamp(now)}, id=named)
        tx.change("principal", {"revoked_at": stamp(now)}, id=str(row["principal"]))
        position = append(tx, desk.space, stamp(now), "token-revoked", {"token": named, "principal": desk.principal.id})
        row = one(tx, "api_token", id=named)
        assert row is not None
        return {**told(tx, row, desk.today()), "resumed": False, "ledger": f"{desk.space}@{position}"}
