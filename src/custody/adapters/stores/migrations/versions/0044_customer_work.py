"""What customers had open when their data came: whose orders, cases and subscriptions somebody must see to (spec/requests.md §5)."""

from alembic import op

from custody.adapters.stores.schema import METADATA

revision = "0044_customer_work"
down_revision = "0046_paging"
TABLES = ("customer_work",)


def upgrade() -> None:
    """Made as the newest schema has it."""
    METADATA.create_all(op.get_bind(), tables=[METADATA.tables[name] for name in TABLES])
