"""Files that are scanned again: mended ones in the place of those that were read, or in the encoding that somebody says; what people decided stays (A2)."""

from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from custody.base.errors import Malformed
from custody.web.console.intakes import keep_file, named, place
from custody.web.console.models import Intake
from custody.web.console.uploads import TABLES, brings
from custody.web.console.views.data import MOST_BYTES, begin_scan, intake_of, may


@brings(TABLES)
@require_POST
def mend(request: HttpRequest, intake: str) -> HttpResponse:
    """A file of a new name is none of these: it is brought in by itself."""
    may(request)
    row = intake_of(request, intake, states=("review",))
    given = named(request.FILES.getlist("files"))
    folder = place(row) / "files"
    if not given or sum(one.size or 0 for one in given.values()) > MOST_BYTES:
        raise Malformed("console.files", "No file came, or more than 2 GiB.", next="Choose the files again.")
    if not set(given) <= set(row.files) or not folder.is_dir():
        raise Malformed("console.other-file", "This is not one of the files that were read.", next="Give the mended file its old name.")  # fmt: skip
    _replaced(given, folder)
    # of other bytes nothing was said
    row.readings = [one for one in row.readings if one["file"].split("/")[0] not in given]
    return _read(request, row)


def _replaced(given: Mapping[str, UploadedFile], folder: Path) -> None:
    """All of them or none: the map of before is signed over none of the new ones."""
    with TemporaryDirectory(dir=folder.parent) as aside:
        for name, one in given.items():
            keep_file(one, Path(aside) / name)
        for name in given:
            (Path(aside) / name).replace(folder / name)


@require_POST
def read_as(request: HttpRequest, intake: str) -> HttpResponse:
    """Which of its two encodings a file is in, as somebody says who saw both; the same said twice is said once."""
    may(request)
    row = intake_of(request, intake, states=("scanning", "review"))
    file, said = request.POST.get("file", ""), request.POST.get("encoding", "")
    one = next((one for one in row.readings if one["file"] == file), None)
    if one is None or said not in [way["encoding"] for way in one["readings"]]:
        raise Malformed("console.encoding", "This file does not read in two ways.", next="Open the page again.")
    if row.state == "scanning" or one.get("as") == said:
        return redirect("intake", intake=row.id)
    one["as"] = said
    return _read(request, row)


def _read(request: HttpRequest, row: Intake) -> HttpResponse:
    """Scan them again, over what was decided of them."""
    Intake.objects.filter(id=row.id).update(state="scanning", before="", readings=row.readings)
    return redirect("work", work=begin_scan(request, row).id)
