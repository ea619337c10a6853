"""What has run out and what will go, before it goes (A8; spec/retention.md §4). Changes nothing."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import Final, cast

from custody.acts.desk import Desk
from custody.acts.expiring import OVER, RUNNING, UNKNOWN, WITHOUT_RULE, State
from custody.acts.policies import RETENTION
from custody.acts.retiring import ACT, LOOKERS, clocks, content_of, over, ripe
from custody.acts.shred import held
from custody.acts.vaults import vault_row
from custody.base import ids
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.privacy.retention import Rule, today

_SHOWN: Final = 200


def retention_plan(desk: Desk, vault: str | None) -> Mapping[str, Json]:
    """By rule: how many have run out, since when; and of all: listed long enough, held, running, unknown, without rule."""
    desk.require(LOOKERS)
    with desk.store.read() as tx:
        row = vault_row(tx, desk.space, vault)
        name = str(row["id"])
        force = RETENTION.in_force(tx, name)
        clock = clocks(desk, tx, name, force)
        states = list(clock.all())
        due, counts = over(tx, clock), Counter(one.state for one in states)
        going, kept = ripe(desk, tx, name, due, force), held(tx, name, stamp(desk.clock.now()))
        listed = tx.count("retention_listed", vault=name)
    standing = force.policy.stands(today(desk.clock.now()))
    people = sorted({one.subject for one in due})
    return {
        "vault": str(row["name"]), "policy": force.n, "standing": standing, "notice_days": force.policy.notice_days,
        "due": _by_rule(due, force.policy.rules), "due_slots": len(due), "due_subjects": len(people),
        "subjects": [ids.subject_text(one) for one in people[:_SHOWN]], "listed": listed, "ripe": len(going),
        "held": sum(1 for one in people if one in kept), "running": counts[RUNNING], "unknown": counts[UNKNOWN],
        "over": counts[OVER], "without_rule": counts[WITHOUT_RULE],
        **({} if standing or not going else {"approve": {"act": ACT, "content": content_of(name, going, force)}}),
    }  # fmt: skip


def _by_rule(due: list[State], rules: tuple[Rule, ...]) -> list[Json]:
    found = defaultdict[int, list[State]](list)
    for one in due:
        found[one.rule].append(one)
    return [
        {"retention": rules[number].retention, "start": str(rules[number].start), "then": str(rules[number].then),
         "subjects": len({one.subject for one in some}), "slots": len(some), "law": ", ".join(rules[number].law),
         "oldest": min(str(cast("object", one.last_day)) for one in some)}
        for number, some in sorted(found.items())
    ]  # fmt: skip
