"""A rotation goes on from wherever it died, and destroys nothing it may still need (spec/vault.md §10, D1)."""

import random
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from custody.acts.adding import Newcomer, add_people
from custody.acts.destroys import unseen
from custody.acts.ending import certificate
from custody.acts.rotate import rotate
from custody.acts.vaults import open_keyring
from custody.adapters.simulated.weather import Crashed
from custody.base import ids
from custody.base.clock import parse
from custody.base.errors import Unavailable
from custody.package.accounted import Customers, Erasures
from custody.services.backup import backup
from custody.services.destroys_due import destroys_due
from custody.services.erase import erase
from custody.services.rekey import rekey
from custody.services.vault_check import vault_check
from custody.vault.payload import pack
from tests.mute import Mute
from tests.vault.histories.judge import Judge
from tests.vault.histories.world import NAME, World

DELAY = timedelta(days=7)
SEED, DAILY = 20260316, 12
MakeWorld = Callable[[], World]


@pytest.fixture
def worlds(tmp_path: Path):
    """Worlds with a few people, one of whom was erased, and a backup in place a."""
    first = World(tmp_path / "first")
    people = [Newcomer("customer", [(1, 1, pack(n, [f"word-{n}"]))]) for n in range(4)]
    subjects = add_people(first.desk, first.vault, people)
    backup(first.desk, "a")
    erase(first.desk, [ids.subject_text(subjects[0])], NAME)
    first.close()
    made: list[World] = []

    def another() -> World:
        made.append(World(tmp_path / f"world-{len(made)}", first))
        return made[-1]

    yield another
    for one in made:
        one.close()


def final(world: World) -> list[str]:
    """When each erasure is final; '' while it is not."""
    with world.desk.store.read() as tx:
        return [row["final_at"] for row in tx.find("erasure", vault=world.vault)]


def generation(world: World) -> int:
    """The generation in force, opened."""
    with world.desk.store.read() as tx:
        return open_keyring(world.desk, tx, world.vault).generation


def test_a5_a_rotation_resumes_from_every_moment(worlds: MakeWorld, pytestconfig: pytest.Config):
    """Killed before or after any effect, run again: one generation on, the old root gone, erasures final, words readable."""
    whole = worlds()
    begin = whole.weather.moments
    rekey(whole.desk, NAME)
    moments = whole.weather.moments - begin
    assert moments > 20
    chosen = range(moments) if pytestconfig.getoption("--soak") else random.Random(SEED).sample(range(moments), DAILY)
    for moment in sorted({0, moments - 1, *chosen}):
        world = worlds()
        judge = Judge(world)
        before = judge.look(set())
        world.weather.fuse = moment
        with pytest.raises(Crashed):
            rekey(world.desk, NAME)
        world.reopen()
        assert judge.look(set()) == before
        if generation(world) == 1 or not all(final(world)):
            rekey(world.desk, NAME)
        assert judge.look(set()) == before
        live = [ref for ref in world.provider._roots if world.provider.state(ref) == "live"]
        assert live == [f"{world.vault}-{generation(world)}"], moment
        assert all(final(world))


@pytest.mark.parametrize("party", ["provider", "mirror", "a"])
def test_a5_a_party_that_is_out_stops_a_rotation_before_it_destroys(worlds: MakeWorld, party: str):
    """While provider, mirror or a place for backups is out the old root lives and nothing is called final; later it goes on."""
    world = worlds()
    world.weather.out.add(party)
    with pytest.raises(Unavailable):
        rekey(world.desk, NAME)
    assert world.provider.state(f"{world.vault}-1") == "live"
    assert not any(final(world))
    world.weather.out.clear()
    rekey(world.desk, NAME)
    assert world.provider.state(f"{world.vault}-1") == "gone"
    assert all(final(world))


