"""Deposit shares of every vault's key with holders, in the escrow store, by two people (A4, spec/vault.md §23).

From then on each rotation deposits the shares of its new generation with the same holders, and removes the old ones.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from custody.acts import escrow
from custody.acts.approval import content_hash, demand
from custody.acts.depositing import give_out
from custody.acts.desk import Desk
from custody.acts.entries import entered
from custody.acts.evidence import append
from custody.acts.holders import FEWEST, key_name, needed
from custody.acts.residency import require_escrow
from custody.acts.sole import sole_writer
from custody.base.canonical import Json, b64
from custody.base.clock import stamp
from custody.base.errors import CustodyError, Malformed, Missing, Refused
from custody.ports.store import Transaction, one

ACT: Final = "recovery-deposit"
MOST: Final = 12


@sole_writer("all")
def recovery_deposit(
    desk: Desk, holders: Sequence[str], threshold: int, *, dry_run: bool = False
) -> Mapping[str, Json]:
    """Any `threshold` of `holders` open the vaults. Cut off behind the naming it goes on without another word: who was named is who is given shares.

    Raises Missing `escrow.nowhere`, `escrow.joined`, Refused `escrow.left`, `act.unapproved`, `residency.*`.
    """
    desk.require(("owner",))
    names = sorted(set(holders))
    if not FEWEST <= threshold <= len(names) <= MOST or len(names) != len(holders):
        raise Malformed("recovery.holders", f"Two to {MOST} different holders, and at least two must be needed.",
                        next="Name three people, any two of whom can recover it.")  # fmt: skip
    if not desk.outside.escrow:
        raise Missing(
            "escrow.nowhere", "No escrow store is set up.", next='escrow = ["FOLDER", "FOLDER"] in custody.toml'
        )
    require_escrow(desk)
    public = {name: _public(desk, name) for name in names}
    with desk.store.read() as tx:
        _require_here(tx, desk.space, names)
        vaults = [str(row["id"]) for row in tx.find("vault", order=("name",), party=desk.space)]
        told: list[Json] = [[name, key_name(key)] for name, key in public.items()]
        content = content_hash({"act": ACT, "party": desk.space, "holders": told, "threshold": threshold})
        result: dict[str, Json] = {"holders": list[Json](names), "threshold": threshold, "vaults": len(vaults)}
        resumed = _named(tx, desk.space, told, public, threshold)
        if dry_run:
            return {**result, **({"resumed": True} if resumed else {"would": {"approve": [ACT, content]}})}
    if not resumed:
        with desk.store.write() as tx:
            _require_here(tx, desk.space, names)
            _name(desk, tx, public, threshold, {"holders": told, "threshold": threshold, "approval": demand(desk, tx, ACT, content, once=True)})  # fmt: skip
    places = [give_out(desk, vault) for vault in vaults]
    return {**result, "resumed": resumed, "places": min(places, default=len(desk.outside.escrow))}


def _named(tx: Transaction, party: str, told: list[Json], public: Mapping[str, bytes], threshold: int) -> bool:
    """Whether these are the holders since the last naming, and all of them: two people named them, and nobody left."""
    last = next(entered(tx, party, "holders-named", 1), None)
    here = {str(row["handle"]): row["public"] for row in tx.find("holder", party=party)}
    same = last is not None and (last.says["holders"], last.says["threshold"]) == (told, threshold)
    return same and here == public and needed(tx, party) == threshold


def _name(desk: Desk, tx: Transaction, public: Mapping[str, bytes], threshold: int, says: Mapping[str, Json]) -> None:
    """In the transaction in which the second person's word serves, once."""
    now = stamp(desk.clock.now())
    for table in ("holder", "threshold"):
        tx.drop(table, party=desk.space)
    tx.add("holder", [{"party": desk.space, "handle": name, "public": key, "at": now} for name, key in public.items()])
    tx.add("threshold", [{"party": desk.space, "k": threshold}])
    detail: dict[str, Json] = {"public": {name: b64(key) for name, key in public.items()}}
    append(tx, desk.space, now, "holders-named", says, detail=detail)


def _require_here(tx: Transaction, party: str, names: Sequence[str]) -> None:
    for name in names:
        row = one(tx, "principal", party=party, handle=name)
        if row is not None and row["revoked_at"]:
            raise Refused("escrow.left", "One of these holders may not act here any more.", where={"holder": name},
                          next="Name somebody who stays; custody principal list tells who does.")  # fmt: skip


def _public(desk: Desk, name: str) -> bytes:
    try:
        return desk.files.read(f"{escrow.KEYS}/{name}.pub")
    except CustodyError as error:
        raise Missing("escrow.joined", "One of these holders has made no key yet.", where={"holder": name},
                      next="custody recovery join --to FILE, by that person") from error  # fmt: skip
