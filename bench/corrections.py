"""How many steps a correction takes a customer, and how many need no staff, on a stated population (spec/freshness.md §3).

`python bench/corrections.py [--people N] [--seed S]`. The population: customers of the sample company, sealed and told as in the demo; each
corrects one value of their own, drawn by the weights below, over a link by the channel that the company would have used (e-mail where one is on file,
else the telephone). Every correction goes through the services of the portal, none is counted from the policy. A *step* is one act of the person:
open the link, choose to correct, type an identifier that proves who they are, choose the value and type the new one. What becomes a request adds the steps of staff
that follow (take it in, send the code, the person reads it back) and counts as *with staff*.
"""

import argparse
import json
import random
import statistics
import sys
import tempfile
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.portal.conftest import CUSTOMERS, DEAL, ShippedError, UntilShipped, at, everybody

from custody import wiring
from custody.acts.desk import Desk
from custody.acts.own_values import own_values
from custody.base import ids
from custody.cli.rehearsal.demo import Rehearsal
from custody.services.link_new import link_new
from custody.services.portal_correct import portal_correct
from custody.services.portal_prove import portal_prove

WEIGHTS = {
    "contact.address": 34, "contact.phone": 26, "contact.email": 14, "contact.im": 8, "name.full": 8, "person.birth_date": 4,
    "person.gender": 2, "id.cn_resident": 4,
}  # fmt: skip
"""What customers ask to have corrected, in a hundred: our assumption, stated so that it can be replaced; not a measurement of any shop."""
NEW = {
    "contact.address": "浙江省杭州市西湖区文三路 100 号", "contact.phone": "13987654321", "contact.email": "new@example.cn", "contact.im": "new-handle",
    "name.full": "李玫", "person.birth_date": "1988-01-01", "person.gender": "女", "id.cn_resident": "110101198801010027",
}  # fmt: skip
ON_PAGE = ("open the link", "choose to correct", "prove who it is", "choose the value and type the new one")
WITH_STAFF = ("staff take it in", "the code goes to the old channel", "the person reads it back")


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
    steps, alone, by_class = list[int](), Counter[str](), Counter[str]()
    for who in list(everybody(where))[:people]:
        cls, did = corrected(where, who, rng)
        if not cls:
            continue
        by_class[cls] += 1
        alone[cls] += did == "done"
        steps.append(len(ON_PAGE) + (0 if did == "done" else len(WITH_STAFF)))
    return {
        "population": {"corrections": len(steps), "weights": WEIGHTS, "drawn": dict(by_class)},
        "median_steps": statistics.median(steps), "share_without_staff": round(sum(alone.values()) / len(steps), 3),
        "without_staff": {cls: f"{alone[cls]}/{count}" for cls, count in sorted(by_class.items())},
    }  # fmt: skip


def corrected(where: Path, who: str, rng: random.Random) -> tuple[str, str]:
    """(class, done or asked) of one person's correction; ('', '') for who has nothing of what is drawn, or no number to prove with."""
    with at(where, "zhouning") as desk:
        held = values(desk, who)
        wanted = {cls: weight for cls, weight in WEIGHTS.items() if cls in held}
        if not wanted or "account.customer_id" not in held:
            return "", ""
        cls = rng.choices(list(wanted), list(wanted.values()))[0]
        channel = "email" if "contact.email" in held else "phone"
        text = str(link_new(desk, DEAL, who, channel, 30)["path"]).removeprefix("/t/")
    with at(where) as desk:
        proof = str(portal_prove(desk, wiring.laws(), text, "customer-number", held["account.customer_id"])["proof"])
        made = portal_correct(desk, wiring.laws(), text, proof, {"class": cls, "which": "0", "value": NEW[cls]})
    return cls, str(made["did"])


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
