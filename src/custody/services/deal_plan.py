"""The plan of a deal: which steps, which gates lack what, who acts next, which clocks run (C1, design idea 3)."""

from collections.abc import Mapping, Sequence

from custody.acts import duties, gates, lawbook, line, members
from custody.acts.desk import Desk
from custody.acts.matters import deal, facts_of
from custody.base.canonical import Json
from custody.ports.laws import Laws
from custody.ports.store import Transaction


def deal_plan(desk: Desk, laws: Laws, named: str) -> Mapping[str, Json]:
    """Nothing is decided here: stages are what statements prove, gates and clocks what rules in force say of the facts."""
    packs, now = lawbook.packs(laws), desk.clock.now()
    with desk.store.read() as tx:
        matter = deal(desk, tx, named)
        facts = facts_of(tx, str(matter["id"]))
        way = line.line_of(tx, matter, facts)
        done = line.stages(tx, desk, matter, way.steps)
        stages = sorted({gate for step in way.steps for gate in step.gates})
        if way.name == gates.CONTROL:
            shut = gates.control(tx, matter, facts, packs, desk.today())
        else:
            shut = gates.shut(tx, matter, facts, packs, desk.today(), stages)
        told = duties.outcome(tx, matter, facts, packs, desk.today())
        people = _people(desk, tx, str(matter["id"]))
        steps: list[Json] = [_step(row, step, shut, people) for row, step in zip(done, way.steps, strict=True)]
        return {
            "deal": str(matter["ref"]), "version": int(matter["version"] or 1), "state": str(matter["state"]),
            "structure": facts.get("deal.structure"), "line": way.name, "steps": steps, "next": line.onward(done, way.steps),
            "gates": list[Json](shut), "duties": list[Json](duties.duties(tx, matter, told)),
            "clocks": list[Json](duties.clocks(told, packs, facts, now)), "law": packs.version, "on_date": desk.today().isoformat(),
        }  # fmt: skip


def _step(
    row: Mapping[str, Json], step: line.Step, shut: Sequence[Mapping[str, Json]], people: Mapping[str, set[str]]
) -> Json:
    """A stage with the rules that keep it shut; behind us, nothing does."""
    rules = {str(one["rule"]) for one in shut if one["stage"] in step.gates and row["state"] != "done"}
    who: list[Json] = list[Json](sorted(handle for handle, roles in people.items() if roles.intersection(step.roles)))
    return {
        **row, "act": step.act, "roles": list(step.roles), "who": who, "people": step.people, "shut_by": list[Json](sorted(rules)),
    }  # fmt: skip


def _people(desk: Desk, tx: Transaction, matter: str) -> dict[str, set[str]]:
    """Who acts here and sees the deal, with which roles."""
    there = members.see(tx, desk.space, matter, desk.today())
    rows = tx.find("principal", order=("handle",), party=desk.space, revoked_at="")
    return {str(row["handle"]): set(str(row["roles"]).split(",")) for row in rows if row["id"] in there}
