"""Rotation: only forward after the switch, never without its evidence, never the last live root (spec/vault.md §10)."""

import itertools
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from custody.base.errors import CustodyError, Unavailable
from custody.vault.rotation import ORDER, Needs, Proof, RootState, State, Step, advance, resume, switched

FULL = Proof(key_read_back=True, escrow_places=2, wraps_all_new=True, head_equal=True, backup_places=2,
             current_is_new=True, old_root="gone")  # fmt: skip
NEEDS = Needs(escrow_places=2, backup_places=2)
ROOTS: tuple[RootState, ...] = ("live", "scheduled", "gone")


def test_the_whole_way_in_order():
    """With all evidence a rotation goes through its states and nowhere else."""
    for one, two in itertools.pairwise(ORDER):
        assert advance(one, two, FULL, NEEDS) is two


@pytest.mark.parametrize(("one", "two"), [(a, b) for a in State for b in State])
def test_no_state_is_skipped_or_gone_back_to(one: State, two: State, refuses):
    """Every pair of states that the specification does not allow is refused, whatever the evidence."""
    following = one in ORDER and two in ORDER and ORDER.index(two) == ORDER.index(one) + 1
    again = two is State.CREATED and one in {State.CREATED, State.ESCROWED}
    drop = two is State.ABANDONED and one in ORDER[:3]
    if following or again or drop:
        assert advance(one, two, FULL, NEEDS) is two
    else:
        with refuses("vault.rotation"):
            advance(one, two, FULL, NEEDS)


@pytest.mark.parametrize(
    ("one", "lacks"),
    [("created", {"key_read_back": False}), ("escrowed", {"escrow_places": 1}), ("switched", {"wraps_all_new": False}),
     ("switched", {"head_equal": False}), ("backed-up", {"backup_places": 1}), ("backed-up", {"head_equal": False}),
     ("backed-up", {"key_read_back": False}), ("destroying", {"current_is_new": False}), ("destroyed", {"old_root": "live"})],
)  # fmt: skip
def test_each_state_needs_its_evidence(one: str, lacks: dict[str, Any], refuses):
    """A state is not entered while one piece of its evidence is missing."""
    to = State(one)
    seen = {name: getattr(FULL, name) for name in FULL.__slots__}
    with refuses("vault.rotation"):
        advance(ORDER[ORDER.index(to) - 1], to, Proof(**{**seen, **lacks}), NEEDS)


def test_evidence_not_given_is_not_seen(refuses):
    """A proof without fields lets nothing but an unneeded escrow through."""
    for one, two in itertools.pairwise(ORDER):
        if two is State.ESCROWED:
            continue
        with refuses("vault.rotation"):
            advance(one, two, Proof())


@pytest.mark.parametrize(("state", "old", "new"), list(itertools.product(State, ROOTS, ROOTS)))
def test_the_table_of_resuming(state: State, old: RootState, new: RootState):
    """For every state and both answers of the provider: the step of the table, or a stop that destroys nothing."""
    if state in {State.DESTROYED, State.ABANDONED}:
        assert resume(state, old, new) is Step.DONE
        return
    current = new if switched(state) else old
    if current != "live":
        with pytest.raises(Unavailable):
            resume(state, old, new)
        return
    step = resume(state, old, new)
    assert (step in {Step.DESTROY, Step.BEGIN_DESTROY, Step.CONFIRM}) <= (new == "live" and switched(state))
    if not switched(state) and new != "live":
        assert step is Step.CREATE
    if state is State.DESTROYING:
        assert step is (Step.DESTROY if old == "live" else Step.CONFIRM)


class _World:
    """A provider and a vault that crash between any two effects; `unreadable` says that no live root opens the wraps."""

    def __init__(self) -> None:
        self.state, self.wraps = State.INTENDED, "old"
        self.old: RootState = "live"
        self.new: RootState = "gone"

    def do(self, step: Step, *, crash: bool) -> None:
        """The effect of a step, and unless it crashed the state after it."""
        if step is Step.CREATE:
            self.new = "live"
        if step is Step.DESTROY:
            self.old = "gone"
        if crash:
            return
        to = {Step.CREATE: State.CREATED, Step.ESCROW: State.ESCROWED, Step.SWITCH: State.SWITCHED,
              Step.BACK_UP: State.BACKED_UP, Step.BEGIN_DESTROY: State.DESTROYING}.get(step, State.DESTROYED)  # fmt: skip
        proof = Proof(key_read_back=self.new == "live", wraps_all_new=True, head_equal=True, current_is_new=self.wraps == "new",
                      old_root=self.old)  # fmt: skip
        if step is Step.DESTROY:
            return
        if step is Step.SWITCH:
            self.wraps = "new"  # one transaction: wraps and state move together
        self.state = advance(self.state, to, proof)

    @property
    def unreadable(self) -> bool:
        return (self.old if self.wraps == "old" else self.new) != "live"


@given(st.lists(st.sampled_from(["crash", "go", "new root lost"]), max_size=40))
@settings(max_examples=300)
def test_crashes_at_any_step_lose_nothing(events: list[str]):
    """Whatever crashes, and if the new root vanishes before the switch, a live root opens every wrap at every moment."""
    world = _World()
    for event in [*events, *["go"] * 10]:
        if event == "new root lost":
            if not switched(world.state):
                world.new = "gone"
            continue
        step = resume(world.state, world.old, world.new)
        if step is Step.CREATE and world.state is State.ESCROWED:
            world.new, world.state = "live", advance(State.ESCROWED, State.CREATED, FULL)
        else:
            world.do(step, crash=event == "crash") if step is not Step.DONE else None
        assert not world.unreadable
    assert (world.state, world.old, world.new) == (State.DESTROYED, "gone", "live")


def test_only_custody_errors_come_out():
    """Refusals are custody errors with a slug."""
    with pytest.raises(CustodyError):
        advance(State.DESTROYED, State.INTENDED, FULL)
