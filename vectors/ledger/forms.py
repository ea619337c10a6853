"""Vectors of canonical texts, entries and openings (spec/ledger.md §1, §3, §6)."""

import json
from collections.abc import Mapping

from seeds import SPACE, Case, seed

from custody.base import canonical
from custody.ledger import entry

AT = "2026-03-16T01:00:00.000001Z"


def texts() -> Case:
    """Bytes that are canonical, and bytes that are not, by defect."""
    good = {
        "empty object": b"{}", "nested": b'{"a":[1,{"b":null}],"c":"\xe5\xae\xa2\xe6\x88\xb7"}', "largest integer": b"9007199254740991",
        "smallest integer": b"-9007199254740991", "controls escaped": b'"\\u0000\\b\\t\\n\\f\\r\\u001f\\"\\\\"', "as they are": b'"/\x7f\xe2\x80\xa8"',
        "not normalised": b'"e\xcc\x81"', "astral": b'"\xf0\x9f\x90\xa6"', "32 levels": b"[" * 32 + b"0" + b"]" * 32, "keys by byte": b'{"":0,"A":0,"a":0,"b":0}',
    }  # fmt: skip
    bad = {
        "canonical.syntax": {
            "float": b"1.0", "exponent": b"1e2", "key twice": b'{"a":1,"a":1}', "not UTF-8": b'"\xff"', "byte order mark": b"\xef\xbb\xbf{}",
            "raw control": b'"\x01"', "nothing": b"", "two values": b"{}{}", "trailing comma": b"[1,]",
        },
        "canonical.form": {
            "white space": b'{"a": 1}', "newline after": b"{}\n", "keys out of order": b'{"b":0,"a":0}', "minus zero": b"-0",
            "escape not needed": b'"\\u0061"', "slash escaped": b'"\\/"', "capital hex": b'"\\u001F"', "long escape": b'"\\u000a"', "escaped pair": b'"\\ud83d\\udc26"',
        },
        "canonical.type": {"not a number": b"NaN", "infinite": b"Infinity"},
        "canonical.integer": {"beyond 2^53-1": b"9007199254740992"},
        "canonical.key": {"key not ASCII": b'{"\xe5\xae\xa2":1}'},
        "canonical.text": {"lone surrogate": b'"\\ud800"'},
        "canonical.depth": {"33 levels": b"[" * 33 + b"0" + b"]" * 33},
    }  # fmt: skip
    cases = [{"name": name, "text": data.hex(), "expect": "reads"} for name, data in good.items()]
    cases += [
        {"name": name, "text": data.hex(), "expect": slug} for slug, some in bad.items() for name, data in some.items()
    ]
    return {"cases": cases}


def entries() -> Case:
    """One entry whole, and the same with one thing wrong at a time; openings and what they commit to."""
    opened = entry.opening({"matter": "mat_1"}, seed("salt", 16))
    made = entry.make(
        3, at=AT, kind="statement", space=SPACE, prev=seed("prev"), says={"statement": "gate", "n": 1}, opening=opened
    )
    whole = json.loads(made.data)
    bad = {
        "another version": {"v": 2}, "true for a version": {"v": True}, "true for a number": {"n": True}, "negative number": {"n": -1}, "number as text": {"n": "3"},
        "no microseconds": {"at": "2026-03-16T01:00:00Z"}, "with an offset": {"at": "2026-03-16T09:00:00.000001+08:00"}, "kind with a space": {"kind": "some thing"},
        "kind in capitals": {"kind": "Statement"}, "space empty": {"space": ""}, "space with a slash": {"space": "a/b"}, "short root": {"prev": "ab"},
        "root in capitals": {"prev": "AB" * 32}, "no commitment": {"c": None}, "says a list": {"says": []}, "one more member": {"note": "x"},
    }  # fmt: skip
    cases: list[Case] = [{"name": "whole", "entry": made.data.hex(), "expect": "reads", "leaf": made.hash.hex()}]
    cases += [_changed(name, whole, change) for name, change in bad.items()]
    cases.append({"name": "member missing", "entry": _bytes(whole, drop="c").hex(), "expect": "ledger.entry"})
    cases.append({"name": "not an object", "entry": b"[]".hex(), "expect": "ledger.entry"})
    cases.append({"name": "not canonical", "entry": (made.data + b" ").hex(), "expect": "canonical.form"})
    long = {**whole, "says": {"codes": ["x" * 64] * 60}}
    cases.append({"name": "too long", "entry": canonical.encode(long).hex(), "expect": "ledger.size"})
    return {
        "cases": cases,
        "openings": [_opening("nobody", opened), _opening("empty", entry.opening({}, seed("s", 32)))],
    }


def _changed(name: str, whole: Mapping[str, object], change: Mapping[str, object]) -> Case:
    return {"name": name, "entry": canonical.encode({**whole, **change}).hex(), "expect": "ledger.entry"}


def _bytes(whole: Mapping[str, object], drop: str) -> bytes:
    return canonical.encode({key: value for key, value in whole.items() if key != drop})


def _opening(name: str, made: entry.Opening) -> Case:
    return {"name": name, "salt": made.salt.hex(), "detail": made.detail.hex(), "c": entry.commit(made).hex()}
