"""A second reader of spec/vault.md, written from the document alone: `python vectors/readers/vault.py [FOLDER]`.

Imports nothing of custody: hashlib, hmac, json, struct, msgpack and the primitives of `cryptography`. Every vector must
open to what it says, or be refused with the slug it names.
"""

# ruff: noqa: B023, PLW0108 - every check is run before the next one is made, so the loop variables still hold

import base64
import hashlib
import hmac
import json
import struct
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgpack
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.ciphers.algorithms import SM4
from cryptography.hazmat.primitives.ciphers.modes import CTR, ECB
from cryptography.hazmat.primitives.hashes import SM3, Hash
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

Case = dict[str, Any]
KINDS = (str, int, float, bytes, bool, type(None))


class Refusal(Exception):
    """Refused, with the spec's slug (§15)."""


def need(holds: bool, slug: str) -> None:
    """Refuse unless it holds."""
    if not holds:
        raise Refusal(slug)


def unseal(key: bytes, nonce: bytes, body: bytes, aad: bytes, slug: str) -> bytes:
    """AES-256-GCM."""
    try:
        return AESGCM(key).decrypt(nonce, body, aad)
    except InvalidTag:
        raise Refusal(slug) from None


def sha(*parts: bytes) -> bytes:
    """SHA-256 of parts one after another."""
    return hashlib.sha256(b"".join(parts)).digest()


def commitment(key: bytes) -> bytes:
    """§3."""
    need(len(key) == 32 and any(key), "vault.no-key")
    return sha(b"custody/key-id/1\0", key)


def sm_sha(*parts: bytes) -> bytes:
    """SM3 of parts one after another."""
    run = Hash(SM3())
    run.update(b"".join(parts))
    return run.finalize()


def sm_mac(key: bytes, text: bytes) -> bytes:
    """HMAC-SM3, as RFC 2104 defines it over any hash of 64-byte blocks."""
    block = (key if len(key) <= 64 else sm_sha(key)).ljust(64, b"\0")
    inner = sm_sha(bytes(one ^ 0x36 for one in block), text)
    return sm_sha(bytes(one ^ 0x5C for one in block), inner)


def mac(suite: int, key: bytes, text: bytes) -> bytes:
    """HMAC by suite."""
    return hmac.digest(key, text, "sha256") if suite == 1 else sm_mac(key, text)


def sm_commitment(key: bytes) -> bytes:
    """§3, suite 2."""
    need(len(key) == 32 and any(key), "vault.no-key")
    return sm_sha(b"custody/key-id/1\0", key)


def label(suite: int, name: str, end: bytes = b"") -> bytes:
    """§2: the labels of suite 1, and those that a later suite's number follows."""
    return b"custody/%s/1%s" % (name.encode(), end) if suite == 1 else b"custody/%s/2%s%c" % (name.encode(), end, suite)


def apart(blob: bytes, size: int, slug: str) -> tuple[int, bytes]:
    """§2: the suite of a wrap, head or index key, and the form it has in suite 1."""
    if len(blob) == size:
        return 1, blob
    need(len(blob) == size + 1 and blob[0] != 1, slug)
    need(blob[0] == 2, "vault.suite")
    return 2, blob[1:]


def sm_unseal(dek: bytes, nonce: bytes, body: bytes, aad: bytes, slug: str) -> bytes:
    """SM4-GCM, from SM4 as a block and as a stream (NIST SP 800-38D §7.2)."""
    need(any(dek[:16]), "vault.no-key")
    need(len(body) >= 16 and sm_tag(dek, nonce, body[:-16], aad) == body[-16:], slug)
    return Cipher(SM4(dek[:16]), CTR(nonce + b"\0\0\0\2")).decryptor().update(body[:-16])


def gcm(key: bytes, nonce: bytes, text: bytes, aad: bytes) -> bytes:
    """AES-256-GCM, the other way."""
    return AESGCM(key).encrypt(nonce, text, aad)


