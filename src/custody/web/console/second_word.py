"""A list that says that people were told is the word of two: what waits of it is shown to a second person, who signs for exactly that list (spec/consent.md §9).

Taking the list is its rehearsal: the lines that wait are set aside, and come to count when the same list is taken in again.
"""

from collections.abc import Mapping
from typing import Any, Final

from django.db import transaction
from django.http import HttpRequest

from custody.acts.approval import APPROVERS
from custody.acts.desk import Desk
from custody.acts.vaults import sha256
from custody.acts.vouching import ACT, content_of
from custody.services.answers_take import LISTERS
from custody.services.approve_list import approve_list
from custody.web.console import asks
from custody.web.console.notices import settled, tell_approvers
from custody.web.console.twofold import Act, Said, Scene, named

STEPS: Final = frozenset(("approve", "drop"))
"""What this page offers: nobody does anything here, since the list is taken in again for that."""


def scene(request: HttpRequest, at: Desk, stand: Mapping[str, Any]) -> Scene:
    """Where the two people are with the list of this deal that waits."""
    act = Act(ACT, lambda _: {}, _dry, _dry, lambda dry: sorted(dry["unvouched"].items()), by_name=True)
    return Scene(act, str(stand["id"]), str(stand["ref"]), request, at)


def shown(request: HttpRequest, at: Desk, stand: Mapping[str, Any]) -> dict[str, Any]:
    """What the page shows of it, to whoever takes lists or may confirm one; nothing to anybody else."""
    if not at.principal.roles & APPROVERS.union(LISTERS):
        return {}
    page = scene(request, at, stand).page()
    if page.get("asked") is not None and page["dry"]:
        # Whoever took the list gave their own word by that, where theirs may count: it is not the second's.
        listed: Any = approve_list(at, ACT, page["content"])["approvals"]
        others = [one for one in listed if not one["mine"] and one["by"] != page["asked"].by.handle]
        page |= {"signed": named(request, others), "mine": page["mine"] and not page["first"]}
    return page


def heard(request: HttpRequest, at: Desk, stand: Mapping[str, Any], taken: Mapping[str, Any], data: bytes) -> None:
    """A list was taken in: a second person is asked for what waits of it, or nobody is any more once it counts."""
    waits = scene(request, at, stand)
    with at.store.read() as tx:
        content = content_of(tx, str(stand["id"]), sha256(data))
    if "approve" not in taken:
        if waits.asked is not None and waits.asked.content == content:
            waits.asked.delete()
            settled(request, at)
        return
    if waits.asked is not None and waits.asked.content == content:
        return
    told = {"unvouched": dict(taken["unvouched"]), "would": {"approve": [ACT, content]}}
    with transaction.atomic():
        asks.ask(waits.person, waits.about, ACT, content, {"given": told, "told": told})
        tell_approvers(request, at, waits.ref)


def _dry(at: Desk, said: Said) -> Said:
    at.require(LISTERS)
    return said
