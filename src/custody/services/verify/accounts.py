"""Accounts of looks (spec/access.md §5): each opening against its entry, each entry against the ledger, none left out that the ledger can tell."""

from custody.base import merkle
from custody.ledger.checkpoint import origin
from custody.package.account import Account
from custody.package.fault import Fault
from custody.services.verify.case import Case, LedgerFound, Signed


def check_accounts(case: Case) -> None:
    """Hold every account to itself, and to the ledger of its space where that is given."""
    ledgers = {one.origin: one for one in case.ledgers if not one.part}
    for signed, account in case.says(Account):
        for place, line in enumerate(account.entries):
            code = line.fault(account.of, account.name)
            if code:
                case.faults.append(
                    Fault("malformed" if code == "account.form" else "altered", code, signed.label, place)
                )
        numbers = [line.n for line in account.entries]
        if numbers != sorted(set(numbers)):
            case.blame("reordered", "account.form", signed.label)
        ledger = ledgers.get(origin(account.space))
        if ledger is None or len(ledger.hashes) < account.size:
            case.notes.add("ledger")
        else:
            _against(case, signed, account, ledger)


def _against(case: Case, signed: Signed, account: Account, ledger: LedgerFound) -> None:
    for place, line in enumerate(account.entries):
        known = ledger.hashes[line.n] if line.n < account.size else b""
        if known != merkle.leaf_hash(line.entry.encode()):
            case.faults.append(Fault("chain", "account.entry", signed.label, place))
    if account.of == "person":
        listed = {line.n for line in account.entries}
        if any(number < account.size and number not in listed for number in ledger.looks.get(account.name, ())):
            case.blame("missing", "account.left-out", signed.label)
