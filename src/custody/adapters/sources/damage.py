"""Numbers a spreadsheet already damaged: `6.22202E+18` where a card or identity number stood is lost for good."""

import re
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

# From ten digits on, a narrow cell shows (and saves) a telephone or identity number in this form.
_SCIENTIFIC: Final = r"^\d(\.\d+)?[Ee]\+(09|1\d|2\d)$"
_SHOWN: Final = re.compile(_SCIENTIFIC)
LONGEST: Final = 10**15  # a spreadsheet keeps fifteen digits of a number


def damaged(data: pa.RecordBatch) -> dict[int, str]:
    """{place in the batch: column name} of rows that hold such a number."""
    found: dict[int, str] = {}
    for field, column in zip(data.schema, data.columns, strict=True):
        if not pa.types.is_string(field.type):
            continue
        hits = pc.match_substring_regex(column, _SCIENTIFIC)
        if pc.any(hits).as_py():
            found.update(dict.fromkeys(pc.indices_nonzero(hits.fill_null(False)).to_pylist(), field.name))
    return found


def lost(cell: object) -> bool:
    """Whether one cell of a spreadsheet holds such a number: kept as a number, or as the text that was shown for one."""
    if isinstance(cell, str):
        return "+" in cell and _SHOWN.match(cell) is not None
    return isinstance(cell, float | int) and not isinstance(cell, bool) and abs(cell) >= LONGEST
