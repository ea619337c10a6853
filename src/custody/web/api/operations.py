"""The operations: each asks one service and gives its answer (spec/api.md). None reveals, approves, releases or destroys."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Path, Query, Router

from custody.services.customer import customer
from custody.services.deal_list import deal_list
from custody.services.deal_stand import deal_stand
from custody.services.job_list import job_list
from custody.services.ledger_list import ledger_list
from custody.services.lookup import lookup
from custody.services.request_list import request_list
from custody.services.request_new import request_new
from custody.services.suppress import suppress_check
from custody.services.verdict_list import FIRST, verdict_list
from custody.services.verdict_show import verdict_show
from custody.web.api import shapes
from custody.web.api.answers import answers_taken
from custody.web.api.consents import consents_taken
from custody.web.api.parts import FAULTS, DealRef, Key
from custody.web.api.seat import ANY, Bearer, desk, laws, written

Told = Any  # what a service answers; the shape named beside it is what leaves
SubjectId = Annotated[shapes.Subject, Path()]
Most = Annotated[int, Query(ge=1, le=1_000)]
Start = Annotated[int, Query(ge=0, le=1_000_000_000)]
router = Router()


def _ok(shape: object) -> dict[Any, Any]:
    return {200: shape, **FAULTS}


@router.get("/me", auth=Bearer(ANY), response=_ok(shapes.Me), operation_id="me", summary="This token · 本令牌")
def me(request: HttpRequest) -> Told:
    """Which token asks, and what it may ask for."""
    return {"id": request.token.id, "scopes": sorted(request.token.scopes)}


@router.get("/deals", auth=Bearer("deals"), response=_ok(shapes.Deals), operation_id="deals", summary="Deals · 交易")
def deals(request: HttpRequest, most: Most = 100, start: Start = 0) -> Told:
    """The deals of this company, the newest first: the first `most` after `start`, and how many there are."""
    told = deal_list(desk(request), closed=None, most=most, start=start)
    return {**told, "total": told["fits"]}


@router.get(
    "/deals/{deal}",
    auth=Bearer("deals"),
    response=_ok(shapes.Deal),
    operation_id="deal",
    summary="Where a deal stands · 交易进度",
)
def deal(request: HttpRequest, deal: DealRef) -> Told:
    """Stages, what the law keeps shut, and the newest gate's figures."""
    told: Told = deal_stand(desk(request), laws(), deal)
    shut: dict[str, list[str]] = {}
    for one in told["gates"]:
        shut.setdefault(str(one["stage"]), []).append(str(one["rule"]))
    return {**told, "shut": [{"stage": stage, "rules": rules} for stage, rules in shut.items()],
            "by_verdict": (told["verdicts"] or {}).get("by_verdict", {})}  # fmt: skip


@router.get(
    "/deals/{deal}/customers",
    auth=Bearer("customers"),
    response=_ok(shapes.Verdicts),
    operation_id="verdicts",
    summary="Customers by verdict · 按裁定列客户",
)
def verdicts(
    request: HttpRequest,
    deal: DealRef,
    verdict: Annotated[shapes.Verdict | None, Query()] = None,
    most: Most = 100,
    after: Annotated[shapes.Slot | None, Query()] = None,
) -> Told:
    """Customers of a deal, by random id, in the order of their key pages; `next` is the `after` of those that follow, or empty."""
    compartment, page, slot = (int(part) for part in after.split(".")) if after else FIRST
    return verdict_list(desk(request), deal, None, verdict, most, (compartment, page, slot))


@router.get(
    "/deals/{deal}/customers/{subject}",
    auth=Bearer("customers"),
    response=_ok(shapes.Explained),
    operation_id="verdict",
    summary="One customer's verdict, explained · 一位客户的裁定与理由",
)
def verdict(request: HttpRequest, deal: DealRef, subject: SubjectId) -> Told:
    """By the newest gate, with the rules that spoke and what is missing."""
    return verdict_show(desk(request), laws(), deal, subject)


@router.post(
    "/customers/find",
    auth=Bearer("customers"),
    response=_ok(shapes.Finds),
    operation_id="find",
    summary="Find a customer by a value · 按值查找客户",
)
def find(request: HttpRequest, asked: shapes.Find) -> Told:
    """By any written form of an e-mail address, phone, identity or customer number, or a name; counted against the limit."""
    return lookup(desk(request), asked.value, asked.by, asked.vault)


