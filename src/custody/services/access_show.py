"""The access policy in force, as data: departments, rules, who signed it (D1; spec/access.md §1)."""

from collections.abc import Mapping

from custody.acts.desk import Desk
from custody.acts.policies import ACCESS
from custody.base.canonical import Json


def access_show(desk: Desk, n: int | None) -> Mapping[str, Json]:
    """The newest policy, or number `n`; 0 is the one that ships. Raises Broken `access.policy`."""
    with desk.store.read() as tx:
        found = ACCESS.in_force(tx, desk.space) if n is None else ACCESS.version(tx, desk.space, n)
        newest = tx.count("access_policy", party=desk.space)
    return {"n": found.n, "newest": newest, "content": found.content, "policy": found.policy.to_json()}
