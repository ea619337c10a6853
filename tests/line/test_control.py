"""C9, A4: a company is sold as a whole; its data stays, its keys change hands, and whoever leaves is out."""

import base64
import json
import random
import shutil
import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from custody import wiring
from custody.acts.desk import Desk
from custody.acts.vaults import open_keyring
from custody.adapters.files.local import LocalFiles
from custody.base.errors import Missing, Unavailable
from custody.cli.rehearsal.demo import Rehearsal
from custody.cli.rehearsal.half import Out
from custody.cli.rehearsal.share import ShareTransfer
from custody.ports.host import Host
from custody.services.approve import approve
from custody.services.destroys_due import destroys_due
from custody.services.handover_control import Out as Papers
from custody.services.handover_control import Succession, handover_control
from custody.services.recovery_deposit import recovery_deposit
from custody.services.recovery_sheet import recovery_sheet
from custody.services.rekey import rekey
from custody.vault import shares, sheet
from custody.vault.escrow import HolderKey
from tests.drawn import drawn
from tests.line.conftest import act, custody
from tests.line.crashes import CRASH, SEED, crashing
from tests.line.homes import desk_of
from tests.mute import Mute
from tests.points import watched

CUSTOMERS = 60


class Watched(ShareTransfer):
    """Keeps a copy of the home from before: a backup somebody made."""

    def _control(self, deal: str) -> Out:
        if not (self.where / "before").exists():
            shutil.copytree(self.where / "seller", self.where / "before")
        return super()._control(deal)


@pytest.fixture(scope="module")
def sold(tmp_path_factory: pytest.TempPathFactory, draw: int) -> Path:
    """The folder of a finished change of control."""
    where = tmp_path_factory.mktemp("share") / "demo"
    drawn(where, CUSTOMERS, draw).run(Watched)
    return where


def told(where: Path) -> dict:
    return json.loads((where / "summary.json").read_text(encoding="utf-8"))


def control(where: Path, who: str, *words: str) -> tuple[int, dict]:
    folders = ("--sheets", where / "sheets-2", "--to", where / "out-2", "--dry-run")
    return act(where, "seller", who, "handover-control", "D-2026-0001", *words, *folders)


def test_c9_nothing_moves_and_everything_tried_is_refused(sold: Path):
    """Packing, the leaver and a lone sheet are refused; any two sheets open the vault; the old root is gone."""
    summary = told(sold)
    assert summary["customers"] == CUSTOMERS
    assert (summary["verified"], summary["trust"], summary["rows_moved"]) == (True, "pinned", 0)
    assert summary["tried"] == {
        "package": {"slug": "deal.not-a-hand-over"},
        "leaver": {"slug": "principal.revoked"},
        "roots": ["2"],
        "sheets": {"sheets": 3, "choices": 3, "opened": 3, "one": "shares.few"},
    }
    assert not (sold / "handover" / "package").exists()


def test_c1_a_change_of_control_is_closed_by_those_who_stay(sold: Path, tmp_path: Path):
    """The new owner closes it, a second person approves, the statement says what goes on."""
    where = tmp_path / "demo"
    shutil.copytree(sold, where)
    words = ("deal", "close", "D-2026-0001", "--at", where / "handover")
    code, out = act(where, "seller", "fanyuan", *words, "--dry-run")
    assert (code, out["would"]["line"]) == (0, "control"), out
    assert act(where, "seller", "fanyuan", *words)[1]["error"]["slug"] == "act.unapproved"
    assert act(where, "seller", "zhouning", "approve", *out["would"]["approve"])[0] == 0
    code, end = act(where, "seller", "fanyuan", *words)
    assert (code, end["outcome"], end["line"], end["heading"]) == (0, "completed", "control", "complete")
    card = where / "handover" / "cards" / "company.json"
    assert act(where, "seller", "fanyuan", "ledger", "export", "--to", where / "handover" / "ledger-company")[0] == 0
    assert custody("verify", where / "handover", "--trust", card)[1]["ok"] is True


def test_c9_it_runs_once(sold: Path):
    """Run again, the finished act is returned: the root is not changed a second time."""
    before = told(sold)["control"]
    Rehearsal(sold, None, CUSTOMERS, "en", lambda _: None).run(Watched)
    after = told(sold)["control"]
    assert (after["sha256"], after["to_g"], after["resumed"]) == (before["sha256"], 2, True)


