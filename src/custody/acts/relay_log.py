"""Which messages a relay took, by its log (spec/campaigns.md §2). A name that is mentioned is not yet a message that was taken.

Postfix writes `cleanup[…]: QUEUE: message-id=<…>` when it reads the header, before it has the whole message: only what comes later under
the same queue id says that it was taken. Exim writes one line, `<= … id=…`, when it has. What a gateway or another relay writes counts
line by line. A line that says no counts nowhere.
"""

import re
from collections.abc import Iterator
from typing import Final

NAME: Final = re.compile(r"<[0-9a-f]{40}@[A-Za-z0-9.-]+>|(?<![0-9a-zA-Z])[0-9a-f]{40}(?![0-9a-zA-Z@])")
"""A Message-ID of ours, or the 40 digits by which a gateway knows a text message."""
_BARE: Final = re.compile(r"\bid=([0-9a-f]{40}@[A-Za-z0-9.-]+)(?=\s|$)")
_READ: Final = re.compile(r"cleanup\[\d+\]: (?P<queue>[0-9A-Za-z]+): (?:resent-)?message-id=(?P<name><[^>]+>)")
_QUEUED: Final = re.compile(
    r": (?P<queue>[0-9A-Za-z]+): .*(?:\(queue active\)|\bstatus=(?:sent|deferred|bounced|expired)\b)"
)
_NO: Final = re.compile(r"\b(?:milter-)?reject(?:ed)?\b|\bdiscard(?:ed)?\b|lost connection|\brefused\b", re.IGNORECASE)


def taken(log: str) -> frozenset[str]:
    """The names of the messages that the relay took, as they stand in it."""
    lines = log.splitlines()
    queued = {found["queue"] for line in lines if (found := _QUEUED.search(line))}
    return frozenset(name for line in lines if not _NO.search(line) for name in _named(line, queued))


def mentioned(log: str) -> frozenset[str]:
    """Every name of the form of ours, taken or not: whether this is the log that was asked for."""
    return frozenset(_ours(log))


def _named(line: str, queued: set[str]) -> Iterator[str]:
    read = _READ.search(line)
    if read:
        if read["queue"] in queued:
            yield read["name"]
        return
    yield from _ours(line)


def _ours(text: str) -> Iterator[str]:
    """Names of the form of ours; Exim writes them without brackets."""
    yield from NAME.findall(text)
    yield from (f"<{name}>" for name in _BARE.findall(text))
