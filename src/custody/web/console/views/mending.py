"""Mended files in the place of those that were read: scanned again, and what people decided stays (A2)."""

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
    for name, one in given.items():
        fresh = folder.parent / "fresh"
        keep_file(one, fresh)
        fresh.replace(folder / name)
    Intake.objects.filter(id=row.id).update(state="scanning", before="")
    return redirect("work", work=begin_scan(request, row).id)
