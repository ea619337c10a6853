"""What a newcomer watches: each step of the line in one sentence, as it is done, with the figures it came to."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from custody.cli.labels import code
from custody.cli.words import Words

Out = Mapping[str, Any]
Told = Callable[[Out], Words]


def _sealed(out: Out) -> Words:
    return Words(
        f"封存：{out['rows']:,} 行成为 {out['records']:,} 条密文，每人每个密钥分区一把密钥；{out['quarantined']:,} 行有问题，已隔离",
        f"sealed: {out['rows']:,} rows as {out['records']:,} records, one key per person and compartment; {out['quarantined']:,} bad rows set aside",
    )


def _gated(out: Out) -> Words:
    if not out["total"]:
        return Words(
            "没有人：这批数据里没有一位客户，以下各步不会移交任何人",
            "nobody: there is no customer in this data, and no step below hands anybody over",
        )
    counts = {slug: count for slug, count in out["by_verdict"].items() if count or slug == "hand_over"}
    zh = "，".join(f"{code(slug, 'zh')} {count:,}" for slug, count in counts.items())
    en = ", ".join(f"{code(slug, 'en')} {count:,}" for slug, count in counts.items())
    return Words(
        f"裁定 {out['total']:,} 位客户：{zh}（{out['vectors']:,} 种情形）",
        f"decided {out['total']:,} customers: {en} ({out['vectors']:,} distinct cases)",
    )


def _noticed(out: Out) -> Words:
    reached, back = (out["counts"].get(f"notice.{one}", 0) for one in ("delivered", "bounced"))
    return Words(
        f"告知客户：送达 {reached:,} 位，退回 {back:,} 位",
        f"told the customers: {reached:,} reached, {back:,} came back",
    )


def _scanned(out: Out) -> Words:
    tables = out.get("tables", ())
    columns = [column for table in tables for column in table["columns"]]
    sensitive = sum(1 for one in columns if one["level"] == "sensitive")
    return Words(
        f"扫描：{len(tables)} 张表，{len(columns)} 列，其中敏感 {sensitive} 列",
        f"scanned: {len(tables)} tables, {len(columns)} columns, {sensitive} of them sensitive",
    )


def _received(out: Out) -> Words:
    return Words(
        f"买方核验、接收 {out['subjects']:,} 人 {out['rows']:,} 行，签发回执",
        f"the buyer verified and received {out['subjects']:,} people, {out['rows']:,} rows, and signed a receipt",
    )


def _resealed(out: Out) -> Words:
    return Words(
        f"买方改用自己的密钥封存 {out['records']:,} 条，删除从未放行的 {out['deleted']:,} 条",
        f"the buyer sealed {out['records']:,} records under its own keys and deleted {out['deleted']:,} never released",
    )


def _compared(out: Out) -> Words:
    if "delivered" in out:
        zh = f"对账：来源 {out['rows']:,} 行 = 交付 {out['delivered']:,} + 未移交 {out['withheld']:,} + 隔离 {out['quarantined']:,}"
        en = f"accounted: {out['rows']:,} source rows = {out['delivered']:,} delivered + {out['withheld']:,} withheld + {out['quarantined']:,} set aside"
        return Words(zh, en)
    return Words(f"逐行对账：差异 {out['differing']:,}", f"compared row by row: {out['differing']:,} differ")


def _counted(zh: str, en: str, key: str) -> Told:
    return lambda out: Words(zh.format(out[key]), en.format(out[key]))


def _plain(zh: str, en: str) -> Told:
    return lambda _out: Words(zh, en)


_TOLD: Final[dict[str, Told]] = {
    "init": _plain("安装目录、签名密钥、第一位操作人", "a home, signing keys, a first principal"),
    "party confirm": _counted("核对对方名片的指纹，第 {} 人", "compared the fingerprint of the other side's card, person {}", "confirmations"),
    "scan": _scanned,
    "datamap accept": _plain("隐私官签署数据地图", "the privacy officer signed the data map"),
    "seal": _sealed,
    "deal new": _counted("新建交易 {}", "opened deal {}", "ref"),
    "invite": _plain("买方发出邀请：本交易专用密钥和随机数", "the buyer's invitation: a key and a nonce for this deal alone"),
    "gate": _gated,
    "notice": _noticed,
    "consent": _counted("客户答复：{:,} 条", "the customers' answers: {:,}", "recorded"),
    "ship": _counted("预发密文：{:,} 条记录，买方打不开", "shipped ahead: {:,} records, unreadable to the buyer", "rows"),
    "object": _counted("预发之后又有 {:,} 位客户拒绝", "{:,} customers objected after shipping", "recorded"),
    "release": _counted("放行：交出 {:,} 位客户的密钥", "released the keys of {:,} customers", "subjects"),
    "receive": _received,
    "export": _counted("导出 {:,} 行到买方数据库", "exported {:,} rows to the buyer's database", "rows"),
    "reconcile": _compared,
    "reseal": _resealed,
    "destroy": _counted("粉碎卖方的 {:,} 个密钥槽，旧根密钥已销毁，出具证明", "shredded {:,} key slots at the seller, destroyed the old root, certified", "rows"),
    "verify": _plain("离线核验全部文件：签名、哈希、账本、对应关系", "verified every file offline: signatures, hashes, ledgers, and that they agree"),
    "leave": _plain("离任者签署声明", "the leaver signed what became of their copies"),
    "handover-control": _plain("换根密钥、换恢复份额、离任者失权", "new roots, new recovery shares, the leaver locked out"),
}  # fmt: skip
_SIDES: Final = {"seller": Words("卖方", "seller"), "buyer": Words("买方", "buyer")}


def told(half: str, words: tuple[str, ...], out: Out, seconds: float, lang: str) -> str | None:
    """The line for a command that was done, or nothing for one not worth a line: a dry run, an approval, a refusal."""
    step = next((_TOLD[name] for name in (" ".join(words[:2]), words[0]) if name in _TOLD), None)
    if step is None or "--dry-run" in words or "would" in out or "error" in out:
        return None
    side = _SIDES[half].of(lang)
    return f"{seconds:5.1f} s  {side}  {step(out).of(lang)}"
