"""One defect each: the verifier names its class and its place."""

import hashlib
import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from custody.base import merkle
from custody.package import bag
from custody.package.accounted import Erasures
from custody.package.frames import HEAD_BYTES
from custody.services.verify import verify

SEGMENT = "package/data/segments/seg-1.seg"
LEAVES = "package/data/leaves.jsonl"
RECORD = 4 + 140


def faults(root, trusted=()):
    result = verify([root], trusted)
    assert not result.ok
    return {(one.kind, one.file, one.row) for one in result.faults}


def kinds(root, trusted=()):
    return {kind for kind, _, _ in faults(root, trusted)}


def rewrite(path: Path, change) -> None:
    path.write_bytes(change(path.read_bytes()))


def lines(path: Path, change) -> None:
    found = path.read_bytes().splitlines(keepends=True)
    change(found)
    path.write_bytes(b"".join(found))


def records(path: Path, change) -> None:
    data = path.read_bytes()
    head, body, foot = data[:HEAD_BYTES], data[HEAD_BYTES:-44], data[-44:]
    found = [body[place : place + RECORD] for place in range(0, len(body), RECORD)]
    change(found)
    path.write_bytes(head + b"".join(found) + foot)


def rebag(package: Path) -> None:
    """Make both manifests anew, as an attacker would."""
    names = [one for one in package.rglob("*") if one.is_file()]
    payload = {one.relative_to(package).as_posix(): hashlib.sha256(one.read_bytes()).hexdigest() for one in names}
    payload = {name: value for name, value in payload.items() if name.startswith("data/")}
    (package / bag.MANIFEST).write_bytes(bag.manifest(payload))
    tags = {
        name: hashlib.sha256((package / name).read_bytes()).hexdigest()
        for name in ("bagit.txt", "bag-info.txt", bag.MANIFEST)
    }
    (package / bag.TAGS).write_bytes(bag.manifest(tags))


def swap(found):
    found[1], found[3] = found[3], found[1]


def alter(found):
    """Another byte, whatever it was: a fixed one would be the same as before once in 256 runs."""
    found[2] = found[2][:-9] + bytes([found[2][-9] ^ 1]) + found[2][-8:]


ROWS = {
    "altered": (alter, {2}),
    "swapped": (swap, {1, 3}),
    "duplicated": (lambda found: found.insert(2, found[1]), {2}),
    "missing": (lambda found: found.pop(2), {2}),
    "reordered": (lambda found: found.insert(0, found.pop(3)), {0, 1, 2, 3}),
}


def test_everything_good_verifies(good, trusted):
    """A whole hand-over verifies, pinned and unpinned, each part also alone, and says what it could not check."""
    result = verify([good.root], trusted)
    assert result.ok
    assert (result.trust, result.kind, len(result.signers)) == ("pinned", "bundle", 2)
    assert verify([good.root]).trust == "unpinned"
    for name, kind in (("package", "package"), ("release-0001", "release"), ("ledgers/seller", "ledger"),
                       ("received.dsse.json", "receipt"), ("destroyed.dsse.json", "certificate")):  # fmt: skip
        alone = verify([good.root / name], trusted)
        assert (alone.ok, alone.kind) == (True, kind), alone.faults
        assert alone.notes
    assert verify([good.root / "package", good.root / "release-0001"], trusted).ok


@pytest.mark.parametrize("kind", ROWS)
@pytest.mark.parametrize("manifests_too", [False, True])
def test_records_are_named_by_row(copy, trusted, kind, manifests_too):
    """A changed, swapped, doubled or missing record is named by its row, even when all manifests were made anew."""
    root = copy()
    records(root / SEGMENT, ROWS[kind][0])
    if manifests_too:
        rebag(root / "package")
    found = faults(root, trusted)
    assert {row for one, file, row in found if file == SEGMENT and one == kind} == ROWS[kind][1]


@pytest.mark.parametrize("kind", ROWS)
@pytest.mark.parametrize("manifests_too", [False, True])
def test_leaves_are_named_by_row(copy, trusted, kind, manifests_too):
    """The same holds for rows of the leaf table."""
    root = copy()
    lines(root / LEAVES, ROWS[kind][0])
    if manifests_too:
        rebag(root / "package")
    found = faults(root, trusted)
    assert {row for one, file, row in found if file == LEAVES and one == kind} == ROWS[kind][1]


