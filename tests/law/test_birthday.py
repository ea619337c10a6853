"""C3: a child who turns 14 in mid-deal is a child until the day, and speaks for themselves from the day on."""

import struct
from datetime import date, timedelta
from pathlib import Path

import pytest

from custody.acts import on_file
from custody.acts.deciding import decide, decide_one
from custody.adapters.stores.sql import SqlStore
from custody.base import canonical
from custody.cli.rehearsal.play import FACTS
from custody.law.pack import Packs

DAY = date(2026, 4, 20)
WHO, OTHER = b"c" * 16, b"o" * 16
OPENED, BEFORE = "2026-03-16T01:00:00.000000Z", "2026-04-06T01:00:00.000000Z"
YES = ("consent.separate", "consent.separate.sensitive", "notice.delivered")


@pytest.fixture
def store(tmp_path: Path):
    """A deal with one child who turns 14 on the day, and one adult; the guardian consented to everything before."""
    made = SqlStore(f"sqlite:///{tmp_path / 'core.db'}")
    child = {
        "residence": "CN",
        "contract_status": "active",
        **{f"turns_{years}_on": str(DAY.replace(year=2012 + years)) for years in (13, 14, 16, 18)},
    }
    grown = {
        "residence": "CN",
        "contract_status": "active",
        **{f"turns_{years}_on": f"20{years:02d}-01-01" for years in (13, 14, 16, 18)},
    }
    told = {f"{group}.{leaf}": value for group, leaves in FACTS.items() for leaf, value in leaves.items()}
    with made.write() as tx:
        tx.add(
            "matter",
            [{"id": "m", "party": "p", "kind": "deal", "ref": "D-1", "version": 1, "state": "open", "vault": "v"}],
        )
        tx.add("fact", [{"matter": "m", "version": 1, "leaf": leaf, "value": canonical.encode(value), "principal": "prn", "at": OPENED}
                        for leaf, value in told.items()])  # fmt: skip
        tx.add("compartment", [{"vault": "v", "number": 1, "tier": "general", "purposes": "contract"}])
        tx.add("subject", [
            {"vault": "v", "id": who, "kind": "customer", "slots": struct.pack(">BIH", 1, 0, place), "facts": canonical.encode(facts),
             "state": "live", "members": b""}
            for place, (who, facts) in enumerate(((WHO, child), (OTHER, grown)))
        ])  # fmt: skip
        for_all = (
            (b"", kind)
            for kind in (
                "pipia.done",
                "contract.recipient",
                "basis.recorded",
                "minimum.confirmed",
                "assessment.minors",
                "necessity.recorded",
            )
        )
        own = ((who, kind) for who in (WHO, OTHER) for kind in (*YES, "consent.guardian", "guardian.relation"))
        tx.add("evidence", [_filed(who, kind, BEFORE) for who, kind in (*for_all, *own)])
    yield made
    made.close()


def _filed(who: bytes, kind: str, at: str) -> dict:
    return {"matter": "m", "subject": who, "compartment": -1, "type": kind, "at": at, "position": 0}


def _verdict(store: SqlStore, packs: Packs, who: bytes, on: date) -> tuple[str, set[str]]:
    with store.read() as tx:
        (matter,), (row,) = tx.find("matter", id="m"), tx.find("subject", vault="v", id=who)
        made = decide(tx, matter, packs, on)
        ((_, number),) = made.seen([(who, 1)])
        decision = made.decisions[number]
        assert decide_one(tx, matter, packs, on, row)[1].verdict == decision.verdict
    return decision.verdict, {lacking for reason in decision.reasons for lacking in reason.missing}


def test_c3_until_the_day_the_guardian_speaks_and_from_the_day_on_they_do(store: SqlStore, loaded: Packs):
    """Cleared by the guardian's word on the eve; on the birthday the person waits to be asked; their own word clears them again."""
    eve = DAY - timedelta(days=1)
    assert _verdict(store, loaded, WHO, eve) == ("hand_over", set())
    assert _verdict(store, loaded, WHO, DAY) == ("wait", {"consent.separate"})
    assert _verdict(store, loaded, OTHER, DAY) == ("hand_over", set())
    with store.write() as tx:
        tx.drop("evidence", matter="m", subject=WHO, type="consent.separate")
        tx.add("evidence", [_filed(WHO, "consent.separate", f"{DAY}T02:00:00.000000Z")])
    assert _verdict(store, loaded, WHO, DAY) == ("hand_over", set())


@pytest.mark.parametrize(
    ("residence", "years", "asked"),
    [("DE", 16, True), ("DE", 18, False), ("CN", 16, False), ("CN", 18, False), ("IN", 18, False)],
)
def test_c3_a_guardians_yes_ends_at_the_age_of_the_law_that_asked_for_one(store: SqlStore, loaded: Packs, residence: str, years: int, asked: bool):  # fmt: skip
    """Sixteen in Europe: from that day a yes that is not known to be their own does not count, and their own from before does; where no law asked for a guardian of that age, nothing ends. India's law is not awake yet."""
    of_age = {
        "residence": residence,
        "contract_status": "active",
        **{f"turns_{one}_on": str(DAY.replace(year=2026 + one - years)) for one in (13, 14, 16, 18)},
    }
    with store.write() as tx:
        tx.change("subject", {"facts": canonical.encode(of_age)}, vault="v", id=WHO)
    assert _held(store, loaded, DAY - timedelta(days=1)) >= {"consent.separate", "consent.guardian"}
    assert ("consent.separate" not in _held(store, loaded, DAY)) is asked
    for position, capacity in enumerate(("guardian", "self"), start=1):
        with store.write() as tx:
            tx.drop("evidence", matter="m", subject=WHO, type="consent.separate")
            tx.add("evidence", [{**_filed(WHO, "consent.separate", BEFORE), "position": position}])
            tx.add(
                "ledger_entry",
                [
                    {
                        "space": "p",
                        "position": position,
                        "entry": canonical.encode({"kind": "answered", "says": {"capacity": capacity}}),
                    }
                ],
            )
        assert ("consent.separate" not in _held(store, loaded, DAY)) is (asked and capacity == "guardian")


def test_c3_in_india_a_parents_yes_ends_at_eighteen_once_its_law_is_awake(store: SqlStore, loaded: Packs):
    """And at no age before: at sixteen it goes on."""
    day = date(2027, 6, 1)
    for years, asked in ((16, False), (18, True)):
        of_age = {
            "residence": "IN",
            "contract_status": "active",
            **{f"turns_{one}_on": str(day.replace(year=2027 + one - years)) for one in (13, 14, 16, 18)},
        }
        with store.write() as tx:
            tx.change("subject", {"facts": canonical.encode(of_age)}, vault="v", id=WHO)
        assert ("consent.separate" not in _held(store, loaded, day)) is asked


def _held(store: SqlStore, packs: Packs, on: date) -> set[str]:
    """What still counts for that person, which is the same whether one is asked about or everybody."""
    with store.read() as tx:
        (matter,), (row,) = tx.find("matter", id="m"), tx.find("subject", vault="v", id=WHO)
        held = on_file.of_person(tx, matter, row, on, packs)
        assert on_file.of_everybody(tx, matter, on, packs).get(WHO) == held
    return {kind for _, kind in held}


def test_c3_a_no_outlives_the_birthday(store: SqlStore, loaded: Packs):
    """What a guardian refused stays refused: a birthday clears nobody."""
    with store.write() as tx:
        tx.add("evidence", [_filed(WHO, "consent.refused", BEFORE)])
    for on in (DAY - timedelta(days=1), DAY):
        assert _verdict(store, loaded, WHO, on)[0] == "withhold"
