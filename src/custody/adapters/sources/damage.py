"""Numbers a spreadsheet already damaged (spec/sources.md §3).

`6.22202E+18` where a card or identity number stood is lost for good, and so are the digits behind the fifteenth, which it
wrote down as zeros.
"""

import re
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc
from stdnum import luhn
from stdnum.cn import ric

# From ten digits on, a narrow cell shows (and saves) a telephone or identity number in this form.
_SCIENTIFIC: Final = r"^\d(\.\d+)?[Ee]\+(09|1\d|2\d)$"
# An identity number of 18, a card of the Chinese scheme of 18 or 19: zeros from the sixteenth digit on.
_ROUNDED: Final = r"^([1-8]\d{5}(18|19|20)\d{2}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])\d000|62\d{13}0000?)$"
_EITHER: Final = f"{_SCIENTIFIC}|{_ROUNDED}"
_SHOWN: Final = re.compile(_SCIENTIFIC)
LONGEST: Final = 10**15  # a spreadsheet keeps fifteen digits of a number


def damaged(data: pa.RecordBatch) -> dict[int, str]:
    """{place in the batch: column name} of rows that hold such a number."""
    found: dict[int, str] = {}
    for field, column in zip(data.schema, data.columns, strict=True):
        if not pa.types.is_string(field.type):
            continue
        hits = pc.match_substring_regex(column, _EITHER)
        if pc.any(hits).as_py():
            places = pc.indices_nonzero(hits.fill_null(False)).to_pylist()
            found.update((place, field.name) for place in places if not _right(column[place].as_py()))
    return found


def _right(text: str) -> bool:
    """Whether a number that ends in zeros has the check digit it should: then it is whole, and ends so by chance."""
    return text.isdigit() and ((len(text) == 18 and ric.calc_check_digit(text) == text[17]) or luhn.is_valid(text))


def lost(cell: object) -> bool:
    """Whether one cell of a spreadsheet holds such a number: kept as a number, or as the text that was shown for one."""
    if isinstance(cell, str):
        return "+" in cell and _SHOWN.match(cell) is not None
    return isinstance(cell, float | int) and not isinstance(cell, bool) and abs(cell) >= LONGEST
