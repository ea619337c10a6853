"""What one person answered to one question, as it is signed and given to them (spec/consent.md). It names nobody."""

from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal, TypeAlias

from custody.package.shape import Code, Deal, Digest, Form, Instant, Name

Record: TypeAlias = Annotated[str, Form(r"cns_[0-7][0-9A-HJKMNP-TV-Z]{25}")]


@dataclass(frozen=True, slots=True)
class Called:
    """A company in the languages of its card, and how a customer reaches it."""

    zh: Name
    en: Name
    contact: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One answer. `previous` is the digest of the answer it takes the place of; `text` is what was shown, whole; `evidence` the list that tells of it."""

    KIND: ClassVar[str] = "answer"
    record: Record
    version: int
    deal: Deal | None = None
    question: Code
    act: Literal["given", "refused", "withdrawn", "objected", "lifted"]
    controller: Called
    recipients: tuple[Called, ...]
    purposes: tuple[Code, ...]
    categories: tuple[Code, ...]
    text: str
    wording: Code
    language: Literal["zh", "en"]
    withdrawal: str
    expression: Literal["button", "letter", "phone", "email", "desk", "list"]
    proof: tuple[Code, ...]
    capacity: Literal["self", "guardian"]
    relation: Code | None = None
    answered_at: Instant
    previous: Digest | None = None
    evidence: Digest | None = None
