"""Vectors of keys: pages, keyring head, root files, recovery shares (spec/vault.md §7, §8, §11, §12)."""

# ruff: noqa: SLF001 - fixed nonces go in through the engine's inner functions, which draw none

from hashlib import sha256
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from seeds import DEK, GOOD, KEYRING, OTHER, VAULT, Case, flip, seed

from custody.adapters.keys import passphrase
from custody.vault import keyring, page, shares
from custody.vault.suite import AES, SM


def pages() -> Case:
    """§7. Sealed pages are 32 KiB, so a vector tells how to make one, and its hash."""
    places = {
        "v1": page.Place(VAULT, 3, 5, 1),
        "v2": page.Place(VAULT, 3, 5, 2),
        "other-number": page.Place(VAULT, 3, 6, 1),
        "other-compartment": page.Place(VAULT, 4, 5, 1),
        "other-vault": page.Place(OTHER, 3, 5, 1),
        "sm": page.Place(VAULT, 3, 7, 1),
    }
    live = {"v1": [0, 1, 1023], "v2": [0, 1023], "sm": [0, 1, 1023]}
    sealed, wraps, table = {}, {}, []
    for name, suite in (("v1", AES), ("v2", AES), ("sm", SM)):
        key, nonce, wrap_nonce = (
            seed(f"page key {name}"),
            seed(f"page nonce {name}", 12),
            seed(f"wrap nonce {name}", 12),
        )
        slots = page.new_page({number: seed(f"slot {number}") for number in live[name]}, suite)
        sealed[name] = page._seal_slots(places[name], slots, key, nonce)
        wraps[name] = page._wrap(places[name], key, (KEYRING, 9), wrap_nonce, suite)
        table.append(
            {
                "name": name,
                **({} if suite is AES else {"suite": suite.number}),
                **place_of(places[name]),
                "page_key": key.hex(),
                "nonce": nonce.hex(),
                "sha256": sha256(sealed[name]).hexdigest(),
                "slots": [{"slot": number, "dek": seed(f"slot {number}").hex()} for number in live[name]],
                "wrap": {"g": 9, "keyring": KEYRING.hex(), "nonce": wrap_nonce.hex(), "wrap": wraps[name].hex()},
            }
        )
    rewrapped = page._wrap(places["v1"], seed("page key v1"), (seed("keyring 10"), 10), seed("wrap nonce 10", 12))

    def case(name: str, uses: str, at: str, expect: str, **other: object) -> Case:
        base: Case = {
            "name": name,
            "page": uses,
            "at": place_of(places[at]),
            "wrap": wraps[uses].hex(),
            "g": 9,
            "keyring": KEYRING.hex(),
        }
        return {**base, **other, "expect": expect}

    cases = [
        case("version-1", "v1", "v1", GOOD),
        case("version-2", "v2", "v2", GOOD),
        case("rotated-to-10", "v1", "v1", GOOD, wrap=rewrapped.hex(), g=10, keyring=seed("keyring 10").hex()),
        case("old-page-replayed-as-version-2", "v1", "v2", "vault.page"),
        case("old-page-with-the-wrap-of-version-2", "v1", "v2", "vault.page", wrap=wraps["v2"].hex()),
        case("new-page-with-the-wrap-of-version-1", "v2", "v2", "vault.page", wrap=wraps["v1"].hex()),
        case("swapped-page", "v1", "other-number", "vault.page"),
        case("swapped-compartment", "v1", "other-compartment", "vault.page"),
        case("other-vault", "v1", "other-vault", "vault.page"),
        case("other-generation", "v1", "v1", "vault.page", g=10),
        case("other-keyring-key", "v1", "v1", "vault.page", keyring=DEK.hex()),
        case("zero-keyring-key", "v1", "v1", "vault.no-key", keyring=bytes(32).hex()),
        case("wrap-cut", "v1", "v1", "vault.page", wrap=wraps["v1"][:-1].hex()),
        case("page-cut", "v1", "v1", "vault.page", cut=1),
        case("page-empty", "v1", "v1", "vault.page", cut=len(sealed["v1"])),
    ]
    for region, byte in {"nonce": 0, "first-slot": 12, "last-slot": 32779, "tag": 32795}.items():
        cases.append(case(f"flipped-page-{region}", "v1", "v1", "vault.page", flip={"byte": byte, "bit": 3}))
    for region, byte in {"nonce": 0, "key": 12, "tag": 59}.items():
        cases.append(case(f"flipped-wrap-{region}", "v1", "v1", "vault.page", wrap=flip(wraps["v1"], byte, 7).hex()))
    cases += [
        case("suite-2", "sm", "sm", GOOD),
        case("suite-2-rotated-to-10", "sm", "sm", GOOD, g=10, keyring=seed("keyring 10").hex(), wrap=page._wrap(
            places["sm"], seed("page key sm"), (seed("keyring 10"), 10), seed("sm wrap nonce 10", 12), SM).hex()),
        case("suite-2-other-generation", "sm", "sm", "vault.page", g=10),
        case("suite-2-at-another-place", "sm", "v1", "vault.page"),
        case("suite-2-keyring-key-whose-first-half-is-zero", "sm", "sm", "vault.no-key", keyring=(bytes(16) + KEYRING[:16]).hex()),
        case("wrap-of-suite-2-said-to-be-of-suite-1", "sm", "sm", "vault.page", wrap=(b"\1" + wraps["sm"][1:]).hex()),
        case("wrap-of-suite-2-without-its-number", "sm", "sm", "vault.page", wrap=wraps["sm"][1:].hex()),
        case("wrap-of-suite-1-said-to-be-of-suite-2", "v1", "v1", "vault.page", wrap=(b"\2" + wraps["v1"]).hex()),
        case("wrap-of-suite-3", "sm", "sm", "vault.suite", wrap=(b"\3" + wraps["sm"][1:]).hex()),
        case("page-of-suite-2-under-a-wrap-of-suite-1", "sm", "sm", "vault.page", wrap=page._wrap(
            places["sm"], seed("page key sm"), (KEYRING, 9), seed("down", 12)).hex()),
        case("page-of-suite-1-under-a-wrap-of-suite-2", "v1", "v1", "vault.page", wrap=page._wrap(
            places["v1"], seed("page key v1"), (KEYRING, 9), seed("up", 12), SM).hex()),
        *(case(f"suite-2-flipped-page-{byte}", "sm", "sm", "vault.page", flip={"byte": byte, "bit": 3}) for byte in (0, 12, 32795)),
        *(case(f"suite-2-flipped-wrap-{byte}", "sm", "sm", "vault.page", wrap=flip(wraps["sm"], byte, 7).hex()) for byte in (1, 13, 60)),
    ]  # fmt: skip
    slots = [
        {
            "name": "key-id-on-a-page-of-suite-2",
            "page": "sm",
            "slot": 1,
            "key_id": SM.key_id(seed("slot 1")).hex(),
            "expect": GOOD,
        },
        {"name": "shredded-slot-is-no-key", "page": "v2", "slot": 1, "expect": "vault.no-key"},
        {
            "name": "slot-before-the-shred",
            "page": "v1",
            "slot": 1,
            "key_id": AES.key_id(seed("slot 1")).hex(),
            "expect": GOOD,
        },
    ]
    return {"spec": "§7", "pages": table, "cases": cases, "slots": slots}


