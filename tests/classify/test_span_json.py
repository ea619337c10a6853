"""Spans in cells of JSON: a value is read with its key, and stands where the cell has it."""

from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from custody.classify.span_json import values
from custody.classify.spans import find, sensitive_words


def told(text):
    return [(one.cls, text[one.start : one.end]) for one in find(text)]


@pytest.mark.parametrize(("cell", "spans"), [
    ('{"consignee":"时光","lxdh":"0571-88201234","qty":2}', [("name.full", "时光"), ("contact.phone", "0571-88201234")]),
    ('[{"k":"联系人","v":"向导"},{"k":"邮箱","v":"xd_77@qq.com"}]', [("name.full", "向导"), ("contact.email", "xd_77@qq.com")]),
    ('{"label":"手机","value":13812345678}', [("contact.phone", "13812345678")]),
    ('{"user": "jpark_88", "ver": "4.18.2.1", "ip": "203.0.113.77"}', [("account.username", "jpark_88"), ("device.ip", "203.0.113.77")]),
    ("{'name': '江南', 'id_card': '330102199204158827', 'city': '杭州'}", [("name.full", "江南"), ("id.cn_resident", "330102199204158827")]),
    ('{"passenger": {"first": "Hope", "last": "Banks"}, "seat": "12A"}', [("name.given", "Hope"), ("name.family", "Banks")]),
    ('{"birthday":"1990-01-01","createdAt":"1990-01-01"}', [("person.birth_date", "1990-01-01")]),
    ('{"name":"张三","mobile":"13912345678","addr":"浙江省杭州市余杭区文一', [("name.full", "张三"), ("contact.phone", "13912345678"), ("contact.address", "浙江省杭州市余杭区文一")]),
])  # fmt: skip
def test_a_key_says_what_its_value_is(cell, spans):
    """By the words that judge headers, in lists of labels and values, in Python's quotes and in a cell that was cut."""
    assert told(cell) == spans


@pytest.mark.parametrize("cell", [
    '{"name":"iPhone 15 Case","price":99,"sku":"4006381333931"}', '{"name":"蓝色T恤","qty":2}', '{"联系人":"无","电话":null}', "[1, 2, 3]", "{}",
    '{"orderNo":"110101199003074514","amount":"1280.00"}', '{"phone":"95588","hotline":"400-820-8820"}', '{"items":[{"name":"Blue Rose"}]}',
])  # fmt: skip
def test_a_product_has_a_name_too(cell):
    """Names of goods, orders, hotlines and what stands for nothing are not personal."""
    assert told(cell) == []


@pytest.mark.parametrize(("cell", "spans"), [
    (r'{"name":"\u5f20\u4e09","phone":"13812345678"}', [("name.full", r"\u5f20\u4e09"), ("contact.phone", "13812345678")]),
    (r'{"ext":"{\"receiver\":\"李四光\",\"tel\":\"0571-88201234\"}"}', [("name.full", "李四光"), ("contact.phone", "0571-88201234")]),
    (r'{\"name\":\"Tom Baker\",\"mobile\":\"13912345678\"}', [("name.full", "Tom Baker"), ("contact.phone", "13912345678")]),
    (r'{"note":"\u8bf7\u8054\u7cfb\u738b\u5efa\u56fd"}', [("name.full", r"\u738b\u5efa\u56fd")]),
])  # fmt: skip
def test_escapes_are_undone_and_spans_stand_in_the_cell(cell, spans):
    r"""`\u5f20`, and JSON within a string of JSON."""
    assert told(cell) == spans


def test_a_bracket_makes_no_json():
    """A note that begins with one is searched as a note."""
    assert told("[备注:急] 请联系 王建军，Grace Kelly 转") == [("name.full", "王建军"), ("name.full", "Grace Kelly")]


def test_a_number_in_json_makes_the_cell_sensitive():
    """As it would in a sentence."""
    assert "id.cn_resident" in set(sensitive_words('{"idCard":"330102199204158827","remark":""}'))


@given(st.text(st.sampled_from("{}[]:,\"'\\ uname张三1三5f20"), max_size=80))
def test_places_lie_inside_in_order(cell):
    """Whatever the cell, each value's characters stand inside it, one after the other."""
    for one in values(cell):
        assert len(one.places) == len(one.text) + 1
        assert list(one.places) == sorted(set(one.places)) or one.text == ""
        assert 0 <= one.places[0] <= one.places[-1] <= len(cell)


@pytest.mark.parametrize(
    "cell", ['{"a":"' + "\\" * 20000, '{"' * 5000, '{"a":' + "[" * 20000, '{"a":"' + '\\"' * 8000, '["' + "'" * 8000]
)
def test_no_cell_takes_long(cell):
    """A cell made to be slow costs what a long one costs."""
    begun = process_time()
    find(cell)
    assert process_time() - begun < 10
