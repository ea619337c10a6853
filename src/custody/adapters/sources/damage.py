"""Numbers a spreadsheet already damaged: `6.22202E+18` where a card or identity number stood is lost for good."""

from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

_SCIENTIFIC: Final = r"^\d(\.\d+)?[Ee]\+1[1-9]$"


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
