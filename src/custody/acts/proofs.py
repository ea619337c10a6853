"""What a paper on file proves, by the code that the rules use, in both languages: beside what customers say (said.py)."""

from collections.abc import Mapping
from typing import Final

from custody.acts.said import WORDS

_OPINION: Final = "opinion."
_ASSUMED: Final = "assumed."
PROOFS: Final[Mapping[str, tuple[str, str]]] = {
    "approval.authority": ("主管机关的批准", "the authority's approval"),
    "approval.court": ("法院的批准", "the court's approval"),
    "approval.pboc": ("人民银行的批准", "the People's Bank's approval"),
    "assessment.compatibility": ("新目的与原目的是否相容的评估", "an assessment of whether the new purpose is compatible"),
    "assessment.important_data": ("重要数据风险评估", "a risk assessment of important data"),
    "assessment.minors": ("未成年人信息的影响评估", "an impact assessment about minors' data"),
    "authority.recorded": ("主管机关的回复", "what the authority answered"),
    "basis.gdpr": ("合法性基础的记录（欧盟）", "the record of the legal basis (EU)"),
    "basis.lgpd": ("合法性基础的记录（巴西）", "the record of the legal basis (Brazil)"),
    "basis.recorded": ("合法性基础的记录", "the record of the legal basis"),
    "basis.uk_gdpr": ("合法性基础的记录（英国）", "the record of the legal basis (UK)"),
    "contract.diligence": ("尽职调查的保密协议", "the confidentiality agreement for due diligence"),
    "contract.joint": ("共同处理协议", "the agreement of joint controllers"),
    "contract.processor": ("委托处理合同", "the contract with the processor"),
    "contract.recipient": ("与接收方的合同", "the contract with the recipient"),
    "dpia.done": ("数据保护影响评估", "a data protection impact assessment"),
    "due_diligence.recorded": ("尽职调查的记录", "the record of due diligence"),
    "export.assessment": ("数据出境安全评估", "the security assessment of the export"),
    "export.mechanism": ("出境合规路径（评估、标准合同或认证）", "a lawful way of export: assessment, standard contract or certification"),
    "file.purged": ("文件已清除的记录", "the record that the file was purged"),
    "justification.recorded": ("理由的记录", "the reasons on record"),
    "listing.clean": ("对照禁联名单清理的记录", "the record that listed people were taken out"),
    "minimum.confirmed": ("只交出必要信息的确认", "the confirmation that only what is needed goes"),
    "necessity.recorded": ("必要性的记录", "why it is necessary, on record"),
    "pia.done": ("隐私影响评估", "a privacy impact assessment"),
    "pipia.done": ("个人信息保护影响评估", "a personal information protection impact assessment"),
    "purpose.kept": ("继续按原目的使用的承诺", "the undertaking to keep to the purpose"),
    "report.disposal_plan": ("数据处置方案的报告", "the report of the plan of disposal"),
    "review.national_security": ("国家安全审查的结论", "the outcome of the national security review"),
    "transfer.tool.au": ("跨境传输工具（澳大利亚）", "a transfer tool (Australia)"),
    "transfer.tool.br": ("跨境传输工具（巴西）", "a transfer tool (Brazil)"),
    "transfer.tool.eu": ("跨境传输工具（欧盟，如标准合同条款）", "a transfer tool (EU, such as standard contractual clauses)"),
    "transfer.tool.kr": ("跨境传输工具（韩国）", "a transfer tool (Korea)"),
    "transfer.tool.sg": ("跨境传输工具（新加坡）", "a transfer tool (Singapore)"),
    "transfer.tool.uk": ("跨境传输工具（英国）", "a transfer tool (UK)"),
}  # fmt: skip


def proof(kind: str) -> tuple[str, str] | None:
    """What evidence of this kind proves; None for what is no evidence. A place is named by its code."""
    if kind.startswith(_OPINION):
        place = kind.removeprefix(_OPINION).upper().replace("_", "-")
        return f"{place} 法律意见", f"a legal opinion on the law of {place}"
    if kind.startswith(_ASSUMED):
        about = kind.removeprefix(_ASSUMED)
        return f"演练假设：{about}", f"assumed in the rehearsal: {about}"
    return WORDS.get(kind) or PROOFS.get(kind)
