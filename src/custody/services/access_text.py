"""The access policy as people write it, to be changed and put in force again (A3; spec/access.md §1)."""

from custody.acts.desk import Desk
from custody.acts.policies import ACCESS
from custody.privacy.access_text import written


def access_text(desk: Desk, n: int | None) -> str:
    """The newest policy, or number `n`, as TOML. Raises Broken `access.policy`."""
    with desk.store.read() as tx:
        found = ACCESS.in_force(tx, desk.space) if n is None else ACCESS.version(tx, desk.space, n)
    return written(found.policy)
