"""A5, G11: a seller restored from before its release makes no second one under the same number, and is told what it signed since."""

import shutil
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from custody import wiring
from custody.acts import releases, stated
from custody.acts.desk import Desk
from custody.acts.matters import deal
from custody.acts.said import AGREED
from custody.adapters.stores import alone as locks
from custody.base import ids
from custody.base.errors import CustodyError, Refused
from custody.cli.rehearsal.demo import Play
from custody.services import deal_abort as ending
from custody.services.approve import approve
from custody.services.backup import backup
from custody.services.deal_abort import deal_abort
from custody.services.deal_stand import deal_stand
from custody.services.destroy import destroy
from custody.services.recall import recall
from custody.services.release import release
from custody.services.release_delta import release_delta
from custody.services.ship import ship
from tests.consented import consented
from tests.drawn import drawn
from tests.line.homes import DEAL, desk_of
from tests.line.told import Told, play, read_card

CUSTOMERS = 40
ANEW = "release.answers-lost"


class Stop(Exception):
    """Far enough."""


class Shipped(Play):
    """A hand-over up to the release, which is not made."""

    def _approved(self, who: str, second: str, act: str, deal: str) -> dict:
        if act == "release":
            raise Stop
        return super()._approved(who, second, act, deal)


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory, draw: int) -> Path:
    """The folder of a deal that could be released."""
    where = tmp_path_factory.mktemp("unknown") / "demo"
    with pytest.raises(Stop):
        drawn(where, CUSTOMERS, draw).run(Shipped)
    return where


def released(where: Path) -> Mapping:
    """By two people, into the folder of the hand-over."""
    out = wiring.folder(where / "handover")
    with desk_of(where / "seller", "zhouning") as desk:
        told = release(desk, wiring.laws(), DEAL, out, dry_run=True)
    with desk_of(where / "seller", "suhe") as desk:
        approve(desk, *told["would"]["approve"])
    with desk_of(where / "seller", "zhouning") as desk:
        return release(desk, wiring.laws(), DEAL, out)


def kept(where: Path, place: str) -> str:
    """A backup into a place of this name."""
    with desk_of(where / "seller", "suhe") as desk:
        assert backup(desk, str(where / place))["ok"] is True
    return str(where / place)


def lost_and_restored(where: Path, place: str) -> Mapping:
    """The seller's store and its segments are gone; roots, mirror and the place are there."""
    home = where / "seller"
    gone(home)
    return wiring.restored(home, place, (), "suhe", home / "keys" / "principals" / "suhe.pass")["not_in_backup"]


def gone(home: Path) -> None:
    """The store and its segments."""
    for name in ("core.db", "core.db-wal", "core.db-shm"):
        (home / name).unlink(missing_ok=True)
    shutil.rmtree(home / "vaults")


def every_act(where: Path) -> dict[str, Callable[[Desk], Mapping]]:
    """What would count releases, or say what is with the buyer."""
    out, laws = wiring.folder(where / "handover"), wiring.laws()
    return {
        "release": lambda desk: release(desk, laws, DEAL, out, dry_run=True),
        "delta": lambda desk: release_delta(desk, laws, DEAL, out, dry_run=True),
        "recall": lambda desk: recall(desk, laws, DEAL, out, dry_run=True),
        "destroy": lambda desk: destroy(desk, laws, DEAL, out, dry_run=True),
        "ship": lambda desk: ship(desk, laws, DEAL, out, dry_run=True),
        "abort": lambda desk: deal_abort(desk, DEAL, "other", out, dry_run=True),
    }


def slug(where: Path, act: Callable[[Desk], Mapping]) -> str:
    """How it is refused, '' when it is not; as whoever may do all of it."""
    with desk_of(where / "seller", "suhe") as desk:
        try:
            act(desk)
        except CustodyError as error:
            return error.slug
    return ""


def out_of(where: Path) -> set[tuple[int, int, int]]:
    """What the seller's store says is with the buyer."""
    with desk_of(where / "seller", "zhouning") as desk, desk.store.read() as tx:
        matter = deal(desk, tx, DEAL)
        return set(releases.out(tx, matter, releases.made(desk, tx, str(matter["id"]))))


