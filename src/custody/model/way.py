"""The way by which messages leave: which server, as whose account, in whose name (spec/campaigns.md §2). It never holds a secret."""

from typing import Final, NamedTuple, Self

SMTP: Final = "smtp"


class Way(NamedTuple):
    """`kind` is `smtp` or a gateway's; `server` is HOST:PORT; `sender` and `template` are what a gateway shows and says, `more` its other settings."""

    kind: str
    server: str
    security: str
    account: str
    sender: str = ""
    template: str = ""
    more: str = ""

    @classmethod
    def of(cls, told: dict[str, str]) -> Self:
        """As it was kept."""
        return cls(**told)

    @property
    def open(self) -> dict[str, str]:
        """What a ledger tells of it: the server, and no account, which may be somebody's address."""
        return {"kind": self.kind, "server": self.server, "security": self.security}
