"""Vectors of checkpoints and whole ledgers (spec/ledger.md §5, §7). A bad one is a good one with one thing done to it."""

import base64
import json
from collections.abc import Sequence

from seeds import OTHER, SELLER, SPACE, STRANGER, Case, seed

from custody.base import canonical, merkle
from custody.base.signing import Signer
from custody.ledger import checkpoint, entry

KINDS = ("space-founded", "principal-added", "sealed", "deal-opened", "statement", "approved", "statement")
DEAL = "mat_01K0000000000000000000000D"
HEAD = checkpoint.Checkpoint(checkpoint.origin(SPACE), 7, seed("root"))


def notes() -> Case:
    """Good notes, and what is done to the first to spoil it: `put` stands where `find` stood, once."""
    good, empty = (
        checkpoint.sign(HEAD, SELLER),
        checkpoint.sign(checkpoint.Checkpoint(HEAD.origin, 0, merkle.EMPTY), SELLER),
    )
    lines = good.splitlines(keepends=True)
    first, second, foreign = lines[4], lines[5], checkpoint.sign(HEAD, STRANGER).splitlines(keepends=True)
    name = checkpoint.verifier_key(HEAD.origin, SELLER.identity)
    form = {
        "leading zero": ("\n7\n", "\n07\n"), "negative size": ("\n7\n", "\n-7\n"), "plus sign": ("\n7\n", "\n+7\n"), "size of 17 digits": ("\n7\n", "\n" + "9" * 17 + "\n"),
        "root without padding": ("=\n\n—", "\n\n—"), "root of 31 bytes": (lines[2], base64.b64encode(HEAD.root[:31]).decode() + "\n"), "space in the origin": ("example/", "example /"),
        "plus in the origin": ("example/", "example+/"), "tab in the origin": ("example/", "example\t/"), "ideographic space in the origin": ("example/", "example\u3000/"),
        "hyphen for dash": ("— ", "- "), "carriage return": ("\n7\n", "\r\n7\r\n"), "extension line": ("=\n\n—", "=\nmore\n\n—"), "no empty line": ("\n\n", "\n"), "no last newline": (second, second[:-1]),
        "one line only": (second, ""), "a third line": (second, second + foreign[4]), "nothing signed": (first + second, ""), "spare bits in the root": (lines[2], _spare(lines[2])),
    }  # fmt: skip
    signature = {
        "another size": ("\n7\n", "\n8\n"), "another root": (lines[2], base64.b64encode(seed("x")).decode() + "\n"), "a stranger's notes": (first + second, "".join(foreign[4:])),
        "Ed25519 by a stranger": (first, foreign[4]), "ML-DSA by a stranger": (second, foreign[5]), "Ed25519 twice": (second, first), "ML-DSA twice": (first, second),
        "Ed25519 changed": (first, _flip(first)), "ML-DSA changed": (second, _flip(second)), "ML-DSA line of another type": (second, _retyped(second)), "Ed25519 cut": (first, _cut(first)),
        "key of another name": (f"— {HEAD.origin} ", f"— {HEAD.origin}x "), "origin of another party": (SPACE + "\n", OTHER + "\n"),
    }  # fmt: skip
    cases: list[Case] = [
        {"name": "whole", "note": good, "expect": "opens", "stock": True, "head": _head(HEAD)},
        {"name": "empty ledger", "note": empty, "expect": "opens", "stock": True, "head": {**_head(HEAD), "size": 0, "root": merkle.EMPTY.hex()}},
    ]  # fmt: skip
    for expect, some in (("checkpoint.form", form), ("checkpoint.signature", signature)):
        for defect, (find, put) in some.items():
            assert find in good, defect
            cases.append({"name": defect, "find": find, "put": put, "expect": expect, "stock": defect in STOCK})
    return {
        "identity": SELLER.identity.to_json(),
        "id": SELLER.identity.id,
        "fingerprint": SELLER.identity.fingerprint,
        "verifier_key": name,
        "cases": cases,
    }


# Spoilt for custody, and still good for a verifier that knows the Ed25519 key and the rules of signed notes alone.
STOCK = frozenset((
    "one line only", "a third line", "ML-DSA by a stranger", "ML-DSA changed", "ML-DSA line of another type", "Ed25519 twice",
))  # fmt: skip


def _head(head: checkpoint.Checkpoint) -> Case:
    return {"origin": head.origin, "size": head.size, "root": head.root.hex()}


def _flip(line: str) -> str:
    lead, _, blob = line.rstrip("\n").rpartition(" ")
    data = bytearray(base64.b64decode(blob))
    data[20] ^= 1
    return f"{lead} {base64.b64encode(data).decode()}\n"


def _cut(line: str) -> str:
    lead, _, blob = line.rstrip("\n").rpartition(" ")
    return f"{lead} {base64.b64encode(base64.b64decode(blob)[:-4]).decode()}\n"


