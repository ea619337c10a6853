"""What follows from what: release from package and release, receipt from release, certificate from receipt."""

from collections import defaultdict
from itertools import pairwise

from custody.package.ending import WoundUp
from custody.package.release import MANIFEST, Manifest, folder_name, key_id
from custody.package.statements import Destroyed, Invite, Recalled, Received, Resealed, Withheld
from custody.services.verify.accounts import check_accounts
from custody.services.verify.case import Case, PackageFound, ReleaseFound, Signed, deal_of

_EXCHANGED = frozenset(("invite", "shipped", "released", "received", "resealed", "recalled", "withheld", "destroyed"))


def check_links(case: Case) -> None:
    """Hold everything that was verified on its own against everything else."""
    for one in case.releases:
        _package(case, one)
        _invite(case, one)
    _numbers(case)
    for signed, received in case.says(Received):
        _received(case, signed, received)
    _answers(case)
    _destroyed(case)
    _wound_up(case)
    _subjects(case)
    _rehearsal(case)
    _logged(case)
    _left_out(case)
    check_accounts(case)


def _package(case: Case, one: ReleaseFound) -> None:
    manifest, label = one.manifest, one.item.under(MANIFEST).label
    if not case.packages:
        case.notes.add("package")
        return
    mine = [
        found for found in case.packages
        if found.inside.contents is not None and found.inside.contents.deal == manifest.deal
    ]  # fmt: skip
    named = {manifest.package.id, *manifest.package.deltas}
    for found in mine:
        if found.bag.id in named:
            _same(case, manifest, found, label)
        elif not found.bag.dirty:
            case.fault("replayed", "package.replayed", found.item)
    if not mine and not any(found.bag.dirty for found in case.packages):
        case.blame("recipient", "release.recipient", label)


def _same(case: Case, manifest: Manifest, found: PackageFound, label: str) -> None:
    told, gate = found.inside.contents, found.statements.get("gate.json")
    assert told is not None
    if manifest.leaves != told.leaves and found.bag.id == manifest.package.id:
        case.blame("chain", "release.leaves", label)
    if manifest.origin.vault != told.origin:
        case.blame("chain", "release.origin", label)
    if gate is not None and manifest.n == 1 and manifest.gate.sha256 != gate.digest:
        case.blame("chain", "release.gate", label)
    if (manifest.seller, manifest.buyer) != (told.seller, told.buyer):
        case.blame("recipient", "release.recipient", label)


def _invite(case: Case, one: ReleaseFound) -> None:
    to, manifest, label = one.manifest.recipient, one.manifest, one.item.under(MANIFEST).label
    invites = [(signed, says) for signed, says in case.says(Invite) if says.deal == manifest.deal]
    if not invites:
        case.notes.add("package")
    for signed, says in invites:
        if signed.digest == to.invite:
            fits = (says.key_id, says.nonce, says.buyer, signed.signer) == (
                to.key,
                to.nonce,
                manifest.buyer,
                manifest.buyer,
            )
            if not fits or key_id(says.public) != says.key_id:
                case.blame("recipient", "release.recipient", label)
            return
    if invites:
        case.blame("recipient", "release.recipient", label)


def _numbers(case: Case) -> None:
    deals: dict[str, list[ReleaseFound]] = defaultdict(list)
    for one in case.releases:
        deals[one.manifest.deal].append(one)
        name = one.item.path.name
        if name.startswith("release-") and name != folder_name(one.manifest.n):
            case.fault("replayed", "release.replayed", one.item.under(MANIFEST))
    for listed in deals.values():
        listed.sort(key=lambda one: one.manifest.n)
        full = max((one.manifest.n for one in listed if one.manifest.kind == "full"), default=0)
        for earlier, later in pairwise(listed):
            _follow(case, earlier, later)
        for one in listed:
            if one.manifest.n < full:
                case.fault("replayed", "release.replayed", one.item.under(MANIFEST))


def _follow(case: Case, earlier: ReleaseFound, later: ReleaseFound) -> None:
    if earlier.manifest.n == later.manifest.n:
        case.fault("replayed", "release.replayed", later.item.under(MANIFEST))
    elif later.manifest.previous != earlier.digest:
        if later.manifest.n == earlier.manifest.n + 1:
            case.fault("chain", "release.previous", later.item.under(MANIFEST))
        else:
            case.notes.add("chain")


def _received(case: Case, signed: Signed, says: Received) -> None:
    if says.mismatched or any(one.differing for one in says.tables):
        case.blame("altered", "received.mismatched", signed.label)
    mine = [one for one in case.releases if one.digest == says.release]
    if not mine:
        if any(one.manifest.deal == says.deal and one.manifest.n == says.n for one in case.releases):
            case.blame("chain", "received.release", signed.label)
        else:
            case.notes.add("release")
        return
    manifest = mine[0].manifest
    if (says.deal, says.n, says.package) != (manifest.deal, manifest.n, manifest.package.id):
        case.blame("chain", "received.release", signed.label)
    if signed.signer != manifest.buyer:
        case.blame("signature", "statement.party", signed.label)
    if not says.mismatched and (says.opened != manifest.live or says.opened + says.zero != manifest.leaves.count):
        case.blame("chain", "received.counts", signed.label)
    for found in case.packages:
        if found.bag.id == says.package and found.inside.contents is not None and not found.bag.dirty:
            _tables(case, signed, says, found)


