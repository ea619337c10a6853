"""One writer per vault: an act that writes holds the vault's name from its first look to its last commit (spec/vault.md §10).

Without it two calls of one act would resume the same job side by side and write the same files.
"""

import functools
import inspect
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Literal, ParamSpec, TypeVar, cast

from custody.acts.desk import Desk
from custody.acts.matters import deal
from custody.acts.vaults import vault_row
from custody.ports.store import one

P = ParamSpec("P")
R = TypeVar("R")


def sole_writer(
    which: Literal["deal", "vault", "new", "all"], names: str = ""
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """The act holds what its argument `names` points to: a deal's vault, a vault, one to be made, or every vault of the party.

    The act, whose `desk` comes first, raises Unavailable `vault.busy` when another writer keeps it for 10 s.
    """

    def wrapped(act: Callable[P, R]) -> Callable[P, R]:
        signature = inspect.signature(act)

        @functools.wraps(act)
        def held(*args: P.args, **kwargs: P.kwargs) -> R:
            bound = signature.bind(*args, **kwargs)
            bound.apply_defaults()
            desk = cast("Desk", bound.arguments["desk"])
            with holding(desk, *_held(desk, which, bound.arguments.get(names))):
                return act(*args, **kwargs)

        return held

    return wrapped


@contextmanager
def holding(desk: Desk, *vaults: str) -> Iterator[None]:
    """Hold these vault names of the party, in one order for everybody, so that two who want several never wait for each other."""
    with ExitStack() as held:
        for name in sorted(vaults):
            held.enter_context(desk.store.alone(f"{desk.space}/{name}"))
        yield


def copying(desk: Desk) -> str:
    """The name that backups and renewals hold against each other; no vault is called so."""
    return f"{desk.space}/+copying"


def _held(desk: Desk, which: str, named: str | None) -> list[str]:
    if which == "new":
        return [str(named)]
    with desk.store.read() as tx:
        if which == "all":
            return sorted({str(row["name"]) for row in tx.find("vault", party=desk.space)})
        if which == "vault":
            return [str(vault_row(tx, desk.space, named)["name"])]
        matter = deal(desk, tx, str(named))
        row = one(tx, "vault", id=str(matter["vault"]))
        # A buyer's deal has no vault before it received one: then its own id keeps two receivers apart.
        return [str(matter["id"] if row is None else row["name"])]
