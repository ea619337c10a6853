"""Verbs for what customers ask for: take it in, see it, read it, answer it, count it, and tell the public (B4, B5)."""

from pathlib import Path

from custody import wiring
from custody.acts.desk import Desk
from custody.acts.terms import Term
from custody.base.errors import Malformed
from custody.cli.pages.openness_page import openness_page
from custody.cli.shared import AT, TERM, at_desk
from custody.cli.show import facts, grid
from custody.cli.verb import PATH, Call, Result, Verb, argument, option
from custody.cli.words import Words
from custody.services.openness import openness
from custody.services.request_answer import request_answer
from custody.services.request_clock import request_clock
from custody.services.request_close import request_close
from custody.services.request_grounds import request_grounds
from custody.services.request_list import request_figures, request_list
from custody.services.request_new import request_new
from custody.services.request_pass import request_pass
from custody.services.request_settle import request_settle
from custody.services.request_show import request_show
from custody.services.request_status import request_status
from custody.services.request_take import request_take

_REQUEST = argument("request")


def _new(
    call: Call, deal: str, subject: str, kind: str, channel: str, proof: str, said: Path | None, note_file: Path | None, controller: str,
    received: str,
) -> Result:  # fmt: skip
    files = {"said": said, "note": note_file}
    given = {
        "kind": kind,
        "channel": channel,
        "proof": proof,
        "controller": controller,
        "received": received,
        **{name: wiring.text(file) if file else "" for name, file in files.items()},
    }
    return at_desk(call, lambda desk: request_new(desk, wiring.laws_of(call.home), deal, subject, given))


def _list(call: Call, state: str | None, to: Path | None) -> Result:
    def work(desk: Desk) -> Result:
        if to is not None:
            wiring.folder(to.parent).write(to.name, request_figures(desk))
        return request_list(desk, state)

    return at_desk(call, work)


def _close(call: Call, request: str, state: str, rule: str, by: str) -> Result:
    acts = [one.strip() for one in by.split(",") if one.strip()]
    return at_desk(call, lambda desk: request_close(desk, wiring.laws_of(call.home), request, state, rule, acts))


def _answer(
    call: Call, request: str, to: Path, recipient: str, passphrase_to: Path | None, withhold: Path | None, until: str, keeper: str
) -> Result:  # fmt: skip
    if bool(recipient) == (passphrase_to is not None):
        raise Malformed("request.sealed", "Say to whom it is sealed: a recipient, or a file for the passphrase.",
                        next="--recipient age1… or --passphrase-to FILE")  # fmt: skip
    kept_back = wiring.text(withhold) if withhold else ""
    with wiring.desk(call.home, call.acting, call.passphrase_file) as desk:
        made = request_answer(
            desk,
            wiring.laws_of(call.home),
            request,
            recipient,
            kept_back,
            Term(keeper, until, str(to.parent.resolve())),
        )
    if passphrase_to is not None:
        wiring.folder(passphrase_to.parent).write(passphrase_to.name, made.passphrase.encode() + b"\n", secret=True)
    wiring.folder(to.parent).write(to.name, made.file, secret=True)
    return made.told


def _show_list(result: Result, lang: str) -> object:
    shown = [{**one, "clock": one["clock"][lang], "refusal": _refusal(one, lang)} for one in result["requests"]]
    columns = ("ref", "kind", "state", "received_at", "clock", "late")
    return grid(shown, (*columns, "refusal") if any(one["refusal"] for one in shown) else columns, lang)


def _show_grounds(result: Result, lang: str) -> object:
    shown = [
        {**one, "law": _cited(one["law"]), "title": one["title"][lang], "says": one["says"][lang]}
        for one in result["grounds"]
    ]
    return grid(shown, ("rule", "law", "title", "says", "confidence"), lang)


def _refusal(one: Result, lang: str) -> str:
    parts = [(one["refused_by"], one["refused_law"], one["refused_reason"])]
    parts += [(each["rule"], each.get("law", {}), each.get("reason", {})) for each in one["refused_also"]]
    return "; ".join(": ".join(filter(None, (rule, _cited(law), why.get(lang, "")))) for rule, law, why in parts)


def _cited(law: Result) -> str:
    return f"{law.get('official', law['instrument'])} {law['article']}" if law else ""


def _openness(call: Call, to: Path) -> Result:
    told = at_desk(call, openness)
    wiring.folder(to.parent).write(to.name, openness_page(told, call.lang).encode())
    return told


