"""A4, A9: an opening by shares that died before it looked at the suppression list leaves none that nobody can read (spec/retention.md §7)."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from custody.adapters.simulated.parties import WeatherKeys
from custody.base.errors import CustodyError, Refused
from custody.ports.keys import RootState
from custody.services.rekey import rekey
from custody.services.suppress import suppress_add, suppress_check
from tests.vault.histories.world import NAME
from tests.vault.lost_root import Recoverable


class Died(BaseException):
    """The process is gone."""


class Dying(WeatherKeys):
    """Whoever asks it for a root's state is killed: the first thing asked behind the commit of a recovery."""

    def state(self, ref: str) -> RootState:
        raise Died(ref)


@pytest.fixture
def half(tmp_path: Path) -> Iterator[Recoverable]:
    """Recovered by shares, and killed behind the commit; the list's key went with the vault's."""
    made = Recoverable(tmp_path)
    suppress_add(made.world.desk, ["gone@example.cn"], None, "import", "asked.1", None)
    for ref in list(made.world.provider._roots):
        made.world.provider.lose(ref)
    with pytest.raises(Died):
        made.recover(Dying(made.world.provider, made.world.weather))
    made.world.reopen()
    with pytest.raises(CustodyError):
        suppress_check(made.world.desk, "gone@example.cn")
    yield made
    made.world.close()


def begun(half: Recoverable) -> bool:
    """Whether a list can be written and read."""
    suppress_add(half.world.desk, ["new@example.cn"], None, "import", "asked.2", None)
    return bool(suppress_check(half.world.desk, "new@example.cn")["listed"])


def test_a9_an_opening_that_was_killed_before_the_list_goes_on(half: Recoverable):
    """The root is live by then; the list is begun anew all the same, once."""
    told = half.recover()
    assert (told["list_anew"], told["root_state"]) == ({"lost": 1, "relisted": 0}, "live")
    assert begun(half)
    with pytest.raises(Refused) as refused:
        half.recover()
    assert refused.value.slug == "recovery.not-lost"


@pytest.mark.parametrize("again", [Recoverable.recover, None])
def test_a9_a_rotation_after_such_a_death_begins_the_list(
    half: Recoverable, again: Callable[[Recoverable], object] | None
):
    """What must follow the opening in any case does what the opening left; then there is nothing to recover."""
    if again:
        again(half)
    rekey(half.world.desk, NAME)
    assert begun(half)
    half.collect(2)
    with pytest.raises(Refused) as refused:
        Recoverable.recover(half)
    assert refused.value.slug == "recovery.not-lost"
