"""A4: recovery sheets printed and tried before the first seal; wrong ones refused by name; a home restored from them alone."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from custody_sample import generate
from tests.line.conftest import ROOT, act, custody

HOLDERS = ("fanyuan", "yeqing", "luzhou")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A real home with one person of all roles, and a vault that waits for its sheets."""
    tmp_path = tmp_path_factory.mktemp("recovery")
    secret = tmp_path / "suhe.pass"
    secret.write_text("a passphrase of suhe\n", encoding="utf-8")
    secret.chmod(0o600)
    assert run(tmp_path, "init", "--name-zh", "青禾", "--name-en", "Qinghe")[0] == 0
    assert run(tmp_path, "vault", "new", "main")[1]["state"] == "untried"
    return tmp_path


def run(where: Path, *words: object) -> tuple[int, dict]:
    """One command as suhe."""
    return custody(*words, "--home", where / "home", "--as", "suhe", "--passphrase-file", where / "suhe.pass")


def printed(where: Path, folder: str) -> list[Path]:
    """Three sheets of the vault, two of which open it."""
    names = [word for one in HOLDERS for word in ("--holder", one)]
    code, out = run(where, "recovery", "print", *names, "--to", where / folder, "--vault", "main")
    assert code == 0, out
    assert (out["threshold"], len(out["files"])) == (2, 3)
    return [where / folder / name for name in out["files"]]


def slug(told: tuple[int, dict]) -> str:
    """Of a refusal."""
    assert told[0] in {1, 2}, told
    return str(told[1]["error"]["slug"])


def test_a4_no_data_enters_before_the_sheets_were_tried(home: Path):
    """A vault made first waits: sealing is refused until enough sheets of its own have opened it."""
    generate(home / "shop", customers=20)
    assert run(home, "scan", home / "shop", "-o", home / "map.yaml")[0] == 0
    assert run(home, "datamap", "accept", home / "map.yaml")[0] == 0
    sealing = ("seal", home / "map.yaml", "--source", home / "shop", "--vault", "main")
    assert slug(run(home, *sealing)) == "seal.untried"
    sheets = printed(home, "sheets")
    assert slug(run(home, *sealing)) == "seal.untried"
    assert slug(run(home, "recovery", "test", sheets[0], "--vault", "main")) == "shares.few"
    assert slug(run(home, *sealing)) == "seal.untried"
    for pair in (sheets[:2], sheets[1:]):
        assert run(home, "recovery", "test", *pair, "--vault", "main")[1]["opens"] is True
    code, out = run(home, *sealing)
    assert code == 0, out
    assert run(home, "vault", "check", "--vault", "main")[1]["ok"] is True


def test_a4_a_person_types_the_sheets_back(home: Path):
    """From the keyboard, in lower case, with spaces lost and words between, two sheets open the vault."""
    sheets = printed(home, "sheets")
    text = "\n".join(one.read_text(encoding="utf-8").lower().replace(" " * 2, " ") for one in sheets[:2])
    words = [sys.executable, "-m", "custody", "recovery", "test", "--typed", "--vault", "main", "--home", str(home / "home"), "--as", "suhe",
             "--passphrase-file", str(home / "suhe.pass"), "--json"]  # fmt: skip
    path = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    done = subprocess.run(words, input=text, capture_output=True, text=True, env=path, check=False)
    assert done.returncode == 0, done.stdout
    assert '"opens": true' in done.stdout.replace('":true', '": true')
    slipped = text.replace(text.split("\n\n")[-1][:1], "0", 1)
    assert (
        subprocess.run(words, input=slipped[:200], capture_output=True, text=True, env=path, check=False).returncode
        == 2
    )


