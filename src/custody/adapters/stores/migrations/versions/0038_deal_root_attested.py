"""When two people said that what the root of an invitation's key lay on was destroyed (spec/vault.md §11)."""

import sqlalchemy as sa
from alembic import op

from custody.adapters.stores.schema import METADATA

revision = "0038_deal_root_attested"
down_revision = "0034_deal_root"


def upgrade() -> None:
    """Add what a store of an earlier schema lacks; one that was made today has it."""
    connection, column = op.get_bind(), METADATA.tables["deal_root"].c.attested
    if column.name not in {one["name"] for one in sa.inspect(connection).get_columns("deal_root")}:
        op.add_column("deal_root", sa.Column(column.name, column.type, nullable=False, server_default=""))
