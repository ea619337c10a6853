"""Ways to build this wrongly. Each puts one fault into the code that runs; a judge that finds nothing in it finds nothing."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from custody.acts import (
    backing,
    compacting,
    destroys,
    erasing,
    found_keys,
    mirroring,
    renewing,
    replay,
    reseal,
    rotate,
    shared_rows,
    shred,
    slots,
)
from custody.services import erase as erase_verb
from custody.services import restore as restore_verb
from custody.vault.keyid import NO_KEY
from custody.vault.page import put, slot
from custody.vault.rotation import Proof, State, Step
from tests.vault.histories.world import PLACES

Mutant = tuple[tuple[Any, str, Any], ...]
_ZERO = replay.Replay._zero
_ERASE = replay.Replay.erase


def _destroy_before_backup(turn: Any) -> None:
    """The order of the last steps turned round: g goes before a backup under g+1 is there."""
    turn.desk.keys.destroy(rotate.keyring_ref(turn.kept), turn.desk.clock.now())
    rotate_back_up(turn)


rotate_back_up = rotate._back_up


def _by_slot_only(self: Any, ring: Any, place: tuple[int, int], inside: list[tuple[int, str]]) -> None:
    """Replay without a look at the key id."""
    if replay.one(self.tx, "page", vault=ring.vault, compartment=place[0], page=place[1]) is None:
        return
    open_slots = replay.slots_of(self.tx, ring, *place)
    for number, _ in inside:
        put(open_slots, number, NO_KEY)
    replay.rewrite_page(self.tx, ring, *place, open_slots)
    replay.unlist(self.tx, ring.vault, place, [number for number, _ in inside])


def _reused_slots(tx: Any, vault: str, compartment: int) -> int:
    """The first slot that is empty, as one would allocate who thinks of pages as of an array."""
    for row in tx.find("page", order=("page",), vault=vault, compartment=compartment):
        members = row["members"]
        for number in range(row["used"]):
            if not any(members[number * 16 : number * 16 + 16]):
                return row["page"] * 1024 + number
    return _next_slot(tx, vault, compartment)


_next_slot = slots.next_slot


def _keys_first(desk: Any, files: Any, made: Any, *, verify: bool) -> list:
    """Keys are cut before segments and facts."""
    rows = _copy_segments(desk, files, made, verify=verify)
    return rows[:0]


_copy_segments = backing._copy_segments


def _kept_dead(tx: Any, ring: Any, place: tuple[int, int], numbers: list[int]) -> list:
    """Locations go, the key stays: deleting a row is no shred."""
    open_slots = shred.slots_of(tx, ring, *place)
    found = [(number, slot(open_slots, number)) for number in numbers]
    return [[*place, number, open_slots.key_id(number).hex()] for number, dek in found if dek != NO_KEY]


def _old_page_key(tx: Any, ring: Any, place: tuple[int, int], numbers: list[int]) -> list:
    """The slot goes in what is noted, the page is not rewritten when its number is odd."""
    return _kept_dead(tx, ring, place, numbers) if numbers[0] % 2 else _zero(tx, ring, place, numbers)


_zero = shred._zero


def _nothing(*_: Any, **__: Any) -> None:
    """A step that is left out."""


def _no_places(_: Any) -> tuple[int, int]:
    """Says that it renewed whatever was wanted."""
    return len(PLACES), 0


def _none_held(*_: Any) -> dict:
    return {}


def _always(*_: Any) -> bool:
    return True


def _zero_left(*_: Any) -> int:
    return 0


def _final_at_once(tx: Any, vault: str, generation: int, at: str) -> None:
    """Every erasure is called final, whatever its generation."""
    del generation
    tx.change("erasure", {"final_at": at}, vault=vault, final_at="")


def _note_final(tx: Any, ring: Any, gone: list) -> None:
    """An erasure is called final when it is committed."""
    _note(tx, ring, gone)
    tx.change("erasure", {"final_at": "2026-01-01T00:00:00.000000Z"}, vault=ring.vault, final_at="")


_note = shred._note


def _only_late(self: Any, entry: Any) -> None:
    """Erasures before the facts are not replayed on the keys, nor those after them on the facts."""
    if entry.number >= self.facts + 3:
        _ERASE(self, entry)


def _skip_rotation(desk: Any, vault: str, beyond: int, escrow: Any = None) -> dict:
    """After a restore nobody changes the root."""
    del escrow
    with desk.store.write() as tx:
        tx.change("vault", {"state": "open"}, id=vault)
    return {"g": beyond, "effective_at": "", "assurance": ""}


def _forget_nothing(tx: Any, vault: str, subject: bytes) -> int:
    del tx, vault, subject
    return 0


def _steps(**changed: Callable) -> dict:
    return {**rotate._STEPS, **{Step[name]: step for name, step in changed.items()}}


def _switch_early(turn: Any) -> None:
    """The state says switched, and the wraps are as they were."""
    with turn.desk.store.write() as tx:
        before = rotate._keyring(tx, turn.vault)
        tx.change("vault", {"keyring": turn.kept, "generation": turn.new}, id=turn.vault)
        rotate._note(tx, turn, State.SWITCHED, Proof(wraps_all_new=True, head_equal=True), before)
    turn.state, turn.kept = State.SWITCHED, before


def _reseal_under_old(tx: Any, ring: Any, old: list, *, now: str) -> list:
    """What stays is sealed anew, and the old slot stays with it."""
    del tx, ring, old, now
    return []


def _renew_beside(tx: Any, ring: Any, old: list, *, now: str) -> list:
    """What is renewed is noted as moved, and the old slot stays with its key."""
    del now
    return [[*one[1:], shred.slots_of(tx, ring, *one[1:3]).key_id(one.slot).hex()] for one in old]


def _nowhere_earlier(*_: Any) -> list:
    """An erasure after a renewal is done again where it was done, and not where they were before."""
    return []


def _unsafe_compact(desk: Any, name: str, row: Any, live: list) -> Any:
    """The old file goes before the rows have moved."""
    made = _compact_copy(desk, name, row, live)
    desk.files.remove(str(row["file"]))
    return made


_compact_copy = compacting._copy


def _prune_first(desk: Any, files: Any, made: Any, *, verify: bool) -> list:
    """The former backup goes before the new one is there."""
    for folder in ("facts", "keys"):
        for name in files.list(folder):
            files.remove(name)
    return _copy_segments(desk, files, made, verify=verify)


def _prune_by_store(desk: Any, files: Any, made: Any) -> None:
    """A place keeps what the store names by now, whatever the facts say that lie there."""
    made.named = set()
    _prune(desk, files, made)


_prune = backing._prune


def _any_head(told: Any, vault: str, position: int) -> str:
    """Whatever head the keys have is the right one."""
    del told, vault, position
    return _Any()


class _Any(str):
    __slots__ = ()
    __hash__ = str.__hash__

    def __eq__(self, other: object) -> bool:
        return True

    def __ne__(self, other: object) -> bool:
        return False


def _with_shared(desk: Any, tx: Any, vault: str, subjects: Any, why: Any = None, beside: Any = None) -> Any:
    """Whoever is erased takes along what is somebody else's too."""
    return erasing.erase_subjects(
        desk,
        tx,
        vault,
        [*subjects, *erasing.joint_left(list(shared_rows.shared_with(tx, vault, subjects)), subjects)],
        why,
        beside,
    )


