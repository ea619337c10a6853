"""Verify packages, releases, receipts, certificates and ledgers offline: no store, no network, no key."""

from custody.services.verify.result import VerifyResult
from custody.services.verify.run import verify

__all__ = ["VerifyResult", "verify"]
