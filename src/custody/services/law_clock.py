"""When an obligation is due (C2)."""

from collections.abc import Mapping
from datetime import date, datetime

from custody.acts import lawbook
from custody.base.canonical import Json
from custody.base.clock import parse
from custody.law.check import clock_facts
from custody.law.due import due
from custody.law.possible import with_ages
from custody.ports.laws import Laws


def law_clock(
    laws: Laws, rule: str, event: str, start: str, given: Mapping[str, Json], today: date
) -> Mapping[str, Json]:
    """The deadline, asked on `deal.on_date` or today. Raises Missing `law.rule`, Malformed `law.event`, `law.duty`, `law.facts`, Unavailable `law.calendar`."""
    packs = lawbook.packs(laws)
    asked_on: Mapping[str, Json] = {"deal.on_date": today.isoformat()}
    facts = with_ages({**asked_on, **clock_facts(given, packs.schema, packs.terms)})
    found = due(packs, rule, event, parse(start), facts)
    known = packs.rule(rule)
    assert known is not None
    return {
        "rule": rule,
        "start_event": event,
        "due_at": found.at.isoformat() if isinstance(found.at, datetime) else found.at,
        "duty": found.clock.duty if found.clock else "",
        "bound": found.clock.bound if found.clock and found.at else None,
        "zone": found.clock.zone if found.clock else packs.terms.zone(known.regime),
        "source": found.clock.source if found.clock else "",
        "reference": dict(known.reference),
        "missing": sorted(found.missing),
    }
