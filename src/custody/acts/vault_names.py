"""What a vault may be called: a name is part of a path and of what writers hold against each other, and says which vault is meant."""

import itertools
import re
from typing import Final

from custody.base.errors import Malformed, Refused
from custody.ports.store import Transaction

_NAME: Final = re.compile(r"[a-z][a-z0-9-]{0,31}")


def require_name(name: str) -> None:
    """Raises Malformed `vault.name`."""
    if not _NAME.fullmatch(name):
        raise Malformed("vault.name", "A vault's name is a-z, 0-9 and -, begins with a letter, and is at most 32 long.")


def require_free(tx: Transaction, party: str, name: str) -> None:
    """Raises Malformed `vault.name`, Refused `vault.named`: of two vaults of one name nobody could say which is meant."""
    require_name(name)
    if tx.count("vault", party=party, name=name):
        raise Refused("vault.named", "A vault of this name is there already.", next="Say another: --vault NAME")


def free_name(tx: Transaction, party: str, stem: str) -> str:
    """`stem`, or with the first number that no vault has yet."""
    taken = {str(row["name"]) for row in tx.find("vault", party=party)}
    numbered = (f"{stem}-{n}" for n in itertools.count(2))
    return next(name for name in itertools.chain((stem,), numbered) if name not in taken)
