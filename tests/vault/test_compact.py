"""A4: leaving dead ciphertext behind costs one look for each record, however many there are."""

from pathlib import Path

from sqlalchemy import Engine, event

from custody.acts.adding import Newcomer, add_people
from custody.acts.compacting import compact
from custody.base import ids
from custody.services.erase import erase
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
