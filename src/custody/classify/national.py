"""Identity and tax numbers of other countries: a column is one when nearly all of its sample pass one country's check.

The rules are python-stdnum's, one module a number. A tenth of arbitrary numbers passes a single check digit, so a column
needs nine tenths of eight or more distinct values; only then are they more than an accident.
"""

import re
from collections.abc import Callable, Sequence
from typing import Final

from stdnum.at import vnr
from stdnum.au import abn
from stdnum.be import nn
from stdnum.bg import egn
from stdnum.br import cnpj, cpf
from stdnum.ca import sin
from stdnum.ch import ssn as ahv
from stdnum.cl import rut
from stdnum.cz import rc
from stdnum.de import idnr as steuer
from stdnum.dk import cpr
from stdnum.ec import ci
from stdnum.ee import ik
from stdnum.es import cif, dni, nie
from stdnum.eu import vat
from stdnum.fi import hetu
from stdnum.fr import nir, siret
from stdnum.gb import nhs
from stdnum.gr import amka
from stdnum.hr import oib
from stdnum.ie import pps
from stdnum.il import idnr as mispar
from stdnum.in_ import aadhaar, gstin, pan
from stdnum.it import codicefiscale
from stdnum.jp import in_ as kojin
from stdnum.kr import brn, rrn
from stdnum.mx import curp
from stdnum.my import nric
from stdnum.nl import bsn
from stdnum.no import fodselsnummer
from stdnum.pl import pesel
from stdnum.ro import cnp
from stdnum.se import personnummer
from stdnum.si import emso
from stdnum.th import pin
from stdnum.tr import tckimlik
from stdnum.za import idnr as south_africa

Valid = Callable[[str], bool]
SHARE: Final = 0.9
_FEW: Final = 8
_MOST: Final = 64
_PERSONS: Final[tuple[tuple[str, Valid], ...]] = tuple(
    (module.__name__.removeprefix("stdnum."), module.is_valid)
    for module in (
        vnr, nn, egn, cpf, sin, ahv, rut, rc, steuer, cpr, ci, ik, dni, nie, hetu, nir, nhs, amka, oib, pps, mispar, aadhaar, pan,
        codicefiscale, kojin, rrn, curp, nric, bsn, fodselsnummer, pesel, cnp, personnummer, emso, pin, tckimlik, south_africa,
    )
)  # fmt: skip


def _written_as_brn(value: str) -> bool:
    """A Korean business number has no check digit that its check asks for: only its written form tells it from any ten digits."""
    return bool(_BRN.match(value)) and brn.is_valid(value)


_BRN: Final = re.compile(r"^\d{3}-\d{2}-\d{5}$")
_COMPANIES: Final[tuple[tuple[str, Valid], ...]] = (
    *((module.__name__.removeprefix("stdnum."), module.is_valid) for module in (vat, cnpj, cif, siret, abn, gstin)),
    ("kr.brn", _written_as_brn),
)


def recognise(sample: Sequence[str]) -> tuple[str, float, str] | None:
    """(class, share that passes, whose number) of the best check; None when no check is passed often enough."""
    values = [value for value in sample if 8 <= len(value) <= 24 and any(one.isdigit() for one in value)][:_MOST]
    if len(values) < max(_FEW, 0.6 * min(len(sample), _MOST)):
        return None
    best = max(
        ((share, cls, name) for cls, known in (("id.national_other", _PERSONS), ("org.tax", _COMPANIES)) for name, valid in known
         if (share := _share(values, valid)) >= SHARE),
        default=None,
    )  # fmt: skip
    return None if best is None else (best[1], best[0], best[2])


def _share(values: Sequence[str], valid: Valid) -> float:
    """Share that passes; the first few decide whether the rest is worth asking."""
    first = sum(map(valid, values[:_FEW]))
    if first < _FEW - 1:
        return 0.0
    return (first + sum(map(valid, values[_FEW:]))) / len(values)
