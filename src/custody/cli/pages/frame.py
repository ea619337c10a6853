"""What every report page is made of: one self-contained HTML file, both languages, no script, no network.

Every text goes through `escape`; sizes of charts are attributes, so a page also holds under the strictest content policy.
"""

import base64
import hashlib
from collections.abc import Callable, Mapping, Sequence
from html import escape
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from custody.cli.words import Words
from custody.services.verify.words import NOTES
from custody.services.words import class_words

Summary = Mapping[str, Any]
_SHIELD: Final = (
    '<svg class="i" viewBox="0 0 16 16" aria-hidden="true"><path d="M8 1.8l5.2 2v4c0 3.2-2.2 5.4-5.2 6.4-3-1-5.2-3.2-5.2-6.4v-4z"/>'
    '<path d="M5.8 8l1.6 1.6 2.9-3.1"/></svg>'
)
_SWITCH: Final = """
.lang{position:absolute;opacity:0}.langs{max-width:960px;margin:16px auto 0;padding:0 16px;display:flex;justify-content:flex-end}
.langs label{cursor:pointer;padding:4px 8px}#lang-zh:checked~.rp.en,#lang-en:checked~.rp.zh{display:none}
#lang-zh:checked~.langs [for=lang-zh],#lang-en:checked~.langs [for=lang-en]{font-weight:600;border-bottom:2px solid}
.lang:focus-visible~.langs label{outline:2px solid;outline-offset:2px}.rp .num{font-variant-numeric:tabular-nums}
.verify .dl{grid-template-columns:auto minmax(0,1fr)}.verify .mono{overflow-wrap:anywhere}.rp-t b{font-weight:500}summary{cursor:pointer;padding:10px 0;color:var(--accent)}.plain{margin:0;padding-left:18px}.plain li{margin:4px 0}
@media print{.langs{display:none}}
"""


_FINE: Final = Words(
    "本报告由系统根据账本生成，不含个人信息，打开时不连接网络。结论依据规则包与所列事实得出，不是法律意见。",
    "Made from the ledger; holds no personal data and opens without a network. Decided by rule pack on these facts. Not legal advice.",
)


def frame(title: str, main: Callable[[str], str], lang: str, fine: Words | None = None) -> str:
    """The whole file; `main` gives the content of one language, `lang` is the language shown first, `fine` the last line."""
    first = {one: " checked" if one == lang else "" for one in ("zh", "en")}
    body = (
        f'<input class="lang" type="radio" name="lang" id="lang-zh"{first["zh"]}>'
        f'<input class="lang" type="radio" name="lang" id="lang-en"{first["en"]}>'
        '<p class="langs"><label for="lang-zh" lang="zh">中文</label> <label for="lang-en" lang="en">English</label></p>'
        f"{_main(main, 'zh', fine or _FINE)}{_main(main, 'en', fine or _FINE)}"
    )
    return document(
        title, lang, Path(__file__).with_name("report.css").read_text(encoding="utf-8") + _SWITCH, "report", body
    )


def document(title: str, lang: str, css: str, kind: str, body: str, script: str = "") -> str:
    """One file with the look of all pages and `css`; of scripts it allows `script` and no other, and no network."""
    style = look("custody.css") + css
    allowed = f"; script-src 'sha256-{_hash(script)}'" if script else ""
    return (
        f'<!doctype html><html lang="{lang}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'sha256-{_hash(style)}'{allowed}; base-uri 'none'; form-action 'none'\">"
        f'<title>{escape(title)}</title><style>{style}</style></head><body class="{kind}">{body}'
        f"{f'<script>{script}</script>' if script else ''}</body></html>"
    )


