"""The assumptions file a rehearsal starts from, printed and kept beside its results."""

from custody.acts.assume import DEFAULT

_EVERYWHERE = "[AU, BR, CA, CH, DE, EU, FR, HK, IN, JP, KR, SG, TW, UK, US]"


def default_assumptions(*, real: bool) -> str:
    """The file. Real tables often lack ages and places, so there more is assumed, and the file says so line by line."""
    if not real:
        return DEFAULT
    text = DEFAULT.replace("adult_when_age_unknown: false", "adult_when_age_unknown: true")
    return text.replace("regimes_assumed_clear: []", f"regimes_assumed_clear: {_EVERYWHERE}")
