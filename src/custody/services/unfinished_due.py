"""Sweep what killed writers left unfinished in the home and its bucket, once nobody touched it for a week (A5, spec/retention.md §6)."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from custody.acts.desk import Desk
from custody.base.canonical import Json

AGE: Final = timedelta(days=7)
"""Longer than any upload takes: an act that is still at work is never swept."""


def unfinished_due(desk: Desk, age: timedelta = AGE) -> Mapping[str, Json]:
    """Files half written and uploads half sent; nothing names them, and no act goes on with them."""
    desk.require(("owner", "operator"))
    return {"unfinished": desk.files.sweep(age), "days": age.days}
