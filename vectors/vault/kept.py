"""Vectors of what is kept outside: backup objects, key backups, replayed erasures (spec/vault.md §19-21)."""

# ruff: noqa: SLF001 - fixed salts and nonces go in through the engine's inner functions, which draw none

import io
from collections.abc import Iterable
from hashlib import sha256

from seeds import GOOD, KEYRING, OTHER, VAULT, Case, flip, seed

from custody.vault import backup, keyring, page
from custody.vault.backup import Kind, Named
from custody.vault.suite import AES, SM

KEY = seed("backup key")
BAD = "backup.object"


def made(named: Named, values: Iterable[backup.Value], key: bytes = KEY) -> bytes:
    """An object whose salt follows from what it is."""
    target = io.BytesIO()
    backup._write(target, key, named, values, seed(f"salt {named}"))
    return target.getvalue()


def backups() -> Case:
    """§19."""
    entry = Named(Kind.ENTRY, VAULT, 7)
    table: list[backup.Value] = [["table", "hold", ["vault", "until"]], ["vlt", ""], ["end", 1, []]]
    rows, bare = [["facts", 2, "0041_campaign_planned_by"], *table], [["facts", 1], *table]
    facts, told = Named(Kind.FACTS, VAULT, 12), [[b"entry", b"salt", b"detail"]]
    good = made(entry, told)

    def case(name: str, expect: str, data: bytes, named: Named = entry, key: bytes = KEY, **other: object) -> Case:
        about = {"kind": int(named.kind), "owner": named.owner.hex(), "position": named.position}
        return {"name": name, "expect": expect, "key": key.hex(), **about, "data": data.hex(), **other}

    opened = {"values": [[one.hex() for one in told[0]]]}
    cases = [
        case("an entry", GOOD, good, **opened),
        case("facts", GOOD, made(facts, rows), facts, values=rows),
        case("facts that say no revision", GOOD, made(facts, bare), facts, values=bare),
        case("nothing in it", GOOD, made(entry, []), values=[]),
        case("another key", BAD, good, key=seed("another backup key")),
        case("zero as its key", "vault.no-key", good, key=bytes(32)),
        case("another kind", BAD, good, entry._replace(kind=Kind.FACTS)),
        case("another owner", BAD, good, entry._replace(owner=OTHER)),
        case("another position", BAD, good, entry._replace(position=8)),
        case("magic changed", BAD, flip(good, 0)),
        case("version changed", BAD, flip(good, 4)),
        case("salt changed", BAD, flip(good, 30)),
        case("length changed", BAD, flip(good, 65)),
        case("ciphertext changed", BAD, flip(good, 66)),
        case("tag changed", BAD, flip(good, -1)),
        case("torn", BAD, good[:-1]),
        case("only the head", BAD, good[:62]),
        case("continued", BAD, good + b"\0"),
        case("an object after it", BAD, good + good),
    ]
    many = [[bytes(backup.CHUNK), seed("end")]]
    large = made(facts, many)
    return {"chunk": backup.CHUNK, "cases": cases,
            "large": {"key": KEY.hex(), "kind": 1, "owner": VAULT.hex(), "position": 12, "zeros": backup.CHUNK, "end": seed("end").hex(),
                      "salt": seed(f"salt {facts}").hex(), "bytes": len(large), "sha256": sha256(large).hexdigest()}}  # fmt: skip


