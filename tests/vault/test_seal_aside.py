"""A1: a sealing that holds nearly nobody in memory seals what one that holds everybody does, and killed anywhere it leaves nothing half done."""

import os
import random
import shutil
from collections import Counter
from pathlib import Path

import pytest

from custody.acts.reading import Reader
from custody.base import canonical
from custody.services.vault_check import vault_check
from custody.vault.payload import unpack
from tests.vault.histories.world import World
from tests.vault.sealing import CLAIMED_TWICE, ORPHANS, SMALL, company, mapped, sealed
from tests.vault.test_kill import run

PEOPLE = 40
POINTS = int(os.environ.get("CUSTODY_KILL_POINTS", "3"))


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Next to nobody is in memory."""
    for module, name, value in SMALL:
        monkeypatch.setattr(module, name, value)


def stands(world: World, vault: str) -> Counter[tuple[str, tuple[object, ...]]]:
    """{(what the subject's facts say, the values of a record): how often}: all that is sealed, whatever ids it has."""
    with world.desk.store.read() as tx:
        reader = Reader(world.desk, tx, vault)
        facts = {row["id"]: canonical.decode(row["facts"]) for row in tx.find("subject", vault=vault)}
        found = Counter((str(sorted(facts[row["subject"]].items())), tuple(unpack(reader.open(row))[1]))
                        for row in tx.find("record", vault=vault))  # fmt: skip
        reader.close()
    return found


def whole(told: dict) -> dict:
    """What a sealing says but for its ids."""
    return {name: value for name, value in told.items() if name not in {"vault", "resumed"}}


def test_a_sealing_with_nobody_in_memory_seals_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """The same counts, facts and values; every page and record opens."""
    files = company(tmp_path / "files", PEOPLE)
    roomy, tight = World(tmp_path / "roomy"), World(tmp_path / "tight")
    one = sealed(roomy, files, mapped(roomy, files))
    for module, name, value in SMALL:
        monkeypatch.setattr(module, name, value)
    other = sealed(tight, files, mapped(tight, files))
    assert whole(one) == whole(other)
    assert one["customers"] == PEOPLE - CLAIMED_TWICE
    assert {"table": "orders", "reason": "row.orphan", "rows": ORPHANS} in other["quarantine"]
    assert stands(roomy, one["vault"]) == stands(tight, other["vault"])
    assert vault_check(tight.desk, "second")["ok"]
    roomy.close()
    tight.close()


@pytest.mark.usefixtures("small")
def test_places_of_a_person_differ_from_compartment_to_compartment(tmp_path: Path):
    """Slots are in random order in each: which of another compartment is whose cannot be told by its place."""
    world, files = World(tmp_path / "world"), company(tmp_path / "files", PEOPLE)
    vault = sealed(world, files, mapped(world, files))["vault"]
    with world.desk.store.read() as tx:
        pages = {
            row["compartment"]: row["members"]
            for row in tx.find("page", vault=vault)
            if row["used"] >= PEOPLE - CLAIMED_TWICE
        }
    world.close()
    assert len(pages) >= 2
    assert len(set(pages.values())) == len(pages)  # by chance alike once in 10^46
    assert (
        len({tuple(sorted(members[n : n + 16] for n in range(0, len(members), 16))) for members in pages.values()}) == 1
    )


@pytest.mark.usefixtures("small")
@pytest.mark.skipif(not hasattr(os, "fork"), reason="a process that can be forked and killed")
def test_a_sealing_that_is_killed_leaves_nothing_and_is_repeated(tmp_path: Path):
    """At a seeded few of its syncs, renames and commits: all or nothing is in the vault; done again it is as if nothing had been."""
    files = company(tmp_path / "files", PEOPLE)
    template = World(tmp_path / "template", lasting=True)
    text = mapped(template, files)
    template.close()

    def act(world: World) -> None:
        sealed(world, files, text)

    total = run(World(tmp_path / "count", template, lasting=True), act, 0)
    assert total
    for at in sorted(random.Random("seal").sample(range(1, total + 1), min(POINTS, total))):
        world = World(tmp_path / str(at), template, lasting=True)
        assert run(world, act, at) is None
        world.desk = world._desk()
        with world.desk.store.read() as tx:
            begun = [row for row in tx.find("vault") if row["name"] == "second"]
            rows = {
                table: tx.count(table, vault=begun[0]["id"]) if begun else 0 for table in ("page", "subject", "record")
            }
            assert all(rows.values()) or not any(rows.values()), at
        assert sealed(world, files, text)["customers"] == PEOPLE - CLAIMED_TWICE
        assert vault_check(world.desk, "second")["ok"], at
        assert not [path for path in (world.home / "tmp").iterdir() if path.stat().st_size > 1 << 20]
        world.close()
        shutil.rmtree(world.root)
