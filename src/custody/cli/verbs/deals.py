"""Verbs of a deal, in the order it meets them."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypedDict, Unpack

import click
from rich.console import Group, RenderableType
from rich.text import Text

from custody import wiring
from custody.acts.desk import Desk
from custody.acts.leavers import STATES
from custody.acts.terms import Term
from custody.base.errors import Malformed
from custody.cli.ask import asked
from custody.cli.read import json_object
from custody.cli.shared import AT, DEAL, DRY, TERM, at_desk
from custody.cli.show import facts, grid
from custody.cli.show_deal import show
from custody.cli.show_law import again, overridden
from custody.cli.show_nobody import EMPTY, irreversible, warning
from custody.cli.verb import PATH, Call, Result, Verb, argument, option
from custody.cli.words import Words
from custody.ports.files import Files
from custody.services.answers import consent, notice, objections
from custody.services.certificate import certificate, certificate_data
from custody.services.deal_new import deal_new
from custody.services.deal_show import deal_show
from custody.services.destroy import destroy
from custody.services.export import export
from custody.services.gate import gate
from custody.services.handover_control import Out, Succession, handover_control
from custody.services.invite import invite
from custody.services.leave import leave
from custody.services.ledger import ledger_publish
from custody.services.ledger_part import ledger_part
from custody.services.recall import recall
from custody.services.receive import receive
from custody.services.reconcile import reconcile, reconcile_export
from custody.services.release import release
from custody.services.release_delta import release_delta
from custody.services.reseal import reseal
from custody.services.ship import ship

_ASSUME = option(
    "--assume", words=Words("演练用的假设文件", "assumptions file of a rehearsal"), kind=PATH, required=True
)


def _new(call: Call, facts_file: Path | None, counterparty: str, vault: str | None, *, ask: bool) -> Result:
    laws, ask = wiring.laws_of(call.home), ask or facts_file is None
    given = {} if facts_file is None or (ask and not facts_file.exists()) else json_object(facts_file)

    def work(desk: Desk) -> Result:
        told = asked(call, laws, given, facts_file, desk.today()) if ask else given
        return deal_new(desk, laws, told, counterparty, vault, asked=ask)

    return at_desk(call, work)


def _show(call: Call, deal: str | None) -> Result:
    return at_desk(call, lambda desk: deal_show(desk, deal))


def _gate(call: Call, deal: str) -> Result:
    return at_desk(call, lambda desk: gate(desk, wiring.laws_of(call.home), deal))


def _answers(service: Callable[[Desk, str, str], Result]) -> Callable[..., Result]:
    def run(call: Call, deal: str, assume: Path) -> Result:
        text = wiring.folder(assume.parent).read(assume.name).decode()
        return at_desk(call, lambda desk: service(desk, deal, text))

    return run


def _consent(call: Call, deal: str, assume: Path) -> Result:
    return _answers(lambda desk, named, text: consent(desk, wiring.laws_of(call.home), named, text))(call, deal, assume)


def _invite(call: Call, seller: str, deal: str, handover: Path, anew: bool) -> Result:
    return at_desk(call, lambda desk: invite(desk, seller, deal, wiring.folder(handover), anew=anew))


def _gated(service: Callable[..., Result]) -> Callable[..., Result]:
    def run(call: Call, deal: str, handover: Path, dry_run: bool) -> Result:
        out: Files = wiring.folder(handover)
        return at_desk(call, lambda desk: service(desk, wiring.laws_of(call.home), deal, out, dry_run=dry_run))

    return run


def _ship(call: Call, deal: str, handover: Path, waiting: bool, dry_run: bool) -> Result:
    laws, out = wiring.laws_of(call.home), wiring.folder(handover)
    return at_desk(call, lambda desk: ship(desk, laws, deal, out, waiting=waiting, dry_run=dry_run))


def _release(call: Call, deal: str, handover: Path, delta: bool, dry_run: bool) -> Result:
    service = release_delta if delta else release
    laws, out = wiring.laws_of(call.home), wiring.folder(handover)
    return at_desk(call, lambda desk: service(desk, laws, deal, out, dry_run=dry_run))


def _receive(call: Call, deal: str, handover: Path, vault: str | None, dry_run: bool) -> Result:
    return at_desk(call, lambda desk: receive(desk, deal, wiring.folder(handover), vault, dry_run=dry_run))


def _reseal(call: Call, deal: str, handover: Path) -> Result:
    return at_desk(call, lambda desk: reseal(desk, deal, wiring.folder(handover)))


def _export(call: Call, deal: str, to: Path, until: str, keeper: str, *, dry_run: bool) -> Result:
    return at_desk(call, lambda desk: export(desk, deal, wiring.target(to), Term(keeper, until), dry_run=dry_run))


def _reconcile(call: Call, deal: str, handover: Path | None, target: Path | None) -> Result:
    if target is not None:
        return at_desk(call, lambda desk: reconcile_export(desk, deal, wiring.target(target)))
    if handover is None:
        raise Malformed("cli.usage", "Say --at HANDOVER (seller) or --target FILE (buyer).")
    return at_desk(call, lambda desk: reconcile(desk, deal, wiring.folder(handover)))


def _certificate(call: Call, deal: str, to: Path) -> Result:
    data = wiring.pdf("certificate", certificate_data(at_desk(call, lambda desk: certificate(desk, deal))))
    wiring.folder(to.parent).write(to.name, data)
    return {"deal": deal, "bytes": len(data)}


def _leave(call: Call, deal: str, copies: str) -> Result:
    return at_desk(call, lambda desk: leave(desk, deal, copies))


class _Control(TypedDict):
    leaver: Sequence[str]
    holder: Sequence[str]
    threshold: int
    sheets: Path
    to: Path
    dry_run: bool


def _handover_control(call: Call, deal: str, **given: Unpack[_Control]) -> Result:
    out, host = Out(wiring.folder(given["sheets"]), wiring.folder(given["to"])), wiring.host(call.home)
    who = Succession(given["leaver"], given["holder"], given["threshold"])
    return at_desk(
        call,
        lambda desk: handover_control(desk, wiring.laws_of(call.home), host, deal, who, out, dry_run=given["dry_run"]),
    )


def _ledger(call: Call, to: Path, deal: str) -> Result:
    if deal:
        return at_desk(call, lambda desk: ledger_part(desk, deal, wiring.folder(to)))
    return at_desk(call, lambda desk: ledger_publish(desk, wiring.folder(to)))


def _show_gate(result: Result, lang: str) -> object:
    totals = {"customers": result["total"], **result["by_verdict"]}
    rows = [
        {"rule": one["rule"], "verdict": one["verdict"], "customers": one["count"], "why": one["text"][lang]}
        for one in result["reasons"]
    ]
    lifted = [Text(overridden(one, lang), style="yellow") for one in result["overrides"]]
    table = grid(rows, ("rule", "verdict", "customers", "why"), lang)
    looked = Text(again(result["again"], lang), style="dim")
    empty: list[RenderableType] = [] if result["total"] else [warning(EMPTY, lang), ""]
    return Group(*empty, grid([totals], tuple(totals), lang), "", table, *lifted, looked)


VERBS = (
    Verb("deal new", Words("新建交易；不给事实文件就逐题询问", "open a deal; without a file of facts, you are asked"),
         (argument("facts_file", kind=PATH, required=False), option("--counterparty", default="", words=Words("对方公司；股权转让不填", "the other party; none in a share transfer")),
          option("--vault", words=Words("保险库", "vault")),
          option("--ask", words=Words("询问文件里没有的事实，回答随时存入文件", "ask for what the file does not hold; answers are kept in it"), flag=True)),
         _new, facts, "custody deal new facts.json --counterparty pty_… --ask"),
    Verb("deal show", Words("查看交易", "show a deal, or all"), (argument("deal", required=False),), _show, show,
         "custody deal show D-2026-0001"),
    Verb("invite", Words("买方发出邀请：本交易的密钥和随机数", "the buyer's invitation: a key and a nonce for this deal"),
         (argument("seller"), option("--deal", words=Words("卖方的交易编号", "the seller's reference of the deal"), required=True), AT,
          option("--anew", words=Words("改用自己的密钥之后：另发一把新密钥，供以后放行", "after a re-seal: another key, for a later release"), flag=True)),
         _invite, facts, "custody invite pty_… --deal D-2026-0001 --at handover"),
    Verb("gate", Words("逐一裁定每位客户", "decide every customer"), (DEAL,), _gate, _show_gate, "custody gate D-2026-0001"),
    Verb("notice", Words("告知客户并记录送达", "tell the customers and record delivery"), (DEAL, _ASSUME), _answers(notice), facts,
         "custody notice D-2026-0001 --assume assumptions.yaml"),
    Verb("consent", Words("记录客户的答复", "record the customers' answers"), (DEAL, _ASSUME), _consent, facts,
         "custody consent D-2026-0001 --assume assumptions.yaml"),
    Verb("object", Words("记录拒绝", "record objections"), (DEAL, _ASSUME), _answers(objections), facts,
         "custody object D-2026-0001 --assume assumptions.yaml"),
    Verb("ship", Words("预发密文移交包", "ship the cleared ciphertext ahead"),
         (DEAL, AT, option("--waiting", words=Words("连同等待答复的客户的密文，供以后放行", "with the ciphertext of those whose answer is awaited, for a later release"),
                             flag=True), DRY), _ship, irreversible,
         "custody ship D-2026-0001 --at handover --dry-run"),
    Verb("release", Words("放行：只交出获准客户的密钥", "release the keys of cleared customers"),
         (DEAL, AT, option("--delta", words=Words("追加：只放行上次之后才获准的客户", "add to it: only those cleared since the last release"),
                             flag=True), DRY), _release, irreversible,
         "custody release D-2026-0001 --at handover --dry-run"),
    Verb("recall", Words("召回：命令买方销毁不再获准的客户的密钥", "order the buyer to shred the keys of those no longer cleared"),
         (DEAL, AT, DRY), _gated(recall), facts, "custody recall D-2026-0001 --at handover --dry-run"),
    Verb("receive", Words("核验、接收并签发回执；执行召回", "verify, receive and answer with a receipt; carry out a recall"),
         (DEAL, AT, option("--vault", words=Words("新保险库名；不写就叫 received，已有就加编号", "name of the new vault; without it received, with a number where there is one")), DRY), _receive, facts,
         "custody receive B-2026-0001 --at handover"),
    Verb("export", Words("导出到自己的数据库：人数多时须第二人批准", "export to one's own database: of more than a few people, approved by a second person"),
         (DEAL, option("--to", words=Words("SQLite 文件；.zip 是给数据库的 CSV，原样；.sheets.zip 是给人用表格软件打开的 CSV，不会运行公式", "SQLite file; .zip is CSV for databases, verbatim; .sheets.zip is CSV that people open in a spreadsheet, where nothing runs"), kind=PATH, required=True), *TERM, DRY), _export, irreversible,
         "custody export B-2026-0001 --to buyer.sqlite --dry-run"),
    Verb("reconcile", Words("对账：每一行都有交代", "account for every row"),
         (DEAL, option("--at", "handover", words=Words("移交文件夹（卖方）", "hand-over folder (seller)"), kind=PATH),
          option("--target", words=Words("导出的数据库（买方）", "exported database (buyer)"), kind=PATH)), _reconcile, facts,
         "custody reconcile D-2026-0001 --at handover"),
    Verb("reseal", Words("改用买方自己的密钥封存，删除从未放行的密文", "the delivered data under the buyer's own keys; what was never released is deleted"),
         (DEAL, AT), _reseal, facts, "custody reseal B-2026-0001 --at handover"),
    Verb("destroy", Words("销毁卖方副本并出具证明", "destroy the seller's copy and certify it"), (DEAL, AT, DRY), _gated(destroy), irreversible,
         "custody destroy D-2026-0001 --at handover --dry-run"),
    Verb("certificate", Words("销毁证明，给人看的 PDF", "the certificate of destruction, a PDF for people"),
         (DEAL, option("--to", words=Words("写到文件", "write it to a file"), kind=PATH, required=True)), _certificate, facts,
         "custody certificate D-2026-0001 --to certificate.pdf"),
    Verb("leave", Words("离任者声明手中副本的去向", "a leaver says what became of their copies"),
         (DEAL, option("--copies", words=Words("副本的去向", "what became of the copies"), kind=click.Choice(STATES), required=True)),
         _leave, facts, "custody leave D-2026-0001 --copies destroyed"),
    Verb("handover-control", Words("公司易主：换根密钥、换恢复份额、离任者失权", "change of control: new roots, new recovery shares, leavers locked out"),
         (DEAL, option("--leaver", words=Words("离任者，可多次", "who leaves, repeatable"), many=True),
          option("--holder", words=Words("恢复份额持有人，可多次", "who holds a recovery share, repeatable"), many=True),
          option("--threshold", words=Words("几份可打开", "how many shares open a vault"), kind=int, default=2),
          option("--sheets", words=Words("恢复单写到此文件夹（机密）", "folder for the recovery sheets (secret)"), kind=PATH, required=True),
          option("--to", words=Words("易主声明写到此文件夹", "folder for the statement"), kind=PATH, required=True), DRY),
         _handover_control, facts,
         "custody handover-control D-2026-0001 --leaver suhe --holder fanyuan --holder zhouning --sheets sheets --to handover --dry-run"),
    Verb("ledger export", Words("导出账本供核验：整本给审计、法院；给对方的只含本交易的条目", "export the ledger for verification: whole for an auditor or a court, the entries of one deal for its other side"),
         (option("--to", words=Words("文件夹", "folder"), kind=PATH, required=True),
          option("--deal", default="", words=Words("只含此交易的条目，其余只给哈希", "the entries of this deal alone, of all others the hash"))), _ledger, facts,
         "custody ledger export --deal D-2026-0001 --to handover/ledger-seller"),
)  # fmt: skip
