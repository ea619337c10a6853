"""How a verification reads to the person who asked: the answer first, then what was checked, what is wrong, what nobody can know."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from custody.cli.show import brief, grid
from custody.cli.verb import Result
from custody.cli.words import Words

_KINDS: Final = {
    "package": Words("移交包", "package"),
    "release": Words("放行", "release"),
    "receipt": Words("回执", "receipt"),
    "certificate": Words("证明", "certificate"),
    "statement": Words("声明", "statement"),
    "ledger": Words("账本", "ledger"),
    "card": Words("名片", "party card"),
    "bundle": Words("整套移交文件", "a whole hand-over"),
    "papers": Words("一批文件", "several papers"),
    "control": Words("易主的全部文件", "the papers of a change of control"),
    "nothing": Words("没有可核验的内容", "nothing that can be verified"),
}
_PINNED: Final = Words("签名者与您信任的名片一致", "signed by those whose cards you trust")
_UNPINNED: Final = Words("签名成立，但签名者是谁未经您确认", "signatures hold, but who signed is not confirmed by you")

_NOBODY: Final = Words("没有一处由您信任的人签名", "nothing here is signed by those whose cards you trust")
_UNSIGNED: Final = Words("没有成立的签名", "no signature that holds was met")


def show_verify(result: Result, lang: str) -> RenderableType:
    """Answer, signers, what was checked, faults by file and row, and what was not checked."""
    parts: list[RenderableType] = [_answer(result, lang), Text()]
    lines = Table.grid(padding=(0, 2))
    for name, text in _lines(result, lang):
        lines.add_row(Text(name, style="dim"), Text(text))
    parts.append(lines)
    if result["faults"]:
        parts += [Text(), _faults(result["faults"], lang)]
    parts += [Text(), Text(Words("没有核验、也无法离线核验的", "Not checked").of(lang), style="dim")]
    parts += [Text(f"  · {one}", style="dim") for one in result["not_checked"]]
    return Group(*parts)


def _trust(result: Result) -> Words:
    pinned = result["trust"] == "pinned"
    if not result["signers"]:
        return _NOBODY if pinned else _UNSIGNED
    return _PINNED if pinned else _UNPINNED


def _kind(result: Result) -> str:
    """Several things at once are a hand-over only where there is a package: else papers, of a change of control or of whatever."""
    checked = result["checked"]
    if result["kind"] != "bundle" or checked.get("packages"):
        return str(result["kind"])
    return "control" if any(one["kind"] == "control" for one in checked.get("statements", ())) else "papers"


def _answer(result: Result, lang: str) -> Text:
    kind = _KINDS[_kind(result)].of(lang)
    if result["ok"]:
        return Text(Words(f"✓ 核验通过：{kind}", f"✓ Verified: {kind}").of(lang), style="bold green")
    count = result["faults_total"]
    return Text(
        Words(f"✗ 核验未通过：{kind}，{count} 处", f"✗ Not verified: {kind}, {count} faults").of(lang), style="bold red"
    )


def _lines(result: Result, lang: str) -> Iterator[tuple[str, str]]:
    checked = result["checked"]
    yield Words("信任", "trust").of(lang), _trust(result).of(lang)
    for one in result["signers"]:
        yield Words("签名者", "signer").of(lang), one
    yield (
        Words("读了", "read").of(lang),
        Words(
            f"{checked['files']:,} 个文件，{checked['bytes']:,} 字节",
            f"{checked['files']:,} files, {checked['bytes']:,} bytes",
        ).of(lang),
    )
    for one in checked["packages"]:
        yield (
            _KINDS["package"].of(lang),
            Words(
                f"{one['tables']} 张表，{one['rows']:,} 行，{one['records']:,} 条封存记录，{one['leaves']:,} 个叶子",
                f"{one['tables']} tables, {one['rows']:,} rows, {one['records']:,} sealed records, {one['leaves']:,} leaves",
            ).of(lang),
        )
    for one in checked["releases"]:
        yield (
            _KINDS["release"].of(lang),
            Words(
                f"{one['deal']} 第 {one['n']} 次，{one['keys']:,} 把密钥",
                f"{one['deal']} no. {one['n']}, {one['keys']:,} keys",
            ).of(lang),
        )
    for one in checked["statements"]:
        mark = Words("（演练）", " (rehearsal)").of(lang) if one["rehearsal"] else ""
        yield _KINDS["statement"].of(lang), f"{one['kind']}/v1  {one['at'][:19]}Z{mark}"
    for one in checked["ledgers"]:
        yield (
            _KINDS["ledger"].of(lang),
            Words(f"{one['size']:,} 条", f"{one['size']:,} entries").of(lang) + f"  {one['origin']}",
        )


def _faults(faults: Sequence[Mapping[str, Any]], lang: str) -> Table:
    rows = [
        {
            "class": one["class"],
            "file": one["where"]["file"],
            "row": one["where"]["row"],
            "byte": one["where"]["byte"],
            "text": one["text"],
        }
        for one in faults
    ]
    shown = tuple(name for name in ("class", "file", "row", "byte", "text") if any(brief(row[name]) for row in rows))
    return grid(rows, shown, lang)
