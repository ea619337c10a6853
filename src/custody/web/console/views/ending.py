"""The ends of a deal: broken off, given back, wound up, closed. Each a ceremony of two people, rehearsed first (C1)."""

from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from custody.acts.copies import REASONS, STATES
from custody.acts.desk import Desk
from custody.acts.handing import ABORTED, RETURNED
from custody.base.errors import Malformed
from custody.ports.files import Files
from custody.services.copy_list import copy_list
from custody.services.deal_abort import WHY, deal_abort
from custody.services.deal_close import deal_close
from custody.services.deal_plan import deal_plan
from custody.services.deal_return import WHY as RETURN_WHY
from custody.services.deal_return import Copy, deal_return
from custody.services.deal_stand import deal_stand
from custody.services.deal_windup import deal_windup
from custody.services.law_rules import law_rules
from custody.services.paper_take import PAPER_TAKERS, paper_take
from custody.web.console.attempts import Attempt, attempt
from custody.web.console.house import Told, came, desk, handover, laws
from custody.web.console.steps import takes
from custody.web.console.twofold import STEPS, Act, Said, Scene
from custody.web.console.uploads import STATEMENT, brings
from custody.web.console.views import arrivals
from custody.web.console.views.data import account_for

COPY_STATES: Final = (*STATES, "open")
PAPERS: Final = {"deal-close": RETURNED, "deal-return": ABORTED}
_KEPT: Final = frozenset(("share_transfer",))
_LINES: Final = 3
_MOST_FILE: Final = 256 * 1024


@require_safe
def ends(request: HttpRequest, ref: str) -> HttpResponse:
    """Which ends this deal can come to, and which comes next on its line."""
    with desk(request) as at:
        stand: Told = deal_stand(at, laws(), ref)
        plan: Told = deal_plan(at, laws(), ref)
    page = {
        "deal": stand,
        "tab": "ends",
        "plan": plan,
        "acts": _offered(plan, ours=came(stand)),
        "named": ref,
        "came": came(stand),
        "tell": _tell(stand),
    }
    return render(request, "ends.html", page)


@takes(*STEPS, "account", act=("deal-close", "deal-abort", "deal-windup", "deal-return"))
@require_http_methods(["GET", "POST"])
def end(request: HttpRequest, ref: str, act: str) -> HttpResponse:
    """One of them: form, rehearsal, two people."""
    if act not in ACTS:
        raise Http404
    with desk(request) as at:
        stand: Told = deal_stand(at, laws(), ref)
        scene = Scene(ACTS[act](stand), stand["id"], stand["ref"], request, at)
        if scene.busy:
            return redirect("work", work=scene.busy.id)
        tried = attempt(request, lambda: _step(at, request, scene, stand, act))
        return tried.answer or _shown(request, scene, stand, act, tried)


def _step(at: Desk, request: HttpRequest, scene: Scene, stand: Told, act: str) -> HttpResponse | None:
    """One step of its form; None where the same page says what comes of it."""
    if request.POST.get("step") == "account":
        account_for(request, at, stand["vault"]["name"])
        _look_again(request)
    done = scene.step()
    return None if request.POST.get("step") == "look" else _onward(_named(request), act, done)


def _shown(request: HttpRequest, scene: Scene, stand: Told, act: str, tried: Attempt) -> HttpResponse:
    """The page of one end: its form, or the rehearsal with both people; and why what was sent was refused."""
    at, page, ref = scene.at, scene.page(), _named(request)
    would = (page["dry"] or {}).get("would", {})
    copies = _waiting(at, stand) if act == "deal-close" and would.get("heading") != "complete" else 0
    own = _own_copies(at, stand) if act != "deal-return" and would.get("copies") else {}
    ruled = _ruled(would, at.today()) if would else {}
    page |= {**own, "return_why": RETURN_WHY, "ruled": ruled, "open_copies": copies, "deal": stand, "tab": "ends", "act": act, "why": WHY, "copy_states": COPY_STATES, "typed_copies": _typed(request.POST), "paper": PAPERS.get(act, ""),
             "has_paper": PAPERS.get(act, "") in folder(stand).list(), "fault": tried.fault or page["refusal"],
             "paper_due": act != "deal-close" or stand["state"] == "aborted", "named": ref, "came": came(stand)}  # fmt: skip
    return render(request, "end.html", page, status=tried.code)