def _retyped(line: str) -> str:
    lead, _, blob = line.rstrip("\n").rpartition(" ")
    other = checkpoint.key_id(HEAD.origin, b"\xffcustody/ml-dsa-65/2", SELLER.identity.mldsa65)
    return f"{lead} {base64.b64encode(other + base64.b64decode(blob)[4:]).decode()}\n"


def _spare(line: str) -> str:
    text = line.rstrip("\n")
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    return text[:-2] + alphabet[alphabet.index(text[-2]) | 1] + "=\n"


def log(space: str = SPACE, signer: Signer = SELLER, *, kinds: Sequence[str] = KINDS) -> list[bytes]:
    """Entries of a small ledger."""
    made: list[entry.Entry] = []
    for number, kind in enumerate(kinds):
        prev = merkle.root([one.hash for one in made])
        opened = entry.opening({"n": number}, seed(f"salt {number}", 16))
        at, says = f"2026-03-16T01:00:00.{number:06d}Z", {"identity": signer.identity.id, "n": number}
        made.append(entry.make(number, at=at, kind=kind, space=space, prev=prev, says=says, opening=opened))
    return [one.data for one in made]


def ledgers() -> Case:
    """Ledgers by defect: entries and hashes by name, the checkpoint by name, and the faults that must be found."""
    whole = log()
    texts = {str(place): data for place, data in enumerate(whole)}
    texts |= {"changed": whole[2].replace(b"sealed", b"seeled"), "other": log(OTHER)[3], "again": _renumbered(whole)}
    texts |= {
        "late": _rebuilt(whole, at="2026-03-15T01:00:00.000000Z"),
        "foreign": _rebuilt(whole, space=OTHER),
        "strange": _rebuilt(whole, kind="Not A Kind"),
    }
    hashes = {name: merkle.leaf_hash(data).hex() for name, data in texts.items()}
    usual = [str(place) for place in range(7)]
    replaced = [*usual[:6], "late"], [*usual[:6], "foreign"], [*usual[:6], "strange"], [*usual[:3], "other", *usual[4:]]
    signed = {
        "whole": usual,
        "six": usual[:6],
        "late": replaced[0],
        "foreign": replaced[1],
        "strange": replaced[2],
        "other": replaced[3],
    }
    heads = {name: checkpoint.sign(_over(texts, listed), SELLER) for name, listed in signed.items()}
    heads["other party"] = checkpoint.sign(
        checkpoint.Checkpoint(checkpoint.origin(OTHER), 7, _over(texts, usual).root), SELLER
    )
    heads["other root"] = checkpoint.sign(checkpoint.Checkpoint(HEAD.origin, 7, seed("root")), SELLER)
    heads["nine"] = checkpoint.sign(checkpoint.Checkpoint(HEAD.origin, 9, seed("root")), SELLER)
    swapped, moved = [*usual[:1], "2", "1", *usual[3:]], ["1", "2", "0", *usual[3:]]
    spoilt = [*usual[:2], "changed", *usual[3:]]
    parts = _parts(usual, replaced, spoilt)
    heads |= {_given_name(listed): _given(texts, listed) for listed in sorted({tuple(one["listed"]) for one in parts})}
    heads["part of another party"] = _given(texts, ["3"], OTHER)
    cases = [
        _ledger("whole", usual, usual, "whole", []), _ledger("without a checkpoint", usual, usual, None, []), _ledger("empty", [], [], None, []),
        _ledger("first entry gone", usual[1:], usual, "whole", [["missing", 0]]), _ledger("last entry gone", usual[:-1], usual, "whole", [["missing", 6]]),
        _ledger("last entry and its hash gone", usual[:-1], usual[:-1], "whole", [["missing", 6]]), _ledger("checkpoint of more", usual, usual, "nine", [["missing", 7]]),
        _ledger("entry twice", [*usual[:3], "2", *usual[3:]], usual, "whole", [["duplicated", 3]]), _ledger("foreign entry added", [*usual[:3], "other", *usual[3:]], usual, "whole", [["extra", 3]]),
        _ledger("entry after the checkpoint", usual, usual, "six", [["extra", 6]]), _ledger("two swapped", swapped, usual, "whole", [["swapped", 1]]),
        _ledger("three moved", moved, usual, "whole", [["reordered", 0]]), _ledger("entry changed", spoilt, usual, "whole", [["altered", 2]]),
        _ledger("hash changed", usual, [*usual[:4], "other", *usual[5:]], "whole", [["altered", 4]]), _ledger("entry and hash changed", spoilt, spoilt, "whole", [["chain", 3]]),
        _ledger("numbered again", [*usual[:6], "again"], [*usual[:6], "again"], None, [["chain", 6]]), _ledger("older than the one before", *[replaced[0]] * 2, "late", [["chain", 6]]),
        _ledger("of another party", *[replaced[1]] * 2, "foreign", [["chain", 6]]), _ledger("not of its form", *[replaced[2]] * 2, "strange", [["schema", 6]]),
        _ledger("entry of another ledger", *[replaced[3]] * 2, "other", [["chain", 3]]), _ledger("checkpoint of another root", usual, usual, "other root", [["chain", 7]]),
        _ledger("checkpoint of another party", usual, usual, "other party", [["chain", 0]]),
    ]  # fmt: skip
    return {
        "identity": SELLER.identity.to_json(),
        "entries": {name: data.decode() for name, data in texts.items()},
        "hashes": hashes,
        "notes": heads,
        "cases": cases,
        "parts": [{"given": _given_name(one.pop("listed")), **one} for one in parts]
        + [
            _ledger("given as of another party", ["3"], usual, "whole", [["chain", 0]])
            | {"given": "part of another party"}
        ],
    }


