"""Deals: the board, one deal, its facts, its verdicts."""

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any, Final
from urllib.parse import urlencode

from allauth.mfa.utils import is_mfa_enabled
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from custody.acts.approval import APPROVERS
from custody.acts.desk import Desk
from custody.acts.said import ANSWERS
from custody.acts.turns import TAKERS, waits
from custody.base.errors import CustodyError, Malformed
from custody.model.party import MACHINES
from custody.services.arrival import arrival
from custody.services.backup_list import LOOKERS, backup_list
from custody.services.copy_list import copy_list
from custody.services.deal_asks import deal_asks
from custody.services.deal_facts import deal_facts
from custody.services.deal_list import deal_list
from custody.services.deal_met import deal_met
from custody.services.deal_new import deal_new
from custody.services.deal_next import deal_next
from custody.services.deal_show import deal_show
from custody.services.deal_stand import deal_stand
from custody.services.evidence_add import evidence_add, evidence_kinds
from custody.services.evidence_when import evidence_when
from custody.services.gate import GATERS, gate
from custody.services.invite_take import GOOD, INVITE_TAKERS, invite_state, invite_take
from custody.services.ledger_list import ledger_list
from custody.services.party import parties
from custody.services.principal_list import principal_list
from custody.services.recovery_list import recovery_list
from custody.services.statement_show import statement_show
from custody.services.vault_list import vault_list, vault_names
from custody.services.verdict_list import FIRST, verdict_list
from custody.services.verdict_show import verdict_show
from custody.web.console.answers import given, nested
from custody.web.console.attempts import Attempt, attempt
from custody.web.console.behind import carry
from custody.web.console.catalogue import lang, words
from custody.web.console.cells import EVERY, PLAIN
from custody.web.console.forms import whole
from custody.web.console.handed import handed
from custody.web.console.house import Told, came, desk, handover, laws
from custody.web.console.lists import SIZE, chained, paged, start_of, words_of
from custody.web.console.members import membership, people_on
from custody.web.console.middleware import told
from custody.web.console.models import Intake, Person
from custody.web.console.notices import asked_of
from custody.web.console.sheets import sheet
from custody.web.console.templatetags.words import proof
from custody.web.console.uploads import PAPER, STATEMENT, brings
from custody.web.console.views.duties import paper_of

_HISTORY: Final = 8
_COMMON: Final = 8  # reasons that the page of a deal shows at once, as its template says
_CLOCKS: Final = 5
_RUNS: Final = frozenset(("overdue", "at-once", "running"))
_SIDES: Final = ("advisor", "owner", "privacy", "lawyer", "auditor")
_READ: Final = 64
_DIGITS: Final = 6
_TURNS: Final = ("mine", "stuck")
_SHOWN: Final = ("open", *_TURNS, "closed")
_BOARD: Final = 10  # each stands with what the law asks of it
_ID: Final = 40
_FIRST: Final = 10
_MOST_FILE: Final = 256 * 1024


