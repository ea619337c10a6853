"""Two people say that where a root lay was destroyed: nobody can look, and nothing that it opens is final without a word (A4, G4; spec/vault.md §11).

That is their word, and a certificate calls it that. Should the root turn up all the same, it is ordered to go like any other.
"""

from collections.abc import Mapping
from typing import Final

from custody.acts import deal_roots, destroys, old_root
from custody.acts.approval import content_hash, demand
from custody.acts.attesting import Waiting, waiting
from custody.acts.deal_roots import DealRoot
from custody.acts.desk import Desk
from custody.acts.evidence import append
from custody.acts.old_root import OldRoot
from custody.acts.vaults import vault_row
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.base.errors import Malformed, Missing, Refused
from custody.ports.store import Transaction

ACT: Final = "recovery-attest"
ATTESTERS: Final = ("owner",)


def recovery_attest(
    desk: Desk, why: str, vault: str | None, root: str | None = None, *, dry_run: bool = False
) -> Mapping[str, Json]:
    """`why` is what they saw; `root` which one, as `recovery_lost` calls it, where there are several.

    Raises Malformed `recovery.why`, `recovery.which`, Missing `recovery.none-lost`, Refused `recovery.root-there`, `act.unapproved`.
    """
    desk.require(ATTESTERS)
    if not why.strip():
        raise Malformed("recovery.why", "Say what both of you saw: who destroyed it, when, how.", next="--why '…'")
    with desk.store.read() as tx:
        row = vault_row(tx, desk.space, vault)
        name = str(row["id"])
        found = _which(list(waiting(desk, tx, name)), root)
    if not found.slug:
        raise Refused("recovery.root-there", "The provider of this root answers for it: nobody need attest anything.",
                      next="custody due sees it gone, or orders it to go.")  # fmt: skip
    told: dict[str, Json] = {"vault": str(row["name"]), "root": found.name, **found.told}
    content = content_hash({"act": ACT, "vault": name, **found.bound, "why": why})
    if dry_run:
        return {**told, "would": {"approve": [ACT, content]}}
    with desk.store.write() as tx:
        now = stamp(desk.clock.now())
        approval = demand(desk, tx, ACT, content)
        kind, says = _noted(desk, tx, name, found, now)
        position = append(tx, desk.space, now, kind, {**says, "principal": desk.principal.id, "approval": approval}, detail={"why": why})  # fmt: skip
    return {**told, **({"effective_at": says["effective_at"]} if "effective_at" in says else {}), "ledger": f"{desk.space}@{position}"}  # fmt: skip


def _noted(desk: Desk, tx: Transaction, vault: str, found: Waiting, now: str) -> tuple[str, dict[str, Json]]:
    """(kind of the entry, what it says). The date of a root that was ordered to go stands; of one that was lost it is this moment."""
    if isinstance(root := found.root, DealRoot):
        if root not in (*deal_roots.unseen(tx, desk.space, vault), *deal_roots.unordered(tx, vault)):
            raise _none()
        deal_roots.attest(tx, root.matter, root.n, now)
        return deal_roots.ATTESTED, {"matter": root.matter, "n": root.n}
    if isinstance(root, OldRoot):
        if root not in old_root.leaving(tx, vault):
            raise _none()
        desk.keys.terms(
            root.ref
        )  # what a certificate says of it: its section of custody.toml is needed, not that it answers
        old_root.attest(tx, vault, root, now)
        return "root-attested", {"vault": vault, "g": root.generation, "effective_at": now}
    if root not in destroys.unseen(tx, vault):
        raise _none()
    destroys.attest(tx, vault, root, now)
    at = now if root.lost else root.effective_at
    return "root-attested", {"vault": vault, "g": root.generation, **root.lost, "effective_at": at}


def _which(every: list[Waiting], root: str | None) -> Waiting:
    named = [each for each in every if root in {None, each.name}]
    if not named:
        raise _none()
    if len(named) > 1:
        raise Malformed("recovery.which", "Of several roots of this vault nobody can see that they are gone.",
                        where={"roots": ", ".join(each.name for each in named)}, next="Say which: --root NAME")  # fmt: skip
    return named[0]


def _none() -> Missing:
    return Missing("recovery.none-lost", "No root of this vault is lost and waited for.", next="custody vault check")
