"""Releases: sealed to one buyer, one deal, one number; the door refuses everything else, in its order."""

import hashlib
import io
import secrets
from dataclasses import replace

import pytest

from custody.base.errors import Broken, CustodyError, Malformed
from custody.package import accept, release, release_seal
from custody.package import silent as silence
from custody.package.release_seal import DealKey


@pytest.fixture
def made(build, tmp_path):
    handover = build.Handover(tmp_path)
    handover.pack()
    return handover


def refused(call) -> str:
    with pytest.raises(Broken) as caught:
        call()
    return caught.value.kind


def test_what_is_released_is_what_opens(made):
    """Every cleared key opens and matches its leaf, every other slot is zero; digests come out the same again."""
    made.release(withheld=[1])
    got = made.delivered(made.accepted())
    assert (got.opened, got.zero, got.mismatched) == (6, 2, 0)
    assert {one.name: one.rows for one in got.tables} == {"客户": 3, "订单": 4}
    again = made.delivered(made.accepted())
    assert again == got


def test_a_wrong_key_is_counted_not_passed_over(made):
    """A delivered key that is not the one its leaf names is mismatched, as is a key without a leaf."""
    made.release()
    accepted = made.accepted()
    page = bytearray(accepted.slots[1, 0])
    page[0:32], page[1023 * 32 :] = secrets.token_bytes(32), secrets.token_bytes(32)
    got = made.delivered(replace(accepted, slots={**accepted.slots, (1, 0): bytes(page)}))
    assert (got.opened, got.mismatched, got.mismatches) == (7, 2, ((1, 0, 0), (1, 0, 1023)))


def test_two_shares(made):
    """With an escrowed closing both shares are needed, and a wrong one is refused."""
    share = secrets.token_bytes(32)
    made.release(share=share)
    assert made.delivered(made.accepted(share=share)).opened == 8
    assert refused(made.accepted) == "chain"
    assert refused(lambda: made.accepted(share=secrets.token_bytes(32))) == "chain"


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ({"deal": "mat_other"}, "recipient"),
        ({"buyer": "sha256:" + "00" * 32}, "recipient"),
        ({"invite": "sha256:" + "00" * 32}, "recipient"),
        ({"nonce": "00" * 32}, "recipient"),
        ({"last": 1}, "replayed"),
        ({"previous": "sha256:" + "00" * 32}, "chain"),
        ({"package": "sha256:" + "00" * 32}, "chain"),
    ],
)
def test_the_door_refuses(made, change, kind):
    """Another deal, buyer, invitation, nonce, an old number, a broken chain, another package: each its class."""
    made.release()
    assert refused(lambda: made.accepted(expected=replace(made.expected(), **change))) == kind


def test_another_key_or_signer(made, build):
    """A key that is not the one released to, and a seller who is not the one pinned, are refused."""
    made.release()
    assert refused(lambda: made.accepted(expected=replace(made.expected(), key=DealKey.generate()))) == "recipient"
    other = build.Party("seller").signer.identity
    assert refused(lambda: made.accepted(expected=replace(made.expected(), seller=other))) == "signature"


@pytest.mark.parametrize("name", [release.MANIFEST, release.ENC, release.PAGES])
def test_a_changed_file(made, name):
    """A changed manifest, seal or page is refused before any key is used."""
    made.release()
    path = made.root / "release-0001" / name
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(bytes(data))
    assert refused(made.accepted) == "altered"


def test_the_seal_is_bound_to_the_manifest(made):
    """The sealed share does not open under the info of another manifest."""
    done = made.release()
    other = release.encode(replace(done.manifest, expires_at="2027-01-01T00:00:00Z"))
    assert refused(lambda: made.key.open(done.enc, release_seal.info(other))) == "recipient"
    assert len(made.key.open(done.enc, release_seal.info(done.data))) == 32
    assert len(done.enc) == release.ENC_BYTES


def test_a_page_opens_only_in_its_place(made):
    """A page of one compartment, number, deal or release opens nowhere else."""
    manifest, root = made.release().manifest, secrets.token_bytes(32)
    slots = secrets.token_bytes(release.PAGE_BYTES)
    sealed = release_seal.seal_page(manifest, root, 1, 7, slots)
    assert release_seal.open_page(manifest, root, 1, 7, sealed) == slots
    for other, place in (
        (manifest, (2, 7)),
        (manifest, (1, 8)),
        (replace(manifest, n=2, previous=manifest.leaves and "sha256:" + "0" * 64), (1, 7)),
        (replace(manifest, deal="mat_x"), (1, 7)),
    ):
        assert (
            refused(lambda other=other, place=place: release_seal.open_page(other, root, *place, sealed)) == "altered"
        )


