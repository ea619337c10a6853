"""Put a person into a department until a day (D1; spec/access.md §2)."""

from collections.abc import Mapping

from custody.acts.desk import Desk
from custody.acts.entitlements import DEPARTMENT, GIVERS, record
from custody.acts.policies import ACCESS
from custody.base.canonical import Json
from custody.base.errors import Malformed


def department_join(desk: Desk, handle: str, department: str, until: str) -> Mapping[str, Json]:
    """Never oneself. Raises Malformed `entitlement.department`, `entitlement.until`, Denied `entitlement.own`, Missing `principal.unknown`."""
    desk.require(GIVERS)
    with desk.store.write() as tx:
        known = ACCESS.in_force(tx, desk.space).policy.departments
        if department not in known:
            raise Malformed(
                "entitlement.department",
                "The access policy has no such department.",
                next=f"One of: {', '.join(sorted(known))}.",
            )
        return record(desk, tx, DEPARTMENT, handle, department, until)
