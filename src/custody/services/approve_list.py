"""Live approvals of an act on exactly this content: who signed, until when it holds (design §9b)."""

from collections.abc import Mapping

from custody.acts.approval import LAPSED
from custody.acts.desk import Desk
from custody.acts.people import by_id
from custody.base.canonical import Json
from custody.base.clock import parse


def approve_list(desk: Desk, act: str, content: str) -> Mapping[str, Json]:
    """Approvals that have not run out; `mine` ones never count for what I do myself."""
    now = desk.clock.now()
    with desk.store.read() as tx:
        rows = [
            row
            for row in tx.find("approval", order=("id",), act=act, content=content)
            if parse(str(row["expires_at"])) >= now and row["used_by"] != LAPSED
        ]
        told: list[Json] = [
            {"id": str(row["id"]), "by": by_id(tx, str(row["principal"])).handle, "until": str(row["expires_at"]),
             "mine": row["principal"] == desk.principal.id}
            for row in rows
        ]  # fmt: skip
    return {"act": act, "content": content, "approvals": told}
