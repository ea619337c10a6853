"""The whole line in suite 2: sealed, shipped, released, received, sealed anew, destroyed and verified (A1, A9, E8)."""

import json
import shutil
from pathlib import Path

import pytest

from custody.adapters.stores.sql import SqlStore
from custody.cli.rehearsal.demo import Play, Rehearsal
from custody.cli.rehearsal.half import Half, Out
from custody.package.frames import head
from tests.line.conftest import act, custody

SUITE = 2


class InSuite2:
    """A half whose vaults are made in suite 2; everything else is as in any rehearsal."""

    def __init__(self, half: Half) -> None:
        self._half = half

    def __getattr__(self, name: str) -> object:
        return getattr(self._half, name)

    def run(self, acting: str, *words: str, answers: tuple[int, ...] = (0,)) -> Out:
        """The command, with the suite where a vault is made."""
        more = ("--suite", str(SUITE)) if words[:2] == ("vault", "new") else ()
        return self._half.run(acting, *words, *more, answers=answers)


class InSm(Play):
    """The rehearsal, played by such halves."""

    def __init__(self, where: Path, source: Path, assumptions: Path, seller: Half, buyer: Half) -> None:
        super().__init__(where, source, assumptions, InSuite2(seller), buyer)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished rehearsal."""
    where = tmp_path_factory.mktemp("sm") / "demo"
    Rehearsal(where, None, 40, "en", lambda _: None).run(InSm)
    return where


def test_the_line_holds_in_suite_2(folder: Path):
    """Everything that is counted at the end agrees, as in suite 1."""
    told = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
    assert told["verified"] is True
    assert told["differing"] == 0
    assert told["handed_over"] + told["withheld"] == told["customers"] > 0
    assert told["handed_over"] > 0


@pytest.mark.parametrize(("half", "who"), [("seller", "suhe"), ("buyer", "fanyuan")])
def test_every_page_of_both_vaults_is_of_suite_2(folder: Path, half: str, who: str):
    """The buyer's vault takes the suite of the package, and the re-seal keeps it; what is not SM is listed."""
    code, told = act(folder, half, who, "vault", "check")
    assert code == 0, told
    assert told["ok"] is True
    assert told["suite"] == SUITE
    assert {one["suite"] for one in told["suites"]} == {SUITE}
    assert {"party-signatures", "key-exchange", "ledger-and-hashes"} <= set(told["not_sm"])
    assert "earlier-openings" not in told["not_sm"]


def test_the_package_is_of_suite_2(folder: Path):
    """Segment, descriptor and manifest say so, and the verifier needs no key to see that they agree."""
    package = folder / "handover" / "package"
    (segment,) = package.glob("data/segments/*.seg")
    assert head(segment.read_bytes()[:41])[0] == SUITE
    assert json.loads((package / "data" / "datapackage.json").read_bytes())["custody"]["suite"] == SUITE
    for release in folder.glob("handover/release-*/manifest.json"):
        assert json.loads(release.read_bytes())["suite"] == SUITE
    code, told = custody("verify", folder / "handover")
    assert code == 0, told


@pytest.mark.parametrize("name", ["data/segments", "data/datapackage.json"])
def test_a_package_turned_back_to_suite_1_is_refused(folder: Path, tmp_path: Path, name: str):
    """A swapped suite byte of a segment, or the word in the descriptor, is an altered package."""
    copy = tmp_path / "package"
    for path in (folder / "handover" / "package").rglob("*"):
        if path.is_file():
            target = copy / path.relative_to(folder / "handover" / "package")
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(path.read_bytes())
    target = next((copy / name).glob("*.seg")) if name == "data/segments" else copy / name
    data = target.read_bytes()
    target.write_bytes(
        data[:8] + b"\1" + data[9:] if target.suffix == ".seg" else data.replace(b'"suite":2', b'"suite":1')
    )
    assert target.read_bytes() != data
    code, told = custody("verify", copy)
    assert code == 1
    assert {one["class"] for one in told["faults"]} & {"altered", "schema"}


def test_a_vault_turned_back_in_the_store_is_refused(folder: Path, tmp_path: Path):
    """Who can write to the store cannot make the vault write in suite 1 again: by class in the check, and no reading goes on."""
    shutil.copytree(folder / "seller", tmp_path / "seller")
    store = SqlStore(f"sqlite:///{tmp_path / 'seller' / 'core.db'}")
    with store.write() as tx:
        assert tx.change("vault", {"suite": 1}) >= 1
    store.close()
    code, told = act(tmp_path, "seller", "suhe", "vault", "check")
    assert (code, told["ok"]) == (1, False)
    assert {"class": "keyring", "where": {"slug": "vault.suite-changed"}} in told["faults"]
    code, told = act(tmp_path, "seller", "suhe", "rekey")
    assert told["error"]["slug"] == "vault.suite-changed"
