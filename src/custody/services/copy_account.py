"""Say what became of a copy: attested by a person, never counted as proven (docs/architecture.md §1, C9)."""

from collections.abc import Mapping
from typing import Final, cast

from custody.acts.copies import GONE, REASONS, STATES, account, attested
from custody.acts.copy_names import meant
from custody.acts.desk import Desk
from custody.acts.evidence import append
from custody.acts.terms import unfinished
from custody.acts.vaults import sha256, vault_row
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.base.errors import Malformed, Missing, Refused
from custody.ports.store import one

ROLES: Final = ("owner", "privacy", "data")


def copy_account(
    desk: Desk, vault: str | None, name: str, state: str, shown: bytes | None = None, why: str = ""
) -> Mapping[str, Json]:
    """Say what became of a copy, as the acting person; `shown` is a file that shows it, kept by its digest.

    What stays, stays for one of the `REASONS`. Raises Missing `copy.unknown`, Malformed `copy.state`, `copy.why`, Refused `copy.unfinished`.
    A later word replaces an earlier one; both stay in the ledger.
    """
    desk.require(ROLES)
    if state not in STATES:
        raise Malformed("copy.state", "This says nothing about a copy.", next=f"Say one of: {', '.join(STATES)}.")
    if (why not in REASONS) if state == "stays" else why:
        raise Malformed(
            "copy.why",
            "What stays, and nothing else, has a reason.",
            next=f"Say --state stays with one of: {', '.join(REASONS)}.",
        )
    digest = sha256(shown) if shown is not None else ""
    with desk.store.write() as tx:
        now = stamp(desk.clock.now())
        held = str(vault_row(tx, desk.space, vault)["id"])
        called, name = name, meant(tx, held, name)
        if one(tx, "copy", vault=held, name=name) is None:
            raise Missing("copy.unknown", "No copy of that name is on the list.", next="custody copy list")
        if state in GONE and (file := unfinished(desk, tx, held, name)):
            raise Refused("copy.unfinished", "What a writing that was cut short left in clear still lies beside this copy.",
                          where={"file": file}, next="Remove that file, or write the copy again to the same place.")  # fmt: skip
        tx.change("copy", {"account": account(state, desk.principal.id, now, digest, why)}, vault=held, name=name)
        says: dict[str, Json] = {
            "state": state,
            "principal": desk.principal.id,
            **({"evidence": digest} if digest else {}),
            **({"why": why} if why else {}),
        }
        append(tx, desk.space, now, "copy-accounted", says, detail={"name": name})
        left = sum(1 for copy in attested(tx, held) if copy.state == "open")
    return cast("Mapping[str, Json]", {"name": called, "state": state, "why": why, "open": left})
