"""The customers' pages: each asks one service and draws its answer."""

from collections.abc import Mapping
from typing import Any, Final

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from custody.acts.guardian_papers import MOST_BYTES
from custody.acts.guardians import GUARDIAN, RELATIONS
from custody.acts.passing import BUYER
from custody.acts.visiting import UNANNOUNCED
from custody.base.canonical import unb64
from custody.base.errors import CustodyError, Denied, Refused
from custody.base.speech import spoken
from custody.services.portal_answer import LOOSENS, portal_answer
from custody.services.portal_confirm import portal_confirm
from custody.services.portal_contact import portal_contact
from custody.services.portal_correct import portal_correct
from custody.services.portal_late import portal_late
from custody.services.portal_paper import portal_paper
from custody.services.portal_prove import portal_prove
from custody.services.portal_request import KINDS, portal_request
from custody.services.portal_show import portal_show
from custody.services.portal_undo import portal_undo
from custody.web.portal.middleware import shut
from custody.web.portal.seat import desk, laws

PROOF: Final = "custody_proof"
LANGS: Final = ("zh", "en")
DONE: Final = (
    "moved", "untold", "given", "refused", "withdrawn", "objected", "lifted", "proved", "corrected", "undone",
    "contact", "still-silent", "confirmed", "paper", *KINDS,
)  # fmt: skip
_NOES: Final = ("refused", "withdrawn", "objected")
_PASSED: Final = "objected-moved"
"""What becomes of an objection once the data is with somebody else."""
_CONTACT: Final = "contact"
_SILENT_STILL: Final = "still-silent"
"""Nothing was changed: what keeps silent is no mark that came along."""
_SAYS: Final = frozenset(("lifted", _CONTACT))
"""What a guardian says for a child besides a yes."""
_FIRST: Final = frozenset(("portal.proof", "portal.guardian"))
"""What is asked before an answer counts."""
_PLACES: Final[Mapping[str, str]] = {"undo": "corrections", "contact": "silent"}
"""Where on the page it goes on, once it is sure who asks."""
_NOT_NOTED: Final[Mapping[str, str]] = {"portal.moved": "moved", "portal.untold": "untold"}
"""What keeps a yes from being noted, and as what the page says so."""
_OF_THE_DEAL: Final = "explain"
"""Its words speak of a move: a page that keeps silent of the deal does not offer it."""
_STEPS: Final = frozenset(("proof", "ask", "paper"))
"""What is asked for and answered at one address."""
_FIELDS: Final = ("question", "act", "guardian", "relation", "shown")


