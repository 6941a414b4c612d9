"""What names the writer, or finds them by an account or a paper, is found; what only looks like it is left alone."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from privacy.traces import find_traces
from privacy.traces.documents import frame_check
from privacy.traces.numbers import identity_check

INTAKE = Path(__file__).parents[2] / "intake"


def found(text: str) -> list[tuple[str, str]]:
    return [(trace.kind.value, text[trace.start : trace.end]) for trace in find_traces(text)]


@pytest.mark.parametrize(
    ("text", "kind", "piece"),
    [
        ("找我@qiaotou_wang谢谢", "account", "@qiaotou_wang"),
        ("加我 t.me/qiaotou_wang", "account", "t.me/qiaotou_wang"),
        ("https://t.me/+AbCdEf123 进群", "account", "https://t.me/+AbCdEf123"),
        ("tg://user?id=123456789", "account", "tg://user?id=123456789"),
        ("电报号：qiaotou_wang", "account", "qiaotou_wang"),
        ("抖音号：qiaotou888", "account", "qiaotou888"),
        ("我抖音号是 88776655", "account", "88776655"),
        ("快手搜 laowang_66", "account", "laowang_66"),
        ("支付宝账号wangdali99", "account", "wangdali99"),
        ("支付宝账号 13800138000", "mobile", "13800138000"),
        ("微博@桥头的人".replace("@", "名:"), "account", "桥头的人"),
        ("微博@桥头的人", "account", "@桥头的人"),
        ("都发在我的抖音@桥头小王88,可以去看", "account", "@桥头小王88"),
        ("微博 ID: qiaotou-1999", "account", "qiaotou-1999"),
        ("小红书号 9527001234", "account", "9527001234"),
        ("抖音名叫桥头小王", "account", "桥头小王"),
        ("快手昵称:老王说事", "account", "老王说事"),
        ("https://v.douyin.com/iJkLmN/ 里有视频", "account", "https://v.douyin.com/iJkLmN/"),
        ("qm.qq.com/q/AbCd1234", "account", "qm.qq.com/q/AbCd1234"),
        ("my telegram is qiaotou_wang", "account", "qiaotou_wang"),
        ("WhatsApp number 85291234567", "account", "85291234567"),
        ("护照E12345678", "document", "E12345678"),
        ("护照号码是 EA1234567", "document", "EA1234567"),
        ("我的证是G12345678", "document", "G12345678"),
        ("passport no. P1234567", "document", "P1234567"),
        ("回乡证H1234567890", "document", "H1234567890"),
        ("通行证 M12345678", "document", "M12345678"),
        ("A123456(7)", "document", "A123456(7)"),
        ("低保证号 5101040012", "document", "5101040012"),
        ("低保证编号：DB2023-0456".replace("-", ""), "document", "DB20230456"),
        ("低保号5101040012", "document", "5101040012"),
        ("五保编号：0045127", "document", "0045127"),
        ("五保证号 0045127", "document", "0045127"),
        ("残疾证11010519491231002X43", "document", "11010519491231002X43"),
        ("11010519491231002X43B1".removesuffix("B1"), "document", "11010519491231002X43"),
        ("优待证号12345678", "document", "12345678"),
        ("军官证 军字第".replace("军字第", "字第") + "0123456号", "document", "0123456"),
        ("社保卡号 A12345678", "document", "A12345678"),
        ("户口本编号: 004512789", "document", "004512789"),
        ("车架号LSVAU2180N2183294", "vehicle", "LSVAU2180N2183294"),
        ("发动机号:8A123456", "vehicle", "8A123456"),
        ("vin 1M8GDM9AXKP042788", "vehicle", "1M8GDM9AXKP042788"),
        ("1M8GDM9AXKP042788", "vehicle", "1M8GDM9AXKP042788"),
        ("车牌号 A12345", "plate", "A12345"),
        ("车牌川A12345", "plate", "川A12345"),
        ("路灯不亮。\n村民 李秀英", "name", "李秀英"),
        ("路灯不亮。村民李秀英", "name", "李秀英"),
        ("请尽快修。桥头村村民：李秀英 2026年3月1日", "name", "李秀英"),
        ("路灯不亮——李秀英", "name", "李秀英"),
        ("路灯不亮。——李秀英", "name", "李秀英"),
        ("路灯不亮\n--李秀英\n2026.3.1", "name", "李秀英"),
        ("老党员 张建国 敬上", "name", "张建国"),
        ("我李秀英反映路灯不亮", "name", "李秀英"),
        ("本人李秀英实名举报", "name", "李秀英"),
        ("我欧阳小明向巡察组举报村会计", "name", "欧阳小明"),
        ("我丈夫王大力工资没发".replace("工资", "的工资"), "name", "王大力"),
        ("我丈夫王大力,工资没发", "name", "王大力"),
        ("我老公叫张伟,在工地", "name", "张伟"),
        ("我儿子李小龙被打了".replace("被打了", "被人打了"), "name", "李小龙"),
        ("俺爹赵德柱", "name", "赵德柱"),
        ("my husband Wang Dali was not paid", "name", "Wang Dali"),
        ("我外号叫铁拐李", "nickname", "铁拐李"),
        ("别人都叫我王老五", "nickname", "王老五"),
        ("村里人都喊我三瘸子", "nickname", "三瘸子"),
        ("我小名叫狗剩,村里人都知道", "nickname", "狗剩"),
    ],
)
def test_what_names_the_writer_is_found_where_it_stands(text: str, kind: str, piece: str) -> None:
    assert found(text) == [(kind, piece)]


@pytest.mark.parametrize(
    "text",
    [
        "抖音上有人发了视频",
        "快手3000粉丝的那个",
        "看了微博说要来修",
        "在微博@了县里的账号,没人回",
        "支付宝收不到钱",
        "支付宝转了3000元",
        "微信转账2000块",
        "抖音直播卖假货",
        "@所有人 今天停水",
        "电报局旁边的路",
        "line 5 of the bus",
        "低保证2026年办的",
        "残疾证1级",
        "低保证给了亲戚",
        "低保号称每月500元",
        "护照办不下来",
        "驾照扣了12分",
        "房产证拖了5年",
        "房产证号一直不给",
        "土地证上写的3亩",
        "住院12天花了30000元",
        "住院费30000元没报",
        "车牌看不清",
        "车牌尾号88的车",
        "发动机坏了3个",
        "GB12345678标准",
        "村民代表大会没开",
        "村民都说路不好走",
        "群众反映强烈",
        "党员带头不交钱",
        "找了村民张三的地",
        "村里的党员高兴坏了",
        "桥面——就是老桥那边——裂了",
        "从1组——5组都停水",
        "我多次反映没人管",
        "我向你们反映一个问题",
        "我和邻居反映过",
        "我实名举报村会计",
        "我要举报",
        "我常年反映",
        "我从去年反映到现在",
        "我于三月反映过",
        "我方才反映的事",
        "我儿子高中毕业",
        "我妈常去卫生院",
        "我爸马上七十了",
        "我哥成天喝酒",
        "我弟单身",
        "我女儿初中没上完",
        "我爷爷那辈就住这里了",
        "我老公工资没发",
        "我男人在外地打工",
        "他们叫我去镇里盖章",
        "村里人都叫我别说",
        "人家喊我滚",
        "大家叫我来反映",
        "my husband was not paid",
    ],
)
def test_what_only_looks_like_the_writer_is_left_alone(text: str) -> None:
    assert found(text) == []


@given(
    st.sampled_from(["抖音号", "快手号:", "微博ID ", "支付宝账号是", "电报 id:", "telegram:", "@", "t.me/"]),
    st.from_regex(r"[a-z][a-z0-9_]{5,14}", fullmatch=True),
    st.text(alphabet="桥裂了没人修。 \n", max_size=10),
)
def test_every_account_is_found(cue: str, name: str, around: str) -> None:
    text = f"{around}{cue}{name} {around}"
    # As a paper or a receipt code where it is written like one: it is hidden all the same.
    assert any(name in piece for _, piece in found(text))


@pytest.mark.parametrize("name", ["numberxvz2au", "name52pl07", "accounthr25", "is504voro", "id_qiaotou"])
def test_an_account_whose_name_begins_with_a_word_for_names_is_found_whole(name: str) -> None:
    assert ("account", name) in found(f"我的快手号:{name} 来找我")


@given(st.from_regex(r"L[A-HJ-NPR-Z0-9]{7}0[A-HJ-NPR-Z0-9]{2}[0-9]{6}", fullmatch=True))
def test_a_frame_number_is_found_by_its_check_digit(number: str) -> None:
    valid = number[:8] + frame_check(number) + number[9:]
    assert ("vehicle", valid) in found(f"拖走的车{valid}在哪")


@given(st.from_regex(r"(110105|510104)19[5-9][0-9](0[1-9]|1[0-2])(0[1-9]|1[0-9]|2[0-8])[0-9]{3}", fullmatch=True))
def test_the_number_of_a_disability_card_is_found(seventeen: str) -> None:
    number = seventeen + identity_check(seventeen) + "43"
    assert ("document", number) in found(f"我的证{number}没有用")


def test_in_texts_that_name_nobody_hardly_anything_is_found() -> None:
    texts = [
        line["text"]
        for name in ("utterances", "further", "set_aside")
        for line in map(json.loads, (INTAKE / f"{name}.jsonl").read_text(encoding="utf-8").splitlines())
        if not line["traces"] and not line["traces_ok"]
    ]
    marked = [text for text in texts if found(text)]
    assert len(texts) > 3500
    assert len(marked) <= len(texts) / 500, marked
