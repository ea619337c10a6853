"""A mail server that takes messages one by one, and says what became of each."""

from typing import Protocol

from custody.model.way import Way


class Mailer(Protocol):
    """A way to a relay. It sends no faster than it was told to, from `at_once` threads at most."""

    @property
    def at_once(self) -> int:
        """How many messages may be under way."""
        ...

    @property
    def way(self) -> Way:
        """Which relay it is, as whose account: what two people approve, and nothing of the password."""
        ...

    def send(self, sender: str, recipient: str, message: bytes) -> str:
        """The relay's reply when it has taken the message.

        Raises Refused `mail.refused` when it never will, Unavailable `mail.later` when it does not take this one now, `mail.unavailable` or
        `mail.sender` when it takes none, and Unavailable
        `mail.in-doubt` when the connection broke after the message was handed over, so that nobody knows; ValueError, before anything
        of the message went, for an address that cannot stand in an envelope.
        """
        ...

    def close(self) -> None:
        """Take leave of the relay."""
        ...
