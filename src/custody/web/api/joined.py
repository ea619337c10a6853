"""What is asked and told of the members of a deal (spec/api.md §6)."""

from typing import Annotated, Literal

from ninja import Schema
from pydantic import Field

from custody.web.api.shapes import Asked

Handle = Annotated[str, Field(min_length=1, max_length=32, pattern=r"^[a-z][a-z0-9-]{0,31}$")]
_Reason = Annotated[str, Field(min_length=3, max_length=400, pattern=r"^[^\x00]*$")]


class Member(Schema):
    """Somebody who is or was a member: since when, until which day, by whom and why."""

    handle: str
    roles: list[str]
    since: str
    until: str
    state: Literal["live", "ended", "expired"]
    reason: str
    given_by: str
    ended_at: str
    ended_by: str
    end_reason: str


class Members(Schema):
    """Members of a deal, those who are first."""

    deal: str
    members: list[Member]
    total: int


class LetsIn(Asked):
    """Whom to let in, why, and their last day, where there is one."""

    handle: Handle
    reason: _Reason
    until: Annotated[str, Field(pattern=r"^([0-9]{4}-[0-9]{2}-[0-9]{2})?$")] = ""


class LetIn(Schema):
    """Who was let in; `resumed` where they were a member until that day already, and nothing was entered."""

    deal: str
    handle: str
    until: str
    resumed: bool
    ledger: str = ""


class Leaves(Asked):
    """Why they leave."""

    reason: _Reason


class Left(Schema):
    """Who is a member no more, and since when."""

    deal: str
    handle: str
    ended_at: str
    ledger: str
