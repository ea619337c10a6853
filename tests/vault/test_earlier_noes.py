"""B2, A9: whoever said no is recognised when a company seals its databases anew: the no to the same company holds, and nobody is asked again before its time."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from custody import wiring
from custody.acts.earlier_noes import TABLE
from custody.acts.finding import identifiers
from custody.acts.reading import Reader
from custody.base import canonical, ids
from custody.base.clock import stamp
from custody.base.signing import Signer
from custody.model.party import PartyCard
from custody.services.answers_take import answers_take
from custody.services.datamap_accept import datamap_accept
from custody.services.deal_new import deal_new
from custody.services.erase import erase
from custody.services.scan import map_text, scan
from custody.services.seal import seal
from custody.services.vault_new import vault_new
from custody.vault.payload import unpack
from tests.vault.histories.world import World

PEOPLE = {
    "李梅": "QH0001,李梅,13800138000,li.mei@example.cn,11010119900307002X",
    "王芳": "QH0002,王芳,13912345678,wang@example.cn,11010119880101001X",
    "赵强": "QH0003,赵强,13712345678,zhao@example.cn,110101199003070070",
    "孙丽": "QH0004,孙丽,13612345678,sun@example.cn,110101197505050056",
}
HEAD = "会员号,姓名,手机,邮箱,身份证号"
FACTS = {"deal.structure": "asset_deal"}


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """A company that opened a deal with a buyer over its first vault."""
    made = World(tmp_path)
    (tmp_path / "shop").mkdir()
    yield made
    made.close()


def sealed(world: World, name: str, people: dict[str, str] = PEOPLE) -> dict:
    """These people in a new vault, in another order each time."""
    lines = [HEAD, *sorted(people.values(), reverse=name == "second")]
    (world.root / "shop" / "会员.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    text = map_text(scan(world.desk.sources, [str(world.root / "shop")]).datamap)
    datamap_accept(world.desk, text)
    vault_new(world.desk, name, untried=False)
    return dict(seal(world.desk, text, [str(world.root / "shop")], name))


def buyer(world: World) -> str:
    """A company that could receive."""
    identity = Signer.generate().identity
    card = PartyCard(ids.new("pty"), "买方", "Buyer", "", "CN", identity, "separate")
    row = {"id": card.id, "own": "", "card": canonical.encode(card.to_json()), "identity": identity.id, "confirmed_at": stamp(world.clock.now())}  # fmt: skip
    with world.desk.store.write() as tx:
        tx.add("party", [row])
    return card.id


def opened(world: World, party: str, vault: str) -> dict:
    return dict(deal_new(world.desk, wiring.laws(), FACTS, party, vault))


def who(world: World, vault: str) -> dict[str, bytes]:
    """{name: id} of everybody in a vault."""
    with world.desk.store.read() as tx:
        (row,) = tx.find("vault", name=vault)
        with Reader(world.desk, tx, str(row["id"])) as reader:
            told = {one["subject"]: str(unpack(reader.open(one))[1]) for one in tx.find("record", vault=row["id"])
                    if one["schema"] in identifiers(tx, str(row["id"]))}  # fmt: skip
    return {name: subject for subject, text in told.items() for name in PEOPLE if PEOPLE[name].split(",")[3] in text}


def said(world: World, deal: str, subject: bytes, answer: str) -> None:
    answers_take(world.desk, wiring.laws(), deal, f"subject,answer\n{ids.subject_text(subject)},{answer}\n".encode())


def on_file(world: World, deal: str) -> dict[str, set[str]]:
    """{answer: whom it is of} in a deal."""
    with world.desk.store.read() as tx:
        (row,) = tx.find("matter", ref=deal)
        names = {
            subject: name for name, subject in who(world, str(tx.find("vault", id=row["vault"])[0]["name"])).items()
        }
        found: dict[str, set[str]] = {}
        for one in tx.find("evidence", matter=row["id"]):
            found.setdefault(str(one["type"]), set()).add(names[one["subject"]])
        return found


def test_b2_a_no_holds_over_the_next_vault(world: World):
    """By telephone, e-mail or number: with the same buyer, as of its own day; another buyer is told of none; who died did so for all; deal new says how many came along."""
    sealed(world, "first")
    x, y = buyer(world), buyer(world)
    deal, old = str(opened(world, x, "first")["ref"]), who(world, "first")
    for name, answer in (("李梅", "objection"), ("王芳", "consent.refused"), ("赵强", "person.died")):
        said(world, deal, old[name], answer)
    with world.desk.store.read() as tx:
        days = {row["type"]: row["at"] for row in tx.find("evidence") if row["subject"] in old.values()}
    moved = PEOPLE | {"李梅": "QH0001,李梅,13511112222,li.mei@example.cn,11010119900307002X"}
    again = sealed(world, "second", moved)
    assert again["noes_along"] == 3
    new = opened(world, x, "second")
    assert (new["noes_along"], new.get("older_noes")) == (2, None)
    told = on_file(world, str(new["ref"]))
    assert told == {"objection": {"李梅"}, "consent.refused": {"王芳"}, "person.died": {"赵强"}}
    with world.desk.store.read() as tx:
        (row,) = tx.find("matter", ref=new["ref"])
        assert {one["type"]: one["at"] for one in tx.find("evidence", matter=row["id"])} == days
    other = opened(world, y, "second")
    assert "noes_along" not in other
    assert on_file(world, str(other["ref"])) == {"person.died": {"赵强"}}


def test_b2_what_was_taken_back_or_came_later_does_not_come_along(world: World):
    """A no lifted where it was said, also after the sealing, is none; one that was said after it is told of by its number alone, as is one of somebody who is not in the new vault."""
    sealed(world, "first")
    x = buyer(world)
    deal, old = str(opened(world, x, "first")["ref"]), who(world, "first")
    for name in ("李梅", "王芳", "赵强"):
        said(world, deal, old[name], "objection")
    assert sealed(world, "second", {name: line for name, line in PEOPLE.items() if name != "赵强"})["noes_along"] == 2
    said(world, deal, old["孙丽"], "objection")
    with world.desk.store.write() as tx:
        tx.drop("evidence", subject=old["李梅"], type="objection")  # as their page does
    new = opened(world, x, "second")
    assert (new["noes_along"], new["older_noes"]) == (1, [{"vault": "first", "people": 2}])
    assert on_file(world, str(new["ref"])) == {"objection": {"王芳"}}


def test_b2_a_no_to_another_company_after_the_sealing_is_heard_of_whoever_was_recognised(world: World):
    """Known here by their no to one company, they say no over the older vault to a second one, and wider to the first: both come along."""
    sealed(world, "first")
    x, y = buyer(world), buyer(world)
    old = who(world, "first")
    one, two = (str(opened(world, each, "first")["ref"]) for each in (x, y))
    said(world, one, old["李梅"], "consent.refused")
    assert sealed(world, "second")["noes_along"] == 1
    said(world, two, old["李梅"], "objection")
    said(world, one, old["李梅"], "withdrawal")
    to_y, to_x = opened(world, y, "second"), opened(world, x, "second")
    assert on_file(world, str(to_y["ref"]))["objection"] == {"李梅"}
    assert on_file(world, str(to_x["ref"])) == {"consent.refused": {"李梅"}, "withdrawal": {"李梅"}}
    assert (to_y["noes_along"], to_y.get("older_noes")) == (1, None)


def test_b2_a_no_goes_on_from_vault_to_vault(world: World):
    """Also over one in which no deal was opened; and once its person took it back in the newest, no later deal there brings it again."""
    sealed(world, "first")
    x = buyer(world)
    deal, old = str(opened(world, x, "first")["ref"]), who(world, "first")
    said(world, deal, old["李梅"], "objection")
    sealed(world, "second")
    assert sealed(world, "third")["noes_along"] == 1
    new = str(opened(world, x, "third")["ref"])
    assert on_file(world, new) == {"objection": {"李梅"}}
    with world.desk.store.write() as tx:
        tx.drop("evidence", matter=tx.find("matter", ref=new)[0]["id"], type="objection")
    facts = {"deal.structure": "asset_deal", "deal.authority_approved": True}
    later = dict(deal_new(world.desk, wiring.laws(), facts, x, "third"))
    assert "noes_along" not in later
    assert on_file(world, str(later["ref"])) == {}


def test_b2_whom_nobody_can_recognise_is_told_by_number(world: World):
    """Erased in the old vault, nothing is left to know them by: nothing of them is kept beside it, and the sealing goes on."""
    sealed(world, "first")
    x = buyer(world)
    deal, old = str(opened(world, x, "first")["ref"]), who(world, "first")
    said(world, deal, old["李梅"], "objection")
    erase(world.desk, [ids.subject_text(old["李梅"])], "first")
    assert "noes_along" not in sealed(world, "second")
    with world.desk.store.read() as tx:
        assert not tx.count(TABLE)
    assert opened(world, x, "second")["older_noes"] == [{"vault": "first", "people": 1}]