def sm_gcm(key: bytes, nonce: bytes, text: bytes, aad: bytes) -> bytes:
    """SM4-GCM, the other way: a stream, and the tag over what came of it."""
    body = Cipher(SM4(key[:16]), CTR(nonce + b"\0\0\0\2")).encryptor().update(text)
    return body + sm_tag(key, nonce, body, aad)


def sm_tag(dek: bytes, nonce: bytes, text: bytes, aad: bytes) -> bytes:
    """The tag of SM4-GCM, from SM4 as a block (NIST SP 800-38D §7.1)."""
    key = SM4(dek[:16])
    zero = int.from_bytes(Cipher(key, ECB()).encryptor().update(bytes(16)))
    mask = int.from_bytes(Cipher(key, ECB()).encryptor().update(nonce + b"\0\0\0\1"))
    rows, total = table(zero), 0
    whole = (
        aad + bytes(-len(aad) % 16) + text + bytes(-len(text) % 16) + struct.pack(">QQ", len(aad) * 8, len(text) * 8)
    )
    for at in range(0, len(whole), 16):
        total ^= int.from_bytes(whole[at : at + 16])
        found = 0
        for place, row in enumerate(rows):
            found ^= row[total >> (120 - 8 * place) & 0xFF]
        total = found
    return (total ^ mask).to_bytes(16)


def table(value: int) -> list[list[int]]:
    """Products of every byte, at each of its 16 places, with a value: a page has 2,048 blocks to multiply."""
    powers = [value]
    for _ in range(127):
        powers.append(powers[-1] >> 1 ^ (0xE1 << 120 if powers[-1] & 1 else 0))
    rows = []
    for place in range(16):
        row = [0] * 256
        for bit in range(8):
            row[1 << bit] = powers[8 * place + 7 - bit]
        for byte in range(256):
            low = byte & -byte
            row[byte] = row[low] ^ row[byte ^ low] if byte ^ low else row[byte]
        rows.append(row)
    return rows


def bucket(size: int) -> int:
    """§5."""
    step = 64
    if size > 1024:
        exponent = len(f"{size:b}") - 1
        step = 2 ** (exponent - len(f"{exponent:b}"))
    return (size + step - 1) // step * step


def unpadded(data: bytes) -> bytes:
    """§5."""
    end = len(data)
    while end and data[end - 1] == 0:
        end -= 1
    need(end > 0 and data[end - 1] == 0x80 and bucket(end) == len(data), "vault.padding")
    return data[: end - 1]


def unpacked(data: bytes) -> list[Any]:
    """§5."""
    try:
        found = msgpack.unpackb(data, raw=False)
    except (ValueError, TypeError):
        raise Refusal("vault.payload") from None
    need(isinstance(found, list) and len(found) > 0, "vault.payload")
    need(type(found[0]) is int and found[0] >= 0, "vault.payload")
    need(all(type(one) in KINDS for one in found), "vault.payload")
    need(msgpack.packb(found, use_bin_type=True) == data, "vault.payload")
    return found


def record(origin: bytes, key: bytes, data: bytes) -> tuple[Case, bytes]:
    """§4."""
    need(len(data) >= 140 and data[:2] == b"CV" and data[2] == 1 and data[5] == 0, "vault.record")
    need(data[3] in (1, 2), "vault.suite")
    compartment, _, schema, revision = struct.unpack(">BBHI", data[4:12])
    need(compartment < 16 and revision > 0, "vault.record")
    committed, opener = (commitment, unseal) if data[3] == 1 else (sm_commitment, sm_unseal)
    need(committed(key)[:16] == data[32:48], "vault.key")
    text = opener(key, data[48:60], data[60:], b"custody/record/1\0" + origin + data[:48], "vault.tag")
    head = {"compartment": compartment, "schema": schema, "revision": revision, "subject": data[12:28].hex()}
    return {**head, "record": int.from_bytes(data[28:32])}, unpadded(text)


