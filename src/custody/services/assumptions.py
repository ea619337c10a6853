"""The assumptions file a rehearsal starts from, printed and kept beside its results."""

from custody.acts.assume import DEFAULT

_EVERYWHERE = "[AU, BR, CA, CH, DE, EU, FR, HK, IN, JP, KR, SG, TW, UK, US]"


def default_assumptions(*, real: bool) -> str:
    """The file. On real data, places whose packs are not loaded are assumed cleared by a lawyer, and it says so."""
    return DEFAULT.replace("regimes_assumed_clear: []", f"regimes_assumed_clear: {_EVERYWHERE}") if real else DEFAULT
