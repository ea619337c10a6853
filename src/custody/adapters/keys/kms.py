"""Roots in AWS KMS: one symmetric key for each vault and generation, found by its alias (spec/vault.md §11).

A destroy there is an order that takes 7 to 30 days and can be cancelled until then: such a root is `scheduled`, wraps and unwraps
nothing meanwhile, and certificates carry the date that KMS gives. A reference holds region and account: a root that is not found is gone
only where it was made. Credentials come the way AWS's own library
finds them; custody holds none. What is wrapped is bound to its reference by the encryption context.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from custody.adapters.keys.trouble import denied, elsewhere, extra, gone, loose, no_blob, no_ref, out, require_length
from custody.base.errors import CustodyError
from custody.ports.keys import Destroyed, RootState, Terms

PROVIDER: Final = "aws-kms"
_SCHEME: Final = f"{PROVIDER}:"
_LABEL: Final = "custody-root"
_LIVE: Final = frozenset(("Enabled", "Disabled", "Updating"))
_ENDS: Final = frozenset(("PendingDeletion", "PendingReplicaDeletion"))
_GONE: Final = ("NotFoundException",)
_PENDING: Final = ("KMSInvalidStateException", "KMSInvalidState")
_FOREIGN: Final = ("InvalidCiphertextException", "IncorrectKeyException")
_SERVERS_FAULT: Final = 500
_ARN_PARTS: Final = 6
_LATER: Final = ("ThrottlingException", "KMSInternalException", "DependencyTimeoutException", "InternalFailure",
                 "ServiceUnavailable", "RequestTimeout", "LimitExceededException", "InternalError")  # fmt: skip


@dataclass(frozen=True, slots=True)
class KmsProvider:
    """See `ports.keys.KeyProvider`. `client` makes boto3's client of KMS; `days` is the waiting time of a destroy.

    `account` says whose credentials these are; it is asked only before a root is believed to be gone. Also raises Missing `keys.provider`.
    """

    client: Callable[[], Any]
    account: Callable[[], str]
    days: int = 7

    def terms(self, ref: str = "") -> Terms:  # noqa: ARG002 - all roots of an account go alike
        return Terms(PROVIDER, "service", timedelta(days=self.days), ("cancelling",))

    def find(self, vault: str, generation: int) -> Sequence[str]:
        with _world():
            told = _about(self.client(), _alias(vault, generation))
        return [_SCHEME + told["Arn"]] if told and told["KeyState"] in _LIVE | _ENDS else []

    def create(self, vault: str, generation: int) -> str:
        if live := [ref for ref in self.find(vault, generation) if self.state(ref) == "live"]:
            return live[0]
        with _world():
            kms = self.client()
            made = kms.create_key(
                KeySpec="SYMMETRIC_DEFAULT", KeyUsage="ENCRYPT_DECRYPT", Origin="AWS_KMS",
                Tags=[{"TagKey": _LABEL, "TagValue": f"{vault}-{generation}"}],
            )["KeyMetadata"]  # fmt: skip
            _name(kms, _alias(vault, generation), str(made["KeyId"]))
            told = _about(kms, _alias(vault, generation))
        if (
            told is None
        ):  # the service takes a moment until a name that it took is known everywhere; the next run finds it
            raise out(PROVIDER)
        return _SCHEME + str(told["Arn"])

    def set_aside(self, ref: str) -> None:
        """Nothing: what is there opens, or says why not."""

    def unopened(self, label: str = "") -> Sequence[str]:  # noqa: ARG002 - what lies there opens, or is gone
        return ()

    def wrap(self, ref: str, key: bytes) -> bytes:
        require_length(key)
        with _world():
            self._require_kept(ref)
            told = self.client().encrypt(KeyId=_key(ref), Plaintext=key, EncryptionContext={_LABEL: ref})
        return bytes(told["CiphertextBlob"])

    def unwrap(self, ref: str, blob: bytes) -> bytes:
        if self.state(ref) != "live":
            raise gone()
        if not blob:
            raise no_blob()
        with _world():
            told = self.client().decrypt(KeyId=_key(ref), CiphertextBlob=blob, EncryptionContext={_LABEL: ref})
        return bytes(told["Plaintext"])

    def destroy(self, ref: str, now: datetime) -> Destroyed:
        with _world():
            told = self._told_of(ref)
            if told is None:
                return Destroyed(now, "service")
            if told["KeyState"] not in _ENDS:
                told = self.client().schedule_key_deletion(KeyId=str(told["KeyId"]), PendingWindowInDays=self.days)
        if told.get("DeletionDate") is None:  # a key that has copies in other regions waits for those, and says no date
            raise loose(PROVIDER)
        return Destroyed(told["DeletionDate"].astimezone(UTC), "service")

    def state(self, ref: str) -> RootState:
        with _world():
            told = self._told_of(ref)
        if told is None:
            return "gone"
        if (
            told["KeyState"] not in _LIVE | _ENDS
        ):  # being made, or its key store is disconnected: it is there, and comes back
            raise out(PROVIDER)
        return "scheduled" if told["KeyState"] in _ENDS else "live"

    def _told_of(self, ref: str) -> dict[str, Any] | None:
        """What KMS says of the root, where it was made; None when it is gone there. Raises Missing `keys.provider` for one of elsewhere."""
        kms, (region, account) = self.client(), _place(ref)
        if kms.meta.region_name != region:
            raise elsewhere(PROVIDER)
        told = _about(kms, _key(ref))
        if told is None and self.account() != account:
            raise elsewhere(PROVIDER)
        return told

    def _require_kept(self, ref: str) -> None:
        """That KMS made the key: imported material can be imported again by whoever kept it, and a key of several regions has copies in them. Raises Broken `keys.policy`."""
        told = self._told_of(ref)
        if told is None or told["KeyState"] in _ENDS:
            raise gone()
        if told["Origin"] not in {"AWS_KMS", "AWS_CLOUDHSM"} or told.get("MultiRegion"):
            raise loose(PROVIDER)


def client(region: str, endpoint: str | None, profile: str | None, seconds: int = 10, service: str = "kms") -> Any:  # noqa: ANN401 - the library's own object
    """boto3's client of KMS, or of another service of the same account: it waits some seconds at most and tries twice. Raises Unavailable `keys.extra`, `keys.denied`."""
    boto, core = extra("boto3", "aws"), extra("botocore.config", "aws")
    wait = core.Config(connect_timeout=seconds, read_timeout=seconds, retries={"total_max_attempts": 2})
    with _world():
        return boto.Session(profile_name=profile, region_name=region).client(
            service, endpoint_url=endpoint, config=wait
        )


