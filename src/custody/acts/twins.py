"""Records that share an identifier and may be one person's (spec/law.md §7): a no of one makes the other wait until somebody says whether they are.

Sought for those alone whom it concerns: who said a no, is looked at, or is erased. What is kept of a pair is two random ids and the kinds that
they share, never a value. Outside any transaction, since an index that is missing is built first.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from itertools import islice
from typing import Final, NamedTuple, cast

from custody.acts.asking import BLANKET, OBJECTION, OWN_NO
from custody.acts.contacts import contacts
from custody.acts.desk import Desk
from custody.acts.finding import answers_at_once
from custody.acts.noted import leaving
from custody.acts.slots import high_water
from custody.acts.suppressing import on_file
from custody.acts.vaults import AUDIT
from custody.acts.whose import whose
from custody.base import canonical, ids
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.base.errors import CustodyError, Unavailable
from custody.law.gate import DIED, KEPT, LEAVING
from custody.ports.store import Cells, Row, Transaction, one
from custody.vault.index import NEWEST, normalise

SAME: Final = "same"
OTHER: Final = "other"
WORDS: Final = (SAME, OTHER)
_ON_FILE: Final = (OBJECTION, *BLANKET, *OWN_NO.values(), DIED)
HEARD: Final = frozenset((*_ON_FILE, LEAVING, KEPT))
"""What of one record holds back the other, too."""
_MOST: Final[Mapping[str, int]] = {"id-number": 50, "email": 5, "phone": 5}
"""As many records at most are taken for one person's by a value: a switchboard is nobody's second record (as in a review)."""
_NOBODY: Final = frozenset(("joint", "reference", "quarantine"))
_BATCH: Final = 2_000
_BORN: Final = "turns_18_on"
_WHOLE: Final = b""


class Beside(NamedTuple):
    """Another record that shares an identifier: by which kinds, whether its name or birth date tells it apart, what people said, and how many."""

    other: bytes
    kinds: tuple[str, ...]
    apart: bool
    said: str
    by: int

    @property
    def open(self) -> bool:
        """Whether it may be the same person as far as anybody knows."""
        return self.said == "" and not self.apart

    def to_json(self) -> dict[str, Json]:
        """As staff see it."""
        said = self.said or ("told-apart" if self.apart else "open")
        return {"subject": ids.subject_text(self.other), "kinds": list[Json](self.kinds), "said": said, "by": self.by}


class Seen(NamedTuple):
    """What a look found: of which vault and whom, as of when, and each pair with its kinds and whether it is told apart."""

    vault: str
    people: Collection[bytes]
    mark: int
    at: str
    pairs: Mapping[tuple[bytes, bytes], tuple[Collection[str], bool]]


def beside(tx: Transaction, vault: str, who: bytes) -> list[Beside]:
    """The records that share an identifier with this one, as far as they were sought, the erased ones among them."""
    rows = tx.find("twin", order=("other",), vault=vault, subject=who)
    return [_beside(tx, vault, row) for row in rows]


def here(tx: Transaction, vault: str, who: bytes) -> list[Beside]:
    """Those of them that are held here still."""
    found = beside(tx, vault, who)
    return [each for each in found if tx.count("subject", vault=vault, id=each.other, state="live")]


def alone(tx: Transaction, vault: str, who: bytes) -> bool:
    """Whether it was looked for, and no other record here may be theirs, too."""
    if one(tx, "sought", vault=vault, subject=who) is None:
        return False
    return not any(each.open or each.said == SAME for each in here(tx, vault, who))


def pairs(tx: Transaction, vault: str) -> Iterator[tuple[bytes, Beside]]:
    """(whose, the record beside it) of everybody."""
    for row in tx.find("twin", order=("subject", "other"), vault=vault):
        yield cast("bytes", row["subject"]), _beside(tx, vault, row)


def in_pairs(tx: Transaction, vault: str) -> set[bytes]:
    """Who is of any pair."""
    return {cast("bytes", who) for (who,) in tx.columns("twin", ("subject",), vault=vault)}


def called_same(tx: Transaction, vault: str, people: Iterable[bytes]) -> set[bytes]:
    """The records that two people called the same person as one of these."""
    return {each.other for who in people for each in beside(tx, vault, who) if each.said == SAME and each.by > 1}


def _beside(tx: Transaction, vault: str, row: Row) -> Beside:
    first, second = sorted((cast("bytes", row["subject"]), cast("bytes", row["other"])))
    words = [str(each["word"]) for each in tx.find("twin_said", vault=vault, subject=first, other=second)]
    said = words[0] if len(set(words)) == 1 else ""
    # Two people who contradict each other leave it open, whatever name and birth date say.
    apart = bool(row["apart"]) and not words
    return Beside(
        cast("bytes", row["other"]), tuple(str(row["kinds"]).split(",")), apart, said, len(words) if said else 0
    )


def unsought(tx: Transaction, matter: Row) -> set[bytes]:
    """Whose no is on file in this deal and whose other records were not sought since something came into the vault, or since they were corrected; and who was corrected since."""
    vault = str(matter["vault"])
    mark = _mark(tx, vault)
    known = {cast("bytes", row["subject"]): row for row in tx.find("sought", vault=vault)}
    kinds = (tx.columns("evidence", ("subject",), matter=matter["id"], type=kind) for kind in _ON_FILE)
    noes = {cast("bytes", who) for rows in kinds for (who,) in rows if who} | leaving(tx, vault)
    found = {who for who in noes if who not in known or known[who]["mark"] != mark}
    for who, at in tx.columns("revision", ("subject", "at"), vault=vault):
        seen = known.get(cast("bytes", who))
        if seen is None or str(seen["at"]) < str(at):
            found.add(cast("bytes", who))
    live = {cast("bytes", who) for (who,) in tx.among("subject", ("id",), "id", found, vault=vault, state="live")}
    if _WHOLE not in known or known[_WHOLE]["mark"] != mark:
        return live | _objected(tx, vault) | {_WHOLE}
    return live


def _objected(tx: Transaction, vault: str) -> set[bytes]:
    """Whose no came with their data. It is in the facts of a person: read once after something came in."""
    rows = tx.columns("subject", ("id", "facts"), vault=vault, state="live")
    return {cast("bytes", who) for who, facts in rows if b'"objected":true' in cast("bytes", facts)}


def seek_heard(desk: Desk, matter: Row) -> None:
    """Seek the other records of everybody whose no is on file in this deal. Raises Unavailable `index.building`."""
    with desk.store.read() as tx:
        people, vault = unsought(tx, matter), one(tx, "vault", id=matter["vault"])
    waiting = iter(sorted(people - {_WHOLE}) if vault else ())
    while some := list(islice(waiting, _BATCH)):
        seek(desk, cast("Row", vault), some)
    if vault and _WHOLE in people:
        with desk.store.write() as tx:
            _note(tx, str(vault["id"]), [_WHOLE], _mark(tx, str(vault["id"])), stamp(desk.clock.now()))


def require_sought(tx: Transaction, matter: Row) -> None:
    """Raises Unavailable `gate.twins`."""
    if unsought(tx, matter):
        raise Unavailable(
            "gate.twins",
            "Somebody said no meanwhile whose other records were not looked for yet.",
            next="Run the command again.",
        )


def look_if_may(desk: Desk, vault: str, people: Collection[bytes]) -> Seen | None:
    """A look before somebody's no is on file, to be noted with it; None where the index does not answer at once."""
    with suppress(CustodyError):
        with desk.store.read() as tx:
            row = one(tx, "vault", id=vault)
        if row is not None and answers_at_once(desk, row):
            return look(desk, row, people)
    return None


