"""Verbs of a matter: its facts, its evidence, its people's answers."""

from collections.abc import Callable
from pathlib import Path

from custody import wiring
from custody.acts.desk import Desk
from custody.cli.read import json_object
from custody.cli.show import facts
from custody.cli.verb import PATH, Call, Result, Verb, argument, option
from custody.cli.words import Words
from custody.services.answers_take import answers_take
from custody.services.deal_facts import deal_facts
from custody.services.evidence_add import evidence_add
from custody.services.evidence_list import evidence_list

_DEAL = argument("deal")
_SHOWN = option(
    "--file",
    "shown",
    words=Words("证据文件，只记其摘要", "the paper itself, kept by its digest"),
    kind=PATH,
    required=True,
)


def _at_desk(call: Call, work: Callable[[Desk], Result]) -> Result:
    with wiring.desk(call.home, call.acting, call.passphrase_file) as desk:
        return work(desk)


def _facts(call: Call, deal: str, facts_file: Path) -> Result:
    given = json_object(facts_file)
    return _at_desk(call, lambda desk: deal_facts(desk, wiring.laws_of(call.home), deal, given))


def _add(call: Call, deal: str, kind: str, shown: Path) -> Result:
    data = wiring.folder(shown.parent).read(shown.name)
    return _at_desk(call, lambda desk: evidence_add(desk, wiring.laws_of(call.home), deal, kind, data))


def _list(call: Call, deal: str) -> Result:
    return _at_desk(call, lambda desk: evidence_list(desk, deal))


def _answers(call: Call, deal: str, answers_file: Path) -> Result:
    data = wiring.folder(answers_file.parent).read(answers_file.name)
    return _at_desk(call, lambda desk: answers_take(desk, deal, data))


VERBS = (
    Verb("deal facts", Words("修改交易的事实：新的版本，先前的批准作废", "amend a deal's facts: a new version, earlier approvals lapse"),
         (_DEAL, argument("facts_file", kind=PATH)), _facts, facts, "custody deal facts D-2026-0001 changed.json"),
    Verb("evidence add", Words("备案一份证据：评估、合同、法律意见", "put evidence on file: an assessment, a contract, an opinion"),
         (_DEAL, argument("kind"), _SHOWN), _add, facts, "custody evidence add D-2026-0001 pipia.done --file pipia.pdf"),
    Verb("evidence list", Words("已备案的证据和客户的回答", "what is on file, and what customers have said"),
         (_DEAL,), _list, facts, "custody evidence list D-2026-0001"),
    Verb("answers", Words("录入客户的真实回答（CSV：subject,answer）", "take in customers' real answers (CSV: subject,answer)"),
         (_DEAL, argument("answers_file", kind=PATH)), _answers, facts, "custody answers D-2026-0001 answers.csv"),
)  # fmt: skip
