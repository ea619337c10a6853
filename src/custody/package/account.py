"""The predicate of an account of looks (spec/access.md §5): entries with their openings, for whoever must check them."""

import hashlib
from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

from custody.base import canonical
from custody.base.errors import CustodyError
from custody.package.shape import Form, Hex32, Name

Text = Annotated[str, Form(r"[^\x00-\x1f\x7f]{1,4096}")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One look: the entry's text, and the opening of its commitment where it still opens."""

    n: int
    entry: Text
    salt: Hex32 | None
    detail: Text | None

    def fault(self, of: str, name: str) -> str:
        """What is wrong with it by itself: a code of the verifier, or nothing."""
        try:
            said = canonical.decode(self.entry.encode())
            detail = canonical.decode(self.detail.encode()) if self.detail else None
        except CustodyError:
            return "account.form"
        if not isinstance(said, dict) or said.get("n") != self.n or not isinstance(said.get("says"), dict):
            return "account.form"
        if (self.salt is None) != (self.detail is None):
            return "account.form"
        if self.salt is not None and self.detail is not None:
            made = hashlib.sha256(bytes.fromhex(self.salt) + self.detail.encode()).hexdigest()
            if made != said.get("c"):
                return "account.opening"
        says = said["says"]
        assert isinstance(says, dict)
        whose = detail.get("subject") if isinstance(detail, dict) else None
        fits = whose == name if of == "customer" else says.get("principal") == name
        return "" if fits else "account.whose"


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Who saw a customer, or what a person saw: every such entry of the ledger up to `size`."""

    KIND: ClassVar[str] = "account"
    of: Literal["customer", "person"]
    name: Name
    space: Name
    size: int
    entries: tuple[Line, ...]
