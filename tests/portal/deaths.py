"""Somebody who died, as it is entered."""

from pathlib import Path

from custody.acts.matters import EVERYTHING, record_evidence
from custody.base.clock import stamp
from custody.law.gate import DIED
from tests.portal.conftest import at


def died(where: Path, subject: bytes) -> None:
    with at(where, "zhouning") as desk, desk.store.write() as tx:
        matter = str(tx.find("sending", subject=subject)[0]["campaign"])
        deal = str(tx.find("campaign", id=matter)[0]["matter"])
        record_evidence(tx, deal, [(subject, EVERYTHING, DIED)], stamp(desk.clock.now()), 0)
