"""A5: what later releases did to rows is done to the facts of a backup that an earlier release wrote (spec/vault.md §21)."""

from contextlib import closing
from pathlib import Path

import pytest

from custody.acts import older_facts, refill
from custody.acts.adding import Newcomer, add_people
from custody.acts.entries import KIND, positions
from custody.adapters.stores import migrate
from custody.adapters.stores.sql import SqlStore
from custody.base.errors import Broken, Unavailable
from custody.services.backup import backup
from custody.vault.payload import pack
from tests.store import older
from tests.vault.facts_of import BEFORE_BOUNDS, BEFORE_MEMBERS, Rewrite, rewrite
from tests.vault.histories.world import World

DUE = "2026-04-01T00:00:00.000000Z"
RAN = ["0026_request_bounds", "0032_deal_member", "0046_paging"]
OLD = Rewrite(["facts", 1], BEFORE_MEMBERS, BEFORE_BOUNDS)
"""As a release of revision 0025 wrote them."""


@pytest.fixture
def world(tmp_path: Path) -> World:
    """A home with a deal, a colleague, and a request that waits, backed up and not lost yet."""
    return filled(World(tmp_path))


def filled(made: World) -> World:
    add_people(made.desk, made.vault, [Newcomer("customer", [(1, 1, pack(1, ["word"]))])])
    with made.desk.store.write() as tx:
        tx.add("matter", [{"id": "mat_1", "party": made.party, "kind": "deal", "ref": "D-1", "vault": made.vault}])
        tx.add("principal", [{"id": "prn_2", "party": made.party, "handle": "clerk", "roles": "data"}])
        tx.add("request", [{"id": "req_1", "due_at": DUE, "rule": "CN-RIGHT-45", "kind": "copy"}])
    backup(made.desk, "a")
    return made


def stands(store) -> tuple[list, list]:
    """(who is a member of a deal, how late each request may be)."""
    with store.read() as tx:
        return [row["principal"] for row in tx.find("deal_member")], [row["last_at"] for row in tx.find("request")]


def test_a5_facts_of_an_earlier_release_come_back_as_the_upgrade_leaves_them(world: World):
    """Nobody is shut out of a deal, a request that waits has its last day, and report and ledger say what was done."""
    rewrite(world, "a", OLD)
    world.lose()
    told = world.restore("a")
    assert stands(world.desk.store) == (["prn_2"], [DUE])
    assert told["brought_up"] == RAN
    with world.desk.store.read() as tx:
        said = [row["entry"] for row in tx.find("ledger_entry") if b'"kind":"restored"' in row["entry"]]
    assert all(step.encode() in said[0] for step in RAN)


@pytest.mark.part("postgresql")
def test_a5_so_they_do_on_a_server(tmp_path: Path, store_server: tuple[str, Path]):
    """In the schema beside, which then takes the name: the entries of before are found by key, too."""
    url, secret = store_server
    world = filled(World(tmp_path, server=(f"{url}?schema=older_facts", secret.read_bytes().strip())))
    rewrite(
        world,
        "a",
        Rewrite(
            ["facts", 1], ("entry_about", "publication", "work_owner", "request_act", *BEFORE_MEMBERS), BEFORE_BOUNDS
        ),
    )
    world.lose()
    told = world.restore("a")
    assert told["brought_up"] == ["0016_entry_about", "0020_seeking", "0024_row_count", *RAN]
    assert stands(world.desk.store) == (["prn_2"], [DUE])
    with world.desk.store.read() as tx:
        assert tx.count("subject", vault=world.vault, kind="customer") == 1
        assert positions(tx, world.party, KIND, "entry.restored")
    world.close()


def test_a5_facts_that_knew_members_give_the_deal_to_nobody_else(world: World):
    """Of facts that say no revision, their tables tell: who was no member is none after the restore."""
    rewrite(world, "a", Rewrite(["facts", 1]))
    world.lose()
    told = world.restore("a")
    assert told["brought_up"] == RAN[2:]
    assert stands(world.desk.store) == ([], [""])


