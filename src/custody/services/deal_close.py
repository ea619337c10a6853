"""Close a deal: every stage of its line behind it, or broken off and answered for; one signed statement of all of it (C1)."""

from collections.abc import Mapping, Sequence
from typing import Final, Literal, cast

from custody.acts import breaking_off, duties, job, lawbook, line
from custody.acts.approval import content_hash, demand
from custody.acts.copies import attested
from custody.acts.desk import Desk
from custody.acts.evidence import append
from custody.acts.handing import CLOSED, RETURNED, own
from custody.acts.kept_copies import in_hand, require_accounted, to_account
from custody.acts.matters import deal, facts_of
from custody.acts.statements import issue
from custody.acts.vaults import sha256
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.base.errors import Refused
from custody.base.statement import subject as named
from custody.package.ending import Closed, Reached, Returned
from custody.package.succession import Control
from custody.ports.files import Files
from custody.ports.laws import Laws
from custody.ports.store import Cells, Row, Transaction, one

CLOSERS: Final = ("owner", "lawyer", "advisor")

_GIVEN_AWAY: Final = ("hand-over", "winding-up")
"""Lines at whose end the company has no right to the data any more."""
_RUNS = frozenset(("overdue", "at-once", "running", "waiting", "keep"))


def deal_close(desk: Desk, laws: Laws, named_deal: str, out: Files, *, dry_run: bool = False) -> Mapping[str, Json]:
    """Two people, and where the data was handed over or the company ends, each copy in one's own hands accounted for.

    Raises Refused `deal.unfinished`, `deal.unanswered`, `destroy.copies`, `act.unapproved`, Broken `returned.foreign`.
    """
    desk.require(CLOSERS)
    with desk.store.read() as tx:
        matter = deal(desk, tx, named_deal)
        name, key = str(matter["id"]), f"deal-close:{matter['id']!s}"
        said = tx.find("statement", matter=name, kind="closed")
    if done := job.finished(desk, key):
        out.write(CLOSED, cast("bytes", said[0]["envelope"]))
        return done
    if not dry_run:
        _take_answer(desk, matter, out)
    with desk.store.read() as tx:
        answer = _answer(desk, tx, matter, out)
        says = _says(desk, tx, laws, matter, answer)
        ours = str(matter["vault"]) if says.line.startswith(_GIVEN_AWAY) else ""
        copies, asks = (in_hand(tx, ours), to_account(tx, ours)) if ours else ([], [])
    content = content_hash({"act": "deal-close", "deal": name, "version": matter["version"], "outcome": says.outcome, "heading": says.heading,
                            "stages": [one.statement for one in says.stages if one.stage != "returned"],
                            "answer": sha256(out.read(RETURNED)) if answer else "", "copies": copies})  # fmt: skip
    if dry_run:
        waits: dict[str, Json] = {"copies": list[Json](asks)} if asks else {"approve": ["deal-close", content]}
        return {"deal": str(matter["ref"]), "would": {**waits, "outcome": says.outcome, "heading": says.heading,
                                                      "line": says.line, "outlives": list[Json](says.outlives)}}  # fmt: skip
    with desk.store.write() as tx:
        if ours:
            require_accounted(tx, ours)
        demand(desk, tx, "deal-close", content, deal=name)
    begun = job.begin(desk, key, "deal-close")
    with desk.store.write() as tx:
        envelope = issue(desk, tx, name, [named("closed", sha256(name.encode()))], says)
        tx.change("matter", {"state": "closed"}, id=name)
        result: dict[str, Json] = {
            "id": str(begun["id"]), "deal": says.deal, "state": "closed", "line": says.line, "outcome": says.outcome, "heading": says.heading,
            "open_copies": says.open_copies, "outlives": list[Json](says.outlives), "sha256": sha256(envelope),
        }  # fmt: skip
        finished = job.finish(tx, key, result)
    out.write(CLOSED, envelope)
    return finished


