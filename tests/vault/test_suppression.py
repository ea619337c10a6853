"""A9: who is on the suppression list cannot slip back in by an import, and is contacted by nobody; the list tells nobody who they are."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest

from custody.acts.list_anew import begin_anew
from custody.acts.mirroring import catch_up
from custody.acts.reading import Reader
from custody.acts.suppressing import NO_CONTACT, listed, mark, on_list, open_list
from custody.acts.vaults import RESTORED
from custody.adapters.keys.memory import MemoryProvider
from custody.adapters.sources.counted import CountedOpener
from custody.adapters.sources.opener import FileOpener
from custody.base import canonical, ids
from custody.base.errors import Unavailable
from custody.services.backup import backup
from custody.services.datamap_accept import datamap_accept
from custody.services.erase import erase
from custody.services.recovery_print import recovery_print
from custody.services.rekey import rekey
from custody.services.restore import restore_finish
from custody.services.scan import map_text, scan
from custody.services.seal import seal
from custody.services.suppress import suppress_add, suppress_check, suppress_lift, suppress_list
from custody.services.vault_new import vault_new
from custody.vault.payload import unpack
from tests.vault.conftest import Refuses
from tests.vault.histories.world import World

LI, WANG, ZHAO = "13800138000", "wang@example.cn", "110101199003070070"
SHOP = """会员号,姓名,手机,邮箱,身份证号
QH0001,李梅,13800138000,li.mei@example.cn,11010119900307002X
QH0002,王芳,13912345678,Wang@Example.CN,11010119880101001X
QH0003,赵强,13712345678,zhao@example.cn,110101199003070070
QH0004,孙丽,13612345678,sun@example.cn,110101197505050056
"""
ORDERS = "订单号,会员号,商品,收货电话\n1,QH0001,茶,13800138000\n2,QH0002,书,13800138000\n3,QH0004,伞,13800138000\n"


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """A home with nobody sealed in it yet, and the files of a small shop."""
    made = World(tmp_path)
    shop = tmp_path / "shop"
    shop.mkdir()
    (shop / "会员.csv").write_text(SHOP, encoding="utf-8")
    (shop / "orders.csv").write_text(ORDERS, encoding="utf-8")
    yield made
    made.close()


def sealed(world: World, name: str) -> dict:
    """The shop in a new vault."""
    text = map_text(scan(FileOpener(), [str(world.root / "shop")]).datamap)
    datamap_accept(world.desk, text)
    vault_new(world.desk, name, untried=False)
    return seal(world.desk, text, [str(world.root / "shop")], name)


def everything(world: World, name: str) -> str:
    """All that can be read in a vault, quarantine and all."""
    with world.desk.store.read() as tx:
        (vault,) = tx.find("vault", name=name)
        reader = Reader(world.desk, tx, str(vault["id"]))
        found = [str(unpack(reader.open(row))[1]) for row in tx.find("record", vault=str(vault["id"]))]
        reader.close()
    return "\n".join(found)


def customers(world: World, name: str) -> list[dict]:
    """The customers of a vault, with their facts."""
    with world.desk.store.read() as tx:
        (vault,) = tx.find("vault", name=name)
        rows = tx.find("subject", order=("id",), vault=str(vault["id"]), kind="customer", state="live")
        return [canonical.decode(row["facts"]) | {"id": row["id"]} for row in rows]


def test_a9_who_was_deleted_cannot_slip_back_in(world: World):
    """After erasing with --suppress a later import counts the rows, keeps nothing of them, not even sealed, and takes everybody else."""
    first = sealed(world, "first")
    assert (first["customers"], first["suppressed"]) == (4, {})
    with world.desk.store.read() as tx:
        (vault,) = tx.find("vault", name="first")
        reader = Reader(world.desk, tx, str(vault["id"]))
        gone = next(row["subject"] for row in tx.find("record", vault=str(vault["id"])) if "李梅" in str(unpack(reader.open(row))[1]))  # fmt: skip
        reader.close()
    done = erase(world.desk, [ids.subject_text(gone)], "first", suppressed=True)
    assert done["suppressed"] >= 2
    second = sealed_again(world)
    assert second["suppressed"] == {"import": 1}
    assert (second["customers"], second["rows"], second["sealed"] + second["quarantined"]) == (3, 7, 7)
    assert {one["reason"] for one in second["quarantine"]} == {"row.suppressed"}
    text = everything(world, "second")
    assert "李梅" not in text
    assert "QH0001" not in text
    assert all(name in text for name in ("王芳", "赵强", "孙丽"))


def sealed_again(world: World) -> dict:
    """The same people in a later export."""
    (world.root / "shop" / "orders.csv").write_text(ORDERS.replace("茶", "咖啡"), encoding="utf-8")
    return sealed(world, "second")


@pytest.mark.parametrize("value", ["+86 138 0013 8000", "WANG@example.cn ", "110101 19900307 0070"])
def test_a9_however_a_value_is_written_it_is_recognised(world: World, value: str):
    """Telephone, e-mail and identity number keep out whom they name, and nobody who merely shares a parcel with them."""
    told = suppress_add(world.desk, [value], None, "import", "asked.1", None)
    assert (told["added"], suppress_add(world.desk, [value], None, "import", "asked.1", None)["added"]) == (1, 0)
    found = sealed(world, "main2")
    assert (found["suppressed"], found["customers"]) == ({"import": 1}, 3)
    assert len(everything(world, "main2").splitlines()) >= 5


def meanwhile(world: World, name: str, add: Callable[[], object]) -> dict:
    """The shop sealed into a new vault; `add` is done whenever sealed bytes are there already and a row is read."""
    text = map_text(scan(FileOpener(), [str(world.root / "shop")]).datamap)
    datamap_accept(world.desk, text)
    vault_new(world.desk, name, untried=False)

    def tell(_rows: int) -> None:
        if any((world.home / "vaults" / name).rglob("*.seg*")):
            add()

    return seal(replace(world.desk, sources=CountedOpener(FileOpener(), tell)), text, [str(world.root / "shop")], name)


@pytest.mark.parametrize("scope", ["import", "contact"])
def test_a9_who_is_put_on_the_list_while_a_company_is_sealed_is_found(world: World, scope: str):
    """Nothing of them is kept, or they are told of, as if they had stood there before; it was sealed anew once."""
    added = list[object]()

    def add() -> None:
        if not added:
            added.append(suppress_add(world.desk, ["13912345678"], None, scope, "asked.1", None)["added"])

    made = meanwhile(world, "later", add)
    assert (added, made["suppressed"]) == ([1], {scope: 1})
    assert ("13912345678" in everything(world, "later")) is (scope == "contact")
    assert sum(one.get("no_contact", False) for one in customers(world, "later")) == (scope == "contact")


def test_a9_a_list_that_never_rests_keeps_nothing(world: World):
    """After three times it is refused, nothing is in the vault, and it can be sealed when the list rests."""
    numbers = count(13900000000)

    def add() -> None:
        suppress_add(world.desk, [str(next(numbers))], None, "import", "asked.1", None)

    with pytest.raises(Unavailable) as refused:
        meanwhile(world, "later", add)
    assert refused.value.slug == "seal.list-grows"
    assert customers(world, "later") == []
    text = map_text(scan(FileOpener(), [str(world.root / "shop")]).datamap)
    assert seal(world.desk, text, [str(world.root / "shop")], "later")["customers"] == 4


def test_a9_who_may_not_be_contacted_is_taken_in_and_told_so(world: World):
    """The person stays a customer; the facts say that nobody writes to them."""
    suppress_add(world.desk, [WANG], None, "contact", "marketing", None)
    found = sealed(world, "main2")
    assert (found["suppressed"], found["customers"]) == ({"contact": 1}, 4)
    assert [one.get(NO_CONTACT, False) for one in customers(world, "main2")].count(True) == 1


def test_a9_whoever_is_there_already_is_marked(world: World):
    """Putting a value on the list marks its holder in every vault, by value and by name of the subject; erases nobody."""
    sealed(world, "main2")
    assert suppress_add(world.desk, [ZHAO, LI], None, "contact", "marketing", "main2")["marked"] >= 2
    marked = [one for one in customers(world, "main2") if one.get(NO_CONTACT)]
    other = next(one for one in customers(world, "main2") if not one.get(NO_CONTACT))
    assert len(marked) == 2
    told = suppress_add(world.desk, [], ids.subject_text(other["id"]), "import", "asked.2", "main2")
    assert (told["marked"], told["added"]) == (1, 3)
    with world.desk.store.read() as tx:
        name = str(tx.find("vault", name="main2")[0]["id"])
    assert {one["id"] for one in customers(world, "main2") if one.get(NO_CONTACT)} <= set(on_list(world.desk, name))
    with world.desk.store.write() as tx:
        assert mark(tx, name, on_list(world.desk, name)) == 0


def test_a9_whoever_is_taken_off_may_be_contacted_again(world: World):
    """Once nothing of theirs is listed any more, and not before."""
    sealed(world, "main2")
    suppress_add(world.desk, [ZHAO, LI], None, "contact", "marketing", None)
    assert sum(bool(one.get(NO_CONTACT)) for one in customers(world, "main2")) == 2
    assert suppress_lift(world.desk, LI, "asked.3")["unmarked"] >= 1
    (left,) = [one for one in customers(world, "main2") if one.get(NO_CONTACT)]
    suppress_add(world.desk, [], ids.subject_text(left["id"]), "contact", "asked.4", "main2")
    assert suppress_lift(world.desk, ZHAO, "asked.5")["unmarked"] == 0
    assert [one["id"] for one in customers(world, "main2") if one.get(NO_CONTACT)] == [left["id"]]


def test_a9_the_list_is_asked_lifted_and_counted(world: World, refuses: Refuses):
    """Asking says yes or no and is entered; lifting needs the value; counting names nobody."""
    suppress_add(world.desk, [LI], None, "import", "asked.1", None)
    assert suppress_check(world.desk, "138-0013-8000")["by"] == {"phone": "import"}
    assert suppress_check(world.desk, "13800138001")["listed"] is False
    assert suppress_list(world.desk)["rows"] == [{"scope": "import", "reason": "asked.1", "kind": "phone", "count": 1}]
    assert suppress_lift(world.desk, "+8613800138000", "asked.2")["lifted"] == 1
    assert suppress_check(world.desk, LI)["listed"] is False
    with refuses("suppress.unknown"):
        suppress_lift(world.desk, LI, "asked.2")
    for wrong, slug in ((["x"], "suppress.value"), ([LI], "suppress.reason")):
        with refuses(slug):
            suppress_add(world.desk, wrong, None, "import", "Not A Code" if wrong == [LI] else "ok", None)
    with refuses("lookup.limit"):
        for _ in range(40):
            suppress_check(world.desk, LI)


def test_a9_the_list_holds_no_value_and_no_hash_that_can_be_guessed(world: World):
    """Neither store nor ledger has the value; another company's list has other tags; without the provider there are none."""
    suppress_add(world.desk, [LI, WANG], None, "import", "asked.1", None)
    with world.desk.store.read() as tx:
        tags = {row["tag"] for row in tx.find("suppressed")}
        mine = open_list(world.desk, tx)
    data = b"".join(path.read_bytes() for path in world.home.rglob("*") if path.is_file())
    assert not any(value.encode() in data for value in (LI, WANG, "+86" + LI))
    other = replace(world.desk.card, id=ids.new("pty"))
    with world.desk.store.write() as tx:
        theirs = open_list(replace(world.desk, card=other), tx)
    assert not tags & set(theirs.tags(LI).values())
    assert set(mine.tags(LI).values()) <= tags
    with pytest.raises(Exception, match=r"root|gone|provider"):
        listed(replace(world.desk, keys=MemoryProvider()))


