"""Let go what has run out: first listed, then erased or stripped, under a standing policy or with a second person (A8; spec/retention.md §4)."""

from collections.abc import Mapping

from custody.acts.approval import demand
from custody.acts.desk import Desk
from custody.acts.erasing import renewed_places
from custody.acts.mirroring import mirrored
from custody.acts.policies import RETENTION
from custody.acts.quarantined import unsaved
from custody.acts.retiring import ACT, LOOKERS, RUNNERS, clocks, content_of, let_go, list_due, over, ripe
from custody.acts.sole import sole_writer
from custody.acts.vaults import terms_of, vault_row
from custody.base.canonical import Json
from custody.privacy.retention import today


@sole_writer("vault", "vault")
def retention_run(desk: Desk, vault: str | None, *, dry_run: bool) -> Mapping[str, Json]:
    """Holds win at the storage call. `unread` counts whoever is not stripped since something of theirs cannot be read, `waits_for_places` what waits for a place for backups to answer. Raises Missing `retention.none`, Refused `act.unapproved`, Broken `retention.policy`."""
    desk.require(LOOKERS if dry_run else RUNNERS)
    with desk.store.read() as tx:
        row = vault_row(tx, desk.space, vault)
        name, assurance = str(row["id"]), terms_of(desk, row).assurance
        force = RETENTION.in_force(tx, name)
        clock = clocks(desk, tx, name, force)
        due = over(tx, clock)
        going = ripe(desk, tx, name, due, force)
    standing, content = force.policy.stands(today(desk.clock.now())), content_of(name, going, force)
    told: dict[str, Json] = {
        "vault": str(row["name"]),
        "policy": force.n,
        "standing": standing,
        "due_slots": len(due),
        "ripe": len(going),
    }
    if dry_run:
        return {
            **told,
            "would": bool(going),
            "approve": None if standing or not going else {"act": ACT, "content": content},
        }
    with desk.store.write() as tx:
        fresh = list_due(desk, tx, name, due, force)
    if going and not standing:
        with desk.store.read() as tx:
            demand(desk, tx, ACT, content)
    gone = let_go(desk, name, going, force, clock.bases)
    with desk.store.read() as tx:  # as where an earlier run was killed
        moved = unsaved(tx, desk.space, name)
    renewed = not moved or renewed_places(desk)
    return {**told, "listed": fresh, "subjects": gone.subjects, "slots": gone.slots, "records": gone.records,
            "stripped": gone.stripped, "unread": gone.unread, "waits_for_places": gone.waits, "backed_up": renewed, "ok": renewed and not gone.unread and not gone.waits,
            "assurance": assurance, "mirrored": mirrored(desk)}  # fmt: skip
