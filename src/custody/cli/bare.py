"""`custody-verify`: the verifier alone, with the standard library and `cryptography` (docs/guide/verify.md).

Exit 0: nothing is wrong; 1: something is; 2: usage. With `--json`, stdout is exactly one JSON object.
"""

import argparse
import json
import locale
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

from custody.base import canonical
from custody.base.errors import CustodyError
from custody.model.party import PartyCard
from custody.services.verify import VerifyResult, verify

_SHOWN: Final = 50


class _Both(NamedTuple):
    zh: str
    en: str

    def of(self, lang: str) -> str:
        return self.zh if lang == "zh" else self.en


_PURPOSE: Final = _Both(
    "离线核验移交包、放行、回执、证明或账本：不需要服务器、网络或密钥。",
    "Check a package, release, receipt, certificate or ledger offline: no server, no network, no key.",
)
_PATHS: Final = _Both("要核验的文件夹或文件", "folders or files to check; together they are checked against each other")
_TRUST: Final = _Both(
    "受信的当事方名片，可多次；给出后只认这些签名者",
    "a party card you trust, repeatable; then only these signers count",
)
_JSON: Final = _Both("输出一个 JSON 对象", "print exactly one JSON object")
_LANG: Final = _Both("语言", "language")
_GOOD: Final = _Both("通过", "verified")
_BAD: Final = _Both("未通过", "NOT verified")
_SIGNERS: Final = _Both("签署者指纹：", "Signers: ")
_PINNED: Final = _Both("签署者已由受信名片确认", "signers pinned by the cards given")
_UNPINNED: Final = _Both("签署者未经确认", "signers not pinned")
_OPEN: Final = _Both("未核验：", "Not checked:")
_MORE: Final = _Both("另有 {} 处", "and {} more")
_ROW: Final = _Both("第 {} 行（从 0 起）", "row {} (from 0)")
_BYTE: Final = _Both("第 {} 字节（从 0 起）", "byte {} (from 0)")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run; returns the exit code."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    lang = _language(words)
    parser = _parser(lang)
    try:
        given = parser.parse_args(words)
    except SystemExit as stop:
        return 0 if stop.code == 0 else _usage(parser.format_usage().strip(), as_json="--json" in words)
    try:
        cards = [_card(Path(one)) for one in given.trust]
    except (CustodyError, OSError) as error:
        text = error.message if isinstance(error, CustodyError) else "This card cannot be read."
        return _usage(text, as_json=given.json)
    result = verify([Path(one) for one in given.paths], cards)
    if given.json:
        sys.stdout.write(json.dumps({"v": 1, **result.to_json(given.lang)}, ensure_ascii=False) + "\n")
    else:
        sys.stdout.write(_text(result, given.lang))
    return 0 if result.ok else 1


def _parser(lang: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("custody-verify", description=_PURPOSE.of(lang), exit_on_error=True)
    parser.add_argument("paths", nargs="+", metavar="PATH", help=_PATHS.of(lang))
    parser.add_argument("--trust", action="append", default=[], metavar="CARD", help=_TRUST.of(lang))
    parser.add_argument("--json", action="store_true", help=_JSON.of(lang))
    parser.add_argument("--lang", choices=("zh", "en"), default=lang, help=_LANG.of(lang))
    return parser


def _card(path: Path) -> PartyCard:
    return PartyCard.from_json(canonical.decode(path.read_bytes(), strict=False))


def _usage(text: str, *, as_json: bool) -> int:
    if as_json:
        fault = {"slug": "verify.usage", "message": text, "where": {}, "next": "custody-verify --help", "retry": False}
        sys.stdout.write(json.dumps({"v": 1, "error": fault}, ensure_ascii=False) + "\n")
    else:
        sys.stderr.write(text + "\n")
    return 2


def _text(result: VerifyResult, lang: str) -> str:
    told = result.to_json(lang)
    listed, notes = told["faults"], told["not_checked"]
    assert isinstance(listed, list)
    assert isinstance(notes, list)
    lines = [(_GOOD if result.ok else _BAD).of(lang) + f" ({result.kind})"]
    for fault, said in zip(result.faults[:_SHOWN], listed, strict=False):
        assert isinstance(said, dict)
        lines += [f"  {_where(fault.file, fault.row, fault.byte, lang)} [{fault.kind}] {said['text']}"]
    if len(result.faults) > _SHOWN:
        lines.append("  " + _MORE.of(lang).format(len(result.faults) - _SHOWN))
    pinned = _PINNED if result.trust == "pinned" else _UNPINNED
    lines += [pinned.of(lang), *(_SIGNERS.of(lang) + one for one in result.signers), _OPEN.of(lang)]
    return "\n".join([*lines, *(f"  - {one}" for one in notes)]) + "\n"


def _where(file: str, row: int | None, byte: int | None, lang: str) -> str:
    parts = [file or "."]
    parts += [_ROW.of(lang).format(row)] if row is not None else []
    parts += [_BYTE.of(lang).format(byte)] if byte is not None else []
    return ", ".join(parts)


def _language(words: Sequence[str]) -> str:
    for place, word in enumerate(words):
        if word == "--lang" and place + 1 < len(words):
            return "zh" if words[place + 1] == "zh" else "en"
        if word.startswith("--lang="):
            return "zh" if word == "--lang=zh" else "en"
    chosen = os.environ.get("CUSTODY_LANG") or locale.getlocale()[0] or ""
    return "zh" if chosen.lower().startswith(("zh", "chinese")) else "en"


if __name__ == "__main__":
    sys.exit(main())
