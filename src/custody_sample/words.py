"""Words to make people from: own compilations of common knowledge; no real person is meant."""

from typing import Final

SURNAMES: Final = tuple(
    "王李张刘陈杨黄赵周吴徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹"
)
GIVEN: Final = tuple(
    "伟 芳 娜 敏 静 丽 强 磊 军 洋 勇 艳 杰 娟 涛 明 超 秀英 霞 平 刚 桂英 子涵 梓萱 浩然 宇轩 欣怡 雨桐 思远 佳琪 晨曦 建国 志强 海燕 玉兰 文博 俊杰 晓峰 雪梅 丹丹 嘉怡 一诺 可馨 子轩 若曦 博文 天佑 䶮 𠮷".split()
)
LATIN_GIVEN: Final = "Anna Lukas Marie Paul Sophie Felix Emma Jonas Julia Louis Camille Hugo Oliver Amelia Harry James Olivia Noah Yuki Haruto".split()
LATIN_FAMILY: Final = "Müller Schmidt Weber Fischer Dubois Lefèvre Moreau Smith Jones Taylor Brown Johnson Williams Tanaka Sato Chan Wong".split()
PLACES: Final = (
    ("浙江省", "杭州市", "330106", "西湖区", "0571"), ("浙江省", "宁波市", "330203", "海曙区", "0574"),
    ("上海市", "上海市", "310104", "徐汇区", "021"), ("江苏省", "南京市", "320102", "玄武区", "025"),
    ("江苏省", "苏州市", "320508", "姑苏区", "0512"), ("广东省", "广州市", "440106", "天河区", "020"),
    ("广东省", "深圳市", "440304", "福田区", "0755"), ("北京市", "北京市", "110105", "朝阳区", "010"),
    ("四川省", "成都市", "510107", "武侯区", "028"), ("湖北省", "武汉市", "420106", "武昌区", "027"),
)  # fmt: skip
ROADS: Final = "文一路 学院路 天目山路 中山路 人民路 解放路 建设路 青年路 书院路 湖滨路 和平路 长江路".split()
ABROAD: Final = (
    ("德国", "Berlin", "Lindenstraße {n}"), ("法国", "Lyon", "{n} rue des Fleurs"), ("英国", "Leeds", "{n} Station Road"),
    ("美国", "Portland", "{n} Oak Street"), ("日本", "Osaka", "{n} Honmachi"), ("香港", "香港", "弥敦道{n}号"),
)  # fmt: skip
BANKS: Final = ("中国银行", "工商银行", "建设银行", "农业银行", "招商银行")
TIERS: Final = ("普通", "银卡", "金卡")
CHANNELS: Final = ("门店", "小程序", "官网", "朋友推荐")
GENRES: Final = ("文学", "童书", "历史", "科普", "艺术", "外语", "旅行")
REMARKS: Final = (
    "", "", "", "喜欢周末上午到店", "备用电话{phone}，晚上六点后联系", "收件人姓名:{name}，{place}文一路88号3单元", "对花生过敏，活动点心请注意",
    "转介绍客户，微信:{im}", "身份证{id}已核对", "投诉电话请打95588，订单号20260301001234", "邮箱换成{email}", "孩子上二年级，喜欢恐龙", "发票抬头已登记",
)  # fmt: skip
BOOKS: Final = (
    "山海经图注",
    "小城的书店",
    "给孩子的天文课",
    "江南园林",
    "十二个黄昏",
    "海错图漫谈",
    "法语入门",
    "木工手册",
    "云的故事",
    "老城厢地图集",
)
