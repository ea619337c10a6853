"""Release: at closing, the keys of those cleared now, and of nobody else, sealed to the buyer (C6, D3).

Later objections win: everybody is decided again at this moment, and a slot is live only when it is cleared, the package
holds it and nothing that came since says otherwise. A gate that decided again after shipping changes nothing of that; whoever
was cleared too late to be shipped is counted, so that nobody is forgotten, and stops nobody else. No key is written before the transaction that releases it holds
the store; whatever was answered until then is looked at there, and can only make the release smaller than was approved. What
opens the pages is laid into the folder after the commit: a kill before it leaves pages that nobody can open.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final, cast

import numpy as np

from custody.acts import job, lawbook, passed_silence, releases, releasing
from custody.acts.answers_lost import require_answers
from custody.acts.approval import content_hash, demand
from custody.acts.block import NOWHERE
from custody.acts.deciding import decide
from custody.acts.desk import Desk
from custody.acts.evidence import entry_kind
from custody.acts.gates import require_open
from custody.acts.handing import INVITE, counterparty, invitation, own, statement_row
from custody.acts.held_back import require_unlocked
from custody.acts.let_out import conclude, lay
from custody.acts.matters import deal, facts_of, ledger_size, require_hand_over, require_live
from custody.acts.releasing import Chosen
from custody.acts.residency import require_delivery
from custody.acts.sole import sole_writer
from custody.acts.told import require_over
from custody.acts.twins import require_sought, seek_heard
from custody.acts.unknown import require_shipped_known
from custody.acts.vaults import sha256
from custody.acts.verdicts import Verdicts
from custody.base import ids
from custody.base.canonical import Json
from custody.base.errors import Refused
from custody.law.pack import Packs
from custody.package.leaf import Leaf
from custody.package.release import folder_name
from custody.package.statements import ReleasedStatement, Shipped
from custody.ports.files import Files
from custody.ports.laws import Laws
from custody.ports.store import Row, Transaction

FOLDER: Final = folder_name(1)
_DECIDES_NOTHING: Final = frozenset(
    (
        *(
            "links-made",
            "links-revoked",
            "looked-up",
            "portal-proof",
            "portal-locked",
            "correction-locked",
            "identified",
            "revealed",
            "reveal-refused",
        ),
        *(
            "token-made",
            "token-revoked",
            "suppression-asked",
            "access-policy-set",
            "account-given",
            "entitlement-asked",
            "entitlement-given",
            "entitlement-refused",
        ),
        "entitlement-ended",
    )
)
"""Entries of acts after which everybody's verdict is what it was; any other act has everybody decided again."""


@dataclass(frozen=True, slots=True)
class _Plan:
    matter: Row
    shipped: Shipped
    chosen: Chosen
    people: int
    counts: Mapping[str, int]
    planned: Mapping[str, Json]
    as_of: int

    @property
    def told(self) -> dict[str, Json]:
        """How many customers go, and how many are cleared of whom the package holds nothing."""
        late = self.counts["hand_over"] - self.people
        return {"subjects": self.people, **({"unshipped": late} if late else {})}


