"""A second reader of spec/ledger.md, written from the document alone: `python vectors/readers/ledger.py [FOLDER]`.

It imports the standard library and `cryptography`, nothing of custody. It says for each vector what it finds, and exits
1 when that is not what the vector expects. Recursive where the engine iterates, character by character where the engine
uses a parser, so that the two do not fail alike.
"""

# ruff: noqa: B023 - every check is run before the next one is made, so the loop variables still hold

import base64
import hashlib
import json
import re
import sys
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA65PublicKey

Case = dict[str, Any]
Check = tuple[str, object, Callable[[], object]]
ESCAPES = {0x08: "b", 0x09: "t", 0x0A: "n", 0x0C: "f", 0x0D: "r", 0x22: '"', 0x5C: "\\"}
MEMBERS = {
    "at": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", "kind": r"[a-z][a-z0-9-]*", "space": r"[A-Za-z0-9_.-]{1,64}",
    "prev": r"[0-9a-f]{64}", "c": r"[0-9a-f]{64}",
}  # fmt: skip


class Refusal(Exception):
    """Named by the slug of the specification."""


# §1 Canonical form


def canonical(data: bytes) -> object:
    """What canonical bytes say."""
    try:
        value = json.loads(data.decode("utf-8"), object_pairs_hook=once, parse_float=broken)
    except ValueError as error:
        raise Refusal("canonical.syntax") from error
    allowed(value, 0)
    if written(value).encode() != data:
        raise Refusal("canonical.form")
    return value


def once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    names = [name for name, _ in pairs]
    if len(set(names)) < len(names):
        raise ValueError("twice")
    return dict(pairs)


def broken(text: str) -> object:
    raise ValueError(text)


def allowed(value: object, inside: int) -> None:
    if inside > 32:
        raise Refusal("canonical.depth")
    if isinstance(value, float):
        raise Refusal("canonical.type")
    if isinstance(value, int) and not -(2**53) < value < 2**53:
        raise Refusal("canonical.integer")
    if isinstance(value, str) and re.search("[\ud800-\udfff]", value):
        raise Refusal("canonical.text")
    if isinstance(value, dict):
        for name, one in value.items():
            if max(map(ord, name), default=0) > 0x7F:
                raise Refusal("canonical.key")
            allowed(one, inside + 1)
    if isinstance(value, list):
        for one in value:
            allowed(one, inside + 1)


def written(value: object) -> str:
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        return '"' + "".join(map(character, value)) + '"'
    if isinstance(value, list):
        return "[" + ",".join(map(written, value)) + "]"
    assert isinstance(value, dict)
    return "{" + ",".join(f"{written(name)}:{written(value[name])}" for name in sorted(value)) + "}"


def character(one: str) -> str:
    code = ord(one)
    if code in ESCAPES:
        return "\\" + ESCAPES[code]
    return f"\\u{code:04x}" if code < 0x20 else one


# §2 Tree, §8 proofs


def sha(*parts: bytes) -> bytes:
    return hashlib.sha256(b"".join(parts)).digest()


def leaf(data: bytes) -> bytes:
    return sha(b"\0", data)


def below(size: int) -> int:
    """The largest power of two below `size`."""
    power = 1
    while power * 2 < size:
        power *= 2
    return power


def root(leaves: list[bytes]) -> bytes:
    if len(leaves) < 2:
        return leaves[0] if leaves else sha(b"")
    split = below(len(leaves))
    return sha(b"\1", root(leaves[:split]), root(leaves[split:]))


def included(index: int, size: int, one: bytes, proof: list[bytes]) -> bytes:
    """The root that an audit path leads to, from the top of the tree down."""
    if size == 1:
        if proof:
            raise Refusal("merkle.inclusion")
        return one
    if not proof:
        raise Refusal("merkle.inclusion")
    split, *rest, other = below(size), *proof
    if index < split:
        return sha(b"\1", included(index, split, one, rest), other)
    return sha(b"\1", other, included(index - split, size - split, one, rest))


