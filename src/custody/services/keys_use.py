"""Make new roots at another key provider from now on; each vault moves with its next rotation, and the suppression list with the first of them (A4, A5)."""

from collections.abc import Mapping, Sequence
from typing import cast

from custody.acts.besides import Beside, besides, left
from custody.acts.desk import Desk
from custody.acts.evidence import append
from custody.acts.vaults import keyring_ref, terms_of, told
from custody.base.canonical import Json
from custody.base.clock import stamp
from custody.base.errors import CustodyError, Refused
from custody.ports.host import Host
from custody.ports.keys import KeyProvider
from custody.ports.store import Row

_NOBODY = ("vlt", 0)
_NOT_THERE = "keys.provider"


def keys_use(desk: Desk, host: Host, provider: str, section: Mapping[str, str | int]) -> Mapping[str, Json]:
    """`elsewhere` and `besides` name what lies at another one still, which the old section of custody.toml is needed for. The provider must answer before anything is written. Raises Malformed `keys.config`, Unavailable `keys.*`, Refused `keys.elsewhere`."""
    desk.require(("owner", "operator"))
    keys = host.keys(provider, section)
    keys.find(*_NOBODY)
    terms = keys.terms()
    with desk.store.read() as tx:
        rows = tx.find("vault", order=("name",), party=desk.space)
        others = [*besides(desk, tx), *left(desk, tx)]
    _require_reached(desk, keys, rows, others)
    says: dict[str, Json] = {"provider": terms.provider, "assurance": terms.assurance}
    with desk.store.write() as tx:  # custody.toml lies outside the store: whoever is cut off behind it has said so
        append(tx, desk.space, stamp(desk.clock.now()), "key-provider-intended", says)
    host.use_keys(provider, section)
    with desk.store.write() as tx:
        append(tx, desk.space, stamp(desk.clock.now()), "key-provider-chosen", says)
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


def _require_reached(desk: Desk, keys: KeyProvider, vaults: Sequence[Row], others: Sequence[Beside]) -> None:
    """The new section takes the place of the one of its kind: what only that one reaches would open no more, and nobody keeps the words of the old."""
    places = [("vault", keyring_ref(cast("bytes", row["keyring"]))) for row in vaults if row["keyring"]]
    places += [(each.kind, each.ref) for each in others]
    away = [kind for kind, ref in places if _fault(keys, ref) == _NOT_THERE != _fault(desk.keys, ref)]
    if away:
        raise Refused("keys.elsewhere", "These settings are of another place than roots of this home lie in, and would take the place of those that reach them.",
                      where={"roots": len(away), "kinds": ", ".join(sorted(set(away)))},
                      next="Move them first: custody keys use with a provider of another kind, custody rekey, custody due; docs/guide/providers.md.")  # fmt: skip


def _fault(keys: KeyProvider, ref: str) -> str:
    """Why nobody can say how this root stands; '' where somebody can."""
    try:
        keys.state(ref)
    except CustodyError as error:
        return error.slug
    return ""


def _provider(desk: Desk, beside: Beside) -> str:
    """'' of one that does not answer: what lies there is not here."""
    try:
        return desk.keys.terms(beside.ref).provider
    except CustodyError:
        return ""
