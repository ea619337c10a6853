"""Make a vault before there is anything to seal, so that its recovery sheets can be printed and tried first (A1, A4)."""

from collections.abc import Mapping

from custody.acts.depositing import give_out_where_held
from custody.acts.desk import Desk
from custody.acts.evidence import append
from custody.acts.paper_sheets import sheets_of
from custody.acts.sole import sole_writer
from custody.acts.vault_names import require_name
from custody.acts.vaults import UNTRIED, new_vault, require_suite, save_head, terms_said
from custody.base import ids
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.ports.store import Transaction, one
from custody.vault.suite import SUITE_AES, suite_of


@sole_writer("new", "name")
def vault_new(desk: Desk, name: str, *, untried: bool = True, suite: int | None = None) -> Mapping[str, Json]:
    """`untried`: it takes no data until its recovery sheets were tried. Not: an owner does without, and is named in the ledger.

    A vault of that name that is there stays as it is, but may be let out of waiting so. Holders of recovery shares are
    given theirs at once, and then it waits for no paper. Raises Malformed `vault.suite`,
    Refused `vault.suite-other` where it is there in another; where there are holders, as a deposit does.
    """
    desk.require(("owner", "operator") if untried else ("owner",))
    require_name(name)
    with desk.store.write() as tx:
        row = one(tx, "vault", party=desk.space, name=name)
        resumed = row is not None
        if row is None:
            vault = ids.new("vlt")
            ring = new_vault(desk, tx, vault, name, state=UNTRIED, suite=suite_of(suite or SUITE_AES))
            head = save_head(tx, ring)
            says: dict[str, Json] = {"vault": vault, "g": 1, "head": head.root.hex(), "suite": ring.suite.number}
            append(tx, desk.space, stamp(desk.clock.now()), "vault-made", says)
            row = one(tx, "vault", id=vault)
        assert row is not None
        if suite is not None:
            require_suite(row, suite)
        waits = row["state"] == UNTRIED
        if waits and not untried:
            _waive(desk, tx, str(row["id"]))
            row, waits = {**row, "state": "open"}, False
        held = sheets_of(desk, tx, row).escrow
    if not held and give_out_where_held(desk, str(row["id"])) and waits:
        row, waits = {**row, "state": "open"}, False
    return {"id": str(row["id"]), "vault": name, "generation": row["generation"], "suite": row["suite"], "state": str(row["state"]), **terms_said(desk, row),
            "resumed": resumed, "next": f"custody recovery print --vault {name}" if waits else ""}  # fmt: skip


def _waive(desk: Desk, tx: Transaction, vault: str) -> None:
    """Data may enter although nobody holds a sheet: who said so stays in the ledger."""
    tx.change("vault", {"state": "open"}, id=vault)
    says: dict[str, Json] = {"vault": vault, "principal": desk.principal.id}
    append(tx, desk.space, stamp(desk.clock.now()), "recovery-waived", says)