@require_safe
def health(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - a view's signature
    """The process answers."""
    return JsonResponse({"ok": True})


@require_safe
def ready(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - a view's signature
    """The home opens for the portal's principal."""
    with desk() as seat:
        return JsonResponse({"ok": bool(seat.principal.handle)})


@require_safe
def onward(request: HttpRequest, token: str) -> HttpResponse:
    """From the short address of a letter to the reader's language. The link is looked at there."""
    wanted = request.headers.get("Accept-Language", "zh").lower()
    return redirect("page", lang="zh" if "zh" in wanted else "en", token=token)


@require_safe
def page(request: HttpRequest, lang: str, token: str) -> HttpResponse:
    """The person's page; past the link's time, what was agreed to and may be taken back."""
    done = request.GET.get("done", "")
    try:
        seen = _seen(request, lang, token)
    except Denied:
        return _draw(request, "late.html", _late(lang, token), done=done if done == "withdrawn" else "")
    name = "home.html" if seen["side"] == BUYER else "notice.html" if seen["outlook"] == UNANNOUNCED else "page.html"
    if done == "objected" and str(seen["outlook"]).startswith("moved"):
        done = _PASSED
    no = any(one["act"] in _NOES for one in seen["answers"])
    return _draw(request, name, seen, done=done if done in (*DONE, _PASSED) else "", said_no=no)


@require_POST
def answer(request: HttpRequest, lang: str, token: str) -> HttpResponse:
    """One button: yes, no, take back, object, not any more."""
    given = {name: request.POST.get(name, "") for name in _FIELDS}
    try:
        return _answered(lang, token, _proof(request), given)
    except CustodyError as error:
        if error.slug not in _FIRST:
            raise
        return redirect(_first(request, lang, token, given, error.slug))


def _answered(lang: str, token: str, proof: str, given: Mapping[str, str]) -> HttpResponse:
    """Noted, and said so; or the words are shown anew, because they are others than the page showed."""
    done = given["act"]
    try:
        with desk() as seat:
            portal_answer(seat, laws(), token, proof, {**given, "lang": lang})
    except Refused as error:
        if error.slug not in _NOT_NOTED:
            raise
        done = _NOT_NOTED[error.slug]
    return redirect(f"{_to('page', lang, token)}?{urlencode({'done': done})}#said")


@require_safe
def guardian(request: HttpRequest, lang: str, token: str) -> HttpResponse:
    """A yes for a child, a no taken back, or that it may be contacted again: who says it, how related, and proof first."""
    code, says = request.GET.get("question", GUARDIAN), request.GET.get("says", "")
    seen, says = _seen(request, lang, token), says if says in _SAYS else "given"
    if not seen["proved"]:
        asks = {"kind": _CONTACT} if says == _CONTACT else {"question": code, "says": says}
        return redirect(f"{_to('proof', lang, token)}?{urlencode(asks)}")
    if says == _CONTACT and seen["silence_came"]:
        return _draw(request, "guardian.html", seen, says=says, relations=RELATIONS, wrong="wrong" in request.GET)
    put = _noes(seen) if says == "lifted" else seen["questions"]
    asked = next((one for one in put if one["question"] == code), None)
    if asked is None:
        raise Http404
    return _draw(
        request, "guardian.html", seen, asked=asked, says=says, relations=RELATIONS, wrong="wrong" in request.GET
    )


@require_http_methods(["GET", "HEAD", "POST"])
def paper(request: HttpRequest, lang: str, token: str) -> HttpResponse:
    """A picture of the paper that shows who the guardian is, once the second factor is."""
    seen, said = _seen(request, lang, token), None
    if not seen["child"]:
        raise Http404
    if not seen["proved"]:
        return redirect(f"{_to('proof', lang, token)}?kind=paper")
    if request.method == "POST":
        try:
            with desk() as seat:
                portal_paper(seat, laws(), token, _proof(request), _sent(request))
        except CustodyError as error:
            if error.slug in {"portal.link", "portal.proof"}:
                raise
            said = spoken(error, lang)
        else:
            return redirect(f"{_to('page', lang, token)}?done=paper#said")
    return _draw(request, "paper.html", seen, status=400 if said else 200, said=said)


def _sent(request: HttpRequest) -> bytes:
    """What was chosen; nothing where it is more than a picture may be."""
    file = request.FILES.get("paper")
    return file.read() if file is not None and (file.size or 0) <= MOST_BYTES else b""


@require_http_methods(["GET", "HEAD", "POST"])
def proof(request: HttpRequest, lang: str, token: str) -> HttpResponse:
    """The second factor."""
    seen, said = _seen(request, lang, token), None
    then = _then(seen, request.GET)
    if request.method == "POST":
        try:
            with desk() as seat:
                told = portal_prove(seat, laws(), token, request.POST.get("by", ""), request.POST.get("value", ""))
        except Denied as error:
            if error.slug == "portal.link":
                raise
            said = spoken(error, lang)
        else:
            return _remember(_after_proof(request, lang, token, then, str(told["proof"])), told)
    status = 403 if said else 200
    return _draw(request, "proof.html", seen, status=status, said=said, query=request.GET.urlencode(), then=then)


@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, lang: str, token: str, kind: str) -> HttpResponse:
    """Whatever may be asked of the company: said what follows, then asked for."""
    if kind not in KINDS:
        raise Http404
    seen, said = _seen(request, lang, token), None
    if kind == _OF_THE_DEAL and seen["outlook"] == UNANNOUNCED:
        raise Http404
    if not seen["proved"]:
        return redirect(_to("proof", lang, token) + f"?kind={kind}")
    if request.method == "POST":
        try:
            with desk() as seat:
                portal_request(
                    seat,
                    laws(),
                    token,
                    _proof(request),
                    {"kind": kind, **{name: request.POST.get(name, "") for name in ("note", "controller")}},
                )
        except CustodyError as error:
            if error.slug == "portal.link":
                raise
            said = spoken(error, lang)
        else:
            return redirect(_to("page", lang, token) + f"?done={kind}#said")
    return _draw(request, "asking.html", seen, status=400 if said else 200, kind=kind, said=said)


@require_POST
def correct(request: HttpRequest, lang: str, token: str) -> HttpResponse:
    """One value as it should read: done at once where the person alone may, else asked of the company."""
    given = {name: request.POST.get(name, "") for name in ("which", "value")}
    cls, _, which = given["which"].rpartition("/")
    try:
        with desk() as seat:
            told = portal_correct(
                seat, laws(), token, _proof(request), {"class": cls, "which": which, "value": given["value"]}
            )
    except CustodyError as error:
        if error.slug not in {"correction.value", "portal.proof", "portal.requests"}:
            raise
        if error.slug == "portal.proof":
            return redirect(_to("proof", lang, token) + "?kind=correct")
        seen = _seen(request, lang, token)
        return _draw(request, "asking.html", seen, status=400, kind="correct", said=spoken(error, lang))
    return redirect(f"{_to('page', lang, token)}?done={'corrected' if told['did'] == 'done' else 'correct'}#said")


@require_POST
def undo(request: HttpRequest, lang: str, token: str) -> HttpResponse:
    """Take a correction back: of another thing than the address of the link, once it is sure who asks."""
    try:
        with desk() as seat:
            portal_undo(seat, laws(), token, _proof(request), request.POST.get("correction", ""))
    except Denied as error:
        if error.slug != "portal.proof":
            raise
        return redirect(_to("proof", lang, token) + "?kind=undo")
    return redirect(_to("page", lang, token) + "?done=undone#said")


@require_POST
def contact(request: HttpRequest, lang: str, token: str) -> HttpResponse:
    """Whoever had told the company before that nobody may contact them may be contacted again; for a child its guardian says so. What cannot be taken off here is said."""
    given = {name: request.POST.get(name, "") for name in ("guardian", "relation")}
    try:
        with desk() as seat:
            portal_contact(seat, laws(), token, _proof(request), given)
    except CustodyError as error:
        if error.slug == "portal.silent":  # pressed twice, or this company was told so itself
            done = _SILENT_STILL if _seen(request, lang, token)["silent"] else "contact"
            return redirect(f"{_to('page', lang, token)}?done={done}#said")
        if error.slug == "portal.guardian":
            wrong = {"wrong": "1"} if any(given.values()) else {}
            return redirect(f"{_to('guardian', lang, token)}?{urlencode({'says': _CONTACT, **wrong})}")
        if error.slug != "portal.proof":
            raise
        return redirect(_to("proof", lang, token) + "?kind=contact")
    return redirect(_to("page", lang, token) + "?done=contact#said")


@require_POST
def confirm(request: HttpRequest, lang: str, token: str) -> HttpResponse:
    """All that is shown is right."""
    try:
        with desk() as seat:
            portal_confirm(seat, laws(), token, _proof(request))
    except Denied as error:
        if error.slug != "portal.proof":
            raise
        return redirect(_to("proof", lang, token))
    return redirect(_to("page", lang, token) + "?done=confirmed#said")


@require_safe
def receipt(request: HttpRequest, lang: str, token: str, record: str) -> HttpResponse:
    """A receipt, and its check in the browser."""
    seen = _seen(request, lang, token)
    return _draw(request, "receipt.html", seen, kept=_kept(seen, record), record=record)


@require_safe
def receipt_file(request: HttpRequest, lang: str, token: str, record: str) -> HttpResponse:
    """The receipt as a file, for `custody-verify` and for keeping."""
    try:
        kept = _kept(_seen(request, lang, token), record)
    except Denied:
        kept = _kept(_late(lang, token), record)
    answer = HttpResponse(unb64(kept["receipt"]), content_type="application/json")
    answer.headers["Content-Disposition"] = f'attachment; filename="{kept["record"]}.dsse.json"'
    return answer


def missing(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """404 and its kin: the same page as for a link that opens nothing."""
    return shut(request, "link", 404)


def _seen(request: HttpRequest, lang: str, token: str) -> dict[str, Any]:
    if lang not in LANGS:
        raise Http404
    with desk() as seat:
        return {**portal_show(seat, laws(), token, _proof(request), lang), "lang": lang, "token": token}


def _late(lang: str, token: str) -> dict[str, Any]:
    with desk() as seat:
        return {**portal_late(seat, laws(), token, lang), "lang": lang, "token": token}


def _kept(seen: Mapping[str, Any], record: str) -> dict[str, Any]:
    found = next((one for one in seen["answers"] if one["record"] == record and one["receipt"]), None)
    if found is None:
        raise Http404
    return dict(found)


def _draw(request: HttpRequest, name: str, seen: Mapping[str, Any], status: int = 200, **more: object) -> HttpResponse:
    return render(request, name, {**seen, "langs": _langs(request, str(seen["token"])), **more}, status=status)


def _langs(request: HttpRequest, token: str) -> dict[str, str]:
    """The same step in each language; of a form that was only sent, the person's page."""
    match, query = request.resolver_match, request.GET.urlencode()
    if match is None or (request.method == "POST" and match.url_name not in _STEPS):
        return {lang: _to("page", lang, token) for lang in LANGS}
    paths = {lang: reverse(str(match.url_name), kwargs={**match.kwargs, "lang": lang}) for lang in LANGS}
    return {lang: f"{path}?{query}" if query else path for lang, path in paths.items()}


def _proof(request: HttpRequest) -> str:
    return str(request.COOKIES.get(PROOF, ""))


def _remember(answer: HttpResponse, told: Mapping[str, Any]) -> HttpResponse:
    """The only cookie there is: set when somebody proved to be the person, gone after a quarter of an hour."""
    answer.set_cookie(
        PROOF,
        told["proof"],
        max_age=60 * told["minutes"],
        httponly=True,
        samesite="Strict",
        secure=settings.BEHIND_PROXY,
    )
    return answer


def _first(request: HttpRequest, lang: str, token: str, given: Mapping[str, str], slug: str) -> str:
    """Where to go before the answer counts: for a child to its guardian's words, else to the second factor."""
    code = {"question": given["question"], **({"says": "lifted"} if given["act"] == "lifted" else {})}
    if slug == "portal.guardian" and (given["guardian"] or given["relation"]):
        code["wrong"] = "1"
    if slug == "portal.guardian" or given["question"] == GUARDIAN or _seen(request, lang, token)["child"]:
        return f"{_to('guardian', lang, token)}?{urlencode(code)}"
    return f"{_to('proof', lang, token)}?{urlencode({'question': given['question'], 'act': given['act']})}"


def _then(seen: Mapping[str, Any], query: QueryDict) -> dict[str, Any]:
    """What follows the second factor: the answer that was pressed, with the words of its question; nothing that the page does not show."""
    code, act = query.get("question", ""), query.get("act", "")
    found = next((one for one in (*seen["questions"], *_noes(seen)) if one["question"] == code), None)
    return {"act": act, "asked": found} if found is not None and act in LOOSENS else {}


def _noes(seen: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What is said without being asked, and may be taken back."""
    return [*([seen["objection"]] if seen["objection"] else []), *([seen["carried"]] if "carried" in seen else [])]


def _after_proof(request: HttpRequest, lang: str, token: str, then: Mapping[str, Any], proved: str) -> HttpResponse:
    kind, question = request.GET.get("kind", ""), request.GET.get("question", "")
    if kind == "paper":
        return redirect(_to("paper", lang, token))
    if kind in _PLACES:
        return redirect(f"{_to('page', lang, token)}?done=proved#{_PLACES[kind]}")
    if kind in KINDS:
        return redirect(reverse("ask", kwargs={"lang": lang, "token": token, "kind": kind}))
    if then:
        given = {"question": question, "act": str(then["act"]), "shown": request.POST.get("shown", "")}
        return _answered(lang, token, proved, given)
    if question:
        says = request.GET.get("says", "")
        return redirect(
            f"{_to('guardian', lang, token)}?{urlencode({'question': question, **({'says': says} if says else {})})}"
        )
    return redirect(_to("page", lang, token) + "?done=proved#held")


def _to(name: str, lang: str, token: str) -> str:
    return str(reverse(name, kwargs={"lang": lang, "token": token}))
