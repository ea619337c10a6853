"""A webhook for a machine: the event as JSON, signed with the moment it is sent (spec/api.md §4)."""

from collections.abc import Callable
from dataclasses import dataclass, field

from custody.adapters.notify.address import Address, outcome
from custody.base.webhooks import heads
from custody.ports.notifier import Notice


@dataclass(frozen=True, slots=True)
class Webhook:
    """See `ports.notifier.Notifier`: any 2xx is taken."""

    to: Address
    secret: str = field(repr=False)
    now: Callable[[], float]

    def tell(self, one: Notice) -> None:
        reply = self.to.post(heads(self.secret, one.name, int(self.now()), one.event), one.event)
        outcome(reply.status, took=200 <= reply.status < 300)