def place_of(place: page.Place) -> Case:
    """A place as JSON."""
    return {
        "vault": place.vault.hex(),
        "compartment": place.compartment,
        "number": place.page,
        "version": place.version,
    }


def keyrings() -> Case:
    """§8. Leaves take page and wrap by hash alone, so short stand-ins serve."""
    live = [stand_in(1, 0, 4), stand_in(1, 1, 1), stand_in(3, 0, 2)]
    head = keyring.Head(9, 17, keyring.head_root(live))
    blob = keyring._seal_head(VAULT, head, KEYRING, seed("head nonce", 12))
    sets = {
        "live": (live, GOOD),
        "one-page-rolled-back": ([stand_in(1, 0, 3), *live[1:]], "vault.rolled-back"),
        "page-left-out": (live[1:], "vault.rolled-back"),
        "page-twice": ([live[0], *live], "vault.rolled-back"),
        "other-order": ([live[1], live[0], live[2]], "vault.rolled-back"),
        "wrap-of-another": ([page.Sealed(live[0].place, live[0].sealed, live[1].wrap), *live[1:]], "vault.rolled-back"),
        "no-page": ([], "vault.rolled-back"),
    }
    heads: list[Case] = [
        {
            "name": "head",
            "vault": VAULT.hex(),
            "keyring": KEYRING.hex(),
            "blob": blob.hex(),
            "g": 9,
            "counter": 17,
            "root": head.root.hex(),
            "expect": GOOD,
        }
    ]
    bad = [
        ("other-vault", OTHER, KEYRING, blob),
        ("other-keyring-key", VAULT, DEK, blob),
        ("g-changed", VAULT, KEYRING, flip(blob, 7)),
        ("flipped-nonce", VAULT, KEYRING, flip(blob, 8)),
        ("flipped-state", VAULT, KEYRING, flip(blob, 30)),
        ("flipped-tag", VAULT, KEYRING, flip(blob, 83)),
        ("cut", VAULT, KEYRING, blob[:-1]),
        ("empty", VAULT, KEYRING, b""),
    ]
    later = keyring._seal_head(VAULT, keyring.Head(9, 17, head.root, 2), KEYRING, seed("head nonce 2", 12))
    heads.append({**heads[0], "name": "head-of-suite-2", "suite": 2, "blob": later.hex()})
    bad += [
        ("suite-2-other-vault", OTHER, KEYRING, later),
        ("suite-2-said-to-be-of-suite-1", VAULT, KEYRING, b"\1" + later[1:]),
        ("suite-2-without-its-number", VAULT, KEYRING, later[1:]),
        ("suite-1-said-to-be-of-suite-2", VAULT, KEYRING, b"\2" + blob),
        ("suite-2-g-changed", VAULT, KEYRING, flip(later, 8)),
        ("suite-2-flipped-tag", VAULT, KEYRING, flip(later, 84)),
    ]
    heads.append(
        {
            "name": "suite-3",
            "vault": VAULT.hex(),
            "keyring": KEYRING.hex(),
            "blob": (b"\3" + later[1:]).hex(),
            "expect": "vault.suite",
        }
    )
    heads += [
        {"name": name, "vault": vault.hex(), "keyring": key.hex(), "blob": data.hex(), "expect": "vault.keyring"}
        for name, vault, key, data in bad
    ]
    hashes = keyring.head_leaves(live)
    proofs = [
        {
            "name": f"page-{at}-is-live",
            "page": told(live[at]),
            "index": at,
            "size": 3,
            "proof": [one.hex() for one in keyring.prove(hashes, at)],
            "expect": GOOD,
        }
        for at in range(3)
    ]
    proofs.append(
        {
            **proofs[0],
            "name": "older-page-under-its-proof",
            "page": told(stand_in(1, 0, 3)),
            "expect": "vault.rolled-back",
        }
    )
    proofs.append({**proofs[0], "name": "at-another-place", "index": 1, "expect": "vault.rolled-back"})
    return {
        "spec": "§8",
        "root": head.root.hex(),
        "heads": heads,
        "proofs": proofs,
        "sets": [
            {"name": name, "pages": [told(one) for one in held], "expect": slug} for name, (held, slug) in sets.items()
        ],
    }


