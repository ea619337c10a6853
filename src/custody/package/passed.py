"""How requests stand that go on across a sale: each side says it of its own, signed (spec/requests.md §4). It names nobody."""

from dataclasses import dataclass, field
from typing import Annotated, ClassVar, Literal, TypeAlias

from custody.package.shape import LEFT_OUT, Deal, Form, Instant

Request: TypeAlias = Annotated[str, Form(r"req_[0-7][0-9A-HJKMNP-TV-Z]{25}")]
Rule: TypeAlias = Annotated[str, Form(r"([A-Z][A-Z0-9]*(-[A-Za-z0-9.]+)+)?")]
Key: TypeAlias = Annotated[str, Form(r"(sha256:[0-9a-f]{64})?")]
Due: TypeAlias = Annotated[str, Form(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{6})?Z)?")]


@dataclass(frozen=True, slots=True)
class Standing:
    """One request: its state and clocks as this side has them; `due_at` is empty where no law names a day, `prompt` is the rule that says without delay.

    In a word of before there is no `prompt`: an empty `due_at` said it.
    """

    request: Request
    state: Literal["open", "paused", "granted", "partly", "refused", "withdrawn"]
    received_at: Instant
    due_at: Due
    closed_at: Instant | None = None
    rule: Rule = ""
    prompt: Rule | None = None
    refused_by: Rule = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Requests:
    """The n-th word of one side of a deal about the requests that were passed on in it.

    `bundle` is the one that it goes with, 0 for none; `key_id` what the seller sealed that to. `absent`: what was passed on and has nobody here,
    since the buyer holds nothing of its person.
    """

    KIND: ClassVar[str] = "requests"
    deal: Deal
    n: int
    side: Literal["seller", "buyer"]
    requests: tuple[Standing, ...]
    bundle: int = field(default=0, metadata=LEFT_OUT)
    key_id: Key = field(default="", metadata=LEFT_OUT)
    absent: tuple[Request, ...] = field(default=(), metadata=LEFT_OUT)