def look(name: str) -> str:
    """A file of the look that pages, reports and the portal share."""
    return (files("custody") / "look" / name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    """The page allows its own style, and its own script where it has one, and nothing else."""
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _main(main: Callable[[str], str], lang: str, fine: Words) -> str:
    return f'<main class="rp {lang}" lang="{lang}">{main(lang)}<p class="fine">{fine.of(lang)}</p></main>'


def head(eyebrow: str, title: str, line: str, *, verified: bool) -> str:
    """Title, one line under it, and the seal when everything was verified."""
    return (
        f'<header class="rp-h"><div><p class="eyebrow">{escape(eyebrow)}</p><h1>{escape(title)}</h1>'
        f'<p class="muted">{escape(line)}</p></div>{_seal() if verified else ""}</header>'
    )


def _seal() -> str:
    letters = "".join(
        f'<text x="{x}" y="{y}">{c}</text>'
        for x, y, c in ((24, 39, "核"), (60, 39, "验"), (24, 75, "通"), (60, 75, "过"))
    )
    box = '<rect class="seal-b" x="3" y="3" width="78" height="78" rx="7"/>'
    return f'<div class="seal" role="img" aria-label="核验通过 / verified"><svg viewBox="0 0 84 84">{box}{letters}</svg></div>'


def answers(shown: Sequence[tuple[str, Words]], lang: str) -> str:
    """The few figures that a reader came for."""
    parts = "".join(f"<div><b>{value}</b><span>{word.of(lang)}</span></div>" for value, word in shown)
    return f'<section class="rp-ans">{parts}</section>'


def found(summary: Summary, lang: str) -> str:
    """Tables, columns and classes of the data map."""
    heads = (
        Words("表", "table"),
        Words("列", "columns"),
        Words("敏感", "sensitive"),
        Words("发现的类别", "classes found"),
    )
    rows = []
    for one in summary["found"]:
        classes = {column["class"] for column in one["columns"] if column["level"] != "none"}
        words = ("、" if lang == "zh" else ", ").join(sorted(class_words(cls, lang) for cls in classes))
        sensitive = sum(1 for column in one["columns"] if column["level"] == "sensitive")
        rows.append(
            [
                escape(one["name"]),
                number(len(one["columns"])),
                number(sensitive),
                f'<span class="sub">{escape(words)}</span>',
            ]
        )
    return f"<section><h2>{Words('找到了什么', 'What was found').of(lang)}</h2>{table(heads, rows, lang)}</section>"


def checked(command: str, rows: Sequence[tuple[Words, Sequence[str]]], lang: str) -> str:
    """How to verify, by oneself, offline; `rows` are what to compare."""
    title = Words("自己核验这份报告", "Check this yourself").of(lang)
    text = Words(
        "不需要账号、网络或密钥。在本文件夹里运行：", "No account, network or key is needed. Run this in its folder:"
    ).of(lang)
    listed = "".join(
        f'<dt>{name.of(lang)}</dt><dd class="mono">{"<br>".join(escape(one) for one in values)}</dd>'
        for name, values in rows
    )
    shown = "<wbr>".join(escape(word) + " " for word in command.split(" "))
    say = f'<h2>{title}</h2><p class="small muted">{text}</p><p class="mono cmd">{shown.rstrip()}</p>'
    return f'<section class="verify"><div>{_SHIELD}<div>{say}</div></div><dl class="dl">{listed}</dl></section>'


def unknowable(codes: Sequence[str], lang: str) -> str:
    """What no file can tell, said as plainly as what was checked."""
    title = Words("没有核验、也无法离线核验的", "Not checked, because no file here can tell").of(lang)
    rows = "".join(f"<li>{escape(NOTES[one].of(lang))}</li>" for one in codes)
    return f'<section><h2>{title}</h2><ul class="plain">{rows}</ul></section>'


def table(heads: Sequence[Words], rows: Sequence[Sequence[str]], lang: str, *, foot: Sequence[str] = ()) -> str:
    """A table; columns of numbers stand right."""
    numeric = [
        bool(rows) and all(row[place].replace(",", "").lstrip("−-").isdigit() for row in rows)
        for place in range(len(heads))
    ]
    marks = [' class="num"' if one else "" for one in numeric]
    head = "".join(f'<th scope="col"{mark}>{word.of(lang)}</th>' for word, mark in zip(heads, marks, strict=True))
    body = "".join(
        "<tr>" + "".join(f"<td{mark}>{cell}</td>" for cell, mark in zip(row, marks, strict=True)) + "</tr>"
        for row in rows
    )
    last = (
        "<tfoot><tr>"
        + "".join(f"<td{mark}>{cell}</td>" for cell, mark in zip(foot, marks, strict=True))
        + "</tr></tfoot>"
        if foot
        else ""
    )
    return f'<div class="tw"><table class="tbl tbl-tight rp-t"><thead><tr>{head}</tr></thead><tbody>{body}</tbody>{last}</table></div>'


def number(value: int) -> str:
    """Grouped by thousands."""
    return f"{value:,}"
