"""Whether somebody was locked out of a customer's page by wrong tries: that alarms, since it may be an attack on that customer (B3)."""

from collections.abc import Mapping

from custody.acts.desk import Desk
from custody.acts.portal_tries import locks
from custody.base.canonical import Json


def locks_due(desk: Desk) -> Mapping[str, Json]:
    """`ok` is False where a page was locked in the last two days; whose it is stands in the customer's history."""
    with desk.store.read() as tx:
        found = locks(desk, tx)
    return {"locked": found, "ok": not found}
