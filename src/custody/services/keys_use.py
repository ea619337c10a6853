"""Make new roots at another key provider from now on; each vault moves with its next rotation, and the suppression list with the first of them (A4, A5)."""

from collections.abc import Mapping

from custody.acts.besides import Beside, besides, left
from custody.acts.desk import Desk
from custody.acts.evidence import append
from custody.acts.vaults import terms_of, told
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.base.errors import CustodyError
from custody.ports.host import Host

_NOBODY = ("vlt", 0)


def keys_use(desk: Desk, host: Host, provider: str, section: Mapping[str, str | int]) -> Mapping[str, Json]:
    """`elsewhere` and `besides` name what lies at another one still, which the old section of custody.toml is needed for. The provider must answer before anything is written. Raises Malformed `keys.config`, Unavailable `keys.*`."""
    desk.require(("owner", "operator"))
    keys = host.keys(provider, section)
    keys.find(*_NOBODY)
    terms = keys.terms()
    host.use_keys(provider, section)
    with desk.store.write() as tx:
        says: dict[str, Json] = {"provider": terms.provider, "assurance": terms.assurance}
        append(tx, desk.space, stamp(desk.clock.now()), "key-provider-chosen", says)
        rows = tx.find("vault", order=("name",), party=desk.space)
        others = [*besides(desk, tx), *left(desk, tx)]
    elsewhere: list[Json] = [
        str(row["name"]) for row in rows if row["keyring"] and terms_of(desk, row).provider != terms.provider
    ]
    more: list[Json] = [
        {"kind": each.kind, "deal": each.deal, "vault": each.vault}
        for each in others
        if _provider(desk, each) != terms.provider
    ]
    return {
        **told(terms),
        "elsewhere": elsewhere,
        "besides": more,
        "next": f"custody rekey --vault {elsewhere[0]}" if elsewhere else "",
    }


def _provider(desk: Desk, beside: Beside) -> str:
    """'' of one that does not answer: what lies there is not here."""
    try:
        return desk.keys.terms(beside.ref).provider
    except CustodyError:
        return ""
