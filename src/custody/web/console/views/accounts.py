"""What passes between the two sides of a deal, at the seller: files for the buyer, its receipt, customers' answers, the certificate."""

import secrets
from collections.abc import Callable, Mapping
from typing import Any, Final

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from custody import wiring
from custody.acts.answer_lines import CODES
from custody.acts.consent_lines import QUESTIONS
from custody.acts.desk import Desk
from custody.acts.said import ANSWERS, WORDS
from custody.base.errors import CustodyError, Malformed, Missing
from custody.ports.files import Files
from custody.services.answers_take import LISTERS, answers_take
from custody.services.certificate import certificate as certified
from custody.services.certificate import certificate_data
from custody.services.consent_import import IMPORTERS, consent_import
from custody.services.deal_stand import deal_stand
from custody.services.document_list import document_list
from custody.services.evidence_add import evidence_kinds
from custody.services.evidence_list import evidence_list
from custody.services.reconcile import AGREE, reconcile
from custody.services.release_list import release_list
from custody.services.verdict_list import verdict_list
from custody.web.console import bundle, jobs, second_word
from custody.web.console.cells import EVERY
from custody.web.console.handed import handed
from custody.web.console.house import Told, desk, handover, key_of, laws, seat
from custody.web.console.middleware import told
from custody.web.console.models import Person
from custody.web.console.steps import takes
from custody.web.console.uploads import LISTS, MB, brings

CARRIERS: Final = ("owner", "data", "privacy", "advisor")
"""Who carries the packages to the buyer."""
_RECEIPT: Final = "received.dsse.json"
_MOST_RECEIPT: Final = 4 * 2**20
_MOST_ANSWERS: Final = 256 * 2**20
_AT_ONCE: Final = 64 * 2**10  # a list of some thousand lines is taken in behind a page of its own
_KIND: Final = "take-answers"
_DIGEST: Final = 16
_Take = Callable[[Desk, Callable[[int], None]], Mapping[str, Any]]


@require_safe
def handover_zip(request: HttpRequest, ref: str, part: str) -> HttpResponse:
    """The package or the release of a deal as one file."""
    if not bundle.is_part(part):
        raise Http404
    with desk(request) as at:
        at.require(CARRIERS)
        stand: Told = deal_stand(at, laws(), ref)
        files = handover(stand)
        lies = handed(at, stand["id"], files)
    if part in lies["begun"]:
        raise Missing("handover.begun", "This part is still being written, or was cut off half way.", next="If it was cut off, do that step again and it goes on.")  # fmt: skip
    if part not in lies["parts"]:
        raise Http404
    return FileResponse(bundle.pack(files.path(""), part), as_attachment=True, filename=f"{stand['ref']}-{part}.zip")


@brings(5 * MB)
@takes("")
@require_http_methods(["GET", "POST"])
def account(request: HttpRequest, ref: str) -> HttpResponse:
    """Put the buyer's receipt in; every row is accounted for, table by table."""
    fault, found = None, None
    with desk(request) as at:
        stand: Told = deal_stand(at, laws(), ref)
        files = handover(stand)
        try:
            if request.method == "POST":
                at.require(AGREE)
                found = _answered(at, ref, files, request)
            elif _RECEIPT in files.list():
                found = reconcile(at, ref, files)
        except CustodyError as error:
            fault = told(error)
        listed: Any = release_list(at, ref)["releases"]
    waits = [one for one in listed if not one["answered_at"]]
    return render(request, "account.html", {"deal": stand, "found": found, "fault": fault, "waits": waits})


@brings(LISTS)
@takes("", "before", *second_word.STEPS)
@require_http_methods(["GET", "POST"])
def answers(request: HttpRequest, ref: str) -> HttpResponse:
    """What customers have said, and a list to take in."""
    fault, taken, imported = None, None, None
    with desk(request) as at:
        stand: Told = deal_stand(at, laws(), ref)
        if request.method == "POST":
            try:
                if request.POST.get("step") in second_word.STEPS:
                    second_word.scene(request, at, stand).step()
                    return redirect("answers", ref=ref)
                at.require(IMPORTERS if "before" in request.POST else LISTERS)
                size, take = _given(stand, request)
                if size > _AT_ONCE:
                    return _later(request, stand, take)
                done: Any = take(at, _unheard)
                taken, imported = (None, done) if "before" in request.POST else (done, None)
            except CustodyError as error:
                fault = told(error)
        elif work := jobs.last(_KIND, f"{stand['id']}:{request.GET.get('list', '')[:_DIGEST]}"):
            taken, imported = (work.said if name in work.said else None for name in ("recorded", "on_file"))
        found: Told = evidence_list(at, ref)
        papers: Any = document_list(at, laws(), ref)["documents"]
        second = second_word.shown(request, at, stand)
    titles = {f"document.{one['kind'].lower()}": one["title"] for one in papers}
    missing = {one for reason in (stand["verdicts"] or {}).get("reasons", []) for one in reason["missing"]}
    lacking = sorted(missing.intersection(evidence_kinds(laws())) - ANSWERS - {*found["evidence"]})
    page = {
        "deal": stand, "found": found, "taken": taken, "fault": fault, "words": WORDS, "listed": CODES, "agreed": QUESTIONS, "asked_some": any(one.startswith("notice.") or one in QUESTIONS for one in found["answers"]), "lacking": lacking, "imported": imported,
        "filed": [{"kind": one, "title": titles.get(one)} for one in found["evidence"]], "of_times": request.POST.get("zone", settings.TIME_ZONE),
    }  # fmt: skip
    return render(request, "answers.html", {**second, **page})


