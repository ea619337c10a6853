"""Whether an identifier tells one person from every other: what two of them have on file proves neither (spec/portal.md §2, spec/requests.md §7).

Asked of the index by which people are found, outside any transaction, since an index that is missing is built first. It names whoever has the
value in any row; only who has it as an identifier of their own counts, as it does where it proves something. Records that two people called the
same person count as one.
"""

from collections import Counter
from collections.abc import Collection, Iterable
from typing import Final

from custody.acts.desk import Desk
from custody.acts.holdings import holdings, holdings_of, identifiers, knows
from custody.acts.twins import called_same
from custody.acts.whose import whose
from custody.ports.store import Row, Transaction, one

_MANY: Final = 20
"""What so many others have in their rows is nobody's own; nobody is opened to find that out."""
_EVEN: Final = 4
"""So many people are opened at least, where fewer have a value the one who asks again: more than four of one household seldom share a telephone."""
_NOBODY: Final = frozenset(("joint", "reference", "quarantine"))


def shared(desk: Desk, vault: Row, who: bytes, kind: str, value: str) -> bool:
    """Whether somebody else here has this value as an identifier of their own, too. Raises Unavailable `index.building`.

    Asked of whatever was said, right or wrong, it opens as many people whoever has the value: how long it takes tells nothing.
    """
    _, found = whose(desk, vault, [value], [kind])
    with desk.store.read() as tx:
        own = {who, *called_same(tx, str(vault["id"]), [who])}
        others = [other for other in found[value] if other not in own]
        has = [_has(desk, tx, vault, other, kind, value) for other in others[:_MANY]]
        for _ in range(_EVEN - len(has)):
            _has(desk, tx, vault, who, kind, value)
    return len(others) > _MANY or any(has)


def others_have(
    desk: Desk, vault: Row, told: Iterable[tuple[bytes, str, str]], gone: Collection[bytes]
) -> set[tuple[str, str]]:
    """Of these (whose, kind, value) the (kind, value) that somebody who stays has as their own, too, or may have: of a record that nobody can read nobody knows. Raises Unavailable `index.building`."""
    by_kind = dict[str, set[str]]()
    with desk.store.read() as tx:
        away = {*gone, *called_same(tx, str(vault["id"]), gone)}
    for _, kind, value in told:
        by_kind.setdefault(kind, set()).add(value)
    found = set[tuple[str, str]]()
    for kind, values in by_kind.items():
        for value, held in whose(desk, vault, values, [kind])[1].items():
            others = [who for who in held if who not in away]
            with desk.store.read() as tx:
                if others and (len(others) > _MANY or _any_has(desk, tx, vault, others, kind, value)):
                    found.add((kind, value))
    return found


def _any_has(desk: Desk, tx: Transaction, vault: Row, others: Collection[bytes], kind: str, value: str) -> bool:
    return any(_may_have(desk, tx, vault, other, kind, value) for other in others)


def _has(desk: Desk, tx: Transaction, vault: Row, other: bytes, kind: str, value: str) -> bool:
    name = str(vault["id"])
    row = one(tx, "subject", vault=name, id=other, state="live")
    if row is None or row["kind"] in _NOBODY:
        return False
    on_file = identifiers(holdings(desk, tx, name, other)).get(kind, [])
    return knows(kind, value, on_file, str(vault["region"]))


def _may_have(desk: Desk, tx: Transaction, vault: Row, other: bytes, kind: str, value: str) -> bool:
    lost, name = Counter[bytes](), str(vault["id"])
    row = one(tx, "subject", vault=name, id=other, state="live")
    if row is None or row["kind"] in _NOBODY:
        return False
    ((_, held),) = holdings_of(desk, tx, name, [other], lost)
    return bool(lost) or knows(kind, value, identifiers(held).get(kind, []), str(vault["region"]))
