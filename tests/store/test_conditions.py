"""What the store is asked beyond equal values is answered as by looking at every row, on both stores."""

import random
from collections import Counter

import pytest

from custody.ports.store import Above, AnyOf, Beside, Holds, NoneOf, OneOf, Within

SEED = 20260404
TEXTS = ("", "D-2026-0001", "Ä%b", "a_B", "青禾 Qinghe", "100%", "\\", "/", "ab", "2026-03-01T00:00:00Z")


def meets(row, one) -> bool:
    """By the words of the port."""
    match one:
        case Holds(columns, text):
            return any(fold(text) in fold(row[name]) for name in columns)
        case Within(column, low, high):
            return (low is None or _key(row[column]) >= _key(low)) and (high is None or _key(row[column]) < _key(high))
        case Above(column, other):
            return _key(row[column]) > _key(row[other])
        case OneOf(column, values):
            return row[column] in values
        case NoneOf(column, values):
            return row[column] not in values
        case AnyOf(of):
            return any(meets(row, each) for each in of)
    raise AssertionError(one)


def fold(text: str) -> str:
    """Letters from a to z without their case."""
    return "".join(letter.lower() if letter.isascii() else letter for letter in text)


def _key(value: str | int) -> bytes | int:
    return value.encode() if isinstance(value, str) else value


def asked(chance: random.Random):
    """A condition on the table `correction_to`."""
    text = chance.choice(TEXTS)
    kinds = (
        lambda: Holds(chance.sample(("name", "state", "at"), 2), text[: chance.randrange(len(text) + 1)]),
        lambda: Within("days", chance.choice((None, 2)), chance.choice((None, 6))),
        lambda: Within("at", chance.choice((None, text)), chance.choice((None, "a"))),
        lambda: Above("name", "state"),
        lambda: NoneOf("name", chance.sample(TEXTS, chance.randrange(4))),
        lambda: OneOf("state", chance.sample(TEXTS, chance.randrange(4))),
        lambda: AnyOf([asked(chance) for _ in range(chance.randrange(3))]),
    )
    return chance.choice(kinds)()


@pytest.fixture
def rows(store):
    """Texts in every place, wildcards and both kinds of slash among them."""
    chance = random.Random(SEED)
    made = [
        {"correction": f"cor_{n:03}", "name": chance.choice(TEXTS), "kind": "", "state": chance.choice(TEXTS), "days": chance.randrange(9), "n": 0, "at": chance.choice(TEXTS), "message_id": "", "reply": ""}
        for n in range(120)
    ]  # fmt: skip
    with store.write() as tx:
        tx.add("correction_to", made)
    return made


def test_conditions_are_met_as_by_looking_at_every_row(store, rows):
    """Alone and together, in lists, in streams and in counts."""
    chance = random.Random(SEED)
    with store.read() as tx:
        for _ in range(150):
            where = [asked(chance) for _ in range(chance.randrange(1, 3))]
            equal = {} if chance.random() < 0.7 else {"state": chance.choice(TEXTS)}
            fit = [row for row in rows if all(meets(row, one) for one in where) and equal.items() <= row.items()]
            assert tx.first("correction_to", None, where, order=("correction",), **equal) == fit, where
            assert list(tx.scan("correction_to", where, order=("correction",), **equal)) == fit
            assert tx.count("correction_to", where, **equal) == len(fit)
            by = tx.counts("correction_to", "state", where, **equal)
            assert list(by.items()) == sorted(Counter(row["state"] for row in fit).items(), key=lambda one: one[0].encode())  # fmt: skip


def test_pages_follow_each_other(store, rows):
    """Every row once, in order, and nothing after the last."""
    with store.read() as tx:
        pages = [tx.first("correction_to", 50, (), start, order=("-correction",)) for start in (0, 50, 100, 150)]
    assert list(map(len, pages)) == [50, 50, 20, 0]
    assert [row for page in pages for row in page] == rows[::-1]


def test_what_lies_beside_a_row_is_found_by_the_store(store):
    """By columns, values and whether one is above; there, or not there; grouped and told apart as by looking."""
    chance = random.Random(SEED)
    lines = [{"vault": chance.choice("vw"), "number": n, "tbl": chance.choice("ab"), "row": n % 3} for n in range(60)]
    ends = [{"vault": chance.choice("vw"), "number": n, "why": chance.choice("xy")} for n in range(0, 60, 2)]
    with store.write() as tx:
        tx.add("quarantine", lines)
        tx.add("quarantine_end", ends)
        tx.add(
            "answer",
            [
                {"matter": "m", "subject": bytes([n]), "question": "q", "version": v}
                for n in range(9)
                for v in range(n % 3)
            ],
        )
    for there in (True, False):
        beside = Beside("quarantine_end", (("vault", "vault"), ("number", "number")), {"why": "x"}, there=there)
        fit = [
            row
            for row in lines
            if any((one["vault"], one["number"], one["why"]) == (row["vault"], row["number"], "x") for one in ends)
            == there
        ]
        with store.read() as tx:
            assert [row["number"] for row in tx.first("quarantine", None, (beside,), order=("number",))] == [
                row["number"] for row in fit
            ]
            assert tx.groups("quarantine", ("tbl", "row"), (beside,), vault="v") == Counter(
                (row["tbl"], row["row"]) for row in fit if row["vault"] == "v"
            )
            assert tx.distinct("quarantine", "tbl", (beside,)) == len({row["tbl"] for row in fit})
    newest = Beside("answer", (("subject", "subject"),), {}, there=False, above="version")
    with store.read() as tx:
        assert [
            (row["subject"], row["version"])
            for row in tx.first("answer", None, (newest,), order=("subject",), matter="m")
        ] == [(bytes([n]), n % 3 - 1) for n in range(9) if n % 3]
