"""Check what was signed, without a key: a certificate, a receipt, any statement, or the whole ledger of this company (C10, D6)."""

import shutil
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from tempfile import mkdtemp
from typing import Any, Final

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from custody import wiring
from custody.acts.desk import Desk
from custody.base.errors import Malformed
from custody.base.signing import Signer
from custody.model.party import PartyCard
from custody.services.ledger import ledger_aside
from custody.services.party import parties, party_cards
from custody.services.verify import VerifyResult, verify
from custody.web.console import jobs
from custody.web.console.attempts import attempt
from custody.web.console.house import desk, home, key_of, seat
from custody.web.console.models import Person
from custody.web.console.steps import takes
from custody.web.console.uploads import PAPER, brings

_MOST: Final = 8
_LARGEST: Final = 32 * 2**20
_LISTED: Final = 20
_KIND: Final = "check-ledger"


@brings(8 * PAPER)
@takes("ledger", "files")
@require_http_methods(["GET", "POST"])
def checks(request: HttpRequest) -> HttpResponse:
    """What the files say, and how the newest check of the ledger ended."""
    found: dict[str, Any] = {}
    with desk(request) as at:
        tried = attempt(request, lambda: _act(request, at, found))
        known: Any = parties(at)
        space = at.space
    if tried.answer:
        return tried.answer
    last = jobs.last(_KIND, space)
    ledger = last if last and last.state == "done" else None
    names = {one["fingerprint"]: one["name"] for one in known}
    for told in filter(None, (found, ledger.said if ledger else None)):
        told["by"] = [names.get(one, {"zh": one, "en": one}) for one in told["signers"]]
    page = {"found": found, "fault": tried.fault, "ledger": ledger}
    return render(request, "checks.html", page, status=tried.code)


def _act(request: HttpRequest, at: Desk, found: dict[str, Any]) -> HttpResponse | None:
    """The ledger is checked behind the page; files are small, and are told of at once."""
    if request.POST.get("step") == "ledger":
        person = request.user
        assert isinstance(person, Person)
        act = partial(_ledger, person.handle, key_of(request))
        work = jobs.start(_KIND, at.space, act, back="/check", by=person.principal)
        return redirect("work", work=work.id)
    found.update(_files(request.FILES.getlist("files"), party_cards(at)))
    return None


def _files(files: Sequence[UploadedFile], cards: Sequence[PartyCard]) -> dict[str, Any]:
    """Raises Malformed `check.files`."""
    if not 0 < len(files) <= _MOST or any(one.size is None or one.size > _LARGEST for one in files):
        raise Malformed("check.files", "One to eight files, each of 32 MB at most.", next="Choose them again.")
    aside = Path(mkdtemp(dir=home() / "tmp"))
    try:
        for number, one in enumerate(files, start=1):
            (aside / f"{number}.json").write_bytes(one.read())
        made = _told(verify(sorted(aside.iterdir()), cards))
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return made


def _ledger(handle: str, signer: Signer, tell: jobs.Progress) -> dict[str, object]:
    """Every entry against its hash, the hashes against the root, the root against both signatures."""
    tell(0)
    aside = Path(mkdtemp(dir=home() / "tmp"))
    try:
        with seat(handle, signer) as at:
            made = ledger_aside(at, wiring.folder(aside))
            result = verify([aside], party_cards(at))
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return {**_told(result), "size": made["size"], "root": made["root"]}


def _told(result: VerifyResult) -> dict[str, Any]:
    """In both languages, whoever reads it later."""
    both: Any = [result.to_json(lang) for lang in ("zh", "en")]
    zh, en = both
    faults = [
        {"zh": a["text"], "en": b["text"], "where": a["where"]["file"]}
        for a, b in zip(zh["faults"], en["faults"], strict=True)
    ]
    notes = [{"zh": a, "en": b} for a, b in zip(zh["not_checked"], en["not_checked"], strict=True)]
    return {
        "ok": result.ok, "kind": result.kind, "trust": result.trust, "signers": list(result.signers), "count": len(result.faults),
        "faults": faults[:_LISTED], "notes": notes,
    }  # fmt: skip
