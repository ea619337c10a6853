"""What a verifier says, in Chinese and English, by code."""

from typing import Final, NamedTuple


class Both(NamedTuple):
    """One sentence in both languages."""

    zh: str
    en: str

    def of(self, lang: str) -> str:
        """In `lang`, English unless it is zh."""
        return self.zh if lang == "zh" else self.en


FAULTS: Final = {
    "account.form": Both(
        "账目中有一条不是账本条目的格式。", "A line of the account is not a ledger entry of its form."
    ),
    "account.opening": Both(
        "这一条所附的内容不是账本所承诺的。", "What is told of this entry is not what the ledger committed to."
    ),
    "account.whose": Both("这一条说的是别人。", "This entry is about somebody else."),
    "account.entry": Both("账本的这个位置不是这一条。", "The ledger has another entry at this number."),
    "account.left-out": Both(
        "账本里有此人的查看记录，账目没有列出。", "The ledger has a look of this person that the account leaves out."
    ),
    "input.missing": Both("给出的路径不存在或无法读取。", "The path does not exist or cannot be read."),
    "input.empty": Both("此处没有可核验的内容。", "There is nothing here that can be verified."),
    "input.unknown": Both(
        "此文件不是可识别的声明或名片。", "This file is not a statement or card of a form known here."
    ),
    "folder.many": Both("文件过多。", "There are too many files."),
    "folder.case": Both("两个文件名仅大小写不同。", "Two names differ in case only."),
    "folder.name": Both("文件名不符合格式要求。", "A name is not allowed by the format."),
    "folder.link": Both("包含链接，不予跟随。", "This is a link; links are not followed."),
    "folder.device": Both("不是普通文件。", "This is not a regular file."),
    "file.missing": Both("缺少此文件。", "This file is missing."),
    "file.extra": Both("此文件未列入清单。", "This file is in no manifest."),
    "file.altered": Both("文件内容已被改动。", "The file is not what was listed or signed."),
    "file.unreadable": Both("文件无法读取。", "The file cannot be read."),
    "bag.version": Both("不是 BagIt 1.0。", "This is not BagIt 1.0."),
    "bag.info": Both("bag-info.txt 不符合格式。", "bag-info.txt is not of its form."),
    "bag.oxum": Both("载荷大小或文件数与声明不符。", "The payload is not as large as it is declared."),
    "manifest.line": Both("清单中有一行不符合格式。", "A line of the manifest is not of its form."),
    "manifest.twice": Both("清单两次列出同一文件。", "The manifest lists a file twice."),
    "manifest.order": Both("清单未按名称排序。", "The manifest is not sorted by name."),
    "manifest.unlisted": Both("标签清单缺少一个文件。", "The tag manifest does not list a file it must."),
    "manifest.extra": Both("标签清单列出了不应有的文件。", "The tag manifest lists a file it must not."),
    "manifest.hash": Both(
        "清单此行的哈希值与文件不符，清单本身已被改动。",
        "This line does not match its file, and the manifest itself was changed.",
    ),
    "package.id": Both("移交包与所签署的标识不符。", "The package is not the one that was signed for."),
    "package.unsigned": Both("没有人签署此移交包。", "Nobody has signed for this package."),
    "package.kind": Both("此处应为另一种声明。", "Another kind of statement must stand here."),
    "package.descriptor": Both("描述文件不符合规范。", "The descriptor is not what the specification allows."),
    "package.gate": Both("移交包与其关口声明不符。", "The package does not follow from its gate statement."),
    "package.datamap": Both("移交包与其数据地图声明不符。", "The package does not follow from its data map statement."),
    "package.party": Both("移交包的交易或当事方与声明不符。", "The package names another deal or party."),
    "package.invite": Both("邀请与移交包的买方不符。", "The invitation is not the one of this package's buyer."),
    "package.counts": Both("签署的数量与移交包不符。", "The counts that were signed are not those of the package."),
    "package.replayed": Both(
        "放行对应另一个移交包：这是旧的或别的移交包。",
        "The release belongs to another package: this one is older or foreign.",
    ),
    "leaf.form": Both("此行不是规范的叶子。", "This row is not a leaf in its canonical form."),
    "leaf.order": Both("叶子顺序错误或位置重复。", "Leaves are out of order, or a place comes twice."),
    "leaf.schema": Both("叶子使用了未描述的记录格式。", "A leaf names a schema that is not described."),
    "leaf.root": Both("叶子表的根与描述不符。", "The leaf table's root is not the one described."),
    "leaf.record": Both("叶子与其记录不符。", "The leaf does not match its record."),
    "row.witness": Both("此行与旁证的哈希值不符。", "This row is not what the list of hashes beside it says."),
    "segment.torn": Both("段在此处断裂或被改动。", "The segment is torn or was changed here."),
    "segment.origin": Both("段来自另一个保险库。", "The segment comes from another vault."),
    "record.claimed-twice": Both("两处叶子声称同一记录。", "The same record is claimed twice."),
    "record.twice": Both("同一记录出现两次。", "The same record is there twice."),
    "record.altered": Both("封存记录已被改动。", "The sealed record is not the one its leaf names."),
    "record.missing": Both("叶子所列的记录不存在。", "A record that this leaf names is not there."),
    "record.extra": Both("没有叶子列出此记录。", "No leaf names this record."),
    "release.manifest": Both("放行清单不符合规范。", "The release manifest is not what the specification allows."),
    "release.pages": Both("密钥页数量或长度不符。", "The sealed pages are not as many or as long as listed."),
    "release.page": Both("此密钥页已被改动。", "This sealed page was changed."),
    "release.share": Both("公布的第二份密钥不是所承诺的。", "The published share is not the one that was promised."),
    "release.statement": Both("放行声明与清单不符。", "The release statement and the manifest disagree."),
    "release.signer": Both("放行声明不是由卖方签署。", "The release was not signed by the seller it names."),
    "release.gate": Both("放行所依据的关口与移交包不符。", "The release follows from another gate than the package."),
    "release.leaves": Both("放行的叶子根与移交包不符。", "The release names another leaf table than the package has."),
    "release.origin": Both("放行来自另一个保险库。", "The release comes from another vault than the package."),
    "release.recipient": Both(
        "放行不是给该买方、该密钥或该邀请的。", "The release was not made for this buyer, key or invitation."
    ),
    "release.replayed": Both(
        "这是旧的放行，已有更新者取代，或编号重复。",
        "This is an older release in a newer one's place, or its number is used twice.",
    ),
    "release.previous": Both("放行未接续上一次放行。", "The release does not follow the one before it."),
    "proof.form": Both("账本证明不符合格式。", "The proof is not a tlog-proof."),
    "proof.entry": Both("账本证明针对另一份声明。", "The proof is about another statement."),
    "proof.path": Both("账本证明不成立。", "The proof does not hold."),
    "proof.signer": Both("账本证明的检查点签名无效。", "The proof's checkpoint is not signed by its party."),
    "checkpoint.form": Both("检查点不符合格式。", "The checkpoint is not of its form."),
    "checkpoint.signature": Both(
        "检查点签名无效，或签署者不受信任。", "The checkpoint is not signed by anyone trusted here."
    ),
    "checkpoint.split": Both("检查点彼此矛盾：账本被分叉或改写。", "Checkpoints contradict each other."),
    "ledger.form": Both("账本文件不符合格式。", "A file of the ledger is not of its form."),
    "ledger.keys": Both(
        "旁边的签名公钥不是检查点签署者的。", "The keys beside the ledger are not those of the checkpoint's signer."
    ),
    "ledger.row": Both("账本条目与旁证不符。", "The ledger's entries, hashes and checkpoint disagree here."),
    "ledger.shredded": Both(
        "这一条合计的清零与账本里的各条不符。", "This sum of shredded slots is not what the entries it sums up come to."
    ),
    "statement.form": Both("不是本系统的 DSSE 信封。", "This is not a DSSE envelope of ours."),
    "statement.signature": Both("签名无效。", "A signature does not verify."),
    "statement.signer": Both(
        "签署者不在受信名片之中，或没有其名片；可加 --trust 名片。",
        "The signer's card is not among those trusted, or not here; give it with --trust CARD.",
    ),
    "statement.schema": Both(
        "声明含有未知或不合规范的内容。", "The statement says something the specification does not allow."
    ),
    "statement.subject": Both(
        "声明的对象与其内容不符。", "The statement's subjects are not what its predicate speaks of."
    ),
    "statement.party": Both(
        "签署者不是应当签署的一方。", "The statement was not signed by the party that must sign it."
    ),
    "statement.rehearsal": Both(
        "演练声明与正式声明混用。", "A rehearsal's statement stands among statements in earnest."
    ),
    "statement.unlogged": Both("签署者的账本中没有此声明。", "The signer's ledger has no entry for this statement."),
    "received.release": Both("回执针对另一次放行。", "The receipt answers another release."),
    "received.counts": Both("回执数量与放行不符。", "The receipt's counts do not follow from the release."),
    "received.mismatched": Both("买方称有密钥或行不符。", "The buyer reports keys or rows that do not match."),
    "received.digest": Both("回执的表摘要与移交包不符。", "A table's digest in the receipt is not the package's."),
    "received.tables": Both("回执的表与移交包不符。", "The receipt's tables are not the package's."),
    "destroyed.erasures": Both(
        "证明所列的清零不在账本里。", "The shredding that the certificate repeats is not in the ledger."
    ),
    "woundup.customers": Both(
        "清算声明的客户数与其证明不符。", "The winding up counts other customers than its certificate."
    ),
    "destroyed.receipt": Both("证明没有列出此回执。", "The certificate does not name this receipt."),
    "answer.release": Both("答复针对另一次放行或移交包。", "The answer is about another release or package."),
    "card.form": Both("名片不符合格式。", "The card is not of its form."),
    "card.differs": Both("同一身份有两张不同的名片。", "There are two different cards of one identity."),
}
NOTES: Final = {
    "newest": Both(
        "是否存在更新的放行或移交包（离线无法得知）", "whether a newer release or package exists (unknowable offline)"
    ),
    "copies": Both("是否另有副本经其他途径流出", "whether another copy went another way"),
    "plaintext": Both("明文内容", "what the clear text says"),
    "law": Both("法律判断是否正确", "whether the law was read rightly"),
    "slots": Both("没有密钥，无法得知哪些密钥槽为零", "which slots are zero: only keys tell"),
    "digests": Both(
        "表摘要：仅部分交付，须有密钥才能重算", "table digests: delivered in part, only keys tell which leaves"
    ),
    "unpinned": Both(
        "签署者是谁：没有给出受信名片（--trust）", "who the signers are: no trusted card was given (--trust)"
    ),
    "package": Both("移交包：未给出", "the package: not given"),
    "release": Both("放行：未给出", "the release: not given"),
    "chain": Both("放行之间的接续：中间的放行未给出", "the link between releases: one between them was not given"),
    "ledger": Both("声明是否在账本中：账本未给出或早于声明", "the ledger: not given, or exported before a statement"),
    "part": Both(
        "账本中没有给出的条目：给出的只是有关一笔交易的部分",
        "entries of a ledger that were not given: it is the part about one deal",
    ),
    "receipt": Both("证明所列的回执：未给出", "the receipts that a certificate names: not given"),
    "papers": Both(
        "账本记有、却没有给出的文件（邀请、预发、放行、回执、换钥、销毁等）",
        "papers that a ledger names and that were not given (invitation, shipping, release, receipt, re-seal, destruction, …)",
    ),
    "attested": Both("由人证言的部分", "what people attest"),
    "held": Both(
        "因保全留下的已移交客户：证明说他们的密钥没有粉碎",
        "customers who were handed over and whom a hold keeps: the certificate says that their keys were not shredded",
    ),
    "other": Both("文件夹中的其他文件", "other files in the folder"),
}
