"""A recall at the buyer: the keys it names are shredded, what was exported is called in, and the answer says what it found (C7).

It undoes no reading and does not say so: whoever saw a customer's data has seen it. It cannot be undone either, so a second
person approves it first.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Literal, cast

from custody.acts import job
from custody.acts.approval import content_hash, demand
from custody.acts.arriving import Taken
from custody.acts.copies import CALLED_IN, called_in
from custody.acts.desk import Desk
from custody.acts.erasing import LIVE, erase_compartments, erase_subjects
from custody.acts.gone_here import CAME, RECALL
from custody.acts.handing import statement_row
from custody.acts.releases import answer_file
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


def give_back(desk: Desk, matter: Row, taken: Taken, source: Files, *, dry_run: bool) -> Mapping[str, Json]:
    """Shred what the recall names and answer it. Raises Refused `act.unapproved`, `vault.held`."""
    manifest, name, vault = taken.accepted.manifest, str(matter["id"]), str(matter["vault"])
    content = content_hash({"act": "recall", "deal": name, "release": taken.accepted.sha256})
    with desk.store.read() as tx:
        wanted = _wanted(tx, vault, taken)
        if dry_run:
            would: dict[str, Json] = {"approve": ["recall", content], "slots": sum(map(len, wanted.values()))}
            return {
                "deal": str(matter["ref"]),
                "n": manifest.n,
                "kind": "recall",
                "subjects": len(wanted),
                "would": would,
            }
        demand(desk, tx, "recall", content)
    key = f"receive:{name}:{manifest.n}"
    begun = job.begin(desk, key, "recall")
    with desk.store.write() as tx:
        wanted = _wanted(tx, vault, taken)
        shredded = sum(map(len, wanted.values()))
        rows = _shred(desk, tx, vault, wanted, manifest.n)
        now = stamp(desk.clock.now())
        says = Recalled(
            deal=str(matter["ref"]), n=manifest.n, release=taken.accepted.sha256, slots=len(manifest.recall),
            shredded=shredded, absent=len(manifest.recall) - shredded, exports=_exports(tx, vault, now), answered_at=now,
        )  # fmt: skip
        envelope = issue(desk, tx, name, [named("manifest.json", taken.accepted.sha256)], says, n=manifest.n)
        result: dict[str, Json] = {
            "id": str(begun["id"]), "deal": str(matter["ref"]), "n": manifest.n, "kind": "recall", "subjects": len(wanted),
            "slots": shredded, "rows": rows, "bytes": 0, "absent": says.absent, "exports": sum(one_export.state == "open" for one_export in says.exports),
            "sha256": sha256(envelope),
            "ledger": f"{desk.space}@{statement_row(tx, name, Recalled.KIND, manifest.n)['position']!s}",
        }  # fmt: skip
        finished = job.finish(tx, key, result)
    source.write(answer_file(manifest.n), envelope)
    return finished


def _wanted(tx: Transaction, vault: str, taken: Taken) -> dict[bytes, dict[int, str]]:
    """{subject: {compartment: the id of the key that came}} that the recall names and this vault still holds, wherever their slots lie by now."""
    found: dict[bytes, dict[int, str]] = defaultdict(dict)
    for entry in taken.accepted.recall:
        who = taken.recalled.get((entry.compartment, entry.page, entry.slot))
        row = one(tx, "subject", vault=vault, id=who) if who else None
        if who and row and row["state"] == LIVE and entry.compartment in slot_places(cast("bytes", row["slots"])):
            found[who][entry.compartment] = entry.key_id
    return dict(found)


def _shred(desk: Desk, tx: Transaction, vault: str, wanted: Mapping[bytes, Mapping[int, str]], n: int) -> int:
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


def _came(wanted: Mapping[bytes, Mapping[int, str]], people: Iterable[bytes]) -> dict[str, Json]:
    """Under which keys it came, whatever it lay under by now: by these it may come again."""
    return {CAME: sorted(key for who in people for key in wanted[who].values())}


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
