"""Postal addresses in running text: from the first place name to the last unit, with the postcode (taxonomy.toml).

Chinese ones are found in span_han_places. Of those in Latin letters each form is a pattern: the number before the street
(English, French) or behind it (German, Spanish, Dutch, Polish), a post box, a flat; all share what may follow: further
parts, towns, a region and a postcode. A street word that is a common word as well needs a town or a postcode behind it.
"""

import re
from collections.abc import Iterator
from typing import Final

from custody.base.late import late
from custody.classify.span_han_places import find_han_places

_STREET: Final = (
    r"(?:Street|St|Road|Rd|Avenue|Ave|Av|Boulevard|Blvd|Drive|Dr|Lane|Ln|Way|Court|Ct|Circle|Cir|Square|Sq|Parkway|Pkwy|Terrace|Ter|Highway|Hwy|Crescent|Cres|Mews|"
    r"Alley|Broadway|Embankment|Esplanade|Turnpike|Freeway|Throughway|Trafficway|Quay|Wharf|Prospekt|Prospect|Ulitsa|Jalan|Marg|Nagar|Gardens|Grove|Close|Row|Parade)"
)
_LOOSE: Final = (
    r"(?:Place|Pl|Trail|Loop|Plaza|Hill|Park|Common|Commons|Crossing|Extension|Extensions|Fall|Falls|Ferry|Field|Fields|Flat|Flats|Ford|Forest|Forge|Fork|Forks|Garden|"
    r"Gateway|Glen|Glens|Green|Greens|Groves|Harbor|Harbors|Haven|Heights|Hills|Hollow|Inlet|Island|Islands|Junction|Key|Keys|Knoll|Knolls|Lake|Lakes|Land|Landing|Light|"
    r"Lights|Lock|Locks|Lodge|Mall|Manor|Manors|Meadow|Meadows|Mill|Mills|Mission|Motorway|Mount|Mountain|Neck|Orchard|Oval|Overpass|Parks|Parkways|Pass|Passage|Path|Pike|"
    r"Pine|Pines|Plain|Plains|Point|Points|Port|Ports|Prairie|Radial|Ramp|Ranch|Rapid|Rapids|Rest|Ridge|Ridges|River|Roads|Route|Run|Shoal|Shoals|Shore|Shores|Skyway|Spring|"
    r"Springs|Spur|Spurs|Squares|Station|Stravenue|Stream|Streets|Summit|Trace|Track|Tunnel|Underpass|Union|Unions|Valley|Valleys|Via|Viaduct|View|Views|Village|Villages|"
    r"Ville|Vista|Walk|Walks|Wall|Ways|Well|Wells|Annex|Arcade|Bayou|Beach|Bend|Bluff|Bluffs|Bottom|Branch|Bridge|Brook|Brooks|Burg|Burgs|Bypass|Camp|Canyon|Cape|Causeway|"
    r"Center|Centers|Centre|Circles|Cliff|Cliffs|Club|Corner|Corners|Cottage|Cottages|House|Barn|Farm|Farmhouse|Villa|Course|Courts|Cove|Coves|Creek|Crest|Crossroad|Curve|Dale|Dam|Divide|Drives|Estate|Estates|Expressway)"
)
_CAP: Final = r"(?:[A-ZÀ-ÞŁŚŻ][\w'’.-]*|\d{1,3}(?:st|nd|rd|th))"
_FLAT: Final = r"(?:,?\s*(?:Apt|Apartment|Suite|Ste|Unit|Flat|Floor|Fl|Room|Rm|kv|app|apto|piso|#)\b\.?\s*#?[A-Za-z0-9-]+|,?\s*\d{1,2}(?:st|nd|rd|th)\s[Ff]loor|,?\s*#\s?\w+)"
_POST: Final = r"(?:\d{5}-\d{3,4}|[A-Z]{1,2}\d[A-Z\d]?\s?\d[A-Z]{2}|[A-Z]\d[A-Z]\s?\d[A-Z]\d|[A-Z]\d{2}\s[A-Z0-9]{4}|\d{4}\s?[A-Z]{2}(?![A-Za-z])|\d{3}\s\d{2}|\d{4,6})(?!\d)"
_NOT_TOWN: Final = (
    r"(?!(?:I|We|He|She|They|It|My|Our|His|Her|Their|The|This|That|Please|Call|Phone|Tel|Email|Mail|Ask|Attn|Mr|Mrs|Ms|Dr|From|To|On|At|In|Is|And|Or|But|Not|Do|No|Yes|"
    r"Thanks|Thank|Customer|Order|Born|DOB|SSN|Passport|Deliver|Delivery|Send|Ship|Contact|Name|Gate|Code|Leave|Ring|Next|Near|Since|Until|By|For|With|Mobile|Cell)\b)"
)
_TOWN: Final = rf"{_NOT_TOWN}[A-ZÀ-ÞŁŚŻ][^\W\d_]*(?:['’.-][^\W\d_]+)*"
_TOWNS: Final = rf"{_TOWN}(?:\s(?:of|upon|on|am|an|der|de|del|la|le|sur|im|{_TOWN})){{0,3}}(?!\w)"
_BREAK: Final = r"\s*[,\n]\s*"
_REST: Final = (
    rf"(?:{_BREAK}(?:{_POST}\s)?{_TOWNS}(?:,?\s(?:[A-Z]{{2,3}}(?![A-Za-z0-9])\.?)?,?\s?{_POST}|,?\s[A-Z]{{2,3}}(?![A-Za-z0-9]))?(?:\s{_TOWN})?){{0,4}}"
    rf"(?:(?:{_BREAK}|\s)(?:[A-Z]{{2,3}}\s)?{_POST}(?:\s{_TOWNS})?)?"
)
_CODED: Final = late(  # nothing but a country stands behind such a postcode: what follows is the next thing said
    r"(?<!\w)(?:[A-Z]{1,2}\d[A-Z\d]?\s?\d[A-Z]{2}|[A-Z]\d[A-Z]\s?\d[A-Z]\d|[A-Z]\d{2}\s[A-Z0-9]{4}|[A-Z]{2,3}\s\d{4,5}(?:-\d{4})?)(?=\s*[,\n]\s*(?!(?:USA?|UK|U\.S\.|U\.K\.|England|"
    r"Scotland|Wales|Ireland|Northern Ireland|Canada|Australia|New Zealand|United (?:Kingdom|States))(?!\w)))"
)
_SURE: Final = rf"(?:{_BREAK}(?:{_POST}\s)?{_TOWNS})"
_DIRECTION: Final = r"(?:(?:N|S|E|W|NE|NW|SE|SW|North|South|East|West)\.?)"
_HEAD: Final = r"(?:(?:Flat|Studio|Unit|Apartment|Apt|Suite|Room|Floor)\.?\s#?[A-Za-z0-9-]+,?\s+)?"
_NUMBER: Final = r"(?<![\w#/.:-])\d{1,6}(?:[A-Za-z](?![a-z])|-\d{1,5}|/\d{1,4})?,?\s+"
_STEM: Final = rf"(?:{_DIRECTION}\s+)?(?:The\s)?(?:{_CAP}\s+){{1,4}}?"
_LATIN: Final = (
    late(rf"(?<!\w){_HEAD}{_NUMBER}(?:{_STEM}{_STREET}|(?:{_DIRECTION}\s+)?(?:Avenue|Ave|Highway|Route)\s+[A-Z0-9]{{1,4}}|The\s{_CAP}|Broadway)(?![\w])\.?(?:\s{_DIRECTION}(?!\w))?{_FLAT}{{0,2}}{_REST}"),
    late(rf"(?<!\w){_HEAD}{_NUMBER}{_STEM}{_LOOSE}(?!\w)\.?(?:\s{_DIRECTION}(?!\w))?(?:{_FLAT}{{1,2}}(?:{_SURE})?|{_SURE}){_REST}"),
    late(rf"(?<!\w)(?:Flat|Studio|Unit|Apartment|Suite)\s\w+,?\s+(?:\d+\s+)?(?:{_CAP}\s+){{1,3}}{_TOWN}{_REST}"),
    late(rf"{_NUMBER}(?:{_CAP}\s){{1,3}}{_CAP}{_FLAT}?,\s*{_TOWN}(?:\s{_TOWN}){{0,2}},?\s+(?:[A-Z]{{2}}\s+)?\d{{5}}(?:-\d{{4}})?"),
    late(rf"(?<!\w)(?:P\.?\s?O\.?\s?Box|Post(?:al)? Box|Postbox|Postfach|Apartado)\s\d{{1,6}}{_REST}", re.IGNORECASE),
    late(r"(?<!\w)(?:PSC|Unit|USNS|USS|USCGC|USNV)\s[\w ]{1,24},?\s+(?:Box \d+,?\s+)?(?:FPO|APO|DPO)\s[A-Z]{2}\s\d{5}"),
    late(rf"(?<!\w)(?:{_CAP}\s+){{1,3}}(?:Street|Road|Avenue|Ave|Lane|Drive|Boulevard|Blvd|Close|Prospekt|Prospect|Ulitsa|Marg|Highway|Crescent|Square)\s\d{{1,4}}[A-Za-z]?(?![\w-]){_FLAT}?{_REST}"),
    late(rf"(?<!\w)(?:[A-ZÄÖÜ][\wäöüß.-]*[ -])?[A-ZÄÖÜ][\wäöüß-]*(?i:straße|strasse|str\.|weg|platz|allee|gasse|(?<![eiou])ring|ufer|damm|steig|straat|laan|gracht|kade|plein|vej|gade|vägen|gatan|gata|veien|katu|tie)\s*\d{{1,4}}(?:-\d{{1,4}})?\s?[A-Za-z]?(?![\w-])(?:/\d+)?(?:,?\s+(?:D-|A-|CH-)?\d{{4,5}}(?:\s?[A-Z]{{2}}(?!\w))?\s+[A-ZÄÖÜ][\wäöüß-]+(?:\s(?:am|an|ob|bei|im|in der)\s[A-ZÄÖÜ]\w+)?|{_SURE})?"),
    late(rf"(?<!\w)[A-ZÄÖÜ][\wäöüß.-]+\s(?i:straße|strasse|str\.|weg|platz|allee|gasse|(?<![eiou])ring|ufer|damm)\s\d{{1,4}}\s?[a-z]?(?![\w-])(?:,?\s+(?:D-|A-|CH-)?\d{{4,5}}\s+[A-ZÄÖÜ][\wäöüß-]+|{_SURE})?"),
    late(rf"(?<!\w)(?:ul\.|ulica|al\.|os\.)\s(?:{_CAP}\s?){{1,3}}\s?\d{{1,4}}[A-Za-z]?(?:/\d{{1,4}})?(?:,?\s+\d{{2}}-\d{{3}}\s+{_TOWNS}|{_SURE})?"),
    late(r"(?<!\w)(?:\d{1,4}(?:\s?bis|\s?ter)?,?\s+)?(?:rue|avenue|boulevard|chemin|place|quai|impasse|allée|cours)\s+(?:(?:de|du|des|la|le|les|l['’]|d['’])\s?)*[A-ZÀ-Þ][\wà-ÿ'’-]*(?:\s[A-ZÀ-Þ][\wà-ÿ'’-]*){0,3}(?:,?\s+\d{5}\s+[A-ZÀ-Þ][\wà-ÿ'’-]*(?:[ -][\wà-ÿ'’-]+){0,3})?", re.IGNORECASE),
    late(rf"(?<!\w)(?:Calle|C/|Avenida|Av\.|Avda\.|Plaza|Paseo|Rua|Via|Viale|Corso|Vicolo|Piazza|Largo|Travessa)\s+(?:de\s|la\s|del\s|las\s|los\s|di\s|della\s|da\s|do\s)*[A-ZÁÉÍÓÚÑ][\wáéíóúñçãõ]*(?:\s[^\W\d_]+){{0,3}},?\s+(?:n[.º°o]\s?)?\d{{1,5}}(?:\s?[A-Za-zºª]{{1,2}}(?!\w))?(?:,\s*\d{{1,2}}\s?[ºª°](?:\s?[A-Za-z]{{1,4}}(?!\w))?)?(?:,\s*\d{{4,5}}(?:-\d{{3}})?\s+{_TOWNS}|{_SURE})?"),
    late(rf"(?<!\w)(?:Am|An|Auf|Im|In|Unter|Zum|Zur|Hinter|Vor|Bei)(?:\s(?:der|den|dem|die|das))?\s{_CAP}(?:[ -]{_CAP})?\s\d{{1,4}}\s?[a-z]?,?\s+\d{{4,5}}\s{_TOWN}"),
    late(rf"(?<!\w)(?:House|Plot|Villa|Bungalow|Block|Door)\s(?:No\.?\s)?#?\d{{1,4}}[A-Z]?,?\s(?:Road|Street|Lane|Sector|Block|Phase)\s(?:No\.?\s)?[A-Z0-9-]{{1,4}}(?:{_SURE}){_REST}"),
    late(rf"(?<!\w)[A-Z]{{1,2}}[-/ ]?\d{{1,4}},\s(?:{_CAP}\s){{1,3}}(?:Apartments|Apartment|Society|Colony|Nagar|Enclave|Heights|Residency|Towers|Tower|Complex|Vihar|Layout)(?:{_SURE}){_REST}"),
)  # fmt: skip


def _until_code(text: str, start: int, end: int) -> tuple[int, int]:
    code = _CODED.search(text, start, end)
    return start, code.end() if code else end


def find_places(text: str) -> Iterator[tuple[int, int]]:
    """(start, end) of each address."""
    if not text.isascii():
        yield from find_han_places(text)
    if any(one.isdigit() for one in text):
        found = [
            _until_code(text, *match.span())
            for rule in _LATIN
            for match in rule.finditer(text)
            if any(one.isdigit() for one in match[0])
        ]
        yield from sorted(found, key=lambda one: (one[0], -one[1]))
