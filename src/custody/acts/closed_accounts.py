"""Whoever closes their account is kept off: on the list, and marked, while what identifies them can still be opened (A9; spec/retention.md §7).

Not only whoever leaves nothing here: where law keeps an order, the row that says whose telephone it is goes all the same.
"""

from collections import Counter
from collections.abc import Collection
from typing import cast

from custody.acts.desk import Desk
from custody.acts.noted import closing
from custody.acts.own_tables import have_own
from custody.acts.sole_holder import others_have
from custody.acts.suppressing import CLOSED, IMPORT, Tags, listed_closing, mark, on_file, open_list, suppress
from custody.ports.store import Row, Transaction


def keep_away_closing(desk: Desk, vault: Row, people: Collection[bytes]) -> int:
    """Those of them whose request for it is open: before anything of theirs goes. How many identifiers are new on the list."""
    with desk.store.read() as tx:
        asked = closing(tx, str(vault["id"]), people)
    return keep_away(desk, vault, asked) if asked else 0


def keep_away(desk: Desk, vault: Row, people: Collection[bytes]) -> int:
    """The same of all of them. What somebody who stays has, too, keeps nobody out; what nobody can read stops nothing, and stands on no list. Done again it changes nothing. Raises Unavailable `index.building`."""
    name = str(vault["id"])
    with desk.store.read() as tx:
        told = list(on_file(desk, tx, name, _to_list(tx, name, people), Counter()))
    theirs = others_have(desk, vault, told, people) if told else set[tuple[str, str]]()
    with desk.store.write() as tx:
        made, fresh = open_list(desk, tx), 0
        tags = {
            (kind, tag) for _, kind, value in told if (kind, value) not in theirs and (tag := made.tag(kind, value))
        }
        new = set(people) - listed_closing(tx, name, people)
        if new or not _listed(tx, desk.space, tags):
            fresh, _ = suppress(desk, tx, tags, IMPORT, CLOSED, {name: new}, {name: new})
        mark(tx, name, sorted(people), named=True, closed=True)
    return fresh


def _to_list(tx: Transaction, vault: str, people: Collection[bytes]) -> list[bytes]:
    """Not who was listed by own rows that are gone: what is left may name whoever got a present. A mark alone lists nobody: it may have come with a release, or by a name whose numbers others have, too."""
    live = [cast("bytes", who) for (who,) in tx.among("subject", ("id",), "id", people, vault=vault, state="live")]
    done = listed_closing(tx, vault, live) - have_own(tx, vault, live)
    return [who for who in live if who not in done]


def _listed(tx: Transaction, party: str, tags: Tags) -> bool:
    return all(tx.count("suppressed", party=party, kind=kind, tag=tag, scope=IMPORT) for kind, tag in tags)
