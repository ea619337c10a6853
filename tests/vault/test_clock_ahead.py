"""One entry under a clock that was ahead locks nobody out: two people say so, and the ledger goes on (spec/ledger.md §4a, decision 117)."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from custody.acts.adding import Newcomer, add_people
from custody.acts.approval import LAPSED, demand
from custody.acts.entries import read_at
from custody.acts.evidence import append
from custody.acts.expiring import Clocks
from custody.acts.restoring import Blank
from custody.acts.stepping import ACT
from custody.adapters.stores.sql import SqlStore
from custody.base import canonical, ids
from custody.base.clock import HeldClock, SimulatedClock, parse, stamp
from custody.base.signing import Signer
from custody.ledger import log
from custody.ledger.entry import STEP
from custody.privacy import retention
from custody.services.approve import approve
from custody.services.backup import backup
from custody.services.clock_correct import clock_correct
from custody.services.erase import erase
from custody.services.hold import hold_add
from custody.services.restore import restore_finish, restore_load
from custody.services.vault_check import vault_check
from custody.vault.payload import pack
from tests.vault.conftest import Refuses
from tests.vault.histories.world import NAME, World
from tests.vault.second import join, other

YEARS = timedelta(days=3650)
HOUR = timedelta(hours=1)
SEALED = """
notice_days = 7
[[rule]]
retention = "relation"
start = "sealed"
years = 1
"""


class Ahead:
    """Ten years ahead for one hold; then the clock is put right."""

    def __init__(self, ground: Path) -> None:
        self.world, self.signer = World(ground, lasting=True), Signer.generate()
        join(self.world, self.signer)
        people = [Newcomer("customer", [(1, 1, pack(n, [f"w{n}"]))]) for n in range(2)]
        self.gone, self.held = (ids.subject_text(one) for one in add_people(self.world.desk, self.world.vault, people))
        backup(self.world.desk, "a")
        right = SimulatedClock(self.world.clock.now() + HOUR)
        self.world.clock.advance(YEARS)
        self.number = hold_add(self.world.desk, self.held, "dispute.1", "", NAME)
        self.set(right)

    def set(self, clock: SimulatedClock) -> None:
        """What the host's clock says from here on."""
        self.world.clock = clock
        self.world.desk = replace(self.world.desk, clock=clock)

    @property
    def second(self):
        """The desk of the second person."""
        return replace(self.world.desk, principal=other(self.signer), actor=self.signer)

    def agree(self) -> None:
        """They sign for what the first one would do."""
        approve(self.second, *clock_correct(self.world.desk, dry_run=True)["would"]["approve"])

    def correct(self) -> dict:
        """Both of them put it right."""
        self.agree()
        return clock_correct(self.world.desk)

    def entries(self) -> list[dict]:
        """The whole ledger, in order."""
        with self.world.desk.store.read() as tx:
            return [canonical.decode(row["entry"]) for row in tx.find("ledger_entry", order=("position",))]


def load_only(world: World) -> None:
    """The first half of a restore: the store is filled and takes its name."""
    store = SqlStore(world.place.beside(), None)
    try:
        blank = Blank(world.party, store, world._files(), world.keys, world.outside, world.outside.backup("a"))
        restore_load(blank, (), lambda _: world.clock)
    finally:
        store.close()
    world.place.take()
    world.reopen()


@pytest.fixture
def ahead(tmp_path: Path) -> Iterator[Ahead]:
    made = Ahead(tmp_path / "world")
    yield made
    made.world.close()


def test_two_people_put_it_right_and_work_goes_on(ahead: Ahead, refuses: Refuses):
    """Nothing could be done before; afterwards everything can, and the ledger says what happened in the order in which it did."""
    with refuses("clock.behind"):
        erase(ahead.world.desk, [ahead.gone], NAME)
    with refuses("act.unapproved"):
        clock_correct(ahead.world.desk)
    size = len(ahead.entries())
    ahead.agree()
    assert len(ahead.entries()) == size
    done = clock_correct(ahead.world.desk)
    assert erase(ahead.world.desk, [ahead.gone], NAME)["subjects"] == 1
    assert backup(ahead.world.desk, "a")["ok"]
    assert vault_check(ahead.world.desk, NAME)["ok"]
    told = ahead.entries()
    step = next(one for one in told if one["kind"] == STEP)
    assert (step["n"], step["says"]["was"], step["says"]["since"]) == (size, told[size - 1]["at"], done["ahead_from"])
    assert [one["kind"] for one in told[done["ahead_from"] : size]] == ["hold-set"]
    assert max(one["at"] for one in told[size:]) < told[size - 1]["at"]
    with ahead.world.desk.store.read() as tx:
        rows = tx.find("ledger_entry", order=("position",))
        opening = canonical.decode(tx.find("opening", position=size)[0]["detail"])
        assert read_at(tx, ahead.world.party, size).says["approval"] == step["says"]["approval"]
    assert log.check([row["entry"] for row in rows], [row["hash"] for row in rows], None) == []
    assert (opening["principal"], opening["by"]) == (ahead.world.desk.principal.id, other(ahead.signer).id)


def test_one_person_alone_puts_nothing_right(ahead: Ahead, refuses: Refuses):
    """Their own word counts for nothing, nor does that of an owner's second for another day."""
    approve(ahead.world.desk, *clock_correct(ahead.world.desk, dry_run=True)["would"]["approve"])
    with refuses("act.unapproved"):
        clock_correct(ahead.world.desk)
    with refuses("act.role"):
        clock_correct(replace(ahead.second, principal=replace(other(ahead.signer), roles=frozenset(("privacy",)))))
    ahead.agree()
    ahead.world.clock.advance(timedelta(days=1))
    with refuses("act.unapproved"):
        clock_correct(ahead.world.desk)


