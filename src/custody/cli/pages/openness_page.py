"""The openness page: one static file, both languages, no cookie, no network; its one script checks a receipt where its reader sits (B5, spec/openness.md)."""

from html import escape
from pathlib import Path
from typing import Final

from custody.cli.pages.frame import Summary, document, look, number
from custody.cli.pages.openness_check import ledger, receipt
from custody.cli.pages.openness_deals import asked, deals, notices, processors
from custody.cli.pages.openness_held import held
from custody.cli.pages.openness_words import day
from custody.cli.words import Words

_TITLE: Final = Words("我们怎样对待您的信息", "How we treat your information")
_LEDE: Final = Words(
    "任何人都可以看这一页。没有跟踪，没有 Cookie，不连接网络。截至 ",
    "For anybody to read. No tracking, no cookie, no network. As of ",
)
_REHEARSAL: Final = Words("演练：数据都是虚构的。", "A rehearsal: the data is invented.")
_FINE: Final = Words("页上没有任何一位客户的信息。", "Nothing on this page is about any one customer.")
_REACH: Final = Words("个人信息的事，请联系：", "About your information, write or call: ")


def openness_page(told: Summary, lang: str) -> str:
    """The whole file; `lang` is shown first."""
    first = {one: " checked" if one == lang else "" for one in ("zh", "en")}
    radios = "".join(f'<input class="lang" type="radio" name="lang" id="lang-{one}"{first[one]}>' for one in first)
    parts = "".join(f'<div class="{one}" lang="{_code(one)}">{_main(told, one)}</div>' for one in first)
    body = f'<main class="wrap">{radios}{_header(told)}{parts}</main>'
    css = Path(__file__).with_name("openness.css").read_text(encoding="utf-8")
    return document(_TITLE.of(lang), _code(lang), css, "pub wide", body, look("receipt.js"))


def _code(lang: str) -> str:
    return "zh-Hans-CN" if lang == "zh" else "en"


def _header(told: Summary) -> str:
    names = "".join(f'<b class="{one}" lang="{_code(one)}">{escape(told["company"][one])}</b>' for one in ("zh", "en"))
    langs = '<label for="lang-zh" lang="zh">中文</label><label for="lang-en" lang="en">EN</label>'
    return f'<header class="pub-h"><span class="shop" aria-hidden="true">{escape(told["company"]["zh"][:1])}</span>{names}<div class="langs">{langs}</div></header>'


def _main(told: Summary, lang: str) -> str:
    stop = "。" if lang == "zh" else "."
    rehearsal = f'<p class="note">{_REHEARSAL.of(lang)}</p>' if told["rehearsal"] else ""
    return "".join((
        f'<h1>{_TITLE.of(lang)}</h1><p class="lede">{_LEDE.of(lang)}{day(told["at"], lang)}{stop}</p>', rehearsal, _figures(told, lang),
        held(told["held"], lang), deals(told["deals"], lang), f'<div class="lines">{processors(told["processors"], lang)}{asked(told["asked"], lang)}</div>',
        notices(told["notices"], lang), receipt(told, lang), ledger(told["log"], lang), _fine(told, lang),
    ))  # fmt: skip


def _figures(told: Summary, lang: str) -> str:
    """The figures that a reader came for; each says what it counts."""
    fared, recalled = told["asked"], told["recalls"]
    ahead = [one for one in told["deals"] if not one["ended"]]
    tiles = (
        (Words("十二个月的请求", "Requests, twelve months"), number(fared["total"]), _fared(fared).of(lang)),
        (Words("答复用时", "Days to an answer"), _days(fared, lang), _of(fared).of(lang)),
        (Words("安全事件", "Incidents"), number(told["incidents"]["total"]), _closed(told["incidents"]).of(lang)),
        (Words("收回的移交", "Transfers called back"), number(recalled), Words("十二个月内", "in twelve months").of(lang)),
        (Words("进行中的移交", "Transfers under way"), number(len(ahead)), escape(ahead[0]["with"][lang]) if len(ahead) == 1 else Words("没有", "none").of(lang) if not ahead else ""),
    )  # fmt: skip
    shown = "".join(
        f'<div><span class="l">{name.of(lang)}</span><b>{value}</b><small>{more}</small></div>'
        for name, value, more in tiles
    )
    return f'<div class="kpis">{shown}</div>'


def _fared(fared: Summary) -> Words:
    if not fared["total"]:
        return Words("还没有", "none yet")
    if fared["late"]:
        return Words(
            f"答复 {fared['answered']:,} 件，逾期 {fared['late']:,} 件",
            f"{fared['answered']:,} answered, {fared['late']:,} late",
        )
    if fared["answered"] == fared["total"]:
        return Words("全部在期限内答复", "all answered in time")
    return Words(f"答复 {fared['answered']:,} 件，没有逾期", f"{fared['answered']:,} answered, none late")


def _closed(happened: Summary) -> Words:
    if not happened["total"]:
        return Words("十二个月内没有", "none in twelve months")
    return Words(f"十二个月内，办结 {happened['closed']:,} 起", f"in twelve months, {happened['closed']:,} closed")


def _days(fared: Summary, lang: str) -> str:
    days = fared["median_days"]
    if days is None:
        return "–"
    unit = Words("天", "day" if days == 1 else "days").of(lang)
    return f"{number(days) if days else Words('不到 1', 'under 1').of(lang)}<small>{unit if days else Words('天', 'day').of(lang)}</small>"


def _of(fared: Summary) -> Words:
    if fared["median_days"] is None:
        return Words("满 5 件答复才公布", "told from five answers on")
    return Words(f"{fared['answered']:,} 件的中位数", f"median of {fared['answered']:,}")


def _fine(told: Summary, lang: str) -> str:
    reach = f"{_REACH.of(lang)}{escape(told['contact'])}" if told["contact"] else ""
    return f'<p class="fine">{_FINE.of(lang)} {reach}</p>'
