"""Categories that a county may add: schools, clinics, safety at work, gangs, pollution; and their dangers."""

from dataclasses import replace

import pytest

from models.urgency import Urgency
from services.intake.classify import understand
from services.intake.lexicon import lexicon
from tests.intake.county import COUNTY

ADDED = {"education", "health_care", "work_safety", "gangs", "pollution"}
WITH_ADDED = replace(COUNTY, categories=COUNTY.categories | ADDED)

SAID = {
    "education": [
        "学校收补课费，不交就坐后排",
        "校长把食堂包给自己亲戚",
        "学区划片不公平，关系户先进",
        "营养餐克扣，娃娃一天两个土豆",
        "班主任过节收家长红包",
        "教育局招老师内定",
        "The headmaster sells uniforms to the pupils",
    ],
    "health_care": [
        "卫生院乱收费，开一堆检查",
        "医保卡被卫生院套钱",
        "村医卖过期药",
        "医生要红包才做手术",
        "住院报销卡着不给办",
        "The clinic charges us twice for medicine",
    ],
    "work_safety": [
        "安监站收钱不检查，矿上照样下井",
        "采石场天天放炮，没有证",
        "花炮厂无证上岗，出过事瞒报",
        "工地脚手架没有护栏",
        "加油站没有消防验收就开业",
    ],
    "gangs": [
        "村霸垄断沙石，外面的车不让进",
        "派出所给黑恶势力当保护伞",
        "砂石厂老板养了一帮打手",
        "菜市场有人收保护费",
        "放高利贷的天天来泼油漆",
        "Thugs collect protection money at the market",
    ],
    "pollution": [
        "化工厂偷排废水，河水发黑",
        "砂石厂粉尘大，窗户不敢开",
        "养猪场的粪水直排进塘里",
        "矿山没复绿，环评是假的",
        "Toxic waste from the plant is dumped in our river",
    ],
}
# What stays where it was, though the county has added these.
OTHERS = {
    "wages_owed": ["包工头跑了，我们的工资半年没结"],
    "subsistence_allowance": ["村干部把低保给了自己亲戚"],
    "road": ["村里的路坑坑洼洼，下雨没法走"],
    "land_compensation": ["征地补偿款一直没到账"],
    "thanks": ["感谢巡察组，路修好了"],
    "litigation": ["法院判错了，我要翻案"],
}


@pytest.mark.parametrize(("category", "text"), [(code, text) for code, texts in SAID.items() for text in texts])
def test_what_is_about_an_added_category_is_filed_there(category: str, text: str) -> None:
    assert understand((text,), county=WITH_ADDED).category == category


@pytest.mark.parametrize(("category", "text"), [(code, text) for code, texts in OTHERS.items() for text in texts])
def test_what_is_about_another_is_filed_as_before(category: str, text: str) -> None:
    assert understand((text,), county=WITH_ADDED).category == category


def test_a_county_that_has_not_added_them_files_nothing_there() -> None:
    found = {understand((text,), county=COUNTY).category for texts in SAID.values() for text in texts}
    assert not found & ADDED
    assert set(lexicon().categories.codes) >= ADDED


@pytest.mark.parametrize(
    "text",
    [
        "学校食堂的肉是臭的，好几个娃娃吃了拉肚子",
        "幼儿园校车塞了三十多个孩子，只有九个座",
        "学校围墙要倒了",
        "卫生院用过期的疫苗给小孩打针",
        "化工厂往河里排毒水，鱼全死了",
        "矿上瓦斯超标还让下井",
        "烟花厂在村子中间，堆满了火药",
        "尾矿库的坝在渗水",
        "养猪场的粪水流进我们喝的水井",
        "黑社会拿刀逼我们签字",
        "村霸带人堵门打人",
        "砂石厂老板养了一帮打手，谁告打谁",
        "放高利贷的天天来泼油漆，说要砍人",
    ],
)
def test_what_is_dangerous_there_is_urgent(text: str) -> None:
    assert understand((text,), county=COUNTY).urgency != Urgency.NORMAL


@pytest.mark.parametrize("text", ["学校收补课费", "医生收红包", "村霸垄断沙石", "安监站收钱不检查", "砂石厂粉尘大"])
def test_what_is_only_wrong_there_is_not(text: str) -> None:
    assert understand((text,), county=COUNTY).urgency == Urgency.NORMAL
