"""G4: what was set aside of somebody goes with them: rows that name them by an identifier open no more, every other row does."""

from pathlib import Path

import pytest

from custody.acts import job, quarantined, reading
from custody.acts.doomed import ending, shred_all
from custody.acts.marks import Marks
from custody.acts.mirroring import catch_up
from custody.acts.reading import Reader
from custody.acts.vaults import QUARANTINE
from custody.base import ids
from custody.base.errors import Refused
from custody.services.backup import backup
from custody.services.erase import erase
from custody.services.erase_part import erase_part
from custody.services.hold import hold_add, hold_release
from custody.services.vault_check import vault_check
from custody.vault.payload import pack, unpack
from tests.vault.histories.world import World
from tests.vault.sealing import company, mapped, sealed

NAME = "second"
HERS, ANOTHERS = ("kunde3@example.cn", "C0000003"), "kunde30@example.cn"


@pytest.fixture
def world(tmp_path: Path) -> World:
    """Five customers; set aside are two ragged rows, one of which has the address of the fourth, and the orders of all, which nobody joined."""
    made, folder = World(tmp_path / "world"), company(tmp_path / "company", 5)
    with (folder / "customers.csv").open("a", encoding="utf-8") as table:
        for address in (HERS[0], ANOTHERS):
            table.write(f"C9999999,Kunde Nummer 3,{address},1953-04-13,gut,extra,extra\n")
    sealed(made, folder, mapped(made, folder))
    return made


def _held(world: World) -> dict[bytes, list[str]]:
    """{subject: what opens of theirs}."""
    found: dict[bytes, list[str]] = {}
    with world.desk.store.read() as tx:
        (vault,) = tx.find("vault", name=NAME)
        reader = Reader(world.desk, tx, str(vault["id"]))
        for row in tx.find("record", vault=vault["id"]):
            found.setdefault(row["subject"], []).append(f"{row['compartment']} {unpack(reader.open(row))[1]}")
        reader.close()
    return found


def _aside(world: World) -> str:
    return "".join(text for texts in _held(world).values() for text in texts if text.startswith(f"{QUARANTINE} "))


def _her(world: World) -> str:
    return next(
        ids.subject_text(who)
        for who, texts in _held(world).items()
        if texts[0].startswith("1 ") and HERS[0] in texts[0]
    )


def test_g4_a_row_set_aside_that_names_whoever_is_erased_goes_with_them(world: World):
    """Her ragged row and her two orders go, the one whose address only begins alike stays; what is left is whole, and asking again finds nobody."""
    assert all(value in _aside(world) for value in HERS)
    who = _her(world)
    assert erase(world.desk, [who], NAME)["quarantined"] == 3
    left = _aside(world)
    assert not any(value in left for value in HERS)
    assert ANOTHERS in left
    assert vault_check(world.desk, NAME)["ok"] is True
    assert erase(world.desk, [who], NAME)["quarantined"] == 0


@pytest.mark.parametrize("dry_run", [False, True])
def test_g7_rows_set_aside_are_no_customer_to_be_erased_by_id(world: World, dry_run: bool):
    """One of them names somebody who is held; asked by their own id, alone or among customers, whole or a table of it, all of them stay."""
    before = _aside(world)
    hold_add(world.desk, _her(world), "dispute", "", NAME)
    with world.desk.store.read() as tx:
        (vault,) = tx.find("vault", name=NAME)
        people = tx.find("subject", vault=vault["id"])
        (aside,) = {ids.subject_text(row["id"]) for row in people if row["kind"] == "quarantine"}
        layouts = {str(row["tbl"]) for row in tx.find("schema", vault=vault["id"])}
    other = next(ids.subject_text(row["id"]) for row in people if row["kind"] == "customer" and ids.subject_text(row["id"]) != _her(world))  # fmt: skip
    for subjects in ([aside], [other, aside]):
        with pytest.raises(Refused) as caught:
            erase(world.desk, subjects, NAME, dry_run=dry_run)
        assert caught.value.slug == "erase.not-a-person"
    for table in layouts:
        with pytest.raises(Refused) as caught:
            erase_part(world.desk, aside, table, None, NAME, dry_run=dry_run)
        assert caught.value.slug == "erase.not-a-person"
    assert _aside(world) == before