def test_a5_the_old_root_is_not_destroyed_when_the_new_one_is_lost(worlds: MakeWorld):
    """At every moment after the switch: with root g+1 gone the rotation stops and root g stays."""
    whole = worlds()
    begin = whole.weather.moments
    rekey(whole.desk, NAME)
    tried = 0
    for moment in range(whole.weather.moments - begin):
        world = worlds()
        world.weather.fuse = moment
        with pytest.raises(Crashed):
            rekey(world.desk, NAME)
        world.reopen()
        with world.desk.store.read() as tx:
            state = tx.find("rotation", order=("to_g",), vault=world.vault)[-1]["state"] if tx.count("rotation") else ""
        if state not in {"switched", "backed-up", "destroying"} or world.provider.state(f"{world.vault}-1") != "live":
            continue
        world.provider.lose(f"{world.vault}-2")
        with pytest.raises(Unavailable) as refused:
            rekey(world.desk, NAME)
        assert refused.value.slug == "vault.root-lost"
        assert world.provider.state(f"{world.vault}-1") == "live"
        tried += 1
    assert tried > 3


def test_a5_a_lost_new_root_before_the_switch_is_made_again(worlds: MakeWorld):
    """Before the switch nothing stands under g+1: it is made anew and the rotation ends."""
    world = worlds()
    world.weather.fuse = 8
    with pytest.raises(Crashed):
        rekey(world.desk, NAME)
    world.reopen()
    with world.desk.store.read() as tx:
        assert tx.find("rotation", vault=world.vault)[-1]["state"] in {"created", "escrowed"}
    world.provider.lose(f"{world.vault}-2")
    rekey(world.desk, NAME)
    assert generation(world) == 2


def test_a8_answers_and_ledger_say_what_the_provider_said(worlds: MakeWorld):
    """Effective date and assurance of the answer, of the entry and of each erasure are the provider's own."""
    world = worlds()
    world.provider.postpone(DELAY)
    done = rekey(world.desk, NAME)
    assert done["assurance"] == "service"
    assert set(final(world)) == {done["effective_at"]}
    assert parse(done["effective_at"]) - world.clock.now() > DELAY - timedelta(hours=1)
    assert world.provider.state(f"{world.vault}-1") == "scheduled"


def pending(worlds: MakeWorld) -> tuple[World, str]:
    """Root 1 goes in 30 days; somebody was erased under root 2, and the provider destroys at once from now on. And that date."""
    world = worlds()
    world.provider.postpone(timedelta(days=30))
    late = rekey(world.desk, NAME)["effective_at"]
    world.provider.postpone(timedelta(0))
    world.clock.advance(timedelta(hours=1))
    with world.desk.store.read() as tx:
        who = tx.find("subject", order=("id",), vault=world.vault, state="live")[0]["id"]
    assert erase(world.desk, [ids.subject_text(who)], NAME)["final_by"] == late
    return world, str(late)


def test_a8_nothing_is_final_before_an_older_root_is_past_its_date(worlds: MakeWorld):
    """The next root goes at once, and what was erased under it waits for the one before all the same, whoever says a date."""
    world, late = pending(worlds)
    done = rekey(world.desk, NAME)
    assert world.provider.state(f"{world.vault}-2") == "gone"
    assert world.provider.state(f"{world.vault}-1") == "scheduled"
    assert set(final(world)) == {late}
    assert done["effective_at"] == late
    assert vault_check(world.desk, NAME)["ok"] is True
    with world.desk.store.read() as tx:
        says = certificate(
            world.desk, tx, "", world.vault, (), (), {**done, "g": 2}, Erasures(0, 0, "0" * 64), Customers(0, 0)
        )
    assert {one.g: one.effective_at for one in says.proven.generations}[1] == late
    assert [one.g for one in says.proven.generations] == [1, 2]
    assert says.final_at == late


def test_a8_an_older_root_that_is_back_moves_what_was_erased_under_later_ones(worlds: MakeWorld):
    """Taken back at the provider and ordered anew: every erasure since then waits for the new date."""
    world, late = pending(worlds)
    rekey(world.desk, NAME)
    del world.provider._ends[f"{world.vault}-1"]
    world.clock.advance(timedelta(days=1))
    world.provider.postpone(timedelta(days=30))
    (back,) = destroys_due(world.desk, NAME)["back"]
    assert back["effective_at"] > late
    assert set(final(world)) == {back["effective_at"]}
    assert vault_check(world.desk, NAME)["ok"] is True


