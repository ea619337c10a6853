"""Verbs of corrections: take one in, prove it, take it back, tell everyone who has the data (A7)."""

from pathlib import Path

from custody import wiring
from custody.acts.correcting import Place
from custody.cli.shared import AT, at_desk
from custody.cli.show import facts, grid
from custody.cli.verb import PATH, Call, Result, Verb, argument, option
from custody.cli.ways import WAY, way_of
from custody.cli.words import Words
from custody.services.correction_acknowledge import correction_acknowledge
from custody.services.correction_list import correction_list
from custody.services.correction_new import correction_new
from custody.services.correction_prove import correction_prove
from custody.services.correction_send import correction_send
from custody.services.correction_settle import correction_settle
from custody.services.correction_take import correction_take
from custody.services.correction_undo import correction_undo
from custody.services.correction_warn import correction_warn
from custody.services.correction_warned import correction_warned

_LISTED = ("id", "subject", "table", "column", "class", "state", "done_at", "undo_until", "late")


def _new(
    call: Call, subject: str, table: str, row: int | None, column: str, value_file: Path, channel: str, proof: str, said: Path | None, code_to: Path | None, vault: str | None
) -> Result:  # fmt: skip
    given = {
        "value": wiring.text(value_file).removesuffix("\n"),
        "channel": channel,
        "proof": proof,
        "said": wiring.text(said) if said else "",
    }
    lays = "" if code_to is None else str(code_to.parent.resolve())
    with wiring.desk(call.home, call.acting, call.passphrase_file) as desk:
        made = correction_new(desk, subject, Place(table, row, column), given, vault, can_send=bool(lays), lays=lays)
    if made.code and code_to is not None:
        wiring.folder(code_to.parent).write(code_to.name, f"{made.to}\n{made.code}\n".encode(), secret=True)
    return made.told


def _prove(call: Call, correction: str, code_file: Path) -> Result:
    code = wiring.text(code_file).split()[-1:]
    return at_desk(call, lambda desk: correction_prove(desk, correction, "".join(code)))


def _warn(
    call: Call, relay: str | None, gateway: Path | None, security: str, user: str, password_file: Path | None, sender: str, contact: str
) -> Result:  # fmt: skip
    way = way_of(relay, gateway, (security, user, password_file), 0, 1)
    try:
        return at_desk(call, lambda desk: correction_warn(desk, way, {"sender": sender, "contact": contact}))
    finally:
        way.close()


def _warned(call: Call, log: Path | None, folder: Path | None, say: str) -> Result:
    told, files = wiring.text(log) if log else None, wiring.folder(folder) if folder else None
    came = [files.read(name) for name in files.list()] if files else []
    return at_desk(call, lambda desk: correction_warned(desk, told, came, say))


