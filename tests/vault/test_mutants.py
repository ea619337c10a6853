"""The judge of histories can fail: each way to build the vault wrongly is caught by it (spec/vault.md §9-22)."""

import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from custody.adapters.stores import alone
from custody.base.errors import CustodyError
from tests.vault.histories.judge import Wrong
from tests.vault.histories.mutants import MUTANTS, put_in
from tests.vault.histories.play import Play
from tests.vault.histories.windows import Beside, WindowedPlay
from tests.vault.histories.world import World

DAILY = (
    "old root destroyed before the backup", "hold check left out", "rows deleted, key kept", "every second key kept", "locations kept",
    "final at the next rotation, whatever its generation", "final at once", "switch without wraps", "old slot kept when the rest moves",
    "old slot kept in a renewal", "erasures do not reach behind a renewal", "what people share is kept for nobody", "who shares rows takes them along",
    "what is shared and stays is not told",
)  # fmt: skip
FEW, MANY = 12, 300
WINDOWED = {
    "older roots forgotten": ("seal", "slow", "rotate", "erase", "quick", "rotate", "rotate"),
    "a compaction beside a backup": ("seal", "backup", *("beside_rotation", "lose", "backup") * 3),
}
"""How histories with slow destroys and a second vault begin, for each fault that only they show."""
LED = {
    "final at the next rotation, whatever its generation": ("seal", "seal", "seal", "backup", "outage", "rotate", "erase", "calm", "rotate"),
    "old slot kept in a renewal": ("seal", "seal", "renew", "renew", "erase", "erase"),
    "erasures do not reach behind a renewal": ("seal", "seal", "backup", "renew", "renew", "erase", "erase", "lose"),
    "what people share is kept for nobody": ("seal", "pair", "hold", "pair", "hold", "erase", "erase", "erase", "erase"),
    "who shares rows takes them along": ("seal", "pair", "pair", "erase", "erase"),
    "what is shared and stays is not told": ("seal", "pair", "pair", "erase", "erase"),
}  # fmt: skip
"""How a history begins in which a fault can show that takes acts in this order; what each of them meets is still thrown."""


@pytest.fixture(scope="module")
def ground():
    """A folder in memory where there is one, and an empty vault in it."""
    memory = Path("/dev/shm")
    with TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder:
        template = World(Path(folder) / "template")
        template.close()
        yield Path(folder), template


def caught(name: str, ground: tuple[Path, World], seeds: int) -> bool:
    """Whether some history of `seeds` shows the fault."""
    folder, template = ground
    with put_in(name):
        for seed in range(seeds):
            where = folder / f"{seed}"
            try:
                Play(seed, World(where, template)).run(first=LED.get(name, ()))
            except (Wrong, CustodyError):
                return True
            finally:
                shutil.rmtree(where)
    return False


@pytest.mark.parametrize(("name", "first"), WINDOWED.items())
def test_a8_a_fault_that_takes_time_or_a_second_vault_is_caught(
    name: str, first: tuple[str, ...], ground: tuple[Path, World], monkeypatch: pytest.MonkeyPatch
):
    """Histories with slow destroys and another vault beside show what plain ones cannot."""
    monkeypatch.setattr(alone, "WAIT_SECONDS", 0)
    folder, template = ground
    met = list[Wrong]()
    with put_in(name):
        for seed in range(FEW):
            where = folder / f"{seed}"
            try:
                WindowedPlay(seed, World(where, template, weather=Beside())).run(len(first), first)
            except Wrong as wrong:
                met.append(wrong)
                break
            finally:
                shutil.rmtree(where)
    assert met


@pytest.mark.parametrize("name", DAILY)
def test_a8_a_fault_is_caught_by_few_histories(name: str, ground: tuple[Path, World]):
    """The plainest faults show in a dozen histories."""
    assert caught(name, ground, FEW)


@pytest.mark.soak
@pytest.mark.parametrize("name", sorted(set(MUTANTS) - set(DAILY)))
def test_a8_every_fault_is_caught(name: str, ground: tuple[Path, World]):
    """Every fault of the list shows in three hundred histories, most in far fewer."""
    assert caught(name, ground, MANY)
