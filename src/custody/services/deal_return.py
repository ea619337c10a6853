"""The bidder's answer to an aborted deal: its key destroyed, the package deleted, every copy accounted for (C1, D3)."""

from collections.abc import Mapping
from typing import Final, Literal, NamedTuple, TypeAlias, cast

from custody.acts import breaking_off, job
from custody.acts.approval import content_hash, demand
from custody.acts.copies import STATES
from custody.acts.deal_roots import delete, lost_of
from custody.acts.desk import Desk
from custody.acts.handing import ABORTED, PACKAGE, RETURNED
from custody.acts.matters import deal
from custody.acts.statements import issue
from custody.acts.vaults import sha256
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.base.errors import Malformed, Missing, Refused
from custody.base.statement import subject as named
from custody.package.accounted import Attested
from custody.package.ending import Returned
from custody.ports.files import Files
from custody.ports.store import Row, Transaction, one

RETURNERS: Final = ("owner", "privacy")

_SAYS: Final = (*STATES, "open")
WHY: Final = ("law", "claim", "evidence")
"""Why a bidder keeps a copy: who was not handed over is nobody of it."""


class Copy(NamedTuple):
    """What became of a copy, and of one that stays why."""

    state: str
    why: str = ""


_Key: TypeAlias = tuple[Literal["destroyed", "scheduled", "absent"], str | None]
"""What became of the deal's key, and until when a destroy can be called back."""


def deal_return(
    desk: Desk, named_deal: str, copies: Mapping[str, Copy], out: Files, *, dry_run: bool = False
) -> Mapping[str, Json]:
    """Two people. `copies` are what the bidder had, by name, and what became of each: what stays, and nothing else, has one of the reasons `WHY`.

    Raises Malformed `copy.state`, `copy.why`, Broken `aborted.foreign`, Refused `deal.too-late`, `act.unapproved`.
    """
    desk.require(RETURNERS)
    if wrong := [said.state for said in copies.values() if said.state not in _SAYS]:
        raise Malformed("copy.state", "This says nothing about a copy.", next=f"Say one of: {', '.join(_SAYS)}.", where={"copies": len(wrong)})  # fmt: skip
    if unsaid := [said for said in copies.values() if (said.why not in WHY if said.state == "stays" else said.why)]:
        raise Malformed("copy.why", "What stays, and nothing else, has a reason.", next=f"Say stays with one of: {', '.join(WHY)}.", where={"copies": len(unsaid)})  # fmt: skip
    with desk.store.read() as tx:
        matter = deal(desk, tx, named_deal)
        name, key = str(matter["id"]), f"deal-return:{matter['id']!s}"
        said = tx.find("statement", matter=name, kind="returned")
    if done := job.finished(desk, key):
        out.write(RETURNED, cast("bytes", said[0]["envelope"]))
        return done
    envelope = out.read(ABORTED)
    with desk.store.read() as tx:
        _require_aborted(desk, tx, matter, envelope)
    files = [one for one in out.list() if one.startswith(f"{PACKAGE}/")]
    # A copy is called what its people call it, in any script: a name is a value here, never a key.
    listed: list[Json] = [
        {"name": copy, "state": said.state, **({"why": said.why} if said.why else {})} for copy, said in sorted(copies.items())
    ]  # fmt: skip
    content = content_hash({"act": "deal-return", "deal": name, "aborted": sha256(envelope), "copies": listed})
    if dry_run:
        return {"deal": str(matter["ref"]), "would": {"approve": ["deal-return", content], "files": len(files), "copies": len(copies)}}  # fmt: skip
    with desk.store.write() as tx:
        demand(desk, tx, "deal-return", content, deal=str(matter["id"]))
    begun = job.begin(desk, key, "deal-return", {"files": len(files)})
    gone = destroy_key(desk, name)
    out.remove(PACKAGE)
    with desk.store.write() as tx:
        says = _says(desk, matter, sha256(envelope), copies, gone, cast("int", begun["files"]))
        made = issue(desk, tx, name, [named("aborted", sha256(envelope))], says)
        tx.drop("deal_key", matter=name)
        tx.change("matter", {"state": "returned"}, id=name)
        result: dict[str, Json] = {
            "id": str(begun["id"]), "deal": str(matter["ref"]), "state": "returned", "sha256": sha256(made), "heading": says.heading,
            "key": says.key, "files": says.removed, "copies": len(copies),
        }  # fmt: skip
        finished = job.finish(tx, key, result)
    out.write(RETURNED, made)
    return finished


def _require_aborted(desk: Desk, tx: Transaction, matter: Row, envelope: bytes) -> None:
    """The seller's word, by its confirmed keys, on this deal; and nothing of it was received."""
    breaking_off.word(desk, tx, matter, envelope)
    if tx.count("statement", matter=str(matter["id"]), kind="received"):
        raise Refused(
            "deal.too-late",
            "Keys have changed hands: this deal cannot be broken off any more.",
            next="custody deal plan DEAL",
        )


def destroy_key(desk: Desk, matter: str) -> _Key:
    """What was shipped opens with this key alone; without it nobody ever reads the package. What became of it, and until when it could come back."""
    with desk.store.read() as tx:
        row = one(tx, "deal_key", matter=matter)
    if lost_of(desk, matter):
        raise Missing("keys.gone", "The root of this deal's key is not in the folder of today, so nobody can say that it was destroyed.",
                      next="Bring back the disk on which it lay.")  # fmt: skip
    if waits := delete(desk, matter).waits:
        return "scheduled", stamp(max(said.effective_at for said in waits))
    return ("absent" if row is None else "destroyed"), None


def _says(
    desk: Desk, matter: Row, aborted: str, copies: Mapping[str, Copy], key: _Key, files: int
) -> Returned:  # fmt: skip
    now, by = stamp(desk.clock.now()), desk.principal.id
    attested = tuple(_attested(name, each, by, now) for name, each in sorted(copies.items()))
    heading: Literal["partial", "complete"] = (
        "partial" if any(each.state == "open" for each in copies.values()) else "complete"
    )
    return Returned(
        deal=str(matter["ref"]), aborted=aborted, key=key[0], removed=files, heading=heading,
        attested=attested, effective_at=key[1],
    )  # fmt: skip


def _attested(name: str, said: Copy, by: str, now: str) -> Attested:
    told = cast("Literal['destroyed', 'returned', 'never-held', 'stays', 'open']", said.state)
    if said.state == "open":
        return Attested(name=name, kind="other", place="buyer", state=told, by="")
    return Attested(name=name, kind="other", place="buyer", state=told, by=by, at=now, why=said.why or None)
