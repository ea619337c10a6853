"""Tables that describe other tables: a list of fields and what they mean, as many exports carry beside the data.

A dictionary has a column of field names and one of meanings, told by their headers; `Lead` keeps its rows while they
pass, and nothing of any other table.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

_MOST: Final = 4000
_WIDEST: Final = 16
_FIELD: Final = re.compile(
    r"^(字段|字段名|字段名称|字段代码|字段编码|英文字段|英文字段名|字段英文名|列名|变量|变量名|变量名称|英文名|英文名称|代码名|数据项代码|"
    r"field|fields|column|columns|variable|variables|attribute|element)([ _]?(name|id|code))?$|^name of (field|variable|column)$"
)
_MEANING: Final = re.compile(
    r"中文|含义|说明|描述|注释|释义|解释|字段备注|数据项名称|comment|description|label|meaning|definition|explanation|bezeichnung|libelle|descripcion|descricao"
)
_OF_TABLE: Final = re.compile(r"^(表|表名|表名称|所属表|数据表|table|table[ _]?name|file|sheet|dataset|entity)$")


@dataclass(slots=True)
class Lead:
    """The first rows of a table that may be a dictionary: (table or '', field, meaning)."""

    columns: tuple[str, ...]
    rows: list[tuple[str, str, str]] = field(default_factory=list)
    _places: tuple[int, int, int | None] | None = None

    def __post_init__(self) -> None:
        """Find the columns of field and meaning."""
        self._places = _places([one.strip().lower() for one in self.columns])

    @property
    def wanted(self) -> bool:
        """Whether more rows are of use."""
        return self._places is not None and len(self.rows) < _MOST

    def take(self, columns: Sequence[Sequence[object]]) -> None:
        """Keep the rows of one batch, given column by column."""
        if self._places is None:
            return
        name, meaning, table = self._places
        for place in range(min(len(columns[name]), _MOST - len(self.rows))):
            told = ["" if at is None else str(columns[at][place] or "").strip() for at in (table, name, meaning)]
            if told[1] and told[2]:
                self.rows.append((told[0], told[1], told[2]))


def _places(names: Sequence[str]) -> tuple[int, int, int | None] | None:
    if len(names) > _WIDEST:
        return None
    field_at = next((place for place, one in enumerate(names) if _FIELD.match(one)), None)
    means_at = next((place for place, one in enumerate(names) if place != field_at and _MEANING.search(one)), None)
    if field_at is None or means_at is None:
        return None
    return field_at, means_at, next((place for place, one in enumerate(names) if _OF_TABLE.match(one)), None)
