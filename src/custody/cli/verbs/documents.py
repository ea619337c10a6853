"""Verbs of papers: which a deal needs, and making one."""

from collections.abc import Iterator
from pathlib import Path

import click
from rich.console import Group, RenderableType
from rich.text import Text

from custody import wiring
from custody.acts.desk import Desk
from custody.cli.labels import label
from custody.cli.read import json_object
from custody.cli.shared import DEAL, at_desk
from custody.cli.show import facts
from custody.cli.verb import PATH, Call, Result, Verb, argument, option
from custody.cli.words import Words
from custody.services.document import Made, document
from custody.services.document_file import document_file
from custody.services.document_list import document_list


def _list(call: Call, deal: str) -> Result:
    return at_desk(call, lambda desk: document_list(desk, wiring.laws_of(call.home), deal))


def _make(call: Call, deal: str, paper: str, values: Path | None, to: Path, only: str | None, file: bool) -> Result:
    given, laws = json_object(values) if values else {}, wiring.laws_of(call.home)
    languages = (only,) if only else ("zh", "en")

    def work(desk: Desk) -> Result:
        made = document(desk, laws, wiring.pdf, deal, paper, given, languages)
        files = [name for one in made.values() for name in _write(to, one)]
        filed = (
            document_file(desk, laws, deal, paper, {lang: one.sha256 for lang, one in made.items()}) if file else None
        )
        told = [_told(one) for one in made.values()]
        return {"deal": told[0]["deal"], "kind": told[0]["kind"], "files": files, "filed": filed, "papers": told}

    return at_desk(call, work)


def _write(folder: Path, made: Made) -> list[str]:
    names = [f"{made.kind.lower()}.{made.language}.{ending}" for ending in ("pdf", "txt")]
    for name, content in zip(names, (made.pdf, made.text.encode()), strict=True):
        wiring.folder(folder).write(name, content)
    return names


def _told(made: Made) -> Result:
    return {
        "deal": made.deal, "kind": made.kind, "to": made.to, "language": made.language, "title": made.title, "rules": list(made.rules),
        "undecided": list(made.undecided), "fields": list(made.fields), "asks": [{"evidence": kind, "text": said} for kind, said in made.asks.items()],
        "text": made.text, "sha256": made.sha256,
    }  # fmt: skip


def _show_made(result: Result, lang: str) -> RenderableType:
    chosen = next((one for one in result["papers"] if one["language"] == lang), result["papers"][0])
    brief = {name: result[name] for name in ("deal", "kind", "files", "filed")}
    return Group(facts(brief, lang), Text(), Text(chosen["text"]))


def _show_list(result: Result, lang: str) -> RenderableType:
    return Group(*(line for one in result["documents"] for line in _lines(one, lang)))


def _lines(one: Result, lang: str) -> Iterator[Text]:
    state = _FILED if one["filed"] else _NEEDED if one["needed"] else _PERHAPS
    yield Text.assemble((one["kind"], "bold"), "  ", one["title"][lang], "  ", (state.of(lang), "dim"))
    for rule in one["rules"]:
        cited = f"{rule['reference']['instrument']} {rule['reference']['article']}"
        asks = [_ASKS.of(lang) + ", ".join(rule["missing"])] if rule["missing"] else []
        yield Text("   " + " · ".join([rule["rule"], cited, *_until(rule, lang), *asks]), style="dim")
    if one["to_give"]:
        items = ("；" if lang == "zh" else "; ").join(f"{item['item']} ({item[lang]})" for item in one["to_give"])
        yield Text("   " + _GIVE.of(lang) + items)
    yield Text()


def _until(rule: Result, lang: str) -> list[str]:
    told = [_BEFORE.of(lang) + label(rule["before"], lang)] if rule["before"] else []
    return told + ([_BY.of(lang) + _day(rule["due_at"], lang)] if rule["due_at"] else [])


def _day(moment: str, lang: str) -> str:
    return _AT_ONCE.of(lang) if moment == "immediate" else moment[:10]


_FILED, _NEEDED, _PERHAPS = Words("已存档", "on file"), Words("需要", "needed"), Words("也许需要", "perhaps needed")
_BEFORE, _BY, _AT_ONCE = Words("此前须完成：", "before: "), Words("最迟：", "by: "), Words("立即", "at once")
_GIVE, _ASKS = Words("须补充：", "to give: "), Words("取决于：", "depends on: ")

VERBS = (
    Verb("deal documents", Words("这笔交易需要哪些文件：依据、期限、还缺什么", "the papers a deal needs: by which rule, until when, what they lack"),
         (DEAL,), _list, _show_list, "custody deal documents D-2026-0001"),
    Verb("deal document", Words("生成法律要求的一份文件（PDF 和文本，中英文）；缺一项就不生成", "make a paper that the law asks for, as PDF and text, zh and en; lacking an item it is not made"),
         (DEAL, argument("paper"),
          option("--values", words=Words("交易里没有的各项，JSON 文件", "what the deal does not tell, a JSON file"), kind=PATH),
          option("--to", words=Words("写入的文件夹", "folder to write to"), kind=PATH, required=True),
          option("--in", "only", words=Words("只要一种语言", "one language alone"), kind=click.Choice(["zh", "en"])),
          option("--file", words=Words("并作为证据存档", "also put it on file as evidence"), flag=True)),
         _make, _show_made, "custody deal document D-2026-0001 cn-notice --values values.json --to papers"),
)  # fmt: skip