def test_a_page_of_suite_2_is_sealed_by_sm4(made):
    """The page opens in its own suite and place; the manifest's suite stands in the AAD and chooses the cipher."""
    first, root = made.release().manifest, secrets.token_bytes(32)
    manifest, slots = replace(first, suite=2), secrets.token_bytes(release.PAGE_BYTES)
    sealed = release_seal.seal_page(manifest, root, 1, 7, slots)
    assert release_seal.open_page(manifest, root, 1, 7, sealed) == slots
    for other, place in ((first, (1, 7)), (manifest, (2, 7)), (manifest, (1, 8))):
        assert (
            refused(lambda other=other, place=place: release_seal.open_page(other, root, *place, sealed)) == "altered"
        )
    below = release_seal.seal_page(first, root, 1, 7, slots)
    assert refused(lambda: release_seal.open_page(manifest, root, 1, 7, below)) == "altered"


def test_a_recall_carries_no_key(made, build):
    """A recall lists slots and opens nothing."""
    first = made.release()
    entry = release.RecallEntry(1, 0, 2, "ab" * 16)
    manifest = replace(first.manifest, n=2, kind="recall", previous=made.previous, pages=(), recall=(entry,))
    data = release.encode(manifest)
    says = build.statements.ReleasedStatement(
        deal=manifest.deal,
        n=2,
        kind="recall",
        manifest=release.digest(data),
        package=manifest.package.id,
        seller=manifest.seller,
        buyer=manifest.buyer,
    )
    envelope = made.sign(made.seller, says, build.statements.release_subjects(data, b"", ""))
    expected = replace(made.expected(), last=1, previous=made.previous)
    got = accept.accept(data, envelope, b"", None, expected)
    assert (got.slots, got.recall) == ({}, (entry,))


def test_a_draft_for_another_key_is_not_sealed(made):
    """Sealing to a key that the manifest does not name is refused, as are short shares and pages."""
    manifest = made.release().manifest
    draft = replace(manifest, pages=())
    for call in (
        lambda: release_seal.seal(draft, [], io.BytesIO(), DealKey.generate().public),
        lambda: release_seal.seal(draft, [], io.BytesIO(), made.key.public, share=b"123456"),
        lambda: release_seal.seal(draft, [(1, 0, b"")], io.BytesIO(), made.key.public),
        lambda: DealKey(b""),
    ):
        with pytest.raises(Malformed):
            call()


def test_the_deal_key_survives_its_bytes(made):
    """96 bytes are the whole key: seed and scalar."""
    again = DealKey(made.key.private())
    assert (again.public, again.id) == (made.key.public, made.key.id)
    assert len(again.public) == release.PUBLIC_BYTES
    assert "mlkem" not in repr(again).lower()


def test_releases_name_pages_by_their_hash(made):
    """The manifest's hashes are those of the sealed pages, and its live counts those of the keys."""
    done = made.release(withheld=[0, 1])
    data = (made.root / "release-0001" / release.PAGES).read_bytes()
    first = data[: release.SEALED_PAGE]
    assert done.manifest.pages[0].sha256 == hashlib.sha256(first).hexdigest()
    assert done.manifest.live == 4


def test_a_manifest_that_contradicts_itself():
    """A first release with a predecessor, keys in a recall, pages out of order: none of them is a manifest."""
    for data in (b"{}", b"[]", b"null", b'{"format":"custody/release/1"}'):
        with pytest.raises(CustodyError):
            release.decode(data)


def test_whom_nobody_may_contact_crosses_with_the_release_and_is_checked(made):
    """Sealed by subject id, named by the manifest; a file that is gone, added, changed or of another release is refused with its class."""
    release_folder = made.root / "release-0001"
    made.release(silent=(2, 0))
    assert made.accepted().silent == (made.subject(0), made.subject(2))
    assert len((release_folder / release.SILENT).read_bytes()) == 1136 + 4096, "two look like two hundred"
    right = (release_folder / release.SILENT).read_bytes()
    (release_folder / release.SILENT).write_bytes(right[:-1] + bytes([right[-1] ^ 1]))
    assert refused(made.accepted) == "altered"
    (release_folder / release.SILENT).unlink()
    assert refused(made.accepted) == "missing"
    made.release()
    (made.root / "release-0002" / release.SILENT).write_bytes(right)
    assert (
        refused(
            lambda: made.accepted(
                2, expected=replace(made.expected(), last=1, previous=release.digest(made.releases[0].data))
            )
        )
        == "extra"
    )


def test_a_release_that_silences_nobody_reads_as_one_of_before(made):
    """No file, no field in the manifest: its bytes are those of before, and it opens."""
    told = made.release()
    assert b"silent" not in told.data
    assert not (made.root / "release-0001" / release.SILENT).exists()
    assert made.accepted().silent == ()


@pytest.mark.parametrize("plain", [b"", bytes(4096), (1).to_bytes(4) + bytes(16), (2).to_bytes(4) + bytes(4092),
                                   (1).to_bytes(4) + bytes(16) + b"x" + bytes(4075), (300).to_bytes(4) + bytes(4092), silence.encode([b"a" * 16]) + bytes(4096)])  # fmt: skip
def test_whom_nobody_may_contact_has_one_form(plain):
    """Nobody, someone twice, too few bytes, something behind them, or more padding than needed: refused."""
    with pytest.raises(Malformed):
        silence.decode(plain)
