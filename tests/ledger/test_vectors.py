"""The engine, the generator and the readers agree on vectors/ledger (spec/ledger.md §12)."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.house.parts import program

from custody.base import canonical, merkle
from custody.base.errors import CustodyError
from custody.base.signing import Identity
from custody.ledger import checkpoint, entry, log, part, tiles

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "vectors" / "ledger"
READER = ROOT / "vectors" / "readers" / "ledger.py"


def _file(name: str) -> dict[str, Any]:
    told: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return told


def _cases(file: str, part: str = "cases") -> list[Any]:
    return [pytest.param(one, id=f"{file}-{one['name']}") for one in _file(file)[part]]


def _run(call: Callable[[], Any], *, good: object = None) -> object:
    """What the call gives (or `good`, where it gives nothing worth comparing), or the slug it was refused with."""
    try:
        found = call()
    except CustodyError as error:
        return error.slug
    return found if good is None else good


def _hashes(size: int) -> list[bytes]:
    return [merkle.leaf_hash(f"leaf {place}".encode()) for place in range(size)]


def _hex(texts: list[str]) -> list[bytes]:
    return [bytes.fromhex(text) for text in texts]


def _read(*words: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, READER, *map(str, words)], check=False, capture_output=True, text=True)


def test_the_generator_makes_the_committed_files():
    """The vectors that lie here are the ones that the generator makes from this engine."""
    subprocess.run([sys.executable, FOLDER / "generate.py", "--check"], check=True, cwd=ROOT)


def test_a_second_reader_agrees():
    """A reader written from the specification alone accepts and refuses the same vectors, for the same reasons."""
    done = _read()
    assert done.stdout.endswith(" 0 wrong\n"), done.stdout
    assert done.returncode == 0


@pytest.mark.parametrize("name", ["canonical", "entry", "tree", "tiles", "checkpoint", "ledger", "steps"])
def test_the_second_reader_can_fail(tmp_path: Path, name: str):
    """An expectation that is wrong makes the second reader fail, in every file."""
    text = (FOLDER / f"{name}.json").read_text(encoding="utf-8")
    wrong = {
        "canonical": ('"canonical.form"', '"reads"'), "entry": ('"ledger.entry"', '"reads"'), "tree": ('"merkle.inclusion"', '"holds"'),
        "tiles": ('"bytes": 8192', '"bytes": 8160'), "checkpoint": ('"checkpoint.signature"', '"opens"'), "ledger": ('"missing"', '"extra"'), "steps": ('"chain"', '"altered"'),
    }  # fmt: skip
    (tmp_path / f"{name}.json").write_text(text.replace(*wrong[name], 1), encoding="utf-8")
    assert _read(tmp_path).returncode == 1


def test_the_second_reader_knows_nothing_of_the_engine():
    """The second reader imports nothing of custody."""
    text = READER.read_text(encoding="utf-8")
    assert "import custody" not in text
    assert "from custody" not in text


@pytest.mark.part("go")
def test_gos_own_verifier_agrees(tmp_path: Path):
    """The verifier of Go's checksum database takes and refuses the same notes by their Ed25519 line."""
    shutil.copy(ROOT / "vectors" / "readers" / "notes.go", tmp_path / "notes.go")
    away = {"GO111MODULE": "off", "GOPATH": "/usr/share/gocode", "GOCACHE": str(tmp_path / "cache"), "GOFLAGS": ""}
    words = [program("go"), "run", str(tmp_path / "notes.go"), str(FOLDER / "checkpoint.json")]
    done = subprocess.run(words, capture_output=True, text=True, env={**os.environ, **away}, check=False)
    assert done.stdout.endswith(" 0 wrong\n"), done.stdout + done.stderr
    assert done.returncode == 0


@pytest.mark.parametrize("one", _cases("canonical"))
def test_canonical(one: dict[str, Any]):
    """Only the one form is read; what was read is written as it was."""
    data = bytes.fromhex(one["text"])
    assert _run(lambda: canonical.decode(data), good="reads") == one["expect"]
    if one["expect"] == "reads":
        assert canonical.encode(canonical.decode(data)) == data


@pytest.mark.parametrize("one", _cases("entry"))
def test_entry(one: dict[str, Any]):
    """An entry has exactly its members, each of its form."""
    data = bytes.fromhex(one["entry"])
    assert _run(lambda: entry.parse(data), good="reads") == one["expect"]
    assert one.get("leaf", merkle.leaf_hash(data).hex()) == merkle.leaf_hash(data).hex()


@pytest.mark.parametrize("one", _cases("entry", "openings"))
def test_opening(one: dict[str, Any]):
    """Salt and detail give the commitment told; another detail does not."""
    salt, detail = _hex([one["salt"], one["detail"]])
    assert entry.commit(entry.Opening(salt, detail)).hex() == one["c"]
    assert entry.commit(entry.Opening(salt, detail + b" ")).hex() != one["c"]


