"""The report of a change of control: nothing moved, who can open the vault now, what was tried, how to verify."""

from html import escape
from typing import Any, Final

from custody.base.citing import cited
from custody.cli.pages.frame import Summary, answers, checked, found, frame, head, number, table, unknowable
from custody.cli.words import Words

_TRIED: Final = {
    "deal.not-a-hand-over": Words(
        "被拒绝：这不是移交，什么也不打包", "refused: this is not a hand-over, nothing is packed"
    ),
    "principal.revoked": Words("被拒绝：此人已无权操作", "refused: this person no longer acts here"),
    "shares.few": Words("打不开：份额不够", "does not open: too few shares"),
}
_NOT_REFUSED: Final = Words("没有被拒绝，请查明", "was not refused: look into this")


def control_page(summary: Summary, lang: str) -> str:
    """The whole file; `lang` is the language shown first."""
    return frame(_title(summary, lang), lambda one: _main(summary, one), lang)


def _main(summary: Summary, lang: str) -> str:
    line = Words(
        f"{summary['deal']}，演练：时钟是模拟的，告知的送达出自假设文件，不能满足真实关口。",
        f"{summary['deal']}, a rehearsal: the clock is simulated, deliveries come from an assumptions file; it satisfies no real gate.",
    ).of(lang)
    eyebrow = Words("公司易主报告（演练）", "Change-of-control report (rehearsal)").of(lang)
    parts = (_answers, _law, _keys, _tried, found, _unknowable, _verify)
    return head(eyebrow, _title(summary, lang), line, verified=summary["verified"]) + "".join(
        one(summary, lang) for one in parts
    )


def _title(summary: Summary, lang: str) -> str:
    company = summary["parties"]["seller"][lang]
    return Words(
        f"{company}已易主，客户数据没有离开公司", f"{company} changed hands; its customer data never left it"
    ).of(lang)


def _answers(summary: Summary, lang: str) -> str:
    control = summary["control"]
    shown = (
        (number(summary["customers"]), Words("位客户，处理者没有变", "customers, their controller is the same")),
        (number(summary["rows_moved"]), Words("行离开公司", "rows left the company")),
        (
            f"g{control['from_g']} → g{control['to_g']}",
            Words("根密钥已换，旧的已销毁", "new root; the old one is destroyed"),
        ),
        (number(control["revoked"]), Words("位离任者已失权", "leavers can act no more")),
    )
    return answers(shown, lang)


def _law(summary: Summary, lang: str) -> str:
    heads = (Words("依据", "law"), Words("说什么", "what it says"))
    rows = [
        [f'<span class="nw">{escape(_cited(one, lang))}</span>', escape(one["says"][lang])] for one in summary["law"]
    ]
    told = summary["told"]
    sent = Words(
        f"告知变更：送达 {number(told.get('notice.delivered', 0))}，退回 {number(told.get('notice.bounced', 0))}。",
        f"Told of what changed: {number(told.get('notice.delivered', 0))} delivered, {number(told.get('notice.bounced', 0))} bounced.",
    ).of(lang)
    title = Words("法律对股权转让怎么说", "What the law says of a share transfer").of(lang)
    return f'<section><h2>{title}</h2>{table(heads, rows, lang)}<p class="small muted">{sent}</p></section>'


def _cited(rule: dict[str, Any], lang: str) -> str:
    told = rule["reference"]
    if not isinstance(told, dict):
        return str(told)
    return cited(told, lang)


def _keys(summary: Summary, lang: str) -> str:
    control, tried = summary["control"], summary["tried"]
    heads = (Words("是什么", "what"), Words("现在", "now"))
    rows = [
        [Words("恢复份额的持有人", "holders of recovery shares").of(lang), number(control["holders"])],
        [Words("离任者签了副本声明的", "leavers who signed for their copies").of(lang), f"{control['leavers_signed']} / {control['revoked']}"],
        [Words("收回的明文导出", "exports in clear called in").of(lang), number(control["exports"])],
        [Words("还在的根密钥", "roots that exist").of(lang), escape(", ".join(f"g{one}" for one in tried["roots"]))],
    ]  # fmt: skip
    title = Words("谁能打开保险库", "Who can open the vault").of(lang)
    return f"<section><h2>{title}</h2>{table(heads, rows, lang)}</section>"


def _tried(summary: Summary, lang: str) -> str:
    tried = summary["tried"]
    sheets = tried["sheets"]
    heads = (Words("试了什么", "what was tried"), Words("结果", "what happened"))
    rows = [
        [Words("像移交那样打包", "packing, as for a hand-over").of(lang), _outcome(tried["package"], lang)],
        [Words("离任者再查看交易", "the leaver looks at the deal again").of(lang), _outcome(tried["leaver"], lang)],
        [Words("任意两份恢复单", "any two recovery sheets").of(lang),
         Words(f"{sheets['choices']} 种选法中 {sheets['opened']} 种打开", f"{sheets['opened']} of {sheets['choices']} choices open").of(lang)],
        [Words("只有一份恢复单", "one recovery sheet alone").of(lang), _outcome({"slug": sheets["one"]}, lang)],
    ]  # fmt: skip
    return f"<section><h2>{Words('试过的，不只是说过的', 'Tried, not only told').of(lang)}</h2>{table(heads, rows, lang)}</section>"


def _outcome(answer: dict[str, Any], lang: str) -> str:
    return _TRIED.get(answer["slug"], _NOT_REFUSED).of(lang)


def _unknowable(summary: Summary, lang: str) -> str:
    return unknowable(summary["not_checked_codes"], lang)


def _verify(summary: Summary, lang: str) -> str:
    rows = (
        (Words("签名者指纹", "signers' fingerprints"), summary["signers"]),
        (Words("易主声明", "control statement"), [summary["control"]["sha256"]]),
    )
    command = "custody verify handover/control.dsse.json handover/ledger-company --trust handover/cards/company.json"
    return checked(command, rows, lang)
