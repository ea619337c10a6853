"""The encoding that was written is the one that is found; where two readings are equally good, a person is asked."""

import pytest

from custody.adapters.sources.encoding import detect, foreign

ZH = "姓名,电话,地址\n张伟,13800138000,北京市朝阳区建国路88号\n"
WRITTEN = {
    "one Chinese name": ("id,n\n1,张伟\n", ("gb18030", "utf-8", "utf-16", "utf-16-le", "utf-16-be")),
    "names of four bytes": ("姓名,电话\n王䶮,13800138000\n李𠮷,13900139000\n", ("gb18030", "utf-8")),
    "rare names": ("id,n\n1,朱镕基\n2,喆喆\n3,陈堃\n", ("gb18030",)),
    "Chinese beside letters": ("name,城市,VIP\nTom王,上海A座3号楼,是\nAmy,北京B座,否\n", ("gb18030", "utf-16-le")),
    "Chinese with tabs": ("姓名\temail\n李雷\tlilei@qq.com\n", ("gb18030", "utf-16")),
    "an address": (ZH, ("gb18030", "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be")),
    "Taiwan": ("姓名,電話,地址\n陳怡君,0912345678,台北市信義區松仁路100號\n林志明,0923,高雄市\n", ("big5", "utf-8")),
    "one name in Taiwan": ("id,name\n1,陳怡君\n", ("big5",)),
    "Swedish capitals": ("id,name\n1,ANDRÉN\n", ("cp1252",)),
    "accents side by side": ("id,name\n1,José\n2,Núñez\n", ("cp1252", "utf-8")),
    "a name that ends with it": ("nom\nRENÉE\nRené\n", ("cp1252",)),
    "German": ("Kunde;Straße\nMüller;Hauptstraße 5\nGroß;Königsallee 1\n", ("cp1252",)),
    "French": ("nom,ville\nLefèvre,Orléans\nçà,à\nAgnès,Évry\n", ("cp1252", "utf-16-le")),
    "Danish": ("navn\nSøren Ærø\nBjørn Ålund\n", ("cp1252",)),
    "Portuguese": ("n,m\nJoão,São Paulo\nConceição,Avó\n", ("cp1252",)),
    "signs alone": ("a,b\n1,25°C\n2,£30\n", ("cp1252",)),
    "typographic signs": ("a,b\n1,it’s “ok” – yes €30\n", ("cp1252",)),
    "Japanese": ("氏名,住所\n山田太郎,東京都港区六本木\n鈴木はなこ,さいたま市\n", ("shift_jis", "utf-8")),
    "plain ASCII": ("id,name\n1,Smith\n", ("utf-8", "utf-16-le", "utf-16-be")),
}  # fmt: skip


@pytest.mark.parametrize(("text", "encoding"), [(text, one) for text, all_of in WRITTEN.values() for one in all_of])
def test_the_encoding_written_is_the_encoding_found(text: str, encoding: str):
    """A2: short files in each encoding are read in the one they were written in."""
    assert detect(text.encode(encoding)) == (encoding,)


def test_a_cp1252_name_is_not_read_as_chinese():
    """A2: `ANDRÉN` in cp1252 is valid GB18030 too, and is not taken for it."""
    data = "LastName\nANDRÉN\n".encode("cp1252")
    assert data.decode("gb18030")
    assert detect(data) == ("cp1252",)


def test_two_equal_readings_are_asked_about():
    """A2: a word whose bytes are good UTF-8 and good GB18030 is not guessed."""
    data = bytes((0xD2, 0xBB)) + b"\n"
    assert data.decode("utf-8")
    assert data.decode("gb18030") == "一\n"
    assert detect(b"n\n" + data) == ("utf-8", "gb18030")


def test_a_file_with_one_broken_row_keeps_its_encoding():
    """A2: one line in other bytes does not change what the file is."""
    rows = "".join(f"{number},张伟,北京市\n" for number in range(30))
    assert detect(rows.encode() + "31,李雷,上海市\n".encode("gb18030")) == ("utf-8",)
    assert detect(rows.encode("gb18030") + b"31,\xff\xff,\n") == ("gb18030",)


@pytest.mark.parametrize(
    ("written", "file", "found"),
    [
        ("utf-8", "gb18030", "utf-8"),
        ("cp1252", "gb18030", ""),
        ("gb18030", "cp1252", "gb18030"),
        ("gb18030", "gb18030", ""),
    ],
)
def test_a_line_of_another_encoding_is_told_from_a_rare_one(written: str, file: str, found: str):
    """A2: a UTF-8 line inside a GB18030 file decodes, and is told all the same; a rare name is not."""
    text = {"utf-8": "31,张三,北京", "cp1252": "31,plain,Shanghai"}.get(written, "31,朱镕基,上海市浦东新区")
    assert foreign(text.encode(written), file) == found