def test_roots():
    """Trees of every size told have the root told, built at once or leaf by leaf."""
    for one in _file("tree")["roots"]:
        grown = merkle.Frontier()
        for leaf in _hashes(one["size"]):
            grown.append(leaf)
        assert merkle.root(_hashes(one["size"])).hex() == grown.root().hex() == one["root"]


@pytest.mark.parametrize("one", _cases("tree", "inclusion"))
def test_inclusion(one: dict[str, Any]):
    """A leaf is where its proof says, or the proof is refused."""
    leaf, root = _hex([one["leaf"], one["root"]])
    given = (leaf, one["index"], one["size"], _hex(one["proof"]), root)
    assert _run(lambda: merkle.verify_inclusion(*given), good="holds") == one["expect"]


@pytest.mark.parametrize("one", _cases("tree", "consistency"))
def test_consistency(one: dict[str, Any]):
    """An older tree is the beginning of a newer one, or the proof is refused."""
    old, new = _hex([one["old"], one["new"]])
    given = (one["first"], one["second"], _hex(one["proof"]), old, new)
    assert _run(lambda: merkle.verify_consistency(*given), good="holds") == one["expect"]


@pytest.mark.parametrize("one", _cases("tiles"))
def test_tiles(one: dict[str, Any]):
    """A tree of this size has these tiles, and these only."""
    made = sorted(tiles.tiles(_hashes(one["size"])))
    sizes = {path: len(data) for path, data in made}
    assert len(made) == len(sizes) == one["count"]
    assert {tile["path"]: tile["bytes"] for tile in one["tiles"]}.items() <= sizes.items()
    assert merkle.root([merkle.leaf_hash(data) for _, data in made]).hex() == one["content"]


def test_tiles_far_out():
    """A tile's number goes into groups of three digits, all but the last marked."""
    assert tiles.path(0, 1_234_067, 256) == "tile/0/x001/x234/067"
    assert tiles.path(2, 7, 3) == "tile/2/007.p/3"


@pytest.mark.parametrize("one", _cases("checkpoint"))
def test_checkpoint(one: dict[str, Any]):
    """A checkpoint opens with both signatures of the one identity in its one form, or is refused."""
    told = _file("checkpoint")
    note = one["note"] if "note" in one else told["cases"][0]["note"].replace(one["find"], one["put"], 1)
    found = _run(lambda: checkpoint.open_note(note, Identity.from_json(told["identity"])))
    if one["expect"] == "opens":
        head = one["head"]
        assert found == checkpoint.Checkpoint(head["origin"], head["size"], bytes.fromhex(head["root"]))
    else:
        assert found == one["expect"]


def test_names_of_keys():
    """Identity, fingerprint and the key for stock tools follow from the public keys as told."""
    told = _file("checkpoint")
    identity = Identity.from_json(told["identity"])
    assert (identity.id, identity.fingerprint) == (told["id"], told["fingerprint"])
    assert checkpoint.verifier_key(told["cases"][0]["head"]["origin"], identity) == told["verifier_key"]


@pytest.mark.parametrize("one", _cases("ledger"))
def test_ledger(one: dict[str, Any]):
    """Each ledger has the faults told, at the entries told, and no other."""
    told = _file("ledger")
    entries = [told["entries"][name].encode() for name in one["entries"]]
    hashes = _hex([told["hashes"][name] for name in one["hashes"]])
    head = (
        checkpoint.open_note(told["notes"][one["note"]], Identity.from_json(told["identity"])) if one["note"] else None
    )
    assert [[fault.kind, fault.number] for fault in log.check(entries, hashes, head)] == one["faults"]


@pytest.mark.parametrize("one", _cases("ledger", "parts"))
def test_part(one: dict[str, Any]):
    """Each part of a ledger has the faults told, at the entries told, and no other."""
    told = _file("ledger")
    entries = [told["entries"][name].encode() for name in one["entries"]]
    hashes = _hex([told["hashes"][name] for name in one["hashes"]])
    head, given = (
        checkpoint.open_note(told["notes"][one[name]], Identity.from_json(told["identity"]))
        for name in ("note", "given")
    )
    assert [[fault.kind, fault.number] for fault in part.check(entries, hashes, head, given)] == one["faults"]


@pytest.mark.parametrize("one", _cases("steps"))
def test_step(one: dict[str, Any]):
    """A clock that was ahead is put right over a leap that stands there, and by nothing else does time go back."""
    entries = [text.encode() for text in _file("steps")["ledgers"][one["name"]]]
    found = log.check(entries, [merkle.leaf_hash(data) for data in entries], None)
    assert [[fault.kind, fault.number] for fault in found] == one["faults"]


@pytest.mark.parametrize("one", _cases("steps", "parts"))
def test_step_in_part(one: dict[str, Any]):
    """Of a part, too: who is given entries from both sides of it is given the step."""
    entries = [text.encode() for text in _file("steps")["ledgers"][one["ledger"]]]
    given = [entries[number] for number in one["numbers"]]
    found = part.check(given, [merkle.leaf_hash(data) for data in entries], None, None)
    assert [[fault.kind, fault.number] for fault in found] == one["faults"]
