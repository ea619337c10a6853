"""Rows per second of full-count profiling and column decisions, on a CSV or Parquet corpus, CPU time of one process.

usage: python bench/classify_columns.py FILE [ROWS_PER_BATCH]
The aim: at least 25,000 rows/s per core on a corpus of 26 columns, all rows counted.
"""

import resource
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from pyarrow import csv

from custody.classify.columns import classify
from custody.classify.profile import Profiler
from custody.model.source import Batch, TableHead


def batches(path: Path, size: int) -> Iterator[pa.RecordBatch]:
    if path.suffix == ".parquet":
        yield from pq.ParquetFile(path).iter_batches(size)
        return
    with path.open("rb") as file:
        names = csv.read_csv(pa.py_buffer(file.readline())).column_names
    text = csv.ConvertOptions(column_types=dict.fromkeys(names, pa.string()), null_values=[], strings_can_be_null=False)
    reading = csv.ReadOptions(block_size=4 << 20, use_threads=False)
    with csv.open_csv(path, reading, csv.ParseOptions(newlines_in_values=True), text) as reader:
        for found in reader:
            yield from (found.slice(start, size) for start in range(0, found.num_rows, size))


def main() -> None:
    path, size = Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 8192
    began, counted, rows = time.process_time(), 0.0, 0
    profiler = None
    for part in batches(path, size):
        profiler = profiler or Profiler(TableHead(path.stem, path.name, "csv", tuple(part.schema.names)))
        start = time.process_time()
        profiler.update(Batch(range(rows + 1, rows + part.num_rows + 1), part))
        counted += time.process_time() - start
        rows += part.num_rows
    assert profiler is not None
    start = time.process_time()
    found = classify([profiler.finish()])[0]
    decided = time.process_time() - start
    whole = time.process_time() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{rows} rows x {len(found.columns)} columns")
    print(
        f"counting alone {rows / counted:,.0f} rows/s; decisions {decided:.2f} s; with reading {rows / whole:,.0f} rows/s"
    )
    print(f"peak memory {peak:,.0f} MiB")


if __name__ == "__main__":
    main()
