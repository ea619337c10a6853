"""How many steps a correction takes a customer and staff, and how many need no staff, on a stated population (spec/freshness.md §3).

`python bench/corrections.py [--people N] [--seed S]`. The population: customers of the sample company, sealed and told as in the demo; each
corrects one value of their own, drawn by the weights below, over a link by the channel that the company would have used (e-mail where one is on file,
else the telephone). **Counted, not assumed**: every page a person opens and every form they send, by a client that goes through the running portal
as a browser does (a redirect is no step); and every command of staff that follows a request until it is closed, each really carried out. What a
person does away from the page (reads a code to staff, shows a paper) is played as one act each and told apart. The weights are an assumption.
"""

import argparse
import json
import random
import statistics
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.portal.conftest import CUSTOMERS, DEAL, ShippedError, UntilShipped, at, everybody
from tests.portal.serving import portal
from tests.portal.test_pages import ask

from custody import wiring
from custody.acts.correcting import Place
from custody.acts.desk import Desk
from custody.acts.own_values import own_values
from custody.base import ids
from custody.base.errors import CustodyError
from custody.cli.rehearsal.demo import Rehearsal
from custody.services.approve import approve
from custody.services.correction_new import correction_new
from custody.services.correction_prove import correction_prove
from custody.services.link_new import link_new
from custody.services.request_close import request_close
from custody.services.request_list import request_list
from custody.services.request_show import request_show
from custody.services.revise import Correction, revise

WEIGHTS = {
    "contact.address": 34, "contact.phone": 26, "contact.email": 14, "contact.im": 8, "name.full": 8, "person.birth_date": 4,
    "person.gender": 2, "id.cn_resident": 4,
}  # fmt: skip
"""What customers ask to have corrected, in a hundred: our assumption, stated so that it can be replaced; not a measurement of any shop."""
NEW = {
    "contact.address": "浙江省杭州市西湖区文三路 100 号", "contact.phone": "13987654321", "contact.email": "new@example.cn", "contact.im": "new-handle",
    "name.full": "李玫", "person.birth_date": "1988-01-01", "person.gender": "女", "id.cn_resident": "110101198801010027",
}  # fmt: skip
PATIENCE = 12
HELPERS = cycle(("zhouning", "limo"))
SECOND = "suhe"
"""One person may look up so many customers a day."""


@dataclass
class Person:
    """Somebody with the page open: what they open and send is counted, and where the page leads them by itself is not."""

    base: str
    steps: int = 0
    cookie: str = ""

    def opens(self, path: str) -> str:
        """Follow a link."""
        return self._step(path, None)

    def sends(self, path: str, form: dict[str, str]) -> str:
        """Send a form."""
        return self._step(path, form)

    def _step(self, path: str, form: dict[str, str] | None) -> str:
        self.steps += 1
        for _ in range(PATIENCE):
            answer = ask(f"{self.base}{path}", form, Cookie=self.cookie)
            if answer.status == 429:
                time.sleep(int(answer.headers["Retry-After"]))
                continue
            if kept := answer.headers.get("Set-Cookie"):
                self.cookie = kept.partition(";")[0]
            if answer.status != 302:
                assert answer.status == 200, (path, answer.status)
                return path
            path, form = answer.headers["Location"], None
        raise AssertionError("the portal leads nowhere")


@dataclass
class Done:
    """One correction: of which class, who did it, in how many steps of whom."""

    cls: str
    alone: bool
    person: int
    away: int = 0
    staff: int = 0


def main() -> None:
    """Play, draw, correct, count."""
    told = argparse.ArgumentParser()
    told.add_argument("--people", type=int, default=100)
    told.add_argument("--seed", type=int, default=7)
    given = told.parse_args()
    with tempfile.TemporaryDirectory(prefix="custody-corrections-") as folder:
        where = Path(folder) / "demo"
        try:
            Rehearsal(where, None, max(CUSTOMERS, 2 * given.people), "en", lambda _: None).run(UntilShipped)
        except ShippedError:
            print(json.dumps(measured(where, given.people, random.Random(given.seed)), ensure_ascii=False, indent=1))