def test_g7_nothing_set_aside_goes_for_somebody_who_is_held(world: World):
    """A refused erasure leaves the rows where they were."""
    who, before = _her(world), _aside(world)
    hold_add(world.desk, who, "dispute", "", NAME)
    with pytest.raises(Refused, match="hold keeps"):
        erase(world.desk, [who], NAME)
    assert _aside(world) == before


def _beside(world: World) -> str:
    """Whose address stands beside hers in no row but the one that is added here."""
    return next(
        ids.subject_text(who)
        for who, texts in _held(world).items()
        if texts[0].startswith("1 ") and "kunde4@example.cn" in texts[0]
    )


@pytest.fixture
def shared(tmp_path: Path) -> World:
    """As `world`, and a ragged row that names two customers."""
    made, folder = World(tmp_path / "world"), company(tmp_path / "company", 5)
    with (folder / "customers.csv").open("a", encoding="utf-8") as table:
        table.write(f"C9999999,Both,{HERS[0]},1953-04-13,see kunde4@example.cn,extra,extra\n")
        table.write("C9999998,Neither,nobody@example.cn,1953-04-13,gut,extra,extra\n")
    sealed(made, folder, mapped(made, folder))
    return made


def test_g7_a_row_set_aside_that_names_somebody_held_stays_whoever_else_goes(shared: World):
    """The row of both stays and is counted, her other rows go; once the hold is over it goes too."""
    hold_add(shared.desk, _beside(shared), "dispute.1", "", NAME)
    her, him = _her(shared), _beside(shared)
    told = erase(shared.desk, [her], NAME)
    assert (told["quarantined"], told["kept_aside"]) == (2, 1)
    assert "kunde4@example.cn" in _aside(shared)
    hold_release(shared.desk, him, "dispute.1", NAME)
    assert erase(shared.desk, [him], NAME)["kept_aside"] == 0
    assert "kunde4@example.cn" not in _aside(shared)
    assert "nobody@example.cn" in _aside(shared)


def test_g7_an_end_takes_what_is_set_aside_but_the_rows_of_whoever_is_held(shared: World):
    """A quarantine of which a hold keeps something is none of those that go whole; all the rest of it goes."""
    hold_add(shared.desk, _beside(shared), "dispute.1", "", NAME)
    with shared.desk.store.read() as tx:
        (vault,) = tx.find("vault", name=NAME)
        whole = tx.count("subject", vault=vault["id"], kind="quarantine")
        going = list(quarantined.going(shared.desk, tx, str(vault["id"])))
    assert len(going) < whole
    assert quarantined.clear(shared.desk, str(vault["id"])) > 0
    left = _aside(shared)
    assert "kunde4@example.cn" in left
    assert "nobody@example.cn" not in left
    assert quarantined.clear(shared.desk, str(vault["id"])) == 0
    assert vault_check(shared.desk, NAME)["ok"] is True


def test_g7_a_quarantine_that_is_held_stops_nobodys_erasure(world: World):
    """It stays whole and is counted; the person goes."""
    with world.desk.store.read() as tx:
        (vault,) = tx.find("vault", name=NAME)
        aside = [row["id"] for row in tx.find("subject", vault=vault["id"], kind="quarantine")]
    for one in aside:
        hold_add(world.desk, ids.subject_text(one), "dispute.2", "", NAME)
    before = _aside(world)
    told = erase(world.desk, [_her(world)], NAME)
    assert (told["subjects"], told["quarantined"], told["kept_aside"]) == (1, 0, 3)
    assert _aside(world) == before


def test_g7_somebody_who_is_held_since_an_end_was_approved_keeps_their_row(shared: World):
    """What goes was settled, and killed before the quarantine went: the hold is looked up where the slot is zeroed."""
    with shared.desk.store.read() as tx:
        name = str(tx.find("vault", name=NAME)[0]["id"])
        going = list(quarantined.going(shared.desk, tx, name))
    doomed = Marks()
    for place in going:
        doomed.add(place)
    begun = job.begin(shared.desk, "an end", "deal-windup", {"since": 0, "elsewhere": []})
    hold_add(shared.desk, _beside(shared), "dispute.1", "", NAME)
    shred_all(shared.desk, ending(name, begun), doomed)
    assert "kunde4@example.cn" in _aside(shared)