def test_a4_a_wrong_sheet_is_refused_by_name(home: Path):
    """Mistyped, of another printing, given twice, of another vault, of an older generation: each is told, and which sheet it is."""
    one, two, three = printed(home, "sheets")
    other = printed(home, "again")
    bad = home / "mistyped.txt"
    lines = two.read_text(encoding="utf-8").split("\n")
    number = next(number for number, line in enumerate(lines) if len(line.split()) == 8)
    first = lines[number][0]
    lines[number] = ("B" if first != "B" else "C") + lines[number][1:]
    bad.write_text("\n".join(lines), encoding="utf-8")
    told = run(home, "recovery", "test", one, bad)
    assert slug(told) == "shares.sheet"
    assert told[1]["error"]["where"] == {"sheet": "mistyped.txt"}
    told = run(home, "recovery", "test", one, two, other[2])
    assert slug(told) == "shares.mixed"
    assert told[1]["error"]["where"]["sheet"] == other[2].name
    assert slug(run(home, "recovery", "test", one, one)) == "shares.twice"
    run(home, "vault", "new", "second")
    assert slug(run(home, "recovery", "test", one, three, "--vault", "second")) == "shares.other"
    assert run(home, "recovery", "test", one, three, "--vault", "main")[0] == 0
    assert run(home, "rekey", "--vault", "main")[0] == 0
    told = run(home, "recovery", "test", one, three, "--vault", "main")
    assert slug(told) == "shares.other"
    assert f"generation {one.stem.split('-g')[1].split('-')[0]};" in told[1]["error"]["message"]


def test_a4_sheets_are_secret_files_and_paper_in_both_languages(home: Path):
    """Texts and PDFs are their owner's alone; the text speaks both languages and names no customer."""
    for sheet in printed(home, "sheets"):
        pdf = sheet.with_suffix(".pdf")
        assert sheet.stat().st_mode & 0o077 == pdf.stat().st_mode & 0o077 == 0
        assert pdf.read_bytes().startswith(b"%PDF-")
        assert "恢复份额" in sheet.read_text(encoding="utf-8")
        assert "recovery share" in sheet.read_text(encoding="utf-8")


def test_a4_a_home_comes_back_from_sheets_when_its_root_is_gone(played: Path, tmp_path: Path):
    """Store, segments and every root lost: too few and foreign sheets are refused by name, two of three bring all back."""
    where = tmp_path / "demo"
    shutil.copytree(played, where)
    suhe = (where, "seller", "suhe")
    sheets = act(
        *suhe, "recovery", "print", *[word for one in HOLDERS for word in ("--holder", one)], "--to", where / "sheets"
    )[1]["files"]
    files = [where / "sheets" / name for name in sheets]
    assert act(*suhe, "backup", "--to", where / "backups")[0] == 0
    before = act(*suhe, "vault", "list")[1]["vaults"][0]
    seller = where / "seller"
    shutil.rmtree(seller / "vaults")
    shutil.rmtree(seller / "keys" / "roots")
    for left in seller.glob("core.db*"):
        left.unlink()
    files_anew = [word for one in (files[0], files[2]) for word in ("--sheet", one)]
    for words in ((), files_anew):
        code, out = act(*suhe, "restore", where / "backups", *words)
        assert (code, out["error"]["slug"]) == (3, "keys.folder")
    (seller / "keys" / "roots").mkdir(mode=0o700)  # it is lost for good, and somebody says so
    (seller / "keys" / "roots" / "NO-BACKUP").touch()
    assert slug(act(*suhe, "restore", where / "backups")) == "restore.keys"
    assert slug(act(*suhe, "restore", where / "backups", "--sheet", files[0])) == "restore.sheets"
    code, out = act(*suhe, "restore", where / "backups", *files_anew)
    assert code == 0, out
    (report,) = out["vaults"].values()
    assert len(out["recovered"]) == 1
    assert report["records_without_key_count"] == 0
    after = act(*suhe, "vault", "list")[1]["vaults"][0]
    assert (after["customers"], after["sealed"]) == (before["customers"], before["sealed"])
    assert after["generation"] > before["generation"]
    waits = act(*suhe, "vault", "check")[1]
    assert [(one["class"], one["where"]["slug"]) for one in waits["faults"]] == [("root.back", "keys.lost")]
    attest = ("recovery", "attest", "--why", "the disk was shredded before us")
    assert slug(act(*suhe, *attest)) == "act.unapproved"
    assert act(where, "seller", "zhouning", "approve", *act(*suhe, *attest, "--dry-run")[1]["would"]["approve"])[0] == 0
    assert act(*suhe, *attest)[0] == 0
    assert act(*suhe, "vault", "check")[1]["ok"] is True
