"""What can go wrong, sorted by whose fault it is.

Each error carries a stable slug (`area.fault`), a sentence that says what happened, one that says what to do
next, and where (file, row, field: never a value of a person). The faces map the class to an exit code or a
status; nothing below them prints or exits. `docs/reference/errors.md` lists every slug.
"""

from collections.abc import Mapping
from typing import ClassVar

Where = Mapping[str, str | int | None]


class CustodyError(Exception):
    """Root of everything custody raises on purpose."""

    fault: ClassVar[str] = "custody"
    exit_code: int = 4
    retry: bool = False
    zh: str = ""
    """The same sentence in Chinese, where it is composed; the catalogue's otherwise."""

    def __init__(self, slug: str, message: str, *, next: str = "", where: Where | None = None) -> None:  # noqa: A002 - the envelope's word
        super().__init__(message)
        self.slug = slug
        self.message = message
        self.next = next
        self.where: dict[str, str | int | None] = dict(where or {})

    @classmethod
    def from_envelope(cls, told: Mapping[str, object]) -> "CustodyError":
        """An error as it was told before; whose fault it was where that was kept with it, as `of`."""
        where, of = told.get("where"), told.get("of")
        made = next((one for one in cls.__subclasses__() if one.__name__ == of), cls)
        return made(str(told["slug"]), str(told.get("message", "")), next=str(told.get("next", "")),
                   where=where if isinstance(where, dict) else None)  # fmt: skip

    def envelope(self) -> dict[str, object]:
        """The `error` object of the JSON envelope (docs/architecture.md §8)."""
        return {
            "slug": self.slug,
            "message": self.message,
            "where": self.where,
            "next": self.next,
            "retry": self.retry,
        }


class Refused(CustodyError):
    """The law, a gate or a second person says no. Exit 1."""

    fault = "law"
    exit_code = 1


class Denied(CustodyError):
    """The acting person may not do this. Exit 1."""

    fault = "person"
    exit_code = 1


class Broken(CustodyError):
    """Evidence does not verify. `kind` is one of the verifier's fault classes (spec/package.md). Exit 1."""

    fault = "evidence"
    exit_code = 1

    def __init__(
        self,
        slug: str,
        message: str,
        *,
        kind: str = "malformed",
        next: str = "",  # noqa: A002 - the envelope's word
        where: Where | None = None,
    ) -> None:
        super().__init__(slug, message, next=next, where=where)
        self.kind = kind


class Malformed(CustodyError):
    """An input file or argument is not of its form. Names file, line, key. Exit 2."""

    fault = "input"
    exit_code = 2


class Missing(CustodyError):
    """What was named does not exist, or the name is ambiguous. Exit 2."""

    fault = "input"
    exit_code = 2


class Unavailable(CustodyError):
    """The world failed: disk, store, provider, network, a busy lock. Exit 3."""

    fault = "environment"
    exit_code = 3

    def __init__(
        self,
        slug: str,
        message: str,
        *,
        retry: bool = False,
        next: str = "",  # noqa: A002 - the envelope's word
        where: Where | None = None,
    ) -> None:
        super().__init__(slug, message, next=next, where=where)
        self.retry = retry