def grown(first: int, size: int, proof: list[bytes], old: bytes, *, whole: bool) -> tuple[bytes, bytes]:
    """(root of the older tree, root of this one) that a consistency path leads to, from the top down."""
    if first == size:
        if whole:
            found = old
        elif len(proof) == 1:
            found = proof.pop()
        else:
            raise Refusal("merkle.consistency")
        if proof:
            raise Refusal("merkle.consistency")
        return found, found
    if not proof:
        raise Refusal("merkle.consistency")
    split, *rest, other = below(size), *proof
    if first <= split:
        before, after = grown(first, split, rest, old, whole=whole)
        return before, sha(b"\1", after, other)
    before, after = grown(first - split, size - split, rest, old, whole=False)
    return sha(b"\1", other, before), sha(b"\1", other, after)


def consistent(one: Case) -> str:
    old, new = bytes.fromhex(one["old"]), bytes.fromhex(one["new"])
    proof = [bytes.fromhex(each) for each in one["proof"]]
    if not 0 <= one["first"] <= one["second"]:
        raise Refusal("merkle.consistency")
    if one["first"] == 0:
        if proof or old != sha(b""):
            raise Refusal("merkle.consistency")
        return "holds"
    if grown(one["first"], one["second"], proof, old, whole=True) != (old, new):
        raise Refusal("merkle.consistency")
    return "holds"


def contained(one: Case) -> str:
    if not 0 <= one["index"] < one["size"]:
        raise Refusal("merkle.inclusion")
    proof = [bytes.fromhex(each) for each in one["proof"]]
    if included(one["index"], one["size"], bytes.fromhex(one["leaf"]), proof).hex() != one["root"]:
        raise Refusal("merkle.inclusion")
    return "holds"


# §3 Entry


def entry(data: bytes) -> dict[str, Any]:
    if len(data) > 4096:
        raise Refusal("ledger.size")
    value = canonical(data)
    if not isinstance(value, dict) or sorted(value) != sorted([*MEMBERS, "v", "n", "says"]):
        raise Refusal("ledger.entry")
    texts = all(isinstance(value[name], str) and re.fullmatch(form, value[name]) for name, form in MEMBERS.items())
    numbers = all(isinstance(value[name], int) and not isinstance(value[name], bool) for name in ("v", "n"))
    if not texts or not numbers or value["v"] != 1 or value["n"] < 0 or not isinstance(value["says"], dict):
        raise Refusal("ledger.entry")
    return value


# §5 Checkpoint, and signed notes as a stock verifier reads them


def unb64(text: str) -> bytes:
    try:
        data = base64.b64decode(text, validate=True)
    except ValueError as error:
        raise Refusal("checkpoint.form") from error
    if base64.b64encode(data).decode() != text:
        raise Refusal("checkpoint.form")
    return data


def named(name: str, kind: bytes, key: bytes) -> bytes:
    return sha(name.encode(), b"\n", kind, key)[:4]


def spaced(text: str) -> bool:
    return not text or "+" in text or any(one.isspace() or one < " " for one in text)


def checkpoint(note: str, keys: dict[str, bytes]) -> Case:
    """What a checkpoint says, when it has its one form and both signatures of these keys."""
    lines = note.split("\n")
    if len(lines) != 7 or lines[3] or lines[6]:
        raise Refusal("checkpoint.form")
    origin, size, top = lines[:3]
    if spaced(origin) or not re.fullmatch(r"0|[1-9][0-9]{0,15}", size) or len(unb64(top)) != 32:
        raise Refusal("checkpoint.form")
    signed = []
    for line in lines[4:6]:
        parts = line.split(" ")
        if len(parts) != 3 or parts[0] != "\u2014" or spaced(parts[1]):
            raise Refusal("checkpoint.form")
        signed.append((parts[1], unb64(parts[2])))
    text = "\n".join(lines[:3]).encode() + b"\n"
    for kind, key, verify in ((b"\x01", keys["ed25519"], ed), (b"\xffcustody/ml-dsa-65/1", keys["mldsa65"], ml)):
        wanted = named(origin, kind, key)
        mine = [blob[4:] for name, blob in signed if name == origin and blob[:4] == wanted]
        if len(mine) != 1 or not verify(key, mine[0], text):
            raise Refusal("checkpoint.signature")
    return {"origin": origin, "size": int(size), "root": unb64(top).hex()}


