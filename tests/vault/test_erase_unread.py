"""G4, A8: what nobody can read stops no erasure; what of it goes goes unopened, and what was not looked through is told for as long as it is there (spec/vault.md §9)."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from custody.acts import unread_rows
from custody.acts.closed_accounts import keep_away
from custody.acts.reading import Reader
from custody.acts.suppressing import silenced
from custody.acts.vaults import QUARANTINE
from custody.base import ids
from custody.base.errors import CustodyError, Refused
from custody.base.signing import Signer
from custody.services.erase import erase
from custody.services.hold import hold_add, hold_release
from custody.services.vault_check import vault_check
from custody.vault.payload import unpack
from tests.vault.histories.world import World
from tests.vault.sealing import company, mapped, sealed
from tests.vault.second import approve, join

NAME = "second"
HERS, ANOTHERS = "kunde3@example.cn", "kunde30@example.cn"


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """Five customers; set aside are three ragged rows, one of which has the address of the fourth."""
    made, folder = World(tmp_path / "world"), company(tmp_path / "company", 5)
    with (folder / "customers.csv").open("a", encoding="utf-8") as table:
        for address in (HERS, ANOTHERS, "nobody@example.cn"):
            table.write(f"C9999999,Kunde Nummer 3,{address},1953-04-13,gut,extra,extra\n")
    sealed(made, folder, mapped(made, folder))
    made.second = Signer.generate()
    join(made, made.second)
    yield made
    made.close()


def vault(world: World) -> str:
    with world.desk.store.read() as tx:
        return str(tx.find("vault", name=NAME)[0]["id"])


def texts(world: World) -> list[tuple[dict, str]]:
    """(its row, what it says), of every record that opens."""
    found = []
    with world.desk.store.read() as tx, Reader(world.desk, tx, vault(world)) as reader:
        for row in tx.find("record", order=("compartment", "record"), vault=vault(world)):
            try:
                found.append((row, str(unpack(reader.open(row))[1])))
            except CustodyError:
                continue
    return found


def of(world: World, word: str, *, aside: bool) -> list[dict]:
    """The rows of records in which a word stands."""
    return [row for row, text in texts(world) if word in text and (row["compartment"] == QUARANTINE) == aside]


def flipped(world: World, row: dict) -> None:
    """One bit of a record rots; again, and it is whole."""
    with world.desk.store.read() as tx:
        (segment,) = tx.find("segment", vault=vault(world), id=row["segment"])
    path = world.home / str(segment["file"])
    data = bytearray(path.read_bytes())
    data[row["position"] + 70] ^= 1
    path.write_bytes(data)


def her(world: World) -> str:
    return ids.subject_text(of(world, HERS, aside=False)[0]["subject"])


def others(world: World) -> str:
    return ids.subject_text(of(world, "kunde2@example.cn", aside=False)[0]["subject"])


def own(world: World) -> set[bytes]:
    """Whose own records open."""
    return {row["subject"] for row, _ in texts(world) if row["compartment"] == 1}


def counts(world: World) -> dict[str, int]:
    return vault_check(world.desk, NAME)["counts"]


def entry(world: World) -> bytes:
    """The newest entry of an erasure of whole people."""
    with world.desk.store.read() as tx:
        rows = [
            row["entry"] for row in tx.find("ledger_entry", order=("position",)) if b'"kind":"erased"' in row["entry"]
        ]
    return next(row for row in reversed(rows) if b'"part"' not in row)


def test_a8_a_row_that_nobody_can_read_is_unseen_also_when_it_opens_again(world: World):
    """Whoever was erased is known by nothing then: the fault stays until those rows are let go, on a second person's word."""
    rows = of(world, "", aside=True)
    quiet, before = others(world), own(world)
    for row in rows:
        flipped(world, row)
    told = erase(world.desk, [quiet], NAME)
    assert (told["quarantined"], told["aside_unread"]) == (0, len(rows))
    assert b'"aside_unread":' in entry(world)
    assert counts(world)["quarantine.unseen"] == 1
    for row in rows:
        flipped(world, row)
    assert of(world, HERS, aside=True)
    assert counts(world) == {"quarantine.unseen": 1}
    assert not vault_check(world.desk, NAME)["ok"]
    with pytest.raises(Refused) as refused:
        erase(world.desk, [quiet], NAME, unread=True)
    _, _, act, content = str(refused.value.next).split()
    approve(world, world.second, {"approve": {"act": act, "content": content}})
    assert erase(world.desk, [quiet], NAME, unread=True)["quarantined"] == told["aside_unread"]
    assert not of(world, HERS, aside=True)
    assert vault_check(world.desk, NAME)["ok"]
    assert own(world) == before - {ids.subject_bytes(quiet)}


def test_a8_what_lies_under_one_key_with_a_row_that_goes_goes_along(world: World):
    """Her row goes, so the key of its quarantine does; the rotted one beside it cannot be sealed anew, and that is told."""
    row = of(world, "nobody@example.cn", aside=True)[0]
    flipped(world, row)
    told = erase(world.desk, [her(world)], NAME)
    assert told["aside_unread_gone"] == 1
    assert "aside_unread" not in told
    assert not of(world, HERS, aside=True)
    assert of(world, ANOTHERS, aside=True)
    flipped(world, row)
    assert not of(world, "nobody@example.cn", aside=True)
    assert "quarantine.unseen" not in counts(world)


