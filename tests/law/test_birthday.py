"""C3: a child who turns 14 in mid-deal is a child until the day, and speaks for themselves from the day on."""

import struct
from datetime import date, timedelta
from pathlib import Path

import pytest

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


def test_c3_a_no_outlives_the_birthday(store: SqlStore, loaded: Packs):
    """What a guardian refused stays refused: a birthday clears nobody."""
    with store.write() as tx:
        tx.add("evidence", [_filed(WHO, "consent.refused", BEFORE)])
    for on in (DAY - timedelta(days=1), DAY):
        assert _verdict(store, loaded, WHO, on)[0] == "withhold"
