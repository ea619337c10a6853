"""Verbs for the people whose data it is: their pages, the links to them, what they are told, what they answered (B2, B3)."""

import os
import sys
from pathlib import Path

from custody import wiring
from custody.acts.consent_items import told_items
from custody.base import canonical
from custody.base.errors import Missing, Unavailable
from custody.cli.read import json_object
from custody.cli.served import ENDED, served
from custody.cli.shared import at_desk
from custody.cli.show import facts
from custody.cli.verb import PATH, Call, Result, Verb, argument, option
from custody.cli.words import Words
from custody.services.consent_import import consent_import
from custody.services.consent_record import consent_record
from custody.services.deal_tell import deal_tell
from custody.services.link_new import link_new
from custody.services.link_revoke import link_revoke

_DEAL, _SUBJECT = argument("deal"), argument("subject")
_OPEN = Words(
    "客户页面在这个地址（链接由 custody link new 生成）：",
    "Customers' pages are at (links come from custody link new):",
)


def _portal(call: Call, bind: str) -> Result:
    handle = call.acting or os.environ.get("CUSTODY_AS")
    secret = call.passphrase_file or os.environ.get("CUSTODY_PASSPHRASE_FILE")
    if not handle or not secret:
        raise Missing("portal.who", "Say as whom the portal acts: a principal with the role portal, and its passphrase file.",
                      next="custody principal new portal --roles portal --new-passphrase-file FILE")  # fmt: skip
    call.say(f"{_OPEN.of(call.lang)} http://{bind}/")
    words = [sys.executable, "-m", "custody.web.portal", "--home", str(wiring.home_folder(call.home)), "--bind", bind]
    if served([*words, "--as", handle, "--passphrase-file", str(secret)]) not in ENDED:
        raise Unavailable("portal.stopped", "The portal did not start.",
                          next="Is the address free, and the passphrase right? Try --bind 127.0.0.1:8611.")  # fmt: skip
    return {"bind": bind, "stopped": True}


def _link_new(call: Call, deal: str, subject: str, channel: str, days: int) -> Result:
    return at_desk(call, lambda desk: link_new(desk, deal, subject, channel, days))


def _link_revoke(call: Call, deal: str, which_link: str) -> Result:
    return at_desk(call, lambda desk: link_revoke(desk, deal, which_link))


def _tell(call: Call, deal: str, why: str | None, items: Path | None, *, dry_run: bool, **given: str | None) -> Result:
    told = {name: value for name, value in given.items() if value} | told_items(json_object(items) if items else {})
    return at_desk(call, lambda desk: deal_tell(desk, deal, told, why or "", dry_run=dry_run))


def _record(call: Call, deal: str, subject: str, to: Path | None) -> Result:
    told = at_desk(call, lambda desk: consent_record(desk, deal, subject))
    if to is not None:
        wiring.folder(to.parent).write(to.name, canonical.encode(told))
    return told


def _import(call: Call, deal: str, consents_file: Path, texts: Path | None, zone: str) -> Result:
    data = wiring.folder(consents_file.parent).read(consents_file.name)
    words = wiring.folder(texts.parent).read(texts.name) if texts else b""
    return at_desk(call, lambda desk: consent_import(desk, wiring.laws_of(call.home), deal, data, words, zone))


def _receipts(call: Call, deal: str, subject: str, to: Path) -> Result:
    """Each receipt as a file that `custody-verify` reads."""
    told, count = at_desk(call, lambda desk: consent_record(desk, deal, subject)), 0
    for record in told["records"]:
        for version, receipt in enumerate(record["receipts"], start=1):
            name = f"{record['header']['record_id']}-{version}.dsse.json"
            wiring.folder(to).write(name, canonical.unb64(receipt))
            count += 1
    return {"deal": told["deal"], "subject": subject, "files": count}


VERBS = (
    Verb("portal", Words("启动客户页面", "serve the customers' own pages"),
         (option("--bind", words=Words("地址和端口", "address and port"), default="127.0.0.1:8610"),), _portal, facts,
         "custody portal --home shop --as portal --passphrase-file portal.pass"),
    Verb("link new", Words("给一位客户生成他自己页面的链接", "make the link to one customer's own page"),
         (_DEAL, _SUBJECT, option("--channel", words=Words("经什么渠道送达：email、phone、letter、desk", "by which channel it goes: email, phone, letter, desk"), default="letter"),
          option("--days", words=Words("几天内有效", "for how many days"), kind=int, default=60)), _link_new, facts,
         "custody link new D-2026-0001 sub_… --channel email"),
    Verb("link revoke", Words("停用一个链接，或一位客户的全部链接", "shut a link, or all links of one customer"),
         (_DEAL, argument("which_link")), _link_revoke, facts, "custody link revoke D-2026-0001 lnk_…"),
    Verb("deal tell", Words("告诉客户的联系方式和日期", "contacts and days that customers are told"),
         (_DEAL, option("--seller-contact", words=Words("我们的隐私联系方式", "our privacy contact")),
          option("--buyer-contact", words=Words("接收方的联系方式", "the recipient's contact")),
          option("--answer-by", words=Words("最晚答复日", "the last day to answer")),
          option("--closing-on", words=Words("计划移交日", "the planned day of the hand-over")),
          option("--destroy-by", words=Words("计划销毁日", "the planned day of the destruction")),
          option("--items", words=Words("征求同意前要写明、交易里看不出的各项，JSON 文件：{项: 文字，或 {zh, en}}", "what is told before consent and no deal shows, a JSON file: {item: text, or {zh, en}}"), kind=PATH),
          option("--why", words=Words("理由：客户能看到的日期往对客户不利的方向改时要写", "the reason, where a day that customers could read is moved against them")),
          option("--dry-run", words=Words("只演算，不写入", "rehearse: write nothing"), flag=True)), _tell, facts,
         "custody deal tell D-2026-0001 --closing-on 2026-04-20"),
    Verb("consent-record", Words("一位客户的全部同意记录（ISO/IEC TS 27560）", "every consent record of one customer (ISO/IEC TS 27560)"),
         (_DEAL, _SUBJECT, option("--to", words=Words("写到文件", "write them to a file"), kind=PATH)), _record, facts,
         "custody consent-record D-2026-0001 sub_… --to consents.json"),
    Verb("consent-import", Words("录入以前取得的同意，逐行核对，不够格的按行和原因隔离；“同意”要两个人录入同一份名单才算", "take in consents given before; what is no evidence is quarantined by line and reason; a yes is the word of two who take the same list"),
         (_DEAL, argument("consents_file", kind=PATH), option("--texts", words=Words("各版本的原文，CSV：version,language,text", "the words of each version, CSV: version,language,text"), kind=PATH),
          option("--zone", words=Words("没写时区的时间属于哪个时区", "the zone of times that name none"), default="")), _import, facts,
         "custody consent-import D-2026-0001 consents.csv --texts texts.csv --zone Asia/Shanghai"),
    Verb("receipts", Words("一位客户的全部回执，写成可核验的文件", "every receipt of one customer, as files to verify"),
         (_DEAL, _SUBJECT, option("--to", words=Words("文件夹", "a folder"), kind=PATH, required=True)), _receipts, facts,
         "custody receipts D-2026-0001 sub_… --to receipts"),
)  # fmt: skip
