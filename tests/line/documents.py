"""What the papers of a deal are filled in with."""

VALUES = {
    "handler.contact": "privacy@seller.example",
    "recipient.contact": "privacy@buyer.example",
    "method": {"zh": "存储、使用", "en": "Storing and using"},
    "necessity": {"zh": "退款", "en": "Refunds"},
    "effect_on_rights": {"zh": "已加密", "en": "Encrypted"},
}