MUTANTS: dict[str, Mutant] = {
    "old root destroyed before the backup": ((rotate, "_STEPS", _steps(BACK_UP=_destroy_before_backup)),),
    "no backup in a rotation": ((rotate, "back_up_all", _no_places),),
    "replay by slot alone, slots used twice": (
        (replay.Replay, "_zero", _by_slot_only),
        (slots, "next_slot", _reused_slots),
    ),
    "replay left out": ((replay, "_ACTS", {}),),
    "replay of late erasures only": ((replay, "_ACTS", {**replay._ACTS, "erased": _only_late}),),
    "holds not replayed": ((replay, "_ACTS", {name: act for name, act in replay._ACTS.items() if "hold" not in name}),),
    "hold check left out": ((shred, "require_unheld", _nothing),),
    "hold check against another table": ((shred, "held", _none_held),),
    "what people share is kept for nobody": ((shred, "held", shred.holds),),
    "who shares rows takes them along": ((erase_verb, "erase_subjects", _with_shared),),
    "what is shared and stays is not told": ((erase_verb, "joint_left", lambda *_: []),),
    "rows deleted, key kept": ((shred, "_zero", _kept_dead),),
    "every second key kept": ((shred, "_zero", _old_page_key),),
    "locations kept": ((erasing, "forget", _forget_nothing),),
    "final at the next rotation, whatever its generation": (
        (rotate, "make_final", _final_at_once),
        (rotate, "open_keyring", rotate.open_keyring),
    ),
    "older roots forgotten": ((destroys, "latest", lambda _tx, _vault, at: at),),
    "a compaction beside a backup": (
        (backing, "_prune", _prune_by_store),
        (compacting, "copying", lambda desk: f"{desk.space}/+nobody"),
    ),
    "final at once": ((shred, "_note", _note_final),),
    "mirrored said and not done": (
        (erase_verb, "mirrored", _always),
        (mirroring, "catch_up", _zero_left),
        (rotate, "catch_up", _zero_left),
    ),
    "switch without wraps": ((rotate, "_STEPS", _steps(SWITCH=_switch_early)),),
    "old slot kept when the rest moves": ((reseal, "shred", _reseal_under_old),),
    "old slot kept in a renewal": ((renewing, "shred", _renew_beside),),
    "erasures do not reach behind a renewal": ((replay.Replay, "_earlier", _nowhere_earlier),),
    "old segment removed too early": ((compacting, "_copy", _unsafe_compact),),
    "former backup pruned first": ((backing, "_copy_segments", _prune_first),),
    "segments not copied": ((backing, "_copy_segments", lambda *_, **__: []),),
    "no rotation after a restore": ((restore_verb, "rotate", _skip_rotation),),
    "strays kept": ((restore_verb, "destroy_stray", _nothing),),
    "old key backups kept, any head taken": (
        (rotate, "forget_generation", _nothing),
        (found_keys, "_head_at", _any_head),
    ),
}


@contextmanager
def put_in(name: str) -> Iterator[None]:
    """The code with one fault, for as long as the block lasts."""
    before = [(where, what, getattr(where, what)) for where, what, _ in MUTANTS[name]]
    for where, what, wrong in MUTANTS[name]:
        setattr(where, what, wrong)
    try:
        yield
    finally:
        for where, what, right in before:
            setattr(where, what, right)
