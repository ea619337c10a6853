"""Retention, suppression, the schedule; leases go, since names are held by the kernel or the server."""

import sqlalchemy as sa
from alembic import op

from custody.adapters.stores.schema import METADATA

revision = "0005_retention"
down_revision = "0004_override"
TABLES = ("due_run", "retention_policy", "retention_listed", "stripped", "suppression_key", "suppressed")


def upgrade() -> None:
    """Create what a store of an earlier schema lacks; one that was made today has them, and never had leases."""
    connection = op.get_bind()
    METADATA.create_all(connection, tables=[METADATA.tables[name] for name in TABLES])
    if sa.inspect(connection).has_table("lease"):
        op.drop_table("lease")