@require_GET
def board(request: HttpRequest) -> HttpResponse:
    """Deals, the newest first, what waits for me of all of them on top; without any, what this place is for."""
    whole_list = PLAIN.get()
    start = 0 if whole_list else start_of(request, _BOARD)
    with desk(request) as at:
        incoming: Any = arrival(at, None)["arrivals"]
        listing = partial(deal_list, at, without=[one["id"] for one in incoming])
        turn: Any = listing(closed=False, most=None, turn="mine", laws=laws())
        counts, wanted = {**turn["counts"], "mine": turn["fits"]}, _wanted(request, turn["counts"])
        listed: Any = listing(
            closed=wanted == "closed", most=None if whole_list else _BOARD, start=start, words=words_of(request, "deal_state"),
            turn=wanted if wanted in _TURNS else "", laws=laws(),
        )  # fmt: skip
        near = turn["deals"][:_BOARD]
        rows = _rows(at, listed["deals"] + near)
        vaults, void = vault_names(at), recovery_list(at)["void"] if "owner" in at.principal.roles else []
        begun = any(counts.values()) or incoming
        people: Any = () if begun else principal_list(at)["principals"]
        backups = "" if begun or not at.principal.roles.intersection(LOOKERS) else _backed_up(at)
        person = request.user
        assert isinstance(person, Person)
        asks = asked_of(at, person)
    shown, mine = ([rows[one["ref"]] for one in part] for part in (listed["deals"], near))
    own = {one["ref"] for one in turn["deals"]}
    page = {
        "rows": shown, "counts": counts, "show": wanted, "mine": [one for one in mine if one["deal"]["ref"] not in {one.ref for one in asks}], "mfa": is_mfa_enabled(request.user), "vaults": vaults, "void": void, "incoming": incoming,
        "list": paged(request, listed["fits"], _BOARD), "unsealed": None if begun else Intake.waiting(person.place), "asks": asks, "todo": turn["fits"] + sum(one.ref not in own for one in asks),
        "backups": backups, "owner": _owner(people), "second": sum(not MACHINES.intersection(one["roles"]) for one in people) > 1,
    }  # fmt: skip
    return render(request, "deals.html" if begun else "start.html", page)


def _wanted(request: HttpRequest, counts: Mapping[str, int]) -> str:
    """Which deals: never an empty table where there are deals."""
    asked = request.GET.get("show", "")
    return asked if asked in _SHOWN else "open" if counts["open"] or not counts["closed"] else "closed"


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Open a deal: the other party, the vault, the first three facts."""
    fault = None
    with desk(request) as at:
        if request.method == "POST":
            try:
                opening: Told = deal_asks(at, laws(), {})
                facts = nested(given(request.POST, opening["asked"]))
                made: Told = deal_new(
                    at, laws(), facts, request.POST.get("counterparty", ""), request.POST.get("vault") or None
                )
                if made["resumed"]:
                    return redirect(f"{reverse('deal', args=[made['ref']])}?known=1")
                return redirect(f"{reverse('interview', args=[made['ref']])}{_noes(made)}")
            except CustodyError as error:
                fault = told(error)
        asked = _first(at, request)
        others, vaults = [one for one in parties(at) if not one["own"]], vault_list(at)["vaults"]
    chosen = request.POST.get("counterparty", others[0]["id"] if len(others) == 1 else "")
    page = {"asked": asked, "others": others, "vaults": vaults, "fault": fault, "given": request.POST, "chosen": chosen}
    return render(request, "deal_new.html", page)


def _noes(made: Told) -> str:
    """How many people's noes to the other party came along from older vaults, and how many did not, for the page that comes next."""
    counts = {"along": made.get("noes_along", 0), "missing": sum(one["people"] for one in made.get("older_noes", ()))}
    asked = urlencode({name: many for name, many in counts.items() if many})
    return f"?{asked}" if asked else ""


def _first(at: Desk, request: HttpRequest) -> list[dict[str, Any]]:
    """The first questions, what kind of deal it is before where the parties are; what was answered stays, our own place is known."""
    asked: Told = deal_asks(at, laws(), {})
    known = {"seller.jurisdiction": at.card.place, **{name: str(request.POST[name]) for name in request.POST}}
    ordered = sorted(
        asked["asked"], key=lambda one: (one["fact"] != "deal.structure", one["fact"] != "seller.jurisdiction")
    )
    return [{**one, "value": known.get(one["fact"])} for one in ordered]


@require_GET
def show(request: HttpRequest, ref: str) -> HttpResponse:
    """One deal: stages, verdicts, gates, who acts next, parties, papers, history."""
    return _shown(request, ref, Attempt())


