"""What the keys and codes of a result are called on a screen, in both languages; one word per idea (docs/guide/words.md)."""

from typing import Final

from custody.cli.words import Words

_KEYS: Final = {
    "standing_until": ("有效至", "stands until"), "standing": ("长期授权有效", "stands"), "notice_days": ("公示天数", "days of notice"), "without_rule": ("没有规则的", "without a rule"),
    "without_data": ("没有对应数据的规则", "rules without data"), "policy": ("规则版本", "policy"), "due": ("到期的", "has run out"), "due_slots": ("到期的槽", "slots due"),
    "due_subjects": ("到期的人", "people due"), "listed": ("已列出", "listed"), "ripe": ("公示期满", "listed long enough"), "running": ("未到期", "running"),
    "unknown": ("起点不明", "start unknown"), "over": ("期满", "run out"), "stripped": ("抹去字段的记录", "records stripped"), "start": ("起点", "starts with"), "then": ("期满后", "then"),
    "law": ("法律", "law"), "oldest": ("最早的期满日", "oldest last day"), "task": ("任务", "task"), "done_at": ("上次完成", "last done"), "next_at": ("下次", "next"),
    "act": ("操作", "act"), "approve": ("请第二人批准", "to be approved by a second person"), "assumptions": ("假设", "assumptions"),
    "at": ("时间", "at"), "blocked_stages": ("还不能进入的阶段", "stages not open yet"), "bytes": ("字节", "bytes"),
    "by_tier": ("按密级", "by tier"), "by_verdict": ("按裁定", "by verdict"), "card": ("名片", "card"), "certificate": ("证明", "certificate"),
    "class": ("类别", "class"), "columns": ("列", "columns"), "compartments": ("密钥分区", "compartments"), "confirmations": ("确认人数", "confirmations"),
    "confirmed": ("已确认", "confirmed"), "content": ("批准的内容", "content"), "copies": ("副本", "copies"), "counterparty": ("对方", "counterparty"),
    "count": ("人数", "count"), "counts": ("计数", "counts"), "customers": ("客户", "customers"), "datamap": ("数据地图", "data map"),
    "deal": ("交易", "deal"), "deals": ("交易", "deals"), "delivered": ("已交付", "delivered"), "differing": ("差异", "differing"),
    "difference": ("差额", "difference"), "digest": ("摘要", "digest"), "answers": ("回答", "answers"), "evidence": ("证据", "evidence"), "changed": ("有变化的", "changed"), "type": ("种类", "type"), "file": ("文件", "file"), "byte": ("字节", "byte"), "effective_at": ("生效时间", "effective at"), "facts": ("事实", "facts"),
    "fingerprint": ("指纹", "fingerprint"), "finished_at": ("完成时间", "finished at"), "g": ("根密钥代", "root generation"), "gate": ("关口", "gate"),
    "generation": ("根密钥代", "root generation"), "handle": ("操作人", "handle"), "heading": ("证明范围", "headed"), "holders": ("持有人", "holders"),
    "home": ("安装目录", "home"), "id": ("编号", "id"), "identity": ("签名身份", "identity"), "kind": ("种类", "kind"), "ledger": ("账本位置", "ledger"),
    "missing": ("缺少", "missing"), "n": ("第几次", "number"), "name": ("名称", "name"), "now": ("现在", "now"), "not_checked": ("没有核验的", "not checked"),
    "not_loaded": ("未载入的法域", "law not loaded"), "ok": ("通过", "ok"), "on_date": ("法律日期", "on date"), "open": ("尚未交代", "open"),
    "opens": ("能打开", "opens"), "out_of_scope": ("不在范围内", "out of scope"), "party": ("公司", "party"), "principal": ("操作人", "principal"),
    "quarantine": ("隔离", "quarantine"), "quarantined": ("隔离的行", "quarantined"), "reason": ("理由", "reason"), "reasons": ("理由", "reasons"),
    "recorded": ("已记录", "recorded"), "records": ("记录", "records"), "ref": ("编号", "reference"), "rehearsal": ("演练", "rehearsal"),
    "resumed": ("此前已完成", "done before"), "revoked": ("已撤销", "revoked"), "roles": ("角色", "roles"), "root": ("树根", "root"),
    "row": ("行", "row"), "rows": ("行", "rows"), "rule": ("规则", "rule"), "rules": ("规则", "rules"), "sealed": ("已封存", "sealed"),
    "sha256": ("摘要", "digest"), "sheets": ("恢复单", "recovery sheets"), "shredded": ("已粉碎", "shredded"), "signers": ("签名者", "signers"),
    "size": ("条目", "entries"), "slots": ("密钥槽", "key slots"), "space": ("账本", "ledger"), "stage": ("阶段", "stage"), "started_at": ("开始时间", "started at"),
    "state": ("状态", "state"), "statements": ("声明", "statements"), "subjects": ("个人", "subjects"), "table": ("表", "table"), "tables": ("表", "tables"),
    "text": ("说明", "text"), "total": ("合计", "total"), "trust": ("信任", "trust"), "vault": ("保险库", "vault"), "vectors": ("不同情形", "distinct cases"),
    "verdict": ("裁定", "verdict"), "version": ("版本", "version"), "withheld": ("未移交", "withheld"), "withheld_cells": ("未交付的格", "cells withheld"),
    "column": ("列", "column"), "role": ("作用", "role"), "subject_key": ("主体键", "subject key"), "basis": ("合法性基础", "legal basis"),
    "retention": ("保存期限", "retention"), "tier": ("密级", "tier"), "level": ("级别", "level"), "%": ("把握", "%"), "line": ("第几行", "line"),
    "confirmed_by": ("确认人", "confirmed by"), "what": ("什么变了", "what"), "before": ("之前", "before"), "after": ("之后", "after"),
    "paths": ("关联路径", "paths"), "unsure": ("没把握的列", "unsure columns"), "unchanged": ("没有变化的表", "tables unchanged"),
    "changes": ("变化", "changes"), "form": ("格式", "form"), "skipped": ("没有看的", "not looked at"),
    "would": ("将会", "would"), "why": ("为什么", "why"),
    "already": ("此前已删除", "erased before"), "apart": ("不在同一处", "lies apart"), "assurance": ("销毁的把握", "assurance"),
    "backed_up": ("备份已更新", "backups renewed"), "bytes_freed": ("释放的字节", "bytes freed"), "checked": ("已核查", "checked"),
    "copied": ("新复制的段", "segments copied"), "destroyed": ("已销毁的代", "generation destroyed"), "facts_position": ("事实截至账本", "facts up to entry"),
    "facts_unknown": ("须重新推导的事实", "facts now unknown"), "faults": ("不符之处", "faults"), "final": ("已不可恢复", "final"),
    "final_by": ("最迟何时不可恢复", "final by"), "final_slots": ("已不可恢复的槽", "slots final"), "found": ("找到", "found"), "held": ("保全中", "held"),
    "holds": ("保全", "holds"), "joint": ("仍与他人共有的记录", "still held jointly"), "journal": ("账本条目", "journal entries"),
    "kept": ("留下的记录", "records kept"), "keys": ("密钥", "keys"), "keys_without_record": ("无记录的密钥", "keys without record"),
    "keys_without_record_count": ("无记录的密钥数", "keys without record"), "left": ("剩余", "left"), "mirror_apart": ("账本镜像不在同一处", "mirror lies apart"),
    "mirrored": ("已入账本镜像", "mirrored"), "next": ("下一步", "next"), "not_in_backup": ("备份中没有的操作", "acts not in the backup"),
    "pages": ("密钥页", "key pages"), "place": ("备份处", "place"), "places": ("备份处", "places"), "records_dropped": ("清除的记录", "records dropped"),
    "records_without_key": ("无密钥的记录", "records without key"), "records_without_key_count": ("无密钥的记录数", "records without key"),
    "recovered": ("由恢复份额找回", "recovered from shares"), "replayed_slots": ("重做的删除", "erasures replayed"), "revision": ("版本", "revision"),
    "rotated": ("已轮换", "rotated"), "segments": ("段", "segments"), "segments_missing": ("找不到的段", "segments missing"),
    "skipped_held": ("因保全跳过", "left out: held"), "strays": ("无主文件", "stray files"), "subject": ("个人", "subject"),
    "unreadable": ("已不可读", "unreadable"), "until": ("至", "until"), "vaults": ("保险库", "vaults"), "waiting_slots": ("待轮换的槽", "slots waiting"),
    "where": ("在哪里", "where"), "threshold": ("所需份数", "threshold"), "holder": ("持有人", "holder"), "field": ("字段", "field"), "epoch": ("索引代", "epoch"),
    "by": ("谁", "by"), "approved_by": ("批准人", "approved by"), "ended_at": ("终止时间", "ended at"), "overrides": ("推翻", "overrides"), "overridden": ("被推翻的规则", "set aside"),
    "files": ("文件", "files"), "filed": ("备案", "filed"), "papers": ("文件", "papers"), "documents": ("文件", "papers"),
    "tags": ("标签", "tags"), "indexed": ("已编入索引", "indexed"), "arrivals": ("收到的移交", "hand-overs received"),
    "seller": ("卖方", "seller"), "invited_at": ("邀请于", "invited at"), "package": ("移交包", "package"), "release": ("放行", "release"),
    "stages": ("阶段", "stages"), "receipt": ("回执", "receipt"), "exports": ("导出", "exports"), "compared": ("核对于", "compared at"),
    "resealed": ("已换密钥", "re-sealed"), "answered": ("回执已交出", "receipt handed out"),
    "provider": ("密钥由何处保管", "key provider"), "delay_days": ("几天后生效", "days until it takes effect"),
    "spares": ("销毁触及不到的", "what a destroy does not reach"), "elsewhere": ("尚未迁来的保险库", "vaults not moved yet"),
}  # fmt: skip
_CODES: Final = {
    "subject": ("一行一人", "a row is a person"), "about": ("关于某人", "about a person"), "reference": ("与个人无关", "about nobody"),
    "other-people": ("其他人", "other people"), "none": ("非个人", "not personal"),
    "hand_over": ("移交", "hand over"), "wait": ("待定", "wait"), "withhold": ("保留", "withhold"), "retain_only": ("仅留存", "retain only"),
    "destroy": ("销毁", "destroy"), "general": ("一般", "general"), "sensitive": ("敏感", "sensitive"), "customer": ("客户", "customer"),
    "prospect": ("潜在客户", "prospect"), "employee": ("员工", "employee"), "contact": ("联系人", "contact"), "company": ("公司", "company"),
    "partial": ("部分", "partial"), "complete": ("全部", "complete"), "open": ("尚未交代", "open"), "destroyed": ("已销毁", "destroyed"),
    "returned": ("已归还", "returned"), "never-held": ("从未持有", "never held"), "stays": ("依法保留", "stays"), "source": ("数据源", "source"),
    "export": ("导出", "export"), "paper": ("纸质", "paper"), "phone": ("手机", "phone"), "messenger": ("即时通讯", "messenger"), "mail": ("邮件", "mail"),
    "processor": ("受托方", "processor"), "media": ("存储介质", "media"), "backup": ("备份", "backup"), "other": ("其他", "other"),
    "notice.delivered": ("告知已送达", "notice delivered"), "notice.bounced": ("告知未送达", "notice bounced"), "consent.separate": ("单独同意", "separate consent"),
    "consent.separate.sensitive": ("敏感信息单独同意", "separate consent, sensitive"), "consent.guardian": ("监护人同意", "guardian's consent"),
    "consent.refused": ("不同意", "consent refused"), "objection": ("拒绝", "objection"), "withdrawal": ("撤回", "withdrawal"),
    "row.orphan": ("找不到所属的人", "belongs to nobody on file"), "row.ragged": ("列数不对", "wrong number of fields"),
    "row.nul": ("有空字节", "a NUL byte"), "row.quote": ("引号没有闭合", "a quote is not closed"), "row.undecodable": ("有解不开的字节", "bytes that cannot be decoded"),
    "key.claimed-twice": ("两位客户同一编号", "one number claimed by two people"), "key.missing": ("没有编号", "no number"),
    "cell.number_damaged": ("数字已被表格软件损坏", "a number already damaged by a spreadsheet"), "file.unknown": ("不认识的文件", "a file of an unknown kind"),
    "gate": ("关口", "gate"), "notice": ("告知", "notice"), "consent": ("同意", "consent"),
    "shipped": ("预发", "shipped"), "released": ("放行", "released"), "receipt": ("买方回执", "buyer's receipt"), "received": ("买方回执", "buyer's receipt"),
    "control": ("易主", "change of control"),
    "live": ("有效", "in force"), "expired": ("已到期", "expired"), "ended": ("已终止", "ended"), "lapsed": ("事实已变，失效", "lapsed: the facts changed"),
    "passphrase-file": ("口令文件", "passphrase file"), "pkcs11": ("密码机 PKCS#11", "PKCS#11 token"), "aws-kms": ("AWS KMS", "AWS KMS"),
    "transit": ("OpenBao / Vault transit", "OpenBao / Vault transit"), "hardware": ("密码硬件", "hardware"), "service": ("密钥服务", "a service's word"),
    "file": ("只要没有人复制过", "as sure as that nobody copied it"), "file-copies": ("文件的副本、快照", "copies and snapshots of the file"),
    "token-backups": ("令牌的备份", "backups of the token"), "cancelling": ("生效前可撤销", "it can be cancelled until then"),
    "server-snapshots": ("服务器存储的快照", "snapshots of the server's storage"),
    "pinned": ("已固定", "pinned"), "unpinned": ("未固定", "unpinned"), "ship": ("预发", "ship"), "release": ("放行", "release"),
}  # fmt: skip


def label(key: str, lang: str) -> str:
    """What a key of a result is called; a key that has no word is shown as it is."""
    return Words(*_KEYS[key]).of(lang) if key in _KEYS else code(key, lang)


def code(value: str, lang: str) -> str:
    """What a code is called; anything else is left as it is."""
    return Words(*_CODES[value]).of(lang) if value in _CODES else value
