"""What a machine may do to a request that was taken in: see it, stop its clock, say how it ended (spec/api.md §5). It packs no answer: that would show it values."""

from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Path, Router

from custody.services.request_clock import request_clock
from custody.services.request_close import request_close
from custody.services.request_grounds import request_grounds
from custody.services.request_list import request_line
from custody.web.api import decided
from custody.web.api.parts import FAULTS, Key
from custody.web.api.seat import Bearer, desk, laws, written

Told = Any  # what a service answers; the shape named beside it is what leaves
RequestRef = Annotated[str, Path(pattern=r"^R-[0-9]{4}-[0-9]{4,10}$")]
router = Router()


@router.get(
    "/requests/{ref}",
    auth=Bearer("requests"),
    response={200: decided.RequestShown, **FAULTS},
    operation_id="request",
    summary="One request · 一项个人请求",
)
def one_request(request: HttpRequest, ref: RequestRef) -> Told:
    """Its state and clock, what was done for it, and what a grant lacks; none of its person's words."""
    return request_line(desk(request), ref)


@router.get(
    "/requests/{ref}/grounds",
    auth=Bearer("requests"),
    response={200: decided.Grounds, **FAULTS},
    operation_id="request-grounds",
    summary="Grounds of refusal · 依法可以拒绝的理由",
)
def grounds(request: HttpRequest, ref: RequestRef) -> Told:
    """On which grounds of law it may be refused, whole or in part, and the laws that bind it: a refusal names one of each."""
    return request_grounds(desk(request), laws(), [ref])


@router.post(
    "/requests/{ref}/close",
    auth=Bearer("decisions"),
    response={200: decided.Closed, **FAULTS},
    operation_id="request-close",
    summary="Say how a request ended · 办结个人请求",
)
def close(request: HttpRequest, response: HttpResponse, key: Key, ref: RequestRef, asked: decided.Close) -> Told:
    """By the same rules as for people: a grant rests on acts, a refusal names its rule; and only who was identified by something on file."""
    given = asked.model_dump()
    return written(
        request, response, key, given, lambda at: request_close(at, laws(), ref, asked.state, asked.rule, asked.by)
    )


@router.post(
    "/requests/{ref}/clock",
    auth=Bearer("decisions"),
    response={200: decided.Stepped, **FAULTS},
    operation_id="request-clock",
    summary="Pause, resume or extend · 暂停、恢复或延长期限",
)
def clock(request: HttpRequest, response: HttpResponse, key: Key, ref: RequestRef, asked: decided.Step) -> Told:
    """As far as the law that binds this person allows."""
    given = asked.model_dump()
    return written(
        request, response, key, given, lambda at: request_clock(at, laws(), ref, asked.step, asked.why, asked.told)
    )
