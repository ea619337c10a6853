"""A7: who may change which kind of value is data that two people sign, and no house may sign a takeover."""

import pytest

from custody.acts.approval import give
from custody.acts.desk import Desk
from custody.base.errors import CustodyError
from custody.classify.taxonomy import classes
from custody.privacy.corrections import BY, HIGH_RISK, default, from_json, high_risk, parse
from custody.services.freshness_set import freshness_set
from custody.services.freshness_show import freshness_show
from tests.vault.conftest import Refuses
from tests.vault.histories.world import World

FIELD = """[[field]]
id = "all"
classes = ["{classes}"]
by = "{by}"
undo_days = {undo}
stale_months = 0
department = "service"
"""


@pytest.mark.parametrize("cls", sorted(classes()))
def test_a7_every_class_of_the_taxonomy_has_a_rule_of_its_own(cls: str):
    """No class falls through to the last resort, and what would hand a customer over is never the person's alone."""
    rule = default().of(cls)
    assert rule.id != "unnamed"
    assert rule.by in BY
    assert not high_risk(cls) or (rule.by != "self" and rule.undo_days >= 7)


@pytest.mark.parametrize("named", [*HIGH_RISK, "id.passport", "contact", "finance"])
@pytest.mark.parametrize(("by", "undo"), [("self", 30), ("old-channel", 6), ("staff", 0)])
def test_a7_a_house_cannot_loosen_what_is_high_risk(named: str, by: str, undo: int):
    """Neither by itself, nor through its area, nor by a span too short to notice."""
    with pytest.raises(CustodyError) as error:
        parse(FIELD.format(classes=named, by=by, undo=undo))
    assert error.value.slug == "freshness.floor"


@pytest.mark.parametrize("text", ["", "x", "field = 1", "[[field]]\nid='a'", FIELD.format(classes="Contact", by="staff", undo=7),
                                  FIELD.format(classes="x", by="anybody", undo=7), FIELD.format(classes="x", by="staff", undo=-1)])  # fmt: skip
def test_a7_what_is_no_policy_is_refused(text: str):
    """Whatever is missing, unknown or out of bounds, the answer is the same error."""
    with pytest.raises(CustodyError) as error:
        parse(text)
    assert error.value.slug == "freshness.form"


def test_a7_a_policy_takes_two_people_and_a_changed_one_is_noticed(world: World, second: Desk, refuses: Refuses):
    """Nobody puts one in force alone; the one in force reads back as written; one changed in the store is no policy."""
    text = FIELD.format(classes="person", by="self", undo=3)
    asked = freshness_set(world.desk, text, dry_run=True)["would"]["approve"]
    with refuses("act.unapproved"):
        freshness_set(world.desk, text, dry_run=False)
    with second.store.write() as tx:
        give(second, tx, asked[0], asked[1])
    assert freshness_set(world.desk, text, dry_run=False)["n"] == 1
    shown = freshness_show(world.desk, None)
    assert from_json(shown["policy"]) == parse(text)
    with world.desk.store.write() as tx:
        tx.change("freshness_policy", {"policy": b'{"field":[]}'}, n=1)
    with pytest.raises(CustodyError):
        freshness_show(world.desk, None)
