"""The interview about a deal: one question at a time, why it is asked, "don't know", back; then all that was said, and amending it."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from custody.acts.desk import Desk
from custody.base.errors import CustodyError, Malformed
from custody.services.deal_asks import deal_asks
from custody.services.deal_facts import TELLERS, deal_facts
from custody.services.deal_history import deal_history
from custody.services.deal_interview import deal_interview
from custody.services.deal_stand import deal_stand
from custody.web.console.answers import given, nested
from custody.web.console.catalogue import lang, words
from custody.web.console.house import Told, desk, laws
from custody.web.console.middleware import status, told

_PLACES: Final = "places"
_NOES: Final = ("along", "missing")
_DIGITS: Final = 9
Parts = Sequence[Mapping[str, Any]]


@require_http_methods(["GET", "POST"])
def interview(request: HttpRequest, ref: str) -> HttpResponse:
    """The next question, or with `again` the one whose answer is that version; each answer is kept at once."""
    fault, code = None, 200
    with desk(request) as at:
        stand: Told = deal_stand(at, laws(), ref)
        state, history = _state(at, stand), _history(at, ref)
        question = _again(history, request.GET.get("again", "")) or state["question"]
        if request.method == "POST":
            try:
                at.require(TELLERS)
                deal_facts(at, laws(), ref, nested(_answers(request.POST, _asked(request, question))), asked=True)
                return redirect("interview", ref=ref)
            except CustodyError as error:
                fault, code = _of_facts(told(error), error, question), status(error)
                question = _typed(question, request.POST)
    if question is None:
        return redirect("deal-said", ref=ref)
    page = {
        "deal": stand, "tab": "interview", "state": state, "question": question, "fault": fault, "back": _before(history, question),
        "answered": len(history["facts"]), "noes": {name: _many(request.GET.get(name, "")) for name in _NOES},
    }  # fmt: skip
    return render(request, "interview.html", page, status=code)


@require_safe
def said(request: HttpRequest, ref: str) -> HttpResponse:
    """Every fact as it stands, and how often it was amended."""
    with desk(request) as at:
        stand: Told = deal_stand(at, laws(), ref)
        state, history = _state(at, stand), _history(at, ref)
        asks: Told = deal_asks(at, laws(), nested(stand["facts"]))
    facts = _pressing(history["facts"], {one["fact"] for one in asks["asked"]})
    page = {
        "deal": stand, "tab": "said", "state": state, "history": {**history, "facts": facts},
        "unknown": sum(one["value"] is None for one in facts), "matter": sum(one["matters"] for one in facts),
    }  # fmt: skip
    return render(request, "said.html", page)


def _many(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _DIGITS else 0


def _pressing(facts: Iterable[Mapping[str, Any]], asked: set[str]) -> list[dict[str, Any]]:
    """First the unknown ones that a verdict waits for, then the others unknown: what is not known may be known by now."""
    marked = [{**one, "matters": one["value"] is None and one["fact"] in asked} for one in facts]
    return sorted(marked, key=lambda one: (not one["matters"], one["value"] is not None))


@require_http_methods(["GET", "POST"])
def fact(request: HttpRequest, ref: str, leaf: str) -> HttpResponse:
    """One fact: amend it, and what it was before."""
    fault, code = None, 200
    with desk(request) as at:
        stand: Told = deal_stand(at, laws(), ref)
        one = next((one for one in _history(at, ref)["facts"] if one["fact"] == leaf), None)
        if one is None:
            raise Http404
        if request.method == "POST":
            try:
                at.require(TELLERS)
                deal_facts(at, laws(), ref, nested(_answers(request.POST, [one])), asked=True)
                return redirect("deal-said", ref=ref)
            except CustodyError as error:
                fault, code = told(error), status(error)
    return render(request, "fact.html", {"deal": stand, "tab": "said", "one": one, "fault": fault}, status=code)


def _state(at: Desk, stand: Mapping[str, Any]) -> dict[str, Any]:
    """Where the interview stands; whose law is concerned is asked here by the places of the parties."""
    state: Told = deal_interview(at, laws(), stand["ref"])
    question = state["question"]
    if question is not None and question["id"] == _PLACES:
        first: Any = deal_asks(at, laws(), nested(stand["facts"]))["asked"]
        question = {**question, "parts": [{**one, "values": _both(one["values"])} for one in first]}
    return {**state, "question": question}


def _both(values: Mapping[str, str]) -> dict[str, dict[str, str]]:
    return {value: {"zh": zh, "en": value.replace("_", " ")} for value, zh in values.items()}


def _history(at: Desk, ref: str) -> Any:  # noqa: ANN401 - what a service answers, as pages take it
    return deal_history(at, laws(), ref)


def _again(history: Mapping[str, Any], version: str) -> dict[str, Any] | None:
    """The facts that one version stated, to be answered once more."""
    parts = [one for one in history["facts"] if version and str(one["version"]) == version and one["by"]]
    return (
        {"id": f"v{version}", "says": None, "why": None, "rules": [], "waiting": 0, "parts": parts} if parts else None
    )


def _before(history: Mapping[str, Any], question: Mapping[str, Any]) -> int | None:
    """The newest version that somebody stated before the question that is shown."""
    shown = int(question["id"][1:]) if question["says"] is None else None
    versions = {one["version"] for one in history["facts"] if one["by"]}
    return max((one for one in versions if shown is None or one < shown), default=None)


def _of_facts(fault: dict[str, Any], error: CustodyError, question: Mapping[str, Any] | None) -> dict[str, Any]:
    """A fault in one answer names the question in the reader's words, and what an answer looks like."""
    one = next((one for one in (question["parts"] if question else ()) if one["fact"] == error.where.get("fact")), None)
    if one is None:
        return fault
    most = words("interview.most", n=one["most"]) if one.get("most") else ""
    return {**fault, "says": words("interview.amiss", name=_name(one)), "next": most, "where": []}


def _typed(question: Mapping[str, Any] | None, form: QueryDict) -> dict[str, Any] | None:
    """The question with what was typed into it: a refusal takes nothing away."""
    if question is None:
        return None
    plain = {"yes": True, "no": False}
    said = {one["fact"]: form.getlist(one["fact"]) for one in question["parts"]}
    values = {
        one["fact"]: said[one["fact"]] if one["type"] == "some_of" else plain.get(said[one["fact"]][0], said[one["fact"]][0])
        for one in question["parts"] if said[one["fact"]] and said[one["fact"]][0]
    }  # fmt: skip
    return {**question, "parts": [{**one, "value": values.get(one["fact"])} for one in question["parts"]]}


def _asked(request: HttpRequest, question: Mapping[str, Any] | None) -> Parts:
    """The parts of the question that the form was of. Raises Malformed `console.answered` when it is no longer asked."""
    names = set(request.POST.getlist("part"))
    parts: Parts = question["parts"] if question else ()
    if not names or names != {one["fact"] for one in parts}:
        raise Malformed("console.answered", "This question was answered meanwhile.", next="Look at the next one.")
    return parts


def _answers(form: QueryDict, parts: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Answers of all parts, null for "don't know". Raises Malformed `console.unanswered` when nothing was said at all."""
    told_parts = list(parts)
    if "unknown" in form:
        return dict.fromkeys((one["fact"] for one in told_parts), None)
    found = given(form, told_parts)
    if not found:
        raise Malformed(
            "console.unanswered", "Nothing was chosen.", next="Choose an answer, or say that you do not know."
        )
    return {one["fact"]: found.get(one["fact"]) for one in told_parts}


def _name(one: Mapping[str, Any]) -> str:
    return str(one["name"][lang()])
