"""The vault's acts that are killed at each of their points, each by its service, in a world as tests/vault/furnished.py makes it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from custody.acts.adding import Newcomer, add_people
from custody.acts.vaults import read_keyring
from custody.adapters.keys.passphrase import MARKER
from custody.base import ids
from custody.base.errors import CustodyError
from custody.services.backup import backup
from custody.services.compact import compact
from custody.services.erase import erase
from custody.services.erase_part import erase_part
from custody.services.hold import hold_add, hold_release
from custody.services.recovery_deposit import recovery_deposit
from custody.services.recovery_open import recovery_open
from custody.services.rekey import rekey
from custody.services.restore import restore_finish
from custody.services.retention_run import retention_run
from custody.services.retention_set import retention_set
from custody.services.revise import revise
from custody.services.suppress import suppress_check
from custody.services.vault_new import vault_new
from custody.services.vault_renew import vault_renew
from custody.vault.payload import pack
from tests.vault.furnished import APART, HOLDERS, LAWS, NEXT, correction, first, rows_of, sheets
from tests.vault.histories.world import NAME, World

Fresh = Callable[[Path], World]
"""A copy of a furnished world, in this folder."""


def _seal(world: World) -> None:
    add_people(
        world.desk,
        world.vault,
        [Newcomer("customer", [(1, 1, pack(9, ["word-new"])), (2, 2, pack(9, ["word-new-2"]))])],
    )


def _release(world: World) -> None:
    with world.desk.store.read() as tx:
        held = tx.find("hold", vault=world.vault, reason="dispute.1")
    for row in held:  # none once it was released
        hold_release(world.desk, ids.subject_text(row["subject"]), "dispute.1", NAME)


def _revise(world: World) -> None:
    revise(world.desk, ids.subject_text(first(world)), correction(world, by_law=False), NAME)


def _by_law(world: World) -> None:
    """Once: the approval of one that died behind its commit has served, and who tries again saves what stays."""
    with world.desk.store.read() as tx:
        done = tx.count("correction", vault=world.vault, state="done") > 0
    _once("act.unapproved", lambda: revise(world.desk, ids.subject_text(first(world)), correction(world, by_law=True), NAME), done=done)  # fmt: skip


def _part(world: World) -> None:
    """The first of two rows; the second stays under a new key."""
    who = first(world)
    rows = rows_of(world, who)
    _once(
        "record.unknown",
        lambda: erase_part(world.desk, ids.subject_text(who), "t1", rows[-1] - APART, NAME),
        done=len(rows) == 1,
    )


def _once(slug: str, act: Callable[[], object], *, done: bool) -> None:
    """What was done already is refused."""
    try:
        act()
    except CustodyError as error:
        if not done or error.slug != slug:
            raise


def _restore(world: World, *given: tuple[str, str]) -> None:
    if founded(world):
        restore_finish(world.desk)
    else:
        world.vacate()
        world.restore("a", given)


def _recover(world: World) -> None:
    """The root is lost: holders' shares put the vault under a new one, and the rotation that must follow frees it; the list can be asked."""
    if generation(world) == 1:
        _once("recovery.not-lost", lambda: recovery_open(world.desk, HOLDERS["suhe"], NAME), done=opens(world))
    rekey(world.desk, NAME)
    suppress_check(world.desk, "gone@example.cn")


def _deposit(world: World) -> None:
    recovery_deposit(world.desk, list(HOLDERS), 2)


def generation(world: World) -> int:
    """Under which root the vault stands."""
    with world.desk.store.read() as tx:
        return int(tx.find("vault", id=world.vault)[0]["generation"])


def opens(world: World) -> bool:
    """Whether the provider opens what the vault stands under."""
    try:
        with world.desk.store.read() as tx:
            read_keyring(world.desk, tx, world.vault)
    except CustodyError:
        return False
    return True


def founded(world: World) -> bool:
    """Whether the store holds a vault; one that was only opened is empty."""
    if world.place.empty():
        return False
    world.reopen()
    with world.desk.store.read() as tx:
        return tx.count("vault") > 0


ACTS: dict[str, Callable[[World], Any]] = {
    "seal": _seal,
    "erase": lambda world: erase(world.desk, [ids.subject_text(first(world))], NAME),
    "hold": lambda world: hold_add(world.desk, ids.subject_text(first(world)), "dispute", "", NAME),
    "revise": _revise,
    "revise by law": _by_law,
    "erase a part": _part,
    "rotate": lambda world: rekey(world.desk, NAME),
    "backup": lambda world: backup(world.desk, "b"),
    "compact": lambda world: compact(world.desk, NAME, least=0),
    "renew": lambda world: vault_renew(world.desk, NAME, 2),
    "restore": _restore,
    "restore by sheets": lambda world: _restore(world, *sheets(world)),
    "deposit": _deposit,
    "recover": _recover,
    "hold release": _release,
    "retention set": lambda world: retention_set(world.desk, LAWS, NEXT, NAME, dry_run=False),
    "retention run": lambda world: retention_run(world.desk, NAME, dry_run=False),
    "vault new": lambda world: vault_new(world.desk, "second"),
}
RESTORES = frozenset(("restore", "restore by sheets"))
LOST = RESTORES | {"recover"}
"""Acts that begin where something is lost."""
AGAIN = LOST | {
    "vault new", "retention set", "retention run", "rotate", "backup", "compact", "renew", "hold", "deposit", "erase a part", "revise by law",
}  # fmt: skip
"""Acts that end in the same words however often they are done."""
SAVED = frozenset(("erase", "erase a part", "revise by law", "retention run"))
"""Acts that take what a backup still has: whatever is left is in a backup again when they have returned."""


def prepared(fresh: Fresh, folder: Path, name: str) -> World:
    """A fresh copy; for a restore its disk is lost, for a recovery its roots, and several vaults are deposited."""
    world = fresh(folder)
    if name == "deposit":
        vault_new(world.desk, "second", untried=False)
    if name in RESTORES:
        world.lose()
    if name in {"recover", "restore by sheets"}:
        for root in (folder / "roots").iterdir():
            if root.name != MARKER:
                root.unlink()
    return world
