"""Ask the provider what became of every destroy: one that was taken back there is an alarm, and is asked for again (A5, spec/vault.md §11)."""

from collections.abc import Mapping

from custody.acts.besides import besides
from custody.acts.deal_roots import DealRoot, ask
from custody.acts.deal_roots import unseen as unseen_of_deals
from custody.acts.desk import Desk
from custody.acts.destroys import BACK, GONE, PENDING, ask_again, moved, note_gone, stands, unseen
from custody.acts.vaults import vault_row
from custody.base.canonical import Json
from custody.base.errors import CustodyError


def destroys_due(desk: Desk, vault: str | None) -> Mapping[str, Json]:
    """`ok` is False when a root was back, its provider does not answer, or one of this vault lies there and opens nothing, or the root of the suppression list or of an open invitation does not open (`besides`). Each is asked about until it was seen to be gone."""
    desk.require(("owner", "operator"))
    with desk.store.read() as tx:
        row = vault_row(tx, desk.space, vault)
        waiting = list(unseen(tx, str(row["id"])))
        deal_roots = unseen_of_deals(tx, desk.space, str(row["id"]))
        others = list(besides(desk, tx))
        deals = tx.find("matter", order=("id",), vault=str(row["id"]), party=desk.space)
    found: dict[str, list[Json]] = {PENDING: [], GONE: [], BACK: [], "silent": []}
    for asked in waiting:
        try:
            state = BACK if moved(desk, asked) else stands(desk, asked)
            at = ask_again(desk, str(row["id"]), asked) if state == BACK else asked.effective_at
        except CustodyError as error:
            found["silent"].append({"generation": asked.generation, "slug": error.slug})
            continue
        if state == GONE:
            note_gone(desk, str(row["id"]), asked)
        found[state].append({"generation": asked.generation, "effective_at": at})
    for root in deal_roots:
        _of_deal(desk, root, found)
    told: dict[str, Json] = {state: list[Json](each) for state, each in found.items()}
    labels = (str(row["id"]), desk.space, *(str(deal["id"]) for deal in deals))
    dead: list[Json] = [ref for label in labels for ref in desk.keys.unopened(label)]
    lost: list[Json] = [
        {"kind": each.kind, "deal": each.deal, "slug": slug} for each in others if (slug := each.fault(desk))
    ]
    return {
        "vault": str(row["name"]),
        **told,
        "unopened": dead,
        "besides": lost,
        "ok": not (found[BACK] or found["silent"] or dead or lost),
    }


def _of_deal(desk: Desk, root: DealRoot, found: dict[str, list[Json]]) -> None:
    """The root of an invitation's key, which opens what came."""
    try:
        state, at = ask(desk, root)
    except CustodyError as error:
        found["silent"].append({"deal": root.matter, "slug": error.slug})
        return
    found[state].append({"deal": root.matter, "effective_at": at})
