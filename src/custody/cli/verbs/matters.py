"""Verbs of a matter: its facts, its evidence, its people's answers."""

from pathlib import Path

import click

from custody import wiring
from custody.acts.desk import Desk
from custody.acts.guardians import DOCUMENTS, RELATIONS
from custody.base.errors import Malformed
from custody.cli import show_plan
from custody.cli.ask import asked, shown_question
from custody.cli.read import json_object
from custody.cli.shared import AT, DEAL, DRY, at_desk
from custody.cli.show import facts
from custody.cli.verb import PATH, Call, Result, Verb, argument, option
from custody.cli.words import Words
from custody.services.answers_take import answers_take
from custody.services.deal_abort import WHY, deal_abort
from custody.services.deal_close import deal_close
from custody.services.deal_due import deal_due
from custody.services.deal_facts import deal_facts
from custody.services.deal_interview import deal_interview
from custody.services.deal_plan import deal_plan
from custody.services.deal_return import Copy, deal_return
from custody.services.deal_windup import deal_windup
from custody.services.evidence_add import evidence_add
from custody.services.evidence_correct import evidence_correct
from custody.services.evidence_list import evidence_list
from custody.services.guardian_doubt import guardian_doubt
from custody.services.guardian_prove import guardian_prove

_SHOWN = option(
    "--file",
    "shown",
    words=Words("证据文件，只记其摘要", "the paper itself, kept by its digest"),
    kind=PATH,
    required=True,
)


def _facts(call: Call, deal: str, facts_file: Path | None) -> Result:
    laws = wiring.laws_of(call.home)

    def work(desk: Desk) -> Result:
        if facts_file is not None:
            return deal_facts(desk, laws, deal, json_object(facts_file))
        told: Result = deal_interview(desk, laws, deal)
        return deal_facts(desk, laws, deal, asked(call, laws, told["given"], None, desk.today()))

    return at_desk(call, work)


def _ask(call: Call, deal: str) -> Result:
    return at_desk(call, lambda desk: deal_interview(desk, wiring.laws_of(call.home), deal))


def _add(call: Call, deal: str, kind: str, shown: Path) -> Result:
    data = wiring.folder(shown.parent).read(shown.name)
    return at_desk(call, lambda desk: evidence_add(desk, wiring.laws_of(call.home), deal, kind, data))


def _list(call: Call, deal: str) -> Result:
    return at_desk(call, lambda desk: evidence_list(desk, deal))


def _correct(call: Call, deal: str, subject: str, reason: str, *, dry_run: bool) -> Result:
    return at_desk(call, lambda desk: evidence_correct(desk, deal, subject, reason, dry_run=dry_run))


def _guardian(
    call: Call, deal: str, subject: str, document: str, relation: str, name: Path, paper: Path | None, sha256: str
) -> Result:
    given = {"document": document, "relation": relation, "name": wiring.text(name), "sha256": sha256}
    shown = wiring.folder(paper.parent).read(paper.name) if paper else b""
    return at_desk(call, lambda desk: guardian_prove(desk, deal, subject, given, shown))


def _doubt(call: Call, deal: str, subject: str, reason: str) -> Result:
    return at_desk(call, lambda desk: guardian_doubt(desk, deal, subject, reason))


def _answers(call: Call, deal: str, answers_file: Path) -> Result:
    data = wiring.folder(answers_file.parent).read(answers_file.name)
    laws = wiring.laws_of(call.home)
    return at_desk(call, lambda desk: answers_take(desk, laws, deal, data))


def _plan(call: Call, deal: str) -> Result:
    return at_desk(call, lambda desk: deal_plan(desk, wiring.laws_of(call.home), deal))


def _due(call: Call, deal: str | None) -> Result:
    return at_desk(call, lambda desk: deal_due(desk, wiring.laws_of(call.home), deal))


def _abort(call: Call, deal: str, why: str, handover: Path, *, dry_run: bool) -> Result:
    return at_desk(call, lambda desk: deal_abort(desk, deal, why, wiring.folder(handover), dry_run=dry_run))


def _return(call: Call, deal: str, copies: tuple[str, ...], handover: Path, *, dry_run: bool) -> Result:
    pairs = [one.rpartition("=") for one in copies]
    if any(not name or not mark for name, mark, _ in pairs):
        raise Malformed("cli.usage", "A copy is named with what became of it.", next='--copy "data room"=destroyed')
    said = {name: Copy(state, why) for name, _, mark in pairs for state, _, why in [mark.partition(":")]}
    return at_desk(call, lambda desk: deal_return(desk, deal, said, wiring.folder(handover), dry_run=dry_run))


def _windup(call: Call, deal: str, keeper: str, handover: Path, *, dry_run: bool) -> Result:
    laws, out = wiring.laws_of(call.home), wiring.folder(handover)
    return at_desk(call, lambda desk: deal_windup(desk, laws, deal, keeper, out, dry_run=dry_run))


def _close(call: Call, deal: str, handover: Path, *, dry_run: bool) -> Result:
    laws, out = wiring.laws_of(call.home), wiring.folder(handover)
    return at_desk(call, lambda desk: deal_close(desk, laws, deal, out, dry_run=dry_run))


