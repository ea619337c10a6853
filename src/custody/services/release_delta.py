"""Release more: the keys of those who were shipped waiting and are cleared now, and of nobody else (C6, D3).

Everybody is decided again, at a gate taken for this release and once more in the transaction that makes it. Whoever was
given before is not given again, whoever was not shipped cannot be: they are counted, so that nobody is forgotten.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from custody.acts import job, lawbook, passed_silence, releases, releasing
from custody.acts.answers_lost import require_answers
from custody.acts.approval import content_hash, demand
from custody.acts.block import NOWHERE
from custody.acts.deciding import decide
from custody.acts.desk import Desk
from custody.acts.gates import require_open
from custody.acts.handing import INVITE, counterparty, invitation, own
from custody.acts.held_back import require_unlocked
from custody.acts.let_out import conclude, lay
from custody.acts.marks import Marks
from custody.acts.matters import deal, facts_of, require_hand_over, require_live
from custody.acts.releasing import Chosen
from custody.acts.residency import require_delivery
from custody.acts.sole import sole_writer
from custody.acts.told import require_over
from custody.acts.twins import require_sought, seek_heard
from custody.acts.unknown import require_shipped_known
from custody.acts.vaults import sha256
from custody.acts.verdicts import Verdicts
from custody.base.canonical import Json
from custody.base.errors import Missing, Refused
from custody.law.pack import Packs
from custody.package.leaf import Leaf
from custody.package.release import folder_name
from custody.package.statements import Gate, ReleasedStatement, Shipped
from custody.ports.files import Files
from custody.ports.laws import Laws
from custody.ports.store import Row, Transaction


@dataclass(frozen=True, slots=True)
class _Plan:
    matter: Row
    made: tuple[ReleasedStatement, ...]
    shipped: Shipped
    gate: bytes
    chosen: Chosen
    unshipped: int
    counts: Mapping[str, int]

    @property
    def n(self) -> int:
        return self.made[-1].n + 1

    def content(self, invite: bytes) -> str:
        """What two people approve: these slots, after these releases, for this invitation."""
        return content_hash({
            "act": "release", "deal": str(self.matter["id"]), "version": self.matter["version"], "n": self.n,
            "previous": self.made[-1].manifest, "slots": releasing.places_hash(self.chosen.live), "invite": sha256(invite),
        })  # fmt: skip


@sole_writer("deal", "named_deal")
def release_delta(desk: Desk, laws: Laws, named_deal: str, out: Files, *, dry_run: bool = False) -> Mapping[str, Json]:
    """Write the next release into `out`. Raises Missing `release.none-yet`, Refused `release.nothing`, `release.answers-lost`, `deal.ended`, `gate.*`, `act.unapproved`."""
    desk.require(("owner", "privacy"))
    packs = lawbook.packs(laws)
    with desk.store.read() as tx:
        matter = deal(desk, tx, named_deal)
        require_shipped_known(desk, tx, str(matter["id"]))
        require_unlocked(tx, matter)
        if not (before := releases.made(desk, tx, str(matter["id"]))):
            raise Missing("release.none-yet", "Nothing was released in this deal yet.", next="custody release DEAL")
    lay(desk, str(matter["id"]), out)
    invite = out.read(INVITE)
    key = _key(matter, before[-1].n)
    seek_heard(desk, matter)
    with desk.store.read() as tx:
        plan = _plan(desk, tx, packs, named_deal, out)
        if not len(plan.chosen.live):
            return _last(desk, plan)
        require_live(matter)
        require_answers(desk, tx, matter, plan.chosen.live)
        buyer = counterparty(tx, str(matter["counterparty"]))
        require_delivery(desk, tx, matter, buyer.place, out)
        invited = invitation(invite, buyer, desk.card, str(matter["ref"]), rehearsal=desk.rehearsal)
        people = int(np.count_nonzero(plan.chosen.people))
        if dry_run:
            would: dict[str, Json] = {"approve": ["release", plan.content(invite)], "slots": len(plan.chosen.live)}
            there = releases.out(tx, plan.matter, plan.made)
            over = len(passed_silence.going(tx, str(plan.matter["vault"]), plan.chosen.live, there))
            return {
                "deal": str(matter["ref"]),
                "n": plan.n,
                "subjects": people,
                "unshipped": plan.unshipped,
                **({"no_contact": over} if over else {}),
                "would": would,
            }
        demand(desk, tx, "release", plan.content(invite), deal=str(matter["id"]))
    begun = job.begin(desk, key, "release", {})
    with desk.store.write() as tx:
        plan = _as_of_now(desk, tx, packs, plan, out)
        order = releasing.Order(
            plan.n, plan.made[-1].manifest, "delta", plan.shipped, sha256(plan.gate), plan.counts, invited, sha256(invite)
        )  # fmt: skip
        there = releases.out(tx, plan.matter, plan.made)
        silent = passed_silence.going(tx, str(plan.matter["vault"]), plan.chosen.live, there)
        made = releasing.write(desk, tx, plan.matter, order, plan.chosen.live, out, silent)
        told = conclude(desk, tx, plan.matter, order, plan.chosen, made, buyer.identity.id)
        result: dict[str, Json] = {
            **told, "id": str(begun["id"]), "kind": "delta", "subjects": int(np.count_nonzero(plan.chosen.people)), "unshipped": plan.unshipped,
            "bytes": out.path(f"{folder_name(plan.n)}/pages.bin").stat().st_size, "by_verdict": dict(plan.counts), **({"no_contact": len(silent)} if silent else {}),
        }  # fmt: skip
        finished = job.finish(tx, key, result)
    lay(desk, str(matter["id"]), out)
    return finished


def _last(desk: Desk, plan: _Plan) -> Mapping[str, Json]:
    """Nobody more: the delta made last as it stands. Raises Refused `release.nothing` when none was made."""
    newest = plan.made[-1]
    done = job.finished(desk, _key(plan.matter, newest.n - 1)) if newest.kind == "delta" else None
    if done is None:
        raise Refused(
            "release.nothing", "Nobody who was shipped is cleared beyond what was released.", next="custody gate DEAL"
        )
    return done


def _key(matter: Row, last: int) -> str:
    return f"release:{matter['id']!s}:{matter['version']!s}:{last}+"


def _plan(desk: Desk, tx: Transaction, packs: Packs, named_deal: str, out: Files) -> _Plan:
    matter = deal(desk, tx, named_deal)
    name = str(matter["id"])
    require_hand_over(matter, facts_of(tx, name))
    require_sought(tx, matter)
    made, (shipped, _) = releases.made(desk, tx, name), own(desk, tx, name, Shipped)
    said, envelope = own(desk, tx, name, Gate)
    now = decide(tx, matter, packs, desk.today())
    if f"sha256:{said.root}" != now.root():
        raise Refused("gate.stale", "Facts or answers changed since the gate decided.", next="custody gate DEAL")
    require_open(tx, name, "release", facts_of(tx, name), packs, desk.today(), now.regimes)
    require_over(desk, tx, matter, now.regimes)
    given, fresh = releases.out(tx, matter, made), Marks()
    for spot, slots, _ in releases.cleared(now, given):
        for number in slots.tolist():
            fresh.add((*spot, number))
    chosen = releasing.choose(out, shipped, now, partial(_cleared, now, fresh))
    with_buyer, _ = releases.people(now, given)
    _, late = releases.next_out(now, given, with_buyer, chosen.live)
    return _Plan(matter, made, shipped, envelope, chosen, int(np.count_nonzero(late)), now.by_verdict())


def _cleared(now: Verdicts, fresh: Marks, leaves: Sequence[Leaf]) -> Iterator[int]:
    """Whose each leaf is that is cleared now and not with the buyer, by place; NOWHERE for the others, and where the slot is somebody else's by now."""
    seen = now.seen((one.subject, one.compartment) for one in leaves)
    return (
        who if one.place in fresh and now.holds(who, one.place) else NOWHERE
        for one, (who, _) in zip(leaves, seen, strict=True)
    )


def _as_of_now(desk: Desk, tx: Transaction, packs: Packs, plan: _Plan, out: Files) -> _Plan:
    """The plan as of everything acknowledged until now. Raises Refused `release.moved` when somebody more would be released."""
    again = _plan(desk, tx, packs, str(plan.matter["id"]), out)
    if again.n != plan.n or not again.chosen.live.within(plan.chosen.live):
        raise Refused(
            "release.moved",
            "More could be released now than was approved.",
            next="custody release DEAL --delta --dry-run",
        )
    return again
