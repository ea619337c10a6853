"""A15: what is noted about somebody while a re-seal works on them opens after it (spec/vault.md §12)."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

from custody.acts.about import about, append_about, open_detail
from custody.acts.entries import SUBJECT, positions
from custody.acts.own_evidence import own_about
from custody.acts.vaults import open_keyring
from custody.adapters.simulated.parties import WeatherFiles
from custody.base import ids
from custody.base.clock import stamp
from custody.ports.store import one
from custody.services.reseal import reseal
from custody.services.vault_check import vault_check
from tests.vault.arriving_deal import DEAL, NAME, Arriving, who
from tests.vault.histories.world import World


class Slow(WeatherFiles):
    """Files that take their time: this happens before the first one is whole."""

    meanwhile: Callable[[], object] | None = None

    @contextmanager
    def writer(self, name: str) -> Iterator[BinaryIO]:
        with super().writer(name) as target:
            yield target
            act, self.meanwhile = self.meanwhile, None
            if act:
                act()


def look_at(world: World) -> int:
    """Somebody looks at one who was received, which nothing has noted before: no vault's name is held for it."""
    with world.desk.store.write() as tx:
        vault, now = str(tx.find("vault", name=NAME)[0]["id"]), stamp(world.clock.now())
        whose = own_about(world.desk, tx, vault, who(1), now)
        return append_about(
            tx, world.desk.space, now, "looked", {"vault": vault}, who=whose, detail={"why": "a complaint"}
        )


def why(world: World, position: int) -> object:
    """What that entry says of them, opened with what they have now."""
    with world.desk.store.read() as tx:
        vault = str(tx.find("vault", name=NAME)[0]["id"])
        row = one(tx, "subject", vault=vault, id=who(1))
        whose = about(tx, open_keyring(world.desk, tx, vault), who(1), row["slots"])
        assert position in positions(tx, world.desk.space, SUBJECT, ids.subject_text(who(1)))
        return open_detail(one(tx, "opening", space=world.desk.space, position=position)["detail"], whose, position)


def test_a15_a_look_at_somebody_whom_a_re_seal_has_read_opens_after_it(tmp_path: Path):
    """The re-seal read that they had no key for evidence, and one was made before it committed."""
    arrived = Arriving(tmp_path, 6).ship().release(1, lambda _: True)
    arrived.receive()
    world, noted = arrived.world, list[int]()
    files = Slow(world.desk.files._inner, world.weather, "home")
    files.meanwhile = lambda: noted.append(look_at(world))
    assert reseal(replace(world.desk, files=files), DEAL, arrived.files)["records"] > 0
    assert why(world, noted[0]) == {"why": "a complaint"}
    found = vault_check(world.desk, NAME)
    assert (found["ok"], found["counts"]) == (True, {})