def test_a9_the_list_outlives_rotation_and_comes_back_with_a_restore(world: World):
    """A changed root leaves it as it is; what was listed and lifted after the backup is as it was after a loss."""
    suppress_add(world.desk, [WANG], None, "contact", "marketing", None)
    backup(world.desk, "a")
    suppress_add(world.desk, [LI], None, "import", "asked.1", None)
    suppress_lift(world.desk, WANG, "asked.2")
    rekey(world.desk, "main")
    assert suppress_check(world.desk, LI)["listed"] is True
    world.lose()
    world.restore("a")
    assert suppress_check(world.desk, LI)["by"] == {"phone": "import"}
    assert suppress_check(world.desk, WANG)["listed"] is False


def test_a9_whom_nobody_may_contact_is_silent_again_after_a_restore(world: World):
    """Listed after the backup: notices ask the facts, and those of the backup are from before."""
    sealed(world, "shop")
    backup(world.desk, "a")
    assert suppress_add(world.desk, [WANG], None, "contact", "asked.1", None)["marked"] == 1
    before = silent(world)
    world.lose()
    assert world.restore("a")["relisted"] == 1
    assert silent(world) == before
    assert len(before) == 1


def test_a9_a_restore_with_a_missing_segment_ends_and_whom_it_can_read_is_silent(world: World):
    """Of one vault nothing is left but rows: the report is shown and counts them, and the other vault's people are marked."""
    sealed(world, "shop")
    sealed(world, "gone")
    backup(world.desk, "a")
    with world.desk.store.read() as tx:
        (vault,) = tx.find("vault", name="gone")
    suppress_add(world.desk, [WANG], None, "contact", "asked.1", None)
    before = silent(world)
    for segment in (world.root / "a" / "segments" / str(vault["id"])).iterdir():
        segment.unlink()
    world.lose()
    told = world.restore("a")
    assert told["segments_missing"]
    assert told["unread"] > 0
    assert silent(world) == before
    assert len(before) == 1
    assert restore_finish(world.desk)["resumed"] is True


