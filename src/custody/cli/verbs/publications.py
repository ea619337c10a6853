"""Verbs of public notices: plan, list, end with what shows it (B1)."""

from pathlib import Path

import click

from custody import wiring
from custody.acts.publishing import PLACES
from custody.cli.shared import DRY, at_desk
from custody.cli.show import facts, grid
from custody.cli.verb import PATH, Call, Result, Verb, argument, option
from custody.cli.words import Words
from custody.services.publication_end import publication_end
from custody.services.publication_list import publication_list
from custody.services.publication_new import publication_new


def _new(
    call: Call, deal: str, place: str, where: str, first: str, text: Path, text_en: Path | None, *, dry_run: bool
) -> Result:
    given = {"place": place, "where": where, "from": first, "text": wiring.text(text)}
    given |= {"text_en": wiring.text(text_en)} if text_en else {}
    return at_desk(call, lambda desk: publication_new(desk, wiring.laws_of(call.home), deal, given, dry_run=dry_run))


def _end(call: Call, publication: str, until: str, proof: tuple[Path, ...], dry_run: bool) -> Result:
    shown = [wiring.folder(one.parent).read(one.name) for one in proof]
    return at_desk(call, lambda desk: publication_end(desk, publication, until, shown, dry_run=dry_run))


def _show_list(result: Result, lang: str) -> object:
    return grid(
        result["publications"], ("publication", "shown_in", "where", "from", "soonest", "until", "people"), lang
    )


VERBS = (
    Verb("publication new", Words("为联系不上的客户计划一次公告，只在法律允许代替告知时", "plan a public notice for those who cannot be reached, where their law lets it stand in"),
         (argument("deal"), option("--place", words=Words("在哪类地方", "at which kind of place"), kind=click.Choice(PLACES), required=True),
          option("--where", words=Words("具体位置：网址、地点、报纸和版面", "where exactly: the address, the place, the newspaper and page"), required=True),
          option("--from", "first", words=Words("第一天", "the first day"), required=True),
          option("--text", words=Words("公告全文，UTF-8，不写任何客户；{contents} 处列出法律要求写明的各项，也可逐项写 {项: 文字}", "the text, a UTF-8 file that names no customer; at {contents} stand the items that the law wants told, or each at {item: words}"), kind=PATH, required=True),
          option("--text-en", words=Words("英文全文，不写就用同一份", "the text in English, where it is another one"), kind=PATH), DRY),
         _new, facts, "custody publication new D-2026-0001 --place website --where https://shop.example/notice --from 2026-03-16 --text notice.txt"),
    Verb("publication list", Words("全部公告：在哪里、从哪天、最早到哪天", "every public notice: where, since when, until when at least"), (),
         lambda call: at_desk(call, publication_list), _show_list, "custody publication list"),
    Verb("publication end", Words("公告期满：凭证明签署，联系不上的客户视为已告知", "it was shown long enough: signed with what shows it, and evidence for those it stands in for"),
         (argument("publication"), option("--until", words=Words("最后一天", "the last day"), required=True),
          option("--proof", words=Words("截图、报纸版面等，可多次", "a picture of the page, the newspaper; several times"), kind=PATH, many=True, required=True),
          option("--dry-run", words=Words("只看会做什么，给出待批准的内容", "only say what would be done and what is to be approved"), flag=True)),
         _end, facts, "custody publication end P-2026-0001 --until 2026-04-15 --proof page.png"),
)  # fmt: skip