def test_g4_whoever_was_killed_before_the_places_were_renewed_renews_them(
    world: World, monkeypatch: pytest.MonkeyPatch
):
    """The quarantine lies under a key that no backup has: the same command again finds nobody's row, and renews all the same, once."""
    world.outside.prepare("a")
    backup(world.desk, "a")
    who = _her(world)
    monkeypatch.setattr("custody.services.erase.renewed_places", lambda _: False)
    assert erase(world.desk, [who], NAME)["backed_up"] is False
    monkeypatch.undo()
    assert erase(world.desk, [who], NAME)["backed_up"] is True
    assert erase(world.desk, [who], NAME)["backed_up"] is None
    before = _aside(world)
    catch_up(world.desk)
    world.lose()
    world.restore("a")
    assert sorted(_aside(world)) == sorted(before)


def _cost(world: World, her: str, monkeypatch: pytest.MonkeyPatch) -> tuple[int, set[bytes]]:
    """(keyrings opened, whose records were) to learn which rows name her and may go."""
    keyrings, opened, opens, ring = [0], set[bytes](), Reader.open, reading.open_keyring

    def count(*args: object) -> object:
        keyrings[0] += 1
        return ring(*args)

    def note(reader: Reader, record: dict) -> bytes:
        opened.add(record["subject"])
        return opens(reader, record)

    with world.desk.store.read() as tx:
        vault = str(tx.find("vault", name=NAME)[0]["id"])
    with monkeypatch.context() as patched:
        patched.setattr(reading, "open_keyring", count)
        patched.setattr(Reader, "open", note)
        quarantined.naming(world.desk, vault, [ids.subject_bytes(her)])
    return keyrings[0], opened


def test_what_an_erasure_costs_does_not_grow_with_everybody_who_is_held(shared: World, monkeypatch: pytest.MonkeyPatch):
    """Keyring and layouts are opened once for all of them, be it one or many."""
    her = _her(shared)
    with shared.desk.store.read() as tx:
        vault = str(tx.find("vault", name=NAME)[0]["id"])
        people = {row["id"]: row["kind"] for row in tx.find("subject", order=("id",), vault=vault)}
    others = [who for who, kind in people.items() if kind != "quarantine" and who != ids.subject_bytes(her)]
    aside = {who for who, kind in people.items() if kind == "quarantine"}
    hold_add(shared.desk, ids.subject_text(others[0]), "dispute", "", NAME)
    few, opened = _cost(shared, her, monkeypatch)
    assert opened == aside | {ids.subject_bytes(her), others[0]}
    for who in others[1:]:
        hold_add(shared.desk, ids.subject_text(who), "dispute", "", NAME)
    many, opened = _cost(shared, her, monkeypatch)
    assert (many, opened) == (few, set(people))


@pytest.mark.parametrize(
    ("written", "meant"),
    [("１３８００１３８０００", "13800138000"), ("a＠example.cn", "a@example.cn"), ("138.0013.8000", "13800138000"), ("QQ13800138000", "13800138000"),
     ("+86 138-0013-8000", "13800138000")],
)  # fmt: skip
def test_g4_an_identifier_is_met_in_whatever_form_it_was_written(written: str, meant: str):
    """Full width is everyday in exports, and a row is set aside just because its form was odd."""
    line = f"C1,{written},gut".encode("gb18030")
    assert meant in quarantined._words(pack(1, ["customers", 1, None, "row.ragged", line]))


@pytest.mark.parametrize("written", ["1380.5", "C13800138", "138001380001", "No. 1380013.80"])
def test_a_price_or_a_part_of_another_number_names_nobody(written: str):
    """What only resembles an identifier takes no row with it."""
    line = f"C1,{written},gut".encode()
    assert not {"13805", "13800138", "13800138000"} & quarantined._words(
        pack(1, ["customers", 1, None, "row.ragged", line])
    )
