"""Vectors of what data lies in: key id, payload, record, segment (spec/vault.md §3 to §6)."""

# ruff: noqa: SLF001 - fixed nonces go in through the engine's inner functions, which draw none

from hashlib import sha256
from io import BytesIO

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from seeds import DEK, DEK2, GOOD, OTHER, SEGMENT, SUBJECT, VAULT, Case, flip, seed
from two_keys import two_keys

from custody.vault import labels, payload, record, segment
from custody.vault.suite import AES, SM, Suite

SHORT_ZERO = bytes(16) + DEK[16:]


def keyids() -> Case:
    """§3."""
    cases: list[Case] = [
        {
            "name": name,
            "dek": key.hex(),
            "commitment": AES.commitment(key).hex(),
            "key_id": AES.key_id(key).hex(),
            "expect": GOOD,
        }
        for name, key in (("dek", DEK), ("dek-2", DEK2))
    ]
    cases += [
        {"name": "zero-key", "dek": bytes(32).hex(), "expect": "vault.no-key"},
        {"name": "short-key", "dek": DEK[:16].hex(), "expect": "vault.no-key"},
        {"name": "long-key", "dek": (DEK + b"\0").hex(), "expect": "vault.no-key"},
    ]
    return {"spec": "§3", "cases": cases}


def payloads() -> Case:
    """§5: packing and padding."""
    rows: dict[str, tuple[int, list[payload.Value]]] = {
        "empty": (0, []),
        "null-is-not-empty-text": (1, [None, "", b""]),
        "leading-zeros": (2, ["0622", "01234567890123456789"]),
        "integers": (3, [0, 127, 128, 255, 256, 65535, 65536, 2**32, 2**63, -1, -32, -33, -128, -129, -(2**63)]),
        "floats": (4, [0.0, -0.0, 0.1, 1.0, 1e300]),
        "booleans": (5, [True, False]),
        "text-as-it-is": (6, ["张三", "e\u0301", "\u00e9", "ＡＢ", "a\r\nb"]),
        "bytes": (7, [bytes(range(256))]),
        "long-text": (70000, ["x" * 3000]),
        "many-columns": (8, ["v"] * 20),
    }
    cases: list[Case] = []
    for name, (row, values) in rows.items():
        packed = payload.pack(row, values)
        told = [typed(value) for value in values]
        cases.append({"name": name, "row": row, "values": told, "packed": packed.hex(), "expect": GOOD})
    bad = {
        "integer-not-shortest": "92cc0100",
        "text-not-shortest": "9200d90161",
        "array-not-shortest": "dc000100",
        "float32": "9200ca3f800000",
        "map": "920081a16101",
        "nested-array": "920091c0",
        "extension": "9200d40100",
        "trailing-byte": "9100c0",
        "not-an-array": "c0",
        "empty-array": "90",
        "row-negative": "91ff",
        "row-is-text": "91a130",
        "row-is-true": "91c3",
        "text-not-utf8": "9200a1ff",
        "cut": "9200a261",
        "nothing": "",
    }
    cases += [{"name": name, "packed": data, "expect": "vault.payload"} for name, data in bad.items()]
    sizes = [0, 1, 62, 63, 64, 127, 1022, 1023, 1024, 1025, 2047, 2048, 5000, 70000]
    buckets = [{"payload": size, "padded": len(payload.pad(bytes(size)))} for size in sizes]
    pads: list[Case] = [
        {"name": "ends-in-zeros", "payload": "610000", "padded": payload.pad(b"a\0\0").hex(), "expect": GOOD},
        {"name": "ends-in-mark", "payload": "8080", "padded": payload.pad(b"\x80\x80").hex(), "expect": GOOD},
    ]
    bad_pads = {
        "no-mark": bytes(64),
        "mark-missing": b"a" * 64,
        "bucket-too-large": b"a\x80" + bytes(126),
        "nothing": b"",
        "between-buckets": b"a" * 64 + b"\x80",
        "garbage-after-mark": b"a\x80" + bytes(61) + b"\1",
    }
    pads += [{"name": name, "padded": data.hex(), "expect": "vault.padding"} for name, data in bad_pads.items()]
    return {"spec": "§5", "cases": cases, "buckets": buckets, "padding": pads}


