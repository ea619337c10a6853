"""Every token there ever was: whose, for what, until when, and whether it is in force (spec/api.md §1)."""

from collections.abc import Mapping

from custody.acts.desk import Desk
from custody.acts.tokens import told
from custody.base.canonical import Json


def token_list(desk: Desk) -> Mapping[str, Json]:
    """The oldest first; never a secret."""
    desk.require(("owner", "privacy", "auditor"))
    today = desk.today()
    with desk.store.read() as tx:
        return {"tokens": [told(tx, row, today) for row in tx.find("api_token", order=("at",), party=desk.space)]}
