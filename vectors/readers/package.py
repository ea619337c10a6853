"""A second reader of packages and releases, from spec/package.md alone: stdlib and `cryptography`, no custody.

`python vectors/readers/package.py FOLDER [CARD…]` prints one `class file row` line for each fault, and exits 1 if there
is one. It is short rather than thorough: it exists so that the specification, not one program, says what a package is.
"""

# ruff: noqa: ANN001, ANN201, C901 - a script that is read beside the specification, in as few lines as can be

import base64
import hashlib
import json
import struct
import sys
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA65PublicKey
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

PAGE = 12 + 32768 + 16


def sha(data):
    return hashlib.sha256(data).hexdigest()


def unb64(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def tree(hashes):
    """RFC 9162 root by its recursive definition."""
    if len(hashes) < 2:
        return hashes[0] if hashes else hashlib.sha256(b"").digest()
    split = 1 << (len(hashes) - 1).bit_length() - 1
    return hashlib.sha256(b"\1" + tree(hashes[:split]) + tree(hashes[split:])).digest()


def card(path):
    """(identity id, Ed25519 key, ML-DSA-65 key)."""
    keys = json.loads(path.read_bytes())["identity"]
    ed, ml = unb64(keys["ed25519"]), unb64(keys["mldsa65"])
    return "sha256:" + sha(b"custody/identity/1" + ed + ml), ed, ml


def opened(path, keys):
    """The statement of an envelope, or None: both signatures of the named signer must verify."""
    try:
        envelope = json.loads(path.read_bytes())
        payload = unb64(envelope["payload"])
        kind = envelope["payloadType"].encode()
        statement = json.loads(payload)
        signer = statement["predicate"]["signer"]
        ed, ml = keys[signer]
        made = {one["keyid"]: unb64(one["sig"]) for one in envelope["signatures"]}
        message = b"DSSEv1 %d %s %d %s" % (len(kind), kind, len(payload), payload)
        Ed25519PublicKey.from_public_bytes(ed).verify(made[signer + "#ed25519"], message)
        MLDSA65PublicKey.from_public_bytes(ml).verify(made[signer + "#mldsa65"], message)
    except (ValueError, KeyError, TypeError, InvalidSignature):
        return None
    return statement


def under(root, path):
    """How a file is named."""
    return f"{root.name}/{path}"


def compare(found, expected):
    """(class, row) of each difference of two lists."""
    if sorted(found) == sorted(expected):
        wrong = [row for row, one in enumerate(found) if one != expected[row]]
        return [("swapped" if len(wrong) == 2 else "reordered", row) for row in wrong]
    if len(found) == len(expected):
        return [
            ("duplicated" if one in expected else "altered", row)
            for row, one in enumerate(found)
            if one != expected[row]
        ]
    short = len(found) < len(expected)
    row = next(
        (row for row, pair in enumerate(zip(found, expected, strict=False)) if pair[0] != pair[1]),
        min(len(found), len(expected)),
    )
    return [("missing" if short else "duplicated" if found[row] in expected else "extra", row)]


def manifest(path):
    """{name: hex}."""
    return {line[66:]: line[:64] for line in path.read_text().splitlines()} if path.exists() else {}


def records(data):
    """Each sealed record of a segment."""
    place = 41
    while place + 4 <= len(data):
        (length,) = struct.unpack_from(">I", data, place)
        if not length:
            return
        yield data[place + 4 : place + 4 + length]
        place += 4 + length


def package(root, keys):
    """Yield (class, file, row) of a package folder."""
    listed, tags = manifest(root / "manifest-sha256.txt"), manifest(root / "tagmanifest-sha256.txt")
    shipped = opened(root / "shipped.dsse.json", keys) if (root / "shipped.dsse.json").exists() else None
    if shipped is None:
        yield (
            ("signature" if (root / "shipped.dsse.json").exists() else "missing"),
            under(root, "shipped.dsse.json"),
            None,
        )
    elif shipped["predicate"]["package"] != "sha256:" + sha((root / "tagmanifest-sha256.txt").read_bytes()):
        yield "altered", under(root, "tagmanifest-sha256.txt"), None
    for one, expected in {**tags, **listed}.items():
        if not (root / one).exists():
            yield "missing", under(root, one), None
        elif sha((root / one).read_bytes()) != expected:
            yield "altered", under(root, one), None
    there = {path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()}
    for one in sorted(there - {*listed, *tags, "tagmanifest-sha256.txt", "shipped.dsse.json"}):
        yield "extra", under(root, one), None
    if not (root / "data/leaves.jsonl").exists():
        return
    lines = (root / "data/leaves.jsonl").read_bytes().split(b"\n")[:-1]
    hashes = [hashlib.sha256(b"\0" + line).digest() for line in lines]
    beside = (root / "data/leaves.hashes").read_bytes()
    for kind, row in compare(hashes, [beside[at : at + 32] for at in range(0, len(beside), 32)]):
        yield kind, under(root, "data/leaves.jsonl"), row
    if shipped is not None and shipped["predicate"]["leaves"] != {"root": tree(hashes).hex(), "count": len(hashes)}:
        yield "altered", under(root, "data/leaves.jsonl"), None
    for segment in sorted((root / "data/segments").glob("*.seg")):
        data, beside = segment.read_bytes(), segment.with_suffix(".hashes").read_bytes()
        found = [hashlib.sha256(one).digest() for one in records(data)]
        for kind, row in compare(found, [beside[at : at + 32] for at in range(0, len(beside), 32)]):
            yield kind, under(root, f"data/segments/{segment.name}"), row


def release(root, keys):
    """Yield (class, file, row) of a release folder."""
    signed = opened(root / "released.dsse.json", keys)
    if signed is None:
        yield "signature", under(root, "released.dsse.json"), None
        return
    named = {one["name"]: one["digest"]["sha256"] for one in signed["subject"]}
    sealed = [one for one in ("enc", "pages.bin") if one in named]
    for one in ("enc", "pages.bin"):
        if one not in named and (root / one).exists():  # a recall has neither
            yield "extra", under(root, one), None
    for one in ("manifest.json", *sealed[:1]):
        if sha((root / one).read_bytes()) != named[one]:
            yield "altered", under(root, one), None
    if sha((root / "manifest.json").read_bytes()) != named["manifest.json"]:
        return
    told = json.loads((root / "manifest.json").read_bytes())
    if root.name != f"release-{told['n']:04d}":
        yield "replayed", under(root, "manifest.json"), None
    names, lies = told.get("silent"), (root / "silent").exists()
    if lies != (names is not None):
        yield "extra" if lies else "missing", under(root, "silent"), None
    elif lies and "sha256:" + sha((root / "silent").read_bytes()) != names:
        yield "altered", under(root, "silent"), None
    if (told["kind"] == "recall") != (not sealed) or (told["kind"] == "recall" and told["pages"]):
        yield "schema", under(root, "manifest.json"), None
    if not sealed:
        return
    data = (root / "pages.bin").read_bytes()
    found = [sha(data[at : at + PAGE]) for at in range(0, len(data), PAGE)]
    for kind, row in compare(found, [one["sha256"] for one in told["pages"]]):
        yield kind, under(root, "pages.bin"), row


def silent(root, private):
    """Whom nobody may contact, in hex, opened with the deal's private key: 64-byte ML-KEM-768 seed and 32-byte X25519 key."""
    told = json.loads((root / "manifest.json").read_bytes())
    named = {"deal": told["deal"], "n": told["n"], "package": told["package"]["id"]}
    info = (
        b"custody/silent/1\0"
        + hashlib.sha256(json.dumps(named, sort_keys=True, separators=(",", ":")).encode()).digest()
    )
    suite = hpke.Suite(hpke.KEM.MLKEM768_X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM)
    kem, ec = MLKEM768PrivateKey.from_seed_bytes(private[:64]), X25519PrivateKey.from_private_bytes(private[64:])
    plain = suite.decrypt((root / "silent").read_bytes(), hpke.MLKEM768X25519PrivateKey(kem, ec), info)
    count = int.from_bytes(plain[:4], "big")
    found = [plain[4 + 16 * place : 20 + 16 * place] for place in range(count)]
    if (
        found != sorted(set(found))
        or len(plain) % 4096
        or any(plain[4 + 16 * count :])
        or len(plain) - 4 - 16 * count >= 4096
    ):
        raise ValueError("not the only form of a list of ids")
    return [one.hex() for one in found]


def recalled(path, root, keys):
    """Yield (class, file, row) of an answer to a recall: by its buyer, about a recall that lies here, and what it counts adds up."""
    told = opened(path, keys)
    if told is None:
        return
    says = told["predicate"]
    lie = {
        "sha256:" + sha(one.read_bytes()): json.loads(one.read_bytes()) for one in root.glob("release-*/manifest.json")
    }
    order = lie.get(says["release"])
    if order is None:
        return
    if says["signer"] != order["buyer"]:
        yield "signature", path.name, None
    counted = says["shredded"] + says["absent"] + says.get("held", 0)
    if (order["kind"], order["n"], len(order["recall"]), counted) != (
        "recall",
        says["n"],
        says["slots"],
        says["slots"],
    ):
        yield "chain", path.name, None


def ledger(root, name):
    """Yield (class, file, row) of an exported ledger."""
    part = not (root / "entries.jsonl").exists()  # spec/ledger.md §7a
    lines = "part.jsonl" if part else "entries.jsonl"
    entries = (root / lines).read_bytes().split(b"\n")[:-1]
    listed = [bytes.fromhex(one) for one in (root / "hashes.txt").read_text().split()]
    found = [hashlib.sha256(b"\0" + one).digest() for one in entries]
    wanted = [listed[json.loads(one)["n"]] for one in entries] if part else listed
    for kind, row in compare(found, wanted):
        yield kind, f"{name}/{lines}", row
    _, size, root64 = (root / "checkpoint.txt").read_text().split("\n")[:3]
    if int(size) != len(listed) or base64.b64decode(root64) != tree(listed):
        yield "chain", f"{name}/checkpoint.txt", None


def read(root, cards):
    """All faults of a hand-over folder, given the party cards to trust."""
    keys = {one: (ed, ml) for one, ed, ml in (card(path) for path in cards)}
    for folder in sorted(root.iterdir()):
        if (folder / "tagmanifest-sha256.txt").exists():
            yield from package(folder, keys)
        elif (folder / "manifest.json").exists():
            yield from release(folder, keys)
        elif folder.name.endswith(".dsse.json") and opened(folder, keys) is None:
            yield "signature", folder.name, None
        elif folder.name.startswith("recalled-"):
            yield from recalled(folder, root, keys)
    for folder in sorted(root.glob("ledgers/*")):
        yield from ledger(folder, f"ledgers/{folder.name}")


if __name__ == "__main__":
    given = [Path(one) for one in sys.argv[1:]]
    faults = list(read(given[0], given[1:] or sorted(given[0].glob("cards/*.json"))))
    for fault in faults:
        print(*fault)
    sys.exit(bool(faults))
