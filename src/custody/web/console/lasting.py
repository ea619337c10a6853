"""What is kept beside a deal names it by its id, and is shown by what the deal is called when somebody looks.

A reference may come to mean another deal: one that came from a seller shares it with the first that is opened here later.
"""

from collections.abc import Iterable, Mapping

from custody.acts.desk import Desk
from custody.services.deal_meant import deal_meant
from custody.web.console.models import Delivery, Notice, Task

_DEALS = ["", "deals"]


def deal_of(at: Desk, ref: str) -> str:
    """The id of the deal that is meant by a reference now; nothing where it is no deal's."""
    return deal_meant(at, [ref]).get(ref, ("", ""))[0] if ref else ""


def address(at: Desk, url: str) -> str:
    """A page's address that lasts: it names its deal by the id."""
    word = _word(url)
    meant = deal_meant(at, [word]).get(word) if word else None
    return _over(url, meant[0]) if meant else url


def named(at: Desk, rows: "Iterable[Notice | Task | Delivery]") -> None:
    """Each row says and links its deal by what that is called now; nothing of it is written."""
    kept = [one for one in rows if one.deal]
    names = deal_meant(at, {one.deal for one in kept}) if kept else {}
    for one in kept:
        _name(one, names)


def _name(one: "Notice | Task | Delivery", names: Mapping[str, tuple[str, str]]) -> None:
    if (meant := names.get(one.deal)) is None:
        return
    one.ref = meant[1]
    if not isinstance(one, Task) and _word(one.url) == one.deal:
        one.url = _over(one.url, meant[1])
    if isinstance(one, Delivery) and one.event:
        one.event = {**one.event, "deal": meant[1]}


def _word(url: str) -> str:
    parts = url.split("/")
    return parts[2] if parts[:2] == _DEALS and len(parts) > 2 else ""


def _over(url: str, name: str) -> str:
    parts = url.split("/")
    return "/".join([*parts[:2], name, *parts[3:]])