def ed(key: bytes, signature: bytes, text: bytes) -> bool:
    return verified(Ed25519PublicKey.from_public_bytes(key).verify, signature, text)


def ml(key: bytes, signature: bytes, text: bytes) -> bool:
    return verified(MLDSA65PublicKey.from_public_bytes(key).verify, signature, text)


def verified(check: Callable[[bytes, bytes], None], signature: bytes, text: bytes) -> bool:
    try:
        check(signature, text)
    except (InvalidSignature, ValueError):
        return False
    return True


def stock(note: str, key: str) -> bool:
    """Whether a verifier of C2SP signed notes that was given the key `name+id+base64` accepts the note."""
    name, number, coded = key.split("+", 2)
    public = base64.b64decode(coded)
    text, blank, tail = note.rpartition("\n\n")
    if not blank or not tail.endswith("\n") or any(one < " " and one != "\n" for one in note):
        return False
    found = False
    for line in tail[:-1].split("\n"):
        parts = line.split(" ")
        if len(parts) != 3 or parts[0] != "\u2014" or spaced(parts[1]):
            return False
        try:
            blob = base64.b64decode(parts[2], validate=True)
        except ValueError:
            return False
        if len(blob) < 5:
            return False
        if parts[1] == name and blob[:4].hex() == number and not found:
            if not ed(public[1:], blob[4:], f"{text}\n".encode()):
                return False
            found = True
    return found and stock_body(f"{text}\n")


def stock_body(text: str) -> bool:
    """Whether a note's text is a tlog-checkpoint: origin, size, root, and extension lines that are not empty."""
    lines = text[:-1].split("\n")
    if len(lines) < 3 or not all(lines) or not re.fullmatch(r"0|[1-9][0-9]*", lines[1]):
        return False
    try:
        return len(base64.b64decode(lines[2], validate=True)) == 32
    except ValueError:
        return False


# §7 Checking a ledger


def faults(entries: list[bytes], hashes: list[bytes], head: Case | None) -> list[list[object]]:
    found = order(list(map(leaf, entries)), hashes) or chain(entries)
    if found or head is None:
        return found
    if head["size"] > len(entries):
        return [["missing", len(entries)]]
    if root(hashes[: head["size"]]).hex() != head["root"]:
        return [["chain", head["size"]]]
    if head["size"] < len(entries):
        return [["extra", head["size"]]]
    if entries and head["origin"] != "custody.example/ledger/" + entry(entries[0])["space"]:
        return [["chain", 0]]
    return []


def part(entries: list[bytes], hashes: list[bytes], head: Case, given: Case) -> list[list[object]]:
    """§7a: some entries among all hashes; -1 is the list of hashes."""
    found = among(entries, hashes, head)
    if found:
        return found
    if given["size"] != len(entries):
        fewer = len(entries) < given["size"]
        return [["missing", len(entries)] if fewer else ["extra", given["size"]]]
    named = ["custody.example/ledger-part/" + entry(one)["space"] + "/" for one in entries]
    if given["root"] != root(list(map(leaf, entries))).hex() or not all(map(given["origin"].startswith, named)):
        return [["chain", 0]]
    return []


def among(entries: list[bytes], hashes: list[bytes], head: Case) -> list[list[object]]:
    if head["size"] != len(hashes) or root(hashes).hex() != head["root"]:
        for data in entries:
            number = json.loads(data)["n"]
            mended = [*hashes[:number], leaf(data), *hashes[number + 1 :]]
            if len(hashes) == head["size"] and root(mended).hex() == head["root"]:
                return [["altered", -1]]
        return [["chain", -1]]
    told: list[dict[str, Any]] = []
    found: list[list[object]] = []
    for place, data in enumerate(entries):
        try:
            one = entry(data)
        except Refusal:
            return [*found, ["schema", place]]
        if told and one["n"] <= told[-1]["n"]:
            return [*found, ["duplicated" if one["n"] == told[-1]["n"] else "reordered", place]]
        if hashes[one["n"] : one["n"] + 1] != [leaf(data)]:
            found.append(["altered", place])
            continue
        older = told and not follows(told[-1]["at"], one)
        own = head["origin"] == "custody.example/ledger/" + one["space"]
        if one["prev"] != root(hashes[: one["n"]]).hex() or older or not own:
            found.append(["chain", place])
        told.append(one)
    return found


