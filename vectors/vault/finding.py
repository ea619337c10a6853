"""Vectors of index tags and salts (spec/vault.md §13, §14)."""

from seeds import DEK, OTHER, VAULT, Case, seed

from custody.vault import audit, index

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
        "name/1": ["李 娜", "李娜", "ＬＩ, Na", "Li·Na", "O'Brien-Smith", "李", "", "·"],
    }
    cases = [
        tagged(VAULT, "customer.contact", normaliser, epoch, value)
        for normaliser, given in values.items()
        for value in given
        for epoch in (0, 1)
    ]
    cases.append(tagged(OTHER, "customer.contact", "email/1", 0, "a@example.com"))
    cases.append(tagged(VAULT, "other.field", "email/1", 0, "a@example.com"))
    return {"spec": "§13", "region": "CN", "cases": cases}


def tagged(vault: bytes, field: str, normaliser: str, epoch: int, value: str) -> Case:
    """One value, its normal form and its tag."""
    tag = index.Tagger(KEY, vault, field, normaliser, epoch, region="CN").tag(value)
    given: Case = {
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
        "entries": [{"dek": DEK.hex(), "entry": "led_1", "salt": audit.entry_salt(DEK, "led_1").hex()}],
        "leaves": [
            {
                "dek": DEK.hex(),
                "verdict": "hand-over",
                "rules": "CN-1,CN-2",
                "c": audit.leaf_commitment(DEK, "hand-over", "CN-1,CN-2").hex(),
            }
        ],
        "zero": {"dek": bytes(32).hex(), "expect": "vault.no-key"},
    }
