"""Carry out a change of control: nothing moves, the keys do (C9, A4).

The company stays the controller. Every secret of its host stands under a new passphrase, every vault under a new root
whose predecessor is destroyed, the new holders have recovery shares that were tried, and those who leave hold none
and can act no more. Root first, people last: until the last step those who must approve and repeat it can still do so.
"""

import hmac
import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, cast

from custody.acts import entitlements, escrow, gates, job, lawbook
from custody.acts.approval import content_hash, demand
from custody.acts.copies import call_in
from custody.acts.desk import Desk
from custody.acts.evidence import append
from custody.acts.holders import enough, let_go, standing
from custody.acts.leavers import said_by
from custody.acts.matters import deal, facts_of, require_control
from custody.acts.people import end_right
from custody.acts.rotate import Escrow, rotate
from custody.acts.sole import sole_writer
from custody.acts.statements import issue
from custody.acts.told import require_over
from custody.acts.vaults import read_keyring, sha256
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.base.errors import Broken, CustodyError, Malformed, Refused
from custody.base.statement import subject as named
from custody.law import subject
from custody.package.succession import Control, Leavers, Revoked
from custody.ports.files import Files, Papers
from custody.ports.host import Host
from custody.ports.laws import Laws
from custody.ports.store import Row, Transaction
from custody.vault import shares, sheet

CONTROL: Final = "control.dsse.json"
_FEWEST: Final = 2


@dataclass(frozen=True, slots=True)
class Succession:
    """Who leaves, who holds a recovery share from now on, and how many shares open a vault. All by handle."""

    leavers: Sequence[str]
    holders: Sequence[str]
    threshold: int


@dataclass(frozen=True, slots=True)
class Out:
    """Where the recovery sheets go, which are secret, and where the statement goes, which is not."""

    sheets: Papers
    statement: Files


@sole_writer("all")
def handover_control(
    desk: Desk, laws: Laws, host: Host, named_deal: str, who: Succession, out: Out, *, dry_run: bool = False
) -> Mapping[str, Json]:
    """Rotate, escrow, revoke, state. Raises Refused `deal.not-control`, `control.*`, `act.unapproved`."""
    desk.require(("owner",))
    with desk.store.read() as tx:
        matter = deal(desk, tx, named_deal)
        require_control(matter, facts_of(tx, str(matter["id"])))
        key = f"handover-control:{matter['id']!s}:{matter['version']!s}"
    if done := job.finished(desk, key):
        with desk.store.read() as tx:
            out.statement.write(CONTROL, _statement(tx, str(matter["id"])))
        return done
    with desk.store.read() as tx:
        leaving = _people(desk, tx, who)
        vaults = tx.find("vault", order=("name",), party=desk.space)
        _require_told(desk, tx, laws, matter)
    content = content_hash({"act": "handover-control", "deal": str(matter["id"]), "leavers": sorted(who.leavers),
                            "holders": sorted(who.holders), "threshold": who.threshold})  # fmt: skip
    if dry_run:
        would: dict[str, Json] = {"approve": ["handover-control", content], "revoke": sorted(who.leavers),
                                  "rotate": [str(row["name"]) for row in vaults], "sheets": len(vaults) * len(who.holders)}  # fmt: skip
        return {"deal": str(matter["ref"]), "subjects": 0, "rows": 0, "would": would}
    with desk.store.write() as tx:
        demand(desk, tx, "handover-control", content, deal=str(matter["id"]))
    roots: dict[str, Json] = {str(row["id"]): row["generation"] for row in vaults if isinstance(row["generation"], int)}
    plan = job.begin(desk, key, "handover-control", {"roots": roots, "started_at": stamp(desk.clock.now())})
    renewed = replace(desk, keys=host.renew())
    with desk.store.write() as tx:  # before the first rotation: it deposits with whoever is a holder
        let_go(tx, desk.space, stamp(desk.clock.now()), who.leavers)
    for row in vaults:
        since = cast("dict[str, int]", plan["roots"])[str(row["id"])]
        rotate(renewed, str(row["id"]), since, _sheets(desk, row, who, out.sheets))
        while not _handed(
            renewed, row, who, out.sheets
        ):  # by somebody else's rotation, which came between or was cut off
            rotate(renewed, str(row["id"]), _generation(desk, row), _sheets(desk, row, who, out.sheets))
        _note(desk, str(row["id"]), who)
    return _revoke(renewed, matter, leaving, (key, plan), _holders(desk, who), out.statement)


