"""Members of deals. Nobody who worked on a deal is shut out of it by an upgrade: everybody of the company is a member of its deals (docs/adr/0076)."""

import sqlalchemy as sa
from alembic import op

from custody.adapters.stores.schema import METADATA
from custody.model.party import EVERY_DEAL

revision = "0032_deal_member"
down_revision = "0030_guardian_paper"
TABLES = ("deal_member",)


def upgrade() -> None:
    """Create what a store of an earlier schema lacks; in one that was made today there is no deal."""
    base = op.get_bind()
    METADATA.create_all(base, tables=[METADATA.tables[TABLES[0]]])
    bring(base)


def bring(base: sa.Connection) -> None:
    """Whoever is of the company is a member of the deals that are in the store."""
    found = base.execute(_PRESENT).all()
    rows = [
        {"matter": matter, "principal": who, "n": 1}
        for matter, who, roles in found
        if not EVERY_DEAL.intersection(str(roles).split(","))
    ]
    if rows:
        base.execute(sa.insert(METADATA.tables[TABLES[0]]), rows)


_MATTER, _PRINCIPAL = METADATA.tables["matter"], METADATA.tables["principal"]
_PRESENT = (
    sa.select(_MATTER.c.id, _PRINCIPAL.c.id, _PRINCIPAL.c.roles)
    .join_from(_MATTER, _PRINCIPAL, _MATTER.c.party == _PRINCIPAL.c.party)
    .where(_MATTER.c.kind == "deal", _PRINCIPAL.c.revoked_at == "")
    .order_by(_MATTER.c.id, _PRINCIPAL.c.id)
)