def silent(world: World) -> list[bytes]:
    return [one["id"] for one in customers(world, "shop") if one.get(NO_CONTACT)]


def test_a9_a_list_made_after_the_backup_comes_back_with_its_key(world: World):
    """Even when the backup knew of no list at all."""
    backup(world.desk, "a")
    suppress_add(world.desk, [LI], None, "import", "asked.1", None)
    world.lose()
    world.restore("a")
    assert suppress_check(world.desk, LI)["by"] == {"phone": "import"}


def test_a9_a_list_whose_key_is_lost_begins_anew_and_stops_nothing(world: World):
    """Sheets bring back the vault, not the list: whoever is here and marked is on the new one, the rest is counted; it outlives the next restore."""
    sealed(world, "shop")
    with world.desk.store.read() as tx:
        vaults = [str(row["name"]) for row in tx.find("vault", order=("id",))]
    suppress_add(world.desk, [WANG], None, "contact", "marketing", None)
    suppress_add(world.desk, ["gone@example.cn"], None, "import", "asked.1", None)
    sheets = [
        (f"{name}-{one['holder']}", one["text"])
        for name in vaults
        for one in recovery_print(world.desk, name, ["a", "b"], 2)["sheets"]
    ]
    backup(world.desk, "a")
    catch_up(world.desk)
    world.lose()
    for ref in list(world.provider._roots):
        world.provider.lose(ref)
    report = world.restore("a", tuple(sheets))
    assert report["list_anew"]["lost"] == suppressed(world, report)
    assert suppress_check(world.desk, "wang@example.cn")["listed"] is True
    assert suppress_check(world.desk, "gone@example.cn")["listed"] is False
    assert suppress_add(world.desk, ["gone@example.cn"], None, "import", "asked.2", None)["added"] == 1
    catch_up(world.desk)
    world.lose()
    assert world.restore("a", ())["list_anew"] is None
    assert suppress_check(world.desk, "gone@example.cn")["listed"] is True
    assert suppress_check(world.desk, "wang@example.cn")["listed"] is True


