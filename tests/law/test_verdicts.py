"""The gate over columns says what deciding person by person says, whatever the order of the rows (spec/law.md §7)."""

import random
import struct
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from tests.deal_rows import open_deal

from custody.acts.deciding import decide
from custody.acts.roots import UNDECIDED
from custody.acts.verdicts import Verdicts
from custody.adapters.stores.sql import SqlStore
from custody.base import canonical
from custody.law import subject
from custody.law.gate import VERDICTS, Case, Gate
from custody.law.pack import Packs

ON = date(2026, 3, 16)
TIERS = {1: "general", 2: "sensitive"}
FACTS = {
    "seller.jurisdiction": "CN", "deal.structure": "asset_deal", "deal.handler_changes": True, "event.kind": "closing_handover",
    "event.data_leaves_entity": True, "event.identifiability": "identifiable", "event.recipient_role": "another_handler",
}  # fmt: skip
KINDS = (
    "notice.delivered",
    "consent.separate",
    "consent.separate.sensitive",
    "consent.refused",
    "objection",
    "person.died",
)


def people(count: int) -> Iterator[tuple[dict, list[tuple[int, str]]]]:
    """(row of the subject table, evidence of their own)."""
    chance = random.Random(5)
    for number in range(count):
        facts = {
            "residence": chance.choice(("CN", "DE", "JP", "XX")),
            "contract_status": chance.choice(("active", "ended")),
        }
        facts |= (
            {"turns_14_on": f"20{chance.randrange(24, 29)}-03-{chance.randrange(15, 18)}"}
            if chance.random() < 0.5
            else {}
        )
        facts |= {"last_activity": f"2024-{chance.randrange(1, 13):02d}"}
        held = sorted(chance.sample((1, 2, 14, 15), chance.randrange(5)))
        kind = chance.choice(("customer", "customer", "customer", "employee"))
        slots = b"".join(struct.pack(">BIH", one, number // 8, number % 8) for one in held)
        row = {
            "vault": "v", "id": chance.randbytes(16), "kind": kind, "slots": slots, "facts": canonical.encode(facts),
            "state": "live", "members": b"",
        }  # fmt: skip
        yield row, [(chance.choice((-1, 1, 2)), one) for one in chance.sample(KINDS, chance.randrange(3))]


@pytest.fixture(scope="module")
def drawn() -> list:
    """Three hundred people and two of them who share rows."""
    found = list(people(300))
    customers = [row["id"] for row, _ in found if row["kind"] == "customer"][:2]
    slots = struct.pack(">BIH", 1, 900, 7)
    joint = {
        **found[0][0],
        "id": b"\xff" * 16,
        "kind": "joint",
        "slots": slots,
        "facts": b"{}",
        "members": b"".join(customers),
    }
    return [*found, (joint, [])]


def gated(drawn: list, packs: Packs, folder: Path) -> Verdicts:
    """Decide a vault that holds these people."""
    store = SqlStore(f"sqlite:///{folder / 'core.db'}")
    with store.write() as tx:
        open_deal(tx, FACTS, TIERS)
        tx.add("subject", [row for row, _ in drawn])
        tx.add("evidence", [
            {"matter": "m", "subject": row["id"], "compartment": where, "type": what, "at": f"{ON}T00:00:00Z", "position": 0}
            for row, held in drawn for where, what in held
        ])  # fmt: skip
        (matter,) = tx.find("matter", id="m")
        made = decide(tx, matter, packs, ON)
    store.close()
    return made


@pytest.fixture(scope="module")
def verdicts(drawn: list, loaded: Packs, tmp_path_factory: pytest.TempPathFactory) -> Verdicts:
    """Their verdicts."""
    return gated(drawn, loaded, tmp_path_factory.mktemp("gate"))


def alone(packs: Packs, row: dict, held: list[tuple[int, str]], compartment: int) -> str:
    """One person's verdict on one compartment, decided by itself."""
    facts = canonical.decode(row["facts"])
    own = subject.facts(facts, TIERS[compartment], ["service"], ON, None)
    told = tuple(sorted((name, tuple(value) if isinstance(value, list) else value) for name, value in own.items()))
    evidence = frozenset(what for where, what in held if where in {-1, compartment})
    return Gate(packs, FACTS, ON).decide(Case(subject.regimes(facts, "CN"), told, evidence)).verdict


def test_columns_say_what_deciding_one_by_one_says(drawn: list, verdicts: Verdicts, loaded: Packs):
    """Every compartment of every customer has the verdict it has on its own; audit and quarantine have none."""
    seen = Counter()
    for row, held in drawn:
        mine = {one for one in (1, 2, 14, 15) if any(row["slots"][at] == one for at in range(0, len(row["slots"]), 7))}
        assert {place[0] for who, _, place, _ in verdicts.each() if who == row["id"]} == mine - {14, 15}
        if row["kind"] == "customer":
            for compartment in mine - {14, 15}:
                said = verdicts.verdict(row["id"], compartment)
                assert said == alone(loaded, row, held, compartment)
                seen[said] += 1
    assert len(seen) > 1


def test_totals_add_up(drawn: list, verdicts: Verdicts):
    """Each customer is counted once by the most permissive verdict, in the whole and in each tier they have."""
    customers = [row["id"] for row, _ in drawn if row["kind"] == "customer"]
    has = {(who, place[0]): number for who, _, place, number in verdicts.each()}
    of = {who: [verdicts.verdict(who, one) for one in TIERS if (who, one) in has] for who in customers}
    best = [min(told, key=VERDICTS.index, default="withhold") for told in of.values()]
    assert verdicts.by_verdict() == {one: best.count(one) for one in VERDICTS}
    assert Counter(VERDICTS[one] for one in verdicts.best_of().tolist()) == Counter(best)
    assert sum(verdicts.by_verdict().values()) == len(customers)
    for compartment, tier in TIERS.items():
        of_tier = [verdicts.verdict(who, compartment) for who in customers if (who, compartment) in has]
        assert verdicts.by_tier(TIERS)[tier] == {one: of_tier.count(one) for one in VERDICTS}
    assert sum(verdicts.members) == len(has)
    for number in range(len(verdicts.decisions)):
        who = {one for one, kind, _, vector in verdicts.each() if vector == number and kind == "customer"}
        assert verdicts.people_of([number]) == len(who)


def test_a_page_holds_each_slots_vector(verdicts: Verdicts):
    """What the pages say is what is told of each key; all other slots are undecided."""
    expected = {place: number for _, _, place, number in verdicts.each()}
    found = {}
    for compartment, page, blob in verdicts.pages():
        for slot, number in enumerate(struct.unpack(">1024H", blob)):
            if number != UNDECIDED:
                found[compartment, page, slot] = number
    assert found == expected


def test_joint_rows_take_the_strictest_verdict(drawn: list, verdicts: Verdicts):
    """Rows of two people move only as the stricter of both would."""
    joint = drawn[-1][0]
    members = [joint["members"][:16], joint["members"][16:]]
    has = {who for who, _, place, _ in verdicts.each() if place[0] == 1}
    both = [verdicts.verdict(one, 1) if one in has else None for one in members]
    assert VERDICTS.index(verdicts.verdict(joint["id"], 1)) >= max(VERDICTS.index(one) for one in both if one)


def test_the_root_does_not_depend_on_the_order_of_rows(drawn: list, verdicts: Verdicts, loaded: Packs, tmp_path: Path):
    """The same people in another order give the same root; one answer more gives another."""
    other = gated(drawn[::-1], loaded, tmp_path)
    assert other.root() == verdicts.root()
    (tmp_path / "more").mkdir()
    customer = next(
        place for place, (row, held) in enumerate(drawn) if row["kind"] == "customer" and row["slots"] and not held
    )
    changed = [(row, [(-1, "objection")] if place == customer else held) for place, (row, held) in enumerate(drawn)]
    assert gated(changed, loaded, tmp_path / "more").root() != verdicts.root()