def test_an_extra_record_is_named(copy, trusted):
    """A record that no leaf names is extra, at its row."""
    root = copy()
    records(root / SEGMENT, lambda found: found.insert(2, found[0][:40] + bytes(16) + found[0][56:]))
    assert ("extra", SEGMENT, 2) in faults(root, trusted)


def test_witness_made_anew_as_well(copy, trusted):
    """With manifests and witnesses made anew, the leaf still names the record that was changed."""
    root = copy()
    records(root / SEGMENT, ROWS["altered"][0])
    data = (root / SEGMENT).read_bytes()[HEAD_BYTES:-44]
    hashes = [hashlib.sha256(data[at + 4 : at + RECORD]).digest() for at in range(0, len(data), RECORD)]
    (root / SEGMENT).with_suffix(".hashes").write_bytes(b"".join(hashes))
    body = (root / SEGMENT).read_bytes()[:-32]
    (root / SEGMENT).write_bytes(body + hashlib.sha256(body).digest())
    rebag(root / "package")
    assert ("altered", SEGMENT, 2) in faults(root, trusted)


def test_missing_and_extra_files(copy, trusted):
    """A file that is gone is missing, one that nobody listed is extra."""
    root = copy()
    (root / LEAVES).unlink()
    (root / "package/data/more.txt").write_text("x")
    (root / "release-0001/enc").unlink()
    (root / "release-0001/more").write_text("x")
    found = faults(root, trusted)
    assert {("missing", LEAVES, None), ("extra", "package/data/more.txt", None)} <= found
    assert {("missing", "release-0001/enc", None), ("extra", "release-0001/more", None)} <= found


def test_a_package_nobody_signed_for(copy, trusted):
    """A package without a shipping statement is a fault, wherever it comes from."""
    root = copy()
    (root / "package/shipped.dsse.json").unlink()
    assert ("missing", "package/shipped.dsse.json", None) in faults(root / "package", trusted) | faults(root, trusted)


def test_another_statement_in_its_place(copy, good, trusted):
    """A true statement of another kind in the place of the shipping statement or the gate is no substitute."""
    root = copy()
    (root / "package/shipped.dsse.json").write_bytes(good.gate)
    assert ("schema", "package/shipped.dsse.json", None) in faults(root, trusted)
    root = copy()
    (root / "package/data/statements/gate.json").write_bytes(good.datamap)
    rebag(root / "package")
    assert ("schema", "package/data/statements/gate.json", None) in faults(root, trusted)


def test_sizes_beyond_what_is_declared(copy, trusted):
    """Huge tag files, witnesses and lines are refused without being read whole."""
    root = copy()
    for name in ("bagit.txt", "data/leaves.hashes", "data/leaves.jsonl", "data/statements/gate.json"):
        with (root / "package" / name).open("ab") as target:
            target.truncate(80 << 20)
    assert {("malformed", "package/bag-info.txt", None), ("altered", "package/bagit.txt", None)} <= faults(
        root, trusted
    )


def test_everything_signed_anew_by_others(build, tmp_path, trusted):
    """A hand-over wholly re-signed with other keys fails when signers are pinned, else it is told to be unpinned."""
    other = build.Handover(tmp_path, seller=build.Party("seller"), buyer=build.Party("buyer")).all()
    assert kinds(other.root, trusted) == {"signature", "altered"}
    result = verify([other.root])
    assert result.ok
    assert result.trust == "unpinned"
    assert set(result.signers).isdisjoint(card.identity.fingerprint for card in trusted)


def test_a_receipt_by_somebody_else(copy, good, build, trusted):
    """A receipt signed by another than the buyer is a fault of signature, even with that other's card beside it."""
    root = copy()
    stranger = build.Party("stranger")
    opened = good.receipts[0]
    from_buyer = build.dsse.peek(opened)["predicate"]
    says = build.statements.read(build.dsse.peek(opened)).says
    (root / "received.dsse.json").write_bytes(good.sign(stranger, says, [build.subject("manifest.json", says.release)]))
    (root / "cards/stranger.json").write_bytes(build.canonical.encode(stranger.card.to_json()))
    assert from_buyer["signer"] == good.buyer.id
    assert ("signature", "received.dsse.json", None) in faults(root)
    assert ("signature", "received.dsse.json", None) in faults(root, trusted)


