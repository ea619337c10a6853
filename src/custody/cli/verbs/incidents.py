"""Verbs of incidents: record one, say whom it was told to, close it, the register (E2)."""

from pathlib import Path

import click

from custody import wiring
from custody.acts.incidents import TOLD
from custody.acts.planning import CHANNELS, EMAIL
from custody.cli.read import json_object
from custody.cli.shared import VAULT, at_desk
from custody.cli.show import facts, grid
from custody.cli.verb import PATH, Call, Result, Verb, argument, option
from custody.cli.words import Words
from custody.services.incident_close import incident_close
from custody.services.incident_count import Where, incident_count
from custody.services.incident_draft import incident_draft
from custody.services.incident_list import incident_list
from custody.services.incident_notify import Notice, incident_notify
from custody.services.incident_record import incident_record
from custody.services.incident_tell import Telling, incident_tell

_BRIEF = ("incident", "state", "discovered_at", "owed", "late", "closed_at")
_LIST = option(
    "--list",
    "listed",
    words=Words(
        "外泄文件里的人，每行一个号码、邮箱、电话或 sub_…；不留存",
        "who was in the leaked file, a number, e-mail address, telephone or sub_… a line; kept nowhere",
    ),
    kind=PATH,
)
_DRAFTS = ("kind", "to", "due_at", "certain", "owed", "late", "lacks")
_DUTIES = ("rule", "duty", "due_at", "certain", "told_to", "told_on", "late")


def _record(call: Call, facts_file: Path, ref: str, law: tuple[str, ...]) -> Result:
    laws, given = wiring.laws_of(call.home), json_object(facts_file)
    return at_desk(call, lambda desk: incident_record(desk, laws, ref, given, law))


def _tell(call: Call, incident: str, rule: str, duty: str, to: str, moment: str, reason: str) -> Result:
    said = Telling(rule, duty, to, moment, reason)
    return at_desk(call, lambda desk: incident_tell(desk, wiring.laws_of(call.home), incident, said))


def _draft(call: Call, incident: str, values: Path | None) -> Result:
    given = json_object(values) if values else {}
    return at_desk(call, lambda desk: incident_draft(desk, wiring.laws_of(call.home), incident, given))


def _bytes(file: Path | None) -> bytes | None:
    return wiring.folder(file.parent).read(file.name) if file else None


def _count(call: Call, incident: str, vault: str | None, column: tuple[str, ...], listed: Path | None) -> Result:
    where = Where(vault, column, _bytes(listed))
    return at_desk(call, lambda desk: incident_count(desk, wiring.laws_of(call.home), incident, where))


def _notify(
    call: Call, incident: str, kind: str, vault: str | None, listed: Path | None, sender: str, values: Path | None, channel: str, short: Path | None
) -> Result:  # fmt: skip
    data, words = _bytes(listed), json_object(short) if short else {}
    told = {name: str(text) for name, text in words.items()}
    asked = Notice(kind, vault, data, sender, json_object(values) if values else {}, channel, told)
    return at_desk(call, lambda desk: incident_notify(desk, wiring.laws_of(call.home), incident, asked))


def _show_list(result: Result, lang: str) -> object:
    found = result["incidents"]
    return grid(found[0]["duties"], _DUTIES, lang) if len(found) == 1 else grid(found, _BRIEF, lang)


VERBS = (
    Verb("incident record", Words("登记一起安全事件，或登记后来查明的事实", "record an incident, or what was learned of one since"),
         (argument("facts_file", kind=PATH), option("--of", "ref", words=Words("已登记的事件编号", "the incident that this was learned of"), default=""),
          option("--law", words=Words("受影响的人还在哪里，可多次", "where else people are affected; several times"), many=True)),
         _record, facts, "custody incident record incident.json --law DE"),
    Verb("incident tell", Words("记下某项义务下告知了谁、什么时候", "say whom it was told to under one duty, and when"),
         (argument("incident"), argument("rule"), option("--duty", words=Words("规则中的哪项义务", "which duty of the rule"), default=""),
          option("--to", words=Words("告知了谁；不告知的写 nobody 并说明理由", "whom; nobody, with a reason, where none is told"), kind=click.Choice(TOLD), required=True),
          option("--at", "moment", words=Words("何时；不写则为现在", "when; now unless given"), default=""),
          option("--reason", words=Words("理由，不写任何客户", "why; it names no customer"), default="")),
         _tell, facts, "custody incident tell I-2026-0001 CN-BREACH-57 --to both"),
    Verb("incident draft", Words("起草依法要报告、告知的内容：何时之前、还缺哪几项；不发送", "draft what the law wants told, by when and what is still to be written; nothing is sent"),
         (argument("incident"), option("--values", words=Words("要由人写的各项，JSON 文件，不写任何客户", "what is written by hand, a JSON file; it names no customer"), kind=PATH)),
         _draft, lambda result, lang: grid(result["drafts"], _DRAFTS, lang), "custody incident draft I-2026-0001 --values said.json"),
    Verb("incident count", Words("数出受影响的人：按保险库里的表、列，或者外泄文件的名单；不估计", "count whom it touched: by tables and columns of a vault, or by a list of the leaked file; nothing is guessed"),
         (argument("incident"), VAULT, option("--column", words=Words("哪些表或列：表名，或 表名/列名；不写为全部", "which tables or columns: TABLE or TABLE/COLUMN; all unless given"), many=True), _LIST),
         _count, facts, "custody incident count I-2026-0001 --column 会员/手机号"),
    Verb("incident notify", Words("计划告知受影响的客户：两人批准后由 campaign send 发送", "plan to tell the customers whom it touched; two people approve, campaign send sends"),
         (argument("incident"), argument("kind"), VAULT, _LIST, option("--sender", words=Words("发件地址", "the sender's address"), required=True),
          option("--values", words=Words("要由人写的各项，JSON 文件，不写任何客户", "what is written by hand, a JSON file; it names no customer"), kind=PATH),
          option("--channel", words=Words("渠道", "by which channel"), kind=click.Choice(CHANNELS), default=EMAIL),
          option("--short", words=Words("短信：手机上显示的话和页面地址，JSON：text、text_en、pages、page_line", "of text messages: what the telephone shows and where the pages lie, JSON: text, text_en, pages, page_line"), kind=PATH)),
         _notify, facts, "custody incident notify I-2026-0001 cn-breach-notice --sender privacy@shop.example --values said.json"),
    Verb("incident close", Words("事件办结：写明做了什么；该告知的都告知之后才行", "close an incident with what was done; only when everybody named by law was told"),
         (argument("incident"), option("--done", words=Words("做了什么，不写任何客户", "what was done; it names no customer"), required=True)),
         lambda call, incident, done: at_desk(call, lambda desk: incident_close(desk, wiring.laws_of(call.home), incident, done)), facts,
         "custody incident close I-2026-0001 --done 'Access ended, keys renewed, staff trained'"),
    Verb("incident list", Words("安全事件登记册：何时发现、该告知谁、何时之前", "the register of incidents: when, whom to tell, by when"),
         (argument("incident", required=False),),
         lambda call, incident: at_desk(call, lambda desk: incident_list(desk, wiring.laws_of(call.home), incident)), _show_list, "custody incident list"),
)  # fmt: skip
