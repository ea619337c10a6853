"""Tables as CSV or XLSX, in the reader's words and zone. What a spreadsheet would take for a formula is text: the file may hold what a customer or a file name says."""

import io
import tempfile
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextvars import copy_context
from datetime import datetime
from http import HTTPStatus
from typing import Final

from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.http import content_disposition_header

from custody.web.console.catalogue import words
from custody.web.console.cells import PLAIN, Cell, cell
from custody.web.console.tables import table
from custody.web.console.written import MARK, csv_of, xlsx_into

FORMS: Final = ("csv", "xlsx")
_XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_CSV: Final = "text/csv; charset=utf-8"
Part = list[list[Cell]]
"""Some lines of a long table, below its head."""


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
        HttpResponse(_xlsx(told), content_type=_XLSX) if form == "xlsx" else HttpResponse(_csv(told), content_type=_CSV)
    )
    answer["Content-Disposition"] = _called(request, form, name)
    return answer


def long_sheet(
    request: HttpRequest, name: str, page: str, parts: Generator[Mapping[str, object]]
) -> HttpResponseBase | None:
    """A table that grows for ever, read, told and sent part by part; None when the page itself is asked for, or another of its tables.

    `parts` are what `page` shows, stretch after stretch. The first is looked up now, so that whoever may not see it is refused in time;
    the others while the file is sent, in the same language, zone and home.
    """
    form = _form(request)
    if form is None or request.GET.get("sheet", name) != name:
        return None
    here, lines = copy_context(), _lines(request, name, page, parts)
    first = here.run(next, lines, None)
    rows = _going_on(here.run, first, lines)
    if form == "xlsx":
        out = tempfile.TemporaryFile(dir=settings.FILE_UPLOAD_TEMP_DIR)  # noqa: SIM115 - the answer closes it
        xlsx_into(out, (row for part in rows for row in part), long=True)
        out.seek(0)
        answer: HttpResponseBase = FileResponse(out, content_type=_XLSX)
    else:
        answer = StreamingHttpResponse(_sent(rows), content_type=_CSV)
    answer["Content-Disposition"] = _called(request, form, name)
    return answer


def _lines(request: HttpRequest, name: str, page: str, parts: Generator[Mapping[str, object]]) -> Generator[Part]:
    """The lines of each part, as the page tells them, with the head above the first."""
    zoned = False
    try:
        for part in parts:
            found = table(render_to_string(page, dict(part), request), name)
            told = _zoned(found[1]) if found else []
            yield [list(row) for row in told[zoned:]]
            zoned = True
    finally:
        parts.close()


def _going_on(run: Callable[..., Part | None], first: Part | None, lines: Generator[Part]) -> Iterator[Part]:
    """Each part is made where the request was, which may be over by then; whoever breaks off lets go of everything."""
    part = first
    try:
        while part is not None:  # one of which the reader sees nothing is not the last
            yield part
            part = run(next, lines, None)
    finally:
        run(lines.close)


def _sent(parts: Iterable[Part]) -> Iterator[bytes]:
    yield MARK
    yield from map(csv_of, parts)


def _called(request: HttpRequest, form: str, name: str) -> str:
    ref = request.resolver_match.kwargs.get("ref") if request.resolver_match else None
    of = f"{ref}-{name}" if ref else name
    return str(content_disposition_header(as_attachment=True, filename=f"{of}.{form}"))


def _zoned(rows: Sequence[Sequence[Cell]]) -> list[Sequence[Cell]]:
    """A file goes on to others: the head of moments says whose zone they are of."""
    moments = {n for row in rows for n, one in enumerate(row) if isinstance(one, datetime)}
    zone = timezone.get_current_timezone()
    return [[f"{one} ({zone})" if n in moments else one for n, one in enumerate(row)] for row in rows[:1]] + list(
        rows[1:]
    )


def _csv(rows: Iterable[Sequence[Cell]]) -> bytes:
    return MARK + csv_of(rows)


def _xlsx(rows: Iterable[Sequence[Cell]]) -> bytes:
    out = io.BytesIO()
    xlsx_into(out, rows)
    return out.getvalue()
