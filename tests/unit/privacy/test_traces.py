"""What leads to a person is found however it is written; what only looks like it is left alone."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from privacy.receipt import Script, new_receipt
from privacy.traces import BLOCK, TraceKind, find_mentions, find_traces, masked, repeated, traces_of
from privacy.traces.numbers import identity_check, luhn

FULL_WIDTH = str.maketrans("0123456789", "\uff10\uff11\uff12\uff13\uff14\uff15\uff16\uff17\uff18\uff19")
SPOKEN = str.maketrans("0123456789", "零一二三四五六七八九")
ZERO_WIDTH = "\u200b\u200c\u200d\u2060\ufeff\u00ad"


def found(text: str) -> list[tuple[str, str]]:
    return [(trace.kind.value, text[trace.start : trace.end]) for trace in find_traces(text)]


@pytest.mark.parametrize(
    ("text", "kind", "piece"),
    [
        ("身份证11010519491231002X", "identity_card", "11010519491231002X"),
        ("身份证号：440524198001010013", "identity_card", "440524198001010013"),
        ("11010519491231002x 是我的", "identity_card", "11010519491231002x"),
        ("我的证110105 19491231 002X", "identity_card", "110105 19491231 002X"),
        ("身份证110105-1949-1231-002X。", "identity_card", "110105-1949-1231-002X"),
        ("身份证号码 110105194912310021", "identity_card", "110105194912310021"),  # a slip, but it says what it is
        ("老身份证130503670401001", "identity_card", "130503670401001"),
        ("电话13800138000", "mobile", "13800138000"),
        ("打我138-0013-8000谢谢", "mobile", "138-0013-8000"),
        ("138 0013 8000", "mobile", "138 0013 8000"),
        ("+86 13800138000", "mobile", "+86 13800138000"),
        ("+86-138-0013-8000", "mobile", "+86-138-0013-8000"),
        ("008613800138000", "mobile", "008613800138000"),
        ("8613800138000", "mobile", "8613800138000"),
        ("138 00138000", "mobile", "138 00138000"),
        ("13800 138000", "mobile", "13800 138000"),
        ("138·0013·8000", "mobile", "138·0013·8000"),
        ("1 3 8 0 0 1 3 8 0 0 0", "mobile", "1 3 8 0 0 1 3 8 0 0 0"),
        ("我的号一三八零零一三八零零零", "mobile", "一三八零零一三八零零零"),
        ("幺三八〇〇幺三八〇〇〇", "mobile", "幺三八〇〇幺三八〇〇〇"),
        ("壹叁捌零零壹叁捌零零零", "mobile", "壹叁捌零零壹叁捌零零零"),
        ("1三8零0一3八0零0", "mobile", "1三8零0一3八0零0"),
        ("①③⑧00①③⑧000", "mobile", "①③⑧00①③⑧000"),
        ("13800138000".translate(FULL_WIDTH), "mobile", "13800138000".translate(FULL_WIDTH)),
        ("𝟏𝟑𝟖𝟎𝟎𝟏𝟑𝟖𝟎𝟎𝟎", "mobile", "𝟏𝟑𝟖𝟎𝟎𝟏𝟑𝟖𝟎𝟎𝟎"),
        ("13\u200b800\u2060138\ufeff000", "mobile", "13\u200b800\u2060138\ufeff000"),
        ("138001\n38000", "mobile", "138001\n38000"),
        ("138，0013，8000", "mobile", "138，0013，8000"),
        ("138,0013,8000", "mobile", "138,0013,8000"),
        ("138、0013、8000", "mobile", "138、0013、8000"),
        ("138*1234*5678", "mobile", "138*1234*5678"),
        ("138#1234#5678", "mobile", "138#1234#5678"),
        ("(138)12345678", "mobile", "(138)12345678"),
        ("13(800)13(8000)", "mobile", "13(800)13(8000)"),
        ("138 0013-8000", "mobile", "138 0013-8000"),
        ("139。0013。9000", "mobile", "139。0013。9000"),
        ("139:0013:9000", "mobile", "139:0013:9000"),
        ("139：0013：9000", "mobile", "139：0013：9000"),
        ("139+0013+9000", "mobile", "139+0013+9000"),
        ("139=0013=9000", "mobile", "139=0013=9000"),
        ("139|0013|9000", "mobile", "139|0013|9000"),
        ("1 3 9 | 0 0 1 3 | 9 0 0 0", "mobile", "1 3 9 | 0 0 1 3 | 9 0 0 0"),
        ("139和0013和9000", "mobile", "139和0013和9000"),
        ("139加1234加5678", "mobile", "139加1234加5678"),
        ("138！1234！5678", "mobile", "138！1234！5678"),
        ("138?1234?5678", "mobile", "138?1234?5678"),
        ("138>1234>5678", "mobile", "138>1234>5678"),
        ("138&1234&5678", "mobile", "138&1234&5678"),
        ("138“1234”5678", "mobile", "138“1234”5678"),
        ("138…1234…5678", "mobile", "138…1234…5678"),
        ("手机幺三捌洞洞幺三捌洞洞洞", "mobile", "幺三捌洞洞幺三捌洞洞洞"),
        ("幺三拐 两两勾勾 五六洞两", "mobile", "幺三拐 两两勾勾 五六洞两"),
        ("打幺三拐-洞洞么三-勾八拐六", "mobile", "幺三拐-洞洞么三-勾八拐六"),
        ("l38OOl38OOO", "mobile", "l38OOl38OOO"),
        ("打I38-oo13-8ooo", "mobile", "I38-oo13-8ooo"),
        ("1 3 8 O O l 3 8 O O O", "mobile", "1 3 8 O O l 3 8 O O O"),
        ("电话13800138000方便联系", "mobile", "13800138000"),
        ("身份证1101O5,1949*1231\n002x", "identity_card", "1101O5,1949*1231\n002x"),
        ("1 1 0 1 0 5 1 9 4 9 1 2 3 1 0 0 2 X", "identity_card", "1 1 0 1 0 5 1 9 4 9 1 2 3 1 0 0 2 X"),
        ("卡号6222，0202，0011，2345，679", "bank_card", "6222，0202，0011，2345，679"),
        ("卡6222 0202\n0011-2345*679", "bank_card", "6222 0202\n0011-2345*679"),
        ("0371*6123*4567", "landline", "0371*6123*4567"),
        ("座机6123\n4567", "landline", "6123\n4567"),
        ("QQ10O0O2", "qq", "10O0O2"),
        ("QQ 123 456,789", "qq", "123 456,789"),
        ("座机0371-61234567", "landline", "0371-61234567"),
        ("(0371)61234567", "landline", "(0371)61234567"),
        ("010-62345678", "landline", "010-62345678"),
        ("家里电话 021 6234 5678", "landline", "021 6234 5678"),
        ("+86 371 61234567", "landline", "+86 371 61234567"),
        ("零三七一-六一二三四五六七", "landline", "零三七一-六一二三四五六七"),
        ("我家座机6123456", "landline", "6123456"),
        ("卡6222020200112345679", "bank_card", "6222020200112345679"),
        ("6222 0202 0011 2345 679", "bank_card", "6222 0202 0011 2345 679"),
        ("4111-1111-1111-1111", "bank_card", "4111-1111-1111-1111"),
        ("一卡通账号：80012345678", "bank_card", "80012345678"),
        ("车牌川A12345", "plate", "川A12345"),
        ("川A·8F2K1", "plate", "川A·8F2K1"),
        ("粤b 88888", "plate", "粤b 88888"),
        ("京AD12345", "plate", "京AD12345"),
        ("粤B12345D的车", "plate", "粤B12345D"),
        ("豫A1234挂", "plate", "豫A1234挂"),
        ("我叫李秀英", "name", "李秀英"),
        ("我叫李秀英反映路灯不亮", "name", "李秀英"),
        ("我叫王强，住在桥头", "name", "王强"),
        ("我的名字是欧阳小明。", "name", "欧阳小明"),
        ("我是张建国，村里的", "name", "张建国"),
        ("我是李四", "name", "李四"),
        ("本人陈桂兰，今年六十", "name", "陈桂兰"),
        ("本人系赵大勇", "name", "赵大勇"),
        ("姓名：周福生", "name", "周福生"),
        ("举报人：吴有财", "name", "吴有财"),
        ("联系人王大山", "name", "王大山"),
        ("联系人王大山,电话在村委", "name", "王大山"),
        ("聯繫人歐陽志遠", "name", "歐陽志遠"),
        ("反映人李建国是三组的", "name", "李建国"),
        ("鄙人王大山", "name", "王大山"),
        ("鄙人王大山,住桥头", "name", "王大山"),
        ("联系人 孙丽", "name", "孙丽"),
        ("户主是刘德贵", "name", "刘德贵"),
        ("我叫阿依古丽·买买提", "name", "阿依古丽·买买提"),
        ("我叫Wang Xiaoming", "name", "Wang Xiaoming"),
        ("我\u200b叫李\u200b秀英", "name", "李\u200b秀英"),
        ("我叫李建國,住橋頭", "name", "李建國"),
        ("我的名字是陳桂蘭", "name", "陳桂蘭"),
        ("我是劉國強,要反映", "name", "劉國強"),
        ("本人張麗華", "name", "張麗華"),
        ("姓名:歐陽志遠", "name", "歐陽志遠"),
        ("我姓钟，是三组的", "name", "钟"),
        ("我叫李 秀 英", "name", "李 秀 英"),
        ("我叫李-秀-英,住桥头", "name", "李-秀-英"),
        ("我叫李秀 英。", "name", "李秀 英"),
        ("我叫李 秀英是三组的", "name", "李 秀英"),
        ("姓名:欧阳 小 明", "name", "欧阳 小 明"),
        ("我叫\n李秀\n英", "name", "李秀\n英"),
        ("My name is Li Xiuying and I live here", "name", "Li Xiuying"),
        ("my name's wang", "name", "wang"),
        ("I'm Zhang Wei from Qiaotou", "name", "Zhang Wei"),
        ("I am called Mary", "name", "Mary"),
        ("我住门牌12号", "house", "门牌12号"),
        ("门牌号：桥头岭23号", "house", "门牌号：桥头岭23号"),
        ("家住三组15号", "house", "三组15号"),
        ("家住桥头岭村12号，求你们快来", "house", "桥头岭村12号"),
        ("我家在村东头七号", "house", "村东头七号"),
        ("桥头岭村12号的水管", "house", "岭村12号"),
        ("住花塘社区108-2号", "house", "花塘社区108-2号"),
        ("住二社第8户", "house", "二社第8户"),
        ("三组第五家", "house", "三组第五家"),
        ("幸福小区3栋2单元502室", "house", "3栋2单元502室"),
        ("建设路25号", "house", "路25号"),
        ("柳巷7号", "house", "巷7号"),
        ("house no. 12", "house", "house no. 12"),
        ("邮箱 li_xiuying@example.com", "email", "li_xiuying@example.com"),
        ("邮箱12345678\uff20qq.com", "email", "12345678\uff20qq.com"),
        ("微信 lixiuying66", "wechat", "lixiuying66"),
        ("微信号：li-xiuying_1", "wechat", "li-xiuying_1"),
        ("加vx:lixiuying", "wechat", "lixiuying"),
        ("my WeChat is lixiuying66", "wechat", "lixiuying66"),
        ("微信 lol_123", "wechat", "lol_123"),
        ("微信lixiuying六六", "wechat", "lixiuying六六"),
        ("川A一二三四五", "plate", "川A一二三四五"),
        ("QQ：123456789", "qq", "123456789"),
        ("qq号一二三四五六七", "qq", "一二三四五六七"),
        ("扣扣 88888888", "qq", "88888888"),
    ],
)
def test_a_trace_is_found_where_it_stands(text: str, kind: str, piece: str) -> None:
    assert found(text) == [(kind, piece)]


@pytest.mark.parametrize(
    "text",
    [
        "县发〔2026〕12号文件没有落实",
        "县发〔二〇二六〕十二号",
        "桥纪发[2025]108号",
        "2026年3月12号开始停水",
        "我们村12号停水",
        "住院的那天是3月12号",
        "我住进来以前,3月12号下过雨",
        "3月12号上午,三组12号停水".replace("三组12号停水", "三组停水"),
        "二〇二六年三月十二日",
        "2026-03-12 14:30",
        "20260312",
        "补助款13800元没发",
        "工程款13800138000元",
        "一共\uffe513800138000",
        "合同价1,380,013.80元",
        "欠了我一百三十八万元",
        "一千三百八十亩地",
        "共150 300 200 100 50几笔",
        "承包合同编号 2026031200001234",
        "订单202603120000123456",
        "发票号码 01234567",
        "项目编号 4105262026000123",
        "12345热线打不通",
        "打110、120都没人来",
        "12388",
        "拨打400-820-8820",
        "G107国道1380公里",
        "长138米宽5米",
        "三组5户人家没水",
        "二组十二户村民",
        "全村138户",
        "乘5路车",
        "1号线",
        "3号机井坏了",
        "第5组15号机井不出水",
        "二组3号桥",
        "门牌坏了2天没人修",
        "微信群里说了",
        "微信支付收不到",
        "村里的公众号没更新",
        "QQ群有人说",
        "我是桥头岭村的村民",
        "我是村民代表",
        "我是方便面厂的工人",
        "我是石匠",
        "我是王家庄的",
        "我是张家湾村民",
        "我是党员",
        "我是万分着急",
        "我是老师",
        "我是单身母亲",
        "我是这里的人",
        "我是从外地回来的",
        "我是和他一起去的",
        "我是农民,种了三亩地",
        "我是于三月去的",
        "我叫他别挖",
        "我叫了三次没人来",
        "我叫王主任来看",
        "我叫张书记去问",
        "我叫村长去修",
        "我叫天天不应",
        "本人强烈要求公开账目",
        "本人在此反映",
        "日本人来过",
        "本人是党员",
        "本人家庭困难",
        "本人多次反映",
        "联系人不接电话",
        "联系人方便时再说",
        "联系人应该是村长",
        "联系人和家人都不在",
        "举报人权益没人管",
        "举报人信息泄露了",
        "举报人安全要保护",
        "反映人都是村民",
        "投诉人包括我们全家",
        "投诉人包括:",
        "投诉人曾多次反映",
        "要保护举报人信息",
        "联系人电话没人接",
        "鄙人万分感谢",
        "鄙人常年在外",
        "姓名不便透露",
        "反映人要求保密",
        "他是李建国的亲戚".replace("李建国", "村长"),
        "村主任王福贵收了钱",
        "My name is not important",
        "my name is secret",
        "I am Chinese",
        "I am very angry",
        "I'm writing about the bridge",
        "my house number nine is broken".replace("number nine", "roof"),
        "新A级旅游区",
        "云A级",
        "川渝一家亲",
        "A12345",
        "身份证被村里收走了",
        "110105194913310021",  # no such day
        "990105194912310021",  # no such region
        "123456789012345678",
        "6222020200112345670",  # no Luhn
        "1234567890123456",
        "IMEI 12345",
        "GB/T 19001-2016",
        "0.13800138",
        "坐标 34.7466 113.6253",
        "坐标 113.625312,34.746612",
        "先后交了1200,3400,5600 元",
        "先后交了1385,346,5678元",
        "1300、340、5600没有票",
        "13,800,138,000",
        "2026-03-12\n2026-04-15\n2026-05-13",
        "3-15\n4-16\n5-17\n6-18",
        "3.15、4.16、5.17、6.18都停过水",
        "2026/3/15, 2026/4/5, 2026/12/13",
        "从1985.3—1999.12在外打工",
        "1998.5,1999.12",
        "面积:\n13.5\n12.8\n14.2\n15",
        "一组 13.5 12.8 14.2 15",
        "13.5亩、12.8亩、14.2亩、15亩",
        "15、18、20、16、12、9",
        "15 18 20\n16 12 9",
        "13、15、12、18、16、2户都没有领到",
        "共150 300 200 10 50",
        "电话 2026-03-12 打过",
        "电话费2000,3000元",
        "2026年3月交1380\n2026年4月交1380",
        "桥纪发[2025]108号、109号、110号",
        "我是从 外 地回来的",
        "I owe 1500, 3000 and 200",
        "IO 10 Il 01",
        "2026-02-12 22:30:25",
        "2026-03-12 14:30、2026-03-13 15:30",
        "8:30-11:30,14:30-17:30",
        "电话8:30-11:30有人接",
        "1385+346+5678元",
        "1380+346=5678元",
        "150+300+200=650",
        "一共13+15+18+16+22=84户",
        "150|300|200|100|50",
        "1300和340和5600没有票",
        "比例1:200,1:500",
        "3个洞,5个洞",
        "5两3两2两",
        "挖了三个洞两个坑",
        "路口拐了两个弯",
    ],
)
def test_what_only_looks_like_a_trace_is_left_alone(text: str) -> None:
    assert found(text) == []


RECEIPT = new_receipt(lambda count: bytes(range(count)))
CODE = RECEIPT.text(Script.SIMPLIFIED)


@pytest.mark.parametrize(
    "code", [*map(RECEIPT.text, Script), CODE.replace(" ", ""), RECEIPT.text(Script.ENGLISH).upper()]
)
@pytest.mark.parametrize("sentence", ["{}", "请看:{},谢谢", "我的回执码是{}请查", "receipt code: {} thanks"])
def test_a_receipt_code_is_found_wherever_it_is_called_one_or_stands_apart(code: str, sentence: str) -> None:
    assert found(sentence.format(code)) == [("receipt", code)]


@pytest.mark.parametrize("script", list(Script))
def test_a_receipt_code_with_a_word_gone_wrong_is_found_where_it_is_called_one_or_stands_in_two_groups(
    script: Script,
) -> None:
    words = RECEIPT.words(script)
    words[0], words[1] = words[1], words[0]
    han = script is not Script.ENGLISH
    slip = "".join(words[:4]) + " " + "".join(words[4:]) if han else "-".join(words)
    for sentence in ("{}", "请看:{},谢谢", "我的回执码是{},麻烦快点", "receipt code: {} thanks"):
        assert found(sentence.format(slip)) == [("receipt", slip)]
    if not han:
        assert found("-".join(["xyzzy", *words[1:]])) != []
    for few_or_many in (words[:7], [*words, words[0]]):
        written = ("" if han else "-").join(few_or_many)
        assert found(f"我的回执码是{written},麻烦快点") == [("receipt", written)]
    unspaced = ("" if han else "-").join(["鬼" if han else "xyzzy", *words[1:]])
    assert found(f"回执码:{unspaced}") == [("receipt", unspaced)]


@pytest.mark.parametrize(
    "text",
    [
        "桥面开裂 无人修理",
        "桥头岭村的路坏了",
        "低保名额 优亲厚友",
        "道路破损 无人维修",
        "回执码丢了怎么办",
        "回执码在哪里可以看到",
        "我上次的回执码弄丢了能不能再发一次",
        "回执单上面写着三天办结",
    ],
)
def test_what_only_has_the_shape_of_a_receipt_code_is_left_alone(text: str) -> None:
    words = RECEIPT.words(Script.SIMPLIFIED)
    words[0], words[1] = words[1], words[0]
    assert found("".join(words)) == []
    assert found(text) == []


def test_several_traces_of_one_text_are_found_in_order() -> None:
    text = "我叫李秀英,住三组15号,手机138 0013 8000,卡6222 0202 0011 2345 679"
    assert [kind for kind, _ in found(text)] == ["name", "house", "mobile", "bank_card"]


def test_a_masked_text_says_what_was_there_and_holds_nothing_of_it() -> None:
    text = "我叫李秀英,电话一三八零零一三八零零零。"
    assert masked(text, find_traces(text), lambda kind: kind.value) == "我叫▇name▇,电话▇mobile▇。"


def test_a_value_is_the_same_however_it_is_written() -> None:
    ways = [
        "13800138000",
        "138-0013-8000",
        "138和0013 和 8000",
        "幺三八洞洞幺三八洞洞洞",
        "一三八零零一三八零零零",
        "13800138000".translate(FULL_WIDTH),
    ]
    assert {find_mentions([way])[0].value for way in ways} == {"13800138000"}


def again(text: str, known: set[tuple[str, TraceKind]]) -> list[str]:
    return [text[trace.start : trace.end] for trace in traces_of(repeated([text], known), 1)[0]]


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("请与李 秀英核实(138.0013.8000)", ["李 秀英", "138.0013.8000"]),
        ("李-秀-英说的,打+86 138*0013#8000", ["李-秀-英", "138*0013#8000"]),
        ("打138和0013和8000", ["138和0013和8000"]),
        ("李\n秀英,l38OO13,8O0O", ["李\n秀英", "l38OO13,8O0O"]),
        ("桥已修好", []),
    ],
)
def test_a_value_found_elsewhere_is_found_again_without_what_introduced_it(text: str, pieces: list[str]) -> None:
    assert again(text, {("李秀英", TraceKind.NAME), ("13800138000", TraceKind.MOBILE)}) == pieces


@given(st.text(max_size=300))
def test_whatever_comes_spans_are_in_order_and_apart_and_within(text: str) -> None:
    place = 0
    for trace in find_traces(text):
        assert place <= trace.start < trace.end <= len(text)
        place = trace.end


@given(st.text(alphabet="0123456789 -.一二三零X\u200b我叫李王微信QQ号:@a路组户川A", max_size=120))
def test_texts_of_the_signs_that_traces_are_made_of_are_taken_too(text: str) -> None:
    whole = masked(text, find_traces(text), lambda _: "")
    assert whole.count(BLOCK) == 2 * len(find_traces(text))


MOBILES = st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True)
AROUND = st.text(alphabet="桥裂了没人修，。 村里的\n", max_size=20)


@given(
    MOBILES, AROUND, AROUND, st.sampled_from(["", " ", "-", "\u200b", "·"]), st.sampled_from(["plain", "full", "said"])
)
def test_every_mobile_is_found_in_every_writing(number: str, before: str, after: str, gap: str, writing: str) -> None:
    grouped = gap.join([number[:3], number[3:7], number[7:]])
    tables: dict[str, dict[int, int]] = {"plain": {}, "full": FULL_WIDTH, "said": SPOKEN}
    written = grouped.translate(tables[writing])
    text = before + written + after
    assert ("mobile", written) in [(kind, piece.rstrip("\u200b")) for kind, piece in found(text)]


@given(
    st.sampled_from(["110105", "410526", "510104", "650102"]),
    st.dates(min_value=date(1920, 1, 1), max_value=date(2020, 1, 1)),
    st.integers(0, 999),
    AROUND,
)
def test_every_identity_card_is_found_and_none_with_a_wrong_check(
    region: str, born: date, serial: int, around: str
) -> None:
    seventeen = f"{region}{born:%Y%m%d}{serial:03d}"
    check = identity_check(seventeen)
    assert ("identity_card", seventeen + check) in found(around + seventeen + check + around)
    for wrong in set("0123456789X") - {check}:
        assert "identity_card" not in dict(found(around + seventeen + wrong + around))


@given(
    st.from_regex(r"62[0-9]{14,16}", fullmatch=True).filter(lambda card: len(card) != 17),
    st.sampled_from(["", " ", "-"]),
)
def test_cards_are_found_by_their_check_digit_grouped_or_not(figures: str, gap: str) -> None:
    grouped = gap.join(figures[start : start + 4] for start in range(0, len(figures), 4))
    assert ("bank_card" in dict(found(f"卡 {grouped} 里"))) == luhn(figures)


@given(MOBILES, st.lists(st.tuples(st.integers(0, 10), st.sampled_from(ZERO_WIDTH)), max_size=8))
def test_invisible_signs_hide_nothing(number: str, hidden: list[tuple[int, str]]) -> None:
    written = number
    for place, sign in sorted(hidden, reverse=True):
        written = written[: place + 1] + sign + written[place + 1 :]
    assert found(f"打{written}")[0][0] == "mobile"
    assert number[:3] not in masked(f"打{written}", find_traces(f"打{written}"), lambda _: "手机")