def suppressed(world: World, report: dict) -> int:
    """Tags that the entry says were lost."""
    with world.desk.store.read() as tx:
        told = [canonical.decode(row["entry"]) for row in tx.find("ledger_entry")]
    (says,) = [one["says"] for one in told if one["kind"] == "suppression-renewed"]
    assert report["list_anew"]["relisted"] > 0
    return says["lost"]


def test_a9_a_provider_that_is_away_for_a_night_costs_nobody_their_place_on_the_list(world: World):
    """A rotation looks at no list; and where one is set aside its tags are kept."""
    sealed(world, "shop")
    suppress_add(world.desk, ["gone@example.cn"], None, "import", "asked.1", None)
    with world.desk.store.read() as tx:
        (key,) = tx.find("suppression_key", party=world.desk.space)
    root = world.provider._roots.pop(str(key["ref"]))
    rekey(world.desk, "shop")
    world.provider._roots[str(key["ref"])] = root
    assert suppress_check(world.desk, "gone@example.cn")["listed"] is True
    world.provider.lose(str(key["ref"]))
    assert begin_anew(world.desk)["lost"] == 1
    with world.desk.store.read() as tx:
        assert tx.count("suppressed") == 1
        assert tx.count("suppressed", party=world.desk.space) == 0


def test_a9_of_two_who_begin_a_list_anew_the_second_leaves_the_list_of_the_first(world: World):
    """Both found its key gone; what was put on the new list meanwhile stays on it."""
    sealed(world, "shop")
    suppress_add(world.desk, ["gone@example.cn"], None, "import", "asked.1", None)
    with world.desk.store.read() as tx:
        (key,) = tx.find("suppression_key", party=world.desk.space)
    world.provider.lose(str(key["ref"]))

    class Slow:
        """While this provider answers, another one has begun it anew."""

        def state(self, ref: str) -> str:
            found = world.keys.state(ref)
            assert begin_anew(world.desk) == {"lost": 1, "relisted": 0}
            suppress_add(world.desk, ["new@example.cn"], None, "import", "asked.2", None)
            return found

    assert begin_anew(replace(world.desk, keys=Slow())) is None
    assert suppress_check(world.desk, "new@example.cn")["listed"] is True


