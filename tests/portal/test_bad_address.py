"""B1: one address that no message or envelope can carry costs its own message alone, and is work for somebody with the reason."""

from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock

import pytest

from custody import wiring
from custody.model.way import Way
from custody.ports.mail import Mailer
from custody.services.campaign_send import campaign_send
from custody.services.campaign_show import campaign_show
from tests.portal.campaigns import planned, relay, untold
from tests.portal.conftest import at

__all__ = ["relay", "untold"]

pytestmark = pytest.mark.part("smtp")


@dataclass
class Particular:
    """A way to a real relay that cannot put one address into an envelope, as the standard library cannot one that is not ASCII (ValueError)."""

    way_of: Mailer
    bad: str = ""
    turn: Lock = field(default_factory=Lock)

    @property
    def at_once(self) -> int:
        return self.way_of.at_once

    @property
    def way(self) -> Way:
        return self.way_of.way

    def send(self, sender: str, recipient: str, message: bytes) -> str:
        with self.turn:
            self.bad = self.bad or recipient
        return self.way_of.send(sender, f"ü{recipient}" if recipient == self.bad else recipient, message)

    def close(self) -> None:
        self.way_of.close()


@pytest.mark.parametrize("connections", [1, 4])
def test_b1_a_bad_address_does_not_stop_a_campaign(untold: Path, relay: tuple[str, Path], connections: int):
    """It is `no-address` with the reason, everybody else's message is with the relay, and nothing is in doubt but what the relay cut."""
    made = planned(untold, by=relay[0])
    mailer = Particular(wiring.mailer(relay[0], "none", "", None, 0, connections))
    with at(untold, "zhouning") as desk:
        told = campaign_send(desk, mailer, made["campaign"], 0)
        while not told["done"]:
            told = campaign_send(desk, mailer, made["campaign"], 0)
        work = campaign_show(desk, made["campaign"], 1_000)["work"]
    mailer.close()
    assert [one["state"] for one in work if one["reply"] == "address"] == ["no-address"]
    assert told["counts"]["no-address"] == made["counts"]["no-address"] + 1
    assert told["counts"]["sent"] + told["in_doubt"] == made["counts"]["planned"] - 1
    assert told["in_doubt"] <= 1
    assert len(list(relay[1].glob("*.eml"))) == made["counts"]["planned"] - 1
