"""Tables as CSV or XLSX. What a spreadsheet would take for a formula is text: the file may hold what a customer or a file name says."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Final

import xlsxwriter
from django.http import HttpRequest, HttpResponse

from custody.acts.spreadsheets import plain
from custody.web.console.catalogue import words

FORMS: Final = ("csv", "xlsx")
_XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_LONGEST: Final = 32_000  # a cell of XLSX holds 32,767 characters


def sheet(
    request: HttpRequest, name: str, heads: Sequence[str], rows: Iterable[Sequence[object]]
) -> HttpResponse | None:
    """The table in the form that the address asks for, or None when it asks for the page. `heads` are words' keys."""
    form = request.GET.get("as")
    if form not in FORMS:
        return None
    told: list[list[int | str]] = [[words(head) for head in heads], *([_cell(cell) for cell in row] for row in rows)]
    answer = (
        HttpResponse(_xlsx(told), content_type=_XLSX)
        if form == "xlsx"
        else HttpResponse(_csv(told), content_type="text/csv; charset=utf-8")
    )
    answer["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    return answer


def _cell(value: object) -> int | str:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    text = "" if value is None else str(value)
    return plain(text)


def _csv(rows: Iterable[Sequence[object]]) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out, quoting=csv.QUOTE_ALL).writerows(rows)
    return out.getvalue().encode("utf-8-sig")


def _xlsx(rows: Iterable[Sequence[int | str]]) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        page = book.add_worksheet()
        for line, row in enumerate(rows):
            for place, cell in enumerate(row):
                if isinstance(cell, int):
                    page.write_number(line, place, cell)
                else:
                    page.write_string(line, place, cell[:_LONGEST])
    return out.getvalue()
