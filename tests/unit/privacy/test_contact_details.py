"""Words for a reporter hold nothing that leads them to where somebody sees who comes."""

import pytest

from privacy.contact_details import contains_contact


@pytest.mark.parametrize(
    "words",
    [
        "请看照片确认是不是这盏灯 https://cdn.example.cn/i/7f3a91.jpg",
        "HTTP://10.0.0.7/x",
        "看 203.0.113.9 上的图",
        "照片在cdn.example.cn上",
        "请看www.qiaotou.gov",
        "打开360.cn查",
        "看清河。看example.com吧",
        "见 example．com",  # full-width
        "见 exam\u200bple.co\u200bm",  # with what nobody sees
        "见清河.中国",
        "см. пример.рф",
        "进t.me/xunsheng聊",
        "进 t . me / xunsheng 聊",
        "网址是example点com",
        "联系 @xc_liu8",
        "联系＠xc_liu8",
        "发到liu@example.cn",
        "tg://user?id=777",
        "或加微信 xc_liu8",
        "加我微信聊",
        "微信号是13912340000",
        "我的VX:xcliu88",
        "QQ 123456789",
        "QQ群:123456789",
        "xc_liu8是我微信",
        "WeChat id: xcliu88",
        "please add me on WeChat",
        "5188.wang/x",
        "123.ltd",
        "51.la",
        "360.ws",
        "1688.ru",
        "58.work/q",
        "看进度12306.ink",
        "12306.中国",
        "12306.рф",
        "12306.xn--fiqs8s",
        "加V abc123",
        "加我V",
        "V: wang_dashan88",
        "加我 wang_dashan88",
        "企鹅 123456789",
        "抖音 abc123",
        "快手号:wangds88",
        "加群123456789",
        "进群:12345678",
        "群号 12345678",
        "tg搜 xunsheng_team",
        "请打13812345678找我详谈",
        "我的微信同号13812345678",
        "打 138 1234 5678",
        "打幺三八洞洞幺三八洞洞洞",
        "请打一三八零零一三八零零零",
        "+86 13812345678",
        "拨400-820-8820",
        "打8008208820",
    ],
)
def test_addresses_and_contacts_are_found_however_they_are_written(words: str) -> None:
    assert contains_contact(words)


@pytest.mark.parametrize(
    "words",
    [
        "裂缝在桥面上还是在桥墩上?",
        "路灯已于2026.11.20修好,长3.5米,花费1.2万元。",
        "1.中国移动的杆子已移走;2.路面已补。",
        "修好了.请您放心.谢谢",
        "请打0571-8800123或12345找民政局,周一到周五8:30-17:30。",
        "名单已在村微信群里公示,有疑问打12345。",
        "请加强微信群管理",
        "请打0571-8800123或在微信群里问",
        "Fixed on Nov. 20. Please call 12345, e.g. in the morning. The lamp is 3.5m high.",
        "已按第4.2.1条处理,见1.5kW那台",
        "打110、12388或12380都行",
        "请打0371-61234567,或家里电话8800123",
        "村里羊群12345只已打疫苗",
        "按GB50016-2014施工;2.GB50016,管径3.5cm,重3.5kg",
        "1.LED灯已换;2.WiFi已通",
        "合同13800元,补了1380013.80元",
        "在抖音上反映的事已办",
        "加强管理,增加了5盏灯",
        "文号〔2026〕12号,编号2026031200001234",
        "Item 1. The lamp is fixed. 2. The road too.",
    ],
)
def test_plain_words_with_numbers_of_offices_pass(words: str) -> None:
    assert not contains_contact(words)


def test_a_mobile_that_the_rounds_own_notice_names_passes_and_no_other() -> None:
    assert not contains_contact("请打138 1234 5678", ["138-1234-5678(值班)"])
    assert contains_contact("请打13812345678或13912345678", ["13812345678"])
