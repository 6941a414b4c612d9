"""Crisis and danger: what people say of them, and what only sounds like it."""

import pytest

from models.urgency import Urgency
from services.intake.lexicon import lexicon
from services.intake.understanding import Crisis
from tests.intake.county import meaning

CRISES = {
    "who no longer wants to live": "我不想再活下去了",
    "who has the means at hand": "农药就放在床头",
    "who is beaten again": "他又动手了,我抱着娃躲在外头",
    "whose family is threatened": "他们扬言要我全家的命",
    "whose family is threatened, without a word of who": "说要我一家的命",
    "a child in a well": "有个娃掉井里了,快来人",
    "a child in a well, in English": "A child has fallen into a well",
    "people under a collapsed house": "房子塌了,压了人",
    "somebody who is held": "我侄女被人关在屋里不让出门,手机也收了",
    "in Cantonese": "佢話要斬死我全家,我唔敢返屋企",
    "in the dialect of Hunan": "老子不想活哒,大家莫过",
    "in traditional characters": "我不想活了,農藥都買回來了",
    "in English": "I don't want to live any more",
    "with slips of the pen": "不像火了,真的不像火了",
    "somebody in office who has people beaten": "村书记带人打我",
    "somebody who is being beaten": "他们正在打我爸",
    "who has nothing to live for, in the dialect of Sichuan": "莫得活头咯",
    "who no longer wants to go on, in the dialect of Henan": "俺不想过了",
    "who thinks themselves a burden": "没我在他们会轻松的",
    "in pinyin": "wo bu xiang huo le",
}
DANGERS = {
    "a wire on the ground": "电线掉下来挂在路边",
    "a broken railing": "桥栏杆断了",
    "spoiled food": "发霉的米吃了拉肚子",
    "loose rocks above a road": "公路上头石头松了,老往下滚",
    "loose rocks above a road, in English": "There are loose rocks above the road",
    "sparks, added to something earlier": "线上还冒火花",
    "a well without a cover": "村口那口井没盖子,娃儿天天在边上耍",
    "a gas leak": "楼道里煤气味好大,管子漏了",
    "in Cantonese": "條電線甩咗落地",
    "in the dialect of Sichuan": "桥头岭那个老桥要垮咯,裂起恁个大的口口",
    "in traditional characters": "橋面裂縫愈來愈大",
    "in English": "The bridge railing broke and children cross it every day",
    "with slips of the pen": "桥栏干断了一节",
    "a crack that grows, and a telephone number": "昨天又多了一道裂缝,路面也陷下去了,我电话13912345678",
    "a rock that fell": "昨天夜里又掉下来一块石头,砸在水沟边上",
    "poison in a well": "有人往水井里倒农药",
    "water that smells of pesticide": "井水有农药味",
    "water that makes children ill": "自来水发黄,娃喝了起疹子",
    "water with worms in it": "自来水里有虫子",
    "water into which a factory lets something": "厂里污水流进水源,鱼都死了",
}
HARMLESS = {
    "what was repaired": "水管早就修好,不再漏了",
    "what was repaired long ago": "桥上的洞去年补好了,走起来稳当",
    "what was denied": "我们村没有危房",
    "what was repaired, in English": "Repaired and no longer leaks",
    "anger": "气死我了,跑了五趟",
    "anger alone": "气死我了",
    "weariness": "累死了,天天填表",
    "weariness alone": "累死了",
    "yellow water": "自来水发黄",
    "yellow water that nobody likes to drink": "自来水发黄,没法喝",
    "turbid water": "自来水浑",
    "water that smells": "自来水发臭",
    "water that tastes salty": "井水有点咸,不好喝",
    "a brook that stinks": "河里的水臭",
    "yellow water, in English": "The tap water is yellow",
    "rubbish": "垃圾没人清",
    "a name": "桥头饭店签单不给钱",
    "a name alone": "桥头饭店",
    "a figure of speech about death": "打死我也不信这账是对的",
    "a death of long ago": "低保户死了三年还在领钱",
    "a telephone call": "我打你们电话没人接",
    "work away from home": "我老公打工去了,想问公租房怎么申请",
    "a hot pot": "火锅店占道",
    "in English": "The gas leak was fixed last month, but the bill is wrong",
    "who sleeps": "爷爷睡着了",
    "who went to bed": "奶奶睡了",
    "a visit": "我妈走亲戚去了",
    "a pig": "杀猪了",
    "dancing": "跳广场舞太吵",
    "a shop": "农药店卖假药",
    "laughter": "笑死我了",
    "a well that is dug": "打井的钱",
    "being beaten long ago": "去年他打了我,派出所处理过了",
    "a proverb": "好死不如赖活着,我就问低保",
    "the words of a receipt code": "布景风筝",
    "what a shop no longer bears": "天天停电,小店撑不下去了",
    "the end of a marriage": "不想跟他过了,想问离婚手续",
    "what is not wanted": "这个名额我不要了",
    "the end of a road": "路修到头了就没人管",
    "a party": "告别会上收礼金",
    "a funeral": "后事办酒席收礼",
}


