"""A9: a mark of silence goes to the buyer with whichever release comes next, and comes back by none once it was taken off there."""

import json
import sqlite3
from pathlib import Path

import pytest

from custody.base import ids
from tests.line.told import Told, play


class Silenced(Told):
    """Somebody of the first release asks the seller for silence afterwards, and is let go of it at the buyer before the third."""

    def play(self, *, real: bool) -> dict:
        assert not real
        self.decided()
        self.agreed("limo", "ship", "--waiting")
        said = {"full": self.agreed("zhouning", "release")}
        said["first"] = self.taken()
        late, who = sorted(self.waiting()), min(self.there())
        self.seller.run("zhouning", "suppress", "add", "--subject", who, "--reason", "asked.1")
        said |= {"delta": self.cleared(late[:1]), "second": self.taken(), "marked": self.marked(who)}
        said["lifted"] = self.buyer.run(
            "fanyuan", "suppress", "lift", "--subject", who, "--vault", "received", "--reason", "asked.2"
        )
        said |= {"more": self.cleared(late[1:2]), "third": self.taken(), "after": self.marked(who)}
        return said

    def there(self) -> list[str]:
        with sqlite3.connect(self.where / "buyer" / "core.db") as store:
            return [ids.subject_text(who) for (who,) in store.execute("SELECT id FROM subject WHERE kind = 'customer'")]

    def marked(self, who: str) -> bool:
        with sqlite3.connect(self.where / "buyer" / "core.db") as store:
            (facts,) = store.execute("SELECT facts FROM subject WHERE id = ?", (ids.subject_bytes(who),)).fetchone()
        return bool(json.loads(facts).get("no_contact"))


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory, draw: int) -> dict:
    """Every answer."""
    return play(Path(tmp_path_factory.mktemp("silenced")) / "demo", Silenced, draw)


def test_a9_who_asked_after_the_first_release_is_silent_at_the_buyer_with_the_next(told: dict):
    """The delta gives others' keys, and says of this one."""
    assert "no_contact" not in told["full"]
    assert (told["delta"]["no_contact"], told["second"]["no_contact"], told["marked"]) == (1, 1, True)


def test_a9_what_was_taken_off_at_the_buyer_no_release_puts_back(told: dict):
    """The seller still says so in the third; at the buyer their own word counts."""
    assert told["lifted"]["unmarked"] == 1
    assert told["more"]["no_contact"] == 1
    assert "no_contact" not in told["third"]
    assert told["after"] is False
