"""Break a deal off: nothing was released, nothing will be; what the other side had must go back or be destroyed (C1)."""

from collections.abc import Mapping
from typing import Final, cast

from custody.acts import job, line
from custody.acts.approval import content_hash, demand
from custody.acts.copies import call_in
from custody.acts.desk import Desk
from custody.acts.facts import keep
from custody.acts.handing import ABORTED
from custody.acts.matters import deal, facts_of, require_live
from custody.acts.sole import sole_writer
from custody.acts.statements import issue
from custody.acts.unknown import require_known
from custody.acts.vaults import sha256
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.base.errors import Malformed, Refused
from custody.base.statement import subject as named
from custody.package.ending import Aborted
from custody.ports.files import Files
from custody.ports.store import Row, Transaction

WHY: Final = ("price", "financing", "findings", "law", "withdrawn", "other")

BREAKERS: Final = ("owner", "lawyer", "advisor")


@sole_writer("deal", "named_deal")
def deal_abort(desk: Desk, named_deal: str, why: str, out: Files, *, dry_run: bool = False) -> Mapping[str, Json]:
    """Two people. Raises Refused `deal.too-late`, `deal.ended`, `act.unapproved`, Malformed `deal.why`."""
    desk.require(BREAKERS)
    if why not in WHY:
        raise Malformed("deal.why", "This is no reason that is kept.", next=f"Say one of: {', '.join(WHY)}.")
    with desk.store.read() as tx:
        matter = deal(desk, tx, named_deal)
        name, key = str(matter["id"]), f"deal-abort:{matter['id']!s}"
        envelope = tx.find("statement", matter=name, kind="aborted")
    if done := job.finished(desk, key):
        out.write(ABORTED, cast("bytes", envelope[0]["envelope"]))
        return done
    with desk.store.read() as tx:
        require_live(matter)
        require_known(desk, tx, name)
        _require_nothing_released(tx, name)
        due = line.answer_due(tx, matter, facts_of(tx, name))
    content = content_hash({"act": "deal-abort", "deal": name, "version": matter["version"], "why": why})
    if dry_run:
        return {"deal": str(matter["ref"]), "would": {"approve": ["deal-abort", content], "answer_due": due}}
    with desk.store.write() as tx:
        demand(desk, tx, "deal-abort", content, deal=name)
    begun = job.begin(desk, key, "deal-abort")
    with desk.store.write() as tx:
        _require_nothing_released(tx, name)
        made = _end(desk, tx, matter, why)
        result: dict[str, Json] = {"id": str(begun["id"]), "deal": str(matter["ref"]), "state": "aborted", "sha256": sha256(made), "answer_due": due}  # fmt: skip
        finished = job.finish(tx, key, result)
    out.write(ABORTED, made)
    return finished


def _end(desk: Desk, tx: Transaction, matter: Row, why: str) -> bytes:
    """The stage among the facts, the exports called in, the statement, the state: all of it or none."""
    name, version, now = str(matter["id"]), int(matter["version"] or 1) + 1, stamp(desk.clock.now())
    keep(desk, tx, name, version, {"deal.stage": "aborted"}, {})
    exports = call_in(tx, str(matter["vault"]), now)
    shipped = tx.find("statement", order=("n",), matter=name, kind="shipped")
    package = _package(shipped[-1]) if shipped else None
    says = Aborted(deal=str(matter["ref"]), version=version, why=why, package=package, exports=exports)
    envelope = issue(desk, tx, name, [named("aborted", sha256(name.encode()))], says)
    tx.change("matter", {"state": "aborted", "version": version}, id=name)
    return envelope


def _package(row: Row) -> str:
    """What was shipped is named by the statement that says so."""
    return str(row["sha256"])


def _require_nothing_released(tx: Transaction, matter: str) -> None:
    for kind in ("released", "control", "woundup"):
        if tx.count("statement", matter=matter, kind=kind):
            raise Refused(
                "deal.too-late",
                "Keys have changed hands: this deal cannot be broken off any more.",
                next="custody deal plan DEAL",
            )
