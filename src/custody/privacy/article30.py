"""The record of processing activities of GDPR Art. 30(1), as far as the data map knows; what it cannot know is named."""

from collections.abc import Mapping
from typing import Final

from custody.base.canonical import Json
from custody.model.datamap import DataMap
from custody.privacy.activities import Activity, activities, spoken
from custody.privacy.vocabularies import word

# What Art. 30(1) asks for and no source can say.
_OPEN: Final = (
    ("a", "控制者的联系方式、代表和数据保护官", "contact details of the controller, its representative and data protection officer"),
    ("d", "已向或将向哪些接收者披露", "recipients to whom data have been or will be disclosed"),
    ("e", "向第三国的传输及其保障", "transfers to third countries and their safeguards"),
)  # fmt: skip


def article30(
    datamap: DataMap, digest: str, words: Mapping[str, tuple[str, str]], controller: str = ""
) -> dict[str, Json]:
    """The record; its letters are those of Art. 30(1)."""
    names = dict(words)
    rows: list[Json] = [_activity(one, names) for one in activities(datamap)]
    unnamed = [("a", "控制者的名称", "name of the controller")] if not controller else []
    missing: list[Json] = [{"letter": letter, "zh": zh, "en": en} for letter, zh, en in (*unnamed, *_OPEN)]
    return {
        "record": "GDPR Art. 30(1)", "datamap": digest, "a_controller": controller, "activities": rows, "to_complete": missing,
        "g_security": _both("静态加密，每位个人一把密钥，不再需要时粉碎密钥", "encrypted at rest under one key per person; keys are shredded when no longer needed"),
    }  # fmt: skip


def _activity(one: Activity, words: dict[str, tuple[str, str]]) -> Json:
    purposes: list[Json] = [{"slug": purpose, **_pair("purpose", purpose)} for purpose in one.purposes]
    categories: list[Json] = [dict[str, Json](entry) for entry in spoken(one.classes, words)]
    confirmed: list[Json] = sorted({column.confirmed_by for _, column in one.columns if column.confirmed_by})  # type: ignore[assignment]
    return {
        "b_purposes": purposes, "legal_basis": {"slug": one.basis, **_pair("basis", one.basis)},
        "c_data_subjects": {"slug": one.kind, **_pair("kind", one.kind)}, "c_categories": categories, "sensitive": one.sensitive,
        "f_time_limit": {"slug": one.retention, **_pair("retention", one.retention)}, "tables": list(one.tables),
        "confirmed_by": confirmed,
    }  # fmt: skip


def _pair(group: str, slug: str) -> dict[str, Json]:
    return {"zh": word(group, slug, "zh"), "en": word(group, slug, "en")}


def _both(zh: str, en: str) -> Json:
    return {"zh": zh, "en": en}
