"""From the code of a letter to its person's page (B3, spec/portal.md §1)."""

from custody.acts import links
from custody.acts.desk import Desk
from custody.acts.late import still
from custody.acts.visiting import ROLE
from custody.ports.laws import Laws


def portal_code(desk: Desk, laws: Laws, typed: str) -> str:
    """The token of the link. Raises Denied `portal.link` for whatever is the code of no letter whose link opens something."""
    desk.require(ROLE)
    with desk.store.read() as tx:
        link = links.by_typed(desk, tx, typed)
        token = links.token(desk, link)
        if links.over(desk, link):
            still(desk, tx, laws, token)
        return token
