"""Rotation from g to g+1 as a state machine without a store (spec/vault.md §10, D1).

The caller keeps the state in a row, does what `resume` says, and records the result with `advance`. Rules: a state is
entered only with the evidence that makes it true; before `switched` the new root may be dropped, after it there is
only forward; the old root is destroyed only while the new one is live; nothing is assumed of a step that was cut off,
the provider is asked.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Literal

from custody.base.errors import Malformed, Unavailable

RootState = Literal["live", "scheduled", "gone"]


class State(StrEnum):
    """What is true so far."""

    INTENDED = "intended"
    CREATED = "created"
    ESCROWED = "escrowed"
    SWITCHED = "switched"
    BACKED_UP = "backed-up"
    DESTROYING = "destroying"
    DESTROYED = "destroyed"
    ABANDONED = "abandoned"


class Step(StrEnum):
    """What to do next; every step may be done again."""

    CREATE = "create"
    ESCROW = "escrow"
    SWITCH = "switch"
    BACK_UP = "back-up"
    BEGIN_DESTROY = "begin-destroy"
    DESTROY = "destroy"
    CONFIRM = "confirm"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Needs:
    """How many places must hold the shares and the key backup before the rotation goes on."""

    escrow_places: int = 0
    backup_places: int = 0


@dataclass(frozen=True, slots=True)
class Proof:
    """What the caller saw. Every field begins as "not seen", so a forgotten one refuses."""

    key_read_back: bool = False
    escrow_places: int = 0
    wraps_all_new: bool = False
    head_equal: bool = False
    backup_places: int = 0
    current_is_new: bool = False
    old_root: RootState = "live"


ORDER: Final = (
    State.INTENDED, State.CREATED, State.ESCROWED, State.SWITCHED, State.BACKED_UP, State.DESTROYING, State.DESTROYED,
)  # fmt: skip
_NEXT: Final = {
    State.INTENDED: Step.CREATE,
    State.CREATED: Step.ESCROW,
    State.ESCROWED: Step.SWITCH,
    State.SWITCHED: Step.BACK_UP,
    State.BACKED_UP: Step.BEGIN_DESTROY,
}


def resume(state: State, old: RootState, new: RootState) -> Step:
    """The step to do from `state`, given what the provider says of root g (`old`) and root g+1 (`new`).

    Raises Unavailable `vault.root-lost` when the root that everything is under now is not there: nothing may be
    destroyed then, and the keyring key comes back from its shares.
    """
    if state in {State.DESTROYED, State.ABANDONED}:
        return Step.DONE
    if not switched(state):
        _require_live(old)
        return _NEXT[state] if new == "live" else Step.CREATE
    _require_live(new)
    if state is State.DESTROYING:
        return Step.DESTROY if old == "live" else Step.CONFIRM
    return _NEXT[state]


def advance(state: State, to: State, proof: Proof, needs: Needs = Needs()) -> State:
    """Enter `to` from `state`. Raises Malformed `vault.rotation` when it does not follow or its evidence is missing.

    From created or escrowed the way back to `created` is open (the new root vanished and was made again).
    """
    if to is State.ABANDONED:
        if switched(state) or state is State.ABANDONED:
            raise _refused("After the switch a rotation only goes forward.")
        return to
    again = to is State.CREATED and state in {State.CREATED, State.ESCROWED}
    if not again and (state not in ORDER or ORDER.index(state) + 1 != _place(to)):
        raise _refused("This state does not follow the one before.")
    if not _shown(to, proof, needs):
        raise _refused("The evidence that this state needs was not seen.")
    return to


def switched(state: State) -> bool:
    """Whether everything is under g+1 already."""
    return state in ORDER[ORDER.index(State.SWITCHED) :]


def _shown(to: State, proof: Proof, needs: Needs) -> bool:
    return {
        State.CREATED: proof.key_read_back,
        State.ESCROWED: proof.escrow_places >= needs.escrow_places,
        State.SWITCHED: proof.wraps_all_new and proof.head_equal,
        State.BACKED_UP: proof.head_equal and proof.key_read_back and proof.backup_places >= needs.backup_places,
        State.DESTROYING: proof.current_is_new,
        State.DESTROYED: proof.old_root != "live",
    }.get(to, False)


def _place(state: State) -> int:
    return ORDER.index(state) if state in ORDER else -1


def _require_live(root: RootState) -> None:
    if root != "live":
        raise Unavailable(
            "vault.root-lost",
            "The root that this vault is under now is not live.",
            next="Recover the keyring key from its shares; destroy nothing.",
        )


def _refused(why: str) -> Malformed:
    return Malformed("vault.rotation", why)