def _parts(usual: list[str], replaced: Sequence[list[str]], spoilt: list[str]) -> list[Case]:
    """Some entries among all hashes (§7a)."""
    late, foreign, strange, other = replaced
    made = [
        _ledger("some", ["3", "4", "6"], usual, "whole", []), _ledger("all", usual, usual, "whole", []), _ledger("none", [], usual, "whole", []),
        _ledger("entry changed", ["changed"], usual, "whole", [["altered", 0]]),
        _ledger("hash of an entry changed", ["4"], [*usual[:4], "other", *usual[5:]], "whole", [["altered", -1]]),
        _ledger("hash of another changed", ["2"], [*usual[:4], "other", *usual[5:]], "whole", [["chain", -1]]),
        _ledger("entry and hash changed", ["changed"], spoilt, "whole", [["chain", -1]]), _ledger("last hash gone", ["3"], usual[:-1], "whole", [["chain", -1]]),
        _ledger("checkpoint of fewer", ["3"], usual, "six", [["chain", -1]]), _ledger("checkpoint of another root", ["3"], usual, "other root", [["chain", -1]]),
        _ledger("entry twice", ["3", "3"], usual, "whole", [["duplicated", 1]]), _ledger("two swapped", ["4", "3"], usual, "whole", [["reordered", 1]]),
        _ledger("entry of another ledger", ["3", "other"], usual, "whole", [["duplicated", 1]]), _ledger("entry of another ledger, entered", ["2", "other"], other, "other", [["chain", 1]]),
        _ledger("older than the one before", ["5", "late"], late, "late", [["chain", 1]]), _ledger("of another party", ["5", "foreign"], foreign, "foreign", [["chain", 1]]),
        _ledger("not of its form", ["5", "strange"], strange, "strange", [["schema", 1]]), _ledger("numbered beyond the end", ["6"], usual[:6], "six", [["altered", 0]]),
        _ledger("checkpoint of another party", ["3"], usual, "other party", [["chain", 0]]),
    ]  # fmt: skip
    since = [
        _ledger("one left out since", ["3", "6"], usual, "whole", [["missing", 2]]) | {"listed": ["3", "4", "6"]}, _ledger("one put in since", ["3", "4", "6"], usual, "whole", [["extra", 2]]) | {"listed": ["3", "6"]},
        _ledger("another in its place", ["3", "5"], usual, "whole", [["chain", 0]]) | {"listed": ["3", "4"]}, _ledger("all left out", [], usual, "whole", [["missing", 0]]) | {"listed": ["3"]},
    ]  # fmt: skip
    return [{"listed": one["entries"], **one} for one in (*made, *since)]


def _given(texts: dict[str, bytes], listed: Sequence[str], space: str = SPACE) -> str:
    """The signed head of a part."""
    head = checkpoint.Checkpoint(checkpoint.part_origin(space, DEAL), len(listed), _over(texts, listed).root)
    return checkpoint.sign(head, SELLER)


def _given_name(listed: Sequence[str]) -> str:
    return f"part {' '.join(listed)}".rstrip()


def _over(texts: dict[str, bytes], listed: Sequence[str]) -> checkpoint.Checkpoint:
    hashes = [merkle.leaf_hash(texts[name]) for name in listed]
    return checkpoint.Checkpoint(HEAD.origin, len(hashes), merkle.root(hashes))


def _rebuilt(whole: Sequence[bytes], **change: str) -> bytes:
    return canonical.encode({**json.loads(whole[6]), **change})


def _renumbered(whole: Sequence[bytes]) -> bytes:
    return canonical.encode({**json.loads(whole[6]), "n": 5})


def _ledger(
    name: str, entries: Sequence[str], hashes: Sequence[str], note: str | None, faults: list[list[object]]
) -> Case:
    return {"name": name, "entries": list(entries), "hashes": list(hashes), "note": note, "faults": faults}
