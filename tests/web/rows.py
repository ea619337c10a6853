"""How a route is asked in the permission matrix, and who is let through."""

from collections.abc import Mapping
from dataclasses import dataclass

from custody.model.party import MACHINES, ROLES

ALL = frozenset(ROLES)
STAFF = ALL - MACHINES  # a machine signs in nowhere
HANDS = frozenset({"owner", "data", "privacy", "advisor"})
PAPERS = frozenset({"owner", "privacy", "lawyer", "advisor"})


@dataclass(frozen=True)
class Row:
    """How a route is asked, who is let through, and whether it is open to anybody; `form` makes it a POST that changes nothing."""

    path: str
    who: frozenset[str] = ALL
    form: Mapping[str, str] | None = None
    open: bool = False
    side: str = "seller"


def get(path: str, who: frozenset[str] = ALL, **more: object) -> Row:
    return Row(path, who, **more)


def post(path: str, who: frozenset[str] = ALL, side: str = "seller", **form: str) -> Row:
    return Row(path, who, form, side=side)


DEAL, SUBJECT, ARRIVAL = "{deal}", "{subject}", "{arrival}"
INTAKE = "{intake}"
