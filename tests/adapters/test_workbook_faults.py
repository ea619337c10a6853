"""Workbooks that hold errors keep them as text; workbooks with a password are refused with the next step."""

from pathlib import Path

import pytest
import xlsxwriter
from compound_made import compound, old_workbook
from open_made import binary_workbook, error, open_document, record

from custody.adapters.sources.faulty_binary import records
from custody.adapters.sources.opener import FileOpener
from custody.adapters.sources.workbook import WorkbookSource
from custody.base.errors import Malformed
from custody.ports.source import Quarantined

HEAD = ["姓名", "电话", "备注"]


def cells(path: Path, sheet: str) -> list[list[str]]:
    """The rows of a sheet as they are read; nothing may be quarantined."""
    source, kept = WorkbookSource(path, path.name, "book"), list[Quarantined]()
    rows = [
        list(row)
        for batch in source.read(f"book.{sheet}", kept.append)
        for row in zip(*batch.data.to_pydict().values(), strict=True)
    ]
    source.close()
    assert kept == []
    return rows


def test_an_error_in_a_cell_is_kept_as_its_text(tmp_path: Path):
    """#N/A and #DIV/0! stand where the sheet shows them, in any sheet, below titles and beside an offset; what is empty stays empty."""
    path = tmp_path / "book.xlsx"
    with xlsxwriter.Workbook(path) as book:
        for name, top, left in (("客户 & 会员", 0, 0), ("two", 4, 2)):
            sheet = book.add_worksheet(name)
            sheet.write_row(top, left, HEAD)
            sheet.write_row(top + 1, left, ["王小明", "13812345678"])
            sheet.write_string(top + 2, left, "李雷")
            sheet.write_formula(top + 2, left + 1, "=NA()", None, "#N/A")
            sheet.write_formula(top + 2, left + 2, "=1/0", None, "#DIV/0!")
            sheet.write_string(top + 3, left, "#N/A")
    wanted = [["王小明", "13812345678", ""], ["李雷", "#N/A", "#DIV/0!"], ["#N/A", "", ""]]
    assert cells(path, "客户 & 会员") == wanted
    assert [row[-3:] for row in cells(path, "two")] == wanted


def test_an_error_in_a_long_sheet_is_found(tmp_path: Path):
    """Errors are found wherever they stand among many thousand rows, and once each."""
    path = tmp_path / "book.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("s")
        sheet.write_row(0, 0, HEAD)
        for row in range(1, 12_001):
            sheet.write_row(row, 0, [f"人{row}", f"{13800000000 + row}", "备注" * 9])
            if row % 997 == 0:
                sheet.write_formula(row, 2, "=NA()", None, "#N/A")
    read = [row[2] for row in cells(path, "s")]
    assert [place + 1 for place, text in enumerate(read) if text == "#N/A"] == list(range(997, 12_001, 997))


def test_an_error_in_an_old_workbook_is_kept(tmp_path: Path):
    """The same holds for .xls: BOOLERR records become the text the sheet shows."""
    book = old_workbook([HEAD, ["王小明", 0x2A, "好"], ["李雷", "13900000000", 0x17]])
    path = compound(tmp_path / "book.xls", {"Workbook": book})
    assert cells(path, "S") == [["王小明", "#N/A", "好"], ["李雷", "13900000000", "#REF!"]]


@pytest.mark.parametrize(("name", "streams"), [
    ("locked.xlsx", {"EncryptionInfo": b"\x04\x00\x04\x00\x40\x00\x00\x00<encryption/>", "EncryptedPackage": bytes(range(256)) * 20}),
    ("locked.xls", {"Workbook": old_workbook([HEAD, ["王小明", "1", "2"]], locked=True)}),
    ("named-old.xls", {"EncryptionInfo": b"\x04\x00\x04\x00\x40\x00\x00\x00<encryption/>", "EncryptedPackage": bytes(range(256)) * 20}),
    ("named-text.csv", {"EncryptionInfo": b"\x04\x00\x04\x00\x40\x00\x00\x00<encryption/>", "EncryptedPackage": bytes(range(256)) * 20}),
])  # fmt: skip
def test_a_workbook_with_a_password_is_refused_with_the_next_step(tmp_path: Path, name: str, streams: dict[str, bytes]):
    """Old and new workbooks under a password are file.encrypted, say how to go on, and name the file alone."""
    path = compound(tmp_path / name, streams)
    with pytest.raises(Malformed) as fault:
        WorkbookSource(path, name, "locked").heads()
    assert fault.value.slug == "file.encrypted"
    assert "password" in fault.value.next
    assert fault.value.where == {"file": name}