def _people(desk: Desk, tx: Transaction, who: Succession) -> list[Row]:
    """The rows of those who leave. Those who stay must be able to run the house and to open it."""
    rows = {str(row["handle"]): row for row in tx.find("principal", order=("handle",), party=desk.space)}
    stay = {name for name, row in rows.items() if not row["revoked_at"] and name not in who.leavers}
    if unknown := sorted({*who.leavers, *who.holders} - set(rows)):
        raise Malformed("control.people", f"Nobody here is called {', '.join(unknown)}.", next="custody principal new")
    if not who.leavers or desk.principal.handle in who.leavers:
        raise Refused("control.leaver", "Somebody must leave, and whoever leaves cannot carry this out.",
                      next="Let the incoming owner run it, and name who leaves: --leaver HANDLE")  # fmt: skip
    if not any("owner" in str(rows[name]["roles"]).split(",") for name in stay):
        raise Refused("control.no-owner", "No owner would be left.", next="custody principal new HANDLE --roles owner")
    if not set(who.holders) <= stay or len(set(who.holders)) < max(_FEWEST, who.threshold) or who.threshold < _FEWEST:
        raise Refused("control.holders", "Recovery shares go to two or more people who stay, and two or more open a vault.",
                      next="--holder HANDLE, repeated, and --threshold 2 or more")  # fmt: skip
    return [rows[name] for name in sorted(who.leavers)]


def _require_told(desk: Desk, tx: Transaction, laws: Laws, matter: Row) -> None:
    """What the law asks for before a company changes hands, changed notice items among it, must be on file."""
    packs = lawbook.packs(laws)
    facts = facts_of(tx, str(matter["id"]))
    seller = facts.get("seller.jurisdiction")
    places = subject.regimes({"residence": seller}, str(seller or ""))
    blocked = {str(one["rule"]) for one in gates.control(tx, matter, facts, packs, desk.today())}
    changed = facts.get("event.notified_items_change") is not False
    told = tx.count("statement", matter=str(matter["id"]), kind="notice")
    require_over(desk, tx, matter, places)
    if blocked:
        raise Refused(
            "control.blocked", f"The law keeps this shut: {', '.join(sorted(blocked))}.", next="custody gate DEAL"
        )
    if changed and not told:
        raise Refused("control.untold", "What customers were told has changed, or nobody said that it has not.",
                      next="custody notice DEAL")  # fmt: skip


def _generation(desk: Desk, vault: Row) -> int:
    with desk.store.read() as tx:
        (row,) = tx.find("vault", id=vault["id"])
    return cast("int", row["generation"])


def _handed(desk: Desk, vault: Row, who: Succession, out: Papers) -> bool:
    """Whether every holder's sheet of the key in force lies there and opens it, and nobody who left was given a share of that key."""
    generation = _generation(desk, vault)
    names = [_name(vault, generation, holder) for holder in sorted(who.holders)]
    if not set(names) <= set(out.list()) or escrow.astray(desk, str(vault["id"]), generation):
        return False
    with desk.store.read() as tx:
        key = read_keyring(desk, tx, str(vault["id"])).key
    try:  # a root that was made again by somebody else's rotation has another key than these were made of
        return _open(out, names, who.threshold, key)
    except CustodyError:
        return False


def _holders(desk: Desk, who: Succession) -> int:
    """How many people hold a share of the new keys, on paper or in an escrow store."""
    with desk.store.read() as tx:
        kept = standing(tx, desk.space) if desk.outside.escrow and enough(tx, desk.space) else []
    return len({*who.holders, *(str(row["handle"]) for row in kept)})


def _name(vault: Row, generation: int, holder: str) -> str:
    return f"recovery-{vault['name']!s}-g{generation}-{holder}.txt"


