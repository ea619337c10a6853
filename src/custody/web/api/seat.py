"""Whose request it is: the token opens its own key, and the operation works at that principal's desk (spec/api.md §1)."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from ninja.security import HttpBearer

from custody import wiring
from custody.acts.desk import Desk
from custody.base.canonical import Json
from custody.base.errors import Denied
from custody.ports.laws import Laws
from custody.services.once import once
from custody.web.api.door import STRANGERS, TOKENS, address, counted

ANY: Final = ""
REPLAYED: Final = "Idempotency-Replayed"


class Bearer(HttpBearer):
    """One scope of a token; `ANY` is whatever it holds."""

    def __init__(self, scope: str) -> None:
        super().__init__()
        self.scope = scope

    def __call__(self, request: HttpRequest) -> Any:  # noqa: ANN401 - ninja's own signature
        lead, _, given = request.headers.get("Authorization", "").partition(" ")
        return self.authenticate(request, given if lead.lower() == "bearer" else "")

    def authenticate(self, request: HttpRequest, token: str) -> Any:  # noqa: ANN401 - ninja's own signature
        """Seat the token for this request. Raises Denied `api.token`, `api.scope`, `api.busy`."""
        try:
            held, desk = request.stack.enter_context(wiring.desk_of_token(Path(settings.HOME), token))
        except Denied:
            counted(STRANGERS, address(request))
            raise
        counted(TOKENS, held.id)
        if self.scope != ANY and self.scope not in held.scopes:
            raise Denied(
                "api.scope", "This token does not reach so far.", next=f"It takes a token with the scope {self.scope}."
            )
        request.token, request.desk = held, desk
        return held


def desk(request: HttpRequest) -> Desk:
    """The machine's desk."""
    found: Desk = request.desk
    return found


def laws() -> Laws:
    """The rules that ship and the house's own, with what its people have signed by now: equal ones are read once."""
    return wiring.laws_of(Path(settings.HOME))


def written(
    request: HttpRequest,
    response: HttpResponse,
    key: str,
    asked: Mapping[str, Json],
    work: Callable[[Desk], Mapping[str, Json]],
) -> Mapping[str, Json]:
    """What writes, once for each key."""
    at = desk(request)
    whole: dict[str, Json] = {"path": request.path, "asked": dict(asked)}
    answer, again = once(at, request.token.id, key, whole, lambda: work(at))
    if again:
        response[REPLAYED] = "true"
    return answer