def segment(data: bytes) -> tuple[bytes, bytes, list[tuple[int, bytes]]]:
    """§6."""
    need(len(data) >= 41 and data[:8] == b"CVSEG1\n\x01", "vault.segment")
    need(data[8] in (1, 2), "vault.suite")
    found, at = [], 41
    while True:
        need(at + 4 <= len(data), "vault.segment")
        size = int.from_bytes(data[at : at + 4])
        at += 4
        if size == 0:
            break
        need(size <= 2**26 and at + size <= len(data), "vault.segment")
        need(size > 3 and data[at + 3] == data[8], "vault.segment")
        found.append((at, data[at : at + size]))
        at += size
    need(data[at:] == struct.pack(">Q", len(found)) + sha(data[: at + 8]), "vault.segment")
    return data[9:25], data[25:41], found


def place(told: Case) -> bytes:
    """Holder, compartment, page, version (§7)."""
    return bytes.fromhex(told["vault"]) + struct.pack(">BIQ", told["compartment"], told["number"], told["version"])


def page(sealed: bytes, wrap: bytes, at: bytes, keyring: bytes, g: int) -> bytes:
    """§7."""
    suite, key = page_key(wrap, at, keyring, g)
    need(len(sealed) == 32796, "vault.page")
    opener = unseal if suite == 1 else sm_unseal
    return opener(key, sealed[:12], sealed[12:], b"custody/page/1" + bytes((suite,)) + at, "vault.page")


def page_key(wrap: bytes, at: bytes, keyring: bytes, g: int) -> tuple[int, bytes]:
    """§7: the suite of a page and its key."""
    commitment(keyring)
    suite, rest = apart(wrap, 60, "vault.page")
    opener, aad = unseal if suite == 1 else sm_unseal, label(suite, "wrap") + at + struct.pack(">Q", g)
    return suite, opener(keyring, rest[:12], rest[12:], aad, "vault.page")


def leaf(told: Case) -> bytes:
    """§8."""
    head = struct.pack(">BIQ", told["compartment"], told["number"], told["version"])
    return sha(b"\0", head, sha(bytes.fromhex(told["wrap"])), sha(bytes.fromhex(told["sealed"])))


def root(hashes: list[bytes]) -> bytes:
    """RFC 9162 §2.1.1, as it defines it."""
    if len(hashes) < 2:
        return hashes[0] if hashes else sha(b"")
    split = 1
    while split * 2 < len(hashes):
        split *= 2
    return sha(b"\1", root(hashes[:split]), root(hashes[split:]))


def included(found: bytes, index: int, size: int, proof: list[bytes]) -> bytes:
    """RFC 9162 §2.1.3.2: the root that a proof leads to."""
    last = size - 1
    for one in proof:
        need(last > 0, "vault.rolled-back")
        if index % 2 or index == last:
            found = sha(b"\1", one, found)
            while index % 2 == 0 and index:
                index, last = index // 2, last // 2
        else:
            found = sha(b"\1", found, one)
        index, last = index // 2, last // 2
    need(last == 0, "vault.rolled-back")
    return found


def head(vault: bytes, key: bytes, whole: bytes) -> tuple[int, int, bytes, int]:
    """§8."""
    suite, blob = apart(whole, 84, "vault.keyring")
    opener, aad = unseal if suite == 1 else sm_unseal, label(suite, "keyring", b"\0") + vault + blob[:8]
    text = opener(key, blob[8:20], blob[20:], aad, "vault.keyring")
    need(text[:8] == blob[:8], "vault.keyring")
    g, counter, top = struct.unpack(">QQ32s", text)
    return g, counter, top, suite


def product(left: int, right: int) -> int:
    """In GF(2^8) (§12)."""
    found = 0
    for bit in range(8):
        if right >> bit & 1:
            found ^= left << bit
    for bit in range(14, 7, -1):
        if found >> bit & 1:
            found ^= 0x11B << (bit - 8)
    return found


INVERSE = {a: b for a in range(1, 256) for b in range(1, 256) if product(a, b) == 1}


