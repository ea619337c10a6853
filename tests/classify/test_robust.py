"""Whatever is fed in, classification answers; and it answers the same in any order."""

from contextlib import suppress

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from labelled import lifelike, profile, schemas

from custody.adapters.sources.opener import FileOpener
from custody.base.errors import Malformed
from custody.classify.columns import classify
from custody.classify.headers import judge
from custody.classify.profile import Profiler
from custody.classify.roles import propose
from custody.classify.taxonomy import classes
from custody.model.source import Batch, TableHead
from custody.services.scan_values import scan_values

TEXT = st.text(st.characters(exclude_categories=("Cs",)), max_size=40)
TABLES = [
    one
    for one in schemas("schemas_public.txt")
    if one.name in {"zcmu_patient", "khxxb", "borrowers", "顧客台帳", "商品目录", "图书目录"}
]


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(TEXT, st.lists(st.one_of(st.none(), TEXT), min_size=3, max_size=3)), min_size=1, max_size=5))
def test_any_text_is_classified(columns):
    """Any header over any cells gets a class of the taxonomy, a confidence and a role."""
    names = tuple(f"{name}{place}" for place, (name, _) in enumerate(columns))
    profiler = Profiler(TableHead("t", "t.csv", "csv", names))
    data = pa.RecordBatch.from_arrays([pa.array(cells, pa.string()) for _, cells in columns], names=list(names))
    profiler.update(Batch(range(1, 4), data))
    profiles = [profiler.finish()]
    findings = classify(profiles)
    assert all(one.cls in classes() and 0 < one.confidence <= 100 for one in findings[0].columns)
    assert propose(profiles, findings)["t"].role


@settings(max_examples=20, deadline=None)
@given(data=st.binary(max_size=300))
def test_any_bytes_are_answered(data, tmp_path_factory):
    """A file of arbitrary bytes is read, quarantined or refused by name; it never breaks the scan."""
    path = tmp_path_factory.mktemp("any") / "any.csv"
    path.write_bytes(data)
    with suppress(Malformed):  # refused by name: an answer too
        assert all(one["start"] < one["end"] for one in scan_values(FileOpener(), [str(path)])["findings"])


@given(st.text(max_size=60))
def test_any_header_is_judged(header):
    """A header of any characters gives readings with weights, or none."""
    assert all(one.cls in classes() and one.weight > 0 for one in judge(header))


@pytest.mark.parametrize("schema", TABLES, ids=lambda one: one.name)
@settings(max_examples=2, deadline=None)
@given(random=st.randoms(use_true_random=False))
def test_the_order_of_columns_and_rows_changes_no_class(schema, random):
    """Columns and rows in another order are taken for the same."""
    table = lifelike(schema, 3)
    wanted = {one.name: one.cls for one in classify([table])[0].columns}
    columns = {one.name: sorted(one.sample) for one in table.columns}
    names = list(columns)
    random.shuffle(names)
    rows = max(map(len, columns.values()))
    cells = {name: (columns[name] * rows)[:rows] if columns[name] else [""] * rows for name in names}
    order = list(range(rows))
    random.shuffle(order)
    one = classify([profile(schema.name, {name: cells[name] for name in sorted(cells)})])[0]
    other = classify([profile(schema.name, {name: [cells[name][place] for place in order] for name in names})])[0]
    assert {c.name: c.cls for c in one.columns} == {c.name: c.cls for c in other.columns}
    assert set(wanted) == set(cells)
