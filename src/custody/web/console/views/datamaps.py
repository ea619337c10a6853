"""Review of a data map: one change at a time, and a signature that holds for exactly the map that its signer was shown.

Several people review at once. Each page carries the digest of its map; who confirms or signs sends it back. Each change notes which
map it changed: from that digest on the page tells what somebody changed meanwhile, and by whom.
"""

from collections.abc import Mapping, Sequence
from itertools import count
from typing import Any, Final

from django.db import transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_POST

from custody.base.errors import Malformed, Missing
from custody.services.datamap_accept import datamap_accept
from custody.services.datamap_set import datamap_set
from custody.services.datamap_show import datamap_show
from custody.services.vault_list import vault_list
from custody.services.words import class_list
from custody.web.console.catalogue import entries
from custody.web.console.databases import is_database, lacks
from custody.web.console.house import Told, desk
from custody.web.console.intakes import place
from custody.web.console.jobs import alive, fault, gone, last
from custody.web.console.middleware import status, told
from custody.web.console.models import Intake, Person, Work
from custody.web.console.steps import takes
from custody.web.console.views.data import intake_of, may

_COUNTRY: Final = "contact.country"
_AGREES: Final = frozenset(("confirm", "confirm-all"))
"""What says yes to what stands there, and so only to what was seen there; the others say themselves what shall stand."""
Change = Mapping[str, str]


@require_GET
def review(request: HttpRequest, intake: str) -> HttpResponse:
    """The page of one intake: progress while it is worked on, else the data map, or what it came to."""
    row = intake_of(request, intake)
    work = last("seal" if row.state in {"signed", "sealing", "sealed"} else "scan", row.id)
    # What the act leaves is written before how the job ended: until that is known too, its page knows more.
    if work is not None and (alive(work) or (work.state == "running" and not gone(work))):
        return redirect("work", work=work.id)
    row.refresh_from_db()
    lost = _lost(row)
    if row.state in {"scanning", "sealing", "failed"}:
        return render(
            request,
            "unread.html",
            {
                "row": row,
                "fault": lost or _fault(work),
                "dead": row.state != "failed",
                "asks": is_database(place(row)),
                "lacks": lacks(place(row)),
            },
        )
    if row.state == "sealed":
        return render(request, "sealed.html", {"row": row, "counts": work.said if work else {}})
    return _page(request, row, request.GET.get("since", ""))


@takes("stop", "undo", "confirm", "confirm-all", "class", "sensitive", "general", "role", "lives")
@require_POST
def change(request: HttpRequest, intake: str) -> HttpResponse:
    """One change of the map, or its undoing."""
    may(request)
    row, form = intake_of(request, intake, states=("review",)), request.POST
    if form.get("do") == "stop":
        return redirect("data")
    if form.get("do") in _AGREES and _touched(row, form):
        return _page(request, row, form.get("shown", ""))
    with transaction.atomic():
        kept = _kept(row, form, _handle(request))
    if not kept:
        return _page(request, intake_of(request, intake), _digest(row.datamap))
    there = {name: form[name] for name in ("table", "show", "since") if form.get(name)}
    return redirect(f"/data/{row.id}?{urlencode({**there, 'said': form.get('column') or form.get('table', '')})}")


@require_POST
def sign(request: HttpRequest, intake: str) -> HttpResponse:
    """Sign the map that the page showed, as the person signed in; any other is shown first."""
    row, seen = intake_of(request, intake, states=("review",)), request.POST.get("shown", "")
    shown = datamap_show(row.datamap)
    if shown["datamap"] != seen:
        return _page(request, row, seen)
    if shown["unsure"]:
        raise Malformed("console.waiting", "Some columns still wait for a look.", next="Look at them first.")
    with transaction.atomic():  # a refused signature leaves the map in review; a change in between finds it signed
        signed = Intake.objects.filter(id=row.id, state="review", datamap=row.datamap).update(state="signed")
        if signed:
            with desk(request) as at:
                datamap_accept(at, row.datamap)
    return redirect("intake", intake=row.id) if signed else _page(request, intake_of(request, intake), seen)


