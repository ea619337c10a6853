"""Postal addresses in running text: from the first place name to the last unit, with the postcode (taxonomy.toml)."""

import re
from collections.abc import Iterator
from typing import Final

from custody.classify.span_han_places import find_han_places

_STREETS: Final = (
    r"(?:Street|St|Road|Rd|Avenue|Ave|Boulevard|Blvd|Drive|Dr|Lane|Ln|Way|Court|Ct|Circle|Cir|Place|Pl|Square|Sq|Parkway|Pkwy|Terrace|Ter|Highway|Hwy|"
    r"Trail|Loop|Plaza|Close|Crescent|Row|Gardens|Grove|Hill|Mews|Park|Common|Commons|Crossing|Extension|Extensions|Fall|Falls|Ferry|Field|Fields|Flat|Flats|"
    r"Ford|Forest|Forge|Fork|Forks|Freeway|Garden|Gateway|Glen|Glens|Green|Greens|Groves|Harbor|Harbors|Haven|Heights|Highway|Hills|Hollow|Inlet|Island|Islands|"
    r"Junction|Key|Keys|Knoll|Knolls|Lake|Lakes|Land|Landing|Light|Lights|Lock|Locks|Lodge|Mall|Manor|Manors|Meadow|Meadows|Mill|Mills|Mission|Motorway|Mount|"
    r"Mountain|Neck|Orchard|Oval|Overpass|Parks|Parkways|Pass|Passage|Path|Pike|Pine|Pines|Plain|Plains|Point|Points|Port|Ports|Prairie|Radial|Ramp|Ranch|Rapid|"
    r"Rapids|Rest|Ridge|Ridges|River|Roads|Route|Rue|Run|Shoal|Shoals|Shore|Shores|Skyway|Spring|Springs|Spur|Spurs|Squares|Station|Stravenue|Stream|Streets|"
    r"Summit|Throughway|Trace|Track|Trafficway|Tunnel|Turnpike|Underpass|Union|Unions|Valley|Valleys|Via|Viaduct|View|Views|Village|Villages|Ville|Vista|Walk|Walks|"
    r"Wall|Ways|Well|Wells|Alley|Annex|Arcade|Bayou|Beach|Bend|Bluff|Bluffs|Bottom|Branch|Bridge|Brook|Brooks|Burg|Burgs|Bypass|Camp|Canyon|Cape|Causeway|Center|"
    r"Centers|Circles|Cliff|Cliffs|Club|Corner|Corners|Course|Courts|Cove|Coves|Creek|Crest|Crossroad|Curve|Dale|Dam|Divide|Drives|Estate|Estates|Expressway)"
)
_CAP: Final = r"[A-ZÀ-ÞŁŚŻ][\w'’.-]*"
_FLAT: Final = r"(?:,?\s*(?:Apt|Apartment|Suite|Ste|Unit|Flat|Floor|Room|#)\.?\s*#?[A-Za-z0-9-]+)"
_POST: Final = r"(?:\d{5}(?:-\d{4})?|[A-Z]{1,2}\d[A-Z\d]?\s?\d[A-Z]{2}|[A-Z]\d[A-Z]\s?\d[A-Z]\d|\d{4}\s?[A-Z]{2})"
_TOWN: Final = r"[A-ZÀ-ÞŁŚŻ][^\W\d_]*(?:['’.-][^\W\d_]+)*\.?"
_REST: Final = rf"(?:,\s*{_TOWN}(?:\s(?:of|upon|on|am|an|der|de|la|le|sur|{_TOWN}))*(?!\w)){{0,3}}(?:,?\s+[A-Z]{{2}}(?![A-Za-z0-9]))?(?:,?\s+{_POST})?"
_LATIN: Final = (
    re.compile(rf"(?<!\w)(?:Flat|Studio|Unit|Apartment|Suite)\s\w+,?\s+(?:\d+\s+)?(?:{_CAP}\s+){{1,3}}{_TOWN}{_REST}"),
    re.compile(rf"(?<![\w-])\d{{1,6}}[A-Za-z]?,?\s+(?:(?:N|S|E|W|North|South|East|West)\.?\s+)?(?:{_CAP}\s+){{1,4}}{_STREETS}(?![a-z])\.?{_FLAT}?{_REST}"),
    re.compile(rf"(?<![\w-])\d{{1,6}}\s(?:{_CAP}\s){{1,3}}{_CAP}{_FLAT}?,\s*{_TOWN}(?:\s{_TOWN}){{0,2}},?\s+(?:[A-Z]{{2}}\s+)?\d{{5}}(?:-\d{{4}})?"),
    re.compile(r"(?<!\w)(?:PSC|Unit|USNS|USS|USCGC|USNV)\s[\w ]{1,24},?\s+(?:Box \d+,?\s+)?(?:FPO|APO|DPO)\s[A-Z]{2}\s\d{5}"),
    re.compile(r"(?<!\w)(?:[A-ZÄÖÜ][\wäöüß.-]*[ -])?[A-ZÄÖÜ][\wäöüß-]*(?i:straße|strasse|str\.|weg|platz|allee|gasse|ring|ufer|damm|steig)\s*\d{1,4}(?:-\d{1,4})?\s?[a-z]?(?:/\d+)?(?:,?\s+(?:D-|A-|CH-)?\d{4,5}\s+[A-ZÄÖÜ][\wäöüß-]+(?:\s(?:am|an|ob|bei|im|in der)\s[A-ZÄÖÜ]\w+)?)?"),
    re.compile(r"(?<!\w)(?:\d{1,4}(?:\s?bis|\s?ter)?,?\s+)?(?:rue|avenue|boulevard|chemin|place|quai|impasse|allée|cours)\s+(?:(?:de|du|des|la|le|les|l['’]|d['’])\s?)*[A-ZÀ-Þ][\wà-ÿ'’-]*(?:\s[A-ZÀ-Þ][\wà-ÿ'’-]*){0,3}(?:,?\s+\d{5}\s+[A-ZÀ-Þ][\wà-ÿ'’-]*(?:[ -][\wà-ÿ'’-]+){0,3})?", re.IGNORECASE),
    re.compile(r"(?<!\w)(?:Calle|C/|Avenida|Av\.|Avda\.|Plaza|Paseo|Rua|Via|Viale|Piazza)\s+(?:de\s|la\s|del\s|las\s|los\s|di\s|della\s|da\s|do\s)*[A-ZÁÉÍÓÚÑ][\wáéíóúñçãõ]*(?:\s[^\W\d_]+){0,3},?\s+\d{1,5}(?:\s?[A-Za-zºª]{1,2}(?!\w))?(?:,\s*\d{4,5}(?:-\d{3})?\s+[A-ZÁÉÍÓÚÑ]\w+)?"),
)  # fmt: skip


def find_places(text: str) -> Iterator[tuple[int, int]]:
    """(start, end) of each address."""
    if not text.isascii():
        yield from find_han_places(text)
    if any(one.isdigit() for one in text):
        found = [
            match.span() for rule in _LATIN for match in rule.finditer(text) if any(one.isdigit() for one in match[0])
        ]
        yield from sorted(found, key=lambda one: (one[0], -one[1]))
