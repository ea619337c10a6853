"""What the other side of a deal is given of the ledger: enough to hold its papers, nothing of anybody else (spec/ledger.md §7a)."""

import json
import random
import re
import shutil
from pathlib import Path

import pytest

from custody import wiring
from custody.base import canonical, merkle
from custody.ledger import checkpoint
from custody.model.party import PartyCard
from custody.services.verify import VerifyResult, verify
from tests.line.conftest import act, done, refusal

SEED = 20261127
DEAL = "D-2026-0001"
PEOPLE = re.compile(r"(?:prn|sub|req|inc|gnt)_[0-9A-Z]{26}")


@pytest.fixture(scope="module")
def trusted(played: Path) -> list[PartyCard]:
    """Both cards."""
    files = sorted((played / "handover" / "cards").glob("*.json"))
    return [PartyCard.from_json(canonical.decode(one.read_bytes(), strict=False)) for one in files]


@pytest.fixture(scope="module")
def two(played: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished deal of a company that has another one since, with papers of its own."""
    where = Path(shutil.copytree(played, tmp_path_factory.mktemp("part") / "demo"))
    facts = json.loads((where / "seller" / "deal-facts.json").read_text(encoding="utf-8"))
    facts["buyer"]["uses_for_marketing"] = True
    (where / "other.json").write_text(json.dumps(facts), encoding="utf-8")
    buyer = json.loads((where / "handover" / "cards" / "buyer.json").read_text(encoding="utf-8"))["id"]
    other = done(where, "suhe", "deal", "new", where / "other.json", "--counterparty", buyer)["ref"]
    assert other != DEAL
    done(where, "suhe", "member", "add", other, "limo", "--reason", "ships the data")
    done(where, "suhe", "gate", other)
    return where


@pytest.fixture
def given(two: Path, tmp_path: Path) -> Path:
    """The hand-over with the parts that each side exports now."""
    folder = Path(shutil.copytree(two / "handover", tmp_path / "handover"))
    for half, who in (("seller", "suhe"), ("buyer", "fanyuan")):
        shutil.rmtree(folder / f"ledger-{half}")
        ref = act(two, half, who, "deal", "show")[1]["deals"][-1]["ref"] if half == "buyer" else DEAL
        assert act(two, half, who, "ledger", "export", "--deal", ref, "--to", folder / f"ledger-{half}")[0] == 0
    return folder


def entries(folder: Path) -> list[dict]:
    return [json.loads(line) for line in (folder / "part.jsonl").read_bytes().splitlines()]


def faults(found: VerifyResult) -> set[tuple[str, str]]:
    return {(one.kind, one.file) for one in found.faults}


def signed(where: Path, folder: Path, lines: list[bytes]) -> None:
    """The seller gives these entries and no others, and signs for that."""
    (folder / "part.jsonl").write_bytes(b"".join(lines))
    said = checkpoint.peek((folder / "part.txt").read_text(encoding="utf-8"))
    root = merkle.root([merkle.leaf_hash(one.removesuffix(b"\n")) for one in lines])
    home = where / "seller"
    with wiring.desk(home, "suhe", home / "keys" / "principals" / "suhe.pass") as desk:
        note = checkpoint.sign(checkpoint.Checkpoint(said.origin, len(lines), root), desk.signer)
    (folder / "part.txt").write_text(note, encoding="utf-8")


def test_before_its_data_came_the_buyer_has_a_part_too(played: Path, tmp_path: Path, trusted: list[PartyCard]):
    """From the invitation on: the statement that the buyer issued is all there is, and it verifies."""
    where = tmp_path / "demo"
    shutil.copytree(played / "buyer", where / "buyer")  # in which no test after this one finds another deal
    seller = json.loads((played / "handover" / "cards" / "seller.json").read_text(encoding="utf-8"))["id"]
    code, made = act(where, "buyer", "fanyuan", "invite", seller, "--deal", "D-2026-0077", "--at", tmp_path / "invited")
    assert code == 0, made
    part = tmp_path / "part"
    code, told = act(where, "buyer", "fanyuan", "ledger", "export", "--deal", made["id"], "--to", part)
    assert (code, told.get("entries")) == (0, 1), told
    assert [one["kind"] for one in entries(part)] == ["statement"]
    assert verify([part, tmp_path / "invited"], trusted).ok


def test_a_part_tells_of_one_deal_alone(two: Path, given: Path):
    """No id of another deal, its papers, a customer or a person at work is in any file of it; the whole ledger has them all."""
    whole = two / "whole"
    done(two, "suhe", "ledger", "export", "--to", whole)
    full = [json.loads(line) for line in (whole / "entries.jsonl").read_bytes().splitlines()]
    mine, other = (done(two, "suhe", "deal", "show", ref)["id"] for ref in (DEAL, "D-2026-0002"))
    papers = {one["sha256"] for one in done(two, "suhe", "deal", "show", "D-2026-0002")["statements"]}
    text = "".join(path.read_text(encoding="utf-8") for path in (given / "ledger-seller").iterdir())
    told = json.dumps(full)
    assert papers
    assert all(one in told for one in (mine, other, *papers))
    assert PEOPLE.search(told)
    assert mine in text
    assert not [one for one in (other, *papers) if one in text]
    assert not PEOPLE.search(text)
    kinds = {one["kind"] for one in entries(given / "ledger-seller")}
    assert kinds <= {"deal-opened", "statement", "erased", "shredded"}
    assert {path.name for path in (given / "ledger-seller").iterdir()} == {
        "part.jsonl", "part.txt", "hashes.txt", "checkpoint.txt", "identity.json",
    }  # fmt: skip


def test_a_part_holds_the_papers_of_its_deal(two: Path, given: Path, trusted: list[PartyCard]):
    """Every paper, head and shredded slot verifies; a paper that it should name and does not is found; what else there is, is not checked."""
    found = verify([given], trusted)
    assert found.ok, found.faults
    assert found.trust == "pinned"
    assert "part" in found.notes
    assert "ledger" not in found.notes
    part = given / "ledger-seller" / "part.jsonl"
    lines = part.read_bytes().splitlines(keepends=True)
    for word, file in ((b'"released"', "release-0001/released.dsse.json"), (b'"shredded"', "destroyed.dsse.json")):
        signed(two, part.parent, [one for one in lines if word not in one])
        assert ("chain", file) in faults(verify([given], trusted)), word
    signed(two, part.parent, lines)
    assert verify([given], trusted).ok
    (given / "received.dsse.json").unlink()
    assert "papers" in verify([given], trusted).notes


def test_a_part_about_something_else_blames_nobody(two: Path, given: Path, trusted: list[PartyCard]):
    """Beside the part of another deal the papers of this one are not faulted: nothing is told of them."""
    shutil.rmtree(given / "ledger-seller")
    done(two, "suhe", "ledger", "export", "--deal", "D-2026-0002", "--to", given / "ledger-seller")
    found = verify([given], trusted)
    assert found.ok, found.faults
    assert "part" in found.notes


def test_one_byte_of_a_part(given: Path, trusted: list[PartyCard]):
    """Any byte of any of its files that is changed, and any entry moved, doubled, left out or put in from elsewhere, is refused where it lies."""
    chance = random.Random(SEED)
    for path in sorted((given / "ledger-seller").iterdir()):
        before = path.read_bytes()
        for _ in range(12):
            place = chance.randrange(len(before))
            path.write_bytes(before[:place] + bytes([before[place] ^ 1 << chance.randrange(8)]) + before[place + 1 :])
            found = verify([given / "ledger-seller"], trusted)
            assert any(path.name in one.file for one in found.faults), (path.name, place, found.faults)
        path.write_bytes(before)
    part = given / "ledger-seller" / "part.jsonl"
    lines = part.read_bytes().splitlines(keepends=True)
    foreign = (given / "ledger-buyer" / "part.jsonl").read_bytes().splitlines(keepends=True)[-1]
    for spoilt in (
        [*lines[:2], *lines[1:]],
        [lines[1], lines[0], *lines[2:]],
        [*lines, foreign],
        lines[:-1],
        lines[1:],
    ):
        part.write_bytes(b"".join(spoilt))
        assert faults(verify([given / "ledger-seller"], trusted))
    part.write_bytes(b"".join(lines))
    assert verify([given / "ledger-seller"], trusted).ok


def test_who_gives_a_part(two: Path, tmp_path: Path):
    """Those who answer for the deal's papers and see it; the desk that ships does not, and a stranger to the deal finds none."""
    done(two, "zhouning", "ledger", "export", "--deal", DEAL, "--to", tmp_path / "a")
    assert refusal(two, "limo", "ledger", "export", "--deal", "D-2026-0002", "--to", tmp_path / "b") == "act.role"
    assert (
        refusal(two, "zhouning", "ledger", "export", "--deal", "D-2026-0002", "--to", tmp_path / "c") == "deal.unknown"
    )
    assert [path.name for path in tmp_path.iterdir()] == ["a"]
