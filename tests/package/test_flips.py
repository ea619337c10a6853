"""Any one changed byte, anywhere, is noticed; anything malformed is a fault and never a traceback."""

import io
import json
import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from custody.base.errors import CustodyError
from custody.package import contents, frames, leaf, proof, release, statements
from custody.package.fault import KINDS
from custody.services.verify import verify
from custody.services.verify.words import FAULTS, NOTES

_READERS = (contents.decode, leaf.decode, proof.decode, release.decode)


@pytest.mark.parametrize("seed", range(8))
def test_one_byte_anywhere(copy, trusted, seed):
    """Random single-byte changes over all files: each is refused, and a fault stands at the file that was changed."""
    root, rng = copy(), random.Random(seed)
    files = sorted(one for one in root.rglob("*") if one.is_file() and "cards" not in one.parts)
    for _ in range(40 if seed % 2 else 20):
        path = rng.choice(files)
        data = path.read_bytes()
        place = rng.randrange(len(data))
        path.write_bytes(data[:place] + bytes([data[place] ^ rng.randrange(1, 256)]) + data[place + 1 :])
        result = verify([root], trusted if seed % 2 else [])
        path.write_bytes(data)
        name = path.relative_to(root).as_posix()
        assert not result.ok, (name, place)
        assert name in {one.file for one in result.faults}, (name, place)
        assert {one.kind for one in result.faults} <= set(KINDS)


def test_truncated_and_lengthened(copy, trusted):
    """Every file cut short, emptied or lengthened by one byte is refused."""
    root = copy()
    for path in sorted(one for one in root.rglob("*") if one.is_file() and "cards" not in one.parts):
        data = path.read_bytes()
        for changed in (data[:-1], b"", data + b"\n", data + b"\0"):
            path.write_bytes(changed)
            result = verify([root], trusted)
            assert not result.ok, (path.name, len(changed) - len(data))
            result.to_json("zh")
        path.write_bytes(data)


def test_rubbish_everywhere(copy, trusted):
    """Files replaced by hostile content give faults only."""
    root, rng = copy(), random.Random(7)
    hostile = [
        b"[" * 100_000,
        b'{"a":' * 5000,
        b"\xff\xfe\0",
        b"null",
        b"[]",
        b"{}",
        b'""',
        b"0",
        b"1e999",
        b"9" * 5000,
        b'{"a":1,"a":2}',
        b'"\\ud800"',
        b'{"payload":1,"payloadType":2,"signatures":3}',
        b'{"payload":"","payloadType":"","signatures":[{},{}]}',
        b"c2sp.org/tlog-proof@v1\n",
        b"\n\n\n",
        rng.randbytes(3000),
        b"CVSEG1\n\1\1" + b"\0" * 32 + b"\xff\xff\xff\xff",
    ]
    for path in sorted(one for one in root.rglob("*") if one.is_file()):
        data = path.read_bytes()
        for changed in rng.sample(hostile, 6):
            path.write_bytes(changed)
            result = verify([root], trusted if rng.random() < 0.5 else [])
            assert not result.ok or "cards" in path.parts, (path.name, changed[:20])
            result.to_json()
        path.write_bytes(data)


def test_folders_in_the_place_of_files(copy, trusted):
    """A folder, or nothing, where a file should be gives faults only."""
    root = copy()
    for path in sorted(one for one in root.rglob("*") if one.is_file() and "cards" not in one.parts):
        data = path.read_bytes()
        path.unlink()
        verify([path.parent], trusted).to_json()
        path.mkdir()
        assert not verify([root], trusted).ok
        path.rmdir()
        path.write_bytes(data)


@settings(max_examples=60, deadline=None)
@given(
    st.one_of(
        st.binary(max_size=400),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.text(),
            lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        ).map(lambda value: json.dumps(value).encode()),
    )
)
def test_readers_raise_only_our_errors(data):
    """Every reader refuses rubbish with an error of base.errors."""
    for reader in _READERS:
        with pytest.raises(CustodyError):
            reader(data)
    with pytest.raises(CustodyError):
        list(frames.read(io.BytesIO(data)))


@settings(max_examples=60, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(["_type", "subject", "predicateType", "predicate"]),
        st.none() | st.text() | st.lists(st.integers()) | st.dictionaries(st.text(), st.integers()),
    )
)
def test_statements_raise_only_our_errors(value):
    """So does the reader of statements."""
    with pytest.raises(CustodyError):
        statements.read(value)


def test_every_code_has_words_in_both_languages():
    """Each fault code that the source uses has a Chinese and an English sentence, and no sentence is unused."""
    source = Path(__file__).parents[2] / "src" / "custody"
    folders = (source / "package", source / "services" / "verify")
    text = "".join(
        one.read_text() for folder in folders for one in folder.glob("*.py") if one.name not in {"words.py", "run.py"}
    )
    run = (source / "services" / "verify" / "run.py").read_text()
    for code, words in FAULTS.items():
        assert words.zh
        assert words.en
        assert f'"{code}"' in text + run, code
    assert all(f'"{note}"' in text + run for note in NOTES)
