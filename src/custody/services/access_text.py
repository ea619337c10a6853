"""The access policy as people write it, to be changed and put in force again (A3; spec/access.md §1)."""

from collections.abc import Mapping
from typing import Final

from custody.acts.desk import Desk
from custody.acts.policies import ACCESS
from custody.base.canonical import Json
from custody.privacy.access import PURPOSES, ROLES, TIERS, from_json, parse
from custody.privacy.access_text import written

__all__ = ["DUTIES", "PURPOSES", "ROLES", "TIERS", "access_read", "access_text", "access_written"]
DUTIES: Final = ("privacy",)
"""Topics of training that people are entered with."""


def access_text(desk: Desk, n: int | None) -> str:
    """The newest policy, or number `n`, as TOML. Raises Broken `access.policy`."""
    with desk.store.read() as tx:
        found = ACCESS.in_force(tx, desk.space) if n is None else ACCESS.version(tx, desk.space, n)
    return written(found.policy)


def access_read(text: str) -> Mapping[str, Json]:
    """What such a text says, as data. Raises Malformed `access.form`."""
    return parse(text).to_json()


def access_written(told: Mapping[str, object]) -> str:
    """Data of that shape as text. Raises Malformed `access.form`."""
    return written(from_json(told))