def combined(shares: list[bytes]) -> bytes:
    """§12."""
    for one in shares:
        need(len(one) == 96 and one[:5] == b"CVSH\1" and 2 <= one[5] <= one[6] and 1 <= one[7] <= one[6], "shares.form")
    need(len(shares) > 0 and len(shares) >= shares[0][5], "shares.few")
    same, points = {one[5:7] + one[8:64] for one in shares}, [one[7] for one in shares]
    need(len(same) == 1 and len(set(points)) == len(points), "shares.mixed")
    secret = bytearray(32)
    for one in shares:
        weight = 1
        for other in points:
            if other != one[7]:
                weight = product(weight, product(other, INVERSE[other ^ one[7]]))
        for at, y in enumerate(one[64:]):
            secret[at] ^= product(weight, y)
    need(sha(secret) == shares[0][32:64], "shares.digest")
    return bytes(secret)


def tag(told: Case) -> bytes:
    """§13; HKDF by RFC 5869."""
    parts = (told["field"].encode(), told["normaliser"].encode(), struct.pack(">I", told["epoch"]))
    suite = told.get("suite", 1)
    info = label(suite, "index", b"\0") + bytes.fromhex(told["vault"]) + b"\0".join(parts)
    middle = mac(suite, bytes(32), bytes.fromhex(told["index_key"]))
    whole = mac(suite, mac(suite, middle, info + b"\1"), told["form"].encode())[:16]
    return cut(whole, told["bits"]) if told["normaliser"] == "name/2" else whole


def cut(whole: bytes, bits: int) -> bytes:
    """§13: the first bits of the tag of a name, and zeros."""
    told = "".join(f"{byte:08b}" for byte in whole)[:bits].ljust(128, "0")
    return bytes(int(told[at : at + 8], 2) for at in range(0, 128, 8))


def bucket_bits(people: int) -> int:
    """§13: the most bits that leave 64 people to a bucket."""
    return max([bits for bits in range(17) if people >= 64 << bits], default=0)


def index_key(told: Case) -> tuple[int, str]:
    """§13: the suite of an index and its key."""
    suite, rest = apart(bytes.fromhex(told["wrap"]), 60, "index.key")
    place = bytes.fromhex(told["vault"]) + struct.pack(">IQ", told["epoch"], told["g"])
    opener, aad = unseal if suite == 1 else sm_unseal, label(suite, "index-key") + place
    return suite, opener(bytes.fromhex(told["keyring"]), rest[:12], rest[12:], aad, "index.key").hex()


def root_key(told: Case) -> bytes:
    """§11."""
    file, blob, ref = bytes.fromhex(told["file"]), bytes.fromhex(told["blob"]), told["ref"].encode()
    need(len(file) == 84 and file[:5] == b"CVRT\1", "keys.file")
    log, r, p = file[5:8]
    need(14 <= log <= 20 and 1 <= r <= 16 and 1 <= p <= 4, "keys.file")
    stretched = Scrypt(salt=file[8:24], length=32, n=2**log, r=r, p=p).derive(told["passphrase"].encode())
    top = unseal(stretched, file[24:36], file[36:], b"custody/root/1\0" + file[:24] + ref, "keys.passphrase")
    need(len(blob) == 60, "keys.blob")
    return unseal(top, blob[:12], blob[12:], b"custody/root-wrap/1\0" + ref, "keys.blob")


def objects(key: bytes, lead: bytes, data: bytes) -> list[Any]:
    """§19: every value of a backup object that says it is `lead`."""
    commitment(key)
    bad = "backup.object"
    need(len(data) >= 62 and data[:30] == lead, bad)
    inner = hkdf(key, data[30:62], b"custody/backup/1\0" + lead)
    at, number, text, last = 62, 0, b"", False
    while not last:
        need(at + 4 <= len(data), bad)
        size = int.from_bytes(data[at : at + 4])
        body = data[at + 4 : at + 4 + size]
        need(16 <= size <= 2**20 + 16 and len(body) == size, bad)
        at += 4 + size
        last = at == len(data)
        text += unseal(inner, bytes((last, 0, 0, 0)) + struct.pack(">Q", number), body, data[:62], bad)
        need(last or size == 2**20 + 16, bad)
        number += 1
    reader = msgpack.Unpacker(raw=False, max_buffer_size=2**31 - 1)
    reader.feed(text)
    found = list(reader)
    need(reader.tell() == len(text), bad)
    return found


