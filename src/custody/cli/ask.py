"""An interview in a terminal: one question at a time, why it is asked, "don't know" always an answer."""

import json
from collections.abc import Callable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

import click

from custody import wiring
from custody.acts.interviewing import PLACES
from custody.cli.verb import Call, Result
from custody.cli.words import Words
from custody.ports.laws import Laws
from custody.services.interview import interview

Facts = dict[str, Any]
_UNKNOWN: Final = frozenset(("?", "？", ""))
_YES: Final = frozenset(("y", "yes", "是", "对", "true"))
_NO: Final = frozenset(("n", "no", "否", "不", "false"))


def asked(call: Call, laws: Laws, given: Mapping[str, Any], draft: Path | None, today: date) -> Facts:
    """Facts after the interview, null for "don't know". Each answer is kept in `draft` at once: run again, it goes on."""
    facts: Facts = json.loads(json.dumps(given))
    call.say(_INTRO.of(call.lang))
    number = 0
    state: Result = interview(laws, facts, today)
    while question := state["question"]:
        number += 1
        _put(call, question, number, state["open"])
        for part in question["parts"]:
            _note(facts, part, _answer(call, part, alone=len(question["parts"]) == 1))
        if draft is not None:
            wiring.folder(draft.parent).write(draft.name, json.dumps(facts, ensure_ascii=False, indent=1).encode())
        state = interview(laws, facts, today)
    _close(call, state, number)
    return facts


def shown_question(state: Result, lang: str) -> object:
    """The next question as text; what stands when there is none."""
    question = state["question"]
    if question is None:
        return _DONE.of(lang).format(n=0, fired=len(state["fired"]), unknown=len(state["unknown"]))
    lines = [question["says"][lang], question["why"][lang]]
    return "\n".join([*lines, *(f"  {part['fact']}: {part['asks'][lang]}{_choices(part, lang)}" for part in question["parts"])])  # fmt: skip


def _put(call: Call, question: Result, number: int, left: int) -> None:
    call.say(f"\n{number}. {question['says'][call.lang]}  {_LEFT.of(call.lang).format(n=left)}")
    call.say(f"   {question['why'][call.lang]}")


def _answer(call: Call, part: Result, *, alone: bool) -> Any:  # noqa: ANN401 - a fact has any type
    """The value, or None for "don't know"; asks again until it is one or the other."""
    lead = part["name"][call.lang] if alone else part["asks"][call.lang]
    while True:
        text = click.prompt(f"   {lead}{_choices(part, call.lang)}", default="?", show_default=False, err=True)
        try:
            return _read(part, str(text).strip())
        except ValueError:
            call.say(f"   {_AGAIN.of(call.lang)}")


def _read(part: Result, text: str) -> Any:  # noqa: ANN401 - a fact has any type
    if text in _UNKNOWN and part["fact"] != PLACES:
        return None
    return _READ[part["type"]](part, text)


def _flag(_: Result, text: str) -> bool:
    if text.lower() in _YES | _NO:
        return text.lower() in _YES
    raise ValueError


def _one(part: Result, text: str) -> str:
    values = list(part["values"])
    return text if text in values else values[_place(text, len(values))]


def _some(part: Result, text: str) -> list[str]:
    if text in {"0", "-", "无", "none"} and part["fact"] != PLACES:
        return []
    found = [_one(part, one) for one in text.replace("，", ",").replace(",", " ").split()]
    if not found:
        raise ValueError
    return list(dict.fromkeys(found))


def _place(text: str, most: int) -> int:
    number = int(text)
    if not 1 <= number <= most:
        raise ValueError
    return number - 1


def _figure(part: Result, text: str) -> int | str:
    plain = text.replace(",", "").replace("，", "")
    if plain.isascii() and plain.isdigit():
        number = int(plain)
        if part["most"] is not None and number > part["most"]:
            raise ValueError
        return number
    if part["type"] == "integer" or not plain.replace(".", "", 1).replace("/", "", 1).isdigit():
        raise ValueError
    return plain


def _day(_: Result, text: str) -> str:
    return date.fromisoformat(text).isoformat()


def _instant(_: Result, text: str) -> str:
    if datetime.fromisoformat(text).tzinfo is None:
        raise ValueError
    return text


_READ: Final[Mapping[str, Callable[[Result, str], Any]]] = {
    "boolean": _flag, "one_of": _one, "some_of": _some, "integer": _figure, "number": _figure, "date": _day,
    "instant": _instant,
}  # fmt: skip


def _note(facts: Facts, part: Result, value: Any) -> None:  # noqa: ANN401 - a fact has any type
    group, _, leaf = part["fact"].partition(".")
    if leaf:
        facts.setdefault(group, {})[leaf] = value
    else:
        facts[group] = value


def _choices(part: Result, lang: str) -> str:
    if part["type"] in {"one_of", "some_of"}:
        listed = "  ".join(f"{n} {words[lang]}" for n, words in enumerate(part["values"].values(), start=1))
        return f"\n     {listed}\n   {(_SOME if part['type'] == 'some_of' else _ONE).of(lang)}"
    return f" {_FORM[part['type']].of(lang)}"


def _close(call: Call, state: Result, number: int) -> None:
    for one in state["follows"]:
        call.say(f"   {one['says'][call.lang]}")
    call.say(_DONE.of(call.lang).format(n=number, fired=len(state["fired"]), unknown=len(state["unknown"])))


_INTRO: Final = Words(
    "只问会改变结论的问题。不知道就按回车或输入 ?。",
    "Only what changes the outcome is asked. Enter, or ?, means: I don't know.",
)
_LEFT: Final = Words("（还有 {n} 题可能要问）", "({n} still open)")
_DONE: Final = Words(
    "\n没有要问的了（问了 {n} 题）：{fired} 条规则成立，{unknown} 条还不能定。",
    "\nNothing is left to ask ({n} questions): {fired} rules apply, {unknown} cannot be told yet.",
)
_AGAIN: Final = Words(
    "没有看懂，请再答一次；不知道就输入 ?。", "That was not understood. Answer again, or ? if you don't know."
)
_ONE: Final = Words("选一个", "choose one")
_SOME: Final = Words("可多选，用逗号分开；0 表示都没有", "choose any, with commas; 0 is none of them")
_FORM: Final = {
    "boolean": Words("（是/否）", "(y/n)"), "integer": Words("（整数）", "(a whole number)"),
    "number": Words("（数，如 2.5 或 5/3）", "(a number, such as 2.5 or 5/3)"), "date": Words("（年-月-日）", "(YYYY-MM-DD)"),
    "instant": Words("（如 2026-03-16T14:30:00+08:00）", "(such as 2026-03-16T14:30:00+08:00)"),
}  # fmt: skip