def keys() -> Case:
    """§21: what stands in a key backup; sealed pages are 32 KiB, so their stand-ins are short and only hashed."""
    held = [keyring.Sealed(page.Place(VAULT, 1, number, 3), seed(f"sealed {number}", 24), page._wrap(
        page.Place(VAULT, 1, number, 3), seed(f"page key {number}"), (KEYRING, 4), seed(f"nonce {number}", 12))) for number in (0, 1)]  # fmt: skip
    place = page.Place(VAULT, 1, 2, 1)
    renewed = [held[0], keyring.Sealed(place, seed("sealed 2", 24), page._wrap(
        place, seed("page key 2"), (KEYRING, 4), seed("nonce 2", 12), SM))]  # fmt: skip
    head = keyring.Head(4, 9, keyring.head_root(held))
    named = Named(Kind.KEYS, VAULT, 30)

    def values(
        pages: list[keyring.Sealed],
        root: bytes = head.root,
        end: int | None = None,
        suite: tuple[int, ...] = (),
        version: int = 1,
    ) -> list[backup.Value]:
        lead: backup.Value = ["keys", version, 4, 9, root, "vlt-4", seed("wrapped", 60), *suite]
        rows: list[backup.Value] = [
            [one.place.compartment, one.place.page, one.place.version, 2, one.sealed, one.wrap, bytes(32)]
            for one in pages
        ]
        return [lead, *rows, ["end", len(pages) if end is None else end]]

    def case(name: str, expect: str, body: list[backup.Value], **other: object) -> Case:
        return {"name": name, "expect": expect, "data": made(named, body).hex(), **other}

    older = keyring.Sealed(page.Place(VAULT, 1, 1, 2), held[1].sealed, held[1].wrap)
    return {
        "key": KEY.hex(), "vault": VAULT.hex(), "position": 30, "keyring": KEYRING.hex(),
        "cases": [
            case("two pages", GOOD, values(held), g=4, counter=9, ref="vlt-4", page_keys=[seed(f"page key {n}").hex() for n in (0, 1)]),
            case("a page is missing", "vault.rolled-back", values(held[:1])),
            case("pages out of order", "vault.rolled-back", values(held[::-1])),
            case("an older version of a page", "vault.rolled-back", values([held[0], older])),
            case("the head of other pages", "vault.rolled-back", values(held, root=seed("root"))),
            case("a vault that writes in suite 2, one page renewed", GOOD, values(renewed, keyring.head_root(renewed), suite=(2,), version=2),
                 g=4, counter=9, ref="vlt-4", suite=2, page_keys=[seed(f"page key {n}").hex() for n in (0, 2)]),
            case("version 2 without a suite", "backup.readback", values(held, version=2)),
            case("version 1 with a suite", "backup.readback", values(held, suite=(2,))),
            case("version 2 of suite 1", "backup.readback", values(held, suite=(1,), version=2)),
            case("a suite that nobody knows", "vault.suite", values(held, suite=(3,), version=2)),
            case("a version that nobody knows", "backup.readback", values(held, suite=(2,), version=3)),
        ],
    }  # fmt: skip


def replays() -> Case:
    """§21: an erasure zeroes what it names by place and key id, and nothing else."""
    deks = {number: seed(f"slot {number}") for number in (0, 1, 5, 1023)}

    def case(name: str, gone: list[tuple[int, bytes]], left: list[int], **other: object) -> Case:
        told = [{"slot": number, "key_id": key.hex()} for number, key in gone]
        return {"name": name, **other, "erased": told, "left": left}

    ids = {number: AES.key_id(dek) for number, dek in deks.items()}
    return {
        "slots": [{"slot": number, "dek": dek.hex()} for number, dek in deks.items()],
        "cases": [
            case("one key", [(1, ids[1])], [0, 5, 1023]),
            case("twice", [(1, ids[1]), (1, ids[1])], [0, 5, 1023]),
            case("a later key in the slot", [(5, AES.key_id(seed("the key before")))], [0, 1, 5, 1023]),
            case("the key at another place", [(0, ids[1])], [0, 1, 5, 1023]),
            case("an empty slot", [(2, ids[1])], [0, 1, 5, 1023]),
            case("the last slot", [(1023, ids[1023])], [0, 1, 5]),
            case("all", list(ids.items()), []),
            case("one key of suite 2", [(1, SM.key_id(deks[1]))], [0, 5, 1023], suite=2),
            case("a key id of suite 1 on a page of suite 2", [(1, ids[1])], [0, 1, 5, 1023], suite=2),
            case("a key id of suite 2 on a page of suite 1", [(1, SM.key_id(deks[1]))], [0, 1, 5, 1023]),
        ],
    }
