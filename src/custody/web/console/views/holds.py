"""Holds: whose data must stay whatever runs out or is asked for; put on and taken off by hand, each with its reason (A8)."""

import hashlib
import re
from collections.abc import Mapping
from functools import partial
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods

from custody.acts.desk import Desk
from custody.services.hold import ACT, hold_add, hold_list, hold_release
from custody.services.vault_list import vault_names
from custody.web.console.attempts import attempt
from custody.web.console.house import Told, desk
from custody.web.console.steps import takes
from custody.web.console.twofold import STEPS, Act, Said, Scene

KINDS: Final = ("dispute", "authority", "audit", "request", "other")
_ABOUT: Final = 32
_SHORT: Final = slice(4, 12)
_KIND: Final = re.compile(r"[a-z]{1,32}")


@takes("add", "release")
@require_http_methods(["GET", "POST"])
def holds(request: HttpRequest) -> HttpResponse:
    """Every live hold of a vault, by customer; a new one; an end to one."""
    with desk(request) as at:
        names = vault_names(at)
        asked = request.POST.get("vault") or request.GET.get("vault")
        vault = asked if asked in names else next(iter(reversed(names)), None)
        tried = attempt(request, lambda: _done(at, request, vault))
        if tried.answer:
            return tried.answer
        found: Told = hold_list(at, vault) if vault else {"holds": [], "held": 0}
    listed = [{**one, **_parts(one["reason"])} for one in found["holds"]]
    page = {
        "vaults": names, "vault": vault, "found": found, "listed": listed, "kinds": KINDS, "fault": tried.fault,
        "given": {name: request.POST.get(name) or request.GET.get(name, "") for name in ("subject", "kind", "number", "until")},
    }  # fmt: skip
    return render(request, "holds.html", page, status=tried.code)


def _done(at: Desk, request: HttpRequest, vault: str | None) -> HttpResponse:
    form, subject = request.POST, request.POST.get("subject", "").strip()
    if form.get("do") == "release":
        hold_release(at, subject, form.get("reason", ""), vault)
    else:
        hold_add(at, subject, f"{form.get('kind', '')}.{form.get('number', '').strip()}", form.get("until", ""), vault)
    return redirect(f"/holds?{urlencode({'vault': vault or ''})}")


@takes(*STEPS)
@require_http_methods(["GET", "POST"])
def end(request: HttpRequest) -> HttpResponse:
    """What somebody else put on hold: a second person confirms that it ends, for what it kept may go a moment later."""
    where = {name: request.GET.get(name, "") for name in ("vault", "subject", "reason")}
    url = f"{reverse('hold-end')}?{urlencode(where)}"
    done: Mapping[str, Any] | None = None
    with desk(request) as at:
        about = hashlib.sha256("\n".join(where.values()).encode()).hexdigest()[:_ABOUT]
        scene = Scene(_act(where), f"hold:{about}", short(where["subject"]), request, at, url)

        def stepped() -> HttpResponse | None:
            nonlocal done
            done = scene.step()
            return None if request.POST.get("step") == "look" else redirect("holds" if done else url)

        tried = attempt(request, stepped)
        if tried.answer:
            return redirect(f"/holds?{urlencode({'vault': where['vault']})}") if done else tried.answer
        page = scene.page()
    page |= {**where, **_parts(where["reason"]), "deal": {"ref": scene.ref}, "act": ACT, "typed": "holds.typed", "fault": tried.fault or page["refusal"]}  # fmt: skip
    return render(request, "hold_end.html", page, status=tried.code)


def short(subject: str) -> str:
    """Of a customer's id what lists show."""
    return subject[_SHORT]


def _act(where: Mapping[str, str]) -> Act:
    def run(at: Desk, _: Said, *, dry_run: bool = False) -> Mapping[str, Any]:
        return hold_release(at, where["subject"], where["reason"], where["vault"] or None, dry_run=dry_run)

    return Act(ACT, lambda _: where, partial(run, dry_run=True), run, at_once=True, by_name=True)


def _parts(reason: str) -> dict[str, Any]:
    """Which kind of reason a code begins with, and the number of the matter behind it."""
    kind, _, number = reason.partition(".")
    return {"kind": kind if _KIND.fullmatch(kind) and number else "other", "number": number or reason}
