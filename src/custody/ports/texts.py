"""A gateway that takes text messages one by one, and says what became of each."""

from typing import NamedTuple, Protocol

from custody.model.way import Way


class Text(NamedTuple):
    """One message: to which number (E.164), in which words, which page it leads to (which stands in the words, too), and our name for it."""

    number: str
    words: str
    page: str
    name: str


class Texter(Protocol):
    """A way to a gateway. It sends no faster than it was told to, from `at_once` threads at most."""

    @property
    def at_once(self) -> int:
        """How many messages may be under way."""
        ...

    @property
    def way(self) -> Way:
        """Which gateway it is, as whose account, in whose name: what two people approve, and nothing of the secret."""
        ...

    def send_text(self, one: Text) -> str:
        """The gateway's own name for the message when it has taken it.

        Raises Refused `texts.refused` when it never will for this number, Unavailable `texts.later` when it has not taken this one for a
        reason of which nobody here knows that it is the account's, `texts.unavailable` when it takes none, and
        Unavailable `texts.in-doubt` when nobody knows.
        """
        ...

    def close(self) -> None:
        """Take leave of the gateway."""
        ...
