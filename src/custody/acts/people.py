"""Principals as rows: who acts, with which roles, known by which key."""

from collections.abc import Iterable
from functools import cache
from typing import Final, cast

from custody.base import canonical
from custody.base.errors import Broken, Denied, Missing
from custody.base.signing import Identity, Signatures, Signer, verify
from custody.model.party import Principal
from custody.ports.store import Row, Store, Transaction, one

SHORTEST: Final = 8
"""Characters of a passphrase, at least."""


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


def end_right(tx: Transaction, person: str, at: str) -> tuple[int, int]:
    """From `at` on their key, grants and tokens open nothing: (rights that ended by it, tokens)."""
    ended = tx.change("principal", {"revoked_at": at}, id=person, revoked_at="")
    tx.change("entitlement", {"ended_at": at}, principal=person, ended_at="")
    return ended, tx.change("api_token", {"revoked_at": at}, owner=person, revoked_at="")


def still_acts(tx: Transaction, person: str, roles: Iterable[str] = ()) -> bool:
    """Whether the principal with this id was not revoked, and has one of `roles` where any are asked for."""
    rows, wanted = tx.find("principal", id=person, revoked_at=""), set(roles)
    return bool(rows) and (not wanted or bool(wanted.intersection(str(rows[0]["roles"]).split(","))))


def behind(tx: Transaction, person: str) -> str:
    """Of a machine whoever made its token, who has its secret and answers for it; anybody else is themselves."""
    token = one(tx, "api_token", principal=person) if person else None
    return str(token["owner"]) if token else person


def principal(row: Row) -> Principal:
    """A principal from its row."""
    *before, now = _keys(row)
    past = tuple((Identity.from_json(one[0]), str(one[1])) for one in before)
    roles = frozenset(str(row["roles"]).split(","))
    return Principal(str(row["id"]), str(row["handle"]), roles, Identity.from_json(now[0]), past)


def renewed(row: Row, identity: Identity, now: str) -> bytes:
    """What a principal's row has of keys once `identity` is theirs: those of before, each with the instant until which it was, then this one."""
    *before, last = _keys(row)
    return canonical.encode([*before, [last[0], now], [identity.to_json()]])


def proved(person: Principal, at: str, message: bytes, signatures: Signatures) -> None:
    """What was signed at `at` is theirs, by the key that they had then. Raises Broken `identity.signature`."""
    for identity in person.identities(at)[:-1]:
        try:
            return verify(identity, message, signatures)
        except Broken:  # the moment in which one key followed the other has two
            continue
    return verify(person.identities(at)[-1], message, signatures)


def theirs(person: Principal, actor: Signer) -> Signer:
    """The key that was opened, if it is the one that the person has now: one of before acts no more, wherever it is open."""
    if actor.identity.id != person.identity.id:
        raise Denied("principal.key", "This key is no longer theirs.", next="Sign in with the passphrase that an owner gave.")  # fmt: skip
    return actor


def at_work(person: Principal, actor: Signer | None) -> Signer:
    """The key with which a desk is theirs. Without one somebody else reads for them, what they may read: what the key that is given then signs verifies nowhere."""
    return _onlooker() if actor is None else theirs(person, actor)


@cache
def _onlooker() -> Signer:
    return Signer.generate()


def handed_over(row: Row, at: str) -> bytes:
    """What a principal's row has of keys, none of before in force later than `at`: that one was handed over later was noted under a clock that was ahead."""
    *before, last = _keys(row)
    moved = [[key, min(str(until), at)] for key, until in before]
    return cast("bytes", row["identity"]) if moved == before else canonical.encode([*moved, last])


def _keys(row: Row) -> list[list[canonical.Json]]:
    """[key, until] of each there was, [key] of the one in force; one alone is written as it is."""
    found = canonical.decode(cast("bytes", row["identity"]))
    return cast("list[list[canonical.Json]]", found) if isinstance(found, list) else [[found]]