def test_a5_a_release_signed_after_the_backup_is_put_back(ready: Path, tmp_path: Path):
    """The journal holds it: the deal goes on, and what went can be called back; release 1 is not made a second time."""
    where = Path(shutil.copytree(ready, tmp_path / "demo"))
    place = kept(where, "place")
    first = released(where)
    manifest = (where / "handover" / "release-0001" / "manifest.json").read_bytes()
    before = out_of(where)
    assert f"statement:released:{DEAL}" not in lost_and_restored(where, place)
    assert out_of(where) == before
    assert len(before) == first["slots"]
    with pytest.raises(Refused) as refused:
        released(where)
    assert refused.value.slug == "release.made"
    assert (where / "handover" / "release-0001" / "manifest.json").read_bytes() == manifest
    assert "release.unknown" not in {slug(where, act) for act in every_act(where).values()}


def test_a5_a_release_that_no_entry_holds_is_not_made_twice(
    ready: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """Of a home of before entries held their statements: the report names it, and every act that would go on without it is refused."""
    where = Path(shutil.copytree(ready, tmp_path / "demo"))
    place = kept(where, "place")
    with monkeypatch.context() as of_before:
        of_before.setattr(stated, "opening", lambda *_: {})
        released(where)
    manifest = (where / "handover" / "release-0001" / "manifest.json").read_bytes()
    assert lost_and_restored(where, place)[f"statement:released:{DEAL}"] == 1
    for name, act in every_act(where).items():
        assert slug(where, act) == "release.unknown", name
    with pytest.raises(Refused, match="does not know"):
        released(where)
    assert (where / "handover" / "release-0001" / "manifest.json").read_bytes() == manifest


def test_a5_a_release_that_the_backup_holds_stands(ready: Path, tmp_path: Path):
    """Restored from after it, the deal goes on: the release is returned as it was made."""
    where = Path(shutil.copytree(ready, tmp_path / "demo"))
    first = released(where)
    assert f"statement:released:{DEAL}" not in lost_and_restored(where, kept(where, "place"))
    again = as_it_stands(where)
    assert (again["id"], again["resumed"]) == (first["id"], True)
    assert "release.unknown" not in {slug(where, act) for act in every_act(where).values()}


class Restored(Told):
    """The seller's disk goes between the first release and all that follows; its backup is of before that release."""

    def play(self, *, real: bool) -> dict:
        assert not real
        self.decided()
        said = {"shipped": self.agreed("limo", "ship", "--waiting")}
        self.seller.run("suhe", "backup", "--to", str(self.where / "place"))
        said["full"] = self.agreed("zhouning", "release")
        said["restored"] = self._lost_and_restored()
        said["first"] = self.taken()
        with sqlite3.connect(self.where / "buyer" / "core.db") as store:
            found = store.execute("SELECT id FROM subject WHERE kind = 'customer' AND state = 'live' ORDER BY id")
            said["gone"] = ids.subject_text(found.fetchone()[0])
        said |= {"delta": self.cleared(sorted(self.waiting())[:3]), "second": self.taken()}
        self.answer([said["gone"]], ("withdrawal",))
        said["recall"] = self.agreed("zhouning", "recall")
        dry = self.buyer.run("fanyuan", "receive", self.deal, *self.at, "--dry-run")
        self.buyer.run("yeqing", "approve", *dry["would"]["approve"])
        said["third"] = self.taken()
        self.buyer.run("fanyuan", "reseal", self.deal, *self.at)
        said["accounted"] = self.seller.run("limo", "reconcile", self.deal, *self.at)
        said["destroyed"] = self.agreed("zhouning", "destroy")
        said["checked"] = self.seller.run("suhe", "vault", "check")
        return said

    def _lost_and_restored(self) -> Mapping:
        gone(self.seller.home)
        return self.seller.run("suhe", "restore", str(self.where / "place"))


def test_a5_a_deal_goes_on_to_its_end_after_such_a_restore(tmp_path: Path, draw: int):
    """A delta, a recall of somebody whom the forgotten release let go, every row accounted for, and the destruction."""
    said = play(tmp_path / "demo", Restored, draw)
    assert not {name for name in said["restored"]["not_in_backup"] if name.startswith("statement")}
    assert (said["delta"]["n"], said["delta"]["subjects"], said["second"]["slots"]) == (2, 3, said["delta"]["slots"])
    assert (said["recall"]["n"], said["recall"]["subjects"], said["third"]["absent"]) == (3, 1, 0)
    assert said["accounted"]["ok"]
    there = said["full"]["slots"] + said["delta"]["slots"] - said["recall"]["slots"]
    assert (said["destroyed"]["rows"], len(said["destroyed"]["certificate"]["proven"]["receipts"])) == (there, 3)
    assert said["checked"]["faults"] == []


def unanswered(where: Path) -> list:
    """The recalls that wait for an answer, as the seller's store has them."""
    with desk_of(where / "seller", "suhe") as desk:
        return list(deal_stand(desk, wiring.laws(), DEAL)["unanswered"])


class CalledBack(Told):
    """The seller's disk goes between its recall and the buyer's answer; its backup is of before that recall."""

    def play(self, *, real: bool) -> dict:
        assert not real
        self.decided()
        self.agreed("limo", "ship", "--waiting")
        self.agreed("zhouning", "release")
        self.taken()
        with sqlite3.connect(self.where / "buyer" / "core.db") as store:
            found = store.execute("SELECT id FROM subject WHERE kind = 'customer' AND state = 'live' ORDER BY id")
            gone_one = ids.subject_text(found.fetchone()[0])
        self.seller.run("suhe", "backup", "--to", str(self.where / "place"))
        self.answer([gone_one], ("withdrawal",))
        self.agreed("zhouning", "recall")
        before = unanswered(self.where)
        gone(self.seller.home)
        self.seller.run("suhe", "restore", str(self.where / "place"))
        return {"before": before, "after": unanswered(self.where), "deltas": list(self._deltas(gone_one))}

    def _deltas(self, called_back: str) -> Iterator[str]:
        """How a delta is refused after the restore, after a gate, after the withdrawal was entered again; and who goes after a yes."""
        yield self._delta()
        self.seller.run("zhouning", "gate", self.deal)
        yield self._delta()
        self.answer([called_back], ("withdrawal",))
        self.seller.run("zhouning", "gate", self.deal)
        yield self._delta()
        self._clock("2026-04-20T09:00:00+08:00")
        yes = consented([called_back], AGREED, read_card(self.where, "buyer").name_zh, at="2026-04-19T02:00:00Z")
        (records := self.where / "yes.csv").write_text(yes, encoding="utf-8")
        self.seller.run("zhouning", "consent-import", self.deal, str(records))
        assert not self.seller.run("limo", "consent-import", self.deal, str(records))["quarantined"]
        self.seller.run("zhouning", "gate", self.deal)
        yield str(self.agreed("zhouning", "release", "--delta")["subjects"])

    def _delta(self) -> str:
        out = wiring.folder(self.where / "handover")
        return slug(self.where, lambda desk: release_delta(desk, wiring.laws(), DEAL, out, dry_run=True))


def test_c7_a_recall_of_before_the_loss_is_still_to_be_answered(tmp_path: Path, draw: int):
    """Its clock runs on: the statement came back with the mirror. And whom it took goes again on an answer of after the loss alone (G9)."""
    said = play(tmp_path / "demo", CalledBack, draw)
    assert len(said["before"]) == 1
    assert said["after"] == said["before"]
    assert said["deltas"] == [ANEW, ANEW, "release.nothing", "1"]


def as_it_stands(where: Path) -> Mapping:
    """The release as it stands."""
    with desk_of(where / "seller", "zhouning") as desk:
        return release(desk, wiring.laws(), DEAL, wiring.folder(where / "handover"))


def test_c1_nothing_is_released_while_a_deal_is_being_broken_off(
    ready: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """A release that comes between the look and the end is refused: no statement says that nothing went while keys are with the bidder."""
    where = Path(shutil.copytree(ready, tmp_path / "demo"))
    out, met = wiring.folder(where / "handover"), list[str]()
    with desk_of(where / "seller", "suhe") as desk:
        wanted = deal_abort(desk, DEAL, "other", out, dry_run=True)["would"]
    with desk_of(where / "seller", "zhouning") as desk:
        approve(desk, *wanted["approve"])
    begin = ending.job.begin

    def between(*told: object) -> Mapping:
        with pytest.raises(CustodyError) as caught:
            released(where)
        met.append(caught.value.slug)
        return begin(*told)

    monkeypatch.setattr(locks, "WAIT_SECONDS", 0.3)
    with monkeypatch.context() as patch, desk_of(where / "seller", "suhe") as desk:
        patch.setattr(ending.job, "begin", between)
        assert deal_abort(desk, DEAL, "other", out)["state"] == "aborted"
    assert met == ["vault.busy"]
    for dry_run in (True, False):
        assert (
            slug(where, lambda desk, dry=dry_run: release(desk, wiring.laws(), DEAL, out, dry_run=dry)) == "deal.ended"
        )
    with desk_of(where / "seller", "zhouning") as desk, desk.store.read() as tx:
        assert tx.count("statement", kind="released") == 0
