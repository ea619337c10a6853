"""The policy of corrections in force, as data: who may change which kind of value, by what proof, how long it can be taken back (A7; spec/freshness.md §2)."""

from collections.abc import Mapping

from custody.acts.desk import Desk
from custody.acts.policies import CORRECTIONS
from custody.base.canonical import Json


def freshness_show(desk: Desk, n: int | None) -> Mapping[str, Json]:
    """The newest policy, or number `n`; 0 is the one that ships. Raises Broken `freshness.policy`."""
    with desk.store.read() as tx:
        found = CORRECTIONS.in_force(tx, desk.space) if n is None else CORRECTIONS.version(tx, desk.space, n)
        newest = tx.count("freshness_policy", party=desk.space)
    return {"n": found.n, "newest": newest, "content": found.content, "policy": found.policy.to_json()}
