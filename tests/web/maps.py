"""What a reviewer does with the map of an intake: a look at each column that waits, then a yes to the rest of its table."""

import html
import re

from tests.web.visitor import Visitor


def looked(owner: Visitor, page: str, table: str) -> None:
    """Every column that waits is confirmed by itself, and the table with it."""
    for column in waiting(owner, page):
        owner.post(f"{page}/change", do="confirm", table=table, column=column, shown=owner.field("shown"), show="waits")
        assert owner.status == 200, column
    owner.post(f"{page}/change", do="confirm-all", table=table, shown=owner.field("shown"), show="all")
    assert owner.status == 200, table


def waiting(owner: Visitor, page: str) -> list[str]:
    """The columns of the first table that waits."""
    return [html.unescape(one) for one in re.findall(r'data-column="([^"]+)"', owner.get(f"{page}?show=waits"))]