def test_an_older_release_beside_a_newer(build, tmp_path):
    """A full release replaces older ones: one of those beside it is replayed; a delta beside its base is not."""
    made = build.Handover(tmp_path)
    made.cards()
    made.pack()
    made.release(withheld=[0])
    made.release(kind="delta", withheld=[1, 2, 3])
    cards = [made.seller.card, made.buyer.card]
    assert verify([tmp_path], cards).ok
    made.release()
    assert ("replayed", "release-0001/manifest.json", None) in faults(tmp_path, cards)
    assert ("replayed", "release-0002/manifest.json", None) in faults(tmp_path, cards)
    shutil.rmtree(tmp_path / "release-0003")
    shutil.rmtree(tmp_path / "release-0002")
    shutil.copytree(tmp_path / "release-0001", tmp_path / "release-0002")
    assert ("replayed", "release-0002/manifest.json", None) in faults(tmp_path, cards)


def test_a_release_that_does_not_follow(build, tmp_path):
    """Release n names the hash of n-1, or it is a fault of the chain."""
    made = build.Handover(tmp_path)
    made.pack()
    made.release()
    made.previous = "sha256:" + "77" * 32
    made.release(kind="delta")
    assert ("chain", "release-0002/manifest.json", None) in faults(tmp_path, [made.seller.card, made.buyer.card])


def test_an_older_package_beside_a_newer_release(build, tmp_path):
    """A package other than the one the release names is replayed."""
    made = build.Handover(tmp_path)
    made.pack("package-old")
    made.pack("package")
    made.release()
    assert ("replayed", "package-old", None) in faults(tmp_path, [made.seller.card, made.buyer.card])


@pytest.mark.parametrize("field", ["key", "invite", "nonce", "buyer"])
def test_a_release_for_somebody_else(build, tmp_path, field):
    """Another key, invitation, nonce or buyer than the invitation's is a fault of recipient."""
    made = build.Handover(tmp_path)
    made.pack()
    to = build.release.Recipient(made.key.id, build.release.digest(made.invite), made.nonce)
    other = build.DealKey.generate()
    change = {"recipient": to}
    if field == "key":
        made.key, change = other, {"recipient": replace(to, key=other.id)}
    elif field == "buyer":
        change = {"buyer": made.seller.id}
    else:
        value = "55" * 32 if field == "nonce" else "sha256:" + "55" * 32
        change = {"recipient": replace(to, **{field: value})}
    made.release(change=change)
    assert ("recipient", "release-0001/manifest.json", None) in faults(tmp_path, [made.seller.card, made.buyer.card])


def test_pages_are_named(copy, trusted):
    """Swapped pages are named by row and byte; a page too few is missing."""
    root = copy()
    size = 32796
    rewrite(root / "release-0001/pages.bin", lambda data: data[size:] + data[:size])
    assert {("swapped", "release-0001/pages.bin", 0), ("swapped", "release-0001/pages.bin", 1)} <= faults(root, trusted)
    rewrite(root / "release-0001/pages.bin", lambda data: data[size:])
    assert ("missing", "release-0001/pages.bin", 1) in faults(root, trusted)


def test_ledger_rows_are_named(copy, trusted):
    """A ledger's entry that was dropped is missing at its place, and its statement has no entry."""
    root = copy()
    lines(root / "ledgers/seller/entries.jsonl", lambda found: found.pop(1))
    assert ("missing", "ledgers/seller/entries.jsonl", 1) in faults(root, trusted)


def test_a_ledger_alone(good, copy):
    """A ledger is checked with the keys beside it; other keys beside it are altered, and none at all is a fault."""
    assert verify([good.root / "ledgers/seller"]).ok
    root = copy()
    (root / "ledgers/seller/identity.json").write_bytes((root / "ledgers/buyer/identity.json").read_bytes())
    assert ("altered", "ledgers/seller/identity.json", None) in faults(root)
    (root / "ledgers/seller/identity.json").unlink()
    assert kinds(root / "ledgers/seller") == {"signature"}


