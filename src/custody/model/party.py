"""Parties and the people who act for them."""

from dataclasses import dataclass
from typing import Final

from custody.base.canonical import Json
from custody.base.errors import Malformed
from custody.base.signing import Identity

ROLES: Final = (
    "advisor",
    "owner",
    "privacy",
    "lawyer",
    "data",
    "department",
    "operator",
    "auditor",
    "portal",
    "api",
    "api-decides",
    "api-lets-in",
    "timer",
)
MACHINES: Final = frozenset(("portal", "api", "api-decides", "api-lets-in", "timer"))
"""Roles of processes: they sign in nowhere, approve nothing and see no value (spec/api.md §1)."""
EVERY_DEAL: Final = frozenset(("owner", "auditor")) | MACHINES
"""Who sees every deal of the company: everybody else those that they are a member of (docs/adr/0076)."""
HOSTING: Final = ("separate", "advisor")


@dataclass(frozen=True, slots=True)
class PartyCard:
    """What a company shows of itself (spec/identity.md): exchanged once, its fingerprint compared out of band by two people."""

    id: str
    name_zh: str
    name_en: str
    uscc: str
    place: str
    identity: Identity
    hosting: str

    def to_json(self) -> dict[str, Json]:
        """The content of `party.json`."""
        return {
            "v": 1,
            "id": self.id,
            "name": {"zh": self.name_zh, "en": self.name_en},
            "uscc": self.uscc,
            "place": self.place,
            "identity": self.identity.to_json(),
            "hosting": self.hosting,
        }

    @classmethod
    def from_json(cls, value: Json) -> "PartyCard":
        """Raises Malformed `party.card` for anything that is not a card."""
        try:
            assert isinstance(value, dict)
            name = value["name"]
            assert isinstance(name, dict)
            identity = value["identity"]
            assert isinstance(identity, dict)
            fields = [value["id"], name["zh"], name["en"], value["uscc"], value["place"], value["hosting"]]
            texts = [field for field in fields if isinstance(field, str)]
            assert len(texts) == len(fields)
            assert value["v"] == 1
            party, zh, en, uscc, place, hosting = texts
            return cls(party, zh, en, uscc, place, Identity.from_json(identity), hosting)
        except (AssertionError, KeyError, TypeError) as error:
            raise Malformed(
                "party.card", "This is not a party card.", next="Ask the other party to send it again."
            ) from error


@dataclass(frozen=True, slots=True)
class Principal:
    """A person who acts, known by an own key; `roles` are what the company lets them do."""

    id: str
    handle: str
    roles: frozenset[str]
    identity: Identity
    past: tuple[tuple[Identity, str], ...] = ()
    """Keys that were theirs, the oldest first, each with the instant until which it was."""

    def identities(self, at: str) -> list[Identity]:
        """Whose signature of that instant is theirs: one key, or two at the moment in which one followed the other."""
        ends = [until for _, until in self.past]
        starts = ["", *ends]
        keys = [*(key for key, _ in self.past), self.identity]
        return [
            key
            for key, since, until in zip(keys, starts, [*ends, ""], strict=True)
            if since <= at and (not until or at <= until)
        ]
