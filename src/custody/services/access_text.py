"""The access policy as people write it, to be changed and put in force again (A3; spec/access.md §1)."""

from custody.acts.access_policies import in_force, version
from custody.acts.desk import Desk
from custody.privacy.access_text import written


def access_text(desk: Desk, n: int | None) -> str:
    """The newest policy, or number `n`, as TOML. Raises Broken `access.policy`."""
    with desk.store.read() as tx:
        found = in_force(tx, desk.space) if n is None else version(tx, desk.space, n)
    return written(found.policy)
