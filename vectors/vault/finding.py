"""Vectors of index tags and salts (spec/vault.md §13, §14)."""

# ruff: noqa: SLF001 - fixed nonces go in through the engine's inner functions, which draw none

from seeds import DEK, GOOD, KEYRING, OTHER, VAULT, Case, seed

from custody.vault import audit, index, labels
from custody.vault.suite import AES, SM, Suite

KEY = seed("index key")


def tags() -> Case:
    """§13."""
    values = {
        "email/1": [
            " Zhang.San@Example.COM ",
            "ｚｈａｎｇ＠example.com.",
            "two@@example.com",
            "no-at",
            "a b@example.com",
            "@example.com",
        ],
        "phone/1": [
            "13800138000",
            "138 0013 8000",
            "+86 138-0013-8000",
            "１３８００１３８０００",
            "010-12345678",
            "+1 650-253-0000",
            "0086 13800138000",
            "12",
            "none",
        ],
        "id-number/1": [
            "110101 19491231 002x",
            "110101491231002",
            "A123456(3)",
            "12",
            "１１０１０１１９４９１２３１００２Ｘ",
            "身份证",
        ],
        "customer-number/1": [" C-0622 ", "0622", "c-0622", "", "　"],
        "name/2": [
            "李 娜",
            "李娜",
            "ＬＩ, Na",
            "Li·Na",
            "O'Brien-Smith",
            "李",
            "",
            "·",
            "13800138000",
            "li.na@example.com",
        ],
    }
    cases = [
        tagged(VAULT, "customer.contact", normaliser, epoch, value)
        for normaliser, given in values.items()
        for value in given
        for epoch in (0, 1)
    ]
    cases += [tagged(VAULT, "name", "name/2", 1, "李娜", bits=bits) for bits in (1, 7, 8, 9, 16)]
    cases += [tagged(VAULT, "name", "name/2", 1, "李娜", SM, bits=bits) for bits in (1, 16)]
    cases.append(tagged(OTHER, "customer.contact", "email/1", 0, "a@example.com"))
    cases.append(tagged(VAULT, "other.field", "email/1", 0, "a@example.com"))
    cases += [
        tagged(VAULT, "customer.contact", normaliser, 1, given[0], SM)
        for normaliser, given in values.items()
        if given[0]
    ]
    sizes = [0, 1, 63, 64, 127, 128, 255, 256, 100_000, 1_000_000, 4_194_303, 4_194_304, 10_000_000, 2**40]
    buckets: list[Case] = [{"people": people, "bits": index.bucket_bits(people)} for people in sizes]
    return {"spec": "§13", "region": "CN", "cases": cases, "buckets": buckets, "keys": index_keys()}


def index_keys() -> list[Case]:
    """The key of an epoch under the keyring key of a generation, in either suite."""
    place = index._place(VAULT, 4, 9)
    first, second = (
        suite.wrap(KEYRING, seed(f"index key nonce {suite.number}", 12), KEY, (labels.INDEX_KEY, place))
        for suite in (AES, SM)
    )
    good: Case = {"vault": VAULT.hex(), "epoch": 4, "g": 9, "keyring": KEYRING.hex()}
    cases: list[Case] = [
        {"name": f"suite-{number}", **good, "wrap": wrap.hex(), "suite": number, "key": KEY.hex(), "expect": GOOD}
        for number, wrap in ((1, first), (2, second))
    ]
    bad: dict[str, tuple[bytes, Case, str]] = {
        "other-epoch": (second, {"epoch": 5}, "index.key"),
        "other-generation": (second, {"g": 10}, "index.key"),
        "other-vault": (second, {"vault": OTHER.hex()}, "index.key"),
        "suite-1-said-to-be-of-suite-2": (b"\2" + first, {}, "index.key"),
        "suite-2-said-to-be-of-suite-1": (b"\1" + second[1:], {}, "index.key"),
        "suite-2-without-its-number": (second[1:], {}, "index.key"),
        "suite-3": (b"\3" + second[1:], {}, "vault.suite"),
        "empty": (b"", {}, "index.key"),
    }
    return cases + [
        {"name": name, **good, **other, "wrap": wrap.hex(), "expect": slug} for name, (wrap, other, slug) in bad.items()
    ]


def tagged(
    vault: bytes, field: str, normaliser: str, epoch: int, value: str, suite: Suite = AES, bits: int = 0
) -> Case:
    """One value, its normal form and its tag; of a name, the bucket of so many bits."""
    tag = index.Tagger(KEY, vault, field, normaliser, epoch, region="CN", suite=suite, bits=bits).tag(value)
    given: Case = {} if suite is AES else {"suite": suite.number}
    given |= {"bits": bits} if normaliser in index.BUCKETED else {}
    given |= {
        "index_key": KEY.hex(),
        "vault": vault.hex(),
        "field": field,
        "normaliser": normaliser,
        "epoch": epoch,
    }
    form = index.normalise(normaliser, value, "CN")
    return {**given, "value": value, "form": form, "tag": tag.hex() if tag else None}


def salts() -> Case:
    """§14."""
    return {
        "spec": "§14",
        "entries": [
            {"dek": DEK.hex(), "entry": "led_1", "salt": audit.entry_salt(DEK, "led_1").hex()},
            {"dek": DEK.hex(), "entry": "led_1", "suite": 2, "salt": audit.entry_salt(DEK, "led_1", SM).hex()},
        ],
        "leaves": [
            {
                "dek": DEK.hex(),
                "verdict": "hand-over",
                "rules": "CN-1,CN-2",
                "c": audit.leaf_commitment(DEK, "hand-over", "CN-1,CN-2").hex(),
            },
            {
                "dek": DEK.hex(),
                "verdict": "hand-over",
                "rules": "CN-1,CN-2",
                "suite": 2,
                "c": audit.leaf_commitment(DEK, "hand-over", "CN-1,CN-2", SM).hex(),
            },
        ],
        "zero": {"dek": bytes(32).hex(), "expect": "vault.no-key"},
    }
