"""How the law looks on a screen: obligations, deadlines, trees, cases."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text
from rich.tree import Tree

from custody.cli.labels import code
from custody.cli.missing import lackings
from custody.cli.verb import Result
from custody.cli.words import Words

_MARK: Final = {True: ("✓", "green"), False: ("✗", "red"), None: ("?", "yellow")}


def checked(result: Result, lang: str) -> RenderableType:
    """What fired, what is not known yet, and the day it holds for."""
    fired = [(one["id"], _KIND[one["kind"]].of(lang), _when(one, lang), one["says"][lang]) for one in result["fired"]]
    unknown = [(one["id"], lackings(one["missing"], lang)) for one in result["unknown"]]
    told: list[RenderableType] = [_table(fired, ("rule", "kind", "due", "says"), lang)]
    if unknown:
        told += ["", Text(_SAY["unknown"].of(lang), "bold"), _table(unknown, ("rule", "missing"), lang)]
    for key in ("not_loaded", "also"):
        if result[key]:
            told.append(Text(f"{_SAY[key].of(lang)} {', '.join(result[key])}", "yellow"))
    foot = f"{_SAY['on'].of(lang)} {result['on_date']} · {_SAY['advice'].of(lang)}"
    why = [explained(one["explained"], lang) for one in (*result["fired"], *result["unknown"]) if "explained" in one]
    return Group(*told, *why, Text(foot, "dim"))


def clock(result: Result, lang: str) -> RenderableType:
    """The moment, and how it was counted."""
    rows = [(_CLOCK["due"].of(lang), _due(result["due_at"], lang) or _SAY["none"].of(lang))]
    for key in ("bound", "zone", "source", "missing"):
        value = result[key]
        shown = (
            ", ".join(value)
            if isinstance(value, list)
            else _BOUND[value].of(lang)
            if value in _BOUND
            else str(value or "")
        )
        rows += [(_CLOCK[key].of(lang), shown)] if shown else []
    return _pairs(rows)


def explained(result: Result, lang: str) -> RenderableType:
    """The tree of a rule, and what would change the answer."""
    head = Text.assemble((result["rule"], "bold"), f"  {_answer(result['value'], lang)}  ", (result["title"][lang], ""))
    cited = Text(
        f"{_cited(result['reference'], lang)} · {result['confidence']} · {result['file']}",
        "dim",
    )
    tree = Tree(head)
    _grow(tree.add(_line(result["why"], lang)), result["why"], lang)
    changes = [Text(f"  {_answer(one['fires'], lang)} ← {one['says'][lang]}") for one in result["would_change"]]
    below = [Text(_SAY["change"].of(lang), "bold"), *changes] if changes else []
    return Group("", tree, cited, *below)


def cases(result: Result, lang: str) -> RenderableType:
    """How many cases ran, which failed, which rules they leave unproven."""
    told: list[RenderableType] = [_table(list(result["places"].items()), ("place", "cases"), lang)]
    for one in result["failed"]:
        told += [
            Text(f"{one['file']}:{one['line']} {one['case']}", "red"),
            *(Text(f"  {wrong}") for wrong in one["wrong"]),
        ]
    if result["unproven"]:
        told.append(Text(_SAY["unproven"].of(lang), "bold"))
        told += [Text(f"  {one['rule']}: {', '.join(one['lacks'])}") for one in result["unproven"]]
    if "mutants" in result:
        found = result["mutants"]
        told.append(Text(f"{_SAY['noticed'].of(lang)} {found['noticed']:,} / {found['total']:,}", "bold"))
        told += [Text(f"  {one['file']}:{one['line']} {one['rule']}: {one['change']}") for one in found["survived"]]
    return Group(*told)


def facts(result: Result, lang: str) -> RenderableType:
    """Each fact with what is asked and what may be answered."""
    rows = []
    for one in result["facts"]:
        values = ", ".join(f"{value} {word}" if lang == "zh" else value for value, word in one["values"].items())
        rows.append((one["fact"], values or one["type"], one["asks"][lang]))
    return _table(rows, ("fact", "values", "asks"), lang)


def rules(result: Result, lang: str) -> RenderableType:
    """Each rule with its place in the law."""
    rows = [
        (
            one["id"],
            _KIND[one["kind"]].of(lang),
            f"{one['reference']['instrument']} {one['reference']['article']}",
            one["title"][lang],
        )
        for one in result["rules"]
        if one["in_force"]
    ]
    return _table(rows, ("rule", "kind", "reference", "title"), lang)


def linted(result: Result, lang: str) -> RenderableType:
    """What to look at, with file and line."""
    rows = [(f"{one['file']}:{one['line']}", one["rule"], one["says"][lang]) for one in result["findings"]]
    counts = result["loaded"]
    foot = f"{counts['rules']} {_COLUMN['rule'].of(lang)} · {counts['places']} {_COLUMN['place'].of(lang)} · {counts['cases']} {_COLUMN['cases'].of(lang)}"
    return Group(*([_table(rows, ("file", "rule", "says"), lang)] if rows else []), Text(foot, "dim"))


def compared(result: Result, lang: str) -> RenderableType:
    """Rules that came, went or changed, and the cases they change."""
    told = [Text(f"{_SAY[name].of(lang)} {', '.join(ids)}") for name, ids in result["rules"].items() if ids]
    rows = [
        (one["case"], one["rule"], _answer(one["old"], lang), _answer(one["new"], lang)) for one in result["changes"]
    ]
    foot = Text(f"{result['cases_changed']:,} / {result['cases']:,} {_COLUMN['cases'].of(lang)}", "dim")
    return Group(*told, *([_table(rows, ("case", "rule", "old", "new"), lang)] if rows else []), foot)


def verdict(result: Result, lang: str) -> RenderableType:
    """Each compartment with its verdict, and the tree of every rule that holds it back, once."""
    told: list[RenderableType] = []
    shown: dict[str, object] = {}
    for one in result["compartments"]:
        laws = " · ".join(
            filter(None, (", ".join(one["regimes"]), ", ".join(code(name, lang) for name in one["evidence"])))
        )
        told += [
            "",
            Text.assemble(
                (f"{_SAY['compartment'].of(lang)} {one['compartment']}: {code(one['verdict'], lang)}", "bold"),
                (f"  {laws}", "dim"),
            ),
        ]
        for reason in one["reasons"]:
            known = bool(reason["explained"]) and shown.get(reason["rule"]) == reason["explained"]
            told.append(Text(f"{_why(reason, lang)}{_SAY['above'].of(lang) if known else ''}"))
            told += [explained(reason["explained"], lang), ""] if reason["explained"] and not known else []
            shown[reason["rule"]] = reason["explained"]
        told += [Text(overridden(row, lang), style="yellow") for row in one["overridden"]]
    return Group(*told, "", Text(f"{_SAY['on'].of(lang)} {result['on_date']} · {_SAY['advice'].of(lang)}", "dim"))


def _why(reason: Result, lang: str) -> str:
    """A reason in a line, with what it lacks: evidence of a rule that fires, a fact where it is not known."""
    said = f"{reason['rule']} · {code(reason['verdict'], lang)} · {reason['text'][lang]}"
    if not reason["missing"]:
        return said
    lacks = _SAY["lacks" if reason["explained"] and reason["explained"]["value"] else "not_known"].of(lang)
    return f"{said} {lacks}{lackings(reason['missing'], lang)}"


def _cited(reference: Mapping[str, str], lang: str) -> str:
    """The law in the reader's language; its own name beside it."""
    official, article = reference.get("official", reference["instrument"]), reference["article"]
    if lang == "zh" or official == reference["instrument"]:
        return f"{official} {article}"
    return f"{reference['instrument']} {article} · {official}"


