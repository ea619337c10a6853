"""A made-up company that is being sold: its customer data as small companies really keep it (docs/guide/sample.md).

Everything is invented; the same seed gives the same files, byte for byte. `custody` does not need this package except
to rehearse.
"""

from custody_sample.company import generate

__all__ = ["generate"]
