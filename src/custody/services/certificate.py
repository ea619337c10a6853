"""The certificate's words: two parts that are never mixed, from the signed statement alone (C9, NIST SP 800-88 Rev. 2 terms).

Which algorithms the vault was sealed by, and which of them are not SM, is the store's own word beside it (spec/statements.md).
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final, cast

import segno

from custody.acts.answered import agreed
from custody.acts.desk import Desk
from custody.acts.handing import counterparty, own
from custody.acts.matters import deal
from custody.acts.one_hand import between
from custody.acts.renewing import suites
from custody.base import canonical
from custody.base.clock import parse
from custody.package.statements import Destroyed, predicate
from custody.ports.store import Transaction
from custody.ports.store import one as one_row

Row = dict[str, str]
_NAMED: Final = 6
_PLACES: Final = {
    "vault": ("保险库", "vault"), "key-provider": ("密钥服务", "key provider"), "backups": ("备份", "backups"), "escrow": ("恢复份额", "escrow"),
    "sources": ("数据源文件", "source files"), "exports": ("导出", "exports"), "paper": ("纸质", "paper"), "phones": ("手机", "phones"),
    "mail": ("邮件", "mail"),
}  # fmt: skip
_ASSURED: Final = {
    "file": ("文件：前提是没有人复制过它", "a file: as sure as that nobody copied it"),
    "service": ("密钥服务自己的说法", "the word of a key service"),
    "hardware": ("密码硬件自己的说法；令牌的备份除外", "the word of a hardware module; backups of its token apart"),
}
_SURE: Final = {
    ("passphrase-file", "file"): (
        "口令文件：前提是没有人复制过它",
        "passphrase file: as sure as that nobody copied it",
    ),
    ("pkcs11", "file"): (
        "PKCS#11 软件令牌：只要没有人备份过它",
        "PKCS#11 token in software: as sure as that nobody backed it up",
    ),
    ("aws-kms", "service"): (
        "AWS KMS 的说法；该日之前可撤销，custody 每日查问，撤销即记入账本并重新下令",
        "the word of AWS KMS; it can be cancelled until that date: custody asks every day, and a cancelling is in the ledger",
    ),
    ("transit", "service"): (
        "transit 服务的说法；服务器存储的快照除外",
        "the word of a transit engine; snapshots of its storage apart",
    ),
}
_SEALED: Final[Mapping[tuple[int, ...], tuple[str, str]]] = {
    (1,): (
        "记录与密钥：AES-256-GCM、SHA-256（套件 1），不是国密算法",
        "records and keys by AES-256-GCM and SHA-256 (suite 1), not SM",
    ),
    (1, 2): (
        "记录与密钥：SM4-GCM、SM3（套件 2）；一部分仍是 AES-256-GCM、SHA-256（套件 1），那一部分不是国密算法",
        "records and keys by SM4-GCM and SM3 (suite 2); a part still by AES-256-GCM and SHA-256 (suite 1), which is not SM",
    ),
    (2,): ("记录与密钥：SM4-GCM、SM3（套件 2）", "records and keys by SM4-GCM and SM3 (suite 2)"),
}
_NEVER_SM: Final = (
    "签名、密钥交换、账本与摘要、备份、恢复份额、根密钥不是国密算法",
    "signatures, key exchange, ledger and hashes, backups, recovery shares and the root are not SM",
)
_KINDS: Final = {"source": "source file", "export": "export", "processor": "processor", "messenger": "messenger"}
_STATES: Final = {
    "open": ("尚未交代", "not accounted for"), "destroyed": ("已销毁", "destroyed"), "returned": ("已归还", "returned"),
    "never-held": ("从未持有", "never held"), "stays": ("保留", "stays"),
}  # fmt: skip
_WHY: Final = {
    "law": ("（法律要求）", " (a law orders it)"), "claim": ("（争议要用）", " (a claim needs it)"),
    "not-handed-over": ("（里面还有没移交的人）", " (who was not handed over is in it)"), "evidence": ("（证明发过、答复过）", " (shows what was sent or answered)"),
}  # fmt: skip


_OPENS: Final = {
    "seller-keys": (
        "其中收到后没有重新加密的记录，移交方的密钥仍能打开。",
        " Records that came in and were never sealed anew open by the keys of whoever handed them over.",
    ),
    "lost-root": (
        "有丢失的根密钥还没有确认已不存在：找到它的人，用旧副本仍能打开。",
        " A root that was lost was not seen gone: whoever finds it opens older copies.",
    ),
}
"""What stays and opens what is said to be gone: with it a certificate is partial on paper, whatever its copies are."""
_STAYS: Final = {
    "held": ("因保全留下的客户", "customers kept by a hold", "位"),
    "withheld": ("未移交的客户", "withheld customers", "位"),
    "withheld-part": ("已移交客户的未移交部分", "the withheld part of delivered customers", "位"),
    "retain-only": (
        "部分数据依法仅留存的客户",
        "customers of whom law keeps a part here (also counted above where handed over)",
        "位",
    ),
    "out-of-scope": ("不在清算范围内的客户", "customers outside of the winding up", "位"),
    "lost-root": ("丢失后没有确认已不存在的根密钥", "roots that were lost and not seen gone", "个"),
    "attested-root": (
        "由人证明其载体已销毁的根密钥",
        "lost roots of which people attest that what held them was destroyed",
        "个",
    ),
    "seller-keys": ("收到后没有重新加密的记录", "records received and never sealed anew", "条"),
}
"""(zh, en, what is counted in zh) of each code of what stays."""


READERS: Final = ("owner", "privacy", "lawyer", "auditor", "advisor")


def certificate(desk: Desk, named_deal: str) -> Mapping[str, Any]:
    """The newest certificate of a deal with the figures of the receipt it rests on. Raises Missing `statement.missing`."""
    desk.require(READERS)
    with desk.store.read() as tx:
        matter = deal(desk, tx, named_deal)
        said, _ = own(desk, tx, str(matter["id"]), Destroyed)
        buyer = counterparty(tx, str(matter["counterparty"]))
        rows = agreed(desk, tx, matter, buyer)
        jobs = tx.find("job", order=("started_at",), kind="destroy", state="done")
        done = [row for row in jobs if str(row["key"]).startswith(f"destroy:{matter['id']!s}:")][-1]
        gone = cast("Mapping[str, int]", canonical.decode(cast("bytes", done["result"])))
        used = suites(tx, str(matter["vault"]))
        hand = _hand(desk, tx, gone, parse(str(done["started_at"])))
    return {
        "certificate": predicate(said), "parties": {"seller": {"zh": desk.card.name_zh, "en": desk.card.name_en}},
        "handed_over": gone["subjects"], "delivered_rows": sum(rows.values()), "tables": list(rows),
        "rehearsal": desk.rehearsal, "suites": used, "hand": hand,
    }  # fmt: skip


def _hand(desk: Desk, tx: Transaction, done: Mapping[str, Any], then: datetime) -> Mapping[str, Any]:
    """Which of the two people who destroyed had a key that the other made, and when, or `both` had theirs of one person lately; nothing where neither, or nobody kept it."""
    approval = one_row(tx, "approval", id=str(done.get("approval", "")))
    made = between(tx, desk.space, str(done["by"]), str(approval["principal"]), then) if approval else None
    if made is None or parse(made.at) > then:  # what became of a key afterwards says nothing of that day
        return {}
    return {"of": {"": "both", str(done["by"]): "first"}.get(made.whose, "second"), "at": made.at, "anew": made.anew}


def certificate_data(summary: Mapping[str, Any]) -> dict[str, Any]:
    """What the PDF shows. Says what the statement says, never more; headed partial until every copy is accounted for."""
    told = summary["certificate"]
    partial = told["heading"] == "partial" or any(one["what"] in _OPENS for one in told["stays"])
    seller, deal = summary["parties"]["seller"], str(told["deal"])
    gone, kept = _counted(summary)
    count, day = f"{gone:,}", str(told["final_at"])[:10]
    rehearsal = "（演练）" if summary["rehearsal"] else ""
    open_copies = sum(1 for one in told["attested"] if one["state"] == "open")
    return {
        "title": {
            "zh": ("部分销毁证明" if partial else "销毁证明") + rehearsal,
            "en": ("Certificate of Partial Destruction" if partial else "Certificate of Destruction") + (" (rehearsal)" if rehearsal else ""),
        },
        "number": f"{deal}/X",
        "say": {
            "zh": f"{seller['zh']}已粉碎其保险库中 {count} 位已移交客户的密钥；自 {day} 起，此前的备份和副本里的也无法再打开。"
            + (f"另有 {kept:,} 位已移交客户因保全仍留在库中，他们的密钥没有粉碎。" if kept else "")
            + (f"另有 {open_copies} 份副本尚待交代，本证明不及于它们。" if open_copies else "") + _still(told, 0),
            "en": f"{seller['en']} shredded the keys of {count} handed-over customers in its vault; from {day} on no backup or copy of before opens them either."
            + (f" Another {kept:,} who were handed over stay in it by a hold; their keys were not shredded." if kept else "")
            + (f" {open_copies} copies are not yet accounted for; this certificate does not speak of them." if open_copies else "") + _still(told, 1),
        },
        "proven": _proven(summary),
        "attested": [*_two(summary.get("hand", {})), *_attested(told)],
        "stays": _stays(told),
        "signers": {"first": seller["en"], "second": ""},
        "qr": _qr(f"custody:{deal}/X#{told['proven']['ledger']['size']}"),
        "foot": {
            "ledger": f"账本 ledger #{told['proven']['ledger']['size']:,}　root {told['proven']['ledger']['root'][:32]}",
            "how": "custody verify destroyed.dsse.json",
        },
    }  # fmt: skip


def _still(told: Mapping[str, Any], lang: int) -> str:
    """What opens all the same, on the first page and not below alone."""
    return "".join(_OPENS[one["what"]][lang] for one in told["stays"] if one["what"] in _OPENS)


def _two(hand: Mapping[str, Any]) -> list[Row]:
    """Beside the statement, by the ledger: two keys of which one made the other are not surely two people."""
    if not hand:
        return []
    day = str(hand["at"])[:10]
    if hand["of"] == "both":
        zh, en = (
            f"两个人的密钥都经过同一个人的手，最近一次在 {day}",
            f"both keys went through one person's hands, the last time on {day}",
        )
    else:
        whose, by = ("第二人", "第一人") if hand["of"] == "second" else ("第一人", "第二人")
        who, maker = ("second", "first") if hand["of"] == "second" else ("first", "second")
        zh = f"{whose}的密钥由{by}于 {day} {'重新给出' if hand['anew'] else '设立'}"
        en = f"the {who} person's key was {'given anew' if hand['anew'] else 'made'} by the {maker}, on {day}"
    return [_row("两人确认", "Two people", zh, en)]


def _counted(summary: Mapping[str, Any]) -> tuple[int, int]:
    """Of whoever was handed over: whose keys are gone, and whom a hold keeps. A certificate of before says only whether a hold keeps anybody."""
    told = summary["certificate"]["proven"].get("customers")
    return (told["shredded"], told["held"]) if told else (summary["handed_over"], 0)


def algorithms(used: Sequence[int]) -> tuple[str, str]:
    """What a vault of these suites was sealed by, and plainly what of it is not SM (spec/vault.md §2), zh and en."""
    zh, en = _SEALED[tuple(sorted(used))]
    return f"{zh}；{_NEVER_SM[0]}", f"{en}; {_NEVER_SM[1]}"


def _entered(erasures: Mapping[str, Any] | None) -> list[Row]:
    """What the ledger holds of it; a certificate of before says nothing of that."""
    if erasures is None:
        return []
    zh, en = (
        f"{erasures['entries']:,} 条，共 {erasures['slots']:,} 个密钥槽",
        f"slots in entries of the ledger, root {erasures['root']}",
    )
    return [_row("账本条目", "Ledger entries", zh, en)]


def _proven(summary: Mapping[str, Any]) -> list[Row]:
    told = summary["certificate"]
    proven, provider = told["proven"], told["provider"]
    method = (
        "密码学擦除（NIST SP 800-88 Rev. 2）"
        if provider["method"] == "cryptographic-erase"
        else "清除 Purge（NIST SP 800-88 Rev. 2）"
    )
    sure, sure_en = _SURE.get((provider["kind"], provider["assurance"]), _ASSURED[provider["assurance"]])
    places = [_PLACES.get(one, (one, one)) for one in proven["places"]]
    _, kept = _counted(summary)
    return [
        _row(
            "客户",
            "Customers",
            f"{summary['handed_over']:,} 位，与买方回执一致" + (f"；其中 {kept:,} 位因保全未粉碎" if kept else ""),
            "handed over; the buyer's receipt agrees" + (f"; of them {kept:,} stay by a hold" if kept else ""),
        ),
        _row(
            "记录",
            "Rows",
            f"{summary['delivered_rows']:,} 行，{len(summary['tables'])} 张表，与买方回执一致",
            f"{len(summary['tables'])} tables; the buyer's receipt agrees",
        ),
        _row("密钥槽", "Key slots", f"{proven['shredded']:,} 个，已置零并换页密钥", "zeroed, pages under new keys"),
        *_entered(proven.get("erasures")),
        _row("方法", "Method", method, "cryptographic erase: keys are gone, ciphertext is left unreadable"),
        *(_root(one) for one in reversed(proven["generations"])),
        _row("保证级别", "Assurance", sure, sure_en),
        _row("密码算法", "Algorithms", *algorithms(summary["suites"])),
        _row("查找过的地方", "Places searched", "、".join(zh for zh, _ in places), ", ".join(en for _, en in places)),
        _row("买方回执", "Buyer's receipt", proven["receipts"][0][:39] + "…", "checked and agreed before destruction"),
    ]


def _root(generation: Mapping[str, Any]) -> Row:
    """The newest first: under it lay what was handed over; an older one opens older copies until its own day."""
    return _row(
        "根密钥",
        "Root key",
        f"第 {generation['g']} 代，{_utc(generation['effective_at'])} 起不存在",
        f"generation {generation['g']} is gone from then on",
    )


def _utc(moment: str) -> str:
    """A moment as people read it: to the second, its zone named."""
    return f"{moment[:10]} {moment[11:19]} UTC"


def _attested(told: Mapping[str, Any]) -> list[Row]:
    rows = []
    for one in told["attested"]:
        zh, en = _STATES[one["state"]]
        who = f", {one['by']}, {one['at'][:10]}" if one["by"] else ""
        why, why_en = _WHY.get(one.get("why") or "", ("", ""))
        rows.append(_row(one["name"], _KINDS.get(one["kind"], one["kind"]), zh + why, en + why_en + who))
    outside = told["scope"]["outside"]
    words = [_PLACES.get(one, (one, one)) for one in outside]
    told_en = f"{', '.join(en for _, en in words)}: not searched, not spoken of"
    rows.append(_row("不在范围内", "Outside its scope", "、".join(zh for zh, _ in words), told_en))
    return rows


def _stays(told: Mapping[str, Any]) -> list[Row]:
    rows = []
    for one in told["stays"]:
        zh, en, unit = _STAYS[one["what"]]
        rows.append(_row(zh, en, f"{one['count']:,} {unit}", _rules(one["why"])))
    return rows


def _rules(why: Sequence[str]) -> str:
    """The first few rules by name; the statement has them all."""
    more = f" … (+{len(why) - _NAMED})" if len(why) > _NAMED else ""
    return ", ".join(why[:_NAMED]) + more


def _row(zh: str, en: str, value: str, note: str) -> Row:
    return {"zh": zh, "en": en, "value": value, "note": note}


def _qr(text: str) -> str:
    code = segno.make(text, error="m", micro=False)
    svg: str = code.svg_inline(scale=4, border=0)
    return svg.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1) if "xmlns" not in svg else svg
