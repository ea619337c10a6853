"""Who is a member of a deal, by the names this console knows, and whom an owner may let in."""

from collections.abc import Mapping
from typing import Any

from custody.acts.desk import Desk
from custody.acts.members import GIVERS, OPENED
from custody.model.party import EVERY_DEAL
from custody.services.deal_known import deal_people
from custody.services.member_list import member_list
from custody.services.principal_list import principal_list
from custody.web.console.catalogue import words
from custody.web.console.models import Person


def membership(at: Desk, ref: str) -> dict[str, Any]:
    """What the card of members shows."""
    listed: Any = member_list(at, ref)["members"]
    every: Any = principal_list(at)["principals"]
    known = {one.principal: str(one) for one in Person.objects.all()}
    called = {one["handle"]: known.get(one["id"], one["handle"]) for one in every}
    live = [{**one, "name": called[one["handle"]], "reason": _why(one)} for one in listed if one["state"] == "live"]
    there = {one["handle"] for one in live}
    outside = [
        {"handle": one["handle"], "name": called[one["handle"]]}
        for one in every
        if not one["until"] and one["handle"] not in there and not EVERY_DEAL.intersection(one["roles"])
    ]
    return {"members": live, "outside": outside, "lets_in": bool(at.principal.roles.intersection(GIVERS))}


def _why(member: Mapping[str, Any]) -> str:
    """As whoever let them in wrote it; in the reader's words where nobody did."""
    return words("members.opened") if member["reason"] == OPENED else str(member["reason"])


def people_on(at: Desk, ref: str) -> list[dict[str, Any]]:
    """Everybody who acts here and sees the deal: what they are called, with which roles."""
    able = deal_people(at, ref)
    every: Any = principal_list(at)["principals"]
    known = {one.principal: str(one) for one in Person.objects.all()}
    return [
        {"id": one["id"], "name": known.get(one["id"], one["handle"]), "roles": one["roles"]}
        for one in every
        if one["id"] in able
    ]
