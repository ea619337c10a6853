"""Check a vault: open everything, name what does not agree by class and place (A5, spec/vault.md §24)."""

from collections import Counter
from collections.abc import Mapping
from typing import Final, cast

from custody.acts import deal_roots
from custody.acts.besides import besides
from custody.acts.desk import Desk
from custody.acts.destroys import BACK, Asked, stands, unseen
from custody.acts.mirroring import catch_up, differing
from custody.acts.survey import survey, survey_books
from custody.acts.surveyed import Survey
from custody.acts.vaults import AUDIT, keyring_ref, read_keyring, terms_said, vault_row
from custody.base.canonical import Json
from custody.base.errors import Broken, CustodyError, Unavailable
from custody.ports.store import Row
from custody.vault.suite import NOT_SM, SUITE_AES, SUITE_SM

CHECKERS: Final = ("owner", "operator", "privacy", "auditor")
_SHOWN: Final = 200


def vault_check(desk: Desk, vault: str | None) -> Mapping[str, Json]:
    """Nothing is changed. `ok` is False when anything but stray files was found, or keys without record after a restore.

    Raises Unavailable `vault.raced` beside a compaction.
    """
    desk.require(CHECKERS)
    with desk.store.read() as tx:
        row = vault_row(tx, desk.space, vault)
        state, found = _root(desk, row), Survey()
        if state == "live":
            try:
                ring = read_keyring(desk, tx, str(row["id"]))
                found = survey(tx, ring, desk.files)
                survey_books(tx, ring, desk.files, desk.space, found)
            except CustodyError as error:
                found.say("keyring", slug=error.slug)
        else:
            found.say("root", generation=cast("int", row["generation"]), state=state)
        try:
            for asked in unseen(tx, str(row["id"])):
                _old_root(desk, asked, found)
            for root in deal_roots.unseen(tx, desk.space, str(row["id"])):
                _deal_root(desk, root, found)
        except Broken as error:  # of a keyring that is not of its form nobody can say under which roots it stands
            found.say("keyring", slug=error.slug)
        told = terms_said(desk, row) if state == "live" else {}
        for beside in besides(desk, tx):
            if slug := beside.fault(desk):
                found.say("root.beside", of=beside.kind, deal=beside.deal, slug=slug)
    _require_still(desk, row, found)
    _mirror(desk, found)
    faults: list[Json] = [{"class": one.kind, "where": dict(one.where)} for one in found.faults[:_SHOWN]]
    counts = Counter(one.kind for one in found.faults)
    checked: dict[str, Json] = {
        "segments": found.segments,
        "pages": found.pages,
        "keys": found.keys,
        "records": found.records,
        "entries": found.entries,
    }
    return {"ok": not found.wrong(), "vault": str(row["name"]), "generation": row["generation"], "root": state, **told,
            **_suites(found, row), "checked": checked, "counts": dict(sorted(counts.items())), "faults": faults,
            "not_held": sorted(found.unheld)}  # fmt: skip


def _require_still(desk: Desk, row: Row, found: Survey) -> None:
    """That no file was missing because a compaction took it away beside this look. Raises Unavailable `vault.raced`."""
    missed = [str(one.where["segment"]) for one in found.faults if one.kind == "segment.missing"]
    with desk.store.read() as tx:
        if all(tx.count("segment", vault=row["id"], id=name) for name in missed):
            return
    raise Unavailable("vault.raced", "Another writer changed what was being read.", retry=True, next="Run it again.")


def _suites(found: Survey, row: Row) -> dict[str, Json]:
    """What the vault writes in, its pages by compartment and suite, and what of it is not SM however it writes."""
    told: list[Json] = [
        {"compartment": compartment, "suite": suite, "pages": pages, "keys": found.live[compartment, suite]}
        for (compartment, suite), pages in sorted(found.suites.items())
    ]
    openings = row["suite"] == SUITE_SM and (AUDIT, SUITE_AES) in found.suites
    not_sm = [*NOT_SM, *(["earlier-openings"] if openings else [])] if row["suite"] == SUITE_SM else []
    return {"suite": row["suite"], "suites": told, "not_sm": cast("list[Json]", not_sm)}


def _root(desk: Desk, row: Row) -> str:
    try:
        return desk.keys.state(keyring_ref(cast("bytes", row["keyring"])))
    except CustodyError as error:
        return error.slug


def _old_root(desk: Desk, asked: Asked, found: Survey) -> None:
    """A root that was ordered to go and is there all the same, or whose provider does not say."""
    try:
        if stands(desk, asked) == BACK:
            found.say("root.back", generation=asked.generation)
    except CustodyError as error:
        found.say("root.back", generation=asked.generation, slug=error.slug)


def _deal_root(desk: Desk, root: deal_roots.DealRoot, found: Survey) -> None:
    """The same of the key of an invitation."""
    try:
        if deal_roots.stands(desk, root) == BACK:
            found.say("root.back", deal=root.matter)
    except CustodyError as error:
        found.say("root.back", deal=root.matter, slug=error.slug)


def _mirror(desk: Desk, found: Survey) -> None:
    try:
        for number in differing(desk, catch_up(desk)):
            found.say("mirror", entry=number)
    except CustodyError as error:
        found.say("mirror", slug=error.slug)
