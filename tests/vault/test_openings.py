"""D4, G15: a sealed opening opens for its own entry and person alone (spec/ledger.md §6), whatever its key would open."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from custody.acts.about import OPENING_SCHEMA, About, about, open_detail
from custody.acts.adding import Newcomer, add_people
from custody.acts.restoring import Blank, read_journal
from custody.acts.vaults import AUDIT, open_keyring
from custody.adapters.mirror.local import LocalMirror
from custody.base import canonical, ids
from custody.base.errors import Broken, CustodyError, Malformed
from custody.services.backup import backup
from custody.services.hold import hold_add
from custody.vault import backup as objects
from custody.vault import record
from custody.vault.backup import Kind, Named
from custody.vault.payload import pack
from tests.vault.histories.world import NAME, World


class Entered(NamedTuple):
    """An entry about somebody: its number, and its sealed opening."""

    position: int
    sealed: bytes


class Made(NamedTuple):
    """A world with two entries about one person and one about another."""

    world: World
    who: About
    one: Entered
    other: Entered
    stranger: Entered


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Made]:
    """Two people; the first is held for two reasons, the second for one."""
    world = World(tmp_path_factory.mktemp("openings"))
    first, second = add_people(
        world.desk, world.vault, [Newcomer("customer", [(1, 1, pack(n, [f"word-{n}"]))]) for n in range(2)]
    )
    for subject, reason in ((first, "dispute.1"), (first, "dispute.2"), (second, "dispute.3")):
        hold_add(world.desk, ids.subject_text(subject), reason, "", NAME)
    with world.desk.store.read() as tx:
        row = tx.find("subject", vault=world.vault, id=first)[0]
        who = about(tx, open_keyring(world.desk, tx, world.vault), first, row["slots"])
        told = [Entered(row["position"], row["detail"]) for row in tx.find("opening", order=("position",), salt=b"")]
    yield Made(world, who, *told)
    world.close()


def _slug(made: Made, sealed: bytes, position: int) -> str:
    try:
        open_detail(sealed, made.who, position)
    except CustodyError as error:
        return error.slug
    return "opens"


def test_an_opening_opens_for_its_own_entry(made: Made):
    """Each says what was entered."""
    told = [open_detail(one.sealed, made.who, one.position)["reason"] for one in (made.one, made.other)]
    assert told == ["dispute.1", "dispute.2"]


def test_another_entrys_opening_is_refused(made: Made):
    """Both are whole and under one key; put in each other's place neither speaks."""
    assert _slug(made, made.other.sealed, made.one.position) == "vault.misplaced"
    assert _slug(made, made.one.sealed, made.other.position) == "vault.misplaced"


def test_another_persons_opening_is_refused(made: Made):
    """It is named as misplaced, not passed over as one whose key is gone."""
    assert _slug(made, made.stranger.sealed, made.one.position) == "vault.misplaced"


def test_every_flipped_bit_of_an_opening_is_refused(made: Made):
    """Of header, nonce, ciphertext and tag."""
    for place in range(len(made.one.sealed) * 8):
        changed = bytearray(made.one.sealed)
        changed[place // 8] ^= 1 << place % 8
        assert _slug(made, bytes(changed), made.one.position) != "opens", place


@pytest.mark.parametrize("wrong", ["compartment", "schema", "revision", "record", "subject"])
def test_what_is_sealed_as_something_else_is_no_opening(made: Made, wrong: str):
    """Whoever holds the key could seal it; the header that says another thing is refused all the same."""
    fields = {"compartment": AUDIT, "schema": OPENING_SCHEMA, "revision": 1, "record": made.one.position, "subject": made.who.subject}  # fmt: skip
    other = {"compartment": 1, "schema": 1, "revision": 2, "record": made.other.position, "subject": bytes(16)}
    sealed = {}
    for name, value in (("right", fields), ("wrong", {**fields, wrong: other[wrong]})):
        header = record.Header(made.who.suite.number, key_id=made.who.suite.key_id(made.who.key), **value)
        (sealed[name],) = record.seal(made.who.origin, [(header, made.who.key, canonical.encode({}))], count=1)
    assert _slug(made, sealed["right"], made.one.position) == "opens"
    assert _slug(made, sealed["wrong"], made.one.position) == "vault.misplaced"


@pytest.mark.parametrize("which", ["in clear", "sealed"])
def test_a_journal_with_another_entrys_opening_is_refused(tmp_path: Path, which: str):
    """Whoever has the backup key can write a mirror; an opening that is not its entry's does not get into a restored store."""
    world = World(tmp_path)
    (who,) = add_people(world.desk, world.vault, [Newcomer("customer", [(1, 1, pack(1, ["word"]))])])
    for reason in ("dispute.1", "dispute.2"):
        hold_add(world.desk, ids.subject_text(who), reason, "", NAME)
    backup(world.desk, "a")
    blank = Blank(world.party, world.desk.store, world.desk.files, world.keys, world.outside, world.outside.backup("a"))
    whole = [_unsealed(world, number, data) for number, data in enumerate(world.outside.inner.read(world.party))]
    assert len(read_journal(blank)) == len(whole)
    first, second = [n for n, (_, salt, _) in enumerate(whole) if bool(salt) == (which == "in clear")][:2]
    whole[first] = [whole[first][0], *whole[second][1:]]
    (world.root / "mirror" / f"{world.party}.journal").unlink()
    LocalMirror(world.root / "mirror").append(
        world.party, 0, [_sealed(world, number, value) for number, value in enumerate(whole)]
    )
    with pytest.raises(Broken) as refused:
        read_journal(blank)
    assert refused.value.slug == "restore.fork"
    world.close()


def _named(world: World, number: int) -> Named:
    return Named(Kind.ENTRY, ids.id_bytes(world.party), number)


def _unsealed(world: World, number: int, data: bytes) -> list[bytes]:
    return objects.unseal(world.outside.backup_key(), _named(world, number), data)


def _sealed(world: World, number: int, value: list[bytes]) -> bytes:
    return objects.seal(world.outside.backup_key(), _named(world, number), value)


def test_what_is_no_record_is_no_opening(made: Made):
    """An opening that was cut off is refused as no record."""
    with pytest.raises(Malformed):
        open_detail(made.one.sealed[:100], made.who, made.one.position)
