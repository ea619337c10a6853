"""The suppression list: put on it, asked, taken off, counted (A9; spec/retention.md §7). It never leaves the company."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

from custody.acts.desk import Desk
from custody.acts.elsewhere import by_deal
from custody.acts.evidence import append
from custody.acts.finding import tagger
from custody.acts.limits import count_asking, count_listed
from custody.acts.members import sees
from custody.acts.mirroring import mirrored
from custody.acts.sole_holder import others_have
from custody.acts.suppressing import (
    LIFTED,
    SCOPES,
    Tags,
    by_value,
    listed,
    mark,
    on_file,
    open_list,
    people_told,
    silenced,
    suppress,
    tags_and_lost,
    tags_of,
    unmark,
)
from custody.acts.vaults import opened, vault_row
from custody.base import ids
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.base.errors import Malformed, Missing
from custody.ports.store import Row, Transaction
from custody.vault.index import NEWEST
from custody.vault.suppression import KINDS, Suppressor

_REASON: Final = re.compile(r"[a-z][a-z0-9._-]{0,63}")
_ROLES: Final = ("owner", "privacy")
Holders = dict[str, set[bytes]]
Shared = set[tuple[str, str]]


def suppress_add(
    desk: Desk, values: Sequence[str], subject: str | None, scope: str, reason: str, vault: str | None
) -> Mapping[str, Json]:
    """Put values, or what identifies a customer, on the list. Raises Malformed `suppress.*`, Missing `subject.unknown`, Unavailable `index.building`.

    Whoever of our vaults has such a value is marked at once: nobody may contact them. Nobody is erased by it. Of a customer
    who is named, what somebody else has, too, is not listed: they asked for nothing. The customer is marked all the same.
    Of whom is marked anew and lies with a buyer already it says how many, by deal: the buyer learns of it with a later release, or where somebody tells it.
    """
    desk.require(_ROLES)
    _check(reason)
    if scope not in SCOPES:
        raise Malformed("suppress.scope", f"The scope is one of: {', '.join(SCOPES)}.")
    if values:  # apart and first, so that what is refused below is counted too: how many were marked tells who is here
        with desk.store.write() as tx:
            count_asking(desk, tx)
            count_listed(desk, tx, len(values))
    holders, theirs, lost = _holders(desk, values), _others_too(desk, subject, vault), Counter[bytes]()
    with desk.store.write() as tx:
        made = open_list(desk, tx)
        tags = _of_values(made, values)
        for (
            name,
            people,
        ) in holders.items():  # the index knows whoever has the value in any row; the person's own table decides
            own = {who: tags_and_lost(desk, tx, name, who, made, lost) for who in people}
            people.intersection_update([who for who in own if own[who] & tags or lost[who]])  # unknown withholds
        tags |= _of_subject(desk, tx, made, subject, vault, holders, theirs, lost)
        named = _named(tx, desk, subject, vault)
        fresh, position = suppress(desk, tx, tags, scope, reason, holders, named)
        late = _with_buyers(desk, tx, holders)
        marked = sum(mark(tx, name, sorted(people)) for name, people in holders.items())
        for name, those in named.items():
            mark(tx, name, those, named=True)
    return {"scope": scope, "reason": reason, "added": fresh, "already": len(tags) - fresh, "marked": marked,
            **({"shared_values": len(theirs)} if theirs else {}), **({"with_buyer": late} if late else {}), **_unread(lost), "mirrored": mirrored(desk), "ledger": f"{desk.space}@{position}"}  # fmt: skip


def suppress_check(desk: Desk, value: str) -> Mapping[str, Json]:
    """Whether a value is on the list, counted against the limit of look-ups. Raises Denied `lookup.limit`."""
    desk.require((*_ROLES, "lawyer", "data", "department"))
    with desk.store.write() as tx:
        count_asking(desk, tx)
    found = listed(desk)
    scopes = {kind: scope for kind in KINDS if found and (scope := found.scope(kind, value))}
    with desk.store.write() as tx:
        says: dict[str, Json] = {"found": len(scopes), "principal": desk.principal.id}
        position = append(tx, desk.space, stamp(desk.clock.now()), "suppression-asked", says)
    return {"listed": bool(scopes), "by": dict(scopes), "ledger": f"{desk.space}@{position}"}


def suppress_lift(
    desk: Desk, value: str, reason: str, *, subject: str | None = None, vault: str | None = None
) -> Mapping[str, Json]:
    """Take a value, or what identifies a customer, off the list: its owner asked for it, and may be contacted again where nothing else of theirs is listed.

    By a value nobody is let go who has it in another's row alone, or whose mark came with a release or was set by name: it was not that value that silenced them.

    Of a customer who is named, what somebody else has, too, stays where it is: whoever put it there did not ask for them.
    Raises Missing `suppress.unknown`, `subject.unknown`, Malformed `suppress.reason`, Unavailable `index.building`.
    """
    desk.require(_ROLES)
    _check(reason)
    if subject is None:
        with desk.store.write() as tx:  # apart, so that what is refused below is counted too
            count_asking(desk, tx)
    holders, theirs = _holders(desk, [value] if subject is None else []), _others_too(desk, subject, vault)
    lost = Counter[bytes]()
    with desk.store.write() as tx:
        made = open_list(desk, tx)
        tags = set(made.tags(value).items()) if subject is None else set[tuple[str, bytes]]()
        tags |= _of_subject(desk, tx, made, subject, vault, holders, theirs, lost)
        off = {(kind, tag) for kind, tag in tags if tx.drop("suppressed", party=desk.space, kind=kind, tag=tag)}
        if subject is None:
            holders = {name: set(by_value(desk, tx, name, people, made, off, lost)) for name, people in holders.items()}
        gone: list[Json] = [[kind, tag.hex()] for kind, tag in sorted(off)]
        again = {name: unmark(desk, tx, name, sorted(people), made, lost) for name, people in holders.items()}
        if not gone and not any(again.values()):
            raise Missing(
                "suppress.unknown", "Neither this value nor this customer is on the list.", next="custody suppress list"
            )
        says: dict[str, Json] = {"n": len(gone), "reason": reason, "principal": desk.principal.id}
        detail: dict[str, Json] = {"tags": gone, "people": people_told(again)}
        position = append(tx, desk.space, stamp(desk.clock.now()), LIFTED, says, detail=detail)
    return {
        "lifted": len(gone),
        "unmarked": sum(len(people) for people in again.values()),
        **({"shared_values": len(theirs)} if theirs else {}),
        **_unread(lost),
        "reason": reason,
        "mirrored": mirrored(desk),
        "ledger": f"{desk.space}@{position}",
    }


def suppress_list(desk: Desk) -> Mapping[str, Json]:
    """How many stand on it, by scope, reason and kind; who they are is not there to be told."""
    desk.require((*_ROLES, "lawyer", "auditor"))
    with desk.store.read() as tx:
        counts = Counter(_line(row) for row in tx.find("suppressed", party=desk.space))
    rows: list[Json] = [
        {"scope": scope, "reason": reason, "kind": kind, "count": count} for (scope, reason, kind), count in sorted(counts.items())
    ]  # fmt: skip
    return {"suppressed": sum(counts.values()), "rows": rows}


def _unread(lost: Counter[bytes]) -> dict[str, Json]:
    return {"unread": lost.total()} if lost.total() else {}


def _check(reason: str) -> None:
    if not _REASON.fullmatch(reason):
        raise Malformed("suppress.reason", "The reason is a code: a-z, 0-9, dot, dash.", next="--reason asked.2026-31")


def _of_values(made: Suppressor, values: Sequence[str]) -> Tags:
    found: Tags = set()
    for value in values:
        tags = made.tags(value)
        if not tags:
            raise Malformed(
                "suppress.value", "A value is no e-mail address, telephone or identity number.", next="Write it whole."
            )
        found |= set(tags.items())
    return found


def _with_buyers(desk: Desk, tx: Transaction, holders: Holders) -> list[Json]:
    """How many of these are with which buyer and were not marked until now: no release told it that nobody may contact them."""
    told: list[Json] = []
    for name, people in holders.items():
        fresh = people - silenced(tx, name, people)
        for matter, there in by_deal(desk, tx, name, fresh):
            told += (
                [{"deal": str(matter["ref"]) if sees(desk, tx, str(matter["id"])) else "", "people": len(there)}]
                if there
                else []
            )
    return told


def _others_too(desk: Desk, subject: str | None, vault: str | None) -> Shared:
    """What identifies this customer and somebody else: a family's telephone silences nobody who did not ask. Before any transaction, since it is found by the index."""
    if subject is None:
        return set()
    who = ids.subject_bytes(subject)
    with desk.store.read() as tx:
        row = vault_row(tx, desk.space, vault)
        told = list(on_file(desk, tx, str(row["id"]), [who], Counter())) if _lives(tx, str(row["id"]), who) else []
    return others_have(desk, row, told, [who]) if told else set()


