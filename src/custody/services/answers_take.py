"""Take in real answers: who was reached, who agreed, who said no, from the list a notice run or a call centre kept (B1, B2).

A line that cannot be understood is told with its number and nothing of the list is taken: half a list of consents is
worse than none. Taking the same list again changes nothing. Silence has no line, and no line is no consent.
"""

import csv
import io
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Final, cast

from custody.acts.desk import Desk
from custody.acts.evidence import append
from custody.acts.listed import by_value
from custody.acts.matters import EVERYTHING, deal, record_evidence
from custody.acts.said import RELATION, WORDS
from custody.acts.vaults import sha256
from custody.base import canonical, ids, merkle
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.base.errors import CustodyError, Malformed
from custody.law.gate import PUBLISHED
from custody.ports.store import Row, Transaction, one

# A public notice is evidence by its own verb and two people, a guardian's paper by whoever saw it: neither by a list.
_SPOKEN: Final = {
    word: code for code, words in WORDS.items() if code not in {PUBLISHED, RELATION} for word in (code, *words)
}
_WHO: Final = {"subject": "subject", "customer": "customer", "客户": "customer"}
_WHAT: Final = {"answer": "answer", "答复": "answer", "回答": "answer"}
_SHOWN: Final = 20
_BATCH: Final = 2_000
_WHY: Final = {
    "no such answer": "没有这样的答复", "nobody of that id": "保险库里没有这位客户（也可能在隔离的行里）", "more than one person": "不止一位客户",
}  # fmt: skip
TAKERS: Final = ("privacy", "data")


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of the list: its number, who by id or by a value of theirs, and the answer's code."""

    number: int
    subject: bytes
    value: str
    answer: str


def answers_take(
    desk: Desk, named_deal: str, data: bytes, tell: Callable[[int], None] = lambda _: None
) -> Mapping[str, Json]:
    """`data` is CSV in any encoding that a source may have (spec/sources.md §2), with the columns `answer` and `subject` (sub_…) or `customer` (their number, phone, e-mail, document).

    `tell` hears how many lines were looked up, and stops it by raising: nothing is kept before all are understood.
    Raises Malformed `answers.lines`, `answers.form`. What customers are looked up by is kept nowhere.
    """
    desk.require(TAKERS)
    lines = _read(desk.sources.texts(data))
    with desk.store.read() as tx:
        matter = deal(tx, desk.space, named_deal)
        vault = cast("Row", one(tx, "vault", id=str(matter["vault"])))
    found = _looked_up(desk, vault, lines, tell)
    with desk.store.write() as tx:
        rows = list(_understood(tx, str(matter["vault"]), lines, found))
        now, digest = stamp(desk.clock.now()), sha256(data)
        counts: dict[str, Json] = dict(sorted(Counter(kind for _, _, kind in rows).items()))
        root = merkle.root(
            [merkle.leaf_hash(canonical.encode([who.hex(), kind])) for who, _, kind in sorted(rows)]
        ).hex()
        says: dict[str, Json] = {"counts": counts, "root": root, "list": digest, "principal": desk.principal.id}
        position = append(tx, desk.space, now, "answers-taken", says, detail={"matter": str(matter["id"])})
        fresh = record_evidence(tx, str(matter["id"]), rows, now, position)
    return {
        "deal": str(matter["ref"]),
        "recorded": fresh,
        "counts": counts,
        "ledger": f"{desk.space}@{position}",
        "resumed": not fresh,
    }


def _looked_up(
    desk: Desk, vault: Row, lines: Sequence[_Line], tell: Callable[[int], None]
) -> Mapping[str, AbstractSet[bytes]]:
    """Who has the values of the lines, so many lines at a time."""
    found: dict[str, AbstractSet[bytes]] = {}
    for start in range(0, len(lines), _BATCH):
        part = lines[start : start + _BATCH]
        found |= by_value(desk, vault, {line.value for line in part if line.value} - found.keys())
        tell(len(part))
    return found


def _read(readings: Mapping[str, str]) -> list[_Line]:
    """The lines of the one reading that has columns of ours; of two that differ, the one of which more is understood.

    What was read wrongly is none of our words and nobody's number, so nobody's answer is guessed. Raises Malformed `answers.form`.
    """
    if not readings:
        raise Malformed(
            "answers.form", "The list is no text in an encoding known here.", next="Save it as CSV (UTF-8)."
        )
    fits, faults = list[list[_Line]](), list[Malformed]()
    for text in dict.fromkeys(readings.values()):
        try:
            fits.append(list(_lines(text)))
        except Malformed as error:
            faults.append(error)
    if not fits:
        raise faults[0]
    return max(fits, key=lambda lines: sum(bool(line.answer) for line in lines))


def _lines(text: str) -> Iterator[_Line]:
    try:
        reader = csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
        lines = list(reader)
    except csv.Error as error:
        raise Malformed("answers.form", "The list is not CSV.", next="Save it as CSV (UTF-8).") from error
    heads = [name.strip() for name in reader.fieldnames or ()]
    who, what = next((one for one in heads if one in _WHO), None), next((one for one in heads if one in _WHAT), None)
    if who is None or what is None:
        raise Malformed(
            "answers.form", "The list needs the columns customer and answer.", next="customer,answer on its first line"
        )
    for number, line in enumerate(lines, start=2):
        told = {(name or "").strip(): value for name, value in line.items() if isinstance(value, str)}
        by, answer = (told.get(who) or "").strip(), _SPOKEN.get((told.get(what) or "").strip(), "")
        known = _WHO[who] == "subject"
        yield _Line(number, _subject(by) if known else b"", "" if known else by, answer)


def _understood(
    tx: Transaction, vault: str, lines: Sequence[_Line], found: Mapping[str, AbstractSet[bytes]]
) -> Iterator[tuple[bytes, int, str]]:
    known = {cast("bytes", row["id"]) for row in tx.scan("subject", order=("id",), vault=vault, state="live")}
    taken, faults = [], list[tuple[int, str]]()
    for line in lines:
        who = [line.subject] if line.subject in known else sorted(found.get(line.value, set()) & known)
        if len(who) != 1 or not line.answer:
            why = "no such answer" if len(who) == 1 else "nobody of that id" if not who else "more than one person"
            faults.append((line.number, why))
        else:
            taken.append((who[0], EVERYTHING, line.answer))
    if faults:
        raise _not_understood(faults)
    yield from taken


def _not_understood(faults: Sequence[tuple[int, str]]) -> Malformed:
    """The lines by their numbers, in both languages; what stands in them is said in neither."""
    shown, left = faults[:_SHOWN], len(faults) - _SHOWN
    english = "; ".join(f"{number}: {why}" for number, why in shown)
    error = Malformed(
        "answers.lines", f"Lines not understood: {english}{f' (+{left})' if left > 0 else ''}.",
        next="Correct them and take the list again.",
    )  # fmt: skip
    chinese = "；".join(f"第 {number} 行：{_WHY[why]}" for number, why in shown)
    error.zh = f"名单里有看不懂的行，一行也没有录入。{chinese}{f'；另有 {left} 行' if left > 0 else ''}。"
    return error


def _subject(text: str) -> bytes:
    try:
        return ids.subject_bytes(text)
    except CustodyError:
        return b""