def _shown(request: HttpRequest, ref: str, tried: Attempt) -> HttpResponse:
    """The same, and why what was brought from it was not taken."""
    with desk(request) as at:
        stand: Told = deal_stand(at, laws(), ref)
        if came(stand):
            return redirect("arrival", matter=stand["id"])
        asks: Told = deal_asks(at, laws(), nested(stand["facts"]))
        met: Told = deal_met(at, laws(), ref)
        people, here = _people(at), people_on(at, ref)
        files = handover(stand)
        page: dict[str, Any] = {
            "deal": stand, "known": "known" in request.GET, "clocks": [one for one in met["clocks"] if one["state"] in _RUNS][:_CLOCKS],
            "met": [{**one, "names": [people.get(who, {}).get("name", "") for who in one["who"]]} for one in met["met"]],
            "sides": [{"role": role, "names": names} for role in _SIDES if (names := _named(here, role))], "members": [one["name"] for one in membership(at, ref)["members"]], "asked": len(asks["asked"]), "copies": copy_list(at, stand["vault"]["name"]),
            "rehearsal": at.rehearsal, "next": _who(stand, at),
            "papers": deal_show(at, ref)["statements"], "history": _told_once(ledger_list(at, ref, _READ)["entries"]),
            "invitation": invite_state(at, ref, files) if stand["buyer"] else GOOD, **handed(at, stand["id"], files),
            "fault": tried.fault, "able": bool(at.principal.roles & APPROVERS.union(stand["next"]["roles"] if stand["next"] else ())),
        }  # fmt: skip
        page["invited"] = page["invitation"] == GOOD
    buyer = stand["buyer"]
    reasons = _lacking(stand, asks)
    page |= {"nobody": _nobody(stand), "reasons": reasons, "rarer": len(reasons) - _COMMON}
    page["open"] = bool(stand["next"]) and not stand["next"]["act"].startswith("deal ")  # what is over asks for nothing
    waits = (page["asked"] and page["open"], buyer and not buyer["confirmed"], buyer and not page["invited"])
    return render(
        request, "deal.html", {**page, "lacking": len(stand["gates"]) + sum(map(bool, waits))}, status=tried.code
    )