def seek_if_may(desk: Desk, vault: str, people: Collection[bytes], *, build: bool = False) -> None:
    """The same of a few as they are looked at or answer. It stops nothing, and unless told otherwise waits for no index to be built: until it was done, the gate seeks before it decides, and nothing is released."""
    with suppress(CustodyError):
        with desk.store.read() as tx:
            row = one(tx, "vault", id=vault)
        if row is not None and (build or answers_at_once(desk, row)):
            seek(desk, row, people)


def seek(desk: Desk, vault: Row, people: Collection[bytes]) -> None:
    """Note every record that has an identifier of these people as its own, too. Raises Unavailable `index.building`."""
    found = look(desk, vault, people)
    with desk.store.write() as tx:
        put(tx, found)


def put(tx: Transaction, found: Seen) -> None:
    """Note what a look found."""
    for (who, other), (kinds, apart) in found.pairs.items():
        _put(tx, found.vault, who, other, kinds, apart=apart)
        _put(tx, found.vault, other, who, kinds, apart=apart)
    _note(tx, found.vault, found.people, found.mark, found.at)


def look(desk: Desk, vault: Row, people: Collection[bytes]) -> Seen:
    """Every record that has an identifier of these people as its own, too: outside any transaction. Raises Unavailable `index.building`."""
    name, at = str(vault["id"]), stamp(desk.clock.now())
    with desk.store.read() as tx:
        mark = _mark(tx, name)
        live = {cast("bytes", who) for (who,) in tx.among("subject", ("id",), "id", people, vault=name, state="live")}
        mine = _forms(desk, tx, vault, live, Counter())
    shared = _shared(desk, vault, mine)
    lost = Counter[bytes]()
    with desk.store.read() as tx:
        others = _people(tx, name, {other for _, other in shared})
        theirs = _forms(desk, tx, vault, others, lost)
        sure = {pair: kinds for pair, told in shared.items() if pair[1] in others
                and (kinds := {kind for kind, form in told if lost[pair[1]] or pair[1] in theirs.get((kind, form), ())})}  # fmt: skip
        apart = _apart(desk, tx, name, sure)
    told = {pair: (kinds, pair in apart and "id-number" not in kinds) for pair, kinds in sure.items()}
    return Seen(name, live, mark, at, told)


