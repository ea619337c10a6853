"""How long what is kept: the policy that two people sign, what has run out under it, and letting that go (A8; spec/retention.md)."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods

from custody.acts.desk import Desk
from custody.acts.retiring import ACT as RUN
from custody.acts.retiring import LOOKERS, RUNNERS
from custody.base.errors import CustodyError
from custody.base.signing import Signer
from custody.services.retention_plan import retention_plan
from custody.services.retention_run import retention_run
from custody.services.retention_set import retention_set
from custody.services.retention_text import retention_read, retention_text, retention_written
from custody.services.retention_whatif import retention_whatif
from custody.services.vault_list import vault_names
from custody.web.console.attempts import attempt
from custody.web.console.behind import carry
from custody.web.console.house import Told, desk, key_of, laws, seat
from custody.web.console.jobs import Progress, fault, last, start
from custody.web.console.middleware import told
from custody.web.console.models import Person
from custody.web.console.moving import PREVIEW, preview
from custody.web.console.policy_form import MARK
from custody.web.console.steps import takes
from custody.web.console.terms_form import EMPTY, choices, filled
from custody.web.console.twofold import STEPS, Act, Said, Scene

SET: Final = "retention-policy"
_LONGEST: Final = 64 * 1024
_GO: Final = "retention-go"


@require_http_methods(["GET", "POST"])
def retention(request: HttpRequest) -> HttpResponse:
    """What is in force; what has run out is counted behind the page, for it looks at everybody."""
    with desk(request) as at:
        at.require(LOOKERS)
        names = vault_names(at)
        vault = _vault(request, names)
        tried = attempt(request, lambda: _counted(request, vault or ""))
        if tried.answer:
            return tried.answer
        force: Told = retention_text(at, vault) if vault else {}
    made = last("retention", _about(request, vault or ""))
    plan: Mapping[str, Any] | None = made.said if made is not None and made.state == "done" else None
    broken = fault(made)
    page = {
        "vaults": names, "vault": vault, "force": force, "plan": plan, "made": made,
        "fault": tried.fault or (told(broken, now=False) if broken else None),
    }  # fmt: skip
    return render(request, "retention.html", page, status=tried.code)


@takes(*STEPS, PREVIEW)
@require_http_methods(["GET", "POST"])
def terms(request: HttpRequest) -> HttpResponse:
    """The next policy, from its text to two signatures."""
    with desk(request) as at:
        at.require(LOOKERS)
        vault = _vault(request, vault_names(at)) or ""
        if request.POST.get("step") == PREVIEW:
            return preview(
                request, "terms_moves.html", lambda: retention_whatif(at, _text(request.POST), vault or None)
            )
        force: Told = retention_text(at, vault or None)
        scene = Scene(
            _set(vault),
            f"keep:{vault}",
            f"policy-{force['n'] + 1}",
            request,
            at,
            url=f"/retention/terms?{urlencode({'vault': vault})}",
        )
        tried = attempt(request, lambda: (_text(request.POST), _stepped(scene, vault))[1])
        if tried.answer:
            return tried.answer
        typed = _typed(request)
        page: dict[str, Any] = {**scene.page()} if typed is not None else {"refusal": None, "dry": None}
        found = retention_whatif(at, page["said"]["text"], vault or None) if page["dry"] else None
    text = typed or str(force["text"])
    page |= {
        "form": choices(_read(request, text)), "would": retention_read(page["said"]["text"]) if page["dry"] else None,
        "found": found, "vault": vault, "force": force, "deal": {"ref": scene.ref}, "act": SET, "typed": "policy.typed", "fault": tried.fault or page["refusal"],
        "text": text,
    }  # fmt: skip
    return render(request, "retention_policy.html", page, status=tried.code)


@takes(*STEPS, "now")
@require_http_methods(["GET", "POST"])
def run(request: HttpRequest) -> HttpResponse:
    """Let go what was listed long enough: at once where the policy says that nobody need be asked, else by two people."""
    with desk(request) as at:
        at.require(LOOKERS)
        vault = _vault(request, vault_names(at)) or ""
        scene = Scene(
            _go(vault), f"keep:{vault}", "let-go", request, at, url=f"/retention/run?{urlencode({'vault': vault})}"
        )
        if scene.busy:
            return redirect("work", work=scene.busy.id)
        tried = attempt(request, lambda: _stepped(scene, vault))
        if tried.answer:
            return tried.answer
        page = scene.page()
    page |= {
        "vault": vault,
        "deal": {"ref": scene.ref},
        "act": RUN,
        "typed": "retention.typed",
        "fault": tried.fault or page["refusal"],
    }
    return render(request, "retention_run.html", page, status=tried.code)


def _vault(request: HttpRequest, names: Sequence[str]) -> str | None:
    asked = request.POST.get("vault") or request.GET.get("vault")
    return asked if asked in names else next(iter(reversed(names)), None)


def _counted(request: HttpRequest, vault: str) -> HttpResponse:
    person = request.user
    assert isinstance(person, Person)
    back = f"/retention?{urlencode({'vault': vault})}"
    work = start(
        "retention",
        _about(request, vault),
        partial(_plan, person.handle, key_of(request), vault),
        back=back,
        by=person.principal,
    )
    return redirect("work", work=work.id)


def _about(request: HttpRequest, vault: str) -> str:
    person = request.user
    assert isinstance(person, Person)
    return f"{person.place}/{vault}"


def _plan(handle: str, signer: Signer, vault: str, _: Progress) -> dict[str, object]:
    with seat(handle, signer) as at:
        return dict(retention_plan(at, vault))


def _stepped(scene: Scene, vault: str) -> HttpResponse | None:
    """A look stays on the page; what was done leads back."""
    if scene.request.POST.get("step") == "now":
        work = carry(
            scene.request,
            _GO,
            f"{scene.person.place}:{scene.about}",
            lambda at: retention_run(at, vault, dry_run=False),
            back=_back(vault),
        )
        return redirect("work", work=work.id) if work else redirect(_back(vault))
    done = scene.step()
    if done and "work" in done:
        return redirect("work", work=done["work"])
    if scene.request.POST.get("step") == "look":
        return None
    return redirect(_back(vault)) if done else redirect(scene.url)


def _back(vault: str) -> str:
    return f"/retention?{urlencode({'vault': vault})}"


def _text(form: QueryDict) -> str:
    return retention_written(filled(form)) if MARK in form else form.get("text", "")[:_LONGEST]


def _typed(request: HttpRequest) -> str | None:
    """The text that was posted; None where fields were, and say no policy: they come back as they were typed."""
    try:
        return _text(request.POST)
    except CustodyError:
        return None


def _read(request: HttpRequest, text: str) -> Mapping[str, Any]:
    """What stands in the fields: what was typed there, or what the text says, if it can be read."""
    try:
        return filled(request.POST) if MARK in request.POST else retention_read(text)
    except CustodyError:
        return EMPTY


def _set(vault: str) -> Act:
    def act(at: Desk, said: Said, *, dry_run: bool = False) -> Mapping[str, Any]:
        return _asked(retention_set(at, laws(), str(said["text"]), vault, dry_run=dry_run))

    def figures(dry: Mapping[str, Any]) -> list[tuple[str, Any]]:
        return [
            ("policy.rules", dry["rules"]),
            ("retention.notice", dry["notice_days"]),
            ("retention.bare", len(dry["without_rule"])),
        ]

    return Act(SET, lambda form: {"text": _text(form)}, partial(act, dry_run=True), act, figures)


def _go(vault: str) -> Act:
    def act(at: Desk, _: Said, *, dry_run: bool = False) -> Mapping[str, Any]:
        return _asked(retention_run(at, vault, dry_run=dry_run))

    def figures(dry: Mapping[str, Any]) -> list[tuple[str, Any]]:
        return [("retention.due", dry["due_slots"]), ("retention.ripe", dry["ripe"])]

    return Act(
        RUN,
        lambda _: {"vault": vault},
        partial(act, dry_run=True),
        act,
        figures,
        at_once=True,
        doers=RUNNERS,
        behind=_GO,
        back=_back(vault),
    )


def _asked(answer: Mapping[str, Any]) -> Mapping[str, Any]:
    """What is to be approved, as the two people's page takes it."""
    asked = answer.get("approve")
    rest = {name: value for name, value in answer.items() if name not in {"would", "approve"}}
    return {**rest, "would": {"approve": [asked["act"], asked["content"]]}} if asked else rest
