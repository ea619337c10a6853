"""Open a vault from its holders' shares when its root is lost at its provider; or try it while nothing is lost (A4, spec/vault.md §23)."""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import cast

from custody.acts import escrow
from custody.acts.approval import content_hash, demand
from custody.acts.desk import Desk
from custody.acts.destroys import note_lost
from custody.acts.evidence import append
from custody.acts.list_anew import RECOVERED, begin_anew, brought_back
from custody.acts.new_root import stand_in, wrap_anew
from custody.acts.sole import sole_writer
from custody.acts.vaults import RESTORED, UNTRIED, keyring_of, leaves, vault_row
from custody.base import canonical, ids
from custody.base.canonical import Json, b64, unb64
from custody.base.clock import stamp
from custody.base.errors import CustodyError, Refused, Unavailable
from custody.ports.store import Row
from custody.vault import keyring as rings
from custody.vault.escrow import HolderKey
from custody.vault.shares import combine


@dataclass(frozen=True, slots=True)
class _Opened:
    """The keyring key, proven to be the one that this vault stands under."""

    row: Row
    kept: Mapping[str, str] = field(repr=False)
    key: bytes = field(repr=False)
    shares: tuple[int, ...]
    passed_over: tuple[str, ...]
    """What else lies among the shares that were given: of a former deposit, or no share."""


@sole_writer("vault", "vault")
def recovery_open(desk: Desk, key: HolderKey, vault: str | None, *, dry_run: bool = False) -> Mapping[str, Json]:
    """The acting holder's own share and those that were given. With `dry_run` nothing changes but the entry of the trial.

    One that was cut off behind its commit goes on when it is run again.

    Raises Missing `shares.few`, Broken `vault.keyring`, Refused `recovery.not-lost`, `act.unapproved`.
    """
    found = _opened(desk, key, vault)
    live = _live(desk, found)
    told: dict[str, Json] = {
        "vault": str(found.row["name"]), "generation": found.row["generation"], "shares": list[Json](found.shares), "passed_over": list[Json](found.passed_over), "opens": True,
        "root_state": "live" if live else "lost",
    }  # fmt: skip
    plan: dict[str, Json] = {"act": "recovery-open", "vault": str(found.row["id"]), "g": found.row["generation"],
                             "ref": found.kept["ref"]}  # fmt: skip
    if dry_run:
        _tried(desk, found)
        return {**told, "would": {"approve": ["recovery-open", content_hash(plan)]}}
    if live:
        return {**told, **_rest(desk, found), **_next(found)}
    with desk.store.read() as tx:
        approval = demand(desk, tx, "recovery-open", content_hash(plan))
    return {**told, **_recovered(desk, found, approval), "list_anew": begin_anew(desk), **_next(found)}


def _opened(desk: Desk, key: HolderKey, vault: str | None) -> _Opened:
    with desk.store.read() as tx:
        row = vault_row(tx, desk.space, vault)
        name, generation = str(row["id"]), cast("int", row["generation"])
        held, others = escrow.collected(desk, name, generation, key)
        made = combine(held)
        kept = keyring_of(row)
        # Both prove it: the head opens under no other key, and the pages are those that the head names.
        head = rings.open_head(ids.id_bytes(name), unb64(kept["head"]), made)
        rings.check_leaves(head, leaves(tx, name))
    return _Opened(row, kept, made, tuple(sorted(share.x for share in held)), tuple(others))


def _live(desk: Desk, found: _Opened) -> bool:
    """Whether the provider still opens it. One that does not answer is not lost: it is awaited."""
    try:
        return hmac.compare_digest(desk.keys.unwrap(found.kept["ref"], unb64(found.kept["key"])), found.key)
    except Unavailable:
        raise
    except CustodyError:
        return False


def _rest(desk: Desk, found: _Opened) -> dict[str, Json]:
    """What an opening that was cut off had still to do: the list. Raises Refused `recovery.not-lost` where there was none, or it was done."""
    with desk.store.read() as tx:
        position = brought_back(tx, desk.space, str(found.row["id"]))
    anew = None if position is None else begin_anew(desk)
    if position is None or (anew is None and found.row["state"] != RESTORED):
        raise Refused("recovery.not-lost", "The root of this vault is live at its provider: there is nothing to recover.",
                      next="custody recovery open --dry-run, to try the shares")  # fmt: skip
    provider = desk.keys.terms(found.kept["ref"]).provider
    return {"provider": provider, "ledger": f"{desk.space}@{position}", "list_anew": anew}


def _next(found: _Opened) -> dict[str, Json]:
    return {"next": f"custody rekey --vault {found.row['name']!s}"}


def _tried(desk: Desk, found: _Opened) -> None:
    with desk.store.write() as tx:
        tx.change("vault", {"state": "open"}, id=str(found.row["id"]), state=UNTRIED)
        says: dict[str, Json] = {
            "vault": str(found.row["id"]),
            "g": found.row["generation"],
            "sheets": len(found.shares),
        }
        append(tx, desk.space, stamp(desk.clock.now()), "recovery-tested", says)


def _recovered(desk: Desk, found: _Opened, approval: str) -> dict[str, Json]:
    """A root at the provider in use, under which the same key lies until the rotation that must follow."""
    vault, generation = str(found.row["id"]), cast("int", found.row["generation"])
    ref, wrapped = wrap_anew(desk.keys, stand_in(vault, approval), generation, found.key)
    terms = desk.keys.terms(ref)
    kept = canonical.encode({**found.kept, "ref": ref, "key": b64(wrapped)})
    says: dict[str, Json] = {"vault": vault, "g": generation, "shares": list[Json](found.shares), "principal": desk.principal.id,
                             "lost": found.kept["ref"], "provider": terms.provider, "approval": approval}  # fmt: skip
    with desk.store.write() as tx:
        tx.change("vault", {"keyring": kept, "state": RESTORED}, id=vault)
        position = append(tx, desk.space, stamp(desk.clock.now()), RECOVERED, says, detail={"now": ref})
        note_lost(tx, vault, generation, found.kept["ref"], position)
    return {"provider": terms.provider, "ledger": f"{desk.space}@{position}"}
