"""Rules of the house that loosen the law: a draft is read, signed by two who may, and only then laid over the law (C1)."""

import hashlib
import re
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from custody import wiring
from custody.acts.desk import Desk
from custody.acts.signed_laws import SIGNERS
from custody.base.errors import CustodyError, Malformed
from custody.services.law_rules import law_rules
from custody.services.law_sign import law_sign
from custody.web.bodies import NUL
from custody.web.console import asks
from custody.web.console.forms import no_text
from custody.web.console.house import desk, home, laws
from custody.web.console.middleware import status, told
from custody.web.console.models import Ask, Person
from custody.web.console.steps import takes
from custody.web.console.uploads import STATEMENT, brings

_ACT: Final = "law-sign"
_MOST: Final = 256 * 1024
_PART: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")


@brings(STATEMENT)
@takes("draft", "drop", "sign")
@require_http_methods(["GET", "POST"])
def board(request: HttpRequest) -> HttpResponse:
    """The house's rules that count, and drafts that wait for signatures."""
    fault, code = None, 200
    person = request.user
    assert isinstance(person, Person)
    with desk(request) as at:
        if request.method == "POST":
            try:
                _step(request, at, person)
                return redirect("house-laws")
            except CustodyError as error:
                fault, code = told(error), status(error)
        loaded: Any = law_rules(laws(), (), at.today())
    drafts = asks.waiting(person, _ACT)
    page = {
        "rules": [one for one in loaded["rules"] if one["house"]], "count": len(loaded["rules"]), "version": loaded["version"], "drafts": drafts,
        "fault": fault,
    }  # fmt: skip
    return render(request, "house_laws.html", page, status=code)


def _step(request: HttpRequest, at: Desk, person: Person) -> None:
    at.require(sorted(SIGNERS))
    step = request.POST.get("step")
    if step == "draft":
        _draft(request, person)
        return
    row = asks.numbered(person, _ACT, request.POST.get("draft", ""))
    if step == "drop":
        row.delete()
    elif step == "sign":
        if request.POST.get("shown") != row.content:
            raise Malformed("console.text-moved", "The text changed since this page was shown.", next="Read it again, then sign.")  # fmt: skip
        _sign(at, row)
    else:
        raise Malformed("console.step", "This form is of no step.", next="Open the page again.")


def _draft(request: HttpRequest, person: Person) -> None:
    """Kept to be read by those who sign; it counts for nothing yet."""
    file = request.FILES.get("file")
    if file is None or file.size > _MOST:
        raise Malformed("console.paper", "No paper came, or it is larger than 32 MiB.", next="Choose the file again.")
    stem = str(file.name).rpartition(".")[0].lower()
    parts = [request.POST.get("place", "").strip().lower(), request.POST.get("folder", "").strip().lower(), stem]
    if not all(_PART.fullmatch(one) for one in parts):
        raise Malformed(
            "law.name", "A house file lies at place/folder/file.yaml.", next="Use small letters, digits, - and _."
        )
    name, text = f"{'/'.join(parts)}.yaml", file.read().decode("utf-8", errors="replace")
    if NUL in text:
        raise no_text()
    digest, shown = (hashlib.sha256(one.encode()).hexdigest() for one in (name, text))
    asks.ask(person, digest[:40], _ACT, content=f"sha256:{shown}", said={"name": name, "text": text, "signed": []})


def _sign(at: Desk, row: Ask) -> None:
    """When enough have signed it is laid where the law is read from; the core counts the signatures again whenever it reads it."""
    name, text = row.said["name"], row.said["text"]
    made: Any = law_sign(at, wiring.laws(), name, text)
    if made["counts"]:
        wiring.folder(home() / "laws").write(name, text.encode())
        Ask.objects.filter(id=row.id, content=row.content).delete()
        return
    said = {**row.said, "signed": made["signed_by"], "loosens": made["loosens"]}
    Ask.objects.filter(id=row.id, content=row.content).update(said=said)