def _says(desk: Desk, tx: Transaction, laws: Laws, matter: Row, answer: Returned | None) -> Closed:
    facts, packs, now = facts_of(tx, str(matter["id"])), lawbook.packs(laws), desk.clock.now()
    way = line.line_of(tx, matter, facts)
    rows = line.stages(tx, desk, matter, way.steps)[:-1]
    answered = {"returned"} if answer else set[str]()
    if left := [str(row["stage"]) for row in rows if not row["at"] and row["stage"] not in answered]:
        act = next(step.act for step in way.steps if step.stage == left[0])
        raise Refused("deal.unfinished", f"Not behind this deal yet: {', '.join(left)}.", next=f"custody {act} DEAL")
    told = duties.outcome(tx, matter, facts, packs, desk.today())
    outlives = {str(row["rule"]) for row in duties.clocks(told, packs, facts, now) if row["state"] in _RUNS}
    opened = _open_copies(desk, tx, matter, way.name, answer)
    return Closed(
        deal=str(matter["ref"]), version=int(matter["version"] or 1), structure=str(facts.get("deal.structure") or "none"), line=way.name,
        outcome="aborted" if way.name in {line.ABORTED, "giving-back"} else "completed", heading=_heading(opened), stages=_reached(rows),
        open_copies=opened, outlives=tuple(sorted(outlives)), closed_on=desk.today().isoformat(),
    )  # fmt: skip


def _heading(opened: int) -> Literal["partial", "complete"]:
    return "partial" if opened else "complete"


def _reached(rows: Sequence[Mapping[str, Json]]) -> tuple[Reached, ...]:
    return tuple(
        Reached(str(row["stage"]), str(row["at"]), cast("str | None", row["statement"])) for row in rows if row["at"]
    )


def _open_copies(desk: Desk, tx: Transaction, matter: Row, way: str, answer: Returned | None) -> int:
    """Copies nobody has answered for yet, of those that this line's end is about."""
    if answer is not None:
        return sum(1 for copy in answer.attested if copy.state == "open")
    copies = attested(tx, str(matter["vault"])) if matter["vault"] else ()
    if way == "control":
        said, _ = own(desk, tx, str(matter["id"]), Control)
        return (
            said.leavers.asked
            - said.leavers.signed
            + sum(1 for one in copies if one.kind == "export" and one.state == "open")
        )
    return sum(1 for copy in copies if copy.state == "open") if way.startswith(_GIVEN_AWAY) else 0


def _answer(desk: Desk, tx: Transaction, matter: Row, out: Files) -> Returned | None:
    """The other side's answer to an aborted deal, when one is due. Raises Refused `deal.unanswered`, Broken `returned.foreign`."""
    if matter["state"] != line.ABORTED or not line.answer_due(tx, matter, facts_of(tx, str(matter["id"]))):
        return None
    if RETURNED not in out.list():
        raise Refused(
            "deal.unanswered",
            "The other side has not said what became of what it had.",
            next="Let the other side run custody deal return DEAL --at HANDOVER.",
        )
    return breaking_off.answer(desk, tx, matter, out.read(RETURNED))


def _take_answer(desk: Desk, matter: Row, out: Files) -> None:
    """Keep the other side's answer with the deal, once, with an entry of its own."""
    with desk.store.write() as tx:
        if _answer(desk, tx, matter, out) is None or one(tx, "statement", matter=str(matter["id"]), kind="returned"):
            return
        envelope, now = out.read(RETURNED), stamp(desk.clock.now())
        position = append(
            tx, desk.space, now, "return-taken", {"sha256": sha256(envelope)}, detail={"matter": str(matter["id"])}
        )
        row: Cells = {
            "matter": str(matter["id"]),
            "kind": "returned",
            "n": 1,
            "sha256": sha256(envelope),
            "envelope": envelope,
        }
        tx.add("statement", [{**row, "position": position, "at": now}])
