"""A4: holders' shares in an escrow store: deposited by two people, given each by its own holder, tried, and used when the root is lost."""

import json
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from custody_sample import generate
from tests.commands import Commands

PEOPLE = {"suhe": "owner", "zhouning": "privacy", "limo": "data"}


class Home:
    """A folder with a home in it, and the process that commands are given to."""

    def __init__(self, path: Path, custody: Commands) -> None:
        self._path, self.custody = path, custody

    def __truediv__(self, name: str) -> Path:
        return self._path / name


def run(where: Home, who: str, *words: object) -> tuple[int, dict]:
    """One command as one of them."""
    return where.custody(*words, "--home", where / "home", "--as", who, "--passphrase-file", where / f"{who}.pass")


def slug(told: tuple[int, dict]) -> str:
    """Of a refusal."""
    assert told[0] in {1, 2, 3}, told
    return str(told[1]["error"]["slug"])


def key(where: Home, who: str) -> Path:
    """Where a holder keeps their key: not in the home."""
    return where / f"stick-{who}" / f"{who}.holder"


def entries(where: Home) -> list[dict]:
    """What the ledger says."""
    store = sqlite3.connect(where / "home" / "core.db")
    told = [json.loads(row[0]) for row in store.execute("SELECT entry FROM ledger_entry ORDER BY position")]
    store.close()
    return told


def approved(where: Home, who: str, second: str, *words: object) -> tuple[int, dict]:
    """Try, let the second person approve what was told, do."""
    code, tried = run(where, who, *words, "--dry-run")
    assert code == 0, tried
    assert slug(run(where, who, *words)) in {"act.unapproved", "recovery.not-lost"}
    assert run(where, second, "approve", *tried["would"]["approve"])[0] == 0
    return run(where, who, *words)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    """A real home with three people, two escrow places outside it, sealed data, and a backup."""
    where = Home(tmp_path_factory.mktemp("escrow"), Commands())
    for who in PEOPLE:
        (where / f"{who}.pass").write_text(f"a passphrase of {who}\n", encoding="utf-8")
        (where / f"{who}.pass").chmod(0o600)
    assert run(where, "suhe", "init", "--name-zh", "青禾", "--name-en", "Qinghe")[0] == 0
    for who, role in list(PEOPLE.items())[1:]:
        words = ("principal", "new", who, "--roles", role, "--new-passphrase-file", where / f"{who}.pass")
        assert run(where, "suhe", *words)[0] == 0
    config = where / "home" / "custody.toml"
    config.write_text('escrow = ["../one", "../two"]\n' + config.read_text(encoding="utf-8"), encoding="utf-8")
    generate(where / "shop", customers=12)
    assert run(where, "limo", "scan", where / "shop", "-o", where / "map.yaml")[0] == 0
    assert run(where, "zhouning", "datamap", "accept", where / "map.yaml")[0] == 0
    assert run(where, "suhe", "vault", "new", "main", "--without-recovery")[0] == 0
    assert run(where, "limo", "seal", where / "map.yaml", "--source", where / "shop", "--vault", "main")[0] == 0
    yield where
    where.custody.close()


def test_a4_each_holder_makes_a_key_and_two_people_deposit(home: Home):
    """No key, no share; a key file is its holder's alone and never replaced; a deposit takes a second person."""
    deposit = ("recovery", "deposit", *[word for who in PEOPLE for word in ("--holder", who)], "--threshold", "2")
    assert slug(run(home, "suhe", *deposit)) == "escrow.joined"
    for who in PEOPLE:
        assert run(home, who, "recovery", "join", "--to", key(home, who))[0] == 0
        assert key(home, who).stat().st_mode & 0o077 == 0
        assert slug(run(home, who, "recovery", "join", "--to", key(home, who))) == "escrow.key-there"
    code, out = approved(home, "suhe", "zhouning", *deposit)
    assert (code, out["places"], out["vaults"]) == (0, 2, 1), out
    for place in ("one", "two"):
        assert len(list((home / place).rglob("*.share"))) == 3
    kinds = [one["kind"] for one in entries(home)]
    assert kinds.count("holder-joined") == 3
    assert {"holders-named", "shares-deposited"} <= set(kinds)


def test_a4_a_rotation_deposits_anew_and_removes_the_old(home: Home):
    """After a new root the escrow store holds the shares of the new generation only."""
    before = {path.parent.name for path in (home / "one").rglob("*.share")}
    assert run(home, "suhe", "rekey")[0] == 0
    after = {path.parent.name for path in (home / "one").rglob("*.share")}
    assert len(after) == 1
    assert not after & before