def _kept(row: Intake, form: QueryDict, handle: str) -> int:
    """Write the changed map over the one it was made from, and over no other."""
    was, table, column = _digest(row.datamap), form.get("table", ""), form.get("column", "")
    if form.get("do") == "undo" and row.before and row.changes:
        after, before = row.before, ""
        table, column = row.changes[-1]["table"], row.changes[-1]["column"]
    else:
        after, before = _changed(row.datamap, form, handle), row.datamap
    noted = [*row.changes, {"was": was, "table": table, "column": column, "by": handle}]
    same = Intake.objects.filter(id=row.id, state="review", datamap=row.datamap)
    return same.update(datamap=after, before=before, changes=noted)


def _touched(row: Intake, form: QueryDict) -> bool:
    """Whether what is confirmed is no longer as the page showed it, or that page is not known."""
    since = _since(row, form.get("shown", ""))
    table, column = form.get("table", ""), form.get("column", "")
    return since is None or any(one["table"] == table and not (column and one["column"] and one["column"] != column) for one in since)  # fmt: skip


def _since(row: Intake, seen: str) -> Sequence[Change] | None:
    """What was changed after a page showed the map of this digest; None: no page of these files did, as they are read now."""
    if seen == _digest(row.datamap):
        return ()
    places = [place for place, one in enumerate(row.changes) if one["was"] == seen]
    return row.changes[places[-1] :] if places else None


def _page(request: HttpRequest, row: Intake, seen: str) -> HttpResponse:
    """The map; and where the reader saw another one before, that it changed, and what of it."""
    since = _since(row, seen) if seen or request.method == "POST" else ()
    stale = None
    if since is None or since:
        stale = Malformed("console.map-moved", "The data map changed since this page was shown.", next="Look again: what changed is marked.")  # fmt: skip
    page = _map_page(request, row, since or ()) | {
        "since": seen if stale else "",
        "vault": _free(request),
        "lacks": lacks(place(row)),
    }
    if stale is not None:
        page["fault"] = told(stale)
    refused = stale is not None and request.method == "POST"
    return render(request, "datamap.html", page, status=status(stale) if refused and stale else 200)


def _map_page(request: HttpRequest, row: Intake, since: Sequence[Change]) -> dict[str, Any]:
    shown: Told = (
        datamap_show(row.datamap) if row.datamap else {"datamap": "", "tables": [], "unsure": 0, "columns": 0, "people": False}
    )  # fmt: skip
    tables = [_marked(one, since) for one in shown["tables"]]
    table = _chosen(request, tables, since)
    columns = table["columns"] if table else []
    counts = {"waits": sum(one["unsure"] for one in columns), "all": len(columns),
              "sensitive": sum(one["tier"] == "sensitive" for one in columns)}  # fmt: skip
    show = request.GET.get("show") or ("waits" if counts["waits"] and not since else "all")
    kept = [
        one for one in columns if show == "all" or (one["unsure"] if show == "waits" else one["tier"] == "sensitive")
    ]
    lines = [one for one in row.found.get("rejected", []) if table and one["table"] == table["name"]]
    return {
        "row": row, "map": shown, "tables": tables, "table": table, "columns": kept, "counts": counts, "show": show, "classes": class_list(),
        "people": [one for one in tables if one["subject_key"]], "rejected": row.found.get("quarantine", {}), "skipped": row.found.get("skipped", []),
        "lines": lines, "rest": table["quarantined"] - len(lines) if table else 0,
        "said": request.GET.get("said", ""), "fault": _fault(last("seal", row.id)),
        "strangers": tables and not any(one["role"] == "subject" for one in tables),
        "nowhere": not any(one["residence"] or column["class"] == _COUNTRY for one in tables if one["subject_key"] for column in one["columns"]),
        "places": sorted(key.removeprefix("place.") for key in entries() if key.startswith("place.")),
    }  # fmt: skip


