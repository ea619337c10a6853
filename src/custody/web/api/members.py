"""Who works on a deal, as a machine of the company's own staff list keeps it: see, let in, end (spec/api.md §6)."""

from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Path, Query, Router

from custody.services.member_add import member_add
from custody.services.member_end import member_end
from custody.services.member_list import member_list
from custody.web.api import joined
from custody.web.api.parts import FAULTS, DealRef, Key
from custody.web.api.seat import Bearer, desk, written

Told = Any  # what a service answers; the shape named beside it is what leaves
Who = Annotated[joined.Handle, Path()]
router = Router()


@router.get(
    "/deals/{deal}/members",
    auth=Bearer("members"),
    response={200: joined.Members, **FAULTS},
    operation_id="members",
    summary="Members of a deal · 交易成员",
)
def members(
    request: HttpRequest,
    deal: DealRef,
    most: Annotated[int, Query(ge=1, le=1_000)] = 100,
    start: Annotated[int, Query(ge=0, le=1_000_000_000)] = 0,
) -> Told:
    """Who is and was one, and why, those who are first: the first `most` after `start`, and how many there are. Owners and auditors see every deal and need not be among them."""
    return member_list(desk(request), deal, most, start)


@router.post(
    "/deals/{deal}/members",
    auth=Bearer("members"),
    response={200: joined.LetIn, **FAULTS},
    operation_id="member-add",
    summary="Let somebody into a deal · 让某人参与交易",
)
def add(request: HttpRequest, response: HttpResponse, key: Key, deal: DealRef, asked: joined.LetsIn) -> Told:
    """From now on they see it and work on it, as far as their roles go; a machine is let into nothing."""
    given = asked.model_dump()
    return written(
        request, response, key, given, lambda at: member_add(at, deal, asked.handle, asked.reason, asked.until)
    )


@router.post(
    "/deals/{deal}/members/{handle}/end",
    auth=Bearer("members"),
    response={200: joined.Left, **FAULTS},
    operation_id="member-end",
    summary="End a membership · 让某人退出交易",
)
def end(
    request: HttpRequest, response: HttpResponse, key: Key, deal: DealRef, handle: Who, asked: joined.Leaves
) -> Told:
    """From this moment they see nothing of it."""
    given = asked.model_dump()
    return written(request, response, key, given, lambda at: member_end(at, deal, handle, asked.reason))