def _tables(case: Case, signed: Signed, says: Received, found: PackageFound) -> None:
    told = found.inside.contents
    assert told is not None
    if {one.name for one in says.tables} != {table for table, _ in told.by_schema().values()}:
        case.blame("chain", "received.tables", signed.label)
    elif says.opened != found.inside.leaves:
        case.notes.add("digests")
    else:
        computed = {one.name: (one.rows, one.digest) for one in found.inside.tables}
        if any(computed[one.name] != (one.rows, one.digest) for one in says.tables):
            case.blame("altered", "received.digest", signed.label)


def _answers(case: Case) -> None:
    """Re-sealed, recalled and withheld: about a release or package of the same deal, signed by its buyer."""
    by_digest = {one.digest: one.manifest for one in case.releases}
    buyers = {one.manifest.deal: one.manifest.buyer for one in case.releases}
    packages = {one.manifest.package.id for one in case.releases} | {one.bag.id for one in case.packages}
    answers: list[tuple[Signed, Resealed | Recalled | Withheld]] = []
    answers += [*case.says(Resealed), *case.says(Recalled), *case.says(Withheld)]
    for signed, says in answers:
        if says.deal in buyers and signed.signer != buyers[says.deal]:
            case.blame("signature", "statement.party", signed.label)
        if isinstance(says, Withheld):
            wrong = bool(packages) and says.package not in packages
        else:
            named = says.releases if isinstance(says, Resealed) else (says.release,)
            wrong = any(one in by_digest and by_digest[one].deal != says.deal for one in named)
            if any(one not in by_digest for one in named):
                case.notes.add("release")
            if isinstance(says, Recalled) and says.release in by_digest:
                order = by_digest[says.release]
                wrong |= not says.whole or (order.kind, order.n, len(order.recall)) != ("recall", says.n, says.slots)
        if wrong:
            case.blame("chain", "answer.release", signed.label)


def _destroyed(case: Case) -> None:
    receipts = case.says(Received)
    sellers = {one.manifest.deal: one.manifest.seller for one in case.releases}
    for signed, says in case.says(Destroyed):
        case.notes.add("attested")
        if says.proven.customers and says.proven.customers.held:
            case.notes.add("held")
        case.heads.append((signed.label, says.proven.ledger))
        if says.deal in sellers and signed.signer != sellers[says.deal]:
            case.blame("signature", "statement.party", signed.label)
        given = {one.digest for one, received in receipts if received.deal == says.deal}
        if not given.issubset(says.proven.receipts):
            case.blame("chain", "destroyed.receipt", signed.label)
        if not set(says.proven.receipts).issubset(given):
            case.notes.add("receipt")
        for one in case.ledgers:
            whole = one.origin == says.proven.ledger.origin and len(one.hashes) >= says.proven.ledger.size
            if (
                whole
                and case.covers(one, says.deal)
                and says.proven.erasures
                and says.proven.erasures not in one.shredded
            ):
                case.blame("chain", "destroyed.erasures", signed.label)


def _wound_up(case: Case) -> None:
    """How many went is said once: nobody whom a hold keeps is among them in one paper and not in the other."""
    certified = {signed.digest: says.proven.customers for signed, says in case.says(Destroyed)}
    for signed, says in case.says(WoundUp):
        counted = certified.get(says.certificate)
        if counted is not None and counted.shredded != says.customers:
            case.blame("chain", "woundup.customers", signed.label)


def _subjects(case: Case) -> None:
    """A statement's subject must be what its predicate speaks of."""
    for signed in case.signed:
        says, named = signed.read.says, {f"sha256:{one}" for one in signed.read.subjects.values()}
        told = {
            Received.KIND: getattr(says, "release", None),
            "shipped": getattr(says, "package", None),
            "released": getattr(says, "manifest", None),
            "invite": getattr(says, "key_id", None),
            "withheld": getattr(says, "package", None),
            "recalled": getattr(says, "release", None),
            "gate": f"sha256:{getattr(says, 'root', '')}",
        }.get(signed.read.kind)
        if told is not None and told not in named:
            case.blame("schema", "statement.subject", signed.label)


def _rehearsal(case: Case) -> None:
    deals: dict[str, list[Signed]] = defaultdict(list)
    for one in case.signed:
        deal = deal_of(one.read.says)
        if deal is not None:
            deals[deal].append(one)
    for listed in deals.values():
        if len({one.read.common.rehearsal for one in listed}) > 1:
            for one in listed:
                if one.read.common.rehearsal:
                    case.blame("replayed", "statement.rehearsal", one.label)


def _left_out(case: Case) -> None:
    """Papers between the parties that a ledger says its signer issued, and of which none was given: said, for they may be hidden."""
    for ledger in case.ledgers:
        given = {one.read.kind for one in case.signed if one.signer == ledger.signer}
        if ledger.kinds.intersection(_EXCHANGED) - given:
            case.notes.add("papers")


def _logged(case: Case) -> None:
    for one in case.signed:
        mine = [ledger for ledger in case.ledgers if ledger.signer == one.signer]
        if not any(ledger.reaches(one.read.common.at) for ledger in mine):
            case.notes.add("ledger")
        elif any(one.digest in ledger.named for ledger in mine):
            continue
        elif any(case.covers(ledger, deal_of(one.read.says)) for ledger in mine):
            case.blame("chain", "statement.unlogged", one.label)