def overridden(row: Result, lang: str) -> str:
    """One override in a line: who set which rule aside, why, until when."""
    return _SAY["override"].of(lang).format(**{**row, "state": code(row["state"], lang)})


def again(row: Result, lang: str) -> str:
    """How much of a gate was looked at and decided anew, in a line."""
    counts = {name: f"{count:,}" for name, count in row.items() if name not in {"whole", "rules"}}
    return _SAY["again"].of(lang).format(**counts)


def _grow(branch: Tree, node: Mapping[str, Any], lang: str) -> None:
    for part in node.get("parts", ()):
        _grow(branch.add(_line(part, lang)), part, lang)


def _line(node: Mapping[str, Any], lang: str) -> Table:
    """The mark stands in a column of its own: a Chinese sentence has no space to break at, and would begin below it."""
    mark, colour = _MARK[node["value"]]
    fact = (f"  {node['fact']}", "dim") if "fact" in node else ("", "")
    made = Table.grid(padding=(0, 1))
    made.add_column()
    made.add_column(overflow="fold")
    made.add_row(Text(mark, colour), Text.assemble(node["says"][lang], fact))
    return made


def _answer(value: bool | None, lang: str) -> str:
    return _ANSWER[value].of(lang)


def _due(value: str | None, lang: str) -> str:
    return _SAY["immediate"].of(lang) if value == "immediate" else value or ""


