"""Backups: where they lie and how far they are behind, one more now, and the vaults checked from the first record to the last (A5, E8)."""

from collections.abc import Mapping
from functools import partial
from math import ceil
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from custody import wiring
from custody.acts.desk import Desk
from custody.acts.listed_places import KEEPERS
from custody.base.errors import Denied, Malformed, Missing
from custody.base.signing import Signer
from custody.services.backup import backup
from custody.services.backup_forget import backup_forget
from custody.services.backup_list import backup_list
from custody.services.drill import DRILLERS, drill
from custody.services.timer_new import timer_new
from custody.services.vault_check import CHECKERS, vault_check
from custody.services.vault_list import vault_list, vault_names
from custody.web.console.attempts import attempt
from custody.web.console.house import Told, desk, home, in_sample, key_of, seat
from custody.web.console.jobs import Progress, fault, last, start
from custody.web.console.middleware import told
from custody.web.console.models import Person
from custody.web.console.steps import takes

_LONGEST: Final = 1_000


@takes("backup", "check", "drill", "timer", "forget")
@require_http_methods(["GET", "POST"])
def backups(request: HttpRequest) -> HttpResponse:
    """The list, the schedule, and what the last backup and the last check came to."""
    with desk(request) as at:
        found: Told = backup_list(at, wiring.due_tasks(home()))
        tried = attempt(request, lambda: _done(at, request, {one["place"] for one in found["places"]}))
        if tried.answer:
            return tried.answer
        vaults = vault_list(at)["vaults"]
    made, checked, drilled = (last(kind, _about(request)) for kind in ("backup", "vault-check", "drill"))
    broken = fault(made) or fault(checked) or fault(drilled)
    page = {
        "found": found, "vaults": vaults, "made": made, "checked": checked, "anywhere": _anywhere(), "beside": in_sample(), "minutes": ceil(settings.TIMER / 60), "own": _about(request) == "home",
        "fault": tried.fault or (told(broken, now=False) if broken else None), "given": request.POST,
    }  # fmt: skip
    return render(request, "backups.html", page, status=tried.code)


def _done(at: Desk, request: HttpRequest, known: set[str]) -> HttpResponse:
    form, person = request.POST, request.user
    assert isinstance(person, Person)
    if form.get("do") == "check":
        at.require(CHECKERS)
        act, kind = partial(_check, person.handle, key_of(request)), "vault-check"
    elif form.get("do") == "drill":
        at.require(DRILLERS)
        act, kind = partial(_drill, person.handle, key_of(request), _listed(form.get("place", ""), known)), "drill"
    elif form.get("do") == "timer":
        timer_new(at)
        return redirect("backups")
    elif form.get("do") == "forget":
        backup_forget(at, form.get("place", ""))
        return redirect("backups")
    else:
        at.require(KEEPERS)
        place = _place(form.get("place", "").strip()[:_LONGEST], known)
        act, kind = partial(_back_up, person.handle, key_of(request), place), "backup"
    work = start(kind, _about(request), act, back="/backups", by=person.principal)
    return redirect("work", work=work.id)


def _place(text: str, known: set[str]) -> str | None:
    """None is every place on the list. Through a browser elsewhere nobody names a folder of this host that is not on it."""
    if in_sample():
        return _of_sample()
    if not text or text in known:
        return text or None
    if not _anywhere():
        raise Denied("backup.elsewhere", "A new place is named on the host itself.", next="custody backup --to FOLDER")
    if not text.startswith("/") or not text.isprintable() or not Path(text).is_dir():
        raise Malformed("backup.folder", "This is not the whole path of a folder that is there.", next="Make the folder first, best on another disk.")  # fmt: skip
    return str(Path(text).resolve())


def _of_sample() -> str:
    """The sample keeps its backups beside itself: anybody who signed in is its people, and names no folder of this host."""
    place = home().parent / "backups" / home().name
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    return str(place)


def _listed(place: str, known: set[str]) -> str:
    """A drill is of a place on the list."""
    if place not in known:
        raise Missing("backup.unknown", "This place is not on the list.", next="custody backup")
    return place


def _anywhere() -> bool:
    """Whether the browser is on this host: whoever sits there reaches its folders anyhow."""
    return not settings.PUBLIC


def _about(request: HttpRequest) -> str:
    """The home that this is about: the sample's companies have backups of their own."""
    person = request.user
    assert isinstance(person, Person)
    return person.place or "home"


def _back_up(handle: str, signer: Signer, place: str | None, _: Progress) -> dict[str, object]:
    with seat(handle, signer) as at:
        made: Mapping[str, Any] = backup(at, place, verify=True)
    return {"count": made["count"], "segments": sum(one["segments"] for one in made["places"]), "bytes": sum(one["bytes"] for one in made["places"]), **{told: len({name for one in made["places"] for name in one[f"segments_{told}"]}) for told in ("missing", "changed")}}  # fmt: skip


def _drill(handle: str, signer: Signer, place: str, _: Progress) -> dict[str, object]:
    """What it came to is kept with the home and listed there; the job knows it as well."""
    with seat(handle, signer) as at:
        made: Mapping[str, Any] = drill(at, place, wiring.rooms(home()))
    return {"n": made["n"], "ok": made["ok"]}


def _check(handle: str, signer: Signer, _: Progress) -> dict[str, object]:
    with seat(handle, signer) as at:
        every: list[Mapping[str, Any]] = [vault_check(at, name) for name in vault_names(at)]
    rows = [{"vault": one["vault"], "ok": one["ok"], "records": one["checked"]["records"], "keys": one["checked"]["keys"], "counts": one["counts"]} for one in every]  # fmt: skip
    return {"vaults": rows}
