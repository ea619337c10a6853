"""How the invented customers behave in a rehearsal: who is reached, who answers what. Assumptions, printed as such.

The shares are per mille and chosen for a rehearsal that meets every case; they are not measured and no forecast. A
draw depends on the seed, the question and the customer's place, so the same seed gives the same answers.
"""

from collections.abc import Mapping
from hashlib import sha256
from typing import Final, Literal

from custody_sample.write import SEED

Answer = Literal["consent", "refuse", "silent", "bounced"]
Question = Literal["general", "sensitive", "guardian"]

BOUNCED: Final = 28
REFUSED: Final = 31
CONSENT: Final[Mapping[Question, int]] = {"general": 915, "sensitive": 780, "guardian": 700}
OBJECTION_AFTER_SHIPPING: Final = 12
"""Of the customers whose data has been shipped, before the keys are released."""

_NOTES: Final = {
    "seed": ("同一个种子，同样的回答", "the same seed, the same answers"),
    "notice_delivered": ("告知送达", "notices that arrive"),
    "consent_separate": ("对一般信息单独同意，其余不回答", "agree on general data; the rest say nothing"),
    "consent_sensitive": ("对敏感信息单独同意", "agree on sensitive data"),
    "consent_guardian": ("监护人同意", "guardians who agree"),
    "refused": ("拒绝移交", "refuse to be handed over"),
    "objection_after_shipping": ("预发之后才拒绝", "object only after shipping"),
}


def answers(seed: int, customer_index: int, question: Question = "general") -> Answer:
    """What this customer (or the guardian) does with the notice. Silence is not consent.

    A notice bounces, and a person refuses, for every question at once: both are drawn once per customer.
    """
    if _draw(seed, "notice", customer_index) < BOUNCED:
        return "bounced"
    if _draw(seed, "refusal", customer_index) < REFUSED:
        return "refuse"
    return "consent" if _draw(seed, question, customer_index) < CONSENT[question] else "silent"


def objects_after_shipping(seed: int, customer_index: int) -> bool:
    """Whether the customer objects between shipping and release."""
    return _draw(seed, "after shipping", customer_index) < OBJECTION_AFTER_SHIPPING


def assumptions(seed: int = SEED) -> dict[str, object]:
    """The seed and all shares, as plain values."""
    shares = {
        "notice_delivered": 1000 - BOUNCED,
        **{f"consent_{'separate' if name == 'general' else name}": share for name, share in CONSENT.items()},
        "refused": REFUSED,
        "objection_after_shipping": OBJECTION_AFTER_SHIPPING,
    }
    return {"seed": seed, "shares_per_mille": shares}


def to_yaml(value: Mapping[str, object]) -> str:
    """The assumptions as a file people read, each share explained in both languages."""
    lines = ["# 演练的假设，不是事实，也不是预测。", "# Assumptions of a rehearsal: not facts, not a forecast."]
    for name, content in value.items():
        if isinstance(content, Mapping):
            lines.append(f"{name}: # 千分比 / per mille")
            lines.extend(f"  {key}: {number}{_note(str(key))}" for key, number in content.items())
        else:
            lines.append(f"{name}: {content}{_note(name)}")
    return "\n".join(lines) + "\n"


def _note(name: str) -> str:
    zh, en = _NOTES.get(name, ("", ""))
    return f" # {zh} / {en}" if en else ""


def _draw(seed: int, question: str, index: int) -> int:
    """0 to 999."""
    return int.from_bytes(sha256(f"{seed}/{question}/{index}".encode()).digest()[:8]) % 1000
