"""Messages on their way out: kept until they are taken, tried again at longer and longer intervals, given up after the last.

One thread of the console's process sends them. A message says what kind of thing waits, of which deal, and where: nobody's
name, nobody's data.
"""

import json
import secrets
import threading
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import make_msgid
from typing import Any, Final
from urllib.parse import urlsplit

from django.conf import settings
from django.db import close_old_connections, connection, transaction
from django.db.models import F
from django.utils import timezone

from custody import wiring
from custody.base.errors import CustodyError, Refused, Unavailable
from custody.ports.notifier import Notice as Message
from custody.services.deal_known import deal_known
from custody.services.event_list import event_list
from custody.web.console.catalogue import entries
from custody.web.console.house import inside, outward, seat
from custody.web.console.lasting import deal_of, named
from custody.web.console.models import Channel, Delivery, Person
from custody.web.console.signin import opened, sealed
from custody.web.faultlog import note

MAIL: Final = "mail"
KINDS: Final = (MAIL, *wiring.NOTIFIERS)
KEEPERS: Final = ("owner", "privacy")
"""Whose roles keep a channel: what a robot or machine is told is what such a person may read."""
WAITS: Final = (5, 30, 300, 1_800, 7_200, 43_200)
"""Seconds before each further try."""
_SILENT: Final = frozenset(("notify.unavailable", "mail.unavailable"))
"""What says that the channel itself does not answer, and not that it refuses one message."""
_REST: Final = (5, 30, 60)
"""Seconds for which nothing else is tried by such a channel, after its first failure in a row, its second, and every further: each try may take ten, in which everybody else's mail waits."""
_RESTING: Final = dict[
    int, tuple[datetime, int]
]()  # until when, after how many failures; of this process, which alone sends
_TICK: Final = 15.0
_AT_ONCE: Final = 50
_ENTRIES: Final = 500
_WAKE: Final = threading.Event()


def pack(told: Mapping[str, str]) -> str:
    """A channel's address and secret, as they are kept."""
    return sealed(json.dumps(dict(told)))


def unpack(channel: Channel) -> dict[str, str]:
    """The same, open."""
    return dict(json.loads(opened(channel.sealed)))


def post(people: Iterable[Person], kind: str, ref: str, url: str, by: Person, deal: str = "") -> None:
    """A notice of these people, by every channel of their home that carries notices; mail goes to whoever gave an address."""
    whom, rows = list(people), list[Delivery]()
    for channel in live(by.place).filter(people=True) if whom else ():
        if channel.kind != MAIL and not (kept(channel) and may_know(channel.by, deal or ref)):
            continue
        to = [one for one in whom if one.email] if channel.kind == MAIL else [None]
        rows += [_row(channel, f"notice.{kind}", ref, url, one, deal=deal) for one in to]
    Delivery.objects.bulk_create(rows)
    transaction.on_commit(wake)  # the thread that sends sees no row before


def live(place: str) -> Any:  # noqa: ANN401 - Django's query
    """Channels of one home that are in use."""
    prefix = f"{place}/" if place else ""
    found = Channel.objects.filter(closed_at=None, by__username__startswith=prefix).select_related("by")
    return found if place else found.exclude(by__username__contains="/")


def kept(channel: Channel) -> bool:
    """Whether whoever answers for it still acts here, with a role for it: a robot or machine of nobody is told nothing."""
    try:
        with inside(channel.by.place), seat(channel.by.handle, None) as at:
            return bool(at.principal.roles.intersection(KEEPERS))
    except CustodyError:  # let go
        return False


def where(channel: Channel) -> str:
    """The host that it leads to: of its address, which may hold a secret, no more."""
    told = unpack(channel)
    return told["relay"].partition(":")[0] if channel.kind == MAIL else str(urlsplit(told["url"]).hostname)


def may_know(reader: Person, ref: str) -> bool:
    """Whether what is told of this reference is open to whoever reads it: a robot's or a machine's is whoever made the channel."""
    if not ref:
        return True
    try:
        with inside(reader.place), seat(reader.handle, None) as at:
            return ref in deal_known(at, {ref})
    except CustodyError:  # whoever acts here no more knows of nothing
        return False


def trial(channel: Channel) -> None:
    """A message that says that the channel works."""
    _row(channel, "notice.trial", "", "", channel.by if channel.kind == MAIL else None).save()
    wake()


def wake() -> None:
    """Something may be due."""
    _WAKE.set()


def start() -> None:
    """Begin to send, in a thread of this process."""
    threading.Thread(target=_run, name="outbox", daemon=True).start()


def _run() -> None:
    while True:
        _WAKE.wait(_TICK)
        _WAKE.clear()
        close_old_connections()
        try:
            collect()
            send_due()
        except Exception as error:  # noqa: BLE001 - the thread outlives any one fault; its kind is noted, never its message
            note(error)
        finally:
            connection.close()