def _sheets(desk: Desk, vault: Row, who: Succession, out: Papers) -> Escrow:
    """Write one sheet per holder and open the vault's key from what was written, with every choice of enough sheets."""

    def escrow(key: bytes, generation: int) -> None:
        made = shares.split(key, who.threshold, len(who.holders), generation)
        names = [_name(vault, generation, holder) for holder in sorted(who.holders)]
        for name, holder, share in zip(names, sorted(who.holders), made, strict=True):
            text = sheet.sheet(share, party=desk.card.name_zh, vault=str(vault["name"]), holder=holder)
            out.write(name, text.encode(), secret=True)
        if not _open(out, names, who.threshold, key):
            raise Broken("shares.untried", "The recovery sheets do not open the vault.", kind="altered")

    return escrow


def _open(out: Papers, names: Sequence[str], threshold: int, key: bytes) -> bool:
    """Whether every choice of enough of these sheets gives the key, read back from where they lie."""
    back = [sheet.read(out.read(name).decode()) for name in names]
    choices = itertools.islice(itertools.combinations(back, threshold), 64)
    return all(hmac.compare_digest(shares.combine(some), key) for some in choices)


def _note(desk: Desk, vault: str, who: Succession) -> None:
    """Sheets were written for the new generation; nobody has typed them back yet."""
    with desk.store.write() as tx:
        (row,) = tx.find("vault", id=vault)
        says: dict[str, Json] = {
            "vault": vault,
            "g": row["generation"],
            "sheets": len(who.holders),
            "threshold": who.threshold,
        }
        append(tx, desk.space, stamp(desk.clock.now()), "recovery-printed", says)


def _revoke(
    desk: Desk, matter: Row, leaving: Sequence[Row], work: tuple[str, Mapping[str, Json]], holders: int, out: Files
) -> Mapping[str, Json]:
    """One transaction: who leaves can act no more, their clear exports are called in, the statement says all of it."""
    key, plan = work
    name = str(matter["id"])
    with desk.store.write() as tx:
        now = stamp(desk.clock.now())
        today = desk.today()
        grants = sum(1 for row in leaving for _ in entitlements.live(tx, str(row["id"]), today))
        tokens = 0
        for row in leaving:
            tokens += end_right(tx, str(row["id"]), now)[1]
        append(tx, desk.space, now, "principals-revoked", {"principals": [str(row["id"]) for row in leaving]})
        exports = sum(call_in(tx, str(row["id"]), now) for row in tx.find("vault", party=desk.space))
        said = said_by(tx, name)
        roots = tx.find("vault", id=str(matter["vault"]))
        notices = tx.find("statement", order=("n",), matter=name, kind="notice")
        says = Control(
            deal=str(matter["ref"]),
            from_g=cast("dict[str, int]", plan["roots"])[str(matter["vault"])],
            to_g=int(roots[0]["generation"] or 0),
            holders=holders,
            revoked=Revoked(principals=len(leaving), grants=grants, exports=exports, tokens=tokens),
            leavers=Leavers(asked=len(leaving), signed=sum(1 for row in leaving if str(row["id"]) in said)),
            notice=str(notices[-1]["sha256"]) if notices else None,
        )
        envelope = issue(desk, tx, name, [named("control", sha256(name.encode()))], says)
        tx.change("matter", {"state": "delivered"}, id=name)
        result: dict[str, Json] = {
            "id": str(plan["id"]), "deal": str(matter["ref"]), "subjects": 0, "rows": 0, "bytes": 0, "sha256": sha256(envelope),
            "from_g": says.from_g, "to_g": says.to_g, "holders": holders, "revoked": len(leaving), "exports": exports,
            "leavers_signed": says.leavers.signed, "unopened": list[Json](desk.keys.unopened()), "started_at": plan["started_at"], "finished_at": now,
        }  # fmt: skip
        finished = job.finish(tx, key, result)
    out.write(CONTROL, envelope)
    return finished


def _statement(tx: Transaction, matter: str) -> bytes:
    return cast("bytes", tx.find("statement", matter=matter, kind=Control.KIND)[0]["envelope"])