@pytest.mark.parametrize("text", CRISES.values(), ids=CRISES)
def test_a_crisis_is_seen(text: str) -> None:
    assert meaning(text).urgency == Urgency.CRISIS


@pytest.mark.parametrize("text", DANGERS.values(), ids=DANGERS)
def test_a_danger_is_seen(text: str) -> None:
    assert meaning(text).urgency == Urgency.DANGER


@pytest.mark.parametrize("text", HARMLESS.values(), ids=HARMLESS)
def test_what_only_sounds_dangerous_is_neither(text: str) -> None:
    assert meaning(text).urgency == Urgency.NORMAL


def test_a_danger_that_came_back_is_one() -> None:
    assert meaning("护栏修好了").urgency == Urgency.NORMAL
    assert meaning("护栏修好了又断了").urgency == Urgency.DANGER


def test_a_repair_that_is_only_wished_for_takes_no_danger_away() -> None:
    assert meaning("桥裂了,希望早日修好").urgency == Urgency.DANGER
    assert meaning("桥裂了,说要修好,到现在没人来").urgency == Urgency.DANGER


def test_an_accident_of_long_ago_is_no_crisis() -> None:
    assert meaning("塘里淹了一个娃,快来人").urgency == Urgency.CRISIS
    assert meaning("前年塘里淹了一个娃").urgency != Urgency.CRISIS


@pytest.mark.parametrize(
    "texts", [("活不", "下去了"), ("活不\n下去了",), ("我不想", "活", "了"), ("日子", "过不", "下去", "想死")]
)
def test_a_word_that_is_broken_over_lines_or_messages_is_read(texts: tuple[str, ...]) -> None:
    found = meaning(*texts)
    assert found.urgency == Urgency.CRISIS
    assert found.crises == (Crisis.SELF_HARM,)
    assert all(texts[words.text][words.start : words.end] == words.written for words in found.urgency_words)


def test_lines_that_say_something_each_are_not_run_together() -> None:
    assert meaning("修好了桥", "断了的路灯换了").urgency == Urgency.NORMAL
    assert meaning("我不想", "去开会了").urgency == Urgency.NORMAL


@pytest.mark.parametrize(
    ("told", "urgency"), [("昨晚那座老桥塌了", Urgency.DANGER), ("我真的不想活了", Urgency.CRISIS)]
)
def test_what_is_urgent_is_seen_in_a_long_text_too(told: str, urgency: Urgency) -> None:
    other = "低保评得不公,开车的也评上了。公章要等主任打完牌才盖。工钱拖了五个月。账目十年没有公开过。"
    assert meaning(f"{other}{told}。{other}{other}").urgency == urgency


def test_what_nearly_happened_is_a_danger_and_no_crisis() -> None:
    assert meaning("桥塌了个洞,娃差点掉到河里").urgency == Urgency.DANGER


def test_a_sentence_that_is_sent_in_pieces_is_understood_as_one() -> None:
    assert meaning("在不在", "桥", "就是村口那个", "昨晚上大水", "冲断了半边").urgency == Urgency.DANGER
    assert meaning("他又来了", "踢门", "手里有刀", "我跟娃躲床底下").urgency == Urgency.CRISIS


@pytest.mark.parametrize(
    ("text", "crises"),
    [
        ("我不想活了", {Crisis.SELF_HARM}),
        ("农药就放在床头", {Crisis.SELF_HARM}),
        ("他又动手了,我抱着娃躲在外头", {Crisis.VIOLENCE}),
        ("他们扬言要我全家的命", {Crisis.VIOLENCE}),
        ("有个娃掉井里了", {Crisis.ACCIDENT}),
        ("我侄女被人关在屋里不让出门,手机也收了", {Crisis.OTHER}),
        ("他又动手了,我抱着娃躲在外头,我不想活了", {Crisis.VIOLENCE, Crisis.SELF_HARM}),
        ("桥栏杆断了", set()),
        ("路灯不亮", set()),
    ],
)
def test_a_crisis_tells_whose_help_is_needed(text: str, crises: set[Crisis]) -> None:
    assert set(meaning(text).crises) == crises


def test_every_crisis_of_the_lexicon_is_one_that_words_are_known_for() -> None:
    for rule in lexicon().urgency.rules:
        assert rule.crisis is None or (rule.level == Urgency.CRISIS and rule.crisis in list(Crisis))


def test_a_crisis_goes_before_a_danger() -> None:
    assert meaning("桥栏杆断了。我不想活了").urgency == Urgency.CRISIS


def test_the_words_that_led_to_it_are_those_of_the_text() -> None:
    texts = ("路灯不亮", "橋欄杆斷咗")
    found = meaning(*texts)
    assert found.urgency == Urgency.DANGER
    assert "欄杆斷" in "".join(words.written for words in found.urgency_words if words.text == 1)
    assert all(texts[words.text][words.start : words.end] == words.written for words in found.urgency_words)
