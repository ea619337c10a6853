"""What the API takes and gives (spec/api.md). A member that is not known is refused in a request, and absent from an answer."""

from typing import Annotated, Literal

from ninja import Schema
from pydantic import ConfigDict, Field

from custody.base.errors import Malformed

Ref = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_-]+$")]
Subject = Annotated[str, Field(pattern=r"^sub_[0-7][0-9A-HJKMNP-TV-Z]{25}$")]
Value = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$")]
Code = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[a-z][a-z0-9._-]*$")]
Slot = Annotated[str, Field(pattern=r"^[0-9]{1,9}\.[0-9]{1,9}\.[0-9]{1,9}$")]
Verdict = Literal["hand_over", "wait", "withhold", "retain_only", "destroy"]


class Asked(Schema):
    """A request's body: exactly these members."""

    model_config = ConfigDict(extra="forbid")


class Both(Schema):
    """A text in both languages."""

    zh: str
    en: str


class Problem(Schema):
    """RFC 9457, with the slug and both languages."""

    type: str
    title: str
    status: int
    detail: str
    slug: str
    says: Both
    next: Both
    where: dict[str, str | int | None]


class Me(Schema):
    """The token that asks."""

    id: str
    scopes: list[str]


class DealBrief(Schema):
    """A deal in a list."""

    id: str
    ref: str
    kind: str
    state: str


class Deals(Schema):
    """Deals, the newest first."""

    deals: list[DealBrief]
    total: int


class Stage(Schema):
    """A stage of the line."""

    stage: str
    state: str
    at: str | None


class Shut(Schema):
    """A stage that the law keeps shut, by these rules."""

    stage: str
    rules: list[str]


class Next(Schema):
    """The stage that comes next, the act that reaches it, and whose work it is."""

    stage: str
    act: str
    roles: list[str]


class Deal(Schema):
    """Where a deal stands."""

    id: str
    ref: str
    state: str
    version: int
    structure: str | None
    next: Next | None
    stages: list[Stage]
    shut: list[Shut]
    by_verdict: dict[str, int]


class Verdictful(Schema):
    """A customer and a verdict."""

    subject: str
    verdict: str


class Verdicts(Schema):
    """Customers of a deal by verdict."""

    deal: str
    gate: int
    customers: list[Verdictful]
    more: bool
    next: str


class Missing(Schema):
    """A fact or evidence that is missing."""

    name: str
    zh: str
    en: str


class Reason(Schema):
    """A rule that spoke."""

    rule: str
    verdict: str
    title: Both | None
    says: Both | None
    missing: list[Missing]


class Compartment(Schema):
    """What law says of one compartment of a customer."""

    compartment: int
    tier: str
    purposes: list[str]
    verdict: str
    reasons: list[Reason]


class Explained(Schema):
    """A customer's verdicts, with their reasons."""

    deal: str
    subject: str
    gate: int
    at: str
    verdicts: list[Compartment]


class Find(Asked):
    """A value to find a customer by."""

    value: Value
    by: Literal["email", "phone", "id-number", "customer-number", "name"] | None = None
    vault: Ref | None = None


class Found(Schema):
    """A customer who has the value, and as what."""

    subject: str
    by: list[str]


class Finds(Schema):
    """Who has the value."""

    count: int
    found: list[Found]
    ledger: str
    unread: int = 0
    segments_missing: int = 0


class Column(Schema):
    """A column of which something is held, masked."""

    table: str
    column: str
    cls: str = Field(serialization_alias="class", validation_alias="class")
    tier: str


class Held(Schema):
    """A compartment that is held, and its verdict, where there is one."""

    tier: str
    verdict: str


class Card(Schema):
    """A customer, masked: what is held, never a value."""

    subject: str
    vault: str
    kind: str
    fields: list[Column]
    held: list[Held]


class Identifier(Asked):
    """An identifier that the person named; kept nowhere."""

    kind: Literal["phone", "email", "id-number", "customer-number"]
    value: Value