def test_a_rewritten_ledger(copy, good, trusted):
    """A ledger re-made by its own signer without a statement contradicts the checkpoints already given away."""
    root = copy()
    log = type(good.seller.log)(good.seller.log.space, good.seller.signer)
    for one in good.seller.log.entries[1:]:
        value = json.loads(one.data)
        log.add(value["at"], value["says"])
    log.write(root / "ledgers/seller")
    found = faults(root, trusted)
    assert ("chain", "release-0001/manifest.json", None) in found
    assert ("chain", "package/data/statements/datamap.json", None) in found


def shredded_in_parts(build, root, slots, root_said="", repeated=None):
    """A hand-over whose seller entered the shredding of two parts of 3 and 2 slots, a sum, and a certificate that repeats it."""
    made = build.Handover(root)
    made.cards()
    made.pack()
    made.release()
    made.receive()
    log, at = made.seller.log, made.seller.log.entries[-1]
    instant = json.loads(at.data)["at"]
    for part, count in enumerate((3, 2), start=1):
        log.add(instant, {"act": "job_1", "head": "00", "part": part, "slots": count, "vault": "v"}, "erased")
    log.add(instant, {"head": "00", "slots": 9, "vault": "v"}, "erased")
    parts = merkle.root([one.hash for one in log.entries[-3:-1]]).hex()
    says = {"act": "job_1", "parts": 2, "root": root_said or parts, "slots": slots, "vault": "v"}
    log.add(instant, says, "shredded")
    made.destroy(Erasures(*(repeated or (2, 5)), parts))
    made.ledgers()
    return made


def test_a_sum_of_shredded_slots_is_held_against_its_parts(build, tmp_path):
    """Two parts and their sum are sound; a sum of another count, or over other entries, is named at its row."""
    assert verify([shredded_in_parts(build, tmp_path / "good", 5).root]).ok
    for name, words in (("count", (6,)), ("root", (5, "ab" * 32))):
        made = shredded_in_parts(build, tmp_path / name, *words)
        row = next(one.number for one in made.seller.log.entries if b'"kind":"shredded"' in one.data)
        assert ("chain", "ledgers/seller/entries.jsonl", row) in faults(made.root)


def test_a_certificate_repeats_what_the_ledger_sums_up(build, tmp_path):
    """More slots, or more parts, than the seller's ledger holds of any act: the certificate is named."""
    for name, repeated in (("slots", (2, 6)), ("parts", (3, 5))):
        made = shredded_in_parts(build, tmp_path / name, 5, repeated=repeated)
        assert ("chain", "destroyed.dsse.json", None) in faults(made.root)


def test_a_rehearsal_in_earnest(build, tmp_path):
    """A rehearsal's statement among statements in earnest of the same deal is replayed."""
    made = build.Handover(tmp_path).all()
    says = build.statements.read(build.dsse.peek(made.receipts[0])).says
    real = made.sign(made.buyer, says, [build.subject("manifest.json", says.release)], rehearsal=False)
    (tmp_path / "received.dsse.json").write_bytes(real)
    assert "replayed" in kinds(tmp_path)


def test_a_certificate_that_forgets_a_receipt(copy, good, build, trusted):
    """A certificate must name every receipt of its deal that is given with it."""
    root = copy()
    forgetful = build.Handover(root / "more", seller=good.seller, buyer=good.buyer)
    (root / "destroyed.dsse.json").unlink()
    forgetful.destroy()
    assert ("chain", "more/destroyed.dsse.json", None) in faults(root, trusted)


def test_links_and_odd_names(copy, trusted, tmp_path):
    """Links, hidden names and names equal but for case are refused, not followed."""
    root = copy()
    (root / "package/data/statements/Gate.json").write_text("{}")
    (root / "package/data/link").symlink_to("/etc/passwd")
    (root / "package/data/.hidden").write_text("x")
    (root / "outside").symlink_to(tmp_path)
    found = faults(root, trusted)
    assert ("malformed", "package/data/statements/gate.json", None) in found
    assert ("malformed", "package/data/link", None) in found
    assert ("malformed", "package/data/.hidden", None) in found
    assert ("malformed", "outside", None) in found


def test_nothing_there(tmp_path):
    """An empty folder, a path that is not there and a file of another kind are faults, not silence."""
    assert kinds(tmp_path) == {"malformed"}
    assert kinds(tmp_path / "none") == {"missing"}
    (tmp_path / "x.txt").write_text("x")
    assert kinds(tmp_path / "x.txt") == {"malformed"}