VERBS = (
    Verb("request new", Words("录入电话、信件、邮件或当面提出的请求", "take in a request that came by telephone, letter, e-mail or at the desk"),
         (argument("deal"), argument("subject"),
          option("--kind", words=Words("种类：access、copy、correct、delete、deregister、portability、explain、object、withdraw_consent", "kind: access, copy, correct, delete, deregister, portability, explain, object, withdraw_consent"), required=True),
          option("--channel", words=Words("经什么渠道：email、letter、phone、desk", "by which channel: email, letter, phone, desk"), required=True),
          option("--proof", words=Words("凭什么确认本人：phone、email、id-number、customer-number、in-person", "how the person was identified: phone, email, id-number, customer-number, in-person"), required=True),
          option("--said", words=Words("客户说出的每个号码或地址：UTF-8 文件，每行 种类,值；逐一与留存的核对，不保存", "each number or address that the person named: a UTF-8 file, each line kind,value; each is held against what is on file, and kept nowhere"), kind=PATH),
          option("--note-file", words=Words("客户原话，UTF-8 文件；加密保存", "the customer's words, a UTF-8 file; kept sealed"), kind=PATH),
          option("--controller", words=Words("转给哪家公司（只用于 portability）；加密保存", "to which company it shall move (portability alone); kept sealed"), default=""),
          option("--received", words=Words("收到的日期 YYYY-MM-DD（公司所在地的日期），期限从这天算；不写就是现在", "the day it was received, YYYY-MM-DD where the company is, from which its clocks run; now unless told"), default="")), _new, facts,
         "custody request new D-2026-0001 sub_… --kind copy --channel phone --proof email --said said.csv"),
    Verb("request list", Words("全部请求，最急的在前", "every request, the most urgent first"),
         (option("--state", words=Words("只看这种状态", "of this state alone")),
          option("--to", words=Words("另写一份给监管机构的 CSV", "also write a CSV for the regulator"), kind=PATH)), _list, _show_list, "custody request list --state open"),
    Verb("request show", Words("读客户写了什么；先记入账本", "read what the customer wrote; it is entered first"), (_REQUEST,),
         lambda call, request: at_desk(call, lambda desk: request_show(desk, request)), facts, "custody request show R-2026-0001"),
    Verb("request close", Words("答复一个请求", "answer a request"),
         (_REQUEST, option("--state", words=Words("结果：granted、partly、refused", "how it ends: granted, partly, refused"), required=True),
          option("--rule", words=Words("拒绝所依据的法律理由（custody request grounds 列出）；几部法律都管的，每部一条，逗号分隔", "the ground of law that a refusal rests on, one of custody request grounds; one of each law that binds, with commas between"), default=""),
          option("--by", words=Words("删除或更正由哪个操作办成：账本条目或更正编号，逗号分隔", "which act deleted or corrected it: an entry of the ledger or a correction, with commas between"), default="")), _close, facts,
         "custody request close R-2026-0001 --state granted"),
    Verb("request grounds", Words("依法可以凭哪些理由拒绝一个请求，全部或者部分", "on which grounds of law a request may be refused, whole or in part"), (_REQUEST,),
         lambda call, request: at_desk(call, lambda desk: request_grounds(desk, wiring.laws_of(call.home), [request])), _show_grounds,
         "custody request grounds R-2026-0001"),
    Verb("request answer", Words("把答复打包：全部内容，加密后交给本人", "pack the answer: everything held, sealed to whoever asked"),
         (_REQUEST, option("--to", words=Words("写到文件（.zip.age）", "write it to a file (.zip.age)"), kind=PATH, required=True),
          option("--recipient", words=Words("对方的 age 公钥 age1…；不给就生成口令", "their age recipient age1…; without one a passphrase is made"), default=""),
          option("--passphrase-to", words=Words("口令写到文件，另走一条路交给本人", "write the passphrase to a file, to be given another way"), kind=PATH),
          option("--withhold", words=Words("不给的行：CSV 文件，每行 table,row,rule，几部法律都管的每部一行；rule 由 custody request grounds 列出", "rows kept back: a CSV file, each line table,row,rule, one for each law that binds; the rule is one of custody request grounds"), kind=PATH), *TERM), _answer, facts,
         "custody request answer R-2026-0001 --to copy.zip.age --passphrase-to copy.pass"),
    Verb("request clock", Words("暂停、恢复或延长一个请求的期限", "pause, resume or extend the clock of a request"),
         (_REQUEST, option("--step", words=Words("pause、resume 或 extend", "pause, resume or extend"), required=True),
          option("--why", words=Words("理由，会告诉客户", "why; the customer is told"), required=True),
          option("--told", words=Words("怎样告诉的：page（客户页面，默认）、email、phone、letter、in-person", "how they are told: page (their own, as a rule), email, phone, letter, in-person"), default="")),
         lambda call, request, step, why, told: at_desk(call, lambda desk: request_clock(desk, wiring.laws_of(call.home), request, step, why, told)), facts,
         'custody request clock R-2026-0001 --step extend --why "…"'),
    Verb("request pass", Words("卖方：把还没了结的请求封给买方，并签署各自的状态", "seller: pass requests that have not ended to the buyer, sealed, with our signed word"),
         (argument("deal"), AT), lambda call, deal, handover: at_desk(call, lambda desk: request_pass(desk, deal, wiring.folder(handover))), facts,
         "custody request pass D-2026-0001 --at handover"),
    Verb("request take", Words("买方：接过这些请求，期限取较严的", "buyer: take the requests over, each under the stricter clock"),
         (argument("deal"), AT), lambda call, deal, handover: at_desk(call, lambda desk: request_take(desk, wiring.laws_of(call.home), deal, wiring.folder(handover))), facts,
         "custody request take D-2026-0001 --at handover"),
    Verb("request status", Words("签署这些请求此刻的状态，双方都可以", "our signed word on how they stand now, on either side"),
         (argument("deal"), AT), lambda call, deal, handover: at_desk(call, lambda desk: request_status(desk, deal, wiring.folder(handover))), facts,
         "custody request status D-2026-0001 --at handover"),
    Verb("request settle", Words("卖方：核对买方的状态，那边了结的这边也了结", "seller: verify the buyer's word; what ended there ends here"),
         (argument("deal"), AT), lambda call, deal, handover: at_desk(call, lambda desk: request_settle(desk, wiring.laws_of(call.home), deal, wiring.folder(handover))), facts,
         "custody request settle D-2026-0001 --at handover"),
    Verb("openness", Words("写出给公众看的一页：有什么、为什么、给谁、多久、请求和账本", "write the page for the public: what, why, whom, how long, requests, the ledger"),
         (option("--to", words=Words("写到文件", "write it to a file"), kind=PATH, required=True),), _openness, facts,
         "custody openness --to openness.html"),
)  # fmt: skip