class NewRequest(Asked):
    """What a customer asked for, and how they were identified."""

    deal: Ref
    subject: Subject
    kind: Literal[
        "access", "copy", "correct", "delete", "deregister", "portability", "explain", "object", "withdraw_consent"
    ]
    channel: Literal["email", "letter", "phone", "desk"]
    proof: Literal["phone", "email", "id-number", "customer-number"]
    controller: Annotated[str, Field(max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")] = ""
    said: Annotated[list[Identifier], Field(max_length=8, default_factory=list)]
    note: Annotated[str, Field(max_length=2_000, pattern=r"^[^\x00]*$")] = ""
    received: Annotated[str, Field(pattern=r"^([0-9]{4}-[0-9]{2}-[0-9]{2})?$")] = ""


class TakenIn(Schema):
    """The request as it was entered."""

    ref: str
    kind: str
    state: str
    received_at: str
    due_at: str
    rule: str
    at_once: bool
    prompt: str
    advised_at: str
    advised: str
    resumed: bool


class RequestRow(Schema):
    """A request in a list."""

    ref: str
    kind: str
    channel: str
    state: str
    received_at: str
    due_at: str
    at_once: bool
    advised_at: str
    closed_at: str
    late: bool
    refused_by: str


class Requests(Schema):
    """Requests, the most urgent first."""

    requests: list[RequestRow]
    fits: int
    total: int
    late: int


class Answer(Asked):
    """One customer's answer; a customer is named by id, or by a value of theirs."""

    subject: Subject | None = None
    customer: Value | None = None
    answer: Code


def named_once(one: "Answer | Consent") -> None:
    """Raises Malformed `api.form` unless it names its customer once."""
    if (one.subject is None) == (one.customer is None):
        raise Malformed(
            "api.form", "The request is not of its form: an answer names its customer by subject or by customer."
        )


class Answers(Asked):
    """Answers of several customers."""

    answers: Annotated[list[Answer], Field(min_length=1, max_length=1_000)]


class NoEvidence(Schema):
    """What is no evidence: its place among those sent, from 0, and why."""

    place: int
    reason: str


class Recorded(Schema):
    """What was recorded, how many requests its noes opened, and what was set aside."""

    deal: str
    recorded: int
    counts: dict[str, int]
    requests: int
    quarantined: int
    quarantine: list[NoEvidence]
    approve: list[str] | None = None
    ledger: str
    resumed: bool


class Consent(Asked):
    """One act of before, as a line of a list has it (spec/consent.md §7); a customer is named by id, or by a value of theirs."""

    subject: Subject | None = None
    customer: Value | None = None
    question: Code
    act: Value
    at: Value
    version: Code
    text: Annotated[str, Field(max_length=20_000)] = ""
    language: Value | None = None
    channel: Value
    purposes: Annotated[list[Code], Field(max_length=20, default_factory=list)]
    relation: Code | None = None
    guardian: Value | None = None


class Consents(Asked):
    """Acts of before, and the zone of times that name none."""

    consents: Annotated[list[Consent], Field(min_length=1, max_length=1_000)]
    zone: Annotated[str, Field(max_length=64)] = ""


class Imported(Schema):
    """What became of them."""

    deal: str
    lines: int
    taken: int
    on_file: int
    quarantined: int
    reasons: dict[str, int]
    quarantine: list[NoEvidence]
    approve: list[str] | None = None
    list: str
    ledger: str | None
    resumed: bool


class Check(Asked):
    """A value to look for on the suppression list."""

    value: Value


class Listed(Schema):
    """Whether it stands there, and as what."""

    listed: bool
    by: dict[str, str]
    ledger: str


class Entry(Schema):
    """An entry of the ledger: codes, counts and hashes."""

    position: int
    at: str
    kind: str


class Entries(Schema):
    """The newest entries of the ledger."""

    space: str
    size: int
    entries: list[Entry]


class Job(Schema):
    """A job."""

    id: str
    kind: str
    state: str
    started_at: str


class Jobs(Schema):
    """Jobs, the newest first."""

    jobs: list[Job]
    total: int