def test_a4_an_older_store_does_not_open_under_the_new_keys(sold: Path, tmp_path: Path):
    """The store as it was before, put beside today's keys, opens nothing: its root does not exist any more."""
    where = tmp_path / "demo"
    shutil.copytree(sold, where)
    for name in ("core.db", "core.db-wal", "core.db-shm"):
        (where / "seller" / name).unlink(missing_ok=True)
    shutil.copy(sold / "before" / "core.db", where / "seller" / "core.db")
    (where / "seller" / "datamap.yaml").unlink()
    code, out = act(where, "seller", "suhe", "recovery", "test", *sorted((where / "sheets").glob("*.txt"))[:2])
    assert (code, out["error"]["slug"]) == (2, "keys.gone")


def test_a4_an_older_host_passphrase_opens_nothing(sold: Path, tmp_path: Path):
    """Somebody who kept the passphrase file of the host, and the files it stood over, has only what was."""
    where = tmp_path / "demo"
    shutil.copytree(sold, where)
    (where / "seller" / "keys" / "host.pass").write_bytes(b"what-it-was-before\n")
    code, out = act(where, "seller", "fanyuan", "deal", "show")
    assert (code, out["error"]["slug"]) == (1, "identity.passphrase")


def test_a4_a_half_changed_passphrase_is_finished_first(sold: Path, tmp_path: Path):
    """A new passphrase that was written before a crash takes over at the next command, for keys and roots alike."""
    where = tmp_path / "demo"
    shutil.copytree(sold, where)
    fresh = where / "seller" / "keys" / "host.pass.next"
    fresh.write_bytes(b"a-new-one-from-before-the-crash\n")
    fresh.chmod(0o600)
    code, out = act(where, "seller", "fanyuan", "recovery", "test", *sorted((where / "sheets").glob("*.txt"))[:2])
    assert (code, out.get("opens")) == (0, True), out
    assert (where / "seller" / "keys" / "host.pass").read_bytes() == b"a-new-one-from-before-the-crash\n"
    assert not fresh.exists()


def test_a4_a_root_file_that_rotted_shuts_nobody_out(sold: Path, tmp_path: Path):
    """A change of control passes it over and names it; the home opens under the new passphrase, and the schedule alarms until the file is gone."""
    where = Path(shutil.copytree(sold, tmp_path / "demo"))
    shutil.rmtree(where / "seller")
    shutil.copytree(where / "before", where / "seller")
    home, deal = where / "seller", "D-2026-0001"
    whole = next((home / "keys" / "roots").glob("vlt_*"))
    rotted = whole.with_name(f"{whole.name.rpartition('-')[0]}-99")
    rotted.write_bytes(whole.read_bytes()[:-1] + bytes([whole.read_bytes()[-1] ^ 1]))
    who = Succession(["suhe"], ["fanyuan", "yeqing", "zhouning"], 2)
    out = Papers(wiring.folder(where / "sheets-3"), wiring.folder(where / "out-3"))
    host, laws = wiring.host(home), wiring.laws_of(home)
    done = by_two(home, "fanyuan", "zhouning", lambda desk, dry: handover_control(desk, laws, host, deal, who, out, dry_run=dry))  # fmt: skip
    assert done["unopened"] == [rotted.name]
    with desk_of(home, "fanyuan") as desk:
        told = destroys_due(desk, None)
        assert (told["ok"], told["unopened"]) == (False, [rotted.name])
        rotted.unlink()
        assert (destroys_due(desk, None)["unopened"]) == []


@pytest.mark.parametrize(
    ("who", "words", "slug"),
    [
        ("fanyuan", ("--leaver", "nobody", "--holder", "yeqing", "--holder", "fanyuan"), "control.people"),
        ("fanyuan", ("--leaver", "fanyuan", "--holder", "yeqing", "--holder", "zhouning"), "control.leaver"),
        ("fanyuan", ("--holder", "yeqing", "--holder", "zhouning"), "control.leaver"),
        ("fanyuan", ("--leaver", "limo", "--holder", "yeqing"), "control.holders"),
        ("fanyuan", ("--leaver", "limo", "--holder", "yeqing", "--holder", "limo"), "control.holders"),
        ("fanyuan", ("--leaver", "limo", "--holder", "yeqing", "--holder", "zhouning", "--threshold", "1"), "control.holders"),
        ("zhouning", ("--leaver", "limo", "--holder", "yeqing", "--holder", "zhouning"), "act.role"),
    ],
)  # fmt: skip
def test_c9_a_change_that_would_lock_the_house_is_refused(
    sold: Path, tmp_path: Path, who: str, words: tuple, slug: str
):
    """Nobody unknown, no leaver acting, no lone holder, no holder who leaves, nobody but an owner."""
    where = tmp_path / "demo"
    shutil.copytree(sold, where)
    store = sqlite3.connect(where / "seller" / "core.db")
    store.execute("DELETE FROM job WHERE kind = 'handover-control'")
    store.commit()
    store.close()
    code, out = control(where, who, *words)
    assert (code, out["error"]["slug"]) in {(1, slug), (2, slug)}, out
    assert not (where / "sheets-2").exists()


