"""Profiles: counted over all rows, in bounded memory, whatever the order."""

from time import process_time

import msgpack
import numpy as np
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st
from labelled import profile

from custody.classify.cells import cells
from custody.classify.profile import Profiler
from custody.classify.sketch import SAMPLE, Sketch
from custody.model.source import Batch, TableHead

CELLS = st.one_of(
    st.sampled_from(
        [
            "13812345678",
            "",
            "-",
            "a@b.co",
            "１３８１２３４５６７８",
            "王小明",
            "2020-01-02",
            "110101199003074514",
            "12.50",
        ]
    ),
    st.text(max_size=12).filter(lambda text: "\x00" not in text and text.isprintable()),
)


@settings(max_examples=40, deadline=None)
@given(st.lists(CELLS, max_size=60), st.randoms(), st.integers(1, 25))
def test_order_and_batches_change_nothing(values, random, size):
    """Shuffled rows in other batches give the same counts, the same distinct values and the same sample."""
    shuffled = list(values)
    random.shuffle(shuffled)
    one = profile("t", {"c": values}).columns[0]
    other = profile("t", {"c": shuffled}, batch=size).columns[0]
    assert (one.hits, one.filled, one.stand_ins, one.distinct) == (
        other.hits,
        other.filled,
        other.stand_ins,
        other.distinct,
    )
    assert sorted(one.sample) == sorted(other.sample)


def test_every_row_is_counted_not_a_sample():
    """One e-mail address in fifty thousand cells is seen."""
    values = ["x"] * 50_000
    values[31_415] = "one@example.org"
    assert profile("t", {"c": values}).columns[0].hits["email"] == 1


def test_a_sketch_is_bounded_and_estimates():
    """Far more distinct values than are kept are estimated within three per cent, from a bounded number of hashes."""
    sketch = Sketch(kept=4096)
    for start in range(0, 60_000, 6000):
        sketch.add(cells(pa.array([f"value {number}" for number in range(start, start + 6000)])))
    sketch.close()
    assert len(sketch.hashes) <= 4096
    assert len(sketch.values) == SAMPLE
    assert abs(sketch.distinct() - 60_000) < 2500


def test_containment_is_exact_for_small_columns():
    """Three of four values that another column holds are three quarters."""
    one, other = Sketch(), Sketch()
    one.add(cells(pa.array(["a1", "b2", "c3", "d4"])))
    other.add(cells(pa.array(["a1", "b2", "c3", "e5", "f6"])))
    assert one.close().contained(other.close()) == (0.75, 4)


def test_long_cells_are_hashed_to_their_end():
    """Cells that differ only in their last byte are different, whatever their length."""
    found = cells(pa.array(["x" * size + end for size in range(1, 40) for end in "ab"]))
    assert len(np.unique(found.hashed)) == 78
    found = cells(pa.array(["x" * size + end for size in (4095, 4096, 4097, 9000, 400_000) for end in "ab"]))
    assert len(np.unique(found.hashed)) == 10


def test_a_cell_of_megabytes_is_not_hashed_word_by_word():
    """What stands behind its first page is hashed at once; it took half a minute."""
    begun = process_time()
    cells(pa.array(["长" * 2_000_000]))
    assert process_time() - begun < 3


def test_full_width_digits_count_as_digits():
    """A telephone number in full-width digits is a mobile number."""
    assert profile("t", {"c": ["１３８１２３４５６７８"]}).columns[0].hits["cn_mobile"] == 1


def test_mixed_cells_of_a_typed_source_are_read():
    """Text inside msgpack cells is counted, and blobs are only counted as opaque."""
    field = pa.field("c", pa.binary(), metadata={b"custody:cells": b"msgpack"})
    data = pa.array([msgpack.packb("a@example.org"), msgpack.packb(5), msgpack.packb(b"\x00\x01"), None], pa.binary())
    profiler = Profiler(TableHead("t", "t.db", "sqlite", ("c",)))
    profiler.update(Batch(range(1, 5), pa.RecordBatch.from_arrays([data], schema=pa.schema([field]))))
    column = profiler.finish().columns[0]
    assert (column.hits["email"], column.opaque, column.rows) == (1, 3, 4)