def _of_subject(
    desk: Desk,
    tx: Transaction,
    made: Suppressor,
    subject: str | None,
    vault: str | None,
    holders: Holders,
    theirs: Shared,
    lost: Counter[bytes],
) -> Tags:
    if subject is None:
        return set()
    name, who = str(vault_row(tx, desk.space, vault)["id"]), ids.subject_bytes(subject)
    if not _lives(tx, name, who):
        raise Missing("subject.unknown", "This vault has no such customer.", next="custody lookup VALUE")
    holders.setdefault(name, set()).add(who)
    own = Counter[bytes]()
    tags = tags_of(desk, tx, name, [who], made, theirs, own)
    lost |= own
    if not tags and not theirs and not own:
        raise Malformed("suppress.nothing", "Nothing identifies this customer: there is nothing to put on the list.")
    return tags


def _named(tx: Transaction, desk: Desk, subject: str | None, vault: str | None) -> Mapping[str, Sequence[bytes]]:
    return {str(vault_row(tx, desk.space, vault)["id"]): [ids.subject_bytes(subject)]} if subject is not None else {}


def _lives(tx: Transaction, vault: str, who: bytes) -> bool:
    return bool(tx.count("subject", vault=vault, id=who, state="live"))


def _holders(desk: Desk, values: Sequence[str]) -> Holders:
    """{vault: who has one of these values}, by the blind index."""
    with desk.store.read() as tx:
        vaults = opened(tx, desk.space) if values else []
    found: Holders = {}
    for row in vaults:
        for kind in KINDS:
            found.setdefault(str(row["id"]), set()).update(_having(desk, row, kind, values))
    return found


def _having(desk: Desk, vault: Row, kind: str, values: Sequence[str]) -> set[bytes]:
    epoch, made = tagger(desk, vault, kind)
    tags = [tag for value in values if (tag := made.tag(value)) is not None]
    return {who for tag in tags for who in desk.finder.find(str(vault["id"]), epoch, NEWEST[kind], tag)}


def _line(row: Row) -> tuple[str, str, str]:
    return str(row["scope"]), str(row["reason"]), str(row["kind"])
