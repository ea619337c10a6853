"""Papers that the rules ask for: what each still lacks, a preview, the PDF, and putting it on file (C1)."""

from collections.abc import Mapping
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from custody import wiring
from custody.acts.desk import Desk
from custody.acts.papers import LANGUAGES
from custody.base.citing import cited
from custody.base.errors import CustodyError
from custody.services.campaign_new import campaign_new
from custody.services.deal_stand import deal_stand
from custody.services.document import Made, document
from custody.services.document_file import document_file
from custody.services.document_list import document_list
from custody.web.console import boxes
from custody.web.console.catalogue import lang, words
from custody.web.console.house import Told, desk, laws
from custody.web.console.lists import chained, words_of
from custody.web.console.middleware import status, told
from custody.web.console.steps import takes

_LACKS: Final = "document.lacks"
_TELLING: Final = ("sender", "pages", "page_line")


@require_safe
def papers(request: HttpRequest, ref: str) -> HttpResponse:
    """Every paper that the deal needs or may need."""
    with desk(request) as at:
        stand: Told = deal_stand(at, laws(), ref)
        found: Any = document_list(at, laws(), ref)
    sought = [word.text.casefold() for word in words_of(request)]
    shown = [one for one in found["documents"] if all(word in _text(one) for word in sought)]
    page = {"deal": stand, "tab": "papers", "found": found, "shown": shown, "list": chained(request, "page", "")}
    return render(request, "papers.html", page)


def _text(one: Mapping[str, Any]) -> str:
    """What a paper is called and rests on, in both languages; the law says how many papers there are, not the customers."""
    rules = (f"{rule['rule']} {cited(rule['reference'], 'zh')} {cited(rule['reference'], 'en')}" for rule in one["rules"])  # fmt: skip
    return " ".join((one["kind"], *one["title"].values(), *rules)).casefold()


@takes("look", "pdf", "file", "tell")
@require_http_methods(["GET", "POST"])
def paper(request: HttpRequest, ref: str, kind: str) -> HttpResponse:
    """One paper: fill in what the deal does not tell, look at it, take the PDF, file it."""
    fault, code, made = None, 200, None
    with desk(request) as at:
        stand: Told = deal_stand(at, laws(), ref)
        one = _listed(at, ref, kind)
        given = boxes.typed(request, one["to_give"])
        if request.method == "POST":
            try:
                made = document(at, laws(), wiring.pdf, ref, kind, given, _languages(request))
                answer = _taken(request, at, ref, kind, made)
                if answer is not None:
                    return answer
            except CustodyError as error:
                fault, code = _named(told(error), request, one, given), status(error)
    lacks = [{**item, **boxes.texts(item, given)} for item in one["to_give"]]
    shown = made.get(lang()) or next(iter(made.values())) if made else None
    page = {
        "deal": stand,
        "tab": "papers",
        "one": one,
        "lacks": lacks,
        "shown": shown,
        "languages": LANGUAGES,
        "wanted": request.POST.get("lang", lang()),
        "fault": fault,
        "telling": {name: request.POST.get(name, "") for name in _TELLING},
    }
    return render(request, "paper.html", page, status=code)


def _listed(at: Desk, ref: str, kind: str) -> dict[str, Any]:
    found: Any = document_list(at, laws(), ref)
    for one in found["documents"]:
        if one["kind"] == kind:
            return dict(one)
    raise Http404


def _named(
    fault: dict[str, Any], request: HttpRequest, one: Mapping[str, Any], given: Mapping[str, Any]
) -> dict[str, Any]:
    """A refusal for what lacks says which boxes are empty, and that one language is enough."""
    if fault["slug"] != _LACKS:
        return fault
    empty = [
        words("paper.empty", item=item[lang()], language=words(f"paper.in_{name}"))
        for item in one["to_give"] for name in _languages(request) if name not in given.get(item["item"], {})
    ]  # fmt: skip
    more = words("paper.one_language") if len(_languages(request)) > 1 else ""
    told = {**fault, "where": []}
    return {**told, "next": words("paper.empties", items=words("word.join").join(empty)) + more} if empty else told


def _languages(request: HttpRequest) -> tuple[str, ...]:
    wanted = request.POST.get("lang", "")
    return (wanted,) if wanted in LANGUAGES else LANGUAGES


def _taken(request: HttpRequest, at: Desk, ref: str, kind: str, made: Mapping[str, Made]) -> HttpResponse | None:
    """The PDF, or the paper on file; None for a look."""
    step = request.POST.get("step")
    if step == "tell":
        typed = {name: request.POST.get(name, "").strip() for name in _TELLING}
        planned: Told = campaign_new(
            at, laws(), ref, {**typed, "paper": kind}, boxes.typed(request, _listed(at, ref, kind)["to_give"])
        )
        return redirect("campaign", ref=planned["campaign"])
    if step == "file":
        document_file(at, laws(), ref, kind, {name: one.sha256 for name, one in made.items()})
        return redirect("deal-papers", ref=ref)
    if step != "pdf":
        return None
    one = made.get(lang()) or next(iter(made.values()))
    answer = HttpResponse(one.pdf, content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="{ref}-{kind.lower()}.{one.language}.pdf"'
    return answer