def account_of(region: str, endpoint: str | None, profile: str | None) -> str:
    """Whose credentials these are, by STS, which lets everybody ask. Raises Unavailable `keys.out`, `keys.denied`."""
    with _world():
        return str(client(region, endpoint, profile, service="sts").get_caller_identity()["Account"])


def _alias(vault: str, generation: int) -> str:
    return f"alias/custody/{vault}-{generation}"


def _key(ref: str) -> str:
    if not ref.startswith(f"{_SCHEME}arn:"):
        raise no_ref()
    return ref.removeprefix(_SCHEME)


def _place(ref: str) -> tuple[str, str]:
    """(region, account) of `arn:PARTITION:kms:REGION:ACCOUNT:key/ID`."""
    parts = _key(ref).split(":")
    if len(parts) != _ARN_PARTS:
        raise no_ref()
    return parts[3], parts[4]


def _about(kms: Any, name: str) -> dict[str, Any] | None:  # noqa: ANN401 - as above
    try:
        told: dict[str, Any] = kms.describe_key(KeyId=name)["KeyMetadata"]
    except kms.exceptions.NotFoundException:
        return None
    return told


def _name(kms: Any, alias: str, key: str) -> None:  # noqa: ANN401 - as above
    """Give the alias to the new key, unless another process gave it to its own first: that root counts then."""
    try:
        kms.create_alias(AliasName=alias, TargetKeyId=key)
    except kms.exceptions.AlreadyExistsException:
        held = _about(kms, alias)
        if held is not None and held["KeyState"] in _LIVE:
            kms.schedule_key_deletion(KeyId=key, PendingWindowInDays=7)
        else:
            kms.update_alias(AliasName=alias, TargetKeyId=key)


@contextmanager
def _world() -> Iterator[None]:
    """A library's errors told as custody's. None of its texts goes on: they name accounts and hosts."""
    errors = extra("botocore.exceptions", "aws")
    try:
        yield
    except errors.ClientError as error:
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        raise _told(str(error.response.get("Error", {}).get("Code", "")), int(status)) from error
    except (
        errors.NoCredentialsError,
        errors.PartialCredentialsError,
        errors.ProfileNotFound,
        errors.NoRegionError,
    ) as error:
        raise denied(PROVIDER) from error
    except errors.BotoCoreError as error:
        raise out(PROVIDER) from error


def _told(code: str, status: int) -> CustodyError:
    if code in _GONE or code in _PENDING:
        return gone()
    if code in _FOREIGN:
        return no_blob()
    return out(PROVIDER) if code in _LATER or status >= _SERVERS_FAULT else denied(PROVIDER)
