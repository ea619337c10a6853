"""The committed vectors, read by custody and by a second reader that shares no line with it."""

import hashlib
import importlib.util
import json
import shutil
from pathlib import Path

import pytest

from custody.base import canonical
from custody.model.party import PartyCard
from custody.package import accept, bag, release, table
from custody.package.contents import decode
from custody.package.leaf import key_commitment
from custody.package.release_seal import DealKey
from custody.package.sound import DESCRIPTOR
from custody.services.verify import verify

VECTORS = Path(__file__).parents[2] / "vectors"
HERE = VECTORS / "package"
CASES = json.loads((HERE / "cases.json").read_text())


def second():
    spec = importlib.util.spec_from_file_location("second_package_reader", VECTORS / "readers" / "package.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def edit(root: Path, one) -> None:
    if one["op"] == "move":
        shutil.move(root / one["from"], root / one["to"])
        return
    path = root / one["file"]
    if one["op"] == "remove":
        path.unlink()
    elif one["op"] == "put":
        path.write_bytes((HERE / one["from"]).read_bytes())
    elif one["op"] == "add":
        path.write_text("x")
    elif one["op"] == "flip":
        data = bytearray(path.read_bytes())
        data[one["byte"]] = ord("A") if data[one["byte"]] != ord("A") else ord("B")
        path.write_bytes(bytes(data))
    else:
        rows(path, one)


def rows(path: Path, one) -> None:
    data, size, start = path.read_bytes(), one["size"], one["from"]
    foot = len(data) - 44 if path.suffix == ".seg" else len(data)
    body = data[start:foot]
    found = [body[at : at + size] for at in range(0, len(body), size)] if size else body.splitlines(keepends=True)
    first, last = one["rows"][0], one["rows"][-1]
    if one["op"] == "swap":
        found[first], found[last] = found[last], found[first]
    elif one["op"] == "copy":
        found.insert(first + 1, found[first])
    else:
        found.pop(first)
    path.write_bytes(data[:start] + b"".join(found) + data[foot:])


def rebag(package: Path) -> None:
    files = {one.relative_to(package).as_posix(): one for one in package.rglob("*") if one.is_file()}
    hashes = {name: hashlib.sha256(one.read_bytes()).hexdigest() for name, one in files.items()}
    (package / bag.MANIFEST).write_bytes(
        bag.manifest({name: value for name, value in hashes.items() if name.startswith("data/")})
    )
    hashes[bag.MANIFEST] = hashlib.sha256((package / bag.MANIFEST).read_bytes()).hexdigest()
    (package / bag.TAGS).write_bytes(
        bag.manifest({name: hashes[name] for name in ("bagit.txt", "bag-info.txt", bag.MANIFEST)})
    )


@pytest.mark.parametrize("case", CASES, ids=[one["name"] for one in CASES])
def test_each_defect_is_named_by_both_readers(case, tmp_path):
    """Each named defect gets its class, file and row from custody, and is seen by the second reader as well."""
    root = tmp_path / "good"
    shutil.copytree(HERE / "good", root)
    for one in case["edits"]:
        edit(root, one)
    if case.get("rebag"):
        rebag(root / "package")
    cards = [HERE / one for one in case.get("trust", ["good/cards/seller.json", "good/cards/buyer.json"])]
    result = verify([root], [PartyCard.from_json(canonical.decode(one.read_bytes(), strict=False)) for one in cards])
    theirs = set(second().read(root, cards))
    wanted = case["expect"]
    if not wanted["class"]:
        assert result.ok
        assert not theirs
        return
    named = (wanted["class"], wanted["file"], wanted["row"])
    ours = {(one.kind, one.file, one.row) for one in result.faults}
    assert named in ours
    assert (wanted["class"], wanted["file"]) in {one[:2] for one in theirs}
    assert named in theirs or wanted["row"] is None


def test_the_release_opens_with_the_published_keys():
    """The vector's release opens with its deal key, and every key is the one the leaf commits to."""
    good, key = HERE / "good", DealKey(bytes.fromhex((HERE / "deal-key.hex").read_text()))
    contents = decode((good / "package" / DESCRIPTOR).read_bytes())
    manifest = release.decode((good / "release-0001/manifest.json").read_bytes())
    seller = PartyCard.from_json(canonical.decode((good / "cards/seller.json").read_bytes())).identity
    expected = accept.Expected(
        manifest.deal,
        seller,
        manifest.buyer,
        key,
        manifest.recipient.invite,
        manifest.recipient.nonce,
        manifest.package.id,
        contents.leaves,
    )
    folder = good / "release-0001"
    data, envelope, enc = ((folder / one).read_bytes() for one in (release.MANIFEST, release.ENVELOPE, release.ENC))
    silent = (folder / release.SILENT).read_bytes()
    accepted = accept.accept(data, envelope, enc, folder / release.PAGES, expected, silent=silent)
    told = [one.hex() for one in accepted.silent]
    assert told == second().silent(folder, key.private()) == ["00" * 16, "02" * 16]
    got = accept.delivered(table.leaves(good / "package" / table.LEAVES), accepted.slots, contents)
    assert (got.opened, got.mismatched) == (6, 0)
    deks = {name: bytes.fromhex(value) for name, value in json.loads((HERE / "deks.json").read_text()).items()}
    for leaf, _ in table.leaves(good / "package" / table.LEAVES):
        assert key_commitment(deks[f"{leaf.compartment}.{leaf.slot}"]) == leaf.commitment