def hkdf(key: bytes, salt: bytes, info: bytes) -> bytes:
    """RFC 5869 with SHA-256, one block."""
    return hmac.digest(hmac.digest(salt, key, "sha256"), info + b"\x01", "sha256")


def lead_of(told: Case) -> bytes:
    """The 30 bytes of an object's name (§19)."""
    return b"CVBK\x01" + bytes((told["kind"],)) + bytes.fromhex(told["owner"]) + struct.pack(">Q", told["position"])


def key_backup(file: Case, data: bytes) -> tuple[int, int, str, int, list[str]]:
    """§21: generation, counter, ref, suite, and the page keys as K opens them."""
    vault, keyring = bytes.fromhex(file["vault"]), bytes.fromhex(file["keyring"])
    about = {"kind": 2, "owner": file["vault"], "position": file["position"]}
    (_, version, g, counter, top, ref, _, *late), *rows, end = objects(bytes.fromhex(file["key"]), lead_of(about), data)
    need((version, len(late)) in ((1, 0), (2, 1)) and late != [1], "backup.readback")
    need(late in ([], [2]), "vault.suite")
    need(end == ["end", len(rows)], "backup.object")
    places = [(one[0], one[1]) for one in rows]
    need(places == sorted(set(places)), "vault.rolled-back")
    leaves = [sha(b"\0", struct.pack(">BIQ", *one[:3]), sha(one[5]), sha(one[4])) for one in rows]
    need(root(leaves) == top, "vault.rolled-back")
    opened = [page_key(one[5], vault + struct.pack(">BIQ", *one[:3]), keyring, g)[1].hex() for one in rows]
    return g, counter, ref, late[0] if late else 1, opened


def replayed(slots: dict[int, bytes], erased: list[Case], suite: int) -> list[int]:
    """§21: the slots that still hold a key."""
    committed = commitment if suite == 1 else sm_commitment
    for one in erased:
        key = slots.get(one["slot"])
        if key is not None and committed(key)[:16].hex() == one["key_id"]:
            del slots[one["slot"]]
    return sorted(slots)