def test_a8_a_restore_knows_of_older_roots_that_may_come_back(worlds: MakeWorld):
    """The journal says where they lay: their dates hold for what is erased after the restore, and somebody goes on asking."""
    world = worlds()
    world.provider.postpone(timedelta(days=30))
    late = rekey(world.desk, NAME)["effective_at"]
    world.provider.postpone(timedelta(0))
    world.clock.advance(timedelta(hours=1))
    world.lose()
    world.restore("a")
    with world.desk.store.read() as tx:
        who = tx.find("subject", order=("id",), vault=world.vault, state="live")[0]["id"]
    assert erase(world.desk, [ids.subject_text(who)], NAME)["final_by"] == late
    rekey(world.desk, NAME)
    assert set(final(world)) == {late}
    assert [one["generation"] for one in destroys_due(world.desk, NAME)["pending"]] == [1]


def test_a8_a_stray_root_makes_nothing_final_that_the_root_in_force_opens(worlds: MakeWorld):
    """A restore went back behind a switch: what was erased since waits for the root that came back into force, not for the stray's end."""
    world = worlds()
    copied = world.root / "kept"
    shutil.copytree(world.root / "a", copied)
    rekey_until_switched(world)
    with world.desk.store.read() as tx:
        who = tx.find("subject", order=("id",), vault=world.vault, state="live")[0]["id"]
    erase(world.desk, [ids.subject_text(who)], NAME)
    world.lose()
    shutil.rmtree(world.root / "a")
    copied.rename(world.root / "a")
    world.provider.postpone(timedelta(days=30))
    world.restore("a")
    with world.desk.store.read() as tx:
        dates = {asked.generation: asked.effective_at for asked in unseen(tx, world.vault)}
        assert set(dates) == {1, 2}
    assert set(final(world)) == {max(dates.values())}
    assert vault_check(world.desk, NAME)["ok"] is True


def rekey_until_switched(world: World) -> None:
    """Root 2 is in force, and root 1 not asked to go: the place for backups is out."""
    world.weather.out.add("a")
    with pytest.raises(Unavailable):
        rekey(world.desk, NAME)
    world.weather.out.clear()


def cut_off(world: World) -> None:
    """A rotation that changed the root and could not have the old one destroyed."""
    with pytest.raises(Unavailable, match="does not answer"):
        rekey(replace(world.desk, keys=Mute(world.desk.keys, "destroy")), NAME)


def test_a8_a_rotation_that_was_cut_off_is_not_enough_for_what_was_erased_after_it(worlds: MakeWorld):
    """What is erased under the new root waits for that root: whoever needs it gone gets another rotation, and the new key is handed over."""
    world = worlds()
    cut_off(world)
    since = generation(world)
    with world.desk.store.read() as tx:
        left = [row["id"] for row in tx.find("subject", vault=world.vault, state="live")]
    erase(world.desk, [ids.subject_text(left[0])], NAME)
    handed: list[int] = []
    done = rotate(world.desk, world.vault, since, lambda _, to: handed.append(to))
    assert (done["g"], generation(world), handed) == (since, since + 1, [since + 1])
    assert all(final(world))
    assert rotate(world.desk, world.vault, since) == done, "run again, it returns what it returned"


def test_a8_a_key_that_was_made_before_is_handed_over_all_the_same(worlds: MakeWorld):
    """A rotation that died before the new key stood under anything, whoever began it, hands it to whoever goes on."""
    met = set[str]()
    for moment in range(40):
        world = worlds()
        world.weather.fuse = moment
        with pytest.raises(Crashed):
            rekey(world.desk, NAME)
        world.reopen()
        with world.desk.store.read() as tx:
            rows = tx.find("rotation", order=("to_g",), vault=world.vault)
        if generation(world) != 1:
            break
        met.add(str(rows[-1]["state"]) if rows else "")
        handed: list[int] = []
        rotate(world.desk, world.vault, 1, lambda _, to, handed=handed: handed.append(to))
        assert handed == [2], moment
    assert {"intended", "created", "escrowed"} <= met
