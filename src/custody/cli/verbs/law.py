"""Verbs of the law: check, clock, explain, and whatever a lawyer asks of a pack. None needs a home but `verdict`."""

from datetime import UTC, date, datetime
from pathlib import Path

from custody import wiring
from custody.cli import show, show_law
from custody.cli.ask import shown_question
from custody.cli.read import json_object
from custody.cli.verb import PATH, Call, Result, Verb, argument, option
from custody.cli.words import Words
from custody.ports.laws import Laws
from custody.services.interview import interview
from custody.services.law_book import law_book
from custody.services.law_cases import law_cases
from custody.services.law_check import law_check
from custody.services.law_clock import law_clock
from custody.services.law_diff import law_diff
from custody.services.law_explain import law_explain
from custody.services.law_facts import law_facts
from custody.services.law_lint import law_lint
from custody.services.law_rules import law_rules
from custody.services.law_sign import law_sign
from custody.services.verdict import verdict


def _laws(call: Call) -> Laws:
    """What ships; with `--home`, the rules of that house too."""
    return wiring.laws_of(call.home) if call.home else wiring.laws()


def _today() -> date:
    return datetime.now(UTC).date()


def _check(call: Call, facts_file: Path, *, explain: bool) -> Result:
    return law_check(_laws(call), json_object(facts_file), _today(), explain=explain)


def _ask(call: Call, facts_file: Path) -> Result:
    return interview(_laws(call), json_object(facts_file), _today())


def _clock(call: Call, rule: str, event: str, start: str, facts: Path | None) -> Result:
    return law_clock(_laws(call), rule, event, start, json_object(facts) if facts else {}, _today())


def _explain(call: Call, facts_file: Path, rule: str) -> Result:
    return law_explain(_laws(call), rule, json_object(facts_file), _today())


def _cases(call: Call, places: tuple[str, ...], *, mutants: bool) -> Result:
    return law_cases(_laws(call), places, mutate=mutants)


def _lint(call: Call, folder: Path | None) -> Result:
    return law_lint(wiring.laws(folder) if folder else _laws(call))


def _diff(call: Call, old: Path, new: Path | None) -> Result:
    return law_diff(wiring.laws(old), wiring.laws(new) if new else _laws(call))


def _book(call: Call, out: Path) -> Result:
    return law_book(_laws(call), wiring.folder(out.parent), out.name, _today())


def _verdict(call: Call, deal: str, subject: str) -> Result:
    with wiring.desk(call.home, call.acting, call.passphrase_file) as desk:
        return verdict(desk, wiring.laws_of(call.home), deal, subject)


def _sign(call: Call, house_file: Path) -> Result:
    text = wiring.folder(house_file.parent).read(house_file.name).decode(errors="replace")
    with wiring.desk(call.home, call.acting, call.passphrase_file) as desk:
        return law_sign(desk, wiring.laws(), house_file.as_posix(), text)


def _list_facts(call: Call, groups: tuple[str, ...]) -> Result:
    return law_facts(_laws(call), groups)


def _rules(call: Call, places: tuple[str, ...]) -> Result:
    return law_rules(_laws(call), places, _today())


VERBS = (
    Verb(
        "law check",
        Words("根据事实判断哪些义务成立", "which obligations follow from given facts"),
        (
            argument("facts_file", kind=PATH),
            option(
                "--explain",
                words=Words("并说明理由和什么会改变结论", "also say why, and what would change it"),
                flag=True,
            ),
        ),
        _check,
        show_law.checked,
        "custody law check facts.json",
    ),
    Verb(
        "law ask",
        Words(
            "下一个会改变结论的问题，以及为什么问", "the next question that changes the outcome, and why it is asked"
        ),
        (argument("facts_file", kind=PATH),),
        _ask,
        shown_question,
        "custody law ask facts.json",
    ),
    Verb(
        "law clock",
        Words("计算一项义务何时到期", "when an obligation is due"),
        (
            argument("rule"),
            option("--event", words=Words("起算事件", "the start event"), required=True),
            option(
                "--start",
                words=Words("起算时刻（ISO 8601，带时区）", "its moment, ISO 8601 with an offset"),
                required=True,
            ),
            option("--facts", words=Words("事实文件", "a file of facts"), kind=PATH),
        ),
        _clock,
        show_law.clock,
        "custody law clock CN-INC-4H --event discovered --start 2026-03-16T22:30:00+08:00 --facts facts.json",
    ),
    Verb(
        "law explain",
        Words("说明一条规则为何成立、不成立或无法判断", "why a rule fires, does not, or cannot be told"),
        (argument("facts_file", kind=PATH), argument("rule")),
        _explain,
        show_law.explained,
        "custody law explain facts.json CN-PROVIDE-23",
    ),
    Verb(
        "law cases",
        Words("运行规则旁的案例", "run the worked cases beside the rules"),
        (
            argument("places", many=True, required=False),
            option("--mutants", words=Words("并试改每条规则", "also change each rule a little"), flag=True),
        ),
        _cases,
        show_law.cases,
        "custody law cases CN",
    ),
    Verb(
        "law facts",
        Words("列出规则涉及的事实", "the facts that rules speak of"),
        (argument("groups", many=True, required=False),),
        _list_facts,
        show_law.facts,
        "custody law facts deal crossborder",
    ),
    Verb(
        "law rules",
        Words("列出已载入的规则", "the rules that are loaded"),
        (argument("places", many=True, required=False),),
        _rules,
        show_law.rules,
        "custody law rules CN EU",
    ),
    Verb(
        "law lint",
        Words("检查规则包", "look for what a lawyer would mend in a pack"),
        (argument("folder", kind=PATH, required=False),),
        _lint,
        show_law.linted,
        "custody law lint my-laws",
    ),
    Verb(
        "law diff",
        Words("比较两个版本的规则：哪些案例结论改变", "which cases come out otherwise between two versions"),
        (argument("old", kind=PATH), argument("new", kind=PATH, required=False)),
        _diff,
        show_law.compared,
        "custody law diff old-laws new-laws",
    ),
    Verb(
        "law book",
        Words("生成可离线阅读的双语法规书", "write the rules as a book: one bilingual page to read offline"),
        (option("-o", "--out", words=Words("写入的文件", "the file to write"), kind=PATH, required=True),),
        _book,
        show.facts,
        "custody law book -o law.html",
    ),
    Verb(
        "law sign",
        Words(
            "签署一份放宽法律的本公司规则；两位律师或隐私官签署后才有效",
            "sign a house rule that loosens the law; it counts once two lawyers or privacy officers have",
        ),
        (argument("house_file", kind=PATH),),
        _sign,
        show.facts,
        "custody law sign home/laws/cn/house/pipia.yaml --as songwen",
    ),
    Verb(
        "verdict",
        Words("说明一位客户为何这样裁定", "why one customer was decided so"),
        (argument("deal"), argument("subject")),
        _verdict,
        show_law.verdict,
        "custody verdict D-2026-0001 sub_…",
    ),
)
