"""The clock of a home: the host's, or a rehearsal's own (docs/architecture.md §7)."""

from custody.adapters import home as homes
from custody.adapters.stores.engines import ENGINES
from custody.base.clock import Clock, HeldClock, SimulatedClock, SystemClock, behind, parse, shared
from custody.ports.store import Store, one


def clock(home: homes.Home, store: Store, *, behind_too: bool = False) -> Clock:
    """It; behind the last ledger entry nothing may be written, so nothing begins, but what puts that right (`behind_too`). Raises Unavailable `clock.behind`."""
    with store.read() as tx:
        head = one(tx, "ledger_head", space=home.party)
    last = parse(str(head["last_at"])) if head else None
    if home.rehearsal:
        now = max(home.simulated_now(), last or home.simulated_now())
        return shared(f"{home.root} {home.party}", now) if ENGINES.keeps else SimulatedClock(now)
    real = SystemClock()
    if last is not None and real.now() < last and not behind_too:
        raise behind()
    return real


def restoring(home: homes.Home, store: Store) -> Clock:
    """That of a restore, which enters what it found into a ledger that may be ahead: at the instant of its last entry then, and nothing else happens before the clock is corrected."""
    real = clock(home, store, behind_too=True)
    with store.read() as tx:
        head = one(tx, "ledger_head", space=home.party)
    return real if head is None or real.simulated else HeldClock(parse(str(head["last_at"])))
