"""Leaves, frames, differences, proofs and the writer, each on its own."""

import hmac
import io
import subprocess
import sys
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from custody.acts.taking_first import schema as schema_row
from custody.base import canonical, merkle
from custody.base.errors import Broken, CustodyError, Malformed
from custody.package import bag, contents, frames, leaf, order, proof, table
from custody.package.leaf import Leaf, RecordSum
from custody.package.sound import DESCRIPTOR
from custody.package.suites import SUITES, primitives
from custody.vault import segment as vault_segment
from custody.vault.audit import leaf_commitment
from custody.vault.record import new_header, seal
from custody.vault.suite import AES, SM, Suite

u32 = st.integers(0, 2**32 - 1)
sums = st.builds(RecordSum, u32, u32, st.integers(0, 2**16 - 1), st.binary(min_size=32, max_size=32))
leaves = st.builds(
    Leaf,
    st.integers(0, 255),
    u32,
    st.integers(0, 1023),
    st.binary(min_size=16, max_size=16),
    st.binary(min_size=32, max_size=32),
    st.lists(sums, min_size=1, max_size=4, unique_by=lambda one: one.record).map(lambda found: tuple(sorted(found))),
    st.binary(min_size=32, max_size=32),
    st.sets(st.from_regex("[a-z][a-z-]{0,9}", fullmatch=True), max_size=3).map(lambda found: tuple(sorted(found))),
)


@settings(max_examples=60, deadline=None)
@given(leaves)
def test_a_leaf_has_one_form(one):
    """A leaf's line is canonical JSON and reads back as the leaf."""
    line = one.encode()
    assert leaf.decode(line) == one
    assert canonical.encode(canonical.decode(line)) == line


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"page":0', b'"page":00'),
        (b'"page":0', b'"page":true'),
        (b'"page":0', b'"page": 0'),
        (b'"slot":0', b'"slot":1024'),
        (b'"records":[{', b'"records":[],"x":[{'),
        (b'"record":1', b'"record":-1'),
        (b'"purposes":[]', b'"purposes":["A"]'),
        (b"}]", b"}],"),
        (b'"c"', b'"C"'),
    ],
)
def test_other_forms_of_a_leaf_are_refused(old, new):
    """Another spelling, range or field is no leaf."""
    line = Leaf(1, 0, 0, bytes(16), bytes(32), (RecordSum(1, 1, 1, bytes(32)),), bytes(32)).encode()
    assert old in line
    with pytest.raises(Malformed, match="leaf"):
        leaf.decode(line.replace(old, new))


def test_commitments_are_the_vaults():
    """Key id, key commitment and verdict commitment are what the vault computes."""
    dek = bytes(range(32))
    for one in (AES, SM):
        assert leaf.key_commitment(dek, one.number) == one.commitment(dek)
        assert leaf.key_commitment(dek, one.number)[:16] == one.key_id(dek)
        assert leaf.verdict_commitment(dek, "hand_over", "r", one.number) == leaf_commitment(dek, "hand_over", "r", one)
    assert SUITES == frames.SUITES == {AES.number, SM.number}
    with pytest.raises(Malformed, match="not known"):
        leaf.key_commitment(dek, 3)


@pytest.mark.parametrize("used", [AES, SM], ids=["suite-1", "suite-2"])
def test_segments_are_the_vaults(used: Suite):
    """A segment written here is read by the vault and the other way round; a leaf foretells the vault's header."""
    dek, origin, name = bytes(range(32)), b"o" * 16, b"s" * 16
    head = new_header(3, 7, b"x" * 16, 9, used.key_id(dek), revision=2, suite=used)
    records = list(seal(origin, [(head, dek, b"a"), (head, dek, b"b")], count=2))
    here, there = io.BytesIO(), io.BytesIO()
    made = frames.write(here, used.number, origin, name, records)
    writer = vault_segment.SegmentWriter(there, origin, name, used)
    for one in records:
        writer.add(one)
    assert writer.close() == made.sha256
    assert here.getvalue() == there.getvalue()
    assert [one for _, one in vault_segment.frames(io.BytesIO(here.getvalue()))] == records
    assert [one.sealed for one in frames.read(io.BytesIO(there.getvalue()))] == records
    told = Leaf(3, 0, 0, b"x" * 16, leaf.key_commitment(dek, used.number), (RecordSum(9, 2, 7, bytes(32)),), bytes(32))
    assert told.headers(used.number) == [head.encode()]


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=80), st.binary(max_size=200))
def test_the_mac_of_suite_1_is_the_librarys(key, data):
    """Whatever the key's length, the commitments' HMAC is the one of RFC 2104."""
    for used in (key, key.ljust(32, b"k")[:32]):
        assert primitives(1).mac(used, data) == hmac.digest(used, data, "sha256")


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(1, 40), max_size=6), st.integers(0, 3))
def test_a_tree_grows_alike_in_stretches_and_one_by_one(stretches, first):
    """However leaves are cut into stretches, the tree is the one that grew leaf by leaf, and its root that over all of them."""
    hashes = [merkle.leaf_hash(b"%d" % number) for number in range(first + sum(stretches))]
    grown, singly, place = merkle.Frontier(), merkle.Frontier(), first
    grown.extend(hashes[:first])
    for length in stretches:
        grown.extend(hashes[place : place + length])
        place += length
    for one in hashes:
        singly.append(one)
    assert (grown.size, grown.to_list()) == (singly.size, singly.to_list())
    assert grown.root() == merkle.root(hashes)


