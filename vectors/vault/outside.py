"""Vectors of what lies outside store and segments: sheets, holders' key files, mirrors, suppression tags, sealed openings."""

# ruff: noqa: SLF001 - fixed salts and nonces go in through the engine's inner functions, which draw none

from seeds import DEK, GOOD, OTHER, SUBJECT, VAULT, Case, flip, seed

from custody.acts.about import OPENING_SCHEMA
from custody.acts.vaults import AUDIT
from custody.adapters.mirror import local
from custody.base import canonical
from custody.vault import record, shares, sheet
from custody.vault.escrow import AESGCM, HOLDER, _stretch
from custody.vault.suite import AES, SM, Suite
from custody.vault.suppression import Suppressor

PASSPHRASE = "a passphrase of a holder"


def sheets() -> Case:
    """§12: a share on paper."""
    (share, *_) = shares._split(seed("keyring"), 3, (4, seed("set", 16)), [seed("coefficient")])
    lines = sheet.lines(share).split("\n")
    wrong = lines[2].replace(lines[2][0], "A" if lines[2][0] != "A" else "B", 1)

    def case(name: str, expect: str, text: str, **other: object) -> Case:
        return {"name": name, "expect": expect, "text": text, **other}

    whole, told = "\n".join(lines), {"share": share.encode().hex()}
    return {"cases": [
        case("as printed", GOOD, sheet.sheet(share, party="青禾", vault="main", holder="suhe"), **told),
        case("the lines alone", GOOD, whole, **told),
        case("in lower case, other blanks", GOOD, whole.lower().replace(" ", "  \t"), **told),
        case("a letter is wrong", "shares.sheet", "\n".join([*lines[:2], wrong, *lines[3:]])),
        case("a line is missing", "shares.sheet", "\n".join(lines[:4])),
        case("a line too many", "shares.sheet", "\n".join([*lines, lines[0]])),
        case("two lines in each other's place", "shares.sheet", "\n".join([lines[1], lines[0], *lines[2:]])),
    ]}  # fmt: skip


def holders() -> Case:
    """§23: the file of a holder's key."""
    head = HOLDER + bytes((14,)) + seed("holder salt", 16) + seed("holder nonce", 12)
    private = seed("seed 1") + seed("seed 2") + seed("x25519")
    good = head + AESGCM(_stretch(PASSPHRASE.encode(), head)).encrypt(head[-12:], private, head)

    def case(name: str, expect: str, file: bytes, passphrase: str = PASSPHRASE, **other: object) -> Case:
        return {"name": name, "expect": expect, "file": file.hex(), "passphrase": passphrase, **other}

    cost = len(HOLDER)
    return {"cases": [
        case("a key", GOOD, good, private=private.hex()),
        case("another passphrase", "escrow.passphrase", good, "another passphrase"),
        case("salt changed", "escrow.passphrase", flip(good, cost + 1)),
        case("nonce changed", "escrow.passphrase", flip(good, cost + 17)),
        case("ciphertext changed", "escrow.passphrase", flip(good, cost + 30)),
        case("tag changed", "escrow.passphrase", flip(good, -1)),
        case("label changed", "escrow.key", flip(good, 0)),
        case("cost below its range", "escrow.key", good[:cost] + b"\x0d" + good[cost + 1 :]),
        case("cost above its range", "escrow.key", good[:cost] + b"\x15" + good[cost + 1 :]),
        case("torn", "escrow.key", good[:-1]),
        case("continued", "escrow.key", good + b"\0"),
    ]}  # fmt: skip


def mirrors() -> Case:
    """§20: what a file of a mirror holds; a torn frame was never answered, an altered one is told."""
    bodies = [seed(f"entry {number}", 20 + number) for number in range(3)]
    frames = [local._frame(number, body) for number, body in enumerate(bodies)]
    whole = b"".join(frames)

    def case(name: str, data: bytes, held: int, expect: str = GOOD) -> Case:
        return {"name": name, "expect": expect, "data": data.hex(), "held": [one.hex() for one in bodies[:held]]}

    return {"cases": [
        case("three entries", whole, 3),
        case("nothing", b"", 0),
        case("the last one torn in its body", whole[:-20], 2),
        case("the last one torn in its length", whole[:-1], 2),
        case("rubbish after it", whole + b"\0\0\0", 3),
        case("a number that does not follow", frames[0] + local._frame(2, bodies[1]), 1, "mirror.altered"),
        case("a byte changed", frames[0] + flip(frames[1], 13) + frames[2], 1, "mirror.altered"),
        case("a byte of the last one changed", frames[0] + frames[1] + flip(frames[2], 13), 2, "mirror.altered"),
        case("a length changed, of the last one and one before", flip(frames[0], 9) + frames[1] + flip(frames[2], 9), 0, "mirror.altered"),
    ]}  # fmt: skip


def suppressed() -> Case:
    """Retention, §7: tags of the suppression list."""
    key, party = seed("suppression key"), seed("party", 16)
    told = [("email", "email/1", "Li@Example.COM", "li@example.com"), ("phone", "phone/1", "139 0000 1111", "+8613900001111"),
            ("id-number", "id-number/1", "11010519491231002x", "11010519491231002X")]  # fmt: skip
    cases: list[Case] = []
    for owner in (party, seed("other party", 16)):
        for kind, normaliser, value, form in told:
            tag = Suppressor(key, owner, "CN").tag(kind, value)
            assert tag is not None
            cases.append({"name": f"{kind} of {owner.hex()[:4]}", "key": key.hex(), "party": owner.hex(), "kind": kind, "normaliser": normaliser,
                          "value": value, "form": form, "tag": tag.hex()})  # fmt: skip
    return {"cases": cases}


def openings() -> Case:
    """Ledger, §6: an opening about one subject, under its audit key; it speaks for its own entry alone."""
    detail = canonical.encode({"reason": "case 7"})
    fields = {"compartment": AUDIT, "schema": OPENING_SCHEMA, "revision": 1, "subject": SUBJECT, "record": 9}

    def made(suite: Suite = AES, **other: object) -> bytes:
        header = record.Header(suite.number, key_id=suite.key_id(DEK), **{**fields, **other})  # type: ignore[arg-type] # fields of a header
        return record._seal_one(VAULT, header, DEK, detail, seed("opening nonce", 12))

    def case(name: str, expect: str, sealed: bytes, **other: object) -> Case:
        about = {"origin": VAULT.hex(), "subject": SUBJECT.hex(), "dek": DEK.hex(), "entry": 9}
        return {"name": name, "expect": expect, **about, "sealed": sealed.hex(), **other}

    bad, told = "vault.misplaced", {"detail": detail.decode()}
    return {"cases": [
        case("its own", GOOD, made(), **told),
        case("its own, of suite 2", GOOD, made(SM), suite=2, **told),
        case("another entry's", bad, made(record=8)),
        case("another subject's", bad, made(subject=OTHER)),
        case("a record of another compartment", bad, made(compartment=1)),
        case("a record of a schema", bad, made(schema=1)),
        case("a later revision", bad, made(revision=2)),
        case("ciphertext changed", "vault.tag", flip(made(), 61)),
        case("key id changed", "vault.key", flip(made(), 32)),
        case("torn", "vault.record", made()[:100]),
    ]}  # fmt: skip