def typed(value: payload.Value) -> dict[str, object]:
    """A value with its type, since JSON has fewer."""
    if isinstance(value, bytes):
        return {"bytes": value.hex()}
    if isinstance(value, bool) or value is None:
        return {"is": value}
    if isinstance(value, float):
        return {"float": value.hex()}
    return {"text": value} if isinstance(value, str) else {"int": str(value)}


def of_sm(text: str = "0622") -> bytes:
    """A record of suite 2."""
    head = record.new_header(3, 7, SUBJECT, 1, SM.key_id(DEK), suite=SM)
    return record._seal_one(VAULT, head, DEK, payload.pack(1, [text, None]), seed("nonce sm", 12))


def records() -> Case:
    """§4."""
    head = record.new_header(3, 7, SUBJECT, 1, AES.key_id(DEK))
    body = payload.pack(1, ["0622", None])
    good = record._seal_one(VAULT, head, DEK, body, seed("nonce", 12))
    second = record.new_header(3, 7, SUBJECT, 2, AES.key_id(DEK))
    other = record._seal_one(VAULT, second, DEK, payload.pack(2, ["0623", None]), seed("nonce 2", 12))
    large = record._seal_one(VAULT, head, DEK, payload.pack(3, ["长" * 900]), seed("nonce 3", 12))
    cases = [
        opened("one-record", VAULT, DEK, good),
        opened("second-record", VAULT, DEK, other),
        opened("large", VAULT, DEK, large),
    ]
    sm = of_sm()
    cases += [opened("sm-record", VAULT, DEK, sm), opened("sm-large", VAULT, DEK, of_sm("长" * 900))]
    two, text = two_keys()
    cases.append(
        {
            **opened("two-key-ciphertext-under-its-key", VAULT, DEK, two),
            "also_opens_under": DEK2.hex(),
            "other": text.hex(),
        }
    )
    bad: list[tuple[str, bytes, bytes, bytes, str]] = [
        ("two-key-ciphertext-under-the-other-key", VAULT, DEK2, two, "vault.key"),
        ("wrong-vault-id", OTHER, DEK, good, "vault.tag"),
        ("wrong-key", VAULT, DEK2, good, "vault.key"),
        ("zero-slot", VAULT, bytes(32), good, "vault.no-key"),
        ("sealed-under-zero", VAULT, bytes(32), under_zero(), "vault.no-key"),
        ("swapped-record", VAULT, DEK, good[:48] + other[48:], "vault.tag"),
        ("swapped-nonce", VAULT, DEK, good[:48] + other[48:60] + good[60:], "vault.tag"),
        ("truncated-header", VAULT, DEK, good[:47], "vault.record"),
        ("truncated", VAULT, DEK, good[:-1], "vault.record"),
        ("truncated-large", VAULT, DEK, large[:-1], "vault.tag"),
        ("continued", VAULT, DEK, good + b"\0", "vault.tag"),
        ("empty", VAULT, DEK, b"", "vault.record"),
        ("said-to-be-sm", VAULT, DEK, good[:3] + b"\2" + good[4:], "vault.key"),
        (
            "said-to-be-sm-with-its-key-id",
            VAULT,
            DEK,
            good[:3] + b"\2" + good[4:32] + sm[32:48] + good[48:],
            "vault.tag",
        ),
        ("sm-said-to-be-aes", VAULT, DEK, sm[:3] + b"\1" + sm[4:], "vault.key"),
        (
            "sm-said-to-be-aes-with-its-key-id",
            VAULT,
            DEK,
            sm[:3] + b"\1" + sm[4:32] + good[32:48] + sm[48:],
            "vault.tag",
        ),
        ("sm-wrong-vault-id", OTHER, DEK, sm, "vault.tag"),
        ("sm-key-of-the-same-16-bytes", VAULT, DEK[:16] + DEK2[16:], sm, "vault.key"),
        ("sm-key-of-16-zeros", VAULT, SHORT_ZERO, sm[:32] + SM.key_id(SHORT_ZERO) + sm[48:], "vault.no-key"),
        ("sm-flipped-ciphertext", VAULT, DEK, flip(sm, 60), "vault.tag"),
        ("sm-flipped-tag", VAULT, DEK, flip(sm, len(sm) - 1), "vault.tag"),
        ("sm-truncated", VAULT, DEK, sm[:-1], "vault.record"),
        ("suite-3", VAULT, DEK, good[:3] + b"\3" + good[4:], "vault.suite"),
        ("suite-0", VAULT, DEK, good[:3] + b"\0" + good[4:], "vault.suite"),
        ("compartment-16", VAULT, DEK, good[:4] + b"\x10" + good[5:], "vault.record"),
        ("revision-0", VAULT, DEK, good[:8] + bytes(4) + good[12:], "vault.record"),
        ("padding-without-mark", VAULT, DEK, raw(head, b"a" * 64), "vault.padding"),
        ("padding-too-long", VAULT, DEK, raw(head, b"a\x80" + bytes(126)), "vault.padding"),
    ]
    regions = {
        "magic": (0, "vault.record"),
        "version": (2, "vault.record"),
        "suite": (3, "vault.suite"),
        "compartment": (4, "vault.tag"),
        "flags": (5, "vault.record"),
        "schema": (7, "vault.tag"),
        "revision": (10, "vault.tag"),
        "subject": (12, "vault.tag"),
        "record": (31, "vault.tag"),
        "key-id": (32, "vault.key"),
        "nonce": (48, "vault.tag"),
        "ciphertext": (60, "vault.tag"),
        "tag": (len(good) - 1, "vault.tag"),
    }
    bad += [(f"flipped-{name}", VAULT, DEK, flip(good, byte), slug) for name, (byte, slug) in regions.items()]
    cases += [
        {"name": name, "origin": origin.hex(), "dek": dek.hex(), "sealed": data.hex(), "expect": slug}
        for name, origin, dek, data, slug in bad
    ]
    return {"spec": "§4", "cases": cases}


