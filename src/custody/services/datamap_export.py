"""Say the data map in other people's words: fideslang, DPV, the record of GDPR Art. 30 (A2)."""

import json
from collections.abc import Mapping

import yaml

from custody.base.canonical import Json
from custody.base.errors import Malformed
from custody.classify.datamap import digest, from_yaml
from custody.classify.taxonomy import classes
from custody.privacy.article30 import article30
from custody.privacy.dpv import dpv
from custody.privacy.fideslang import fideslang

FORMS = ("fideslang", "dpv", "art30")


def datamap_export(text: str, form: str, controller: str = "") -> tuple[str, Mapping[str, Json]]:
    """(the document's text, the document). Raises Malformed `datamap.export`, `datamap.form`."""
    datamap = from_yaml(text)
    words = {one.name: (one.zh, one.en) for one in classes().values()}
    if form == "fideslang":
        made = fideslang(datamap)
        return yaml.safe_dump(made, allow_unicode=True, sort_keys=False), made
    if form == "dpv":
        made = dpv(datamap, digest(datamap), words, controller)
    elif form == "art30":
        made = article30(datamap, digest(datamap), words, controller)
    else:
        raise Malformed("datamap.export", "There is no such form.", next=f"--form {'|'.join(FORMS)}")
    return json.dumps(made, ensure_ascii=False, indent=2) + "\n", made
