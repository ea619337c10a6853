"""Verbs that tell customers: plan, look, send, settle, take in what came back (B1)."""

from pathlib import Path

import click

from custody import wiring
from custody.acts.desk import Desk
from custody.acts.terms import Term
from custody.base.errors import Malformed
from custody.cli.read import json_object
from custody.cli.shared import DRY, TERM, at_desk
from custody.cli.show import facts, grid
from custody.cli.verb import PATH, Call, Result, Verb, argument, option
from custody.cli.ways import SERVER, WAY, way_of
from custody.cli.words import Words
from custody.services.campaign_bounces import campaign_bounces
from custody.services.campaign_letters import campaign_letters
from custody.services.campaign_new import campaign_new
from custody.services.campaign_pace import HOURS, campaign_pace
from custody.services.campaign_post import campaign_post
from custody.services.campaign_preview import campaign_preview
from custody.services.campaign_print import SIDES, campaign_print
from custody.services.campaign_relay import campaign_relay
from custody.services.campaign_reply import WORDS, campaign_reply
from custody.services.campaign_send import campaign_send
from custody.services.campaign_settle import LETTER_DAYS, WAIT_HOURS, campaign_settle
from custody.services.campaign_show import campaign_show

_DEAL, _REF = argument("deal"), argument("campaign")
_MOST = option("--most", words=Words("最多几封", "how many at most"), kind=int, default=0)
_PAGE_LINE = "查看我们有您的什么，同意或拒绝 / See what we hold about you, agree or object:"


def _new(
    call: Call,
    deal: str,
    channel: str,
    sender: str,
    title: str,
    text: Path | None,
    paper: str,
    values: Path | None,
    pages: str,
    page_line: str,
) -> Result:
    if bool(paper) == bool(text):
        raise Malformed(
            "campaign.words",
            "Say either a paper of the deal, or a text.",
            next="--paper cn-notice, or --title and --text",
        )
    told = {"sender": sender, "pages": pages, "page_line": page_line, "channel": channel}
    given = {**told, "paper": paper} if text is None else {**told, "subject": title, "text": wiring.text(text)}
    filled = json_object(values) if values else {}
    return at_desk(call, lambda desk: campaign_new(desk, wiring.laws_of(call.home), deal, given, filled))


def _preview(call: Call, campaign: str, most: int, *, letters: bool) -> Result:
    return at_desk(call, lambda desk: campaign_preview(desk, campaign, most or 3, by_post=letters))


def _relay(call: Call, campaign: str, relay: str | None, gateway: Path | None, security: str, user: str) -> Result:
    way = way_of(relay, gateway, (security, user, None), 0, 1).way  # nothing is connected to
    return at_desk(call, lambda desk: campaign_relay(desk, campaign, way))


def _send(
    call: Call,
    campaign: str,
    relay: str | None,
    gateway: Path | None,
    security: str,
    user: str,
    password_file: Path | None,
    per_minute: int,
    connections: int,
    most: int,
) -> Result:
    mailer = way_of(relay, gateway, (security, user, password_file), per_minute, connections)
    try:
        return at_desk(call, lambda desk: campaign_send(desk, mailer, campaign, most))
    finally:
        mailer.close()


def _settle(call: Call, campaign: str, log: Path | None, wait_hours: int, letter_days: int) -> Result:
    told = wiring.text(log) if log else None
    return at_desk(call, lambda desk: campaign_settle(desk, campaign, told, wait_hours, letter_days))


def _bounces(call: Call, campaign: str, folder: Path, say: str) -> Result:
    files = wiring.folder(folder)
    messages = [files.read(name) for name in files.list()]
    return at_desk(call, lambda desk: campaign_bounces(desk, campaign, messages, say))


def _letters(call: Call, campaign: str, to: Path, until: str, keeper: str, *, dry_run: bool) -> Result:
    def work(desk: Desk) -> Result:
        told, data = campaign_letters(desk, campaign, Term(keeper, until, str(to.parent.resolve())), dry_run=dry_run)
        if dry_run:
            return told
        wiring.folder(to.parent).write(to.name, data, secret=True)
        return told

    return at_desk(call, work)


