"""The retention policy of a vault as people write it, or what the law keeps of its data where nobody signed one (A8; spec/retention.md §3)."""

from collections.abc import Mapping

from custody.acts.desk import Desk
from custody.acts.policies import RETENTION
from custody.acts.vaults import vault_row
from custody.base.canonical import Json
from custody.privacy.retention import Start, Then, from_json, parse
from custody.privacy.retention_text import proposed, written

STARTS = tuple(str(one) for one in Start)
THENS = tuple(str(one) for one in Then)
_NO_WORD = ("", "none")


def retention_text(desk: Desk, vault: str | None) -> Mapping[str, Json]:
    """`n` is 0 where none is in force: the text is a proposal then. Raises Broken `retention.policy`."""
    with desk.store.read() as tx:
        name = str(vault_row(tx, desk.space, vault)["id"])
        if not tx.count("retention_policy", vault=name):
            words = {str(one["retention"]) for one in tx.find("compartment", vault=name)}
            return {
                "n": 0,
                "text": proposed(words.difference(_NO_WORD)),
                "rules": 0,
                "notice_days": 0,
                "standing_until": "",
            }
        force = RETENTION.in_force(tx, name)
    return {"n": force.n, "text": written(force.policy), "rules": len(force.policy.rules), "notice_days": force.policy.notice_days,
            "standing_until": force.policy.standing_until}  # fmt: skip


def retention_read(text: str) -> Mapping[str, Json]:
    """What such a text says, as data. Raises Malformed `retention.form`, `retention.too-short`."""
    return parse(text).to_json()


def retention_written(told: Mapping[str, object]) -> str:
    """Data of that shape as text. Raises Malformed `retention.form`, `retention.too-short`."""
    return written(from_json(told))