@pytest.mark.parametrize("wrong", [1023, 1024, 1025, 1500])
def test_the_order_of_leaves_holds_across_stretches(wrong):
    """A leaf that is not beyond the one before is refused wherever it stands; in order, line and hash are those of each leaf."""
    made = [Leaf(1, number >> 10, number & 1023, bytes(16), bytes(32), (RecordSum(1, 1, 1, bytes(32)),), bytes(32))
            for number in range(2_000)]  # fmt: skip
    target = io.BytesIO()
    hashes = bytearray()
    told = table.write_leaves(target, made, hashes.extend)
    lines = [one.encode() for one in made]
    assert target.getvalue() == b"".join(line + b"\n" for line in lines)
    assert hashes == b"".join(map(merkle.leaf_hash, lines))
    assert (told.root, told.leaves) == (merkle.root([merkle.leaf_hash(line) for line in lines]).hex(), 2_000)
    with pytest.raises(Malformed):
        table.write_leaves(io.BytesIO(), [*made[:wrong], made[wrong - 1], *made[wrong:]], bytearray().extend)


@settings(max_examples=80, deadline=None)
@given(st.lists(st.binary(min_size=1, max_size=1), max_size=8), st.lists(st.binary(min_size=1, max_size=1), max_size=8))
def test_differences_are_found_or_there_are_none(found, expected):
    """Two lists differ exactly when a difference is named."""
    assert bool(order.differences(found, expected)) == (found != expected)


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 40), st.data())
def test_proofs_hold_for_their_entry_only(size, data):
    """A proof holds for its entry in its tree, reads back as written, and for no other entry."""
    index = data.draw(st.integers(0, size - 1))
    entries = [b'{"n":%d}' % number for number in range(size)]
    hashes = [merkle.leaf_hash(one) for one in entries]
    made = proof.encode(entries[index], index, merkle.inclusion_proof(hashes, index), "o\n1\nx\n")
    read = proof.decode(made)
    proof.check(read, size, merkle.root(hashes))
    other = proof.decode(proof.encode(b"{}", index, read.path, "x"))
    with pytest.raises(Broken):
        proof.check(other, size, merkle.root(hashes))


def test_the_writer_keeps_order(build, tmp_path):
    """Leaves out of order, a file written twice, and a bad name are refused while writing."""
    made = build.Handover(tmp_path)
    made.pack()
    writer = build.PackageWriter(lambda name: made.target(f"again/{name}"), made.package.contents)
    one = Leaf(1, 0, 0, bytes(16), bytes(32), (RecordSum(1, 1, 1, bytes(32)),), bytes(32))
    with pytest.raises(Malformed):
        writer.leaves([one, one])
    writer.file("proof", b"")
    for name in ("proof", "../x", "/x", ".x", "a//b", "a b"):
        with pytest.raises(Malformed):
            writer.file(name, b"")
    with pytest.raises(Malformed):
        writer.close()


def test_the_bag_is_a_bag(good):
    """Tag files are those of RFC 8493, the id is the tag manifest's hash, and Payload-Oxum is true."""
    root = good.root / "package"
    assert (root / "bagit.txt").read_bytes() == b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
    assert bag.package_id((root / bag.TAGS).read_bytes()) == good.package.id
    payload = [one.stat().st_size for one in (root / "data").rglob("*") if one.is_file()]
    assert f"Payload-Oxum: {sum(payload)}.{len(payload)}\n" in (root / "bag-info.txt").read_text()


def test_the_descriptor_holds_names_only(good):
    """The descriptor is a data package that says names, classes, counts and hashes."""
    data = (good.root / "package" / DESCRIPTOR).read_bytes()
    told = canonical.decode(data)
    assert told["$schema"] == contents.PROFILE
    assert {one["path"] for one in told["resources"]} == {"segments/seg-1.seg", "leaves.jsonl"}
    for changed in (data.replace(b'"format":"jsonl"', b'"format":"jsonx"'), data + b" ", b"{}"):
        with pytest.raises(CustodyError):
            contents.decode(changed)


def test_leaves_read_back(good):
    """The leaf table's root is the one the descriptor names."""
    hashes = [hashed for _, hashed in table.leaves(good.root / "package" / table.LEAVES)]
    assert merkle.root(hashes).hex() == good.package.contents.leaves.root


def test_the_verifier_needs_little():
    """The bare verifier loads no engine with keys, no HPKE, nothing beyond the standard library and cryptography."""
    code = (
        "import sys, custody.cli.bare; "
        "heavy = {'custody.package.release_seal', 'custody.package.accept', 'custody.vault', "
        "'cryptography.hazmat.primitives.hpke', "
        "'pyarrow', 'yaml', 'sqlalchemy', 'django', 'click', 'rich', 'msgpack', 'numpy', 'orjson'}; "
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_descriptor_whose_layout_has_no_table_is_refused(good):
    """Signed by whoever: a layout that names no table, or one number twice, is malformed, not a fault of the reader's."""
    found = good.package.contents
    first, *others = found.schemas
    for wrong in ((replace(first, table="nowhere"), *others), (first, first, *others)):
        with pytest.raises(Malformed) as error:
            contents.decode(contents.encode(replace(found, schemas=wrong)))
        assert error.value.slug == "package.descriptor"


def test_a_layout_with_a_column_of_no_table_is_not_received():
    """It is malformed at the door, and nothing of it is kept."""
    table_ = contents.TableInfo(
        "t", "subject", "customer", (contents.ColumnInfo("a", "name.full", "general", "general"),)
    )
    with pytest.raises(Malformed) as error:
        schema_row("vlt_x", contents.SchemaInfo(1, "t", 1, ("a", "b"), home=True), table_)
    assert error.value.slug == "package.descriptor"
