"""Letting people into a deal, as an owner does: for tests in which several of a company work on one."""

from collections.abc import Callable
from typing import Any

from custody.model.party import EVERY_DEAL

Run = Callable[..., Any]


def let_in(run: Run, deal: str, owner: str = "suhe") -> None:
    """Everybody who acts in the company and does not see every deal anyway; `run` gives a command as somebody."""
    for one in run(owner, "principal", "list")["principals"]:
        if not one["until"] and not EVERY_DEAL.intersection(one["roles"]):
            add(run, deal, one["handle"], owner)


def add(run: Run, deal: str, handle: str, owner: str = "suhe") -> None:
    """One person."""
    run(owner, "member", "add", deal, handle, "--reason", "works on this deal")