@sole_writer("deal", "named_deal")
def release(desk: Desk, laws: Laws, named_deal: str, out: Files, *, dry_run: bool = False) -> Mapping[str, Json]:
    """Write release 1 into `out`. Raises Refused `release.*`, `gate.*`, `deal.ended`, `act.unapproved`."""
    desk.require(("owner", "privacy"))
    packs = lawbook.packs(laws)
    with desk.store.read() as tx:
        matter = deal(desk, tx, named_deal)
        require_shipped_known(desk, tx, str(matter["id"]))
        require_unlocked(tx, matter)
    key = f"release:{matter['id']!s}:{matter['version']!s}:1"
    lay(desk, str(matter["id"]), out)
    if done := job.finished(desk, key):
        with desk.store.read() as tx:
            first = statement_row(tx, str(matter["id"]), ReleasedStatement.KIND, 1)
            out.write(f"{FOLDER}/released.dsse.json", cast("bytes", first["envelope"]))
        return done
    require_live(matter)
    with desk.store.read() as tx:
        if releases.made(desk, tx, str(matter["id"])):
            raise Refused(
                "release.made",
                "Release 1 of this deal was made.",
                next="custody release DEAL --delta: whoever was cleared since.",
            )
    seek_heard(desk, matter)
    with desk.store.read() as tx:
        plan = _plan(desk, tx, packs, named_deal, out)
        require_answers(desk, tx, matter, plan.chosen.live)
        buyer = counterparty(tx, str(matter["counterparty"]))
        require_delivery(desk, tx, matter, buyer.place, out)
        invite = out.read(INVITE)
        invited = invitation(invite, buyer, desk.card, str(matter["ref"]), rehearsal=desk.rehearsal)
        content = content_hash({**plan.planned, "invite": sha256(invite)})
        if dry_run:
            would: dict[str, Json] = {"approve": ["release", content], "slots": len(plan.chosen.live)}
            over = len(passed_silence.going(tx, str(plan.matter["vault"]), plan.chosen.live))
            return {
                "deal": str(matter["ref"]),
                **plan.told,
                **({"no_contact": over} if over else {}),
                "would": would,
            }
        demand(desk, tx, "release", content, deal=str(matter["id"]))
    begun = job.begin(desk, key, "release", {"release": ids.new("rel")})
    with desk.store.write() as tx:
        plan = _as_of_now(desk, tx, packs, plan, out)
        order = releasing.Order(1, None, "full", plan.shipped, plan.shipped.gate, plan.counts, invited, sha256(invite))
        silent = passed_silence.going(tx, str(plan.matter["vault"]), plan.chosen.live)
        made = releasing.write(desk, tx, plan.matter, order, plan.chosen.live, out, silent)
        told = conclude(desk, tx, plan.matter, order, plan.chosen, made, buyer.identity.id)
        result: dict[str, Json] = {
            **told, "id": str(begun["release"]), **plan.told,
            "bytes": out.path(f"{FOLDER}/pages.bin").stat().st_size, "by_verdict": dict(plan.counts), **({"no_contact": len(silent)} if silent else {}),
        }  # fmt: skip
        finished = job.finish(tx, key, result)
    lay(desk, str(matter["id"]), out)
    return finished


def _plan(desk: Desk, tx: Transaction, packs: Packs, named_deal: str, out: Files) -> _Plan:
    matter = deal(desk, tx, named_deal)
    name = str(matter["id"])
    require_hand_over(matter, facts_of(tx, name))
    require_sought(tx, matter)
    shipped, _ = own(desk, tx, name, Shipped)
    now = decide(tx, matter, packs, desk.today())
    require_open(tx, name, "release", facts_of(tx, name), packs, desk.today(), now.regimes)
    require_over(desk, tx, matter, now.regimes)
    chosen, counts = releasing.choose(out, shipped, now, partial(_cleared, now)), now.by_verdict()
    people = int(np.count_nonzero(chosen.people & now.of_kind("customer")))
    planned: dict[str, Json] = {  # of slots and not of verdicts: an answer of whom it does not concern leaves what two people approved
        "act": "release", "deal": name, "version": matter["version"], "slots": releasing.places_hash(chosen.live)
    }  # fmt: skip
    return _Plan(matter, shipped, chosen, people, counts, planned, ledger_size(tx, desk.space))


def _cleared(now: Verdicts, leaves: Sequence[Leaf]) -> Iterator[int]:
    """Whose each leaf is that is cleared now, by place; NOWHERE for the others."""
    goes = now.chosen(now.that({"hand_over"}))
    seen = now.seen((one.subject, one.compartment) for one in leaves)
    return (place if goes[number] else NOWHERE for place, number in seen)


def _as_of_now(desk: Desk, tx: Transaction, packs: Packs, plan: _Plan, out: Files) -> _Plan:
    """The plan as of everything acknowledged until now. Raises Refused `release.moved` when somebody more would be released."""
    since = range(plan.as_of, ledger_size(tx, desk.space))
    if all(entry_kind(tx, desk.space, number) in _DECIDES_NOTHING for number in since):
        return plan
    again = _plan(desk, tx, packs, str(plan.matter["id"]), out)
    if not again.chosen.live.within(plan.chosen.live):
        raise Refused(
            "release.moved", "More could be released now than was approved.", next="custody release DEAL --dry-run"
        )
    return again
