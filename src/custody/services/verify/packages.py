"""One package: bag, inside, its own statements, and who signed for it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from custody.model.party import PartyCard
from custody.package import bag, check, sound
from custody.package.contents import Contents
from custody.package.fault import narrowed
from custody.package.statements import DataMapSigned, Gate, Invite, Shipped
from custody.services.verify.case import Case, PackageFound, Signed
from custody.services.verify.inputs import Item, read_card
from custody.services.verify.logs import check_checkpoint, check_proof

_STATEMENTS: Final = "data/statements/"
_CARDS: Final = "data/identity/"


def cards(item: Item) -> Iterator[PartyCard]:
    """The cards inside; what is wrong with one is told when the bag is checked."""
    folder = item.path / _CARDS
    if folder.is_symlink() or not folder.is_dir():
        return
    for path in sorted(folder.iterdir())[:100]:
        card = read_card(Item("", path), [])
        if card is not None:
            yield card


def check_package(case: Case, item: Item) -> None:
    """Check one package; loose statements have been opened before, so it is known which ids are signed for."""
    shipped, present = None, (item.path / bag.SHIPPED).exists()
    if present:
        shipped = case.open(item.under(bag.SHIPPED))
        if shipped is not None and not isinstance(shipped.read.says, Shipped):
            case.fault("schema", "package.kind", item.under(bag.SHIPPED))
    own = [one.read.says.package for one in (shipped,) if one is not None and isinstance(one.read.says, Shipped)]
    report = bag.check(item.path, own)
    inside = check.check(item.path, report)
    case.files += len(report.names)
    case.bytes += sum(report.names.values())
    statements = _statements(case, item, report)
    if shipped is None:
        loose = [one for one, says in case.says(Shipped) if says.package == report.id]
        shipped = loose[0] if loose else None
        if shipped is None and not present:
            case.fault("missing", "package.unsigned", item.under(bag.SHIPPED))
    found = PackageFound(item, report, inside, statements, shipped)
    if inside.contents is not None and not report.dirty:
        _agree(case, found, inside.contents)
    case.faults += [one.under(item.label) for one in narrowed([*report.faults, *inside.faults])]
    case.packages.append(found)


def _statements(case: Case, item: Item, report: bag.BagReport) -> dict[str, Signed]:
    found: dict[str, Signed] = {}
    for name in sorted(report.names):
        inner = item.under(name)
        if name.startswith(_CARDS):
            read_card(inner, [] if name in report.dirty else case.faults)
        elif name.startswith(_STATEMENTS):
            signed = case.open(inner, quiet=name in report.dirty)
            if signed is not None:
                found[Path(name).name] = signed
                _kind(case, signed, Path(name).name)
    if "data/checkpoint" in report.names and "data/checkpoint" not in report.dirty:
        check_checkpoint(case, item.under("data/checkpoint"))
    gate = found.get("gate.json")
    if gate is not None and "data/proof" in report.names and "data/proof" not in report.dirty:
        check_proof(case, item.under("data/proof"), gate.digest, gate.signer)
    return found


def _kind(case: Case, signed: Signed, name: str) -> None:
    wanted = {"gate.json": Gate, "datamap.json": DataMapSigned, "invite.json": Invite}.get(name)
    if wanted is not None and not isinstance(signed.read.says, wanted):
        case.blame("schema", "package.kind", signed.label)


def _agree(case: Case, found: PackageFound, told: Contents) -> None:
    """The descriptor, the gate, the data map, the invitation and the shipping statement speak of the same thing."""
    item = found.item
    gate, datamap, invite = (found.statements.get(name) for name in ("gate.json", "datamap.json", "invite.json"))
    if gate is not None and isinstance(gate.read.says, Gate):
        meant = (gate.digest, gate.read.says.datamap, gate.read.says.deal)
        _equal(case, meant, (told.gate, told.datamap, told.deal), ("chain", "package.gate", gate.label))
        _by(case, gate, told.seller)
    if datamap is not None and isinstance(datamap.read.says, DataMapSigned):
        named = told.datamap.removeprefix("sha256:") in datamap.read.subjects.values()
        _equal(case, named, wanted=True, fault=("chain", "package.datamap", datamap.label))
        _by(case, datamap, told.seller)
    if invite is not None and isinstance(invite.read.says, Invite):
        meant = (invite.read.says.deal, invite.read.says.seller, invite.signer)
        _equal(case, meant, (told.deal, told.seller, told.buyer), ("recipient", "package.invite", invite.label))
    if found.shipped is not None and isinstance(found.shipped.read.says, Shipped):
        _shipped(case, found, told, found.shipped, found.shipped.read.says)
    for one in found.statements.values():
        if one.read.common.rehearsal != told.rehearsal:
            case.blame("replayed", "statement.rehearsal", one.label)
    if found.inside.records != told.records:
        case.fault("schema", "package.counts", item.under(sound.DESCRIPTOR))


def _shipped(case: Case, found: PackageFound, told: Contents, signed: Signed, says: Shipped) -> None:
    if (says.deal, says.seller, says.buyer) != (told.deal, told.seller, told.buyer):
        case.blame("chain", "package.party", signed.label)
    _by(case, signed, told.seller)
    if says.leaves != told.leaves or says.records != told.records:
        case.blame("chain", "package.counts", signed.label)
    invite = found.statements.get("invite.json")
    if invite is not None and says.invite != invite.digest:
        case.blame("recipient", "package.invite", signed.label)
    if says.gate != told.gate:
        case.blame("chain", "package.gate", signed.label)


def _equal(case: Case, found: object, wanted: object, fault: tuple[str, str, str]) -> None:
    if found != wanted:
        case.blame(*fault)


def _by(case: Case, signed: Signed, party: str) -> None:
    if signed.signer != party:
        case.blame("signature", "statement.party", signed.label)