def sheet_share(text: str) -> bytes:
    """§12: the 96 bytes on a sheet."""
    lines = ["".join(line.upper().split()) for line in text.splitlines()]
    found = [line for line in lines if len(line) == 32 and set(line) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")]
    need(len(found) == 5, "shares.sheet")
    data = base64.b32decode("".join(found))
    need(sha(data[:-4])[:4] == data[-4:], "shares.sheet")
    return data[:-4]


def holder_key(file: bytes, passphrase: str) -> bytes:
    """§23."""
    label_, at = b"custody/holder/1\0", 17
    need(file[:at] == label_ and len(file) == at + 29 + 96 + 16 and 14 <= file[at] <= 20, "escrow.key")
    key = Scrypt(salt=file[at + 1 : at + 17], length=32, n=2 ** file[at], r=8, p=1).derive(passphrase.encode())
    return unseal(key, file[at + 17 : at + 29], file[at + 29 :], file[: at + 29], "escrow.passphrase")


def mirrored(data: bytes) -> list[str]:
    """§20: the bodies of whole frames, in order."""
    found, at = list[str](), 0
    while at + 12 <= len(data):
        number, size = struct.unpack(">QI", data[at : at + 12])
        end = at + 12 + size
        check = sha(data[at:end])[:8] + struct.pack(">I", size)
        if number != len(found) or data[end : end + 12] != check:
            break
        found.append(data[at + 12 : end].hex())
        at = end + 12
    need(not frame_was_whole(data[at:], len(found)), "mirror.altered")
    return found


def frame_was_whole(rest: bytes, expected: int) -> bool:
    """§20: whether what no frame can be read from ends as one would, or a whole one of the next four lies behind."""
    if len(rest) < 24:
        return False
    number, size = struct.unpack(">QI", rest[:12])
    (behind,) = struct.unpack(">I", rest[-4:])
    later = (at for one in range(expected + 1, expected + 5) for at in places(rest, struct.pack(">Q", one)))
    return (
        (number == expected and 24 + size <= len(rest))
        or 24 + behind == len(rest)
        or any(is_frame(rest[at:]) for at in later)
    )


def places(data: bytes, mark: bytes) -> Iterator[int]:
    """Everywhere that it stands."""
    at = data.find(mark)
    while at >= 0:
        yield at
        at = data.find(mark, at + 1)


def is_frame(data: bytes) -> bool:
    """Whether a whole frame begins here."""
    if len(data) < 24:
        return False
    (size,) = struct.unpack(">I", data[8:12])
    return data[12 + size : 24 + size] == sha(data[: 12 + size])[:8] + struct.pack(">I", size)


def suppression_tag(told: Case) -> str:
    """Retention, §7."""
    info = b"custody/suppression/1\0" + bytes.fromhex(told["party"]) + told["normaliser"].encode()
    key = hkdf(bytes.fromhex(told["key"]), bytes(32), info)
    return hmac.digest(key, told["form"].encode(), "sha256").hex()


def opening(told: Case) -> str:
    """Ledger, §6."""
    head, text = record(bytes.fromhex(told["origin"]), bytes.fromhex(told["dek"]), bytes.fromhex(told["sealed"]))
    own = {"compartment": 15, "schema": 65535, "revision": 1, "subject": told["subject"], "record": told["entry"]}
    need(head == own, "vault.misplaced")
    return text.decode()


Check = tuple[str, str, Callable[[], object], object]


def read_keyid(file: Case) -> Iterator[Check]:
    for one in file["cases"]:
        yield one["name"], one["expect"], lambda: commitment(bytes.fromhex(one["dek"])).hex(), one.get("commitment")


def read_payload(file: Case) -> Iterator[Check]:
    for one in file["cases"]:
        told = [value(each) for each in one.get("values", [])]
        yield (
            one["name"],
            one["expect"],
            lambda: repr(unpacked(bytes.fromhex(one["packed"]))),
            repr([one.get("row"), *told]),
        )
    for one in file["buckets"]:
        yield f"bucket {one['payload']}", "opens", lambda: bucket(one["payload"] + 1), one["padded"]
    for one in file["padding"]:
        yield one["name"], one["expect"], lambda: unpadded(bytes.fromhex(one["padded"])).hex(), one.get("payload")


def value(told: Case) -> object:
    """A typed value of payload.json."""
    ((kind, given),) = told.items()
    readers: dict[str, Callable[[Any], object]] = {"bytes": bytes.fromhex, "float": float.fromhex, "int": int}
    return readers.get(kind, lambda same: same)(given)


def read_record(file: Case) -> Iterator[Check]:
    for one in file["cases"]:
        origin, key, data = (bytes.fromhex(one[name]) for name in ("origin", "dek", "sealed"))
        yield (
            one["name"],
            one["expect"],
            lambda: record(origin, key, data),
            (one.get("header"), unhex(one.get("payload"))),
        )
        if "also_opens_under" in one:
            second, aad = bytes.fromhex(one["also_opens_under"]), b"custody/record/1\0" + origin + data[:48]
            naive = unpadded(unseal(second, data[48:60], data[60:], aad, "vault.tag"))
            yield "GCM alone takes the second key", "opens", lambda: naive.hex(), one["other"]


def unhex(text: str | None) -> bytes | None:
    """Bytes, where there are any."""
    return None if text is None else bytes.fromhex(text)


def read_segment(file: Case) -> Iterator[Check]:
    for one in file["cases"]:
        places, bodies = one.get("places", []), [bytes.fromhex(each) for each in one.get("records", [])]
        frames = [(at, body) for (at, _), body in zip(places, bodies, strict=True)]
        told = (unhex(one.get("origin")), unhex(one.get("segment")), frames)
        yield one["name"], one["expect"], lambda: segment(bytes.fromhex(one["data"])), told


def read_page(file: Case) -> Iterator[Check]:
    made = {}
    for one in file["pages"]:
        slots = bytearray(32768)
        for each in one["slots"]:
            slots[each["slot"] * 32 : each["slot"] * 32 + 32] = bytes.fromhex(each["dek"])
        nonce, key = bytes.fromhex(one["nonce"]), bytes.fromhex(one["page_key"])
        suite = one.get("suite", 1)
        sealer = gcm if suite == 1 else sm_gcm
        sealed = nonce + sealer(key, nonce, bytes(slots), b"custody/page/1" + bytes((suite,)) + place(one))
        made[one["name"]] = (bytes(slots), sealed, suite)
        yield one["name"], "opens", lambda: sha(sealed).hex(), one["sha256"]
        wrap = one["wrap"]
        nonce, aad = bytes.fromhex(wrap["nonce"]), label(suite, "wrap") + place(one) + struct.pack(">Q", wrap["g"])
        again = (
            (b"" if suite == 1 else bytes((suite,))) + nonce + sealer(bytes.fromhex(wrap["keyring"]), nonce, key, aad)
        )
        yield f"wrap of {one['name']}", "opens", lambda: again.hex(), wrap["wrap"]
    for one in file["cases"]:
        slots, sealed, _ = made[one["page"]]
        changed = bytearray(sealed[: len(sealed) - one.get("cut", 0)])
        if "flip" in one:
            changed[one["flip"]["byte"]] ^= 1 << one["flip"]["bit"]
        wrap, key = bytes.fromhex(one["wrap"]), bytes.fromhex(one["keyring"])
        yield one["name"], one["expect"], lambda: page(bytes(changed), wrap, place(one["at"]), key, one["g"]), slots
    for one in file["slots"]:
        slot = made[one["page"]][0][one["slot"] * 32 : one["slot"] * 32 + 32]
        committed = commitment if made[one["page"]][2] == 1 else sm_commitment
        yield one["name"], one["expect"], lambda: committed(slot)[:16].hex(), one.get("key_id")


def read_keyring(file: Case) -> Iterator[Check]:
    top = bytes.fromhex(file["root"])
    for one in file["heads"]:
        told = (one.get("g"), one.get("counter"), unhex(one.get("root")), one.get("suite", 1))
        vault, key, blob = (bytes.fromhex(one[name]) for name in ("vault", "keyring", "blob"))
        yield one["name"], one["expect"], lambda: head(vault, key, blob), told
    for one in file["sets"]:
        yield (
            one["name"],
            one["expect"],
            lambda: need(root([leaf(each) for each in one["pages"]]) == top, "vault.rolled-back"),
            None,
        )
    for one in file["proofs"]:
        proof = [bytes.fromhex(each) for each in one["proof"]]
        first = leaf(one["page"])
        yield (
            one["name"],
            one["expect"],
            lambda: need(included(first, one["index"], one["size"], proof) == top, "vault.rolled-back"),
            None,
        )


def read_shares(file: Case) -> Iterator[Check]:
    for one in file["cases"]:
        shares = [bytes.fromhex(each) for each in one["shares"]]
        yield one["name"], one["expect"], lambda: combined(shares).hex(), one.get("secret")


def read_index(file: Case) -> Iterator[Check]:
    for one in file["cases"]:
        if one["form"] is not None:
            yield f"{one['normaliser']} {one['epoch']}", "opens", lambda: tag(one).hex(), one["tag"]
    for one in file["buckets"]:
        yield f"{one['people']} people", "opens", lambda: bucket_bits(one["people"]), one["bits"]
    for one in file["keys"]:
        yield one["name"], one["expect"], lambda: index_key(one), (one.get("suite"), one.get("key"))


def read_salts(file: Case) -> Iterator[Check]:
    for one in file["entries"]:
        key, suite = bytes.fromhex(one["dek"]), one.get("suite", 1)
        yield "entry", "opens", lambda: mac(suite, key, label(suite, "salt") + one["entry"].encode()).hex(), one["salt"]
    for one in file["leaves"]:
        suite = one.get("suite", 1)
        salt = mac(suite, bytes.fromhex(one["dek"]), label(suite, "leaf"))
        text = f"{one['verdict']}\0{one['rules']}".encode()
        yield "leaf", "opens", lambda: mac(suite, salt, text).hex(), one["c"]
    yield "zero slot", file["zero"]["expect"], lambda: commitment(bytes.fromhex(file["zero"]["dek"])), None


def read_root(file: Case) -> Iterator[Check]:
    for one in file["cases"]:
        yield one["name"], one["expect"], lambda: root_key(one).hex(), one.get("key")


def plain(value: object) -> object:
    """Bytes as hex, so that a value can stand beside JSON."""
    if isinstance(value, list):
        return [plain(one) for one in value]
    return value.hex() if isinstance(value, bytes) else value


def read_backup(file: Case) -> Iterator[Check]:
    for one in file["cases"]:
        key, data = bytes.fromhex(one["key"]), bytes.fromhex(one["data"])
        yield one["name"], one["expect"], lambda: plain(objects(key, lead_of(one), data)), one.get("values")
    told = file["large"]
    lead, salt = lead_of(told), bytes.fromhex(told["salt"])
    text = msgpack.packb([bytes(told["zeros"]), bytes.fromhex(told["end"])], use_bin_type=True)
    inner = hkdf(bytes.fromhex(told["key"]), salt, b"custody/backup/1\0" + lead)
    data = lead + salt
    for number, start in enumerate(range(0, len(text), file["chunk"])):
        part, last = text[start : start + file["chunk"]], start + file["chunk"] >= len(text)
        sealed = AESGCM(inner).encrypt(bytes((last, 0, 0, 0)) + struct.pack(">Q", number), part, lead + salt)
        data += struct.pack(">I", len(sealed)) + sealed
    yield "two chunks", "opens", lambda: (len(data), sha(data).hex()), (told["bytes"], told["sha256"])


def read_keys(file: Case) -> Iterator[Check]:
    for one in file["cases"]:
        told = (one.get("g"), one.get("counter"), one.get("ref"), one.get("suite", 1), one.get("page_keys"))
        yield one["name"], one["expect"], lambda: key_backup(file, bytes.fromhex(one["data"])), told


def read_replay(file: Case) -> Iterator[Check]:
    for one in file["cases"]:
        slots = {each["slot"]: bytes.fromhex(each["dek"]) for each in file["slots"]}
        yield one["name"], "opens", lambda: replayed(slots, one["erased"], one.get("suite", 1)), one["left"]


def read_sheets(file: Case) -> Iterator[Check]:
    for one in file["cases"]:
        yield one["name"], one["expect"], lambda: sheet_share(one["text"]).hex(), one.get("share")


def read_holders(file: Case) -> Iterator[Check]:
    for one in file["cases"]:
        data = bytes.fromhex(one["file"])
        yield one["name"], one["expect"], lambda: holder_key(data, one["passphrase"]).hex(), one.get("private")


def read_mirrors(file: Case) -> Iterator[Check]:
    for one in file["cases"]:
        yield one["name"], one["expect"], lambda: mirrored(bytes.fromhex(one["data"])), one["held"]


def read_suppressed(file: Case) -> Iterator[Check]:
    for one in file["cases"]:
        yield one["name"], "opens", lambda: suppression_tag(one), one["tag"]


def read_openings(file: Case) -> Iterator[Check]:
    for one in file["cases"]:
        yield one["name"], one["expect"], lambda: opening(one), one.get("detail")


READERS: dict[str, Callable[[Case], Iterator[Check]]] = {
    name.removeprefix("read_"): reader for name, reader in list(globals().items()) if name.startswith("read_")
}


def main(folder: Path) -> int:
    """Read every file; tell what does not agree. Returns the exit code."""
    count, wrong = 0, 0
    for path in sorted(folder.glob("*.json")):
        for name, expect, run, told in READERS[path.stem](json.loads(path.read_text(encoding="utf-8"))):
            try:
                found = "opens" if run() == told else "opens to something else"
            except Refusal as refusal:
                found = str(refusal)
            count += 1
            if found != expect:
                wrong += 1
                print(f"{path.stem}: {name}: {found}, not {expect}")
    print(f"{count} vectors, {wrong} wrong")
    return 1 if wrong or not count else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parent.parent / "vault"))
