"""Segments: whole or refused; copied in runs (spec/vault.md §6)."""

import mmap
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from custody.base.errors import CustodyError
from custody.vault import segment
from custody.vault.segment import SegmentWriter, copy_records, frames, head, iter_records, record_at

ORIGIN, SEGMENT, COPY = b"o" * 16, b"s" * 16, b"c" * 16


def _record(number: int) -> bytes:
    return b"CV\1\1" + number.to_bytes(4) * (34 + number % 7)


def _written(count: int) -> tuple[bytes, list[tuple[int, int]]]:
    target = BytesIO()
    writer = SegmentWriter(target, ORIGIN, SEGMENT)
    places = [writer.add(_record(number)) for number in range(count)]
    writer.close()
    return target.getvalue(), places


DATA, PLACES = _written(40)


@given(st.sets(st.integers(0, 39)))
def test_a_filtered_copy_holds_exactly_what_was_kept(kept: set[int]):
    """A copy is a whole segment of the same origin, with the kept records in order at the places returned."""
    target = BytesIO()
    writer = SegmentWriter(target, ORIGIN, COPY)
    moved = copy_records(DATA, [PLACES[number] for number in sorted(kept)], writer)
    writer.close()
    made = target.getvalue()
    assert head(made) == (ORIGIN, COPY)
    assert list(iter_records(BytesIO(made))) == [_record(number) for number in sorted(kept)]
    assert [record_at(made, place) for place in moved] == [_record(number) for number in sorted(kept)]
    assert writer.records == len(kept)


def test_a_copy_reads_a_mapped_file(tmp_path: Path):
    """A segment on disk is copied from its map."""
    (tmp_path / "one.seg").write_bytes(DATA)
    target = BytesIO()
    with (tmp_path / "one.seg").open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
        writer = SegmentWriter(target, ORIGIN, COPY)
        copy_records(mapped, PLACES[3:9], writer)
        writer.close()
    assert list(iter_records(BytesIO(target.getvalue()))) == [_record(number) for number in range(3, 9)]


@pytest.mark.parametrize("kept", [[PLACES[0], PLACES[2], PLACES[1]], [(0, 140)]])
def test_a_refused_copy_of_a_mapped_file_says_why(tmp_path: Path, refuses, kept: list[tuple[int, int]]):
    """Closing the map does not hide what was wrong, not even when runs waited to be written."""
    (tmp_path / "one.seg").write_bytes(DATA)
    with (
        refuses("vault.segment"),
        (tmp_path / "one.seg").open("rb") as file,
        mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as mapped,
    ):
        copy_records(mapped, kept, SegmentWriter(BytesIO(), ORIGIN, COPY))


def test_a_copy_in_small_pieces_is_the_same(monkeypatch: pytest.MonkeyPatch):
    """However much goes in one write, and whatever the copy held before."""
    for kept in (PLACES, PLACES[::3], PLACES[5:30], []):
        made = []
        for piece in (1 << 20, 150, 1):
            monkeypatch.setattr(segment, "_PIECE", piece)
            target = BytesIO()
            writer = SegmentWriter(target, ORIGIN, COPY)
            writer.add(_record(99))
            moved = copy_records(DATA, kept, writer)
            writer.close()
            assert writer.records == len(kept) + 1
            made.append((moved, target.getvalue()))
        assert made[0] == made[1] == made[2]
        assert len(list(iter_records(BytesIO(made[0][1])))) == len(kept) + 1


@given(st.lists(st.integers(0, 200), max_size=20))
def test_a_batch_lies_where_single_records_would(numbers: list[int]):
    """`extend` writes the same file as `add` for each."""
    one, two = BytesIO(), BytesIO()
    first, second = SegmentWriter(one, ORIGIN, SEGMENT), SegmentWriter(two, ORIGIN, SEGMENT)
    assert first.extend(_record(n) for n in numbers) == [second.add(_record(n)) for n in numbers]
    assert first.close() == second.close()
    assert one.getvalue() == two.getvalue()


def test_every_flipped_byte_is_refused():
    """No byte of a segment can change without a refusal by the time the footer is read."""
    data, _ = _written(3)
    for place in range(len(data)):
        changed = bytearray(data)
        changed[place] ^= 0x41
        with pytest.raises(CustodyError):
            list(frames(BytesIO(bytes(changed))))


def test_every_truncation_is_refused(refuses):
    """A segment cut anywhere is torn."""
    data, _ = _written(3)
    for end in range(len(data)):
        with refuses("vault.segment"):
            list(frames(BytesIO(data[:end])))


@given(st.binary(max_size=300))
def test_hostile_bytes_are_refused_by_name(data: bytes):
    """Bytes that are no segment never leak a raw error, with or without its beginning."""
    for given_bytes in (data, DATA[:41] + data):
        with pytest.raises(CustodyError):
            list(frames(BytesIO(given_bytes)))


@pytest.mark.parametrize(
    "place",
    [(0, 140), (45, 139), (46, 140), (PLACES[0][0], PLACES[0][1] + 1), (PLACES[39][0] + 1, 140), (len(DATA), 140),
     (len(DATA) - 44, 140), (-5, 140), (PLACES[1][0], 10**9)],
)  # fmt: skip
def test_a_location_that_is_no_frame_is_refused(place: tuple[int, int], refuses):
    """A wrong location copies nothing and reads nothing, also outside the file."""
    with refuses("vault.segment"):
        record_at(DATA, place)
    with refuses("vault.segment"):
        copy_records(DATA, [place], SegmentWriter(BytesIO(), ORIGIN, COPY))


def test_locations_out_of_order_are_refused(refuses):
    """A record can neither be copied twice nor in another order."""
    for kept in ([PLACES[2], PLACES[1]], [PLACES[1], PLACES[1]]):
        with refuses("vault.segment"):
            copy_records(DATA, kept, SegmentWriter(BytesIO(), ORIGIN, COPY))


def test_a_copy_keeps_its_origin(refuses):
    """Records of two origins never meet in one segment."""
    with refuses("vault.segment"):
        copy_records(DATA, PLACES[:1], SegmentWriter(BytesIO(), b"x" * 16, COPY))


def test_a_closed_segment_takes_no_more(refuses):
    """Segments are never changed."""
    writer = SegmentWriter(BytesIO(), ORIGIN, SEGMENT)
    writer.close()
    with refuses("vault.segment"):
        writer.add(_record(1))


def test_a_record_that_would_read_as_the_end_is_refused(refuses):
    """An empty record would be read as the end mark."""
    writer = SegmentWriter(BytesIO(), ORIGIN, SEGMENT)
    with refuses("vault.segment"):
        writer.add(b"")
    with refuses("vault.segment"):
        writer.extend([b"short"])
