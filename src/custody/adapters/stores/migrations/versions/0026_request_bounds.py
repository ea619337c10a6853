"""What bounds a request in time beside the law's day, the places whose law was asked, and the rule that a refusal rests on.

Until now the days that a recommended standard names hid a law that says without delay: what was entered so is set right.
"""

import sqlalchemy as sa
from alembic import op

from custody.adapters.stores.schema import METADATA

revision = "0026_request_bounds"
down_revision = "0025_request_act"
_NEW = ("at_once", "prompt", "advised_at", "advised", "last_at", "places", "presumed", "refused_by", "refusal")
_RECOMMENDED = "CN-STD-35273-REQ"
_HIDDEN = {"access": "CN-RIGHT-45", "copy": "CN-RIGHT-45", "correct": "CN-RIGHT-46"}


def upgrade() -> None:
    """Add what a store of an earlier schema lacks; one that was made today has it."""
    connection, table = op.get_bind(), METADATA.tables["request"]
    looked = sa.inspect(connection)
    there = {one["name"] for one in looked.get_columns("request")}
    for name in (name for name in _NEW if name not in there):
        kind = table.c[name].type
        op.add_column("request", sa.Column(name, kind, nullable=False, server_default=_empty(kind)))
    known = {one["name"] for one in looked.get_indexes("request")}
    for old in known - {one.name for one in table.indexes}:
        op.drop_index(str(old), table_name="request")
    for index in (one for one in table.indexes if one.name not in known):
        index.create(connection)
    bring(connection)


def _empty(kind: object) -> str:
    return "0" if isinstance(kind, sa.BigInteger) else ""


def bring(connection: sa.Connection) -> None:
    """Set right what requests of before say."""
    table = METADATA.tables["request"]
    days = {"due_at": table.c.due_at, "rule": table.c.rule}
    connection.execute(
        table.update().where(table.c.rule == _RECOMMENDED, table.c.advised == "")
        .values(advised_at=days["due_at"], advised=days["rule"], due_at="", rule="")
    )  # fmt: skip
    for kind, rule in _HIDDEN.items():
        hidden = (table.c.advised == _RECOMMENDED, table.c.kind == kind, table.c.rule == "")
        connection.execute(table.update().where(*hidden).values(rule=rule))
    prompt = table.update().where(table.c.due_at == "", table.c.rule != "").values(at_once=1, prompt=table.c.rule)
    connection.execute(prompt)
    connection.execute(table.update().where(table.c.last_at == "").values(
        last_at=sa.case((table.c.due_at != "", table.c.due_at), else_=table.c.advised_at)
    ))  # fmt: skip
