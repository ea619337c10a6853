"""Tags of the suppression list: who is on it can be recognised, and read by nobody (spec/retention.md §7).

The key is one of its own, under a provider object that no rotation and no erasure touches. Whoever has it can try values,
so asking is counted by the caller, and no tag ever leaves the company.
"""

import hmac
import re
from typing import Final

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from custody.vault.index import NEWEST, normalise
from custody.vault.keyid import KEY_BYTES, require_key
from custody.vault.labels import SUPPRESSION

KINDS: Final = ("email", "phone", "id-number")
# Forms that are one kind and no other: what has an at sign, a resident number, a mainland mobile number.
_PLAIN: Final = {
    "email": re.compile(r".*"),
    "id-number": re.compile(r"\d{17}[0-9X]", re.ASCII),
    "phone": re.compile(r"\+861[3-9]\d{9}", re.ASCII),
}


class Suppressor:
    """Makes the tags of one party's list. Keeps its keys inside; has no repr that shows them."""

    def __init__(self, key: bytes, party: bytes, region: str) -> None:
        require_key(key)
        self._region = region
        self._keys = {
            kind: HKDF(SHA256(), KEY_BYTES, salt=None, info=SUPPRESSION + party + NEWEST[kind].encode()).derive(key)
            for kind in KINDS
        }

    def tag(self, kind: str, value: str) -> bytes | None:
        """32 bytes, or None when the value has no normal form of this kind."""
        form = normalise(NEWEST[kind], value, self._region) if kind in self._keys else None
        return None if form is None else self._tag(kind, form)

    def _tag(self, kind: str, form: str) -> bytes:
        return hmac.digest(self._keys[kind], form.encode(), "sha256")

    def tags(self, value: str) -> dict[str, bytes]:
        """{kind: tag} of what the value is, however it is written; of every kind that it can be where that is not plain."""
        forms = {kind: form for kind in KINDS if (form := normalise(NEWEST[kind], value, self._region)) is not None}
        plain = [kind for kind, looks in _PLAIN.items() if kind in forms and looks.fullmatch(forms[kind])]
        return {kind: self._tag(kind, form) for kind, form in forms.items() if not plain or kind == plain[0]}
