"""At the buyer: take over the requests of people whose data came, each under the stricter clock, and answer signed (B4; spec/requests.md §4)."""

from collections.abc import Mapping, Sequence
from typing import Final, cast

from custody.acts import bounds
from custody.acts.about import append_about
from custody.acts.arriving import Invited, invited
from custody.acts.counter import next_number
from custody.acts.desk import Desk
from custody.acts.matters import deal
from custody.acts.mirroring import mirrored
from custody.acts.noes import Heard, put_on_file
from custody.acts.own_evidence import own_about
from custody.acts.passing import BUYER, bundle, held_as, lay_last, next_bundle, opened, passed, say, word
from custody.acts.requesting import bounds_of
from custody.acts.sole import sole_writer
from custody.acts.vaults import sha256
from custody.base import canonical, ids
from custody.base.canonical import Json
from custody.base.clock import parse, stamp
from custody.base.errors import Malformed, Missing
from custody.package.release_seal import DealKey
from custody.ports.files import Files
from custody.ports.laws import Laws
from custody.ports.store import Cells, Row, Transaction, one

_KEPT: Final = ("kind", "channel", "proof", "state", "received_at")


@sole_writer("deal", "named_deal")
def request_take(desk: Desk, laws: Laws, named_deal: str, source: Files) -> Mapping[str, Json]:
    """The next bundle; our word on the last, which a kill kept from its folder, is laid there first. Raises Missing `request.nothing`, `invite.missing`, Broken `release.seal`, Malformed `request.bundle`."""
    desk.require(("owner", "privacy", "data"))
    with desk.store.read() as tx:
        matter = deal(desk, tx, named_deal)
        n = next_bundle(tx, str(matter["id"]))
        to = invited(desk, tx, str(matter["id"]))
    if (said := lay_last(desk, matter, BUYER, source)) is not None and bundle(n) not in source.list():
        return _told(desk, matter, n - 1, _bundled(to, matter, n - 1, source), said)
    told = _bundled(to, matter, n, source)
    with desk.store.write() as tx:
        # Those of whom nobody is here too: our word names them, so that the seller can end what nobody else will.
        kept: list[Cells] = [
            {"matter": str(matter["id"]), "request": str(one_told["id"]), "n": n, "own": _taken(desk, tx, laws, matter, one_told)}
            for one_told in told
        ]  # fmt: skip
        tx.add("request_passed", kept or [{"matter": str(matter["id"]), "request": "", "n": n}])
        # Of all that was ever passed here: the seller reads the newest word alone.
        number, envelope = say(desk, tx, matter, BUYER, passed(tx, matter), n)
    source.write(word(BUYER, number), envelope)
    return _told(desk, matter, n, told, envelope)


def _bundled(to: Invited, matter: Row, n: int, source: Files) -> list[dict[str, Json]]:
    """The requests of the n-th bundle."""
    try:
        data = source.read(bundle(n))
    except Missing as error:
        raise Missing(
            "request.nothing", "No further requests lie in this folder.", next="custody request pass DEAL"
        ) from error
    if not isinstance(to.key, DealKey):
        raise Missing(
            "invite.missing",
            "The key of this deal was deleted when it was re-sealed.",
            next="custody invite SELLER --anew",
        )
    return opened(to.key, str(matter["ref"]), n, data)


def _told(desk: Desk, matter: Row, n: int, told: Sequence[Mapping[str, Json]], envelope: bytes) -> Mapping[str, Json]:
    with desk.store.read() as tx:
        rows = tx.find("request_passed", matter=str(matter["id"]), n=n)
        taken = sum(held_as(tx, matter, row) is not None for row in rows)
    return {"deal": str(matter["ref"]), "n": n, "taken": taken, "absent": len(told) - taken,
            "sha256": sha256(envelope), "mirrored": mirrored(desk)}  # fmt: skip


def _taken(desk: Desk, tx: Transaction, laws: Laws, matter: Row, told: Mapping[str, Json]) -> str:
    """The request becomes our own, where something of its person is held here; the name that it has here alone, '' where that is the seller's."""
    who, vault = ids.subject_bytes(str(told["subject"])), str(matter["vault"])
    subject = one(tx, "subject", vault=vault, id=who, state="live")
    known = _known(tx, matter, told)
    here = next((row for row in known if row["vault"] == vault), None)
    if subject is None or here is not None:
        return str(here["id"]) if here is not None and here["id"] != told["id"] else ""
    request, own = [ids.new("req")] * 2 if known else [str(told["id"]), ""]
    bound = bounds.stricter(bounds.sent(told), _ours(desk, tx, laws, matter, subject, told))
    now = desk.clock.now()
    ref = f"R-{now.year}-{next_number(tx, f'request:{desk.space}:{now.year}'):04d}"
    person = own_about(desk, tx, vault, who, stamp(now))
    says: dict[str, Json] = {
        "matter": str(matter["id"]),
        "request": request,
        "kind": str(told["kind"]),
        "received_at": str(told["received_at"]),
        "due_at": bound.due_at,
        "at_once": bool(bound.prompt),
    }
    detail: dict[str, Json] = {"subject": str(told["subject"]), "note": str(told.get("note") or ""),
                               "controller": str(told.get("controller") or "")}  # fmt: skip
    position = append_about(tx, desk.space, stamp(now), "request-taken-over", says, who=person, detail=detail)
    row: Cells = {"id": request, "ref": ref, "matter": str(matter["id"]), "vault": vault, "subject": who,
                  "closed_at": "", "refused_by": "", "position": position, **bound.cells(), **{name: str(told[name]) for name in _KEPT}}  # fmt: skip
    tx.add("request", [row])
    steps = cast("list[dict[str, str]]", told["steps"])
    put_on_file(desk, tx, laws, matter, subject, str(told["kind"]), Heard(str(told["channel"]), str(told["proof"])))
    tx.add("request_step", [{"request": row["id"], "n": place, "step": each["step"], "at": each["at"], "position": position}
                            for place, each in enumerate(steps, start=1)])  # fmt: skip
    return own


def _known(tx: Transaction, matter: Row, told: Mapping[str, Json]) -> list[Row]:
    """What it became as it came with other deals of the same seller: over one vault that is one request, of each other vault another, since what is held there is answered apart. Raises Malformed `request.bundle` for the name of somebody else's."""
    came = tx.find("request_passed", order=("matter",), request=str(told["id"]))
    names = dict.fromkeys([str(told["id"]), *(str(row["own"]) for row in came if row["own"])])
    rows = [row for name in names if (row := one(tx, "request", id=name))]
    for row in rows:
        theirs = one(tx, "matter", id=row["matter"])
        same = theirs is not None and theirs["counterparty"] == matter["counterparty"]
        if not same or row["subject"] != ids.subject_bytes(str(told["subject"])):
            raise Malformed("request.bundle", "This is no bundle of requests.", next="Ask the seller for it again.")
    return rows


def _ours(
    desk: Desk, tx: Transaction, laws: Laws, matter: Row, subject: Row, told: Mapping[str, Json]
) -> bounds.Bounds:
    """What the law that binds us and the person says, from the day on which the seller received it."""
    lives = told.get("residence")
    person = {**subject, "facts": canonical.encode({"residence": lives})} if lives else subject
    done = {str(each["step"]): str(each["at"]) for each in cast("list[dict[str, str]]", told["steps"])}
    return bounds_of(desk, tx, laws, matter, person, str(told["kind"]), parse(str(told["received_at"])), done)