def measured(where: Path, people: int, rng: random.Random) -> dict[str, object]:
    """The figures: steps, and who needed staff, by class."""
    with portal(where) as base:
        found = [made for who in list(everybody(where))[:people] if (made := corrected(where, base, who, rng))]
    by = {cls: [one for one in found if one.cls == cls] for cls in sorted({one.cls for one in found})}
    helped = [one for one in found if not one.alone]
    return {
        "population": {"corrections": len(found), "weights": WEIGHTS, "drawn": {cls: len(some) for cls, some in by.items()}},
        "median_steps": statistics.median(one.person + one.away + one.staff for one in found),
        "median_steps_on_page": statistics.median(one.person for one in found),
        "with_staff": {"median_commands": statistics.median(one.staff for one in helped), "median_away": statistics.median(one.away for one in helped)}
        if helped else {},
        "share_without_staff": round(sum(one.alone for one in found) / len(found), 3),
        "without_staff": {cls: f"{sum(one.alone for one in some)}/{len(some)}" for cls, some in by.items()},
    }  # fmt: skip


def corrected(where: Path, base: str, who: str, rng: random.Random) -> Done | None:
    """One person's correction to its end; None for who has nothing of what is drawn, or no number to prove with."""
    with at(where, "zhouning") as desk:
        held = values(desk, who)
        wanted = {cls: weight for cls, weight in WEIGHTS.items() if cls in held}
        if not wanted or "account.customer_id" not in held:
            return None
        cls = rng.choices(list(wanted), list(wanted.values()))[0]
        channel = "email" if "contact.email" in held else "phone"
        path = f"/zh{link_new(desk, DEAL, who, channel, 30)['path']}"
    person = Person(base)
    person.opens(path)
    asking = person.opens(f"{path}/ask/correct")
    person.sends(asking, {"by": "customer-number", "value": held["account.customer_id"]})
    ended = person.sends(f"{path}/correct", {"which": f"{cls}/0", "value": NEW[cls]})
    if "done=corrected" in ended:
        return Done(cls, True, person.steps)
    return Done(cls, False, person.steps, *by_staff(where, who, cls, held))


def by_staff(where: Path, who: str, cls: str, held: dict[str, str]) -> tuple[int, int]:
    """(acts of the person away from the page, commands of staff) until the request is closed."""
    commands = Counter[str]()
    with at(where, "zhouning") as desk:
        ref = next(str(one["ref"]) for one in request_list(desk, "open")["requests"] if one["subject"] == who)
        request_show(desk, ref)
        commands["show"] += 1
        place = place_of(desk, who, cls)
    with at(where, next(HELPERS)) as desk:
        made = taken_in(where, desk, who, place, NEW[cls], held["account.customer_id"], commands)
    with at(where, "zhouning") as desk:
        request_close(desk, wiring.laws(), ref, "granted", "", [made])
        commands["close"] += 1
    return 1, commands.total()


def taken_in(where: Path, desk: Desk, who: str, place: Place, value: str, number: str, commands: Counter[str]) -> str:
    """The correction, done by the code that the person reads back, or on a paper that they show."""
    try:
        asked = correction_new(
            desk, who, place, {"value": value, "proof": "customer-number", "said": f"customer-number,{number}"}, None
        )
        commands["new"] += 1
    except CustodyError as error:
        if error.slug != "correction.no-channel":
            raise
        what = Correction(place.table, place.row, place.column, value, "paper")
        would = revise(desk, who, what, None, dry_run=True)["would"]
        if would is not True:
            with at(where, SECOND) as second:
                approve(second, *would["approve"])
            commands["approve"] += 1
        commands["revise"] += 1
        return str(revise(desk, who, what, None)["correction"])
    if asked.code:
        with at(where, SECOND) as second:
            correction_prove(second, str(asked.told["id"]), asked.code)
        commands["prove"] += 1
    return str(asked.told["id"])


def place_of(desk: Desk, who: str, cls: str) -> Place:
    """Where the first value of a class stands."""
    with desk.store.read() as tx:
        (vault,) = tx.find("vault")
        own = next(each for each in own_values(desk, tx, str(vault["id"]), ids.subject_bytes(who)) if each.cls == cls)
    return own.places[0]


def values(desk: Desk, who: str) -> dict[str, str]:
    """{class: first value} of what a person may correct."""
    found: dict[str, str] = {}
    with desk.store.read() as tx:
        (vault,) = tx.find("vault")
        for each in own_values(desk, tx, str(vault["id"]), ids.subject_bytes(who)):
            found.setdefault(each.cls, each.text)
    return found


if __name__ == "__main__":
    main()
