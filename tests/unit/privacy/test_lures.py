"""Words for a reporter hold nothing that leads them to where somebody sees who comes."""

import pytest

from privacy.lures import leads_away


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
    ],
)
def test_addresses_and_contacts_are_found_however_they_are_written(words: str) -> None:
    assert leads_away(words)


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
    ],
)
def test_plain_words_with_numbers_of_offices_pass(words: str) -> None:
    assert not leads_away(words)