def test_a4_shares_are_tried_while_nothing_is_lost(home: Home):
    """One share opens nothing, two do; another's key gives nothing; a root that is live is not recovered over."""
    opening = ("recovery", "open", "--key", key(home, "suhe"))
    assert slug(run(home, "suhe", *opening, "--dry-run")) == "shares.few"
    assert (
        slug(run(home, "zhouning", "recovery", "give", "--to", "suhe", "--key", key(home, "limo")))
        == "escrow.passphrase"
    )
    shutil.copy(home / "limo.pass", home / "stolen.pass")
    words = (
        "recovery",
        "give",
        "--to",
        "suhe",
        "--key",
        key(home, "limo"),
        "--home",
        home / "home",
        "--as",
        "zhouning",
    )
    assert home.custody(*words, "--passphrase-file", home / "stolen.pass")[0] != 0
    code, out = run(home, "zhouning", "recovery", "give", "--to", "suhe", "--key", key(home, "zhouning"))
    assert (code, out["needed"]) == (0, 2), out
    code, out = run(home, "suhe", *opening, "--dry-run")
    assert (code, out["opens"], out["root_state"], len(out["shares"])) == (0, True, "live", 2), out
    assert slug(run(home, "suhe", *opening)) == "recovery.not-lost"
    assert slug(run(home, "limo", "recovery", "open", "--key", key(home, "limo"), "--dry-run")) == "shares.few"
    kinds = [one["kind"] for one in entries(home)]
    assert (kinds.count("share-given"), kinds.count("recovery-tested")) == (1, 1)


def test_a4_a_lost_root_is_recovered_by_shares_and_two_people(home: Home):
    """The provider's roots are gone: nothing opens. Shares and an approval put the vault under a new root; a rotation frees it."""
    assert run(home, "suhe", "backup", "--to", home / "backup")[0] == 0
    for root in (home / "home" / "keys" / "roots").iterdir():
        if root.name != "NO-BACKUP":
            root.unlink()
    assert slug(run(home, "suhe", "rekey")) == "vault.root-lost"
    code, out = approved(home, "suhe", "zhouning", "recovery", "open", "--key", key(home, "suhe"))
    assert (code, out["root_state"], out["provider"]) == (0, "lost", "passphrase-file"), out
    assert run(home, "suhe", "rekey")[0] == 0
    assert run(home, "suhe", "vault", "check")[1]["counts"] == {"root.back": 1}
    saw = ("recovery", "attest", "--why", "the disk was shredded, certificate 4711")
    assert slug(run(home, "suhe", *saw)) == "act.unapproved"
    code, out = approved(home, "suhe", "zhouning", *saw)
    assert (code, out["generation"]) == (0, 2), out
    code, out = run(home, "suhe", "vault", "check")
    assert (code, out["ok"], out["counts"]) == (0, True, {}), out
    assert not list((home / "home").rglob("*.share"))
    (said,) = [one["says"] for one in entries(home) if one["kind"] == "root-attested"]
    assert "4711" not in json.dumps(said)
    assert [one["says"]["shares"] for one in entries(home) if one["kind"] == "recovered"] == [[2, 3]]


def test_a4_with_home_and_provider_gone_shares_become_sheets_for_a_restore(home: Home):
    """From an escrow place and two holders' keys alone come sheets that a restore takes."""
    assert run(home, "suhe", "backup", "--to", home / "backup")[0] == 0
    sheets = []
    for who in ("suhe", "limo"):
        words = ("recovery", "sheet", "--escrow", home / "two", "--key", key(home, who), "--to", home / f"{who}.txt")
        code, out = home.custody(*words, "--passphrase-file", home / f"{who}.pass")
        assert (code, out["holder"]) == (0, who), out
        sheets.append(home / f"{who}.txt")
    assert sheets[0].stat().st_mode & 0o077 == 0
    for left in (home / "home").glob("core.db*"):
        left.unlink()
    shutil.rmtree(home / "home" / "vaults")
    for root in (home / "home" / "keys" / "roots").iterdir():
        if root.name != "NO-BACKUP":
            root.unlink()
    words = [word for one in sheets for word in ("--sheet", one)]
    code, out = run(home, "suhe", "restore", home / "backup", *words)
    assert code == 0, out
    assert run(home, "suhe", "rekey")[0] == 0
    assert run(home, "suhe", "vault", "check")[1]["counts"] == {"root.back": 1}
