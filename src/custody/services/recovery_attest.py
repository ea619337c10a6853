"""Two people say that where a lost root lay was destroyed: nobody can look, and nothing that it opens is final without a word (A4, G4; spec/vault.md §11).

That is their word, and a certificate calls it that. Should the root turn up all the same, it is ordered to go like any other.
"""

from collections.abc import Mapping

from custody.acts.approval import content_hash, demand
from custody.acts.desk import Desk
from custody.acts.destroys import Asked, attest, is_there, unseen
from custody.acts.evidence import append
from custody.acts.vaults import vault_row
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.base.errors import CustodyError, Malformed, Missing, Refused


def recovery_attest(
    desk: Desk, why: str, vault: str | None, lost: int | None, *, dry_run: bool = False
) -> Mapping[str, Json]:
    """`why` is what they saw; `lost` the number of the entry by which the root was lost, where there are several.

    Raises Missing `recovery.none-lost`, Malformed `recovery.which`, Refused `recovery.root-there`, `act.unapproved`.
    """
    desk.require(("owner",))
    with desk.store.read() as tx:
        row = vault_row(tx, desk.space, vault)
        name = str(row["id"])
        asked = _which([each for each in unseen(tx, name) if each.lost and not each.effective_at], lost)
    if _there(desk, asked):
        raise Refused("recovery.root-there", "This root is there: it was not destroyed with its disk.",
                      next="custody due orders it to go.")  # fmt: skip
    told: dict[str, Json] = {"vault": str(row["name"]), "generation": asked.generation, **asked.lost}
    content = content_hash({"act": "recovery-attest", "vault": name, "g": asked.generation, **asked.lost, "ref": asked.ref, "why": why})  # fmt: skip
    if dry_run:
        return {**told, "would": {"approve": ["recovery-attest", content]}}
    now = stamp(desk.clock.now())
    with desk.store.write() as tx:
        approval = demand(desk, tx, "recovery-attest", content)
        if asked not in unseen(tx, name):
            raise _none()
        attest(tx, name, asked, now)
        says: dict[str, Json] = {"vault": name, "g": asked.generation, **asked.lost, "effective_at": now, "principal": desk.principal.id, "approval": approval}  # fmt: skip
        position = append(tx, desk.space, now, "root-attested", says, detail={"why": why})
    return {**told, "effective_at": now, "ledger": f"{desk.space}@{position}"}


def _which(waiting: list[Asked], lost: int | None) -> Asked:
    named = [each for each in waiting if lost is None or each.lost == {"lost": lost}]
    if not named:
        raise _none()
    if len(named) > 1:
        raise Malformed("recovery.which", "Several roots of this vault were lost.", where={"entries": ", ".join(str(-each.to) for each in named)},
                        next="Say which, by the entry: --lost N")  # fmt: skip
    return named[0]


def _there(desk: Desk, asked: Asked) -> bool:
    """A provider that does not answer hinders nobody: it may be what was destroyed."""
    try:
        return is_there(desk, asked)
    except CustodyError:
        return False


def _none() -> Missing:
    return Missing("recovery.none-lost", "No root of this vault is lost and waited for.", next="custody vault check")
