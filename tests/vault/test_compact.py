"""A4: leaving dead ciphertext behind costs one look for each record, however many there are."""

from pathlib import Path

import pytest
from sqlalchemy import Engine, event

from custody.acts import backing
from custody.acts.adding import Newcomer, add_people
from custody.acts.compacting import compact
from custody.adapters.stores import alone
from custody.base import ids
from custody.base.errors import Unavailable
from custody.services.backup import backup
from custody.services.compact import compact as compact_vault
from custody.services.erase import erase
from custody.services.rekey import rekey
from custody.services.vault_new import vault_new
from custody.vault.payload import pack
from tests.vault.histories.judge import Judge
from tests.vault.histories.world import NAME, World


def test_each_record_that_moves_is_found_by_its_key(tmp_path: Path):
    """By its place the store would look through the whole vault for every one of them."""
    world = World(tmp_path / "world")
    people = add_people(
        world.desk, world.vault, [Newcomer("customer", [(1, 1, pack(n, [f"word-{n}"]))]) for n in range(4)]
    )
    erase(world.desk, [ids.subject_text(people[0])], NAME)
    said: list[str] = []

    def heard(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if statement.startswith("UPDATE record"):
            said.append(statement)

    event.listen(Engine, "before_cursor_execute", heard)
    try:
        done = compact(world.desk, world.vault, NAME, least=0)
    finally:
        event.remove(Engine, "before_cursor_execute", heard)
    assert done["records_dropped"] == 1
    assert len(said) == len(people) - 1
    assert all("record.subject = ?" in one and "record.record = ?" in one for one in said), said[0]
    assert sorted(Judge(world).look(set()).values()) == ["word-1", "word-2", "word-3"]
    world.close()


def test_a5_a_backup_takes_nothing_away_that_its_facts_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A rotation of one vault backs the other one up too, which is to be compacted the moment the facts are written: what comes back lacks nothing."""
    world = World(tmp_path / "world")
    other = second(world)
    backup(world.desk, "a")
    inner, told = backing._write_facts, list[str]()

    def then(*args: object) -> None:
        inner(*args)
        with pytest.raises(Unavailable) as refused:
            compact_vault(world.desk, "second", least=0)
        told.append(refused.value.slug)

    monkeypatch.setattr(alone, "WAIT_SECONDS", 0)
    monkeypatch.setattr(backing, "_write_facts", then)
    rekey(world.desk, NAME)
    assert told == ["vault.busy"]
    world.lose()
    report = world.restore("a")
    assert report["segments_missing"] == []
    assert report["vaults"][other]["records_without_key_count"] == 0
    assert compact_vault(world.desk, "second", least=0)["records_dropped"] == 1
    world.close()


def second(world: World) -> str:
    """Another vault in the same home, with three people, one of whom was erased."""
    vault_new(world.desk, "second", untried=False)
    with world.desk.store.write() as tx:
        made = str(tx.find("vault", name="second")[0]["id"])
        tx.add("schema", [{**row, "vault": made} for row in tx.find("schema", vault=world.vault)])
    people = [Newcomer("customer", [(1, 1, pack(n, [f"other-{n}"]))]) for n in range(3)]
    erase(world.desk, [ids.subject_text(add_people(world.desk, made, people)[0])], "second")
    return made