def collect() -> None:
    """What happened since, for each channel that carries events; as whoever made it may read it."""
    for channel in Channel.objects.filter(closed_at=None, events=True).select_related("by"):
        try:
            with inside(channel.by.place), seat(channel.by.handle, None) as at:
                at.require(KEEPERS)
                told: Any = event_list(at, channel.since, _ENTRIES)
                deals = [(one, deal_of(at, one["deal"] or "")) for one in told["events"]]
        except CustodyError:  # nobody keeps it until an owner takes it over, or the store does not answer: later
            continue
        Delivery.objects.bulk_create(
            [
                _row(channel, one["type"], one["deal"] or "", f"/deals/{deal}" if deal else "", None, one, deal)
                for one, deal in deals
            ]
        )
        Channel.objects.filter(id=channel.id).update(since=told["next"])
        if told["next"] < told["size"]:
            wake()


def send_due() -> None:
    """Everything whose moment has come, the oldest first."""
    now = timezone.now()
    due = Delivery.objects.filter(state="waiting", next_at__lte=now, channel__closed_at=None)
    due = due.exclude(channel__in=[name for name, (until, _) in _RESTING.items() if until > now])
    for row in due.select_related("channel", "channel__by", "whom").order_by("next_at", "id")[:_AT_ONCE]:
        if _rests(row.channel_id):
            continue
        try:
            _send(row)
            values: dict[str, Any] = {"state": "sent", "said": ""}
            _RESTING.pop(row.channel_id, None)
        except CustodyError as error:
            values = _later(row, error)
            if error.slug in _SILENT:
                _rest(row.channel_id)
        except Exception as error:  # noqa: BLE001 - one row that cannot go stops no other; it is counted and given up in the end
            note(error)
            values = _later(row, Unavailable("console.undeliverable", "It could not be sent.", retry=True))
        Delivery.objects.filter(id=row.id).update(tries=F("tries") + 1, **values)


def _rests(channel: int) -> bool:
    return channel in _RESTING and _RESTING[channel][0] > timezone.now()


def _rest(channel: int) -> None:
    """What waits for a channel that does not answer keeps its turn: of it one alone is tried, and then again later."""
    _, before = _RESTING.get(channel, (None, 0))
    seconds = _REST[min(before, len(_REST) - 1)]
    _RESTING[channel] = timezone.now() + timedelta(seconds=seconds), before + 1


def _later(row: Delivery, error: CustodyError) -> dict[str, Any]:
    if isinstance(error, Refused) or not error.retry:
        return {"state": "refused", "said": error.slug}
    if row.tries >= len(WAITS):
        return {"state": "given-up", "said": error.slug}
    return {"said": error.slug, "next_at": timezone.now() + timedelta(seconds=WAITS[row.tries])}


def _send(row: Delivery) -> None:
    with inside(row.channel.by.place):
        outward()
    reader = row.whom or row.channel.by
    if not may_know(reader, row.deal or row.ref):
        raise Refused("notify.closed", "The deal is closed to whoever would read this.", next="An owner lets them in.")
    if row.deal:
        with inside(reader.place), seat(reader.handle, None) as at:
            named(at, [row])
    told, message = unpack(row.channel), _message(row)
    if row.channel.kind == MAIL:
        _mail(told, row, message)
    else:
        wiring.notifier(row.channel.kind, told["url"], told.get("secret", ""), settings.PRIVATE).tell(message)


def _message(row: Delivery) -> Message:
    """In both languages, from codes alone."""
    title = entries().get(f"outbox.{row.kind}", entries()["outbox.notice.other"])
    link = f"{settings.PUBLIC}{row.url}" if settings.PUBLIC and row.url else ""
    event = (
        {**row.event, "id": row.name}
        if row.event
        else {"id": row.name, "type": row.kind, "deal": row.ref or None, "at": row.at.isoformat()}
    )
    return Message(
        row.name,
        f"{title['zh']} · {title['en']}",
        row.ref or "custody",
        link,
        json.dumps(event, separators=(",", ":")).encode(),
    )


def _mail(told: Mapping[str, str], row: Delivery, message: Message) -> None:
    """To the address that a person gave for this; whoever has none gets none."""
    to = row.whom.email if row.whom else ""
    if not to:
        raise Refused(
            "notify.refused", "The other side refuses messages of this kind.", next="Look at its address and secret."
        )
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = told["sender"], to, f"custody {message.text}"
    mail["Message-ID"] = make_msgid(row.name, "custody.invalid")
    mail.set_content("\n".join(part for part in (message.title, message.text, message.link) if part) + "\n")
    mailer = wiring.mailer_within(settings.PRIVATE, told["relay"], told["security"], told["user"], told["password"], 0)
    try:
        mailer.send(told["sender"], to, mail.as_bytes())
    finally:
        mailer.close()


def _row(
    channel: Channel,
    kind: str,
    ref: str,
    url: str,
    whom: Person | None,
    event: Mapping[str, Any] | None = None,
    deal: str = "",
) -> Delivery:
    name = f"msg_{secrets.token_hex(16)}"
    return Delivery(
        channel=channel,
        name=name,
        kind=kind,
        ref=ref,
        deal=deal,
        url=url,
        whom=whom,
        event=dict(event or {}),
        next_at=timezone.now(),
    )
