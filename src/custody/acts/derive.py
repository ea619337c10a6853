"""One fact row per subject, derived while sealing: what the gate must know of a person, and nothing else (docs/architecture.md §4)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from custody.acts.rows import Value
from custody.base.canonical import Json
from custody.classify import persons
from custody.classify.spans import sensitive_words
from custody.model.datamap import TableMap

_REFUSAL: Final = ("拒绝转让", "donottransfer", "transferrefused")
# An order or a case that is done does not end the relationship; a subscription or membership that ended does.
_DONE_EN: Final = ("completed", "complete", "closed", "done", "delivered", "refunded", "shipped", "returned")
_DONE_ZH: Final = ("已完成", "已关闭", "已退款", "已签收", "已收货", "交易成功", "完成", "关闭")
_DONE: Final = frozenset((*_DONE_EN, *_DONE_ZH))
_YES: Final = frozenset(("是", "y", "yes", "true", "1", "t", "拒绝"))


_SAYING: Final = frozenset((
    "person.birth_date", "id.cn_resident", "text.free", "trade.time", "contact.country", "contact.region", "contact.address",
))  # fmt: skip


@dataclass(slots=True)
class PersonFacts:
    """What rows have said of one person so far; `lives` is what the signed map says of their table, `unclear` that a row speaks against it."""

    kind: str
    born: date | None = None
    place: str = ""
    categories: set[str] = field(default_factory=set)
    status: str = ""
    last: str = ""
    objected: bool = False
    no_contact: bool = False
    lives: str = ""
    unclear: bool = False

    def to_json(self) -> dict[str, Json]:
        """The fact row. Absent means unknown, and unknown never clears."""
        value: dict[str, Json] = {"kind": self.kind, "categories": sorted(self.categories)}
        if place := self.place or ("" if self.unclear else self.lives):
            value["residence"] = place
        if self.born:
            value |= {f"turns_{years}_on": persons.turns(self.born, years).isoformat() for years in (13, 14, 16, 18)}
        if self.status:
            value["contract_status"] = self.status
        if self.last:
            value["last_activity"] = self.last[:7]
        return value

    def under(self, years: int, on: date) -> bool:
        """Whether the person is known to be younger than `years` on that day."""
        return self.born is not None and persons.turns(self.born, years) > on


class Deriver:
    """Reads the telling columns of one table, row by row. `stated`: some table of the map says where its people live."""

    def __init__(self, table: TableMap, samples: Mapping[str, Iterable[str]], *, stated: bool = False) -> None:
        self._by_class: dict[str, list[int]] = {}
        for place, column in enumerate(table.columns):
            self._by_class.setdefault(column.cls, []).append(place)
        # Device identifiers are general data, but a law of its own (28 CFR 202) counts the people who have them.
        told = (
            (place, c.cls)
            for place, c in enumerate(table.columns)
            if c.level == "sensitive" or c.cls.startswith("device.")
        )
        self._telling = list(told)
        self._status = [
            p
            for p, c in enumerate(table.columns)
            if c.name.lower() in {"status", "状态", "订单状态", "contract_status"}
        ]
        self._lives, self._is_stated = table.residence, stated
        self._refusal = [p for p, c in enumerate(table.columns) if c.name.lower().replace("_", "") in _REFUSAL]
        births = self._by_class.get("person.birth_date", [])
        names = [table.columns[place].name for place in births]
        self._day_first = {
            place: persons.day_first(samples.get(name, ())) for place, name in zip(births, names, strict=True)
        }

    @property
    def silent(self) -> bool:
        """Whether no row of this table says anything of anybody."""
        return not (self._telling or self._status or self._refusal or self._lives or _SAYING & self._by_class.keys())

    def learn(self, person: PersonFacts, values: Sequence[Value]) -> None:
        """Take in one row of the person."""
        for place in self._by_class.get("person.birth_date", ()):
            person.born = person.born or persons.birth_date(_text(values[place]), day_first=self._day_first[place])
        for place in self._by_class.get("id.cn_resident", ()):
            person.born = person.born or persons.birth_of_id(_text(values[place]))
        person.place = person.place or self._place(values)
        if self._is_stated:
            self._stated(person, values)
        person.categories.update(cls for place, cls in self._telling if _text(values[place]).strip())
        for place in self._by_class.get("text.free", ()):
            person.categories.update(sensitive_words(_text(values[place])))
        for place in self._status:
            word = _text(values[place]).strip().lower()
            said = "" if word in _DONE else persons.contract_status(word)
            person.status = "active" if "active" in {said, person.status} else said or person.status
        for place in self._by_class.get("trade.time", ()):
            person.last = max(person.last, _iso(_text(values[place])))
        person.objected = person.objected or any(_text(values[p]).strip().lower() in _YES for p in self._refusal)

    def _stated(self, person: PersonFacts, values: Sequence[Value]) -> None:
        """What the map states of the table's people holds until a row, of whatever table, speaks against it: unknown never clears."""
        person.unclear = person.unclear or bool(self._lives and person.lives and self._lives != person.lives)
        person.lives = person.lives or self._lives
        if person.place:
            return
        if any(_text(values[place]).strip() for place in self._by_class.get("contact.country", ())):
            person.unclear = True  # a country that nobody could read
        written = (*self._by_class.get("contact.region", ()), *self._by_class.get("contact.address", ()))
        person.unclear = person.unclear or any(
            not persons.may_live(person.lives or "CN", text)
            for place in written
            if (text := _text(values[place]).strip())
        )

    def _place(self, values: Sequence[Value]) -> str:
        for place in self._by_class.get("contact.country", ()):
            if text := _text(values[place]).strip():
                return persons.country(text)
        for place in (*self._by_class.get("contact.region", ()), *self._by_class.get("contact.address", ())):
            if _text(values[place]).strip().startswith(persons.provinces()):
                return "CN"
        return ""


def _iso(text: str) -> str:
    return text[:10].replace("/", "-") if len(text) >= 10 and text[:4].isdigit() else ""


def _text(value: Value) -> str:
    return "" if value is None else str(value)