def opened(name: str, origin: bytes, dek: bytes, sealed: bytes) -> Case:
    """A record that opens, with what it opens to."""
    head, body = record.open_record(origin, dek, sealed)
    told: Case = {
        "compartment": head.compartment,
        "schema": head.schema,
        "revision": head.revision,
        "subject": head.subject.hex(),
        "record": head.record,
    }
    where: Case = {"name": name, "origin": origin.hex(), "dek": dek.hex(), "sealed": sealed.hex()}
    return {**where, "header": told, "payload": body.hex(), "expect": GOOD}


def raw(head: record.Header, padded: bytes) -> bytes:
    """A record whose padding is as given, which the engine would not write."""
    lead, nonce = head.encode(), seed("raw nonce", 12)
    return lead + nonce + AESGCM(DEK).encrypt(nonce, padded, labels.RECORD + VAULT + lead)


def under_zero() -> bytes:
    """A record sealed under the zero key, with the key id that the zero key would have."""
    zero, nonce = bytes(32), seed("zero nonce", 12)
    lead = record.new_header(3, 7, SUBJECT, 1, sha256(labels.KEY_ID + zero).digest()[:16]).encode()
    return lead + nonce + AESGCM(zero).encrypt(nonce, payload.pad(b"\x91\0"), labels.RECORD + VAULT + lead)


