"""PDF through typst: data goes in as JSON, never as source, and a glyph that the font lacks stops the job.

typst leaves out what a font cannot draw, silently; so every code point of the data is checked against the font's own
table first, and typst's warnings are errors.
"""

import io
import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

import pylopdf_fonts_zh_cn
import typst
from fontTools.ttLib import TTCollection, TTFont

from custody.base.errors import Unavailable

_TEMPLATES: Final = Path(__file__).with_name("templates")


def render(template: str, data: Mapping[str, Any]) -> bytes:
    """`template` filled with `data`. Raises Unavailable `pdf.glyph`, `pdf.failed`."""
    text = json.dumps(data, ensure_ascii=False)
    missing = sorted({one for one in text if ord(one) > 0x7F} - _drawable())
    if missing:
        raise Unavailable(
            "pdf.glyph", f"The font cannot draw U+{ord(missing[0]):04X}.", next="Install a font that has it."
        )
    try:
        made, warnings = typst.compile_with_warnings(
            str(_TEMPLATES / f"{template}.typ"), font_paths=[str(one.parent) for one in _fonts()], ignore_system_fonts=True,
            sys_inputs={"data": text}, format="pdf",
        )  # fmt: skip
    except (typst.TypstError, RuntimeError) as error:
        raise Unavailable("pdf.failed", "The PDF could not be made.") from error
    if warnings:
        raise Unavailable(
            "pdf.failed", "The PDF could not be made without fault.", next="Look at the template and the font."
        )
    assert isinstance(made, bytes)
    return made


@cache
def _drawable() -> frozenset[str]:
    found: set[str] = set()
    for path in _fonts():
        data = path.read_bytes()
        fonts = TTCollection(io.BytesIO(data)).fonts if data[:4] == b"ttcf" else [TTFont(io.BytesIO(data))]
        for font in fonts:
            found |= {chr(point) for point in font.getBestCmap()}
    return frozenset(found)


def _fonts() -> Iterator[Path]:
    folder = Path(pylopdf_fonts_zh_cn.__file__).parent
    return (one for one in sorted(folder.rglob("*")) if one.suffix.lower() in {".otf", ".ttf", ".ttc"})
