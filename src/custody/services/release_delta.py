"""Release more: the keys of those who were shipped waiting and are cleared now, and of nobody else (C6, D3).

Everybody is decided again, at a gate taken for this release and once more in the transaction that makes it. Whoever was
given before is not given again, whoever was not shipped cannot be: they are counted, so that nobody is forgotten.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from custody.acts import job, lawbook, releases, releasing
from custody.acts.approval import content_hash, demand
from custody.acts.deciding import decide
from custody.acts.desk import Desk
from custody.acts.gates import require_open
from custody.acts.handing import INVITE, counterparty, invitation, own
from custody.acts.let_out import conclude, lay
from custody.acts.matters import deal, facts_of, require_hand_over
from custody.acts.residency import require_delivery
from custody.acts.sole import sole_writer
from custody.acts.vaults import sha256
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
    live: tuple[Leaf, ...]
    unshipped: int
    counts: Mapping[str, int]

    @property
    def n(self) -> int:
        return self.made[-1].n + 1

    def content(self, invite: bytes) -> str:
        """What two people approve: these slots, after these releases, for this invitation."""
        places: list[Json] = [list(one.place) for one in self.live]
        return content_hash({
            "act": "release", "deal": str(self.matter["id"]), "version": self.matter["version"], "n": self.n,
            "previous": self.made[-1].manifest, "slots": sha256(repr(places).encode()), "invite": sha256(invite),
        })  # fmt: skip


@sole_writer("deal", "named_deal")
def release_delta(desk: Desk, laws: Laws, named_deal: str, out: Files, *, dry_run: bool = False) -> Mapping[str, Json]:
    """Write the next release into `out`. Raises Missing `release.none-yet`, Refused `release.nothing`, `gate.*`, `act.unapproved`."""
    desk.require(("owner", "privacy"))
    packs = lawbook.packs(laws)
    with desk.store.read() as tx:
        matter = deal(tx, desk.space, named_deal)
        if not (before := releases.made(desk, tx, str(matter["id"]))):
            raise Missing("release.none-yet", "Nothing was released in this deal yet.", next="custody release DEAL")
    lay(desk, str(matter["id"]), out)
    invite = out.read(INVITE)
    key = _key(matter, before[-1].n)
    with desk.store.read() as tx:
        plan = _plan(desk, tx, packs, named_deal, out)
        if not plan.live:
            return _last(desk, plan)
        buyer = counterparty(tx, str(matter["counterparty"]))
        require_delivery(desk, tx, matter, buyer.place, out)
        invited = invitation(invite, buyer, desk.card, str(matter["ref"]), rehearsal=desk.rehearsal)
        people = len({one.subject for one in plan.live})
        if dry_run:
            would: dict[str, Json] = {"approve": ["release", plan.content(invite)], "slots": len(plan.live)}
            return {
                "deal": str(matter["ref"]),
                "n": plan.n,
                "subjects": people,
                "unshipped": plan.unshipped,
                "would": would,
            }
        demand(desk, tx, "release", plan.content(invite))
    begun = job.begin(desk, key, "release", {})
    with desk.store.write() as tx:
        plan = _as_of_now(desk, tx, packs, plan, out)
        order = releasing.Order(
            plan.n, plan.made[-1].manifest, "delta", plan.shipped, sha256(plan.gate), plan.counts, invited, sha256(invite)
        )  # fmt: skip
        made = releasing.write(desk, tx, plan.matter, order, plan.live, plan.live, out)
        told = conclude(desk, tx, plan.matter, order, plan.live, made, buyer.identity.id)
        result: dict[str, Json] = {
            **told, "id": str(begun["id"]), "kind": "delta", "subjects": len({one.subject for one in plan.live}), "unshipped": plan.unshipped,
            "bytes": out.path(f"{folder_name(plan.n)}/pages.bin").stat().st_size, "by_verdict": dict(plan.counts),
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
    matter = deal(tx, desk.space, named_deal)
    name = str(matter["id"])
    require_hand_over(matter, facts_of(tx, name))
    made, (shipped, _) = releases.made(desk, tx, name), own(desk, tx, name, Shipped)
    said, envelope = own(desk, tx, name, Gate)
    now = decide(tx, matter, packs, desk.clock.now().date())
    if f"sha256:{said.root}" != now.root():
        raise Refused("gate.stale", "Facts or answers changed since the gate decided.", next="custody gate DEAL")
    require_open(tx, name, "release", facts_of(tx, name), packs, desk.clock.now().date(), now.regimes)
    given, leaves = releases.out(tx, matter, made), releasing.shipped_leaves(out, shipped)
    parts = releases.cleared(now, given)
    live = tuple(one for one in leaves if parts.get(one.place) == one.subject)
    unshipped = len(releases.next_out(now, parts, given, {one.place for one in live})[1])
    return _Plan(matter, made, shipped, envelope, live, unshipped, now.by_verdict())


def _as_of_now(desk: Desk, tx: Transaction, packs: Packs, plan: _Plan, out: Files) -> _Plan:
    """The plan as of everything acknowledged until now. Raises Refused `release.moved` when somebody more would be released."""
    again = _plan(desk, tx, packs, str(plan.matter["id"]), out)
    if again.n != plan.n or not {one.place for one in again.live} <= {one.place for one in plan.live}:
        raise Refused(
            "release.moved",
            "More could be released now than was approved.",
            next="custody release DEAL --delta --dry-run",
        )
    return again
