"""A recall at the buyer: the keys it names are shredded, what was exported is called in, and the answer says what it found (C7).

It undoes no reading and does not say so: whoever saw a customer's data has seen it. It cannot be undone either, so a second
person approves it first. Whom a hold keeps stays until it ends, is counted in the answer, and holds up nobody else.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Literal, TypeAlias, cast

from custody.acts import job
from custody.acts.approval import content_hash, demand
from custody.acts.arriving import Taken
from custody.acts.copies import CALLED_IN, called_in
from custody.acts.desk import Desk
from custody.acts.erasing import LIVE, erase_compartments, erase_subjects
from custody.acts.handing import statement_row
from custody.acts.held_back import Entry, Rest, keep, rests
from custody.acts.recalled_keys import RECALL, beside
from custody.acts.releases import answer_file, further_row
from custody.acts.shred import held
from custody.acts.statements import issue
from custody.acts.vaults import AUDIT, sha256, slot_places
from custody.base import canonical
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.base.statement import subject as named
from custody.package.statements import ExportAnswer, Recalled
from custody.ports.files import Files
from custody.ports.store import Row, Transaction, one

_ENDED: Mapping[str, Literal["destroyed", "returned"]] = {
    "destroyed": "destroyed", "never-held": "destroyed", "returned": "returned",
}  # fmt: skip
_Named: TypeAlias = Mapping[bytes, Mapping[int, str]]
"""{subject: {compartment: the id of the key that came}}."""


def give_back(desk: Desk, matter: Row, taken: Taken, source: Files, *, dry_run: bool) -> Mapping[str, Json]:
    """Shred what the recall names and no hold keeps, and answer it. Raises Refused `act.unapproved`."""
    manifest, name, vault = taken.accepted.manifest, str(matter["id"]), str(matter["vault"])
    content = content_hash({"act": "recall", "deal": name, "release": taken.accepted.sha256})
    with desk.store.read() as tx:
        wanted, kept = _wanted(tx, vault, taken, stamp(desk.clock.now()))
        if dry_run:
            would: dict[str, Json] = {"approve": ["recall", content], "slots": _count(wanted), "held": _count(kept)}
            return {
                "deal": str(matter["ref"]),
                "n": manifest.n,
                "kind": "recall",
                "subjects": len({*wanted, *kept}),
                "would": would,
            }
        demand(desk, tx, "recall", content, deal=name)
    key = f"receive:{name}:{manifest.n}"
    begun = job.begin(desk, key, "recall")
    with desk.store.write() as tx:
        wanted, kept = _wanted(tx, vault, taken, stamp(desk.clock.now()))
        rows = _shred(desk, tx, vault, wanted, manifest.n)
        left = tuple((who, number, came) for who, places in sorted(kept.items()) for number, came in places.items())
        rest = Rest(name, manifest.n, taken.accepted.sha256, len(manifest.recall), _count(wanted), len(left), 1, left)
        says, envelope = _answer(desk, tx, matter, rest)
        result: dict[str, Json] = {
            "id": str(begun["id"]), "deal": str(matter["ref"]), "n": manifest.n, "kind": "recall", "subjects": len(wanted),
            "slots": rest.shredded, "rows": rows, "bytes": 0, "absent": rest.absent, "held": rest.held, "exports": sum(one_export.state == "open" for one_export in says.exports),
            "sha256": sha256(envelope),
            "ledger": f"{desk.space}@{statement_row(tx, name, Recalled.KIND, manifest.n)['position']!s}",
        }  # fmt: skip
        finished = job.finish(tx, key, result)
    source.write(answer_file(manifest.n), envelope)
    return finished


def go_on(desk: Desk, tx: Transaction, matter: Row) -> list[Rest]:
    """Recalls of this deal that held something back: what is free by now is shredded, under the approval that they had, and each is answered once more where that says something new."""
    vault, done = str(matter["vault"]), list[Rest]()
    for rest in rests(tx, str(matter["id"])):
        wanted, kept = _parted(tx, vault, rest.left, stamp(desk.clock.now()))
        left = tuple(entry for entry in rest.left if entry[1] in kept.get(entry[0], ()))
        if len(left) == rest.held:
            continue
        _shred(desk, tx, vault, wanted, rest.n)
        now = rest._replace(
            shredded=rest.shredded + _count(wanted), held=len(left), answers=rest.answers + 1, left=left
        )
        _answer(desk, tx, matter, now)
        done.append(now)
    return done


def told(rests_: Iterable[Rest]) -> list[Json]:
    """As a result tells them."""
    return [
        {"n": one_rest.n, "slots": one_rest.shredded, "absent": one_rest.absent, "held": one_rest.held}
        for one_rest in rests_
    ]


def _answer(desk: Desk, tx: Transaction, matter: Row, rest: Rest) -> tuple[Recalled, bytes]:
    """Sign how far it came, and keep what is left."""
    now = stamp(desk.clock.now())
    says = Recalled(
        deal=str(matter["ref"]), n=rest.n, release=rest.release, slots=rest.slots, shredded=rest.shredded, absent=rest.absent,
        exports=_exports(tx, str(matter["vault"]), now), answered_at=now, held=rest.held,
    )  # fmt: skip
    number = further_row(rest.n, rest.answers - 1)
    envelope = issue(desk, tx, rest.matter, [named("manifest.json", rest.release)], says, n=number)
    keep(desk, tx, rest)
    return says, envelope


def _count(wanted: _Named) -> int:
    return sum(map(len, wanted.values()))


def _wanted(tx: Transaction, vault: str, taken: Taken, now: str) -> tuple[_Named, _Named]:
    """What the recall names and this vault still holds: what goes, and what a hold keeps."""
    places = ((taken.recalled.get((each.compartment, each.page, each.slot)), each) for each in taken.accepted.recall)
    return _parted(tx, vault, ((who, each.compartment, each.key_id) for who, each in places if who), now)


def _parted(tx: Transaction, vault: str, entries: Iterable[Entry], now: str) -> tuple[_Named, _Named]:
    """(what goes, what a hold keeps) of these that are here, wherever their slots lie by now."""
    kept, goes, stays = held(tx, vault, now), defaultdict[bytes, dict[int, str]](dict), defaultdict[bytes, dict[int, str]](dict)  # fmt: skip
    for who, compartment, came in entries:
        row = one(tx, "subject", vault=vault, id=who)
        if row and row["state"] == LIVE and compartment in slot_places(cast("bytes", row["slots"])):
            (stays if who in kept else goes)[who][compartment] = came
    return goes, stays


def _shred(desk: Desk, tx: Transaction, vault: str, wanted: _Named, n: int) -> int:
    """Whoever keeps nothing else goes whole; the others keep what was not called back. Returns the records that went."""
    whole, part = list[bytes](), dict[bytes, Collection[int]]()
    for who, numbers in sorted(wanted.items()):
        (row,) = tx.find("subject", vault=vault, id=who)
        left = set(slot_places(cast("bytes", row["slots"]))) - set(numbers) - {AUDIT}
        if left:
            part[who] = list(numbers)
        else:
            whole.append(who)
    why: dict[str, Json] = {"reason": RECALL, "release": n}
    gone = [erase_subjects(desk, tx, vault, whole, why, _came(wanted, whole))] if whole else []
    gone += [erase_compartments(desk, tx, vault, part, why, _came(wanted, part))] if part else []
    return sum(cast("int", one_act["records"]) for one_act in gone)


def _came(wanted: _Named, people: Iterable[bytes]) -> dict[str, Json]:
    """Under which keys it came, whatever it lay under by now: by these it may come again. And whose each was: who asks to be erased is remembered by them."""
    return beside([(key, who) for who in people for key in wanted[who].values()])


def _exports(tx: Transaction, vault: str, now: str) -> tuple[ExportAnswer, ...]:
    """What was written out of the vault may hold the recalled: each is called in until somebody accounts for it."""
    found = []
    for row in tx.find("copy", order=("name",), vault=vault):
        if row["kind"] not in CALLED_IN:
            continue
        told = cast("dict[str, str]", canonical.decode(cast("bytes", row["account"]) or b"{}"))
        state = _ENDED.get(told.get("state", ""))
        if state is None:
            tx.change("copy", {"account": called_in(now)}, vault=vault, name=str(row["name"]))
        found.append(ExportAnswer(str(row["name"]), state or "open", told.get("at") if state else None))
    return tuple(found)
