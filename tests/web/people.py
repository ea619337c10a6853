"""The people of a console's deal, and their table."""

from pathlib import Path

HEAD = "会员号,姓名,手机,邮箱,出生日期,地址,备注"
SURNAMES, GIVEN = "王李张刘陈杨赵黄周吴", "伟芳娜敏静丽强磊军洋"
PEOPLE = 120
PAPERS = ("contract.recipient", "basis.recorded", "pipia.done", "minimum.confirmed")


def members(path: Path) -> Path:
    """Members in GB18030; everybody lives in Hangzhou."""
    lines = [HEAD]
    lines += [
        f"QH{n:05d},{SURNAMES[n % 10]}{GIVEN[n // 10 % 10]},1380013{n:04d},m{n}@example.com,"
        f"{1960 + n % 40}-0{1 + n % 9}-1{n % 9},浙江省杭州市西湖区{n}号,{'对花生过敏' if n % 5 == 0 else ''}"
        for n in range(PEOPLE)
    ]
    path.write_bytes("\r\n".join(lines).encode("gb18030"))
    return path
