"""Lists of what customers said and what became of telling them: each line names somebody and an answer (spec/consent.md §9).

What is not understood is told by the number of its line, in both languages, and nothing of what it holds is repeated.
"""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from custody.acts.said import AGREED, RELATION, WORDS
from custody.base import ids
from custody.base.errors import CustodyError, Malformed
from custody.law.gate import PUBLISHED

# A public notice is evidence by its own verb and two people, a guardian's paper by whoever saw it: neither by a list.
_SPOKEN: Final = {
    word: code for code, words in WORDS.items() if code not in {PUBLISHED, RELATION} for word in (code, *words)
}
CODES: Final = tuple(code for code in WORDS if code not in {PUBLISHED, RELATION} and code not in AGREED)
"""What a list may say: a yes is none of it, and is told apart from what nobody understands."""
_WHO: Final = {"subject": "subject", "customer": "customer", "客户": "customer"}
_WHAT: Final = {"answer": "answer", "答复": "answer", "回答": "answer"}
_SHOWN: Final = 20
_WHY: Final = {
    "no such answer": "没有这样的答复", "nobody of that id": "保险库里没有这位客户（也可能在隔离的行里，或者这个值不是客户本人的：姓名、收货人的电话都不算）", "more than one person": "不止一位客户",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the list: its number, who by id or by a value of theirs, and the answer's code."""

    number: int
    subject: bytes
    value: str
    answer: str


def read(readings: Mapping[str, str]) -> list[Line]:
    """The lines of the one reading that has columns of ours; of two that differ, the one of which more is understood.

    What was read wrongly is none of our words and nobody's number, so nobody's answer is guessed. Raises Malformed `answers.form`.
    """
    if not readings:
        raise Malformed(
            "answers.form", "The list is no text in an encoding known here.", next="Save it as CSV (UTF-8)."
        )
    fits, faults = list[list[Line]](), list[Malformed]()
    for text in dict.fromkeys(readings.values()):
        try:
            fits.append(list(_lines(text)))
        except Malformed as error:
            faults.append(error)
    if not fits:
        raise faults[0]
    return max(fits, key=lambda lines: sum(bool(line.answer) for line in lines))


def _lines(text: str) -> Iterator[Line]:
    try:
        reader = csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
        lines = list(reader)
    except csv.Error as error:
        raise Malformed("answers.form", "The list is not CSV.", next="Save it as CSV (UTF-8).") from error
    heads = [name.strip() for name in reader.fieldnames or ()]
    who, what = [one for one in heads if one in _WHO], next((one for one in heads if one in _WHAT), None)
    if not who or what is None:
        raise Malformed(
            "answers.form", "The list needs the columns customer and answer.", next="customer,answer on its first line"
        )
    for number, line in enumerate(lines, start=2):
        told = {(name or "").strip(): value for name, value in line.items() if isinstance(value, str)}
        by = {_WHO[name]: cell.strip() for name in who if (cell := told.get(name) or "").strip()}
        answer = _SPOKEN.get(told.get(what, "").strip(), "")
        yield Line(number, _subject(by.get("subject", "")), "" if "subject" in by else by.get("customer", ""), answer)


def not_understood(faults: Sequence[tuple[int, str]]) -> Malformed:
    """The lines by their numbers, in both languages; what stands in them is said in neither."""
    shown, left = faults[:_SHOWN], len(faults) - _SHOWN
    english = "; ".join(f"{number}: {why}" for number, why in shown)
    error = Malformed(
        "answers.lines", f"Lines not understood: {english}{f' (+{left})' if left > 0 else ''}.",
        next="Correct them and take the list again. Name each by a number, phone, e-mail or document of their own; a name, or the phone of whoever gets their orders, names nobody.",
    )  # fmt: skip
    chinese = "；".join(f"第 {number} 行：{_WHY[why]}" for number, why in shown)
    error.zh = f"名单里有看不懂的行，一行也没有录入。{chinese}{f'；另有 {left} 行' if left > 0 else ''}。"
    return error


def _subject(text: str) -> bytes:
    try:
        return ids.subject_bytes(text)
    except CustodyError:
        return b""