@pytest.mark.soak
def test_c11_a_killed_change_of_control_resumes_to_the_same_end(sold: Path, kills: int, tmp_path: Path):
    """Killed at points of its second half and played again, it ends with one new root and nobody locked out; tests/line/test_every_point.py kills each of its commands."""
    wanted = {name: told(sold)[name] for name in ("customers", "tried", "verified", "told")}
    count = tmp_path / "count"
    play = ("--customers", CUSTOMERS, "--deal", "share")
    code, out = custody("demo", tmp_path / "whole", *play, env=crashing(CRASH_HALF="seller", CRASH_COUNT=str(count)))
    assert code == 0, out
    points = int(count.read_text(encoding="utf-8"))
    dice = random.Random(SEED)
    for n in sorted(dice.sample(range(points // 3, points), kills)):
        where = tmp_path / str(n)
        code, out = custody("demo", where, *play, env=crashing(CRASH_HALF="seller", CRASH_AT=str(n)))
        assert code == 3, (n, out)
        code, out = custody("demo", where, *play)
        assert code == 0, (n, out)
        assert {name: told(where)[name] for name in wanted} == wanted, n
    watched("demo share", kills, points - points // 3)
    assert CRASH.is_dir()


class _Host:
    """The host of that provider."""

    def __init__(self, inner: Host) -> None:
        self._inner = inner

    def renew(self) -> object:
        return Mute(self._inner.renew(), "create")


def test_c9_a_rotation_that_somebody_else_finished_is_not_the_incoming_owners(sold: Path, tmp_path: Path):
    """Cut off in the evening and finished by the scheduled run at night, which has no holders: in the morning a root of their own, and their sheets."""
    where = Path(shutil.copytree(sold, tmp_path / "demo"))
    shutil.rmtree(where / "seller")
    shutil.copytree(where / "before", where / "seller")
    home, deal = where / "seller", "D-2026-0001"
    who = Succession(["suhe"], ["fanyuan", "yeqing", "zhouning"], 2)
    out = Papers(wiring.folder(where / "sheets-3"), wiring.folder(where / "out-3"))
    with desk_of(home, "fanyuan") as desk:
        kind, content = handover_control(desk, wiring.laws_of(home), wiring.host(home), deal, who, out, dry_run=True)[
            "would"
        ]["approve"]
    with desk_of(home, "zhouning") as desk:
        approve(desk, kind, content)
    with desk_of(home, "fanyuan") as desk:
        with pytest.raises(Unavailable):
            handover_control(desk, wiring.laws_of(home), _Host(wiring.host(home)), deal, who, out)
        assert rekey(desk, None)["generation"] == 2
        done = handover_control(desk, wiring.laws_of(home), wiring.host(home), deal, who, out)
    assert (done["from_g"], done["to_g"]) == (1, 3)
    assert sorted(out.sheets.list()) == [f"recovery-main-g3-{one}.txt" for one in ("fanyuan", "yeqing", "zhouning")]


class Unread(LocalFiles):
    """A folder that takes sheets and dies before they are read back."""

    def read(self, name: str) -> bytes:
        raise Unavailable("files.out", name)


def test_a4_sheets_of_a_key_that_was_made_again_are_no_sheets(sold: Path, tmp_path: Path):
    """Written and cut off; the new root rots, the scheduled run makes another one and goes through: in the morning the sheets that lie there open nothing, and new ones are written."""
    where = Path(shutil.copytree(sold, tmp_path / "demo"))
    shutil.rmtree(where / "seller")
    shutil.copytree(where / "before", where / "seller")
    home, deal = where / "seller", "D-2026-0001"
    who = Succession(["suhe"], ["fanyuan", "yeqing", "zhouning"], 2)
    folder = wiring.folder(where / "sheets-3")
    host, laws, out = wiring.host(home), wiring.laws_of(home), Papers(folder, wiring.folder(where / "out-3"))
    torn = replace(out, sheets=Unread(where / "sheets-3"))
    with pytest.raises(Unavailable):
        by_two(home, "fanyuan", "zhouning", lambda desk, dry: handover_control(desk, laws, host, deal, who, torn, dry_run=dry))  # fmt: skip
    root = next((home / "keys" / "roots").glob("vlt_*-2"))
    root.write_bytes(root.read_bytes()[:-1] + bytes([root.read_bytes()[-1] ^ 1]))
    with desk_of(home, "fanyuan") as desk:
        assert rekey(desk, None)["generation"] == 2
        handover_control(desk, laws, wiring.host(home), deal, who, out)
    with desk_of(home, "fanyuan") as desk, desk.store.read() as tx:
        ring = open_keyring(desk, tx, str(tx.find("vault")[0]["id"]))
    some = [sheet.read(folder.read(f"recovery-main-g{ring.generation}-{name}.txt").decode()) for name in who.holders]
    assert shares.combine(some[:2]) == shares.combine(some[1:]) == ring.key


@pytest.mark.parametrize("holders", [("suhe", "limo"), ("suhe", "fanyuan", "zhouning")])
def test_a4_whoever_leaves_holds_no_share_of_the_new_key(sold: Path, tmp_path: Path, holders: tuple[str, ...]):
    """Two of two leave: nothing is deposited any more. One of three: the two who stay hold it, and the statement counts everybody who does."""
    where = Path(shutil.copytree(sold, tmp_path / "demo"))
    shutil.rmtree(where / "seller")
    shutil.copytree(where / "before", where / "seller")
    home, places = where / "seller", [where / "one", where / "two"]
    config = home / "custody.toml"
    config.write_text('escrow = ["../one", "../two"]\n' + config.read_text(encoding="utf-8"), encoding="utf-8")
    for place in places:
        place.mkdir()
    keys = {name: HolderKey.generate() for name in holders}
    for name, key in keys.items():
        wiring.folder(home).write(f"keys/holders/{name}.pub", key.public)
    by_two(home, "suhe", "zhouning", lambda desk, dry: recovery_deposit(desk, holders, 2, dry_run=dry))
    assert len(list(places[0].rglob("*.share"))) == len(holders)
    who = Succession(["suhe", "limo"], ["fanyuan", "yeqing"], 2)
    out = Papers(wiring.folder(where / "sheets-4"), wiring.folder(where / "out-4"))
    host, laws = wiring.host(home), wiring.laws_of(home)
    done = by_two(home, "fanyuan", "zhouning", lambda desk, dry: handover_control(desk, laws, host, "D-2026-0001", who, out, dry_run=dry))  # fmt: skip
    stay = set(holders) - set(who.leavers)
    assert done["holders"] == len({"fanyuan", "yeqing"} | stay)
    assert control_says(home)["holders"] == done["holders"]
    for _ in range(2):  # and of the next rotation's
        for name, key in keys.items():
            if name in stay:
                assert recovery_sheet(wiring.folder(places[1]), key, None)["generation"] == live(home)
            else:
                with pytest.raises(Missing, match="No place of the escrow store"):
                    recovery_sheet(wiring.folder(places[1]), key, None)
        with desk_of(home, "fanyuan") as desk:
            rekey(desk, None)
    assert live(home) == 4


def by_two(home: Path, who: str, second: str, act: Callable[[Desk, bool], Mapping]) -> Mapping:
    """Tried by one, approved by another, done by the first."""
    with desk_of(home, who) as desk:
        told = act(desk, True)["would"]["approve"]
    with desk_of(home, second) as desk:
        approve(desk, *told)
    with desk_of(home, who) as desk:
        return act(desk, False)


def control_says(home: Path) -> Mapping:
    """The signed statement, as the home keeps it."""
    with desk_of(home, "fanyuan") as desk, desk.store.read() as tx:
        envelope = json.loads(tx.find("statement", kind="control")[0]["envelope"])
    return json.loads(base64.b64decode(envelope["payload"]))["predicate"]


def live(home: Path) -> int:
    """The generation in force."""
    with desk_of(home, "fanyuan") as desk, desk.store.read() as tx:
        return int(tx.find("vault")[0]["generation"])