def test_g7_while_somebody_is_held_no_row_goes_that_may_name_them(world: World):
    """The rotted row may be about whoever is held, so neither it nor what lies under its key goes, whoever asks how."""
    row = of(world, "nobody@example.cn", aside=True)[0]
    hold_add(world.desk, others(world), "dispute.1", "", NAME)
    flipped(world, row)
    who = her(world)
    told = erase(world.desk, [who], NAME)
    assert told["quarantined"] == 0
    assert (told["kept_aside"], told["aside_unread"]) == (3, 4)
    with pytest.raises(Refused) as refused:
        erase(world.desk, [who], NAME, unread=True)
    _, _, act, content = str(refused.value.next).split()
    approve(world, world.second, {"approve": {"act": act, "content": content}})
    assert erase(world.desk, [who], NAME, unread=True)["quarantined"] == 0
    flipped(world, row)
    assert of(world, "nobody@example.cn", aside=True)
    hold_release(world.desk, others(world), "dispute.1", NAME)
    agreed(world, who)
    assert erase(world.desk, [who], NAME, unread=True)["quarantined"] == 4
    assert not of(world, "nobody@example.cn", aside=True)
    assert not of(world, HERS, aside=True)
    assert of(world, ANOTHERS, aside=True)


def agreed(world: World, who: str) -> None:
    """The second person agrees to what is refused to the first."""
    with pytest.raises(Refused) as refused:
        erase(world.desk, [who], NAME, unread=True)
    _, _, act, content = str(refused.value.next).split()
    approve(world, world.second, {"approve": {"act": act, "content": content}})


def test_g19_two_agree_to_these_rows_and_to_no_more(world: World):
    """A second row rots after the second person's word: it needs another, and nothing went."""
    first, second = of(world, "nobody@example.cn", aside=True) + of(world, ANOTHERS, aside=True)
    who = others(world)
    flipped(world, first)
    agreed(world, who)
    flipped(world, second)
    with pytest.raises(Refused):
        erase(world.desk, [who], NAME, unread=True)
    assert ids.subject_bytes(who) in own(world)
    agreed(world, who)
    assert erase(world.desk, [who], NAME, unread=True)["aside_unread_gone"] == 2


def test_g6_an_act_on_two_persons_word_goes_on_where_it_was_cut_off(world: World, monkeypatch: pytest.MonkeyPatch):
    """The rows are gone, the person is not yet: the same command ends it, and is no word for anything else."""
    who = others(world)
    flipped(world, of(world, "nobody@example.cn", aside=True)[0])
    agreed(world, who)
    with monkeypatch.context() as cut:
        cut.setattr("custody.services.erase.erase_subjects", lambda *_: 1 // 0)
        with pytest.raises(ZeroDivisionError):
            erase(world.desk, [who], NAME, unread=True)
    assert not of(world, "nobody@example.cn", aside=True)
    erase(world.desk, [who], NAME, unread=True)
    assert ids.subject_bytes(who) not in own(world)
    with pytest.raises(Refused):
        erase(world.desk, [her(world)], NAME, unread=True)


@pytest.mark.parametrize("how", ["rotted", "lost"])
def test_a8_whose_own_record_nobody_can_read_is_erased_all_the_same(world: World, how: str):
    """Nothing that is destroyed has to be opened first; that their identifiers there were looked for nowhere is told."""
    rows, who = of(world, HERS, aside=False), her(world)
    if how == "rotted":
        for row in rows:
            flipped(world, row)
    else:
        with world.desk.store.read() as tx:
            for segment in tx.find("segment", vault=vault(world)):
                (world.home / str(segment["file"])).unlink()
    told = erase(world.desk, [who], NAME, suppressed=True)
    assert told["unread"] >= 1
    assert told["slots"] >= 1
    assert b'"unread":' in entry(world)
    with world.desk.store.read() as tx:
        assert tx.find("subject", vault=vault(world), id=ids.subject_bytes(who))[0]["state"] == "erased"


def test_a9_whoever_closes_an_account_is_kept_off_as_far_as_they_can_be_read(world: World):
    """One rotted record stops nobody else's end: who has it is marked, the other's identifiers are on the list."""
    hers, whole = of(world, HERS, aside=False), others(world)
    who = her(world)
    for row in hers:
        flipped(world, row)
    with world.desk.store.read() as tx:
        (row,) = tx.find("vault", name=NAME)
    people = {ids.subject_bytes(one) for one in (who, whole)}
    assert keep_away(world.desk, row, people) >= 1
    with world.desk.store.read() as tx:
        assert silenced(tx, vault(world)) == people


def test_a8_a_dry_run_says_what_nobody_can_read(world: World):
    """Before anything is done, and nothing is."""
    flipped(world, of(world, "nobody@example.cn", aside=True)[0])
    assert erase(world.desk, [her(world)], NAME, dry_run=True)["aside_unread_gone"] == 1
    assert of(world, HERS, aside=True)


def test_a_long_list_of_rows_is_told_in_stretches():
    """A lost segment has as many rows as it likes; what an entry says of them is short."""
    who = bytes(16)
    told = unread_rows.said({who: {*range(5, 1_000_000), 2, 1_000_001}})[unread_rows.SAYS]
    assert [one[1:] for one in told] == [[2, 2], [5, 999_999], [1_000_001, 1_000_001]]
    assert unread_rows.said({}) == {}
    assert list(unread_rows._runs([])) == []