def _onward(ref: str, act: str, done: Mapping[str, Any] | None) -> HttpResponse:
    if done and "work" in done:
        return redirect("work", work=done["work"])
    return redirect("deal-ends", ref=ref) if done else redirect("deal-end", ref=ref, act=act)


@brings(STATEMENT)
@takes("", act=PAPERS)
@require_POST
def paper(request: HttpRequest, ref: str, act: str) -> HttpResponse:
    """Take in the other side's statement; what is not theirs on this deal is refused on the page on which it was chosen."""
    if act not in PAPERS:
        raise Http404
    with desk(request) as at:
        stand: Told = deal_stand(at, laws(), ref)
        tried = attempt(request, lambda: _taken(at, request, stand, act))
        scene = Scene(ACTS[act](stand), stand["id"], stand["ref"], request, at)
        return tried.answer or _shown(request, scene, stand, act, tried)


def _taken(at: Desk, request: HttpRequest, stand: Told, act: str) -> HttpResponse:
    at.require(PAPER_TAKERS)
    file = request.FILES.get("paper")
    if file is None or not file.size or file.size > _MOST_FILE:
        raise Malformed("deal.paper", "No statement came, or it is larger than 256 KiB.", next="Choose the file again.")
    paper_take(at, stand["id"], PAPERS[act], file.read(), folder(stand))
    return redirect("deal-end", ref=_named(request), act=act)


def _named(request: HttpRequest) -> str:
    """The deal as the address names it."""
    assert request.resolver_match is not None
    return str(request.resolver_match.kwargs["ref"])


def folder(stand: Mapping[str, Any]) -> Files:
    """The hand-over folder of a deal: what came lies by the matter's own id, what goes out by its reference."""
    return arrivals.folder(stand["id"]) if came(stand) else handover(stand)


def _tell(stand: Mapping[str, Any]) -> str:
    """Which statement of ours the other side still needs, by its kind; nothing where none is to be given."""
    kind = "returned" if came(stand) else "aborted"
    return kind if stand["state"] == kind else ""


def _look_again(request: HttpRequest) -> None:
    """What was said of a copy changes the rehearsal: it is shown anew, with whatever had been filled in."""
    form = request.POST.copy()
    form["step"] = "look"
    request.POST = form


def _own_copies(at: Desk, stand: Mapping[str, Any]) -> dict[str, Any]:
    """What lies in one's own hands and is not accounted for: nothing is approved before that."""
    found: Told = copy_list(at, stand["vault"]["name"])
    return {"own_copies": [one for one in found["copies"] if one["unaccounted"]], "reasons": REASONS}


def _typed(form: QueryDict) -> list[tuple[str, str, str]]:
    """What was typed of copies, so that a refusal takes nothing away; there are always three lines."""
    rows = [*zip(form.getlist("name"), form.getlist("state"), form.getlist("stays"), strict=False)]
    return [*rows, *[("", "", "")] * (_LINES - len(rows))]


def _waiting(at: Desk, stand: Mapping[str, Any]) -> int:
    """Copies that would make the statement partial, before a rehearsal says it: a company that stays keeps its own."""
    found: Any = 0 if came(stand) or stand["structure"] in _KEPT else copy_list(at, stand["vault"]["name"])["open"]
    return int(found)


def _ruled(would: Mapping[str, Any], on: date) -> dict[str, Any]:
    """The rules of a rehearsal by what they are called: what outlives the deal, and why something is kept."""
    told: Any = law_rules(laws(), (), on)["rules"]
    rules = {one["id"]: {"title": one["title"], "reference": one["reference"]} for one in told}

    def rule(name: str) -> dict[str, Any]:
        return rules.get(name, {"title": {"zh": name, "en": name}, "reference": {}})

    return {
        "outlives": [rule(name) for name in would.get("outlives", ())],
        "kept": [{**one, "rules": [rule(name) for name in one["why"]]} for one in would.get("kept", ())],
    }