def _lacking(stand: Mapping[str, Any], asks: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The reasons of the newest gate, each with what it waits for in the reader's words: papers and answers, then facts."""
    kinds = {*evidence_kinds(laws()), *ANSWERS}
    facts = {one["fact"]: str(one["name"][lang()]) for one in (*asks["asked"], *asks["known"])}
    reasons = (stand["verdicts"] or {}).get("reasons", [])
    return [
        {**one, "lacks": [proof(need) if need in kinds else facts[need] for need in one["missing"] if need in kinds or need in facts]}
        for one in reasons
    ]  # fmt: skip


def _backed_up(at: Desk) -> str:
    """When the newest backup was made; "" where there is none."""
    places: Any = backup_list(at, ())["places"]
    return max((str(one["at"]) for one in places), default="")


def _owner(people: Iterable[Mapping[str, Any]]) -> str:
    """What the owner is called, for whoever looks."""
    one = next((one for one in people if "owner" in one["roles"]), None)
    return str((Person.objects.filter(principal=one["id"]).first() or one["handle"]) if one else "")


def _nobody(stand: Mapping[str, Any]) -> bool:
    """Whether the next step would carry nobody: said before anything that cannot be undone is prepared."""
    return bool(stand["next"]) and waits(stand["next"], stand["verdicts"] or {})


@require_http_methods(["GET", "POST"])
def facts(request: HttpRequest, ref: str) -> HttpResponse:
    """The questions that rules in force still ask; "don't know" is always an answer, and is never kept as one."""
    fault = None
    with desk(request) as at:
        stand: Told = deal_stand(at, laws(), ref)
        asked: Told = deal_asks(at, laws(), nested(stand["facts"]))
        if request.method == "POST":
            try:
                answers = given(request.POST, [*asked["asked"], *asked["known"]])
                deal_facts(at, laws(), ref, nested(answers))
                return redirect("deal-facts" if "more" in request.POST else "deal", ref=ref)
            except CustodyError as error:
                fault = told(error)
    page = {"first": asked["asked"][:_FIRST], "rest": asked["asked"][_FIRST:], "known": asked["known"]}
    return render(request, "facts.html", {**page, "deal": stand, "fault": fault})


@require_POST
def decide(request: HttpRequest, ref: str) -> HttpResponse:
    """Decide everybody now; of very many that takes a while, and goes on behind the page."""
    with desk(request) as at:
        at.require(GATERS)
        stand: Told = deal_stand(at, laws(), ref)
    work = carry(request, "gate", stand["id"], lambda at: gate(at, laws(), ref), back=reverse("deal", args=[stand["ref"]]))  # fmt: skip
    return redirect("work", work=work.id) if work else redirect("deal", ref=ref)


@require_GET
def verdicts(request: HttpRequest, ref: str) -> HttpResponse:
    """The customers under one reason or one verdict."""
    rule, verdict, part = request.GET.get("rule") or None, request.GET.get("verdict") or None, "part" in request.GET
    with desk(request) as at:
        stand: Told = deal_stand(at, laws(), ref)
        typed = request.GET.get("q", "")[:_ID]
        found: Any = verdict_list(at, ref, rule, verdict, EVERY if PLAIN.get() else SIZE, _slot(request), typed, part=part)  # fmt: skip
    reasons = (stand["verdicts"] or {}).get("reasons", [])
    reason = next((one for one in reasons if one["rule"] == rule), None)
    bring = {*evidence_kinds(laws()), *ANSWERS}
    lacks = [proof(need) for need in (reason["missing"] if reason else ()) if need in bring]
    rows = ((one["subject"], words(f"verdict.{one['verdict']}")) for one in found["customers"])
    made = sheet(request, "customers", ("verdicts.customer", "deals.verdicts"), rows)
    page = {
        "deal": stand,
        "found": found,
        "reason": reason,
        "lacks": lacks,
        "verdict": verdict,
        "part": part,
        "left": any(one["stage"] == "destroyed" and one["state"] == "done" for one in stand["stages"]),
        "list": chained(request, "after", found["next"]),
    }
    return made or render(request, "verdicts.html", page)


def _slot(request: HttpRequest) -> tuple[int, int, int]:
    """From which slot on a list goes; from its beginning where the address says nothing that is one."""
    told = request.GET.get("after", "").split(".")
    compartment, page, slot = (whole(part, _DIGITS) for part in told) if len(told) == len(FIRST) else (None, None, None)
    return FIRST if compartment is None or page is None or slot is None else (compartment, page, slot)


@require_GET
def customer(request: HttpRequest, ref: str, subject: str) -> HttpResponse:
    """One customer's verdict and why."""
    with desk(request) as at:
        stand = deal_stand(at, laws(), ref)
        one: Told = verdict_show(at, laws(), ref, subject)
        when: Told = evidence_when(at, ref, subject)
    order = ("hand_over", "wait", "withhold", "retain_only", "destroy")
    best = min((row["verdict"] for row in one["verdicts"]), key=order.index, default="withhold")
    worst = max(one["verdicts"], key=lambda row: order.index(row["verdict"]), default=None)
    evidence = [{"kind": kind, **when["kinds"].get(kind, {})} for kind in (worst or {}).get("evidence", ())]
    return render(
        request, "verdict.html", {"deal": stand, "one": one, "best": best, "worst": worst, "evidence": evidence}
    )


@brings(PAPER)
@require_POST
def evidence(request: HttpRequest, ref: str) -> HttpResponse:
    """Put the paper a gate asks for on file; its digest is kept, the paper stays with whoever brought it."""
    with desk(request) as at:
        tried = attempt(request, lambda: _filed(at, request, ref))
    return tried.answer or _shown(request, ref, tried)


def _filed(at: Desk, request: HttpRequest, ref: str) -> HttpResponse:
    evidence_add(at, laws(), ref, request.POST.get("kind", ""), paper_of(request))
    return redirect("answers" if request.POST.get("from") == "answers" else "deal", ref=ref)


@brings(STATEMENT)
@require_POST
def invite(request: HttpRequest, ref: str) -> HttpResponse:
    """Take in the buyer's invitation; what is none is refused on the page on which it was chosen."""
    with desk(request) as at:
        stand: Told = deal_stand(at, laws(), ref)
        tried = attempt(request, lambda: _invited(at, request, stand))
    return tried.answer or _shown(request, ref, tried)


def _invited(at: Desk, request: HttpRequest, stand: Told) -> HttpResponse:
    at.require(INVITE_TAKERS)
    file = request.FILES.get("invite")
    if file is None or not file.size or file.size > _MOST_FILE:
        raise Malformed(
            "invite.file", "No invitation came, or it is larger than 256 KiB.", next="Choose the file again."
        )
    invite_take(at, stand["id"], file.read(), handover(stand))
    return redirect("deal", ref=stand["ref"])


@require_GET
def statement(request: HttpRequest, ref: str, kind: str) -> HttpResponse:
    """A signed statement of the deal, as it is."""
    with desk(request) as at:
        found = statement_show(at, ref, kind, whole(request.GET.get("n", ""), _DIGITS))
    if not found:
        raise Http404
    answer = HttpResponse(found, content_type="application/json")
    answer["Content-Disposition"] = f'attachment; filename="{kind}.dsse.json"'
    return answer


def _told_once(entries: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - what a service answers, as pages take it
    """The newest of them; what one person did several times in a row is one line with how often."""
    lines: list[dict[str, Any]] = []
    for one in entries:
        same = (
            bool(lines)
            and all(lines[-1][name] == one[name] for name in ("kind", "who"))
            and "statement" not in one["says"]
        )
        if same:
            lines[-1]["times"] += 1
        else:
            lines.append({**one, "times": 1})
    return lines[:_HISTORY]


def _rows(at: Desk, deals: Any) -> dict[str, dict[str, Any]]:  # noqa: ANN401 - what a service answers, as pages take it
    """{reference: a line of the board}, each deal read once."""
    refs = {str(one["ref"]): str(one["id"]) for one in deals}
    due = deal_next(at, laws(), list(refs.values()))
    return {ref: {**_row(deal_stand(at, laws(), name), at), "due": due[ref]} for ref, name in refs.items()}


def _row(stand: Mapping[str, Any], at: Desk) -> dict[str, Any]:
    """Where one deal stands."""
    done = sum(1 for one in stand["stages"] if one["state"] == "done")
    onward = stand["next"]
    stuck = any(onward and one["stage"] == onward["act"] for one in stand["gates"])
    return {
        "deal": stand,
        "done": done,
        "stuck": stuck,
        "who": _who(stand, at),
        "act": "answers" if _nobody(stand) else onward and onward["act"],
    }


def _people(at: Desk) -> dict[str, dict[str, Any]]:
    """{principal: what they are called}."""
    told: Any = principal_list(at)["principals"]
    known = {one.principal: str(one) for one in Person.objects.all()}
    return {one["id"]: {"name": known.get(one["id"], one["handle"])} for one in told}


def _named(people: Iterable[Mapping[str, Any]], role: str) -> list[str]:
    return [one["name"] for one in people if role in one["roles"]]


def _who(stand: Mapping[str, Any], at: Desk) -> list[dict[str, Any]]:
    """Those who see the deal and whose role does what comes next; while nobody is cleared, those who take in what customers say."""
    if not stand["next"]:
        return []
    act, roles = ("answers", set(TAKERS)) if _nobody(stand) else (stand["next"]["act"], set(stand["next"]["roles"]))
    return [{**one, "act": act} for one in people_on(at, stand["ref"]) if roles.intersection(one["roles"])]
