"""Tables as CSV or XLSX, in the reader's words and zone. What a spreadsheet would take for a formula is text: the file may hold what a customer or a file name says."""

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from http import HTTPStatus
from typing import Final

import xlsxwriter
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header

from custody.web.console.catalogue import words
from custody.web.console.cells import PLAIN, Cell, cell
from custody.web.console.tables import table

FORMS: Final = ("csv", "xlsx")
_XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_LONGEST: Final = 32_000  # a cell of XLSX holds 32,767 characters
_WIDE: Final = 20


class Sheets:
    """Middleware behind the door: who asks for a page `as` a sheet gets the table that the page shows them, or the page when it has none."""

    def __init__(self, onward: Callable[[HttpRequest], HttpResponse]) -> None:
        self._onward = onward

    def __call__(self, request: HttpRequest) -> HttpResponse:
        before = PLAIN.set(False)
        try:
            answer = self._onward(request)
            form = _form(request) if PLAIN.get() else None
        finally:
            PLAIN.reset(before)
        if form is None or not _is_page(answer):
            return answer
        found = table(answer.content.decode(), request.GET.get("sheet", ""))
        return _file(request, form, *found) if found else answer

    def process_view(self, request: HttpRequest, *_: object) -> None:
        """Only now: no form is read before its page's mark was looked at."""
        PLAIN.set(_form(request) is not None)


def _is_page(answer: HttpResponse) -> bool:
    return (
        not answer.streaming and answer.status_code == HTTPStatus.OK and answer["Content-Type"].startswith("text/html")
    )


def sheet(
    request: HttpRequest, name: str, heads: Sequence[str], rows: Iterable[Sequence[object]]
) -> HttpResponse | None:
    """A list that is longer than a page, or no table on it; None when the page itself is asked for, or another of its tables. `heads` are words' keys."""
    form = _form(request)
    if form is None or request.GET.get("sheet", name) != name:
        return None
    return _file(request, form, name, [[words(head) for head in heads], *([cell(one) for one in row] for row in rows)])


def _form(request: HttpRequest) -> str | None:
    """What was sought by a value is taken by posting it again: a value is in no address."""
    form = request.GET.get("as") or (request.POST.get("as") if request.method == "POST" else None)
    return form if form in FORMS else None


def _file(request: HttpRequest, form: str, name: str, rows: Sequence[Sequence[Cell]]) -> HttpResponse:
    told = _zoned(rows)
    answer = (
        HttpResponse(_xlsx(told), content_type=_XLSX)
        if form == "xlsx"
        else HttpResponse(_csv(told), content_type="text/csv; charset=utf-8")
    )
    ref = request.resolver_match.kwargs.get("ref") if request.resolver_match else None
    of = f"{ref}-{name}" if ref else name
    answer["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=f"{of}.{form}")
    return answer


def _zoned(rows: Sequence[Sequence[Cell]]) -> list[Sequence[Cell]]:
    """A file goes on to others: the head of moments says whose zone they are of."""
    moments = {n for row in rows for n, one in enumerate(row) if isinstance(one, datetime)}
    zone = timezone.get_current_timezone()
    return [[f"{one} ({zone})" if n in moments else one for n, one in enumerate(row)] for row in rows[:1]] + list(
        rows[1:]
    )


def _csv(rows: Iterable[Sequence[Cell]]) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out, quoting=csv.QUOTE_ALL).writerows([_written(one) for one in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def _written(one: Cell) -> int | str:
    if isinstance(one, datetime):
        return f"{one:%Y-%m-%d %H:%M}"
    return one.isoformat() if isinstance(one, date) else one


def _xlsx(rows: Iterable[Sequence[Cell]]) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        page = book.add_worksheet()
        day, moment = (book.add_format({"num_format": form}) for form in ("yyyy-mm-dd", "yyyy-mm-dd hh:mm"))
        for line, row in enumerate(rows):
            for place, one in enumerate(row):
                if isinstance(one, int):
                    page.write_number(line, place, one)
                elif isinstance(one, date):
                    page.write_datetime(line, place, one, moment if isinstance(one, datetime) else day)
                else:
                    page.write_string(line, place, one[:_LONGEST])
            page.set_column(0, max(len(row) - 1, 0), _WIDE) if not line else None
    return out.getvalue()
