"""Say which roles somebody has from now on: to take one away is an owner's word, to give one takes two people (A1; spec/identity.md §8)."""

from collections.abc import Mapping, Sequence
from typing import Final, cast

from custody.acts.approval import content_hash, demand
from custody.acts.desk import Desk
from custody.acts.evidence import append
from custody.acts.people import still_acts
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.base.errors import Denied, Malformed, Missing, Refused
from custody.model.party import MACHINES, ROLES
from custody.ports.store import Row, Transaction, one

ACT: Final = "roles"
GIVERS: Final = ("owner",)
PEOPLES: Final = tuple(role for role in ROLES if role not in MACHINES)


def principal_roles(desk: Desk, handle: str, roles: Sequence[str], *, dry_run: bool = False) -> Mapping[str, Json]:
    """`roles` are all they have afterwards; the same again changes nothing. Whoever loses `owner` loses the tokens they made.

    Raises Malformed `principal.roles`, Missing `principal.unknown`, Denied `principal.revoked`, `act.role`, Refused `principal.own-roles`, `principal.machine`, `act.unapproved`.
    """
    desk.person()
    desk.require(GIVERS)
    wanted = _wanted(roles)
    with desk.store.write() as tx:
        now = stamp(desk.clock.now())
        row = _whose(desk, tx, handle)
        person, had = str(row["id"]), sorted(str(row["roles"]).split(","))
        gained, lost = [sorted(set(one) - set(other)) for one, other in ((wanted, had), (had, wanted))]
        tokens = {"owner": person, "revoked_at": ""}
        ending = tx.count("api_token", **tokens) if "owner" in lost else 0
        told: dict[str, Json] = {"id": person, "handle": handle, "roles": list[Json](wanted), "gained": list[Json](gained), "lost": list[Json](lost), "tokens": ending}  # fmt: skip
        content = content_hash({"act": ACT, "party": desk.space, "principal": person, "from": list[Json](had), "to": list[Json](wanted), "by": desk.principal.id})  # fmt: skip
        if wanted == had:
            return {**told, "resumed": True}
        if dry_run:
            return {**told, "dry_run": True, **({"would": {"approve": [ACT, content]}} if gained else {})}
        approval = demand(desk, tx, ACT, content, once=True, apart=person) if gained else ""
        tx.change("principal", {"roles": ",".join(wanted)}, id=person)
        if "owner" in lost:
            tx.change("api_token", {"revoked_at": now}, **tokens)
        says = {"principal": person, "gained": gained, "lost": lost, "by": desk.principal.id, "approval": approval}
        position = append(tx, desk.space, now, "roles-changed", cast("dict[str, Json]", says))
    return {**told, "resumed": False, "ledger": f"{desk.space}@{position}"}


def _wanted(roles: Sequence[str]) -> list[str]:
    if not roles or set(roles) - set(PEOPLES):
        raise Malformed("principal.roles", f"A person has one or more of these roles: {', '.join(PEOPLES)}.")
    return sorted(set(roles))


def _whose(desk: Desk, tx: Transaction, handle: str) -> Row:
    row = one(tx, "principal", party=desk.space, handle=handle)
    if row is None:
        raise Missing("principal.unknown", f"Nobody here is called {handle}.", next="custody principal list")
    if row["id"] == desk.principal.id:
        raise Refused("principal.own-roles", "Nobody changes their own roles.", next="Another owner changes them.")
    if row["revoked_at"]:
        raise Denied("principal.revoked", f"{handle} no longer acts here.")
    if MACHINES.intersection(str(row["roles"]).split(",")):
        raise Refused("principal.machine", "A process keeps the roles that it was made with.", next="Make another, and end this one.")  # fmt: skip
    if not still_acts(tx, desk.principal.id, GIVERS):  # of two owners who take each other's role the first alone does
        raise Denied("principal.revoked", f"{desk.principal.handle} no longer acts here in this role.")
    return row
