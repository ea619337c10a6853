"""From the code of a letter to its person's page (B3, spec/portal.md §1)."""

from custody.acts import links
from custody.acts.desk import Desk
from custody.acts.visiting import ROLE


def portal_code(desk: Desk, typed: str) -> str:
    """The token of the link. Raises Denied `portal.link` for whatever is no live letter's code."""
    desk.require(ROLE)
    with desk.store.read() as tx:
        return links.token(desk, links.by_typed(desk, tx, typed))