def _offered(plan: Mapping[str, Any], *, ours: bool) -> list[dict[str, Any]]:
    """Each end with why it can or cannot be now, by the deal's own line."""
    following = {row["act"].replace(" ", "-"): row for row in plan["steps"]}
    waiting = plan["next"]["act"].replace(" ", "-") if plan["next"] else ""
    gone = any(following[act]["at"] for act in _TOO_LATE if act in following)
    live = plan["state"] not in {"aborted", "closed", "returned"} and not gone
    rows = []
    for name in ACTS:
        step = following.get(_LINE.get(name, name))
        rows.append({
            "act": name, "paper": _PAPER[name], "done": bool(step and step["at"]), "next": waiting == _LINE.get(name, name),
            "can": ((name == "deal-abort" and live) or step is not None) and (name != "deal-return" or ours) and (name != "deal-close" or plan["state"] != "open" or waiting == name),
        })  # fmt: skip
    return rows


def _abort(stand: Mapping[str, Any]) -> Act:
    ref, out = stand["ref"], folder(stand)

    def run(at: Desk, said: Said, *, dry_run: bool = False) -> Mapping[str, Any]:
        return deal_abort(at, ref, str(said["why"]), out, dry_run=dry_run)

    return _act(
        ref,
        "deal-abort",
        lambda form: {"why": form.get("why", "")},
        run,
        lambda dry: [("end.answer_due", dry["would"]["answer_due"])],
    )


def _close(stand: Mapping[str, Any]) -> Act:
    ref, out = stand["ref"], folder(stand)

    def run(at: Desk, _: Said, *, dry_run: bool = False) -> Mapping[str, Any]:
        return deal_close(at, laws(), ref, out, dry_run=dry_run)

    def figures(dry: Mapping[str, Any]) -> list[tuple[str, Any]]:
        would = dry["would"]
        return [
            ("end.outcome", ("end_outcome", would["outcome"])),
            ("end.heading", ("end_heading", would["heading"])),
            ("end.outlives", len(would["outlives"])),
        ]

    return _act(ref, "deal-close", lambda _: {}, run, figures)


def _windup(stand: Mapping[str, Any]) -> Act:
    ref, out = stand["ref"], folder(stand)

    def run(at: Desk, said: Said, *, dry_run: bool = False) -> Mapping[str, Any]:
        return deal_windup(at, laws(), ref, str(said["keeper"]), out, dry_run=dry_run)

    def figures(dry: Mapping[str, Any]) -> list[tuple[str, Any]]:
        would = dry["would"]
        return [
            ("end.shredded", would["customers"]),
            ("end.slots", would["slots"]),
            ("end.kept", sum(one["count"] for one in would["kept"])),
        ]

    return _act(ref, "deal-windup", lambda form: {"keeper": form.get("keeper", "").strip()[:120]}, run, figures)


def _return(stand: Mapping[str, Any]) -> Act:
    ref, out = stand["ref"], folder(stand)

    def run(at: Desk, said: Said, *, dry_run: bool = False) -> Mapping[str, Any]:
        return deal_return(at, ref, {name: Copy(**one) for name, one in said["copies"].items()}, out, dry_run=dry_run)

    def read(form: QueryDict) -> Said:
        rows = zip(form.getlist("name"), form.getlist("state"), form.getlist("stays"), strict=False)
        return {
            "copies": {name.strip()[:120]: {"state": state, "why": why} for name, state, why in rows if name.strip()}
        }

    return _act(
        ref,
        "deal-return",
        read,
        run,
        lambda dry: [("end.files", dry["would"]["files"]), ("end.copies", dry["would"]["copies"])],
    )


def _act(
    ref: str, name: str, read: Callable[[QueryDict], Said], run: Callable[..., Mapping[str, Any]],
    figures: Callable[[Mapping[str, Any]], list[tuple[str, Any]]],
) -> Act:  # fmt: skip
    return Act(
        name, read, partial(run, dry_run=True), run, figures, behind=name, back=reverse("deal-ends", args=(ref,))
    )


_PAPER: Final = {"deal-close": "closed", "deal-abort": "aborted", "deal-windup": "woundup", "deal-return": "returned"}
_LINE: Final = {"deal-windup": "deal-wind-up"}
_TOO_LATE: Final = ("release", "handover-control", "deal-wind-up")
"""Keys have changed hands: the act would refuse to break the deal off (`deal.too-late`)."""
ACTS: Final[Mapping[str, Callable[[Mapping[str, Any]], Act]]] = {
    "deal-close": _close, "deal-abort": _abort, "deal-windup": _windup, "deal-return": _return,
}  # fmt: skip
