"""G12, G21: a changed byte of a real hand-over is found where it lies, and no refusal repeats what a customer's row says."""

import io
import json
import random
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from custody.base import canonical
from custody.base.signing import Signer
from custody.cli.show_verify import show_verify
from custody.model.party import PartyCard
from custody.services.verify import verify
from tests.line.conftest import ROOT, act

SEED = 20260316
# Which card is trusted comes from outside the folder, and a checkpoint inside a package is only as good as its ledger.
APART = ("cards",)


@pytest.fixture(scope="module")
def trusted(played: Path) -> list[PartyCard]:
    """Both cards, as they were before anybody touched the folder."""
    files = sorted((played / "handover" / "cards").glob("*.json"))
    return [PartyCard.from_json(canonical.decode(one.read_bytes(), strict=False)) for one in files]


def test_one_byte_of_a_real_hand_over(played: Path, trusted: list[PartyCard], tmp_path: Path):
    """Twenty-four bytes anywhere in what a rehearsal handed over: each change is refused, at its file, pinned."""
    where = Path(shutil.copytree(played / "handover", tmp_path / "handover"))
    assert verify([where], trusted).ok
    chance = random.Random(SEED)
    files = sorted(
        path for path in where.rglob("*") if path.is_file() and path.relative_to(where).parts[0] not in APART
    )
    for path in chance.choices(files, k=24):
        before = path.read_bytes()
        place = chance.randrange(len(before))
        path.write_bytes(before[:place] + bytes([before[place] ^ 1 << chance.randrange(8)]) + before[place + 1 :])
        found = verify([where], trusted)
        name = path.relative_to(where)
        assert found.faults, f"{name} at {place}"
        assert any(path.name in fault.file or name.parts[0] in fault.file for fault in found.faults), name
        path.write_bytes(before)
    assert verify([where], trusted).ok


def test_errors_repeat_no_value(played: Path, tmp_path: Path):
    """Whatever is wrong with a file of customers, the answer names file and row and none of its values."""
    shop = Path(shutil.copytree(played / "shop", tmp_path / "shop"))
    table = shop / "orders.csv"
    lines = table.read_bytes().splitlines(keepends=True)
    secret = [cell for line in lines[1:40] for cell in line.decode("utf-8-sig").strip().split(",") if len(cell) > 7]
    table.write_bytes(b"".join([lines[0], *reversed(lines[1:])]))
    answers = []
    for words in (
        ("seal", played / "seller" / "datamap.yaml", "--source", shop, "--vault", "other"),
        ("datamap", "accept", table),
        ("deal", "new", table),
        ("law", "check", table),
        ("receive", "D-2026-0001", "--at", shop),
        ("party", "confirm", table, "--fingerprint", "1"),
        ("verify", table),
    ):
        home = tmp_path / "seller"
        shutil.rmtree(home, ignore_errors=True)
        shutil.copytree(played / "seller", home)
        if words[0] == "seal":
            assert act(tmp_path, "seller", "suhe", "vault", "new", "other", "--without-recovery")[0] == 0
        code, out = act(tmp_path, "seller", "suhe", *words)
        assert code != 0, words
        answers.append(json.dumps(out, ensure_ascii=False))
    call = [sys.executable, "-m", "custody", "law", "check", str(table)]
    done = subprocess.run(call, capture_output=True, text=True, check=False, env={"PYTHONPATH": str(ROOT / "src")})
    answers.append(done.stdout + done.stderr)
    said = "\n".join(answers)
    assert not [cell for cell in secret if re.search(re.escape(cell), said)]
    assert "Traceback" not in said


@pytest.mark.parametrize("paper", ["received", "resealed", "withheld", "destroyed"])
def test_c10_a_paper_taken_away_is_missed(played: Path, trusted: list[PartyCard], tmp_path: Path, paper: str):
    """The ledgers beside it name it: the answer says that papers were not given."""
    folder = Path(shutil.copytree(played / "handover", tmp_path / "handover"))
    assert "papers" not in verify([folder], trusted).notes
    (folder / f"{paper}.dsse.json").unlink()
    assert "papers" in verify([folder], trusted).notes


def test_c10_strangers_are_not_called_trusted(played: Path, trusted: list[PartyCard]):
    """With the card of somebody else nothing is signed by those who are trusted, and the words say so."""
    stranger = replace(trusted[0], identity=Signer.generate().identity)
    found = verify([played / "handover" / "received.dsse.json"], [stranger]).to_json("en")
    assert (found["ok"], found["signers"]) == (False, [])
    assert "nothing here is signed by those" in spoken(found)


def spoken(found: dict) -> str:
    """The answer as a person reads it."""
    page = Console(width=200, file=io.StringIO())
    page.print(show_verify(found, "en"))
    return page.file.getvalue()
