"""Why a row is in quarantine, or a file, sheet or table was not looked at: each reason in both languages (spec/sources.md §8)."""

from typing import Final, NamedTuple


class Reason(NamedTuple):
    """One reason as people read it."""

    zh: str
    en: str


ROWS: Final = {
    "row.undecodable": Reason("这一行的字节不属于该文件的编码", "bytes that are not of the file's encoding"),
    "row.other-encoding": Reason("这一行是用另一种编码写的", "written in another encoding than the file"),
    "row.oversized": Reason("这一行超过 16 MB", "longer than 16 MB"),
    "row.quote": Reason("引号没有配对", "a quote that does not close"),
    "row.ragged": Reason("列数与表头不符", "not as many cells as the header has"),
    "row.nul": Reason("含有零字节", "holds a zero byte"),
    "row.json": Reason("不是 JSON", "not JSON"),
    "row.not-object": Reason("不是 JSON 对象", "JSON, but no object"),
    "row.key-twice": Reason("同一个键出现了两次", "one key stands twice"),
    "row.orphan": Reason("关联不到任何人", "reaches nobody"),
    "row.total": Reason("合计行，不是客户", "a sum line, not a customer"),
    "row.tells-who": Reason(
        "与个人无关的表里写着某人的联系方式或号码", "a person's number or address, in a table about nobody"
    ),
    "cell.number_damaged": Reason("长号码已被电子表格改坏", "a number that a spreadsheet has damaged"),
    "row.suppressed": Reason(
        "此人在禁联名单上，不再收入", "of a person on the suppression list, who is not taken in again"
    ),
    "key.claimed-twice": Reason("两个人用了同一个键", "two people claim one key"),
}
SKIPPED: Final = {
    "file.unknown": Reason("不认识这种文件", "a kind of file that custody does not read"),
    "file.unsupported": Reason("不认识这种文件", "a kind of file that custody does not read"),
    "file.web-page": Reason("其实是网页，不是工作簿，请另存为 .xlsx", "a web page called a workbook: save it again as .xlsx"),
    "file.system": Reason("操作系统或程序留下的文件", "left there by an operating system or a program"),
    "file.link": Reason("指向文件夹以外的链接", "a link out of the folder"),
    "file.special": Reason("不是普通文件", "not a regular file"),
    "file.denied": Reason("没有读取权限", "not readable by this user"),
    "file.empty": Reason("空文件", "empty"),
    "file.oversized": Reason("展开后过大的工作簿，请分成几个或另存为 CSV", "a workbook too large when unpacked: split it, or save it as CSV"),
    "file.encrypted": Reason("有密码", "protected by a password"),
    "file.unreadable": Reason("已损坏或不是它自称的格式", "damaged, or not what its name says"),
    "file.no-rows": Reason("没有一行是 JSON 对象", "no line is a JSON object"),
    "file.columns": Reason("各行的键成千上万，不像一张表", "thousands of different keys: not a table"),
    "encoding.ambiguous": Reason("两种编码都读得通，要由人指明是哪一种", "two encodings fit: a person must say which"),
    "encoding.unknown": Reason("没有这种编码", "there is no such encoding"),
    "sqlite.wal": Reason("数据库正在使用中", "the database is in use"),
    "sqlite.bomb": Reason("行是算出来的，读出来有文件的三百倍", "its rows are computed: three hundred times as much as the file"),
    "sheet.empty": Reason("空工作表", "an empty sheet"),
    "sheet.chart": Reason("图表，不是数据", "a chart, no data"),
    "table.view": Reason("视图，数据在它的原表里", "a view: its data is in other tables"),
    "column.generated": Reason("由其他列算出的列，没有存放自己的数据", "a column computed from others: it holds no data of its own"),
    "table.foreign": Reason("数据在别的服务器上，或是序列", "its data lies on another server, or it is a sequence"),
    "table.virtual": Reason("虚拟表，这里读不了", "a virtual table that cannot be read here"),
    "table.denied": Reason("这个用户没有读取权限", "this user may not read it"),
    "table.row-security": Reason("行级安全会隐藏部分行，所以不读", "row security would hide rows, so it is not read in part"),
    "table.no-columns": Reason("没有列", "has no columns"),
    "archive.path": Reason("压缩包内的路径指向包外", "a path that leads out of the archive"),
    "archive.link": Reason("压缩包内的链接", "a link inside an archive"),
    "archive.encrypted": Reason("压缩包内有密码的文件", "protected by a password inside an archive"),
    "archive.method": Reason("不支持的压缩方法", "compressed in a way that is not supported"),
    "archive.bomb": Reason("解压后会膨胀三百倍以上", "would expand more than three hundred times"),
    "archive.nested": Reason("压缩包里的压缩包", "an archive inside an archive"),
    "archive.twice": Reason("压缩包里有两个同名文件", "two files of one name inside the archive"),
    "archive.damaged": Reason("压缩包已损坏", "damaged inside the archive"),
    "archive.oversized": Reason("压缩包过大，请自行解压", "larger than custody unpacks: unpack it yourself"),
}  # fmt: skip
REASONS: Final = ROWS | SKIPPED