def test_time_goes_back_over_a_leap_and_no_further(ahead: Ahead, refuses: Refuses):
    """A clock that is behind is not put right by this: neither before the last entry in time, nor again over the same leap, nor where there was none."""
    right = ahead.world.clock
    ahead.set(SimulatedClock(right.now() - 2 * HOUR))
    with refuses("clock.no-leap"):
        clock_correct(ahead.world.desk, dry_run=True)
    ahead.set(right)
    ahead.correct()
    with refuses("clock.not-behind"):
        clock_correct(ahead.world.desk, dry_run=True)
    for _ in range(3):
        right.advance(HOUR)
        hold_add(ahead.world.desk, ahead.gone, f"dispute.{right.now().hour}", "", NAME)
    ahead.set(SimulatedClock(right.now() - 2 * HOUR))
    with refuses("clock.no-leap"):
        clock_correct(ahead.world.desk, dry_run=True)


def test_no_other_entry_lies_before_the_one_before_it(ahead: Ahead, refuses: Refuses):
    """A step that does not name the last entry's instant is refused where entries are written, whoever writes it."""
    now = stamp(ahead.world.clock.now())
    for kind, says in ((STEP, {"was": now, "since": 1}), (STEP, {}), ("hold-set", {"was": ahead.entries()[-1]["at"]})):
        with refuses("clock.behind"), ahead.world.desk.store.write() as tx:
            append(tx, ahead.world.party, now, kind, says)


def test_what_was_given_under_it_ends(ahead: Ahead, refuses: Refuses):
    """An approval of then would hold in ten years; a link and a listing would live until then."""
    then = parse(ahead.entries()[-1]["at"]) + HOUR
    later = replace(ahead.second, clock=SimulatedClock(then))
    approve(later, "release", "sha256:1")
    right, row = ahead.world.clock.now(), {"matter": "mat_1", "subject": b"s", "channel": "email", "code": b""}
    with ahead.world.desk.store.write() as tx:
        tx.add("link", [{**row, "id": b"l", "made_at": stamp(then), "expires_at": stamp(then + 2 * HOUR)}])
        tx.add("link", [{**row, "id": b"m", "made_at": stamp(right - HOUR), "expires_at": stamp(right + YEARS)}])
        tx.add("api_token", [{"id": "tok_1", "party": ahead.world.party, "at": stamp(then), "until": "2036-12-31"}])
        for name, came in (("req_1", then), ("req_2", right)):
            tx.add("request", [{"id": name, "subject": b"s", "received_at": stamp(came)}])
        tx.add("retention_listed", [{"vault": ahead.world.vault, "subject": b"s", "compartment": 1, "at": stamp(then)}])
    assert ahead.correct()["ended"] == {"approvals": 1, "links": 1, "listed": 1, "requests": 1, "tokens": 1}
    ahead.set(SimulatedClock(then + HOUR))
    with ahead.world.desk.store.write() as tx:
        assert [row["used_by"] for row in tx.find("approval", act="release")] == [LAPSED]
        links = {row["id"]: parse(row["expires_at"]) for row in tx.find("link")}
        assert right + 2 * HOUR <= links[b"l"] < right + 3 * HOUR
        assert links[b"m"] == right + YEARS
        assert parse(tx.find("retention_listed")[0]["at"]) < right + HOUR
        assert tx.find("api_token")[0]["revoked_at"]
        assert [row["used_by"] for row in tx.find("approval", act=ACT)] == [ahead.world.desk.principal.id]
        with refuses("act.unapproved"):
            demand(ahead.world.desk, tx, "release", "sha256:1")


def test_a_period_that_began_under_it_ends_in_time(ahead: Ahead):
    """What was filed and what was withdrawn then counts from the correction at the latest, not from ten years ahead."""
    right, world = ahead.world.clock, ahead.world
    ahead.set(SimulatedClock(parse(ahead.entries()[-1]["at"]) + HOUR))
    add_people(world.desk, world.vault, [Newcomer("customer", [(1, 1, pack(9, ["w9"]))])])
    then = ahead.entries()[-1]
    with world.desk.store.write() as tx:
        tx.add("matter", [{"id": "mat_1", "vault": world.vault}])
        tx.add("evidence", [{"matter": "mat_1", "subject": b"s", "compartment": 1, "type": "withdrawal", "at": then["at"], "position": then["n"]}])  # fmt: skip
    ahead.set(right)
    ahead.correct()
    with world.desk.store.read() as tx:
        policy = retention.parse(SEALED)
        clocks = Clocks(tx, world.vault, policy, right.now().date(), {})
        assert (clocks._sealed_on, clocks._withdrawn[b"s"][1]) == (ahead.entries()[-1]["at"],) * 2


def test_a_home_that_was_lost_meanwhile_is_restored(ahead: Ahead, refuses: Refuses):
    """It is filled as the ledger has it; then the clock is put right, and the restore ends."""
    right = ahead.world.clock
    last = parse(ahead.entries()[-1]["at"])
    ahead.world.lose()
    ahead.world.clock = HeldClock(last)
    load_only(ahead.world)
    ahead.set(right)
    with refuses("clock.behind"):
        restore_finish(ahead.world.desk)
    assert ahead.entries()[-1]["kind"] == "restored"
    ahead.correct()
    assert restore_finish(ahead.world.desk)["mirrored"]
    assert vault_check(ahead.world.desk, NAME)["ok"]
    with refuses("vault.held"):
        erase(ahead.world.desk, [ahead.held], NAME)
    assert erase(ahead.world.desk, [ahead.gone], NAME)["subjects"] == 1