VERBS = (
    Verb("deal plan", Words("交易的计划：各步骤、缺什么、轮到谁、哪些期限在走", "the plan of a deal: its steps, what gates lack, whose turn it is, which clocks run"),
         (DEAL,), _plan, show_plan.plan, "custody deal plan D-2026-0001"),
    Verb("deal due", Words("到期表：一笔或全部未了结交易的期限", "what is due when, of one deal or of all that are not closed"),
         (argument("deal", required=False),), _due, show_plan.due, "custody deal due"),
    Verb("deal abort", Words("终止交易：放行之前，须两人", "break a deal off, before any release; takes two people"),
         (DEAL, option("--why", words=Words("原因", "the reason"), kind=click.Choice(WHY), required=True), AT, DRY), _abort, facts,
         "custody deal abort D-2026-0001 --why financing --at handover --dry-run"),
    Verb("deal return", Words("买方对终止交易的答复：密钥销毁、移交包删除、副本去向", "the bidder's answer to an aborted deal: key destroyed, package deleted, copies accounted for"),
         (DEAL, option("--copy", "copies", words=Words("副本=去向，可多次：destroyed、returned、never-held、open；留下的写 stays:理由（law、claim、evidence）", "COPY=STATE, repeatable: destroyed, returned, never-held, open; stays:WHY of one that stays (law, claim, evidence)"), many=True), AT, DRY),
         _return, facts, 'custody deal return D-2026-0001 --copy "data room"=destroyed --at handover --dry-run'),
    Verb("deal wind-up", Words("公司终止：依法须留的交保管人，其余销毁并出证明", "wind a company up: what law keeps stays with a keeper, the rest is destroyed and certified"),
         (DEAL, option("--keeper", words=Words("留存部分的保管人", "who keeps what stays"), required=True), AT, DRY), _windup, facts,
         'custody deal wind-up D-2026-0001 --keeper "liquidation group" --at handover --dry-run'),
    Verb("deal close", Words("了结交易并签发声明，须两人", "close a deal with a signed statement; takes two people"), (DEAL, AT, DRY), _close, facts,
         "custody deal close D-2026-0001 --at handover --dry-run"),
    Verb("deal ask", Words("关于一笔交易还要问的下一题，以及为什么问", "the next question about an open deal, and why it is asked"), (DEAL,), _ask, shown_question,
         "custody deal ask D-2026-0001"),
    Verb("deal facts", Words("修改交易的事实：新的版本，先前的批准作废；不给文件就逐题询问", "amend a deal's facts: a new version, earlier approvals lapse; without a file, you are asked"),
         (DEAL, argument("facts_file", kind=PATH, required=False)), _facts, facts, "custody deal facts D-2026-0001 changed.json"),
    Verb("evidence add", Words("存档一份证据：评估、合同、法律意见", "put evidence on file: an assessment, a contract, an opinion"),
         (DEAL, argument("kind"), _SHOWN), _add, facts, "custody evidence add D-2026-0001 pipia.done --file pipia.pdf"),
    Verb("evidence list", Words("已存档的证据和客户的答复", "what is on file, and what customers have said"),
         (DEAL,), _list, facts, "custody evidence list D-2026-0001"),
    Verb("evidence correct", Words("更正误记的去世：须写明理由，由第二人批准", "correct a death entered by mistake: with a reason, approved by a second person"),
         (DEAL, argument("subject"), option("--reason", words=Words("理由", "the reason"), required=True), DRY), _correct, facts,
         "custody evidence correct D-2026-0001 sub_… --reason 'Another of the same name had died: registry, 2026-03-02' --dry-run"),
    Verb("guardian prove", Words("看过证明监护关系的证件：从此这位监护人的同意算数", "a paper that shows who the guardian is was seen: from now on that guardian's yes counts"),
         (DEAL, argument("subject"), option("--document", words=Words(f"什么证件：{'、'.join(DOCUMENTS)}", f"which paper: {', '.join(DOCUMENTS)}"), required=True),
          option("--relation", words=Words(f"什么关系：{'、'.join(RELATIONS)}", f"how they are related: {', '.join(RELATIONS)}"), required=True),
          option("--name", words=Words("监护人姓名，照证件写在文件里；加密保存", "a file with the guardian's name as the paper has it; kept sealed"), kind=PATH, required=True),
          option("--paper", words=Words("证件的图片；只留摘要", "a picture of the paper; its digest alone is kept"), kind=PATH),
          option("--sha256", words=Words("监护人从网页发来、您看过的那一份的摘要", "the digest of the one that came by the page and that you looked at"), default="")), _guardian, facts,
         "custody guardian prove D-2026-0001 sub_… --document birth-certificate --relation parent --name name.txt --paper paper.jpg"),
    Verb("guardian doubt", Words("证件不作数：这位监护人的同意重新待定", "the paper proves nothing: the guardian's yes waits again"),
         (DEAL, argument("subject"), option("--reason", words=Words("理由", "the reason"), required=True)), _doubt, facts,
         "custody guardian doubt D-2026-0001 sub_… --reason 'The register shows another guardian'"),
    Verb("answers", Words("录入名单：告知、拒绝、撤回（CSV：subject,answer）；同意要有同意记录，另用 consent-import", "take in a list of notices and noes (CSV: subject,answer); a yes needs its record: consent-import"),
         (DEAL, argument("answers_file", kind=PATH)), _answers, facts, "custody answers D-2026-0001 answers.csv"),
)  # fmt: skip