def order(found: list[bytes], told: list[bytes]) -> list[list[object]]:
    wrong = [place for place in range(min(len(found), len(told))) if found[place] != told[place]]
    first = wrong[0] if wrong else min(len(found), len(told))
    if len(found) < len(told):
        return [["missing", first]]
    if len(found) > len(told):
        return [["duplicated" if found[first] in told else "extra", first]]
    if wrong and sorted(found) == sorted(told):
        return [["swapped" if len(wrong) == 2 else "reordered", first]]
    return [["altered", place] for place in wrong]


def chain(entries: list[bytes]) -> list[list[object]]:
    told: list[dict[str, Any]] = []
    for place, data in enumerate(entries):
        try:
            one = entry(data)
        except Refusal:
            return [["schema", place]]
        before = told[-1] if told else one
        builds = one["n"] == place and one["prev"] == root(list(map(leaf, entries[:place]))).hex()
        if not builds or one["space"] != before["space"]:
            return [["chain", place]]
        if one["kind"] == "clock-corrected" and not corrected(told, one):
            return [["chain", place]]
        if told and not follows(before["at"], one):
            return [["chain", place]]
        told.append(one)
    return []


# §4a A clock that was ahead


def follows(earlier: str, one: dict[str, Any]) -> bool:
    """Whether the entry may stand behind one of that instant."""
    if one["kind"] == "clock-corrected":
        was = one["says"].get("was")
        return (
            isinstance(was, str)
            and re.fullmatch(MEMBERS["at"], was) is not None
            and max(earlier, one["at"]) <= was != one["at"]
        )
    return one["at"] >= earlier


def corrected(told: list[dict[str, Any]], one: dict[str, Any]) -> bool:
    """Whether a correction goes over one leap that is long enough, behind the correction before it."""
    since = one["says"].get("since")
    before = [each["n"] for each in told if each["kind"] == "clock-corrected"] or [0]
    if isinstance(since, bool) or not isinstance(since, int) or not before[-1] < since < len(told):
        return False
    held, ahead, was, now = (
        datetime.fromisoformat(text) for text in (told[since - 1]["at"], told[since]["at"], told[-1]["at"], one["at"])
    )
    return one["says"].get("was") == told[-1]["at"] and held <= now and was - now <= ahead - held


# §9 Tiles


