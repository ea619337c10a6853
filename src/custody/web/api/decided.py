"""What is asked and told of the end and the clock of a request (spec/api.md §5)."""

from typing import Annotated, Literal

from ninja import Schema
from pydantic import Field

from custody.web.api.shapes import Asked, Both, RequestRow


class Act(Schema):
    """Something that was done for a request since it came in; `answers` where its end rests on it."""

    act: str
    what: str
    at: str
    answers: bool


class RequestShown(RequestRow):
    """One request: what was done for it, and which fault a grant would meet now ('' where none)."""

    subject: str
    proof: str
    acts: list[Act]
    lacking: str


class Law(Schema):
    """What a ground cites."""

    instrument: str
    article: str
    official: str = ""


class Ground(Schema):
    """A ground of law: what it is called, what it says to the company and to the person, how sure its reading is."""

    rule: str
    place: str
    title: Both
    law: Law
    confidence: str
    says: Both
    to_customer: Both


class Binding(Schema):
    """A law that binds the request, with those above it; `grounded` where it has a ground for this kind."""

    places: list[str]
    grounded: bool


class Grounds(Schema):
    """On what a refusal may rest, and of which laws it must name one each."""

    grounds: list[Ground]
    laws: list[Binding]


class Close(Asked):
    """How a request ends; a refusal, whole or in part, names a rule of each law that binds, with commas between, a grant the acts that do not speak for themselves."""

    state: Literal["granted", "partly", "refused"]
    rule: Annotated[str, Field(max_length=400, pattern=r"^[A-Za-z0-9.,-]*$")] = ""
    by: Annotated[
        list[Annotated[str, Field(max_length=60, pattern=r"^[A-Za-z0-9_@.-]+$")]],
        Field(max_length=20, default_factory=list),
    ]


class Closed(RequestRow):
    """The request as it ended, and by which acts."""

    acts: list[str]
    resumed: bool


class Step(Asked):
    """What is done to a request's clock, and why. `told`: how the customer is told; their page shows it where nothing is said."""

    step: Literal["pause", "resume", "extend"]
    why: Annotated[str, Field(min_length=1, max_length=400, pattern=r"^[^\x00]*$")]
    told: Literal["", "page", "email", "phone", "letter", "in-person"] = ""


class Stepped(RequestRow):
    """The request with its clock as it runs now."""

    step: str
    told: str
    moved: bool
