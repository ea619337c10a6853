"""What a customer alone can say, and what became of telling them: each is recorded person by person, never for everybody (B1, B2)."""

from collections.abc import Mapping
from typing import Final

WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "notice.delivered": ("告知已送达", "notice delivered"), "notice.bounced": ("告知退回", "notice returned"),
    "notice.published": ("已依法公告", "told by public notice"),
    "notice.change": ("变更告知已送达", "notice of the change delivered"),
    "consent.separate": ("同意移交", "agrees to the hand-over"), "consent.separate.sensitive": ("同意移交敏感信息", "agrees for sensitive data"),
    "consent.guardian": ("监护人同意", "guardian agrees"), "consent.purpose": ("同意新目的", "agrees to the new purpose"),
    "consent.export": ("同意出境", "agrees to sending abroad"), "consent.export.jp": ("同意提供给外国（日本法）", "agrees to sending abroad (Japan)"),
    "consent.marketing": ("同意营销", "agrees to marketing"), "consent.verified": ("经核实的同意（印度法）", "verified consent (India)"),
    "permission.hipaa": ("书面授权（HIPAA）", "written authorization (HIPAA)"), "permission.sale": ("允许出售（加州法）", "allows the sale (California)"),
    "objection.period": ("期内未反对", "no objection within the period"),
    "consent.refused": ("不同意", "does not agree"), "consent.refused.sensitive": ("不同意移交敏感信息", "does not agree for sensitive data"),
    "guardian.relation": ("监护关系证件已核看", "a paper of guardianship was seen"),
    "person.died": ("已去世", "has died"), "objection": ("拒绝", "objects"), "withdrawal": ("撤回同意", "withdraws consent"),
}  # fmt: skip
RELATION: Final = "guardian.relation"
"""Never taken from a list: somebody saw a paper (spec/consent.md §8)."""
ANSWERS: Final = frozenset(WORDS)
AGREED: Final = frozenset(
    code for code in WORDS if code.startswith(("consent.", "permission.")) and not code.startswith("consent.refused")
)
"""What lets data move that would not: each is evidence only as a record of the act, never as a word in a list (spec/consent.md §9)."""
