"""The properties that the words of receipt codes were chosen for."""

import re

import opencc
import pytest

from privacy.receipt import Script, word_list

UNFIT = {
    "death": "死亡葬坟墓棺丧悼尸逝祭魂鬼冥奠哀殉孝毙卒遗殡埋陵碑殁冢屠杀灭终绝",
    "illness": "病症疼痛疾疫疮癌瘤肿炎疯痴毒菌残疲患肺肝肾血疤瘫盲聋哑",
    "crime": "罪犯贼盗偷抢劫骗诈赌凶奸枪刀暴囚狱牢押捕拘刑罚贪贿腐逮",
    "insult": "蠢笨傻呆贱骂辱耻狗猪蛋屁屎尿粪臭烂滚驴鳖龟妖丑",
    "sex": "性淫妓娼嫖裸奶乳胸臀阴茎射插操逼卵嫩",
    "officialdom": "党政官委民权主县局警审判",
    "leaders": "习毛邓胡温朱薄蛤膜",
}
# A sentence nearly always has some of these, so it is not taken for a code with a slip.
SMALL_WORDS = "一二三四五六七八九十百千的了是不在有和这我他她它你您们会以到要就也那没吗呢吧啊啦呀很什么怎哪"
LOOK_ALIKES = re.findall(
    r"\w+",
    """
    己已巳 未末味 土士 日曰目白百自 人入八 大太犬 天夫无 干千于 王玉主 木本术禾 田由甲申电 刀力刃 开井 午牛 今令
    鸟乌 兔免 辩辨辫瓣 拔拨 晴睛 暖缓 折拆析 侯候 徒徙 戊戌戍戎成 抱饱泡炮袍跑 清情请 喝渴 幕墓慕暮 遣遗 崇祟
    籍藉 密蜜 治冶 洒酒晒 栗粟票 斤斥 卯卵 爪瓜 风凤 历厉 贝见 失矢夫 厂广 友反 几儿九 贷货 官宫 师帅 万方 住往佳
    拍柏 抗坑 杨扬场 壁璧 博搏 材财 采彩 茶荼 偿尝 驰弛 翅翘 窗囱 词辞 刺剌 代伐 订钉 毒母毋每 段断 堆推 防妨
    分份 弗佛 幅副福 概慨 竿杆 岗冈 戈弋 格络 更便 贡页 勾匀句 孤狐弧 冠寇 贯惯 柱拄 亨享亭 衡衔 幻幼 晃恍 即既
    辑缉 竖坚 检捡 键健 桨浆奖 决快诀 卷券 课棵颗 刻孩核 栏拦 浪狼 捞涝 粱梁 龙尤 轮伦论 洛络 马乌 买卖实头 慢漫
    芒茫 矛予 眉盾 迷谜 绵棉 苗笛 鸣呜 摩磨 枚牧 偏遍篇编 飘漂 梢捎稍 烧浇 深探 史吏 式试 侍待持 受爱 暑署 休体
    峡狭 辛幸 袖抽 讯迅 延廷 仰抑 亿忆 宇字 栽载裁戴 澡燥噪躁操 帐账 洲州 奏秦泰 租祖 陪赔 晨震 壶壹 捕铺辅
    缘绿 练炼线 摇遥谣 盯叮 直真 秀季 科料 竞竟 童重 第弟 篮蓝 簿薄 胆担 铜桐 钢纲 蜂锋 枫讽 柿市 架驾 桃挑 棒捧
    熟热 圆园 开關 域城 彼披
""",
)


@pytest.fixture(scope="module")
def pairs() -> list[tuple[str, str]]:
    return list(zip(word_list(Script.SIMPLIFIED), word_list(Script.TRADITIONAL), strict=True))


@pytest.mark.parametrize("script", list(Script))
def test_each_script_has_2048_different_words(script: Script) -> None:
    assert len(word_list(script)) == len(set(word_list(script))) == 2048


def test_chinese_words_are_single_characters_of_gb2312_level_1() -> None:
    for character in word_list(Script.SIMPLIFIED):
        assert len(character) == 1
        # Level 1 is rows 16 to 55: the common characters, in the order of their sounds.
        assert 16 <= character.encode("gb2312")[0] - 0xA0 <= 55, character


def test_traditional_words_can_be_typed_in_taiwan() -> None:
    for character in word_list(Script.TRADITIONAL):
        # The first plane of Big5: characters in frequent use.
        assert 0xA440 <= int.from_bytes(character.encode("big5"), "big") <= 0xC67E, character


@pytest.mark.parametrize(
    ("there", "back"), [("s2t", "t2s"), ("s2tw", "tw2s"), ("s2hk", "hk2s"), ("s2t", "tw2s"), ("s2t", "hk2s")]
)
def test_both_chinese_scripts_convert_into_each_other(pairs: list[tuple[str, str]], there: str, back: str) -> None:
    to_traditional, to_simplified = opencc.OpenCC(there), opencc.OpenCC(back)
    for simplified, traditional in pairs:
        assert to_traditional.convert(simplified) == traditional
        assert to_simplified.convert(traditional) == simplified


def test_no_character_means_one_number_in_one_script_and_another_in_the_other() -> None:
    simplified, traditional = word_list(Script.SIMPLIFIED), word_list(Script.TRADITIONAL)
    for character in set(simplified) & set(traditional):
        assert simplified.index(character) == traditional.index(character)


@pytest.mark.parametrize("kind", UNFIT)
def test_no_character_is_unlucky_rude_or_political(pairs: list[tuple[str, str]], kind: str) -> None:
    assert not [pair for pair in pairs if pair[0] in UNFIT[kind]]


def test_the_small_words_of_every_sentence_are_left_out(pairs: list[tuple[str, str]]) -> None:
    assert not [pair for pair in pairs if pair[0] in SMALL_WORDS]


@pytest.mark.parametrize("group", LOOK_ALIKES)
def test_at_most_one_of_a_group_of_look_alikes_is_used(pairs: list[tuple[str, str]], group: str) -> None:
    used = [pair for pair in pairs if set(pair) & set(group)]
    assert len(used) <= 1, used


def test_english_words_differ_within_their_first_four_letters() -> None:
    words = word_list(Script.ENGLISH)
    assert len({word[:4] for word in words}) == 2048
    assert all(3 <= len(word) <= 8 and word.isascii() and word.islower() for word in words)