def _when(rule: Result, lang: str) -> str:
    """When it is due; else from what it counts, where the facts do not hold that moment."""
    waits = dict.fromkeys(
        one["counts_from"][lang] for one in rule["due"] if one["due_at"] is None and one["counts_from"]
    )
    return _due(rule["due_at"], lang) or "; ".join(_SAY["counts"].of(lang).format(event=event) for event in waits)


def _table(rows: Sequence[Sequence[object]], columns: Sequence[str], lang: str) -> Table:
    made = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        made.add_column(_COLUMN[column].of(lang), overflow="fold")
    for row in rows:
        made.add_row(*(Text(str(cell)) for cell in row))
    return made


def _pairs(rows: Sequence[tuple[str, str]]) -> Table:
    made = Table.grid(padding=(0, 2))
    for name, value in rows:
        made.add_row(Text(name, "dim"), Text(value))
    return made


_KIND: Final = {
    "BLOCK": Words("禁止", "block"), "DUE": Words("限期", "due"), "DUTY": Words("义务", "duty"),
    "INFO": Words("说明", "info"), "FACTOR": Words("风险", "factor"),
}  # fmt: skip
_ANSWER: Final = {True: Words("成立", "fires"), False: Words("不成立", "does not fire"), None: Words("未知", "unknown")}
_BOUND: Final = {
    "at_latest": Words("最迟", "at the latest"), "not_before": Words("至少保存到", "keep at least until"),
    "before_event": Words("事件之前", "before the event"),
}  # fmt: skip
_CLOCK: Final = {
    "due": Words("期限", "due"), "bound": Words("界限", "bound"), "zone": Words("时区", "zone"), "source": Words("来源", "source"),
    "missing": Words("还缺", "missing"),
}  # fmt: skip
_COLUMN: Final = {
    "rule": Words("规则", "rule"), "kind": Words("种类", "kind"), "due": Words("期限", "due"), "says": Words("说明", "says"),
    "missing": Words("缺少的事实", "missing facts"), "place": Words("法域", "place"), "cases": Words("案例", "cases"), "fact": Words("事实", "fact"),
    "values": Words("取值", "values"), "asks": Words("问题", "asks"), "reference": Words("条文", "reference"), "title": Words("标题", "title"),
    "file": Words("文件", "file"), "case": Words("案例", "case"), "old": Words("原先", "before"), "new": Words("现在", "now"),
}  # fmt: skip
_SAY: Final = {
    "lacks": Words("还缺：", "Lacking: "),
    "not_known": Words("不清楚：", "Not known: "),
    "above": Words("（解释见上）", " (explained above)"),
    "compartment": Words("密钥分区", "Compartment"),
    "added": Words("新增的规则：", "Rules added:"),
    "removed": Words("删去的规则：", "Rules removed:"),
    "changed": Words("改动的规则：", "Rules changed:"),
    "unknown": Words("还不能判断：", "Cannot be told yet:"),
    "not_loaded": Words("没有载入法律：", "No law is loaded for:"),
    "also": Words("未列出但同样适用：", "Not named, though it binds the same people:"),
    "on": Words("按", "As of"),
    "again": Words(
        "重新查看 {people} / {of_people} 人，重新裁定 {vectors} / {of_vectors} 种情形，重新提问 {questions} 次",
        "looked again at {people} of {of_people} people, decided {vectors} of {of_vectors} cases, asked {questions} questions",
    ),
    "override": Words(
        "推翻 {rule}：{reason}（{by}，{approved_by} 批准，至 {until}，{state}）",
        "Set aside: {rule}: {reason} ({by}, approved by {approved_by}, until {until}, {state})",
    ),
    "advice": Words("不是法律意见", "not legal advice"),
    "none": Words("没有期限", "no deadline"),
    "counts": Words("自{event}起算", "counted from {event}"),
    "immediate": Words("立即", "at once"),
    "change": Words("什么会改变结论：", "What would change it:"),
    "unproven": Words("没有成立或不成立案例的规则：", "Rules without a case in which they fire, or do not:"),
    "noticed": Words("案例发现的规则改动：", "Changes of rules that cases notice:"),
}
