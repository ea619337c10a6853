"""A place outside that is told that something waits or happened: a messenger's robot, a machine's webhook."""

from typing import NamedTuple, Protocol


class Notice(NamedTuple):
    """What is told; it holds no personal data. `name` is ours for it and stays the same when it is sent again."""

    name: str
    title: str
    text: str
    link: str
    event: bytes
    """The same for machines: one JSON object."""

    @property
    def lines(self) -> str:
        """Title, text and link as one text for people, a line each."""
        return "\n".join(part for part in (self.title, self.text, self.link) if part)


class Notifier(Protocol):
    """One such place."""

    def tell(self, one: Notice) -> None:
        """Raises Refused `notify.refused`, `notify.private` when it never will be taken so, Unavailable `notify.unavailable` otherwise."""
        ...