def segments() -> Case:
    """§6."""
    sealed = [
        record._seal_one(
            VAULT,
            record.new_header(3, 7, SUBJECT, n, AES.key_id(DEK)),
            DEK,
            payload.pack(n, ["x"]),
            seed(f"segment nonce {n}", 12),
        )
        for n in range(1, 5)
    ]
    good, places = written(sealed, SEGMENT)
    copy = BytesIO()
    writer = segment.SegmentWriter(copy, VAULT, seed("copy", 16))
    moved = segment.copy_records(good, [places[0], places[1], places[3]], writer)
    writer.close()
    empty, _ = written([], SEGMENT)
    cases: list[Case] = [
        {
            "name": "four-records",
            "data": good.hex(),
            "origin": VAULT.hex(),
            "segment": SEGMENT.hex(),
            "places": places,
            "records": [one.hex() for one in sealed],
            "expect": GOOD,
        },
        {
            "name": "empty",
            "data": empty.hex(),
            "origin": VAULT.hex(),
            "segment": SEGMENT.hex(),
            "places": [],
            "records": [],
            "expect": GOOD,
        },
        {
            "name": "copy-without-the-third",
            "data": copy.getvalue().hex(),
            "origin": VAULT.hex(),
            "segment": seed("copy", 16).hex(),
            "places": moved,
            "records": [sealed[n].hex() for n in (0, 1, 3)],
            "expect": GOOD,
        },
    ]
    end = len(good)
    bad = {
        "truncated-head": good[:40],
        "truncated-frame": good[:60],
        "truncated-before-footer": good[: end - 44],
        "truncated-footer": good[:-1],
        "continued": good + b"\0",
        "record-missing": good[: places[1][0] - 4] + good[places[2][0] - 4 :],
        "records-swapped": good[: places[0][0]]
        + sealed[1]
        + good[places[1][0] - 4 : places[1][0]]
        + sealed[0]
        + good[places[2][0] - 4 :],
        "flipped-magic": flip(good, 0),
        "flipped-version": flip(good, 7),
        "flipped-origin": flip(good, 9),
        "flipped-segment-id": flip(good, 25),
        "flipped-length": flip(good, 44),
        "flipped-record": flip(good, places[2][0] + 70),
        "flipped-end-mark": flip(good, end - 41),
        "flipped-count": flip(good, end - 33),
        "flipped-hash": flip(good, end - 1),
        "length-beyond-64-MiB": good[:41] + b"\xff\xff\xff\xff" + good[45:],
        "nothing": b"",
    }
    cases += [{"name": name, "data": data.hex(), "expect": "vault.segment"} for name, data in bad.items()]
    cases.append({"name": "suite-3", "data": (good[:8] + b"\3" + good[9:]).hex(), "expect": "vault.suite"})
    cases += of_suite_2(good)
    return {"spec": "§6", "cases": cases}


def of_suite_2(of_suite_1: bytes) -> list[Case]:
    """A segment of suite 2, and heads that say another suite than their records."""
    sealed = [of_sm(), of_sm("0623")]
    data, places = written(sealed, SEGMENT, SM)
    told = {"origin": VAULT.hex(), "segment": SEGMENT.hex(), "places": places, "records": [one.hex() for one in sealed]}
    bad = {
        "records-of-suite-1-under-a-head-of-suite-2": of_suite_1[:8] + b"\2" + of_suite_1[9:],
        "records-of-suite-2-under-a-head-of-suite-1": data[:8] + b"\1" + data[9:],
        "mixed-suites": written([sealed[0], record._seal_one(
            VAULT, record.new_header(3, 7, SUBJECT, 9, AES.key_id(DEK)), DEK, payload.pack(9, ["x"]), seed("mixed nonce", 12)
        )], SEGMENT, SM)[0],
    }  # fmt: skip
    cases: list[Case] = [{"name": "suite-2", "data": data.hex(), **told, "expect": GOOD}]
    return cases + [{"name": name, "data": one.hex(), "expect": "vault.segment"} for name, one in bad.items()]


def written(sealed: list[bytes], name: bytes, suite: Suite = AES) -> tuple[bytes, list[tuple[int, int]]]:
    """A segment in memory."""
    target = BytesIO()
    writer = segment.SegmentWriter(target, VAULT, name, suite)
    places = [writer.add(one) for one in sealed]
    writer.close()
    return target.getvalue(), places
