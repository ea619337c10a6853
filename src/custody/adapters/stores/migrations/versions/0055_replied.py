"""What people wrote back to a campaign, and what somebody who read it says it was (spec/campaigns.md §4a)."""

from alembic import op

from custody.adapters.stores.schema import METADATA

revision = "0055_replied"
down_revision = "0053_said_by_each"
TABLES = ("replied",)


def upgrade() -> None:
    """Made as the newest schema has it."""
    METADATA.create_all(op.get_bind(), tables=[METADATA.tables[name] for name in TABLES])