def stand_in(compartment: int, number: int, version: int) -> page.Sealed:
    """A page whose bytes are short."""
    name = f"{compartment}/{number}/{version}"
    return page.Sealed(page.Place(VAULT, compartment, number, version), seed(f"sealed {name}"), seed(f"wrap {name}"))


def told(one: page.Sealed) -> Case:
    """A page as JSON."""
    return {**place_of(one.place), "sealed": one.sealed.hex(), "wrap": one.wrap.hex()}


def recovery() -> Case:
    """§12."""
    made = [
        one.encode()
        for one in shares._split(KEYRING, 5, (9, seed("share set", 16)), [seed("share 1"), seed("share 2")])
    ]
    foreign = [
        one.encode()
        for one in shares._split(KEYRING, 5, (9, seed("share set 2", 16)), [seed("share 3"), seed("share 4")])
    ]
    good = {"first-three": made[:3], "last-three": made[2:], "other-order": [made[4], made[0], made[2]], "all": made}
    cases: list[Case] = [
        {"name": name, "shares": [one.hex() for one in held], "secret": KEYRING.hex(), "expect": GOOD}
        for name, held in good.items()
    ]
    bad = {
        "two-of-three": (made[:2], "shares.few"),
        "none": ([], "shares.few"),
        "one-twice": ([made[0], made[0], made[1]], "shares.mixed"),
        "two-splittings": ([made[0], made[1], foreign[2]], "shares.mixed"),
        "flipped-y": ([*made[:2], flip(made[2], 95)], "shares.digest"),
        "flipped-x": ([*made[:2], made[2][:7] + b"\5" + made[2][8:]], "shares.digest"),
        "one-of-four-damaged": ([*made[:3], flip(made[3], 70)], "shares.digest"),
        "flipped-hash": ([*made[:2], flip(made[2], 40)], "shares.mixed"),
        "flipped-generation": ([*made[:2], flip(made[2], 15)], "shares.mixed"),
        "k-1": ([made[0][:5] + b"\1" + made[0][6:]], "shares.form"),
        "k-above-n": ([made[0][:5] + b"\6" + made[0][6:]], "shares.form"),
        "x-0": ([made[0][:7] + b"\0" + made[0][8:]], "shares.form"),
        "x-above-n": ([made[0][:7] + b"\6" + made[0][8:]], "shares.form"),
        "cut": ([made[0][:-1]], "shares.form"),
        "flipped-magic": ([flip(made[0], 0)], "shares.form"),
        "unknown-version": ([made[0][:4] + b"\2" + made[0][5:]], "shares.form"),
    }
    cases += [
        {"name": name, "shares": [one.hex() for one in held], "expect": slug} for name, (held, slug) in bad.items()
    ]
    return {"spec": "§12", "cases": cases}


