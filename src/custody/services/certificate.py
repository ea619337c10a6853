"""The certificate's words: two parts that are never mixed, from the signed statement alone (C9, NIST SP 800-88 Rev. 2 terms)."""

from collections.abc import Mapping
from typing import Any

import segno

Row = dict[str, str]


def certificate_data(summary: Mapping[str, Any]) -> dict[str, Any]:
    """What the PDF shows. Says what the statement says, never more; headed partial until every copy is accounted for."""
    told = summary["certificate"]
    partial = told["heading"] == "partial"
    seller, deal = summary["parties"]["seller"], str(told["deal"])
    count, day = f"{summary['handed_over']:,}", str(told["final_at"])[:10]
    rehearsal = "（演练）" if summary["rehearsal"] else ""
    open_copies = sum(1 for one in told["attested"] if one["state"] == "open")
    return {
        "title": {
            "zh": ("部分销毁证明" if partial else "销毁证明") + rehearsal,
            "en": ("Certificate of Partial Destruction" if partial else "Certificate of Destruction") + (" (rehearsal)" if rehearsal else ""),
        },
        "number": f"{deal}/X",
        "say": {
            "zh": f"{seller['zh']}已于 {day} 粉碎其保险库中 {count} 位已移交客户的密钥。"
            + (f"另有 {open_copies} 份副本尚待交代，本证明不及于它们。" if partial else ""),
            "en": f"{seller['en']} shredded the keys of {count} handed-over customers in its vault on {day}."
            + (f" {open_copies} copies are not yet accounted for; this certificate does not speak of them." if partial else ""),
        },
        "proven": _proven(told),
        "attested": _attested(told),
        "stays": _stays(told),
        "signers": {"first": seller["en"], "second": ""},
        "qr": _qr(f"custody:{deal}/X#{told['proven']['ledger']['size']}"),
        "foot": {
            "ledger": f"账本 ledger #{told['proven']['ledger']['size']:,}　root {told['proven']['ledger']['root'][:32]}",
            "how": "custody verify destroyed.dsse.json",
        },
    }  # fmt: skip


def _proven(told: Mapping[str, Any]) -> list[Row]:
    proven, provider = told["proven"], told["provider"]
    generation = proven["generations"][0]
    method = (
        "密码学擦除（NIST SP 800-88 Rev. 2）"
        if provider["method"] == "cryptographic-erase"
        else "清除 Purge（NIST SP 800-88 Rev. 2）"
    )
    sure = {"file": "口令文件：只要没有人复制过它", "service": "密钥服务", "hardware": "密码硬件"}[
        provider["assurance"]
    ]
    sure_en = {
        "file": "passphrase file: as sure as that nobody copied it",
        "service": "key service",
        "hardware": "hardware",
    }[provider["assurance"]]
    return [
        _row("密钥槽", "Key slots", f"{proven['shredded']:,} 个，已置零并换页密钥", "zeroed, pages under new keys"),
        _row("方法", "Method", method, "cryptographic erase: keys are gone, ciphertext is left unreadable"),
        _row(
            "根密钥",
            "Root key",
            f"第 {generation['g']} 代，{generation['effective_at']} 起不存在",
            f"generation {generation['g']} is gone from then on",
        ),
        _row("保证级别", "Assurance", sure, sure_en),
        _row("查找过的地方", "Places searched", "、".join(proven["places"]), ", ".join(proven["places"])),
        _row("买方回执", "Buyer's receipt", proven["receipts"][0][:39] + "…", "checked and agreed before destruction"),
    ]


def _attested(told: Mapping[str, Any]) -> list[Row]:
    rows = []
    for one in told["attested"]:
        state = {
            "open": "尚未交代",
            "destroyed": "已销毁",
            "returned": "已归还",
            "never-held": "从未持有",
            "stays": "依法保留",
        }[one["state"]]
        rows.append(_row(one["name"], one["kind"], state, one["state"] + (f", {one['by']}" if one["by"] else "")))
    outside = told["scope"]["outside"]
    rows.append(_row("不在范围内", "Outside its scope", "、".join(outside), "not searched, not spoken of"))
    return rows


def _stays(told: Mapping[str, Any]) -> list[Row]:
    words = {
        "withheld": ("未移交的客户", "withheld customers"),
        "withheld-part": ("已移交客户的未移交部分", "the withheld part of delivered customers"),
        "retain-only": ("依法仅留存", "retained by law only"),
    }
    return [
        _row(words[one["what"]][0], words[one["what"]][1], f"{one['count']:,} 位", ", ".join(one["why"]))
        for one in told["stays"]
    ]


def _row(zh: str, en: str, value: str, note: str) -> Row:
    return {"zh": zh, "en": en, "value": value, "note": note}


def _qr(text: str) -> str:
    code = segno.make(text, error="m", micro=False)
    svg: str = code.svg_inline(scale=4, border=0)
    return svg.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1) if "xmlns" not in svg else svg
