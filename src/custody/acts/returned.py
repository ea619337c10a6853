"""What comes back from a relay or a gateway, read: notifications (RFC 3464, RFC 6533), a relay's own words, reports of three gateways (spec/campaigns.md §4).

A report is somebody's bytes. A relay that writes freely is believed that it failed: whoever's message came back in a form nobody reads would count
as told. What is not understood and names a message is `unclear`, and somebody looks at it; what names none is `other`.
"""

import hashlib
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import Message
from email.utils import getaddresses, parsedate_to_datetime
from typing import Final, NamedTuple, cast

_LARGEST: Final = 1 << 20
FAILED: Final = "bounced"
DELAYED: Final = "delayed"
OTHER: Final = "other"
UNCLEAR: Final = "unclear"
"""Neither known to be a return nor to be none."""
_ARRIVED: Final = frozenset(("delivered", "relayed", "expanded"))
"""What a notification says of what went on its way (RFC 3464 §2.3.3)."""
_COMMENT: Final = re.compile(r"\([^()]*\)")
_STATUS: Final = frozenset(("message/delivery-status", "message/global-delivery-status"))
_WHOLE: Final = frozenset(("message/rfc822", "message/global"))
_HEADERS: Final = frozenset(("text/rfc822-headers", "message/global-headers"))
_DAEMONS: Final = frozenset(("mailer-daemon", "mailerdaemon", "mail-daemon", "mail.daemon", "postmaster"))
"""Whom relays write their own messages as (RFC 5321 §4.5.1, and use)."""
_FAILED_TO: Final = "X-Failed-Recipients"
_MASS: Final = frozenset(("bulk", "junk", "list", "auto_reply"))
_ANSWERS_ITSELF: Final = ("X-Autoreply", "X-Autorespond", "X-Autoresponder")
_NAME: Final = re.compile(r"<[!-;=?-~]{1,250}@[!-;=?-~]{1,250}>")
_LOST: Final = frozenset(("FAIL", "undelivered", "failed"))


class Returned(NamedTuple):
    """What is said, of which message (any of these names), the code that says why, to whom it did not go, until when it is tried again, and who says what is unclear."""

    what: str
    names: tuple[str, ...]
    code: str
    to: tuple[str, ...] = ()
    until: datetime | None = None
    by: tuple[str, ...] = ()
    at: datetime | None = None
    """The day that a person's own message bears."""
    mark: str = ""
    """By which it is known again."""
    auto: bool = False
    """A machine wrote it, in its reader's name or not."""


def mail(data: bytes) -> list[Returned]:
    """What a message says that a relay sent back, or that holds several of them; of a large one its beginning, where the notification stands."""
    whole = message_from_bytes(data[:_LARGEST])
    return [_reported(one) for one in list(_reports(whole)) or [whole]]


def _reports(message: Message) -> Iterator[Message]:
    """Each report in it, as in a digest or where they were forwarded together; what a report sends back is none."""
    if message.get_content_type() == "multipart/report" or _is_relays(message):
        yield message
        return
    if not message.is_multipart():
        return
    for part in cast("list[Message]", message.get_payload()):
        yield from _reports(part)


def _is_relays(message: Message) -> bool:
    """Whether a relay wrote it, and no person or their answering machine."""
    senders = [name.partition("@")[0].lower() for _, name in getaddresses(message.get_all("From", []))]
    return message[_FAILED_TO] is not None or any(one in _DAEMONS for one in senders)


def _reported(report: Message) -> Returned:
    status = next((part for part in report.walk() if part.get_content_type() in _STATUS), None)
    if status is None:
        names = tuple(filter(None, (*_named(report), *_told(report))))
        if _is_relays(report):
            return Returned(FAILED, names, "", _addressed(str(report[_FAILED_TO] or "")))
        by = _addressed(",".join(str(one) for one in report.get_all("From", [])))
        own = str(report["Message-ID"] or "") or hashlib.sha256(report.as_bytes()).hexdigest()
        return (Returned(UNCLEAR, names, "", by=by, at=_moment(str(report["Date"] or "")), mark=own, auto=_is_automatic(report))
                if names else Returned(OTHER, (), ""))  # fmt: skip
    fields = _fields(status)
    said = next((str(one["Action"]) for one in fields if one["Action"]), "")
    action = next(iter(_COMMENT.sub(" ", said).lower().split()), "")
    code = next((_COMMENT.sub(" ", str(one["Status"])).strip() for one in fields if one["Status"]), "")
    what = {"failed": FAILED, "delayed": DELAYED}.get(action, OTHER if action in _ARRIVED else UNCLEAR)
    code = code if code.replace(".", "").isdigit() and len(code) < 12 else ""
    whom = [
        str(one[name] or "").partition(";")[2] for one in fields for name in ("Original-Recipient", "Final-Recipient")
    ]
    until = next((found for one in fields if (found := _moment(str(one["Will-Retry-Until"] or "")))), None)
    return Returned(what, tuple(_named(report)), code, _addressed(",".join(filter(None, whom))), until)


