"""Data on its way into the vault: files in, scanned, reviewed, signed as the person, sealed; and the list of copies."""

import os
import re
import secrets
import shutil
from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_POST

from custody import wiring
from custody.acts.copies import REASONS
from custody.acts.desk import Desk
from custody.acts.terms import Term
from custody.acts.vaults import UNTRIED
from custody.base.errors import CustodyError, Malformed
from custody.base.signing import Signer
from custody.services.copy_account import copy_account
from custody.services.copy_declare import PURPOSES, copy_declare
from custody.services.copy_list import copy_list
from custody.services.encoding_list import encoding_list
from custody.services.scan import map_text, scan
from custody.services.seal import seal
from custody.services.vault_list import vault_list, vault_names
from custody.web.console.databases import KINDS, TLS, forget, hold, keep, lacks, lines_in, shown_of, targets, url_of
from custody.web.console.house import Told, desk, home, key_of, outward, seat
from custody.web.console.intakes import keep_file, named, place
from custody.web.console.jobs import READINGS, Progress, alive, last, start
from custody.web.console.middleware import status, told
from custody.web.console.models import Intake, Person, Work
from custody.web.console.steps import takes
from custody.web.console.uploads import TABLES, brings

HANDS: Final = ("owner", "data", "privacy", "advisor")
MOST_BYTES: Final = 2 * 2**30
_PAST: Final = 20
_DECLARED: Final = ("paper", "phone", "messenger", "mail", "processor", "media", "export", "letters", "answer", "other")
_COUNTRY: Final = "contact.country"
_VAULT: Final = re.compile(r"[a-z][a-z0-9-]{0,31}")


@brings(TABLES)
@require_http_methods(["GET", "POST"])
def sources(request: HttpRequest) -> HttpResponse:
    """Files on their way and vaults there are; files given here begin a scan."""
    fault = None
    if request.method == "POST":
        try:
            return redirect("intake", intake=_take(request).id)
        except CustodyError as error:
            fault = told(error)
    with desk(request) as at:
        vaults = vault_list(at)["vaults"]
    every = Intake.of(_place(request))
    rows, past = [one for one in every if one.state != "sealed"], [one for one in every if one.state == "sealed"]
    page = {"vaults": vaults, "rows": rows, "past": past, "most": _PAST, "fault": fault, "given": request.POST}
    page |= {"databases": KINDS, "tls": TLS}
    return render(request, "data.html", page)


@require_POST
def again(request: HttpRequest, intake: str) -> HttpResponse:
    """Scan again, or go on sealing, what was stopped, failed, or was under way when the service ended."""
    may(request)
    row = intake_of(request, intake, states=("scanning", "sealing", "failed"))
    work = last("scan" if row.state != "sealing" else "seal", row.id)
    if work is not None and alive(work):
        return redirect("work", work=work.id)
    _typed(request, row)
    if row.state == "sealing":
        Intake.objects.filter(id=row.id).update(state="signed")
        return redirect("intake", intake=row.id)
    Intake.objects.filter(id=row.id).update(state="scanning")
    return redirect("work", work=begin_scan(request, row).id)


@require_POST
def discard(request: HttpRequest, intake: str) -> HttpResponse:
    """Files that shall not be sealed go, with everything that was noted about them."""
    may(request)
    row = intake_of(request, intake, states=("scanning", "failed", "review", "signed"))
    work = last("scan", row.id)
    if work is not None and alive(work):
        raise Malformed("console.busy", "These files are being read.", next="Stop the job first.")
    forget(place(row))
    shutil.rmtree(place(row), ignore_errors=True)
    row.delete()
    return redirect("data")


@require_POST
def seal_now(request: HttpRequest, intake: str) -> HttpResponse:
    """Seal the files behind the page; the plain files go when all is in the vault."""
    may(request)
    row = intake_of(request, intake, states=("signed",))
    vault = request.POST.get("vault", "")
    if not _VAULT.fullmatch(vault):
        raise Malformed("console.vault", "A vault's name is a-z, 0-9 and -, at most 32 long.")
    _typed(request, row)
    if not _ready(request, vault):
        return redirect(f"/recovery?{urlencode({'vault': vault, 'intake': row.id})}")
    row.state = "sealing"
    row.save(update_fields=["state"])
    person = request.user
    assert isinstance(person, Person)
    work = start("seal", row.id, partial(_seal, row, person.handle, key_of(request), vault), total=_rows(row),
                 back=f"/data/{row.id}", by=person.principal, left=partial(_left, row, "sealing", "signed"))  # fmt: skip
    return redirect("work", work=work.id)


def _left(row: Intake, state: str, back: str) -> None:
    """What did not come to its end waits where its person can go on with it, or discard it."""
    Intake.objects.filter(id=row.id, state=state).update(state=back)


def _typed(request: HttpRequest, row: Intake) -> None:
    """The password of a database, where the page asked for it again."""
    typed = request.POST.get("password", "")
    if "password" in request.POST and (typed or lacks(place(row))):
        hold(place(row), typed)


def _ready(request: HttpRequest, vault: str) -> bool:
    """Whether data may enter: whoever cannot make it so learns from the act who can."""
    with desk(request) as at:
        found: Told = vault_list(at)
        waits = all(one["name"] != vault or one["state"] == UNTRIED for one in found["vaults"])
        return not waits or "owner" not in at.principal.roles