def _chosen(request: HttpRequest, tables: Sequence[dict[str, Any]], since: Sequence[Change]) -> dict[str, Any] | None:
    """The table that is asked for; after a refusal one that changed; else the first of which a column waits for somebody's look, or the first."""
    named = request.GET.get("table") or request.POST.get("table") or (since[-1]["table"] if since else "")
    waiting = (one for one in tables if not named and any(column["unsure"] for column in one["columns"]))
    return next((one for one in tables if one["name"] == named), next(waiting, tables[0] if tables else None))


def _marked(table: dict[str, Any], since: Sequence[Change]) -> dict[str, Any]:
    """The table with who changed it, and each of its columns, since then."""
    mine = [one for one in since if one["table"] == table["name"]]
    columns = [one | {"moved": _who(mine, one["name"])} for one in table["columns"]]
    return table | {"columns": columns, "moved": mine[-1]["by"] if mine else ""}


def _who(changes: Sequence[Change], column: str) -> str:
    return next((one["by"] for one in reversed(changes) if one["column"] in {"", column}), "")


def _changed(text: str, form: QueryDict, handle: str) -> str:
    do, table, column = form.get("do", ""), form.get("table", ""), form.get("column", "")
    target = table if do in {"confirm-all", "role", "lives"} else f"{table}.{column}"
    settings = {
        "class": [f"class={form.get('class', '')}"], "sensitive": ["tier=sensitive"], "general": ["tier=general"], "role": _role(form),
        "lives": [f"residence={form.get('residence', '')}"],
    }.get(do, [])  # fmt: skip
    return datamap_set(text, target, settings, handle)[0]


def _role(form: QueryDict) -> list[str]:
    """The settings that make a table what its reviewer says it is."""
    role, kind, key, to = (form.get(name, "") for name in ("role", "kind", "key", "to"))
    if role == "reference":
        return [
            "role=reference",
            "kind=",
            "subject_key=",
            "paths=",
            "retention=none",
            "basis=",
            "residence=",
            "repeats=",
        ]
    kept = ["basis=contract", "retention=relation"]
    if role == "about":
        return ["role=about", f"kind={kind}", "subject_key=", f"paths={key}>{to}", "residence=", "repeats=", *kept]
    return [
        f"role={role}",
        f"kind={kind}",
        f"subject_key={key}",
        f"repeats={form.get('repeats', '')}",
        "paths=",
        *([] if role == "subject" else ["residence="]),
        *kept,
    ]


def _digest(text: str) -> str:
    return str(datamap_show(text)["datamap"]) if text else ""


def _free(request: HttpRequest) -> str:
    """A vault that waits for data, or a name that none has yet: each takes data once."""
    with desk(request) as at:
        found: Told = vault_list(at)
    empty = [one["name"] for one in found["vaults"] if not one["tables"]]
    if empty:
        return str(empty[0])
    taken = [one["name"] for one in found["vaults"]]
    return next(name for number in count(1) if (name := "main" if number == 1 else f"main-{number}") not in taken)


def _lost(row: Intake) -> dict[str, object] | None:
    """Why there is nothing to seal any more, where the files went because nobody looked at them."""
    if row.state not in {"review", "signed", "failed"} or place(row).is_dir():
        return None
    row.state = "failed"
    row.save(update_fields=["state"])
    why = Missing(
        "console.unsealed",
        "Nobody looked at these files for a week, so they are not kept here any more.",
        next="Discard them here, and give them again.",
    )
    return told(why, now=False)


def _fault(work: Work | None) -> dict[str, object] | None:
    """The error of a job as it was told."""
    error = fault(work)
    return told(error, now=False) if error else None


def _handle(request: HttpRequest) -> str:
    person = request.user
    assert isinstance(person, Person)
    return person.handle