def test_a5_facts_of_this_release_say_so(world: World):
    """Nothing is done to them twice."""
    world.lose()
    assert world.restore("a")["brought_up"] == []
    assert stands(world.desk.store) == ([], [""])


def test_a5_the_revision_that_facts_say_counts(world: World):
    """Facts of 0030 have deals and no members: what their columns look like decides nothing."""
    rewrite(world, "a", Rewrite(["facts", 2, "0030_guardian_paper"]))
    world.lose()
    assert world.restore("a")["brought_up"] == RAN[1:]


def test_a5_a_restore_that_is_cut_off_does_it_once(world: World, monkeypatch: pytest.MonkeyPatch):
    """Cut off after it was done and before the end, it has not happened; the next attempt goes on with the same rows."""
    rewrite(world, "a", OLD)
    world.lose()
    with monkeypatch.context() as cut:
        cut.setattr(refill, "survey", _gone)
        with pytest.raises(Unavailable):
            world.restore("a")
    with closing(SqlStore(world.place.beside())) as beside:
        assert stands(beside) == ([], [""])
    world.restore("a")
    assert stands(world.desk.store) == (["prn_2"], [DUE])


def test_a5_a_restore_that_an_earlier_release_began_begins_anew(world: World, monkeypatch: pytest.MonkeyPatch):
    """Its mark names no revision, and opening the store brought the rows that were in: what an upgrade does is not done twice, and not to some."""
    rewrite(world, "a", OLD)
    world.lose()
    with monkeypatch.context() as cut:
        cut.setattr(refill, "survey", _gone)
        with pytest.raises(Unavailable):
            world.restore("a")
    with closing(SqlStore(world.place.beside())) as beside, beside.write() as tx:
        (mark,) = tx.find("outbox", space=world.party)
        bare = str(mark["topic"]).partition("@")[0]
        tx.change("outbox", {"topic": bare}, space=world.party)
        tx.bring(RAN[1:])
    with closing(SqlStore(world.place.beside())) as beside:
        assert stands(beside)[0] == ["prn_2"]
    assert world.restore("a")["brought_up"] == RAN
    assert stands(world.desk.store) == (["prn_2"], [DUE])


def _gone(*_: object) -> None:
    raise Unavailable("keys.out", "The key provider does not answer.")


def test_a5_facts_of_a_newer_release_are_refused(world: World):
    """What this release has no column for would be lost: not a row of theirs goes in."""
    rewrite(world, "a", Rewrite(["facts", 2, "9999_of_tomorrow"]))
    world.lose()
    with pytest.raises(Unavailable) as refused:
        world.restore("a")
    assert refused.value.slug == "store.newer"
    with closing(SqlStore(world.place.beside())) as beside, beside.read() as tx:
        assert not tx.count("subject")


@pytest.mark.parametrize("head", [["facts", 3, "0001"], ["facts", 2, ""], ["facts", 2], ["facts", 1, "0001"]])
def test_a5_a_head_of_another_form_is_refused(head):
    """It says neither version 1 nor a revision."""
    with pytest.raises(Broken) as refused:
        older_facts.revision_said(head)
    assert refused.value.slug == "backup.object"


def test_a5_the_marks_of_older_facts_are_in_the_chain_and_the_schema(world: World):
    """Each is a revision, in order, and a column that there is; every step that facts without a revision may lack lies behind one."""
    chain = [one.revision for one in older.scripts()]
    marks = [revision for revision, _, _ in older_facts._MARKS]
    assert marks == sorted(marks, key=chain.index)
    with world.desk.store.read() as tx:
        tables = tx.tables()
        assert older_facts.head(tx) == ["facts", 2, migrate.newest()]
    assert all(column in tables[table] for _, table, column in older_facts._MARKS)
    assert older_facts.revision_shown(tables) == "0032_deal_member"
    assert older_facts.revision_shown({}) == chain[0]