def tiles(size: int) -> list[tuple[str, bytes]]:
    """Every tile, by the definition: hash i of tile n at level l covers 256^l leaves."""
    leaves, found, level = [leaf(f"leaf {place}".encode()) for place in range(size)], [], 0
    while leaves:
        for number in range(-(-len(leaves) // 256)):
            part = leaves[number * 256 : number * 256 + 256]
            parts = f"{number:03d}" if number < 1000 else f"x{number // 1000:03d}/{number % 1000:03d}"
            found.append((f"tile/{level}/{parts}" + ("" if len(part) == 256 else f".p/{len(part)}"), b"".join(part)))
        leaves = [root(leaves[at : at + 256]) for at in range(0, len(leaves) - 255, 256)]
        level += 1
    return sorted(found)


# What the files hold


def read_canonical(file: Case) -> Iterator[Check]:
    for one in file["cases"]:
        yield one["name"], one["expect"], lambda: ("reads", canonical(bytes.fromhex(one["text"])))[0]


def read_entry(file: Case) -> Iterator[Check]:
    for one in file["cases"]:
        data = bytes.fromhex(one["entry"])
        yield one["name"], one["expect"], lambda: ("reads", entry(data))[0]
        if "leaf" in one:
            yield "leaf", one["leaf"], lambda: leaf(data).hex()
    for one in file["openings"]:
        yield one["name"], one["c"], lambda: sha(bytes.fromhex(one["salt"]), bytes.fromhex(one["detail"])).hex()


def read_tree(file: Case) -> Iterator[Check]:
    for one in file["roots"]:
        leaves = [leaf(f"leaf {place}".encode()) for place in range(one["size"])]
        yield f"root of {one['size']}", one["root"], lambda: root(leaves).hex()
    for one in file["inclusion"]:
        yield one["name"], one["expect"], lambda: contained(one)
    for one in file["consistency"]:
        yield one["name"], one["expect"], lambda: consistent(one)


def read_tiles(file: Case) -> Iterator[Check]:
    for one in file["cases"]:
        made = tiles(one["size"])
        sizes = {path: len(data) for path, data in made}
        yield one["name"], one["count"], lambda: len(made)
        yield one["name"], one["content"], lambda: root([leaf(data) for _, data in made]).hex()
        for tile in one["tiles"]:
            yield tile["path"], tile["bytes"], lambda: sizes.get(tile["path"])


def read_checkpoint(file: Case) -> Iterator[Check]:
    keys = {name: base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)) for name, text in file["identity"].items()}
    digest = sha(b"custody/identity/1", keys["ed25519"], keys["mldsa65"])
    whole = file["cases"][0]["note"]
    yield "identity", file["id"], lambda: "sha256:" + digest.hex()
    digits = f"{int.from_bytes(digest) % 10**40:040d}"
    yield "fingerprint", file["fingerprint"].split(), lambda: [digits[at : at + 5] for at in range(0, 40, 5)]
    for one in file["cases"]:
        note = one["note"] if "note" in one else whole.replace(one["find"], one["put"], 1)
        yield one["name"], one.get("head", one["expect"]), lambda: checkpoint(note, keys)
        yield f"{one['name']}, stock", one["stock"], lambda: stock(note, file["verifier_key"])


def read_ledger(file: Case) -> Iterator[Check]:
    keys = {name: base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)) for name, text in file["identity"].items()}
    for one in file["cases"]:
        entries = [file["entries"][name].encode() for name in one["entries"]]
        hashes = [bytes.fromhex(file["hashes"][name]) for name in one["hashes"]]
        head = checkpoint(file["notes"][one["note"]], keys) if one["note"] else None
        yield one["name"], one["faults"], lambda: faults(entries, hashes, head)
    for one in file["parts"]:
        entries = [file["entries"][name].encode() for name in one["entries"]]
        hashes = [bytes.fromhex(file["hashes"][name]) for name in one["hashes"]]
        head = checkpoint(file["notes"][one["note"]], keys)
        given = checkpoint(file["notes"][one["given"]], keys)
        yield f"part, {one['name']}", one["faults"], lambda: part(entries, hashes, head, given)


def read_steps(file: Case) -> Iterator[Check]:
    ledgers = {name: [text.encode() for text in texts] for name, texts in file["ledgers"].items()}
    for one in file["cases"]:
        entries = ledgers[one["name"]]
        yield one["name"], one["faults"], lambda: faults(entries, list(map(leaf, entries)), None)
    for one in file["parts"]:
        hashes = list(map(leaf, ledgers[one["ledger"]]))
        given = [ledgers[one["ledger"]][number] for number in one["numbers"]]
        origin = "custody.example/ledger/" + entry(given[0])["space"]
        head = {"size": len(hashes), "root": root(hashes).hex(), "origin": origin}
        yield f"part, {one['name']}", one["faults"], lambda: among(given, hashes, head)


READERS: dict[str, Callable[[Case], Iterator[Check]]] = {
    name.removeprefix("read_"): reader for name, reader in list(globals().items()) if name.startswith("read_")
}


def main(folder: Path) -> int:
    """Read every file; tell what does not agree. Returns the exit code."""
    count, wrong = 0, 0
    for stem, reader in READERS.items():
        path = folder / f"{stem}.json"
        if not path.is_file():
            continue
        for name, expect, run in reader(json.loads(path.read_text(encoding="utf-8"))):
            try:
                found = run()
            except Refusal as refusal:
                found = str(refusal)
            count += 1
            if found != expect:
                wrong += 1
                print(f"{stem}: {name}: {found}, not {expect}")
    print(f"{count} vectors, {wrong} wrong")
    return 1 if wrong or not count else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parent.parent / "ledger"))