VERBS = (
    Verb("correction new", Words("录入客户要求的更正：按规则立即改，或把验证码发到原渠道", "take in a correction that a customer asks for: done at once, or a code goes to the old channel, as the policy has it"),
         (argument("subject"), option("--table", words=Words("表", "table"), required=True),
          option("--row", words=Words("源行号，只有一行时可省略", "row in the source; may be left out when there is one"), kind=int),
          option("--column", words=Words("列", "column"), required=True),
          option("--value-file", words=Words("新值所在的文件", "file that holds the new value"), kind=PATH, required=True),
          option("--channel", words=Words("经什么渠道来的：email、letter、phone、desk", "by which way it came: email, letter, phone, desk"), required=True),
          option("--proof", words=Words("凭什么确认本人：phone、email、id-number、customer-number、in-person", "how the person was identified: phone, email, id-number, customer-number, in-person"), required=True),
          option("--said", words=Words("客户说出的每个号码或地址：UTF-8 文件，每行 种类,值；逐一与留存的核对，不保存", "each number or address that the person named: a UTF-8 file, each line kind,value; each is held against what is on file, and kept nowhere"), kind=PATH),
          option("--code-to", words=Words("原地址和验证码写到这个文件，经原渠道送达后删除", "old address and code go to this file; delete it once they went out by the old channel"), kind=PATH),
          option("--vault", words=Words("保险库", "vault"))), _new, facts,
         "custody correction new sub_… --table 会员 --column 手机 --value-file new.txt --channel phone --proof email --said said.csv --code-to code.txt"),
    Verb("correction prove", Words("客户读回了验证码：完成更正", "the code was read back: the correction is done"),
         (argument("correction"), option("--code-file", words=Words("读回的验证码所在的文件", "file that holds the code that was read back"), kind=PATH, required=True)),
         _prove, facts, "custody correction prove cor_… --code-file said.txt"),
    Verb("correction undo", Words("在期限内撤回一次更正，恢复原值", "take a correction back within its time"),
         (argument("correction"), option("--reason", words=Words("理由，加密保存", "why; kept sealed"), required=True)),
         lambda call, correction, reason: at_desk(call, lambda desk: correction_undo(desk, correction, reason)), facts,
         'custody correction undo cor_… --reason "it was not her"'),
    Verb("correction list", Words("全部更正，谁还没有确认收到；逾期的在前", "every correction and who has not acknowledged it; late ones first"),
         (option("--state", words=Words("waiting、done、undone、lapsed", "waiting, done, undone, lapsed"), default=""),),
         lambda call, state: at_desk(call, lambda desk: correction_list(desk, state)), lambda result, lang: grid(result["corrections"], _LISTED, lang),
         "custody correction list"),
    Verb("correction send", Words("卖方：把买方还不知道的更正封给买方", "seller: seal what the buyer has not learnt of to the buyer"),
         (argument("deal"), AT), lambda call, deal, handover: at_desk(call, lambda desk: correction_send(desk, deal, wiring.folder(handover))), facts,
         "custody correction send D-2026-0001 --at handover"),
    Verb("correction take", Words("买方：照卖方的更正修改，并签署答复", "buyer: make the seller's corrections here, and answer signed"),
         (argument("deal"), AT), lambda call, deal, handover: at_desk(call, lambda desk: correction_take(desk, deal, wiring.folder(handover))), facts,
         "custody correction take D-2026-0001 --at handover"),
    Verb("correction settle", Words("卖方：核对买方的答复", "seller: verify the buyer's answers"),
         (argument("deal"), AT), lambda call, deal, handover: at_desk(call, lambda desk: correction_settle(desk, deal, wiring.folder(handover))), facts,
         "custody correction settle D-2026-0001 --at handover"),
    Verb("correction acknowledge", Words("受托方说已经照改", "a processor says that it knows"),
         (argument("correction"), option("--name", words=Words("受托方，如副本清单所写", "the processor, as in the list of copies"), required=True)),
         lambda call, correction, name: at_desk(call, lambda desk: correction_acknowledge(desk, correction, name)), facts,
         "custody correction acknowledge cor_… --name 短信平台"),
    Verb("correction warn", Words("告诉原来的地址：高风险的信息改了，到哪天为止、怎么恢复", "tell the old address that what is high risk was changed, until when and how it is put back"),
         (*WAY, option("--sender", words=Words("发件地址，发邮件时要写", "the sender's address, for mail"), default=""),
          option("--contact", words=Words("客户怎么联系公司，一行", "how people reach the company, one line"), required=True)), _warn, facts,
         "custody correction warn --relay mail.shop.example:587 --user shop --password-file mail.pass --sender privacy@shop.example --contact 'tel. 0571-1234567'"),
    Verb("correction warned", Words("了结给原来地址的消息：存疑的按日志，退回的列入待办，过期没有退回的算送达", "settle the word to old addresses: what is in doubt by the log, what came back is work, what did not come back in time is delivered"),
         (option("--log", words=Words("邮件服务器或短信平台的日志", "the log of the relay or gateway"), kind=PATH),
          option("--returned", "folder", words=Words("退回的消息所在的文件夹", "folder with what came back"), kind=PATH),
          option("--say", words=Words("看过这些退信的人说：failed（没有送到）或 arrived（送到了）；只对看不懂的起作用", "what somebody says who has read these messages: failed or arrived; it decides those alone that are unclear"), default="")), _warned, facts,
         "custody correction warned --log mail.log --returned returned"),
)  # fmt: skip