def roots() -> Case:
    """§11: a root file and a key under it; the cost is the least that is allowed."""
    secret, ref = b"correct horse battery staple", "vlt_00000000000000000000000000-9"
    lead = passphrase._LEAD.pack(b"CVRT", 1, 14, 8, 1, seed("salt", 16))
    stretched = passphrase.PassphraseProvider(Path(), secret)._key(lead)
    root = seed("root")
    file = passphrase._seal_root(stretched, lead, ref, root, seed("root nonce", 12))
    nonce = seed("root wrap nonce", 12)
    blob = nonce + AESGCM(root).encrypt(nonce, KEYRING, passphrase._WRAP + ref.encode())
    base: Case = {"passphrase": secret.decode(), "ref": ref, "file": file.hex(), "blob": blob.hex()}
    bad: dict[str, Case] = {
        "other-passphrase": {"passphrase": "wrong", "expect": "keys.passphrase"},
        "file-of-another-generation": {"ref": "vlt_00000000000000000000000000-8", "expect": "keys.passphrase"},
        "flipped-salt": {"file": flip(file, 8).hex(), "expect": "keys.passphrase"},
        "flipped-root": {"file": flip(file, 40).hex(), "expect": "keys.passphrase"},
        "flipped-file-tag": {"file": flip(file, 83).hex(), "expect": "keys.passphrase"},
        "flipped-magic": {"file": flip(file, 0).hex(), "expect": "keys.file"},
        "unknown-version": {"file": flip(file, 4, 1).hex(), "expect": "keys.file"},
        "cost-too-high": {"file": (file[:5] + b"\x1f" + file[6:]).hex(), "expect": "keys.file"},
        "cost-too-low": {"file": (file[:5] + b"\x01" + file[6:]).hex(), "expect": "keys.file"},
        "cut": {"file": file[:-1].hex(), "expect": "keys.file"},
        "flipped-blob": {"blob": flip(blob, 20).hex(), "expect": "keys.blob"},
        "blob-cut": {"blob": blob[:-1].hex(), "expect": "keys.blob"},
    }
    cases: list[Case] = [{"name": "root-and-key", **base, "key": KEYRING.hex(), "expect": GOOD}]
    cases += [{"name": name, **base, **change} for name, change in bad.items()]
    return {"spec": "§11", "cases": cases}