def _print(call: Call, campaign: str, to: Path, window: str, back: str, batch: int, until: str, keeper: str, *, dry_run: bool) -> Result:  # fmt: skip
    given = {"side": window, "back": back, "batch": str(batch)}
    folder = wiring.folder(to)

    def keep(name: str, pdf: bytes) -> None:
        folder.write(name, pdf, secret=True)

    return at_desk(
        call,
        lambda desk: campaign_print(
            desk, wiring.pdf, keep, campaign, given, Term(keeper, until, str(to.resolve())), dry_run=dry_run
        ),
    )


def _post(call: Call, campaign: str, on: str, proof: Path, numbers: Path | None) -> Result:
    data = wiring.folder(proof.parent).read(proof.name)
    listed = wiring.folder(numbers.parent).read(numbers.name) if numbers else None
    return at_desk(call, lambda desk: campaign_post(desk, campaign, on, data, listed))


def _show_list(result: Result, lang: str) -> object:
    return grid(result["campaigns"], ("campaign", "made_at", "counts"), lang)


VERBS = (
    Verb("campaign new", Words("按关口的结果计划一次告知，不发送", "plan who must be told, from the gate; nothing is sent"),
         (_DEAL, option("--channel", words=Words("经什么渠道：email、sms", "by which channel: email, sms"), kind=click.Choice(["email", "sms"]), default="email"),
          option("--sender", words=Words("发件地址", "the sender's address"), required=True),
          option("--title", words=Words("主题", "the subject line"), default=""),
          option("--text", words=Words("正文文件，UTF-8；{contents} 处列出法律要求告知的各项，也可逐项写 {项: 文字}", "the text, a UTF-8 file; at {contents} stand the items that the law wants told, or each at {item: words}"), kind=PATH),
          option("--paper", words=Words("或者由规则生成的文件的种类（见 deal documents），按客户的语言", "or a kind of paper that is made from the rules (see deal documents), in each customer's language"), default=""),
          option("--values", words=Words("交易里没有的各项，JSON 文件", "what the deal does not tell, a JSON file"), kind=PATH),
          option("--pages", words=Words("客户页面的网址；买方没有客户页面时不写", "where the customers' pages are; a buyer that has none leaves it out"), default=""),
          option("--page-line", words=Words("链接前的一句话", "the line before the link"), default=_PAGE_LINE)), _new, facts,
         "custody campaign new D-2026-0001 --sender privacy@shop.example --title Notice --text notice.txt --pages https://you.shop.example"),
    Verb("campaign preview", Words("看几封将要发出的，姓名和地址遮盖", "look at some that would go out, name and address covered"),
         (_REF, _MOST, option("--letters", words=Words("改寄信件的那些", "those who get a letter instead"), flag=True)), _preview, facts, "custody campaign preview N-2026-0001"),
    Verb("campaign pace", Words("在邮件服务器的限额内要发几天，赶不赶得上交割", "how many days it takes within the relay's limits, and whether that is before the closing"),
         (_REF, option("--per-hour", words=Words("每小时最多几封，0 为不限", "messages an hour at most, 0 for no limit"), kind=int, default=0),
          option("--per-day", words=Words("每天最多几封，0 为不限", "messages a day at most, 0 for no limit"), kind=int, default=0),
          option("--hours", words=Words("每天发几小时", "hours of each day in which it sends"), kind=int, default=HOURS)),
         lambda call, campaign, per_hour, per_day, hours: at_desk(call, lambda desk: campaign_pace(desk, campaign, per_hour, per_day, hours)), facts,
         "custody campaign pace N-2026-0001 --per-hour 500 --per-day 5000"),
    Verb("campaign relay", Words("说明经哪台邮件服务器或短信平台发送；随后批准，只能经它发送", "say by which relay or gateway it goes; that is approved with it, and it goes by no other"),
         (_REF, *SERVER), _relay, facts, "custody campaign relay N-2026-0001 --relay mail.shop.example:587 --user shop"),
    Verb("campaign send", Words("发送第二人批准过的告知，经批准的服务器；中断后可再次执行", "send what a second person approved, by the relay that was approved; run it again after an interruption"),
         (_REF, *WAY,
          option("--per-minute", words=Words("每分钟最多几封，0 为不限", "how many a minute at most, 0 for no limit"), kind=int, default=0),
          option("--connections", words=Words("同时几条连接", "how many connections at once"), kind=int, default=1), _MOST),
         _send, facts, "custody campaign send N-2026-0001 --relay mail.shop.example:587 --user shop --password-file mail.pass"),
    Verb("campaign settle", Words("按邮件服务器日志了结存疑的，过期没有退回的算送达", "decide what is in doubt by the relay's log; what did not come back in time is delivered"),
         (_REF, option("--log", words=Words("邮件服务器日志，含 Message-ID", "the relay's log, with Message-IDs"), kind=PATH),
          option("--wait-hours", words=Words("几小时没有退回算送达", "after how many hours without a return it is delivered"), kind=int, default=WAIT_HOURS),
          option("--letter-days", words=Words("信件几天没有退回算送达", "after how many days without a return a letter is delivered"), kind=int, default=LETTER_DAYS)),
         _settle, facts, "custody campaign settle N-2026-0001 --log mail.log"),
    Verb("campaign bounces", Words("收入退信，列入待办", "take in what came back, as a work list"),
         (_REF, argument("folder", kind=PATH),
          option("--say", words=Words("看过这些退信的人说：failed（没有送到）或 arrived（送到了）；只对看不懂的起作用", "what somebody says who has read these messages: failed or arrived; it decides those alone that are unclear"), default="")), _bounces, facts, "custody campaign bounces N-2026-0001 returned"),
    Verb("campaign reply", Words("看过客户的回信，说它是什么", "say what somebody wrote back, once it was read"),
         (argument("work"), option("--say", words=Words("asked：提出了请求，已受理；nothing：没有提出什么；unproven：有所请求，没有证明是本人；unread：收回先前说的", "asked: it asked for something that was taken in; nothing: for nothing; unproven: its writer did not show who they are; unread: take back what was said"),
                                   kind=click.Choice(WORDS), required=True)),
         lambda call, work, say: at_desk(call, lambda desk: campaign_reply(desk, work, say)), facts, "custody campaign reply rep_… --say asked"),
    Verb("campaign letters", Words("没有收到的人的信件清单，给印刷厂", "the list of letters for those not reached, for a print shop"),
         (_REF, option("--to", words=Words("写到文件", "write it to a file"), kind=PATH, required=True), *TERM, DRY), _letters, facts,
         "custody campaign letters N-2026-0001 --to letters.csv"),
    Verb("campaign print", Words("没有收到的人的信件，PDF，可装窗口信封，附客户页面的代码", "letters for those not reached, as PDF for window envelopes, with the code of each one's page"),
         (_REF, option("--to", words=Words("写入的文件夹", "folder to write to"), kind=PATH, required=True),
          option("--window", words=Words("信封窗口在左还是在右", "on which side the envelope has its window"), kind=click.Choice(SIDES), default=SIDES[0]),
          option("--back", words=Words("退信地址，一行；不写则为公司名称", "where it goes when it does not arrive, one line; the company's name unless given"), default=""),
          option("--batch", words=Words("每个文件多少封", "letters in one file"), kind=int, default=100), *TERM, DRY), _print, facts,
         "custody campaign print N-2026-0001 --to letters --back 'Qinghe Books, 1 Lakeside Road, 310000 Hangzhou'"),
    Verb("campaign post", Words("信件已交邮局：哪天、凭什么收据", "letters were given to the post: on which day, by which receipt"),
         (_REF, option("--on", words=Words("哪一天", "on which day"), required=True), option("--proof", words=Words("邮局收据", "the post's receipt, a file"), kind=PATH, required=True),
          option("--numbers", words=Words("只有其中这些信：编号文件，每行一个", "only these letters: a file with their numbers, one on each line"), kind=PATH)),
         _post, facts, "custody campaign post N-2026-0001 --on 2026-04-02 --proof receipt.pdf"),
    Verb("campaign show", Words("一次告知的进展和待办", "where a campaign stands, and its work list"),
         (_REF, option("--most", words=Words("最多列几条", "how many to list at most"), kind=int, default=50)),
         lambda call, campaign, most: at_desk(call, lambda desk: campaign_show(desk, campaign, most)), facts, "custody campaign show N-2026-0001"),
    Verb("campaign list", Words("全部告知", "every campaign"), (), lambda call: at_desk(call, lambda desk: campaign_show(desk, None, 0)), _show_list,
         "custody campaign list"),
)  # fmt: skip