def _forms(
    desk: Desk, tx: Transaction, vault: Row, people: Collection[bytes], lost: Counter[bytes]
) -> dict[tuple[str, str], dict[bytes, str]]:
    """{(kind, normal form): {whose own it is: as written}}."""
    found = defaultdict[tuple[str, str], dict[bytes, str]](dict)
    for who, kind, value in on_file(desk, tx, str(vault["id"]), people, lost) if people else ():
        form = normalise(NEWEST[kind], value, str(vault["region"]))
        if form:
            found[kind, form][who] = value
    return found


def _shared(
    desk: Desk, vault: Row, mine: Mapping[tuple[str, str], Mapping[bytes, str]]
) -> dict[tuple[bytes, bytes], set[tuple[str, str]]]:
    """{(who, who else has it in any row): (kind, form)}, by the index."""
    found = defaultdict[tuple[bytes, bytes], set[tuple[str, str]]](set)
    for kind, most in _MOST.items():
        written = {next(iter(held.values())): form for (each, form), held in mine.items() if each == kind}
        for value, holders in whose(desk, vault, written, [kind])[1].items() if written else ():
            form = written[value]
            if len(holders) <= most:
                for who in mine[kind, form]:
                    for other in holders.keys() - {who}:
                        found[who, other].add((kind, form))
    return found


def _people(tx: Transaction, vault: str, ids_of: Collection[bytes]) -> set[bytes]:
    rows = tx.among("subject", ("id", "kind"), "id", ids_of, vault=vault, state="live")
    return {cast("bytes", who) for who, kind in rows if kind not in _NOBODY}


def _apart(desk: Desk, tx: Transaction, vault: str, found: Iterable[tuple[bytes, bytes]]) -> set[tuple[bytes, bytes]]:
    """The pairs whose names or birth dates are those of two people: a household's telephone is nobody's second record."""
    people = {who for pair in found for who in pair}
    if not people:
        return set()
    names = {who: contact.name for who, contact in contacts(desk, tx, vault, people).items()}
    born = dict[bytes, str]()
    for who, facts in tx.among("subject", ("id", "facts"), "id", people, vault=vault):
        told = cast("Mapping[str, Json]", canonical.decode(cast("bytes", facts), strict=False))
        born[cast("bytes", who)] = str(told.get(_BORN) or "")
    return {
        (a, b)
        for a, b in found
        if _two_names(names[a], names[b]) or ("" not in {born[a], born[b]} and born[a] != born[b])
    }


def _two_names(first: str, second: str) -> bool:
    """Whether two names in one script are not one. A name in another script may be the same."""
    one_name, other = ("".join(name.split()).casefold() for name in (first, second))
    if not one_name or not other or one_name.isascii() != other.isascii():
        return False
    parts = {frozenset(name.casefold().split()) for name in (first, second)}
    return one_name != other and len(parts) > 1 and not (min(parts, key=len) < max(parts, key=len))


def _put(tx: Transaction, vault: str, who: bytes, other: bytes, kinds: Iterable[str], *, apart: bool) -> None:
    key: Cells = {"vault": vault, "subject": who, "other": other}
    row = one(tx, "twin", **key)
    says: Cells = {"kinds": ",".join(sorted(kinds)), "apart": int(apart)}
    if row is None:
        tx.add("twin", [{**key, **says}])
    elif any(row[name] != value for name, value in says.items()):
        tx.change("twin", says, **key)


def _note(tx: Transaction, vault: str, people: Iterable[bytes], mark: int, at: str) -> None:
    for who in people:
        tx.drop("sought", vault=vault, subject=who)
        tx.add("sought", [{"vault": vault, "subject": who, "mark": mark, "at": at}])


def _mark(tx: Transaction, vault: str) -> int:
    """It grows with whatever comes into the vault: how many keys of people's data lie in it."""
    return sum(cast("int", after) for number, after in high_water(tx, vault).items() if int(number) != AUDIT)
