"""The order of a verification: what is there, whose keys count, each thing on its own, then everything together."""

from collections.abc import Callable, Iterable, Sequence
from itertools import chain
from pathlib import Path
from typing import Final

from custody.base.canonical import Json
from custody.base.errors import CustodyError
from custody.model.party import PartyCard
from custody.package.fault import Fault, narrowed
from custody.package.statements import Received, Shipped
from custody.services.verify.case import Case, PackageFound, ReleaseFound, Signed
from custody.services.verify.inputs import Inputs, Item, discover
from custody.services.verify.links import check_links
from custody.services.verify.logs import agree, check_checkpoint, check_ledger, keys_beside
from custody.services.verify.packages import cards, check_package
from custody.services.verify.releases import check_release
from custody.services.verify.result import VerifyResult

_ALWAYS: Final = ("newest", "copies", "plaintext", "law")
_ORDER: Final = (
    "unpinned",
    "package",
    "release",
    "chain",
    "ledger",
    "part",
    "receipt",
    "papers",
    "slots",
    "digests",
    "attested",
    "held",
    "other",
    *_ALWAYS,
)
_KINDS: Final = {"received": "receipt", "destroyed": "certificate"}


def verify(paths: Sequence[Path], trusted: Iterable[PartyCard] = ()) -> VerifyResult:
    """Check packages, releases, statements and ledgers at `paths`, alone and against each other.

    Whatever it reads, it collects faults and does not raise. With `trusted` cards only their keys count; with none,
    the keys that came with the files do, and trust is `unpinned`.
    """
    known = list(trusted)
    pinned = {card.identity.id: card.identity for card in known}
    case = Case(pinned=bool(pinned), identities=dict(pinned))
    found = discover(paths)
    case.faults += found.faults
    case.notes |= found.notes
    inside = {item.label: list(cards(item)) for item in found.packages}
    for card in chain((card for _, card in found.cards), *inside.values()):
        case.learn(card.identity)
    for item in found.ledgers:
        beside = keys_beside(item)
        if beside is not None:
            case.learn(beside)
    for item in found.envelopes:
        case.open(item)
    _each(case, found.packages, check_package)
    _each(case, found.releases, check_release)
    _each(case, found.ledgers, check_ledger)
    _each(case, found.checkpoints, check_checkpoint)
    check_links(case)
    agree(case)
    clean = [card for one in case.packages if not one.bag.dirty for card in inside[one.item.label]]
    case.compare_cards([*known, *clean], found.cards)
    return _result(case, found)


def _each(case: Case, items: Iterable[Item], check: Callable[[Case, Item], None]) -> None:
    """A file that vanishes or fails while it is read is a fault like any other."""
    for item in items:
        try:
            check(case, item)
        except CustodyError:
            case.fault("malformed", "file.unreadable", item)


def _result(case: Case, found: Inputs) -> VerifyResult:
    something = found.packages or found.releases or found.ledgers or found.envelopes or found.checkpoints or found.cards
    if not something and not case.faults:
        case.faults.append(Fault("malformed", "input.empty"))
    if not case.pinned:
        case.notes.add("unpinned")
    if found.releases or found.packages:
        case.notes.add("slots")
    notes = case.notes | set(_ALWAYS)
    signers = sorted(case.identities[one].fingerprint for one in case.used)
    return VerifyResult(
        trust="pinned" if case.pinned else "unpinned",
        kind=_kind(case, found),
        signers=tuple(signers),
        checked=_checked(case),
        faults=tuple(narrowed(case.faults)),
        notes=tuple(one for one in _ORDER if one in notes),
    )


def _kind(case: Case, found: Inputs) -> str:
    sizes = {
        "package": len(found.packages),
        "release": len(found.releases),
        "ledger": len(found.ledgers),
        "statement": len(found.envelopes),
        "checkpoint": len(found.checkpoints),
    }
    kinds = [kind for kind, count in sizes.items() if count]
    if len(kinds) != 1 or sizes[kinds[0]] != 1:
        return "bundle" if kinds else "card" if found.cards else "nothing"
    if kinds == ["statement"]:
        return next((_KINDS.get(one.read.kind, "statement") for one in case.signed), "statement")
    return kinds[0]


def _checked(case: Case) -> dict[str, Json]:
    """How much was looked at: what somebody compares with what they were sent."""
    return {
        "files": case.files,
        "bytes": case.bytes,
        "packages": [_package(one) for one in case.packages],
        "releases": [_release(one) for one in case.releases],
        "statements": [_statement(one) for one in case.signed],
        "ledgers": [{"file": one.item.label, "origin": one.origin, "size": len(one.hashes)} for one in case.ledgers],
        "shipped": len(case.says(Shipped)),
        "received": len(case.says(Received)),
    }


def _package(one: PackageFound) -> Json:
    tables = one.inside.tables
    return {"file": one.item.label, "id": one.bag.id, "leaves": one.inside.leaves, "records": one.inside.records,
            "rows": sum(table.rows for table in tables), "tables": len(tables)}  # fmt: skip


def _release(one: ReleaseFound) -> Json:
    told = one.manifest
    return {"file": one.item.label, "deal": told.deal, "n": told.n, "kind": told.kind, "sha256": one.digest,
            "keys": told.live, "expires_at": told.expires_at}  # fmt: skip


def _statement(one: Signed) -> Json:
    common = one.read.common
    return {
        "file": one.label,
        "kind": one.read.kind,
        "sha256": one.digest,
        "at": common.at,
        "rehearsal": common.rehearsal,
    }
