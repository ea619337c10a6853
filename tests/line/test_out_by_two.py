"""C7, A3: everything in clear leaves by two people; the approval serves one export, and only whoever it was given for takes the file."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from custody import wiring
from custody.acts import in_clear
from custody.acts.matters import deal
from custody.base.errors import Refused
from custody.services.approve import approve
from custody.services.export import export, export_fetch
from custody.services.member_add import member_add
from custody.services.principal_new import principal_new
from tests.line.conftest import act
from tests.line.homes import DEAL, desk_of, out_by_two

FEW = 50
SECRET = b"a passphrase of their own"


@pytest.fixture
def home(played: Path, tmp_path: Path) -> Path:
    """The buyer's home after a hand-over, on a copy."""
    return Path(shutil.copytree(played / "buyer", tmp_path / "buyer"))


def refused(work) -> str:
    with pytest.raises(Refused) as error:
        work()
    return error.value.slug


def test_c7_nobody_exports_everything_alone(home: Path, tmp_path: Path):
    """Not unapproved, not by one's own approval, not into another file; approved by somebody else it serves one export."""
    target, other = wiring.target(tmp_path / "out" / "c.zip"), wiring.target(tmp_path / "out" / "d.zip")
    words = ("buyer", "fanyuan", "export", DEAL, "--to", tmp_path / "out" / "c.zip")
    code, out = act(home.parent, *words)
    assert (code, out["error"]["slug"]) == (1, "act.unapproved")
    code, dry = act(home.parent, *words, "--dry-run")
    assert code == 0
    assert dry["subjects"] > FEW
    act(home.parent, "buyer", "fanyuan", "approve", *dry["would"]["approve"])
    with desk_of(home, "fanyuan") as desk:
        assert refused(lambda: export(desk, DEAL, target)) == "act.unapproved"
    out_by_two(home, target)
    with desk_of(home, "fanyuan") as desk:
        assert refused(lambda: export(desk, DEAL, other)) == "act.unapproved"
        assert not (tmp_path / "out").exists()
        told = export(desk, DEAL, target)
        assert export(desk, DEAL, target) == {**told, "resumed": True}
        assert "would" not in export(desk, DEAL, target, dry_run=True)
        (tmp_path / "out" / "c.zip").unlink()
        assert refused(lambda: export(desk, DEAL, target)) == "act.unapproved"


def test_c7_an_export_that_was_cut_short_goes_on_under_its_approval(home: Path, tmp_path: Path):
    """Whoever used it does not ask again, and the entry of the export names it."""
    target = wiring.target(tmp_path / "c.sqlite")
    out_by_two(home, target)
    with desk_of(home, "fanyuan") as desk:
        with desk.store.write() as tx:
            (given,) = tx.find("approval", act="export", used_by="", content=wanted(desk, tx, target))
            in_clear.approved(desk, tx, str(given["content"]))
        assert export(desk, DEAL, target)["resumed"] is False
        with desk.store.read() as tx:
            entry = tx.find("ledger_entry", order=("position",))[-1]["entry"]
    assert str(given["id"]).encode() in entry


def wanted(desk, tx, target) -> str:
    return in_clear.content(desk, tx, deal(desk, tx, DEAL), target)


def test_c7_a_finished_file_is_fetched_by_whom_it_was_approved_for(home: Path, tmp_path: Path):
    """A colleague who may export too has their own approved first; then it is theirs as well, and written no second time."""
    target = wiring.target(tmp_path / "c.sqlite")
    with desk_of(home, "fanyuan") as desk:
        principal_new(desk, "wenhao", ["data"], SECRET)
        member_add(desk, DEAL, "wenhao", "exports too", "")
    passphrase = home / "keys" / "principals" / "wenhao.pass"
    passphrase.write_bytes(SECRET)
    passphrase.chmod(0o600)
    out_by_two(home, target)
    with desk_of(home, "fanyuan") as desk:
        export(desk, DEAL, target)
        export_fetch(desk, DEAL, target)
    written = (tmp_path / "c.sqlite").stat().st_mtime_ns
    with desk_of(home, "wenhao") as desk:
        assert refused(lambda: export_fetch(desk, DEAL, target)) == "act.unapproved"
        asked: Any = export(desk, DEAL, target, dry_run=True)
    with desk_of(home, "yeqing") as desk:
        approve(desk, *asked["would"]["approve"])
    with desk_of(home, "wenhao") as desk:
        assert export(desk, DEAL, target)["resumed"] is True
        export_fetch(desk, DEAL, target)
    assert (tmp_path / "c.sqlite").stat().st_mtime_ns == written
