"""A decision over access as one sentence, in both languages (spec/access.md §3)."""

from collections.abc import Sequence
from typing import Final

from custody.base.canonical import Json

_TIERS: Final = {"general": ("一般级", "general"), "sensitive": ("敏感级", "sensitive")}
_PURPOSES: Final = {
    "contract": ("履行合同", "the contract"), "service": ("服务", "service"), "legal": ("法定义务", "what law demands"),
    "marketing": ("营销", "marketing"), "internal": ("内部管理", "internal work"),
}  # fmt: skip
_LACKS: Final = {
    "kept-for": ("这些数据不是为这个目的收集的", "the data is not kept for this purpose"),
    "retained": ("数据依法仅留存，只能为法定义务打开", "law alone keeps the data, and it opens for that alone"),
    "called-back": (
        "出让方已召回这些数据，仅因保全令留在本处，只能为法定义务打开",
        "the seller called the data back, a hold alone keeps it here, and it opens for what law demands alone",
    ),
    "rule": ("没有规则说到这一密级", "no rule speaks of this tier"),
    "role": ("您的角色不在规则之内", "the person's role is not in the rule"),
    "purpose": ("规则不含这个目的", "the rule does not cover this purpose"),
    "department": ("您所在的部门不为这个目的工作", "no department of the person works for this purpose"),
    "grant": ("没有有效的授权", "there is no live grant"),
    "training": ("培训记录已过期或没有", "there is no valid training"),
}


def sentence(purpose: str, tier: str, rule: str, lacks: Sequence[str]) -> dict[str, Json]:
    """{zh, en} of one compartment: opened by a rule, or why not."""
    tiers, purposes = _TIERS.get(tier, (tier, tier)), _PURPOSES.get(purpose, (purpose, purpose))
    if not lacks:
        return {
            "zh": f"为“{purposes[0]}”查看{tiers[0]}数据：规则 {rule} 允许。",
            "en": f"Allowed for {purposes[1]}, {tiers[1]} data, by the rule {rule}.",
        }
    by = (f"（规则 {rule}）", f" (rule {rule})") if rule else ("", "")
    why = [_LACKS[one] for one in lacks]
    return {
        "zh": f"为“{purposes[0]}”查看{tiers[0]}数据被拒绝{by[0]}：{'；'.join(one[0] for one in why)}。",
        "en": f"Refused for {purposes[1]}, {tiers[1]} data{by[1]}: {'; '.join(one[1] for one in why)}.",
    }