@takes("", "declare")
@require_http_methods(["GET", "POST"])
def copies(request: HttpRequest) -> HttpResponse:
    """Every copy of a vault's data; declare one, or say what became of one."""
    fault, code, vault = None, 200, request.POST.get("vault") or request.GET.get("vault")
    with desk(request) as at:
        vaults = vault_names(at)
        name = vault or (vaults[-1] if vaults else None)
        if request.method == "POST":
            try:
                if request.POST.get("do") == "declare":
                    said = Term(request.POST.get("keeper", "").strip(), request.POST.get("until", ""))
                    copy_declare(
                        at,
                        name,
                        request.POST.get("name", "").strip(),
                        request.POST.get("kind", ""),
                        said,
                        request.POST.getlist("purpose"),
                    )
                else:
                    account_for(request, at, name)
                return redirect(f"/copies?{urlencode({'vault': name or ''})}")
            except CustodyError as error:
                fault, code = told(error), status(error)
        found: Told = copy_list(at, name) if name else {"copies": [], "open": 0, "overdue": 0}
    typed = request.POST if fault and request.POST.get("do") == "declare" else {}
    page = {"vaults": vaults, "vault": name, "found": found, "fault": fault, "purposes": PURPOSES, "reasons": REASONS}
    page |= {"given": typed, "kinds": _DECLARED, "ticked": request.POST.getlist("purpose") if typed else []}
    return render(request, "copies.html", page, status=code)


def account_for(request: HttpRequest, at: Desk, vault: str | None) -> None:
    """What became of a copy, as it was chosen: `stays` goes with its reason."""
    state, _, why = request.POST.get("state", "").partition(" ")
    copy_account(at, vault, request.POST.get("name", ""), state, why=why)


def may(request: HttpRequest) -> None:
    """Files come in and go by the hands of those who work with data; the services ask again when it counts."""
    with desk(request) as at:
        at.require(HANDS)


def _take(request: HttpRequest) -> Intake:
    may(request)
    if "kind" in request.POST:
        return _database(request)
    files = request.FILES.getlist("files")
    if not files or sum(one.size for one in files) > MOST_BYTES:
        raise Malformed("console.files", "No file came, or more than 2 GiB.", next="Choose the files again.")
    row = Intake(id=secrets.token_hex(16), by=request.user)
    given, folder = named(files), place(row) / "files"
    folder.mkdir(mode=0o700, parents=True)
    try:
        for name, one in given.items():
            keep_file(one, folder / name)
            row.files.append(name)
        row.save()
    except BaseException:  # clear files that no page lists, nobody could discard
        shutil.rmtree(place(row), ignore_errors=True)
        raise
    begin_scan(request, row)
    return row


def _database(request: HttpRequest) -> Intake:
    """What is read is told like a file: the server and the database, no user."""
    outward()
    url = url_of(request.POST)
    row = Intake(id=secrets.token_hex(16), by=request.user, files=[shown_of(url)])
    keep(place(row), url, request.POST.get("password", ""))
    row.save()
    begin_scan(request, row)
    return row


def begin_scan(request: HttpRequest, row: Intake) -> Work:
    """Read them, over whatever people decided of them before: a reading that was stopped or cut off lost none of it."""
    person = request.user
    assert isinstance(person, Person)
    return start(
        "scan",
        row.id,
        partial(_scan, row, row.datamap),
        total=lines_in(place(row) / "files"),
        back=f"/data/{row.id}",
        by=person.principal,
        left=partial(_left, row, "scanning", "failed"),
    )


def _scan(row: Intake, before: str, tell: Progress) -> dict[str, object]:
    read, password = targets(place(row))
    opener = wiring.sources(encodings_of(row), password, tell, home())
    found = scan(opener, read, before)
    _used(row, password)
    result: dict[str, Any] = dict(found.result)
    Intake.objects.filter(id=row.id).update(
        state="review", datamap=map_text(found.datamap, before), changes=[], found=result,
        readings=[*(one for one in row.readings if one.get("as")), *encoding_list(opener, read[0], result["skipped"])],
    )  # fmt: skip
    return {"tables": len(result["tables"])}


def encodings_of(row: Intake) -> dict[str, str]:
    """What somebody said of its files."""
    return {one["file"]: one["as"] for one in row.readings if one.get("as")}


def _used(row: Intake, password: str | None) -> None:
    """It is held a while from the end of the reading."""
    if password is not None:
        hold(place(row), password)


def _seal(row: Intake, handle: str, signer: Signer, vault: str, tell: Progress) -> dict[str, object]:
    read, password = targets(place(row))
    with seat(handle, signer, wiring.sources(password=password, tell=tell, where=home())) as at:
        made: dict[str, Any] = dict(seal(at, row.datamap, read, vault))
    forget(place(row))
    shutil.rmtree(place(row))
    Intake.objects.filter(id=row.id).update(state="sealed", readings=[])
    return made


def intake_of(request: HttpRequest, name: str, states: Sequence[str] = ()) -> Intake:
    """An intake of the home this person works in; its files stay while somebody looks at it (spec/retention.md §6)."""
    row = get_object_or_404(Intake, id=name, **({"state__in": states} if states else {}))
    if row.by.place != _place(request):
        raise Http404
    with suppress(FileNotFoundError):
        os.utime(place(row))
    return row


def _place(request: HttpRequest) -> str:
    person = request.user
    assert isinstance(person, Person)
    return person.place


def _rows(row: Intake) -> int:
    return READINGS["seal"] * sum(one["rows"] for one in row.found.get("tables", []))
