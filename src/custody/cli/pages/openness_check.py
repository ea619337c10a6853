"""What a reader can check: a receipt, in the browser; the head of the ledger, by whoever holds it (spec/openness.md §5, §6)."""

from collections.abc import Mapping
from html import escape
from typing import Any, Final

from custody.cli.pages.frame import Summary, number
from custody.cli.pages.openness_words import section
from custody.cli.words import Words

_TITLE: Final = Words("查验您自己的回执", "Check your own receipt")
_LINE: Final = Words(
    "选择您在自己的页面上下载过的回执，就能看到它是不是我们签的、有没有被改过，以及当时的原文。查验在您的浏览器里进行，文件不会离开它。",
    "Choose the receipt that you downloaded from your page: you see whether we signed it, whether it was changed, and the words as they were. The check runs in your browser, and the file does not leave it.",
)
_PICK: Final = Words("回执文件（.dsse.json）", "Receipt file (.dsse.json)")
_GOOD: Final = Words(
    "签名正确：自我们签署以来，一个字也没有改过。下面是当时给您看的原文。",
    "The signature is right: not a letter has changed since we signed it. Below are the words you were shown.",
)
_BAD: Final = Words(
    "签名不对：这份文件被改过，或者不是我们签的。请保存下来并联系我们。",
    "The signature is wrong: this file was changed, or is not ours. Keep it and contact us.",
)
_CANNOT: Final = Words(
    "这里不能查验：浏览器不会这种签名，或者没有运行脚本。请用免费的查验工具：custody-verify 回执文件。它报出的指纹应与本页“账本”一节的相同。",
    "It cannot be checked here: the browser does not know this kind of signature, or runs no scripts. Use the free tool: custody-verify FILE. The fingerprint it tells must be the one under “Ledger” on this page.",
)
_NUMBER: Final = Words(
    "只有编号？在这里查：您的信息是已移交、留在原处，还是已经销毁",
    "Only the number? Look up here whether your information was handed over, stayed, or was destroyed",
)
_KEEP: Final = Words(
    "今天的检查点，第 {} 条。账本里没有您的信息。保存下来，以后若有人改动历史，您能发现。",
    "Today’s checkpoint, {} entries. Nothing about you is in the ledger. Keep it: if somebody changes history later, you can tell.",
)
_HOW: Final = (
    Words("展开下面的检查点，存为 checkpoint.txt，或者把本页整个保存下来。", "Open the checkpoint below and save it as checkpoint.txt, or save this whole page."),
    Words("以后向我们、审计师或监管者索取账本，运行 custody-verify 账本文件夹 checkpoint.txt：新账本若不是从这里接下去的，会报“前后不接”。",
          "Later, ask us, an auditor or a regulator for the ledger and run custody-verify LEDGER-FOLDER checkpoint.txt: a ledger that does not go on from here is told as a broken chain."),
    Words("指纹请用别的途径核对：打电话，或看合同附件。", "Compare the fingerprint another way: by telephone, or in the contract’s annex."),
)  # fmt: skip


def receipt(told: Summary, lang: str) -> str:
    """The box: a file to choose, the answer, the words that were signed."""
    words = " ".join(
        f'data-{name}="{escape(word.of(lang))}"' for name, word in (("good", _GOOD), ("bad", _BAD), ("cannot", _CANNOT))
    )
    where = (
        f'<p class="small"><a href="{escape(told["pages"])}/{lang}/check">{_NUMBER.of(lang)}</a></p>'
        if told["pages"]
        else ""
    )
    return (
        f'<section class="ask" aria-labelledby="check-{lang}"><h2 id="check-{lang}">{_TITLE.of(lang)}</h2><p>{_LINE.of(lang)}</p>'
        f'<p class="fld"><label for="file-{lang}">{_PICK.of(lang)}</label><input class="in" type="file" id="file-{lang}" accept=".json,application/json"></p>'
        f'<p role="status" {words}></p><p data-shown hidden></p><div hidden data-identity="{escape(told["log"]["identity"])}"></div>'
        f"<noscript><p>{_CANNOT.of(lang)}</p></noscript>{where}</section>"
    )


def ledger(log: Mapping[str, Any], lang: str) -> str:
    """The head, whose signature it bears, how to check it, and the checkpoint whole."""
    head = f"{log['space']}@{number(log['size'])} {log['root']}"
    steps = "".join(f"<li>{one.of(lang)}</li>" for one in _HOW)
    whole, how = (
        Words("检查点全文（带两个签名）", "The checkpoint, whole, with both signatures"),
        Words("怎样核验", "How to check"),
    )
    finger, key = (
        Words("签名者指纹", "Signer’s fingerprint"),
        Words("验签公钥（通用格式）", "Verifier key, as common tools take it"),
    )
    return section(
        Words("账本", "Ledger"),
        f'<p class="small muted">{_KEEP.of(lang).format(number(log["size"]))}</p><p class="mono small cmd">{escape(head)}</p>'
        f'<p class="small">{finger.of(lang)} <span class="mono">{escape(log["fingerprint"])}</span></p>'
        f'<details><summary>{how.of(lang)}</summary><ol class="how">{steps}</ol><p class="small">{key.of(lang)}</p><p class="mono small cmd">{escape(log["key"])}</p></details>'
        f"<details><summary>{whole.of(lang)}</summary><pre>{escape(log['checkpoint'])}</pre></details>",
        lang,
        "ledger",
    )
