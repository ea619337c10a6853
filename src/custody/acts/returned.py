"""What comes back from a relay or a gateway, read: delivery status notifications (RFC 3464) and the reports of three gateways (spec/campaigns.md §4).

A report is somebody's bytes: what is not understood is `other`, and names no message of ours.
"""

import json
import re
from collections.abc import Iterator
from email import message_from_bytes
from email.message import Message
from typing import Final, NamedTuple, cast

_LARGEST: Final = 1 << 20
FAILED: Final = "bounced"
DELAYED: Final = "delayed"
OTHER: Final = "other"
_COMMENT: Final = re.compile(r"\([^()]*\)")
_LOST: Final = frozenset(("FAIL", "undelivered", "failed"))


class Returned(NamedTuple):
    """What is said, of which message (any of these names), and the code that says why."""

    what: str
    names: tuple[str, ...]
    code: str


def mail(data: bytes) -> list[Returned]:
    """What a message says that a relay sent back, or that holds several of them; of a large one its beginning, where the notification stands."""
    whole = message_from_bytes(data[:_LARGEST])
    return [_reported(one) for one in list(_reports(whole)) or [whole]]


def _reports(message: Message) -> Iterator[Message]:
    """Each report in it, as in a digest or where they were forwarded together; what a report sends back is none."""
    if message.get_content_type() == "multipart/report" or not message.is_multipart():
        yield from [message] if message.is_multipart() else []
        return
    for part in cast("list[Message]", message.get_payload()):
        yield from _reports(part)


def _reported(report: Message) -> Returned:
    status = next((part for part in report.walk() if part.get_content_type() == "message/delivery-status"), None)
    if status is None:
        return Returned(OTHER, (), "")
    fields = cast("list[Message]", status.get_payload()) if status.is_multipart() else []
    said = next((str(one["Action"]) for one in fields if one["Action"]), "")
    action = next(iter(_COMMENT.sub(" ", said).lower().split()), "")
    code = next((_COMMENT.sub(" ", str(one["Status"])).strip() for one in fields if one["Status"]), "")
    what = FAILED if action == "failed" else DELAYED if action == "delayed" else OTHER
    return Returned(what, tuple(_named(report)), code if code.replace(".", "").isdigit() and len(code) < 12 else "")


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
        if part.get_content_type() == "message/rfc822":
            yield from (str(one["Message-ID"] or "").strip() for one in cast("list[Message]", part.get_payload()))
        elif part.get_content_type() == "text/rfc822-headers":
            text = part.get_payload(decode=True)
            if isinstance(text, bytes):
                yield str(message_from_bytes(text)["Message-ID"] or "").strip()
    for name in ("In-Reply-To", "References"):
        yield from str(report[name] or "").split()
