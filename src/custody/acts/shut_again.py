"""Access that was ended or changed after the backup, done again by a restore: nobody who was let go gets in by it (spec/vault.md §21).

Rules: an entry that does not say which of several it ended (a home of before) ends all that it may mean; what was given to somebody whom
the backup does not know is in none, and is given again by whoever may. An approval that served once has served.
"""

from collections.abc import Callable, Mapping
from typing import Final, TypeAlias, cast

from custody.acts.holders import key_name
from custody.acts.people import end_right, renewed
from custody.acts.restoring import Entry
from custody.base.canonical import Json, unb64
from custody.base.signing import Identity, Signer
from custody.ports.store import Cells, Row, Transaction, one

Again: TypeAlias = Callable[[Transaction, str, Entry], int]
"""Of a party: how many rows it changed."""


def _revoked(tx: Transaction, _: str, entry: Entry) -> int:
    people = cast("list[str]", entry.says["principals"])
    return sum(end_right(tx, person, entry.at)[0] for person in people)


def _roles(tx: Transaction, _: str, entry: Entry) -> int:
    """As two people signed it: who gains an owner's role loses nobody theirs by a restore."""
    who = {"id": str(entry.says["principal"])}
    row = one(tx, "principal", **who)
    if row is None:
        return 0
    gained, lost = (set(cast("list[str]", entry.says[name])) for name in ("gained", "lost"))
    if "owner" in lost:
        tx.change("api_token", {"revoked_at": entry.at}, owner=who["id"], revoked_at="")
    return tx.change("principal", {"roles": ",".join(sorted((set(str(row["roles"]).split(",")) | gained) - lost))}, **who)  # fmt: skip


def _reset(tx: Transaction, _: str, entry: Entry) -> int:
    """The key of before acts no more. Of a home of before nobody knows the new one: then none does, until an owner gives another."""
    row = one(tx, "principal", id=str(entry.says["principal"]))
    if row is None:
        return 0
    told = entry.detail.get("identity")
    identity = Signer.generate().identity if told is None else Identity.from_json(told)
    return tx.change("principal", {"identity": renewed(row, identity, entry.at)}, id=row["id"])


def _token(tx: Transaction, _: str, entry: Entry) -> int:
    row = one(tx, "api_token", id=str(entry.says["token"]))
    if row is None:
        return 0
    tx.change("principal", {"revoked_at": entry.at}, id=str(row["principal"]), revoked_at="")
    return tx.change("api_token", {"revoked_at": entry.at}, id=row["id"], revoked_at="")


def _grant(tx: Transaction, _: str, entry: Entry) -> int:
    return tx.change("entitlement", {"ended_at": entry.at}, id=str(entry.says["id"]), ended_at="")


def _member(tx: Transaction, _: str, entry: Entry) -> int:
    """Whatever made somebody a member holds no longer; a new day on which it ends is a new row."""
    who: Cells = {"matter": str(entry.says["matter"]), "principal": str(entry.says["member"])}
    by, reason = str(entry.says["principal"]), str(entry.detail.get("reason", ""))
    done = tx.change("deal_member", {"ended_at": entry.at, "ended_by": by, "end_reason": reason}, **who, ended_at="")
    if entry.kind != _LET_IN or not _known(tx, who):
        return done
    tx.add("deal_member", [{**who, "n": 1 + tx.count("deal_member", **who), "given_by": by, "reason": reason, "at": entry.at,
                            "until": str(entry.says["until"]), "position": entry.number}])  # fmt: skip
    return done + 1


def _known(tx: Transaction, who: Cells) -> bool:
    return one(tx, "matter", id=who["matter"]) is not None and one(tx, "principal", id=who["principal"]) is not None


def _links(tx: Transaction, _: str, entry: Entry) -> int:
    matter, told = str(entry.says["matter"]), entry.detail.get("which")
    which: list[Cells] = [{}] if told is None else [{"id": bytes.fromhex(one_of)} for one_of in cast("list[str]", told)]
    return sum(tx.change("link", {"revoked_at": entry.at}, matter=matter, revoked_at="", **one_of) for one_of in which)


def _override(tx: Transaction, _: str, entry: Entry) -> int:
    return tx.change("override", {"ended_at": entry.at}, id=str(entry.says["override"]), ended_at="")


def _residency(tx: Transaction, space: str, entry: Entry) -> int:
    return tx.change(
        "residency_exception", {"ended_at": entry.at}, party=space, n=cast("int", entry.says["n"]), ended_at=""
    )


def _named(tx: Transaction, space: str, entry: Entry) -> int:
    """Those who were named hold shares from then on, and nobody else; of a home of before, whose key nobody kept, those of them who were holders before."""
    told = dict(cast("list[list[str]]", entry.says["holders"]))
    public = {str(row["handle"]): cast("bytes", row["public"]) for row in tx.find("holder", party=space)}
    public |= {name: unb64(key) for name, key in cast("Mapping[str, str]", entry.detail.get("public", {})).items()}
    for table in ("holder", "threshold"):
        tx.drop(table, party=space)
    kept: list[Row] = [{"party": space, "handle": name, "public": key, "at": entry.at} for name, key in sorted(public.items())
                       if told.get(name) == key_name(key)]  # fmt: skip
    tx.add("holder", kept)
    tx.add("threshold", [{"party": space, "k": cast("int", entry.says["threshold"])}])
    return len(kept)


def _left(tx: Transaction, space: str, entry: Entry) -> int:
    gone = set(cast("list[str]", entry.says["holders"]))
    rows = [row for row in tx.find("holder", party=space) if key_name(cast("bytes", row["public"])) in gone]
    return sum(tx.drop("holder", party=space, handle=row["handle"]) for row in rows)


_LET_IN: Final = "deal-member-added"
ACTS: Final[Mapping[str, Again]] = {
    "principals-revoked": _revoked, "roles-changed": _roles, "principal-reset": _reset, "token-revoked": _token, "entitlement-ended": _grant,
    _LET_IN: _member, "deal-member-ended": _member, "links-revoked": _links, "override-ended": _override, "residency-ended": _residency,
    "holders-named": _named, "holders-left": _left,
}  # fmt: skip


def served(tx: Transaction, entry: Entry) -> None:
    """What a second person approved for one act is for no other, also where the backup has it as unused."""
    approval: Json = entry.says.get("approval")
    if isinstance(approval, str) and approval:
        by = str(entry.says.get("by") or entry.says.get("principal") or entry.kind)
        tx.change("approval", {"used_by": by}, id=approval, used_by="")
