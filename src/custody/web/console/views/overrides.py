"""Rules that a lawyer sets aside for a deal or one customer: why, until when, approved by a second person, shown for ever (C2)."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from custody.acts.desk import Desk
from custody.base.errors import CustodyError
from custody.services.deal_stand import deal_stand
from custody.services.override_end import override_end
from custody.services.override_list import override_list
from custody.services.override_new import Wish, override_new
from custody.web.console.house import Told, desk, laws
from custody.web.console.middleware import status, told
from custody.web.console.steps import takes
from custody.web.console.twofold import STEPS, Act, Said, Scene

_LONGEST = 60


@takes(*STEPS)
@require_http_methods(["GET", "POST"])
def overrides(request: HttpRequest, ref: str) -> HttpResponse:
    """Every override there ever was, and the form of a new one: rehearsed, then approved by a second person."""
    fault, code = None, 200
    with desk(request) as at:
        stand: Told = deal_stand(at, laws(), ref)
        scene = Scene(_act(stand), stand["id"], stand["ref"], request, at)
        if request.method == "POST":
            try:
                scene.step()
                if request.POST.get("step") != "look":
                    return redirect("overrides", ref=ref)
            except CustodyError as error:
                fault, code = told(error), status(error)
        page = {"said": {name: request.GET.get(name, "")[:_LONGEST] for name in ("rule", "subject")}, **scene.page()}
        listed: Any = override_list(at, ref)["overrides"]
    page |= {
        "deal": stand,
        "tab": "overrides",
        "act": "override",
        "listed": listed,
        "rules": _rules(stand),
        "fault": fault or page["refusal"],
    }
    return render(request, "overrides.html", page, status=code)


@require_POST
def end(request: HttpRequest, ref: str, override: str) -> HttpResponse:
    """To be stricter again needs nobody else."""
    with desk(request) as at:
        override_end(at, ref, override)
    return redirect("overrides", ref=ref)


def _act(stand: Mapping[str, Any]) -> Act:
    def run(at: Desk, said: Said, *, dry_run: bool = False) -> Mapping[str, Any]:
        wish = Wish(said["rule"], said["subject"] or None, said["reason"], said["until"])
        return override_new(at, laws(), stand["ref"], wish, dry_run=dry_run)

    def read(form: QueryDict) -> Said:
        return {name: form.get(name, "").strip() for name in ("rule", "subject", "reason", "until")}

    return Act("override", read, partial(run, dry_run=True), run)


def _rules(stand: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Rules that hold somebody or something back here, each once, with its words."""
    reasons = {one["rule"]: one["text"] for one in (stand["verdicts"] or {}).get("reasons", [])}
    gates = {one["rule"]: one["title"] for one in stand["gates"]}
    return [{"rule": rule, "text": text} for rule, text in sorted({**reasons, **gates}.items())]
