"""`customer_care.xlsx`: the service desk's workbook with three sheets.

订阅 has a title above its header and real dates; 工单 has free text and a card column whose cells are text, but for
some that were typed as numbers and so lost their last digits; 偏好 says who does not want to be handed over (拒绝转让).
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from types import TracebackType
from typing import TYPE_CHECKING, Final, Self

import xlsxwriter

from custody_sample import numbers, remarks
from custody_sample.chance import Share, day, pick, stream
from custody_sample.company import AS_OF, SELLER
from custody_sample.facts import BrokenLine, Tally
from custody_sample.people import People
from custody_sample.person import Person

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

NAME: Final = "customer_care.xlsx"
SUBSCRIPTIONS: Final = "订阅"
CASES: Final = "工单"
PREFERENCES: Final = "偏好"
COLUMNS: Final = {
    SUBSCRIPTIONS: ("订阅号", "客户编号", "套餐", "开始日期", "到期日期", "状态", "月费", "支付方式"),
    CASES: ("工单号", "客户编号", "受理时间", "渠道", "状态", "退款卡号", "处理人", "备注"),
    PREFERENCES: ("客户编号", "喜欢的类别", "语言", "联系时段", "拒绝转让", "更新时间"),
}
_TITLE: Final = f"{SELLER.zh}　订阅名单（导出于 {AS_OF}）"
_EVERY: Final = {"subscription": 5, "case": 9, "preference": 3, "damaged card": 2500, "orphan case": 1000}
_PLANS: Final = (("每月一书", 28.0), ("童书盒子", 58.0), ("有声会员", 15.5), ("Foreign Editions", 88.0))
_CASE_TEXT: Final = (("phone", 250), ("address", 200), ("third", 150), ("card", 100), ("health", 100), ("decoy", 200))
_STATES: Final = (("待处理", 180), ("处理中", 140), ("已关闭", 680))
_WAYS: Final = ("电话", "微信", "门店", "邮件")
_CLERKS: Final = ("周宁", "李青", "Tom", "小郭")

Cell = str | float | date


class Care:
    """Writes the three sheets side by side."""

    def __init__(self, directory: Path, people: People, tally: Tally) -> None:
        self._people, self._tally = people, tally
        self._shares = {name: Share(people.seed, name, people.total, every) for name, every in _EVERY.items()}
        self._book = xlsxwriter.Workbook(
            directory / NAME,
            {"constant_memory": True},  # rows go to disk as they come
        )
        self._sheets: dict[str, Worksheet] = {}
        self._next: dict[str, int] = {}

    def __enter__(self) -> Self:
        made = datetime(AS_OF.year, AS_OF.month, AS_OF.day, 9, 30, tzinfo=UTC).replace(tzinfo=None)
        self._book.set_properties({"title": "customer care", "author": "Qinghe Books", "created": made})
        self._day = self._book.add_format({"num_format": "yyyy-mm-dd"})
        for name, columns in COLUMNS.items():
            sheet, top = self._book.add_worksheet(name), 0
            if name == SUBSCRIPTIONS:
                sheet.write_string(0, 0, _TITLE)
                top = 1
            for place, column in enumerate(columns):
                sheet.write_string(top, place, column)
            self._sheets[name], self._next[name] = sheet, top + 1
            self._tally.rows[_table(name)] = 0
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._book.close()

    def add(self, index: int, person: Person) -> None:
        """The customer's rows on each sheet."""
        rng = stream(self._people.seed, "care", index)
        if self._shares["subscription"].has(index):
            self._subscription(rng, person)
        rank = self._shares["case"].rank(index)
        if rank is not None:
            self._case(rng, person.number, _STATES[rank][0] if rank < len(_STATES) else pick(rng, _STATES))
        if self._shares["damaged card"].has(index):
            self._damaged(rng, person.number)
        rank = self._shares["orphan case"].rank(index)
        if rank is not None:
            self._tally.orphans[_table(CASES)] += 1
            self._case(rng, f"QH{91_000_000 + rank}", "已关闭")
        objects = self._people.shares["objector"].has(index)
        if objects:
            self._tally.people["objector"] += 1
        if objects or self._shares["preference"].has(index):
            self._preference(rng, person.number, objects=objects)

    def _subscription(self, rng: Random, person: Person) -> None:
        plan, fee = rng.choice(_PLANS)
        start = day(rng, date(2023, 6, 1), AS_OF - timedelta(days=5))
        end = start + timedelta(days=365 * rng.randrange(1, 4))
        state = "已退订" if rng.randrange(8) == 0 else "进行中" if end > AS_OF else "已到期"
        self._tally.subscriptions[state] += 1
        number = f"SUB-{self._next[SUBSCRIPTIONS]:06d}"
        paid = rng.choice(("微信支付", "支付宝", "银行卡"))
        self._write(SUBSCRIPTIONS, (number, person.number, plan, start, end.isoformat(), state, fee, paid))

    def _case(self, rng: Random, customer: str, state: str) -> None:
        self._tally.cases[state] += 1
        card = numbers.card(rng)[1] if rng.randrange(5) == 0 else ""
        self._write(CASES, self._case_cells(rng, customer, state, card))

    def _damaged(self, rng: Random, customer: str) -> None:
        """A card typed into a number cell: a spreadsheet keeps 15 digits."""
        row = self._next[CASES]
        self._tally.broken.append(BrokenLine(_table(CASES), NAME, row + 1, row, "number damaged", "退款卡号"))
        card = float(f"{float(numbers.card(rng)[1]):.15g}")
        self._write(CASES, self._case_cells(rng, customer, "已关闭", card))

    def _case_cells(self, rng: Random, customer: str, state: str, card: Cell) -> tuple[Cell, ...]:
        number, taken = f"GD{self._next[CASES]:07d}", day(rng, date(2025, 3, 1), AS_OF)
        at = f"{taken} {rng.randrange(9, 21):02d}:{rng.randrange(60):02d}"
        text = remarks.remark(rng, pick(rng, _CASE_TEXT))
        return number, customer, at, rng.choice(_WAYS), state, card, rng.choice(_CLERKS), text

    def _preference(self, rng: Random, customer: str, *, objects: bool) -> None:
        flag = "是" if objects else rng.choice(("", "", "否"))
        likes, tongue = rng.choice(("推理", "童书", "历史", "文学", "Mystery")), rng.choice(("中文", "中文", "English"))
        hours = rng.choice(("上午", "晚上", "周末", "不要打电话"))
        at = day(rng, date(2025, 1, 1), AS_OF).isoformat()
        self._write(PREFERENCES, (customer, likes, tongue, hours, flag, at))

    def _write(self, name: str, cells: Sequence[Cell]) -> None:
        sheet, row = self._sheets[name], self._next[name]
        for place, cell in enumerate(cells):
            if isinstance(cell, str):
                sheet.write_string(row, place, cell)
            elif isinstance(cell, date):
                sheet.write_datetime(row, place, cell, self._day)
            else:
                sheet.write_number(row, place, cell)
        self._next[name] = row + 1
        self._tally.rows[_table(name)] += 1


def _table(sheet: str) -> str:
    return f"customer_care.{sheet}"
