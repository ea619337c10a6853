"""A seller whose customers are decided and whose people sign in by browser: what the pages of a deal are tried on."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from custody.cli.rehearsal.demo import Play
from custody.cli.rehearsal.half import Out
from tests.drawn import drawn
from tests.line.conftest import act
from tests.members import add, let_in
from tests.web.actor import Actor
from tests.web.serving import Served, serve
from tests.web.visitor import Visitor

DEAL = "D-2026-0001"
LAWYER = "songwen"


class ReadyError(Exception):
    """The rehearsal is where the console takes over."""


class UpToShipping(Play):
    """Everything up to the gate by command; what follows is left to the console."""

    def _approved(self, who: str, second: str, act: str, deal: str) -> Out:  # noqa: ARG002 - the rehearsal's own signature
        raise ReadyError(deal)


@dataclass
class Company:
    """The rehearsal's folder, its seller's console, and whoever signed in."""

    where: Path
    served: Served
    people: dict[str, Actor] = field(default_factory=dict)
    visitors: dict[str, Visitor] = field(default_factory=dict)
    apps: dict[str, Visitor] = field(default_factory=dict)
    """Whose authenticator app was set up without a browser."""

    def told(self, who: str, *words: object) -> dict[str, Any]:
        """What a command answers."""
        code, out = act(self.where, "seller", who, *words)
        assert code == 0, out
        return out

    def deal(self, *, alone: bool = False, **facts: dict[str, Any]) -> str:
        """One more deal of the same company, on these facts."""
        file = self.where / f"facts-{len(list(self.where.glob('facts-*')))}.json"
        file.write_text(json.dumps(facts), encoding="utf-8")
        buyer = self.told("suhe", "deal", "show", DEAL)["counterparty"]
        other = () if alone else ("--counterparty", buyer)
        made = str(self.told("suhe", "deal", "new", file, *other)["ref"])
        let_in(self.told, made)
        return made

    def passphrase(self, handle: str) -> str:
        return (self.where / "seller" / "keys" / "principals" / f"{handle}.pass").read_text(encoding="utf-8").strip()

    def as_(self, handle: str, browser: Any, factor: bool = False) -> Any:
        """The browser in the hands of one of its people, signed in."""
        if handle not in self.people:
            self.people[handle] = made = Actor(browser, self.served.base, handle, self.passphrase(handle))
            made.enter()
            if app := self.apps.get(handle):
                browser.type("code", app.code())
                browser.follow(browser.find("main form button[type=submit]"))
            browser.find("main")
        made = self.people[handle]
        if not made.secret and (app := self.apps.pop(handle, None)):
            made.secret, made.used = app.secret, app.used
        if factor and not made.secret:
            self.visitor(handle)  # before each sign-in takes the digits of a half minute
            made.second_factor()
        return made.turn()

    def visitor(self, handle: str) -> Visitor:
        """The same person without a script, in a window of their own; whether a test before set up their second factor makes no difference."""
        if handle not in self.visitors or not _signed_in(self.visitors[handle]):
            self.visitors[handle] = self._signs_in(handle)
        return self.visitors[handle].window()

    def code(self, handle: str) -> str:
        """The person's six digits; the app is set up with the first, whichever test asks."""
        if (known := self._app(handle)) is None:
            known = self.apps[handle] = Visitor(self.served.base)
            known.sign_in(handle, self.passphrase(handle))
            known.second_factor()
        return known.code()

    def _app(self, handle: str) -> Actor | Visitor | None:
        known = self.people.get(handle)
        return known if known and known.secret else self.apps.get(handle)

    def _signs_in(self, handle: str) -> Visitor:
        visitor = Visitor(self.served.base)
        visitor.sign_in(handle, self.passphrase(handle))
        if known := self._app(handle):
            visitor.post("/account/2fa/authenticate/", code=known.code())
        assert _signed_in(visitor), f"{handle} is not signed in"
        return visitor


def _signed_in(visitor: Visitor) -> bool:
    """Whether the session lasts: it ends with the person's role or passphrase, or because nobody used it."""
    visitor.get("/account/2fa/")
    return visitor.at.endswith("/account/2fa/")


@contextmanager
def company(where: Path, customers: int, draw: int, **settings: str) -> Iterator[Company]:
    """Up to the gate, with a lawyer, served."""
    with pytest.raises(ReadyError):
        drawn(where, customers, draw).run(UpToShipping)
    secret = where / "seller" / "keys" / "principals" / f"{LAWYER}.pass"
    secret.write_text("a passphrase of songwen", encoding="utf-8")
    secret.chmod(0o600)
    code, out = act(
        where, "seller", "suhe", "principal", "new", LAWYER, "--roles", "lawyer", "--new-passphrase-file", secret
    )
    assert code == 0, out
    with serve(where / "seller", **settings) as running:
        made = Company(where, running)
        add(made.told, DEAL, LAWYER)
        yield made
