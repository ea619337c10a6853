"""Verbs of the data map's review: datamap show, set, diff, export, accept."""

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from rich.console import Group, RenderableType
from rich.text import Text

from custody import wiring
from custody.cli.show import facts, grid
from custody.cli.show_scan import changes
from custody.cli.verb import PATH, Call, Result, Verb, argument, option
from custody.cli.words import Words
from custody.services.datamap_accept import datamap_accept
from custody.services.datamap_diff import datamap_diff
from custody.services.datamap_export import FORMS, datamap_export
from custody.services.datamap_set import datamap_set
from custody.services.datamap_show import datamap_show
from custody.services.words import class_words, why_words

_COLUMNS: Final = ("column", "class", "level", "tier", "%", "confirmed_by", "why")


def _text(path: Path) -> str:
    return wiring.folder(path.parent).read(path.name).decode()


def _show(call: Call, datamap: Path, table: str, unsure: bool) -> Result:  # noqa: ARG001 - reading needs no home
    return datamap_show(_text(datamap), table, unsure_only=unsure)


def _set(call: Call, datamap: Path, target: str, settings: Sequence[str]) -> Result:
    text, result = datamap_set(_text(datamap), target, settings, call.acting or os.environ.get("CUSTODY_AS", ""))
    wiring.folder(datamap.parent).write(datamap.name, text.encode())
    return result


def _diff(call: Call, before: Path, after: Path) -> Result:  # noqa: ARG001 - reading needs no home
    return datamap_diff(_text(before), _text(after))


def _export(call: Call, datamap: Path, form: str, to: Path | None, controller: str) -> Result:
    # `--as` says who acts; an export asks nobody, so there it may name the form as well.
    chosen = form or (call.acting if call.acting in FORMS else "") or ""
    text, made = datamap_export(_text(datamap), chosen, controller)
    if to is None:
        return made
    wiring.folder(to.parent).write(to.name, text.encode())
    return {"form": chosen, "file": to.name, "bytes": len(text.encode())}


def _accept(call: Call, datamap: Path) -> Result:
    text = _text(datamap)
    with wiring.desk(call.home, call.acting, call.passphrase_file) as desk:
        return datamap_accept(desk, text)


def _shown(result: Result, lang: str) -> RenderableType:
    parts: list[RenderableType] = []
    for one in result["tables"]:
        if not one["columns"]:
            continue
        rows = [
            {"column": column["name"], **column, "class": class_words(column["class"], lang), "%": column["confidence"],
             "why": "; ".join(why_words(why, lang) for why in column["why"])}
            for column in one["columns"]
        ]  # fmt: skip
        about = {name: one[name] for name in ("role", "kind", "rows", "quarantined", "subject_key", "paths", "basis", "retention")}  # fmt: skip
        about |= {name: one[name] for name in ("residence", "repeats") if one[name]}
        parts += [Text(one["name"], style="bold"), facts(about, lang), grid(rows, _COLUMNS, lang), Text()]
    waiting = Words(
        f"{result['unsure']} 列没有把握，尚未确认。", f"{result['unsure']} columns are unsure and not confirmed."
    )
    return Group(*parts, Text(waiting.of(lang)))


def _exported(result: Result, lang: str) -> RenderableType:
    return facts(result, lang) if "file" in result else Text(json.dumps(result, ensure_ascii=False, indent=2))


def _changed(result: Result, lang: str) -> RenderableType:
    """What was set, or what differs between two maps: of those nothing waits."""
    told, unsure = changes(result["changes"], lang), result.get("unsure", 0)
    return Group(told, Text(), Text(_waiting(unsure).of(lang))) if unsure else told


def _waiting(number: int) -> Words:
    return Words(
        f"{number} 列没有把握，要逐列看过、逐列确认。",
        f"{number} columns are unsure: each is looked at and confirmed by itself.",
    )


def _accepted(result: Result, lang: str) -> RenderableType:
    told = {name: value for name, value in result.items() if name != "changes"}
    return (
        Group(facts(told, lang), Text(), changes(result["changes"], lang)) if result["changes"] else facts(told, lang)
    )


_FILE: Final = argument("datamap", kind=PATH)
VERBS = (
    Verb(
        "datamap show",
        Words("查看数据地图，没把握的列排在前面", "show the data map, unsure columns first"),
        (
            _FILE,
            option("--table", words=Words("只看一张表", "one table only"), default=""),
            option("--unsure", words=Words("只看没把握的列", "unsure columns only"), flag=True),
        ),
        _show,
        _shown,
        "custody datamap show datamap.yaml --unsure",
    ),
    Verb(
        "datamap set",
        Words("改定或确认一张表、一列", "decide about a table or a column, or confirm it as it stands"),
        (_FILE, argument("target"), argument("settings", many=True, required=False)),
        _set,
        _changed,
        "custody datamap set datamap.yaml customers.mobile class=contact.phone --as zhouning",
    ),
    Verb(
        "datamap diff",
        Words("比较两份数据地图，只看变化", "compare two data maps, differences only"),
        (argument("before", kind=PATH), argument("after", kind=PATH)),
        _diff,
        _changed,
        "custody datamap diff datamap.old.yaml datamap.yaml",
    ),
    Verb(
        "datamap export",
        Words("导出为 fideslang、DPV 或 GDPR 第 30 条记录", "export as fideslang, DPV or a GDPR Art. 30 record"),
        (
            _FILE,
            option("--form", words=Words("格式：fideslang、dpv、art30", "form: fideslang, dpv, art30"), default=""),
            option("-o", "--to", "to", words=Words("写到", "write to"), kind=PATH),
            option("--controller", words=Words("个人信息处理者的名称", "name of the controller"), default=""),
        ),
        _export,
        _exported,
        "custody datamap export datamap.yaml --form art30 -o record.json",
    ),
    Verb(
        "datamap accept",
        Words("签署核对过的数据地图", "sign the reviewed data map into the ledger"),
        (_FILE,),
        _accept,
        _accepted,
        "custody datamap accept datamap.yaml --as zhouning",
    ),
)