def _is_automatic(message: Message) -> bool:
    """Whether a machine says of itself that it wrote it (RFC 3834 §5, and use), or it says of a message only that it was opened (RFC 8098)."""
    said = str(message["Auto-Submitted"] or "no").partition(";")[0].strip().lower()
    return (
        said != "no"
        or str(message["Precedence"] or "").strip().lower() in _MASS
        or any(message[name] is not None for name in _ANSWERS_ITSELF)
        or str(message["Return-Path"] or "-").strip() == "<>"
        or message.get_content_type() == "multipart/report"
    )


def _moment(text: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(text)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _fields(status: Message) -> list[Message]:
    """Its groups of fields. The library reads those of RFC 3464; of RFC 6533 it makes one message, whose body is the other groups."""
    parts = cast("list[Message]", status.get_payload()) if status.is_multipart() else []
    if status.get_content_subtype() == "delivery-status":
        return parts
    groups = re.split(r"\r?\n[ \t]*\r?\n", "\n".join(one.as_string() for one in parts))
    return [message_from_bytes(group.strip().encode("utf-8", "replace")) for group in groups]


def _addressed(text: str) -> tuple[str, ...]:
    return tuple(name.casefold() for _, name in getaddresses([text]) if "@" in name)


def _told(message: Message) -> Iterator[str]:
    """Every name of a message in what is written, which may be a copy of ours or of its headers."""
    for part in message.walk():
        text = part.get_payload(decode=True) if part.get_content_maintype() == "text" else None
        if isinstance(text, bytes):
            yield from _NAME.findall(text.decode("utf-8", "replace"))


def texts(data: bytes) -> list[Returned]:
    """Reports of a gateway: JSON with one or several (Aliyun, Tencent Cloud), or the fields of a form (Twilio)."""
    found = [_text(one) for one in _objects(data)]
    return found or [Returned(OTHER, (), "")]


def _objects(data: bytes) -> list[dict[str, object]]:
    try:
        told = json.loads(data)
    except ValueError:
        # The fields that count are identifiers and words of ASCII, which a form leaves as they are.
        pairs = (one.partition("=") for one in data.decode("utf-8", "replace").strip().split("&"))
        return [{name: value for name, _, value in pairs if value}]
    return [one for one in (told if isinstance(told, list) else [told]) if isinstance(one, dict)]


def _text(one: dict[str, object]) -> Returned:
    names = tuple(str(one[name]) for name in ("out_id", "biz_id", "sid", "MessageSid") if one.get(name))
    state = str(one.get("report_status") or one.get("MessageStatus") or "")
    lost = state in _LOST or str(one.get("success")).lower() == "false"
    code = str(one.get("err_code") or one.get("errmsg") or one.get("ErrorCode") or "")
    return Returned(
        FAILED if lost and names else OTHER,
        names,
        code if code.isascii() and code.isprintable() and len(code) < 40 else "",
    )


def _named(report: Message) -> Iterator[str]:
    """Message-IDs that the report names: of the returned message first, then of its own thread."""
    for part in report.walk():
        if part.get_content_type() in _WHOLE and part.is_multipart():
            yield from (str(one["Message-ID"] or "").strip() for one in cast("list[Message]", part.get_payload()))
        elif part.get_content_type() in _HEADERS:
            text = part.get_payload(decode=True)
            held = message_from_bytes(text) if isinstance(text, bytes) else part.get_payload()
            yield from (
                str(one["Message-ID"] or "").strip()
                for one in (held if isinstance(held, list) else [held])
                if isinstance(one, Message)
            )
    for name in ("In-Reply-To", "References"):
        yield from str(report[name] or "").split()