@router.get(
    "/customers/{subject}",
    auth=Bearer("customers"),
    response=_ok(shapes.Card),
    operation_id="customer",
    summary="One customer, masked · 一位客户（遮蔽）",
)
def card(request: HttpRequest, subject: SubjectId) -> Told:
    """What is held, by column, class and tier; never a value."""
    return customer(desk(request), subject)


@router.post(
    "/requests",
    auth=Bearer("requests"),
    response=_ok(shapes.TakenIn),
    operation_id="request-new",
    summary="Take a request in · 登记个人请求",
)
def new_request(request: HttpRequest, response: HttpResponse, key: Key, asked: shapes.NewRequest) -> Told:
    """What a customer asked for, by which channel, and how they were identified."""
    given = asked.model_dump()
    words = {name: str(given[name]) for name in ("kind", "channel", "proof", "note", "controller", "received")}
    words["said"] = _lines(("kind", "value"), ((one.kind, one.value) for one in asked.said))
    return written(request, response, key, given, lambda at: request_new(at, laws(), asked.deal, asked.subject, words))


@router.get(
    "/requests",
    auth=Bearer("requests"),
    response=_ok(shapes.Requests),
    operation_id="requests",
    summary="Requests · 个人请求",
)
def requests(
    request: HttpRequest,
    state: Annotated[shapes.Code | None, Query()] = None,
    most: Most = 100,
    start: Start = 0,
) -> Told:
    """The most urgent first, without a word of who asked: the first `most` after `start` in this state, how many `fit` it, and how many there are in all."""
    return request_list(desk(request), state, most, start)


@router.post(
    "/deals/{deal}/answers",
    auth=Bearer("answers"),
    response=_ok(shapes.Recorded),
    operation_id="answers",
    summary="Take answers in · 录入客户的答复",
)
def answers(request: HttpRequest, response: HttpResponse, key: Key, deal: DealRef, asked: shapes.Answers) -> Told:
    """What customers were told and refused elsewhere; a yes without its record is set aside, by its place among those sent."""
    given = asked.model_dump(exclude_none=True)
    return written(request, response, key, given, lambda at: answers_taken(at, deal, asked))


@router.post(
    "/deals/{deal}/consents",
    auth=Bearer("answers"),
    response=_ok(shapes.Imported),
    operation_id="consents",
    summary="Take in consents of before · 录入以前取得的同意",
)
def consents(request: HttpRequest, response: HttpResponse, key: Key, deal: DealRef, asked: shapes.Consents) -> Told:
    """Each becomes a record, is on file already, or is no evidence, for one reason; silence never counts."""
    given = asked.model_dump(exclude_none=True)
    return written(request, response, key, given, lambda at: consents_taken(at, deal, asked))


@router.post(
    "/suppression/check",
    auth=Bearer("suppression"),
    response=_ok(shapes.Listed),
    operation_id="suppression",
    summary="Is it suppressed? · 在禁联名单上吗",
)
def suppression(request: HttpRequest, asked: shapes.Check) -> Told:
    """Whether a value stands on the list; counted against the limit."""
    return suppress_check(desk(request), asked.value)


@router.get(
    "/ledger", auth=Bearer("ledger"), response=_ok(shapes.Entries), operation_id="ledger", summary="Entries · 账本条目"
)
def ledger(request: HttpRequest, most: Most = 100, before: Start | None = None) -> Told:
    """The newest entries below the position `before`, without what they say in private."""
    return ledger_list(desk(request), None, most, before)


@router.get("/jobs", auth=Bearer("deals"), response=_ok(shapes.Jobs), operation_id="jobs", summary="Jobs · 任务")
def jobs(
    request: HttpRequest,
    state: Annotated[Literal["running", "done"] | None, Query()] = None,
    most: Most = 100,
    start: Start = 0,
) -> Told:
    """What runs and what ended: the first `most` after `start`, and how many there are."""
    return job_list(desk(request), state, most, start)


def _lines(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    out = io.StringIO(newline="")
    lines = csv.writer(out)
    lines.writerow(heads)
    lines.writerows(rows)
    return out.getvalue()