def fault_of(path: Path) -> str:
    """The slug of the fault that reading the workbook meets, '' for none."""
    source, kept = WorkbookSource(path, path.name, "broken"), list[Quarantined]()
    try:
        for head in source.heads():
            list(source.read(head.name, kept.append))
    except Malformed as fault:
        return fault.slug
    return ""


def test_a_broken_container_is_told_and_hangs_nobody(tmp_path: Path):
    """A compound file whose chains run in a circle or beyond the end is unreadable, whichever link is broken."""
    whole = compound(tmp_path / "book.xls", {"Workbook": old_workbook([HEAD, ["王", "1", 7]])}).read_bytes()
    told = {}
    for place in (48, 68, 512, 516, 520, 524, 1140):
        path = tmp_path / f"broken{place}.xls"
        path.write_bytes(whole[:place] + b"\x01\x00\x00\x00" + whole[place + 4 :])
        told[place] = fault_of(path)
    assert told[68] == told[516] == "file.unreadable"
    assert set(told.values()) <= {"", "file.unreadable", "file.empty"}


def test_scanning_a_folder_reports_a_locked_workbook(tmp_path: Path):
    """In a folder it is left out by name and reason; the rest is read."""
    compound(tmp_path / "locked.xls", {"Workbook": old_workbook([HEAD], locked=True)})
    (tmp_path / "ok.csv").write_text("姓名,电话\n王小明,13812345678\n", encoding="utf-8")
    met: list[Quarantined] = []
    tables = [head.name for source in FileOpener().open(str(tmp_path), met.append) for head in source.heads()]
    assert tables == ["ok"]
    assert [(one.file, one.reason) for one in met] == [("locked.xls", "file.encrypted")]


def test_an_error_in_an_opendocument_sheet_is_kept(tmp_path: Path):
    """The same holds for .ods, in rows and cells that stand for several, and in no sheet but its own."""
    path = tmp_path / "book.ods"
    rows = [[*HEAD], ["王小明", error("#N/A"), "好"], ["李雷", "139", error("#DIV/0!")]]
    open_document(path, {"别": [[*HEAD], ["甲", "1", error("Err:502")]], "S & T": rows}, repeat=2)
    assert cells(path, "S & T") == [["王小明", "#N/A", "好"]] * 2 + [["李雷", "139", "#DIV/0!"]] * 2
    assert cells(path, "别") == [["甲", "1", "Err:502"]] * 2


def test_an_error_in_a_binary_workbook_is_kept(tmp_path: Path):
    """The same holds for .xlsb: error cells and formulas that end in one become the text the sheet shows."""
    path = tmp_path / "book.xlsb"
    binary_workbook(path, "客户", [[*HEAD], ["王小明", 0x2A, "好"], ["李雷", "139", 0x07]])
    assert cells(path, "客户") == [["王小明", "#N/A", "好"], ["李雷", "139", "#DIV/0!"]]


@pytest.mark.parametrize("size", range(0, 60, 7))
def test_a_binary_part_that_ends_early_has_the_records_before(size: int):
    """Records that are cut off end the reading; none is made up."""
    whole = record(0, bytes(25)) + record(3, bytes(8) + b"\x2a") + record(156, bytes(30))
    found = list(records(whole[:size]))
    assert found[: size // 40] == list(records(whole))[: size // 40]
    assert len(found) <= 3