@require_safe
def customers(request: HttpRequest, ref: str) -> HttpResponse:
    """The customers of the newest gate by random id, with a column for their answers: nobody's data is in it."""
    with desk(request) as at:
        at.require(("privacy", "data", "owner"))
        found: Any = verdict_list(at, ref, None, None, EVERY)["customers"]
    lines = ["subject,verdict,answer", *(f"{one['subject']},{one['verdict']}," for one in found)]
    answer = HttpResponse("\r\n".join(lines) + "\r\n", content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{ref}-customers.csv"'
    return answer


@require_safe
def certificate(request: HttpRequest, ref: str) -> HttpResponse:
    """The certificate of destruction for people: bilingual, on paper."""
    with desk(request) as at:
        data = certificate_data(certified(at, ref))
    answer = HttpResponse(wiring.pdf("certificate", data), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{ref}-certificate.pdf"'
    return answer


def _answered(at: Desk, ref: str, files: Files, request: HttpRequest) -> Mapping[str, Any]:
    """The answer in its place beside its release; one that does not agree is put back out, so that it stops nobody."""
    listed: Any = release_list(at, ref)["releases"]
    wanted = next((one for one in listed if str(one["n"]) == request.POST.get("n", "1")), None)
    if wanted is None:
        raise Missing("release.none-yet", "Nothing was released in this deal yet.", next="custody release DEAL")
    name, given = str(wanted["answer"]), _receipt(request)
    before = files.read(name) if name in files.list() else None
    files.write(name, given)
    try:
        return reconcile(at, ref, files)
    except CustodyError:
        if before is None:
            files.remove(name)
        else:
            files.write(name, before)
        raise


def _receipt(request: HttpRequest) -> bytes:
    file = request.FILES.get("receipt")
    if file is None or file.size > _MOST_RECEIPT:
        raise Malformed(
            "handover.receipt", "This is not a receipt.", next="Ask the buyer for the file that the console offers."
        )
    return file.read()


def _given(stand: Told, request: HttpRequest) -> tuple[int, _Take]:
    """How long the list is, and what takes it in: answers, or consents of before with the words of each version in a file of their own."""
    ref = str(stand["ref"])
    if "before" not in request.POST:
        answered = _list(request)

        def take(at: Desk, tell: Callable[[int], None]) -> Mapping[str, Any]:
            done = answers_take(at, laws(), ref, answered, tell)
            second_word.heard(request, at, stand, done, answered)
            return done

        return len(answered), take
    given = {name: request.FILES.get(name) for name in ("consents", "texts")}
    if given["consents"] is None or any(one and one.size > _MOST_ANSWERS for one in given.values()):
        raise Malformed(
            "consents.form",
            "The list is not CSV, or lacks columns.",
            next="subject,question,act,at,version,channel",
        )
    data, texts = given["consents"].read(), given["texts"].read() if given["texts"] else b""
    zone = request.POST.get("zone", "").strip()
    return len(data), lambda at, tell: consent_import(at, laws(), ref, data, texts, zone, tell)


def _later(request: HttpRequest, stand: Told, take: _Take) -> HttpResponse:
    """A long list is taken in behind a page that tells how far it is; the list is in memory alone, and goes with the job."""
    person = request.user
    assert isinstance(person, Person)
    digest, handle, signer = secrets.token_hex(_DIGEST // 2), person.handle, key_of(request)

    def run(tell: jobs.Progress) -> dict[str, object]:
        tell(0)
        with seat(handle, signer) as at:
            return dict(take(at, tell))

    back = f"/deals/{stand['ref']}/answers?list={digest}"
    work = jobs.start(_KIND, f"{stand['id']}:{digest}", run, back=back, by=person.principal, total=_lines_of(request))
    return redirect("work", work=work.id)


def _lines_of(request: HttpRequest) -> int:
    """How many lines the longest file has, but for its first."""
    counts = [sum(part.count(b"\n") for part in file.chunks()) for file in request.FILES.values()]
    return max(max(counts) - 1, 1)


def _unheard(_: int) -> None:
    """Nobody waits for a short list."""


def _list(request: HttpRequest) -> bytes:
    file = request.FILES.get("answers")
    if file is None or file.size > _MOST_ANSWERS:
        raise Malformed("answers.form", "The list is not UTF-8 CSV.", next="Save it as CSV (UTF-8).")
    return file.read()
