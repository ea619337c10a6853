"""Verbs of the data: scan, seal."""

from collections.abc import Sequence
from pathlib import Path

from custody import wiring
from custody.base.errors import Malformed
from custody.cli.pages.scan_page import scan_page
from custody.cli.show import facts
from custody.cli.show_scan import show_scan
from custody.cli.verb import PATH, Call, Result, Verb, argument, option
from custody.cli.words import Words
from custody.services.scan import map_text, scan
from custody.services.scan_values import scan_values
from custody.services.seal import seal


def _scan(
    call: Call,
    sources: Sequence[str],
    to: Path | None,
    values: bool,
    encoding: Sequence[str],
    password_file: Path | None,
    report: Path | None,
    fresh: bool,
) -> Result:
    opener = wiring.sources(_answers(encoding), password_file, where=call.home)
    if values:
        return scan_values(opener, sources)
    # A map that people have reviewed is never overwritten by a proposal: what they decided is carried into the new one.
    before = wiring.folder(to.parent).read(to.name).decode() if to is not None and to.is_file() and not fresh else ""
    found = scan(opener, sources, before)
    if to is not None:
        wiring.folder(to.parent).write(to.name, map_text(found.datamap, before).encode())
    if report is not None:
        wiring.folder(report.parent).write(report.name, scan_page(found.shown, call.lang).encode())
    return found.result


def _answers(told: Sequence[str]) -> dict[str, str]:
    """{file: encoding}. Raises Malformed `encoding.answer`."""
    for one in told:
        if "=" not in one:
            raise Malformed(
                "encoding.answer", "An encoding is told as FILE=ENCODING.", next="--encoding kunden.csv=cp1252"
            )
    return dict(one.rsplit("=", 1) for one in told)


def _seal(
    call: Call, datamap: Path, source: Sequence[str], vault: str, suite: int | None, password_file: Path | None
) -> Result:
    text = wiring.folder(datamap.parent).read(datamap.name).decode()
    with wiring.desk(call.home, call.acting, call.passphrase_file, password_file) as desk:
        return seal(desk, text, source, vault, suite=suite)


SUITE = Words(
    "新保险库的密码套件：1 为 AES-256-GCM（默认），2 为 SM4-GCM 与 SM3",
    "suite of a new vault: 1 is AES-256-GCM (unless said), 2 is SM4-GCM with SM3",
)
_PASSWORD = option(
    "--password-file", words=Words("数据库口令文件（仅本人可读）", "file that holds a database's password, readable by its owner alone"),
    kind=PATH,
)  # fmt: skip

VERBS = (
    Verb(
        "scan",
        Words("查看有哪些个人信息，写出数据地图", "find what personal data there is and write the data map"),
        (
            argument("sources", many=True),
            option("-o", "--to", "to", words=Words("数据地图写到", "write the data map to"), kind=PATH),
            option(
                "--values",
                words=Words("查找值和文本中的个人信息", "find personal data inside values and text"),
                flag=True,
            ),
            option("--encoding", words=Words("指定编码 文件=编码", "say an encoding: FILE=ENCODING"), many=True),
            _PASSWORD,
            option(
                "--fresh",
                words=Words("不沿用文件里已有的决定", "carry over nothing of the data map that the file holds"),
                flag=True,
            ),
            option("--report", words=Words("扫描报告写到（HTML）", "write the scan report to (HTML)"), kind=PATH),
        ),
        _scan,
        show_scan,
        "custody scan shop/ -o datamap.yaml --report scan.html",
    ),
    Verb(
        "seal",
        Words("按数据地图封存到保险库", "seal the mapped sources into a vault"),
        (
            argument("datamap", kind=PATH),
            option("--source", words=Words("数据源，可多次", "a source, repeatable"), many=True, required=True),
            option("--vault", words=Words("保险库名", "name of the vault"), default="main"),
            option("--suite", words=SUITE, kind=int),
            _PASSWORD,
        ),
        _seal,
        facts,
        "custody seal datamap.yaml --source shop/ --vault main",
    ),
)
