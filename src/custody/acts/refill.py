"""Fill an empty store from backup, mirror and provider: for a restore, and for its rehearsal (A5; spec/vault.md §21)."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final, cast

from custody.acts.destroys import note_lost
from custody.acts.evidence import append
from custody.acts.fetching import extend_ledger, fetch_segments
from custody.acts.found_keys import Found, find_keys
from custody.acts.loading import load_facts, load_keys, settled
from custody.acts.replay import Replay
from custody.acts.residency import require_same
from custody.acts.restoring import Blank, Histories, read_journal
from custody.acts.sheets import read_one, several
from custody.acts.survey import survey
from custody.acts.surveyed import Survey
from custody.acts.vaults import keyring_ref
from custody.base import canonical, ids
from custody.base.canonical import Json
from custody.base.clock import Clock, stamp
from custody.base.errors import Missing
from custody.ports.store import Cells, Row, Store, Transaction, one

JOB: Final = "restore"
_SHOWN: Final = 100
_PASSED: Final = ("forked", "facts_altered")
"""Why facts were passed over."""


def refill(
    blank: Blank, sheets: Sequence[tuple[str, str]], clock_of: Callable[[Store], Clock], *, mended: bool = False, beyond: int | None = None
) -> Mapping[str, Json]:  # fmt: skip
    """Fill the store, replay, report. Nothing of it is in force until its file takes the store's name.

    A store that an earlier attempt left half filled from the same backup is filled on.

    `sheets` are (name, text), of any vault; `mended` that the mirror was altered before, `beyond` the position of facts that were taken for its continuation. Raises Broken `restore.fork`, `restore.behind`, Missing `restore.facts`, `restore.keys`, `restore.mirror`,
    Refused `residency.*`: a home of another region takes no records of this one.
    """
    told = read_journal(blank)
    if not len(told):
        raise Missing("restore.mirror", "The ledger's mirror is not there: without it nobody knows who was erased since the backup.",
                      next="Bring back the folder that `mirror` of custody.toml names, or a copy of it.")  # fmt: skip
    histories = Histories(told, beyond)
    found = find_keys(blank, told, histories, [read_one(*one) for one in several(sheets)])
    facts, lacks = load_facts(
        blank, told, histories, min((keys.position for keys in found.values()), default=len(told))
    )
    with blank.store.read() as tx:
        rows = tx.find("vault", order=("id",))
        vaults = [str(row["id"]) for row in rows]
        lies = blank.outside.region(str(blank.files.path("vaults").parent))
        for row in rows:
            require_same(str(row["region"]), lies)
        lost = fetch_segments(blank, tx)
    if unopened := [vault for vault in vaults if vault not in found]:
        raise Missing("restore.keys", "A vault of these facts has no key backup.", where={"vault": unopened[0]})
    rings = {vault: load_keys(blank, told, found[vault]) for vault in vaults}
    with blank.store.write() as tx:
        extend_ledger(blank, tx, told, facts)
    clock = clock_of(blank.store)
    with blank.store.write() as tx:  # what is written here is bounded by what happened after the backup
        tx.bring(
            lacks
        )  # with the replay or not at all: an attempt that was cut off before it begins with the rows as they were
        replay = Replay(blank, tx, told, facts, rings)
        replay.run()
        surveys = {vault: survey(tx, ring, blank.files) for vault, ring in replay.rings.items()}
        report: dict[str, Json] = {
            "facts_position": facts, "journal": len(told), "replayed_slots": replay.erased, "relisted": replay.relisted, "holds_without_end": len(replay.endless),
            "access_again": dict(sorted(replay.access.items())), "not_in_backup": dict(sorted(replay.undone.items())), "segments_missing": list[Json](lost),
            "vaults": {vault: _report(made) for vault, made in surveys.items()},
            "recovered": sorted(vault for vault in vaults if found[vault].lost), "mirror_mended": mended, "brought_up": list[Json](lacks), **{name: sorted(getattr(histories, name))[:_SHOWN] for name in _PASSED},
            "unreached": _unreached(histories, len(told)),
            "roots_lost": {vault: found[vault].lost for vault in vaults if found[vault].lost},
        }  # fmt: skip
        _enter(blank, tx, replay, report, clock, found)
        settled(tx, blank.space)
    return report


def _unreached(facts: Histories, size: int) -> list[Json]:
    """What goes on behind the mirror's end, as far as its name says, and was given up or does not open."""
    named = {facts.beyond} if facts.beyond is not None else set[int]()
    return list[Json](sorted(named | {one for one in facts.facts_altered if one > size})[:_SHOWN])


def _enter(
    blank: Blank, tx: Transaction, replay: Replay, report: Mapping[str, Json], clock: Clock, found: Mapping[str, Found]
) -> None:
    now = stamp(clock.now())
    if not replay.rings:  # of a home without a vault, too, the ledger says which of its entries the store did not know
        bare: dict[str, Json] = {
            "facts": report["facts_position"],
            **_found(report),
        }
        append(tx, blank.space, now, "restored", bare)
    for vault, ring in replay.rings.items():
        told = cast("Mapping[str, Mapping[str, Json]]", report["vaults"])[vault]
        keys = found[vault]
        says: dict[str, Json] = {"vault": vault, "g": ring.generation, "head": ring.head.root.hex(), "facts": report["facts_position"],
                                 "no_key": told["records_without_key_count"], "no_record": told["keys_without_record_count"],
                                 **_found(report),
                                 **({"lost": keys.lost} if keys.lost else {})}  # fmt: skip
        ref = keyring_ref(cast("bytes", cast("Row", one(tx, "vault", id=vault))["keyring"]))
        # What was lost before is asked about since then; this time it is what stood in for it.
        lost = replay.stood.left(vault, ring.generation, ref) or (keys.lead.ref if keys.lost else "")
        private: dict[str, Json] = {"ref": lost, "now": ref} if lost else {}
        position = append(tx, blank.space, now, "restored", says, detail=private)
        if lost:
            note_lost(tx, vault, ring.generation, lost, position)
    tx.drop("job", key=JOB)
    row: Cells = {"key": JOB, "id": ids.new("job"), "kind": JOB, "state": "begun", "started_at": now}
    tx.add("job", [{**row, "result": canonical.encode(dict(report))}])


def _found(report: Mapping[str, Json]) -> dict[str, Json]:
    """What of the backup and the mirror was not as it is as a rule."""
    return {name: report[name] for name in ("mirror_mended", "brought_up", "unreached", *_PASSED) if report[name]}


def _report(made: Survey) -> dict[str, Json]:
    without_key = [
        one_fault for kind in ("record.no-key", "record.missing", "record.altered") for one_fault in made.of(kind)
    ]
    missing = sum(cast("int", one_fault.where["records"]) for one_fault in made.of("segment.missing"))
    without_record = made.of("key.no-record")
    return {
        "records": made.records, "keys": made.keys,
        "records_without_key_count": len(without_key) + missing,
        "records_without_key": [dict(one_fault.where) for one_fault in without_key[:_SHOWN]],
        "keys_without_record_count": len(without_record),
        "keys_without_record": [dict(one_fault.where) for one_fault in without_record[:_SHOWN]],
    }  # fmt: skip
