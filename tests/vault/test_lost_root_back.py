"""A4, A5, G4: a root that was lost is not one that was destroyed, and nothing that it opens is called final (spec/vault.md §11, §23)."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from custody.acts.ending import certificate
from custody.acts.mirroring import catch_up
from custody.adapters.keys.memory import MemoryProvider
from custody.adapters.keys.routed import RoutedKeys
from custody.base import canonical, ids
from custody.package.accounted import Customers, Erasures
from custody.ports.keys import Destroyed, RootState
from custody.services.backup import backup
from custody.services.destroys_due import destroys_due
from custody.services.erase import erase
from custody.services.rekey import rekey
from custody.services.vault_check import vault_check
from tests.mute import Mute
from tests.vault.histories.world import NAME
from tests.vault.lost_root import Recoverable, Telling

AWAY = ("find", "create", "wrap", "destroy", "state")


class Elsewhere(MemoryProvider):
    """Another provider, whose references say so."""

    def create(self, vault: str, generation: int) -> str:
        return f"transit:{super().create(vault, generation)}"

    def find(self, vault: str, generation: int) -> list[str]:
        return [f"transit:{ref}" for ref in super().find(vault, generation)]

    def wrap(self, ref: str, key: bytes) -> bytes:
        return super().wrap(ref.removeprefix("transit:"), key)

    def unwrap(self, ref: str, blob: bytes) -> bytes:
        return super().unwrap(ref.removeprefix("transit:"), blob)

    def destroy(self, ref: str, now: datetime) -> Destroyed:
        return super().destroy(ref.removeprefix("transit:"), now)

    def state(self, ref: str) -> RootState:
        return super().state(ref.removeprefix("transit:"))


class Lost(Telling):
    """Somebody was erased, then the provider that the vault stands under was lost; shares brought it back under another one."""

    def __init__(self, ground: Path) -> None:
        self.made = Recoverable(ground)
        self.world, self.old = self.made.world, f"{self.made.world.vault}-1"
        self.world.outside.prepare("a")
        backup(self.world.desk, "a")
        erase(self.world.desk, [ids.subject_text(self.made.people[0])], NAME)
        self.first, self.other = self.world.provider, Elsewhere()
        self.root = self.first._roots.pop(self.old)
        self.answers(Mute(self.first, *AWAY))
        self.made.recover()

    def answers(self, first: object) -> None:
        """The provider that was lost is like this from now on."""
        self.world.provider = RoutedKeys("transit", {"passphrase-file": lambda: first, "transit": lambda: self.other})
        self.world.desk = replace(self.world.desk, keys=self.world.keys)

    def returns(self) -> None:
        """It is back, with all that it held."""
        self.first._roots[self.old] = self.root
        self.answers(self.first)

    def recovered(self) -> int:
        """The number of the entry by which shares brought the vault back."""
        with self.world.desk.store.read() as tx:
            rows = tx.find("ledger_entry", order=("position",))
        return next(row["position"] for row in rows if canonical.decode(row["entry"])["kind"] == "recovered")


@pytest.fixture
def lost(tmp_path: Path) -> Iterator[Lost]:
    """Recovered, and not rotated yet."""
    made = Lost(tmp_path)
    yield made
    made.world.close()


def test_g4_what_a_lost_root_opens_is_not_final(lost: Lost):
    """The rotation destroys what was put for it, and says what that spares; every day somebody asks, and is alarmed."""
    done = rekey(lost.world.desk, NAME)
    assert (done["final_slots"], done["waiting_slots"]) == (0, 2)
    assert "lost-root" in done["spares"]
    assert lost.kinds("root-destroyed")[0]["spares"][-1] == "lost-root"
    assert lost.final() == {""}
    told = destroys_due(lost.world.desk, NAME)
    assert (told["ok"], told["silent"]) == (False, [{"generation": 1, "slug": "keys.out"}])
    assert vault_check(lost.world.desk, NAME)["counts"] == {"root.back": 1}
    assert erase(lost.world.desk, [ids.subject_text(lost.made.people[1])], NAME)["final_by"] is None
    assert rekey(lost.world.desk, NAME, idle_days=30)["waiting_slots"] == 4
    assert rekey(lost.world.desk, NAME, idle_days=30)["rotated"] is False


def test_g4_a_lost_root_that_comes_back_is_ordered_to_go(lost: Lost):
    """Only then is anything final, from that moment; what was erased under a root in force waits for it as ever."""
    rekey(lost.world.desk, NAME)
    erase(lost.world.desk, [ids.subject_text(lost.made.people[1])], NAME)
    lost.world.clock.advance(timedelta(days=2))
    lost.returns()
    told = destroys_due(lost.world.desk, NAME)
    assert (told["ok"], len(told["back"])) == (False, 1)
    assert lost.first.state(lost.old) == "gone"
    (found,) = lost.kinds("root-found")
    assert lost.final() == {found["effective_at"], ""}
    assert destroys_due(lost.world.desk, NAME)["gone"] == [{"generation": 1, "effective_at": found["effective_at"]}]
    assert destroys_due(lost.world.desk, NAME)["gone"] == []
    assert rekey(lost.world.desk, NAME)["waiting_slots"] == 0
    assert vault_check(lost.world.desk, NAME)["ok"]


def test_g4_a_provider_that_says_that_the_lost_root_is_gone_is_believed(lost: Lost):
    """Where it was made it is not found: what waited for it is final from the day on which that was seen."""
    rekey(lost.world.desk, NAME)
    lost.answers(lost.first)
    assert {"generation": 1, "effective_at": ""} in destroys_due(lost.world.desk, NAME)["gone"]
    assert "" not in lost.final()
    assert lost.kinds("root-gone")[0]["lost"] == lost.recovered()
    assert vault_check(lost.world.desk, NAME)["ok"]


def test_a5_a_restore_goes_on_asking_about_a_lost_root(lost: Lost):
    """The backup is of before the loss; the entry tells where the root lay."""
    rekey(lost.world.desk, NAME)
    catch_up(lost.world.desk)
    lost.world.lose()
    lost.world.restore("a")
    assert destroys_due(lost.world.desk, NAME)["silent"] == [{"generation": 1, "slug": "keys.out"}]
    assert lost.final() == {""}
    lost.returns()
    assert len(destroys_due(lost.world.desk, NAME)["back"]) == 1
    assert lost.first.state(lost.old) == "gone"
    assert "" not in lost.final()


def test_g4_a_lost_root_is_never_taken_again(lost: Lost):
    """It is back, and what was put for it is lost in its turn: the next one is another, and what came back is ordered to go."""
    lost.returns()
    lost.other._roots.clear()
    lost.world.provider._used = "passphrase-file"
    lost.made.recover()
    assert destroys_due(lost.world.desk, NAME)["back"][0]["generation"] == 1
    assert lost.first.state(lost.old) == "gone"
    assert rekey(lost.world.desk, NAME)["generation"] == 2
    destroys_due(lost.world.desk, NAME)
    assert "" not in lost.final()
    assert vault_check(lost.world.desk, NAME)["ok"]


def test_g4_a_root_that_a_restore_puts_in_force_again_is_asked_about_by_its_rotation_alone(lost: Lost):
    """The backup of before the loss opens under it: it is not ordered to go while it is in force, and goes once. What stood in for it meanwhile is met then, and goes too."""
    catch_up(lost.world.desk)
    lost.returns()
    lost.world.lose()
    assert lost.world.restore("a")["roots_lost"] == {}
    told = destroys_due(lost.world.desk, NAME)
    assert told["gone"][0]["generation"] == 1
    assert [one["generation"] for one in told["back"]] == [1]
    assert [ref for ref in lost.other._roots if "_r" in ref and lost.other.state(ref) == "live"] == []
    assert lost.first.state(lost.old) == "gone"


def test_g4_a_certificate_names_the_lost_root_among_what_stays(lost: Lost):
    """And gives no date to the generation but that of the root which was destroyed; once it was seen gone nothing stays."""
    done, desk = rekey(lost.world.desk, NAME), lost.world.desk
    rotation = {"g": 1, "effective_at": done["effective_at"], "assurance": "service", "provider": "transit"}

    def stays() -> list[tuple[str, int]]:
        with desk.store.read() as tx:
            says = certificate(
                desk, tx, "dl_1", lost.world.vault, (), (), rotation, Erasures(0, 0, ""), Customers(0, 0)
            )
        assert [one.effective_at for one in says.proven.generations] == [done["effective_at"]]
        return [(one.what, one.count) for one in says.stays]

    assert stays() == [("lost-root", 1)]
    lost.answers(lost.first)
    destroys_due(lost.world.desk, NAME)
    assert stays() == []