def test_a9_who_is_known_by_an_order_alone_is_kept_out_by_what_it_says(world: World):
    """The telephone of an order keeps out whom nothing else identifies; orders of another telephone come in."""
    text = ORDERS + "4,QH0009,灯,13500000009\n"
    (world.root / "shop" / "orders.csv").write_text(text, encoding="utf-8")
    before = sealed(world, "before")
    suppress_add(world.desk, ["13500000009"], None, "import", "asked.1", None)
    assert sum(bool(one.get(NO_CONTACT)) for one in customers(world, "before")) == 1
    after = sealed(world, "after")
    assert (after["suppressed"], after["customers"]) == ({"import": 1}, before["customers"] - 1)
    assert "灯" not in everything(world, "after")
    assert "伞" in everything(world, "after")


def test_a9_a_vault_that_waits_for_its_rotation_after_a_restore_is_asked_too(world: World):
    """A place for backups is away, so its root is not changed yet: whoever is listed meanwhile is marked there as well."""
    sealed(world, "old")
    with world.desk.store.write() as tx:
        tx.change("vault", {"state": RESTORED}, name="old")
    assert suppress_add(world.desk, [WANG], None, "import", "asked.1", None)["marked"] == 1
    assert [bool(one.get(NO_CONTACT)) for one in customers(world, "old")].count(True) == 1
