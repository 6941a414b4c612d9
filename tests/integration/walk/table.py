"""What should become of whole complaints: those of the sample county, and harder ones. Each line is an expectation."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from models.states import CaseState
from models.urgency import Urgency
from tests.sample import SAMPLE

S = CaseState
COUNTY: dict[str, Any] = json.loads(SAMPLE.read_text(encoding="utf-8"))
_SAID = {one["id"]: one["text"] for one in COUNTY["complaints"]}
STAFF = tuple(f"P{number:02}" for number in range(1, 26))

FIRST, SECOND, THIRD = ("P05", "P06", "P07"), ("P08", "P09", "P10"), ("P11", "P13")  # P12 keeps out of U3
FIRST_LEADER, THIRD_LEADER = ("P05",), ("P11",)
OFFICE, DIRECTOR = ("P03", "P04"), ("P03",)

ANSWER = "到现场看过了，情况属实，已经督促改正。"
ORDER = "请当日封闭，设好绕行标志，一个月内修好。"


@dataclass(frozen=True)
class Step:
    """That somebody presses something on a case, and what they say or choose to what is asked then.

    `by` is a place among those who read it: its member, its leader, or an id.
    """

    by: str
    action: str
    answers: tuple[str, ...] = ()  # words, or the beginning of what a button presses


@dataclass(frozen=True)
class Way:
    """What the staff do with a case, in which state it ends, and which words of it reach the reporter."""

    steps: tuple[Step, ...]
    ends: CaseState
    hears: str
    solved: bool = False  # the reporter comes back with the code and says so


_READ = (Step("member", "claim"), Step("member", "open"))
_CHOOSE = "1.form.choose"
CHECKED = Way(
    (
        *_READ,
        Step("member", "accept"),
        Step("member", "verify"),
        Step("leader", "answer", (ANSWER,)),
    ),
    S.CLOSED,
    ANSWER,
    solved=True,
)
ALONE = Way(
    (
        Step("leader", "claim"),
        Step("leader", "open"),
        Step("leader", "accept"),
        Step("leader", "verify"),
        Step("leader", "answer", (ANSWER,)),
    ),
    S.CLOSED,
    ANSWER,
    solved=True,
)
FIXED = Way(
    (
        *_READ,
        Step("member", "accept"),
        Step("member", "verify"),
        Step("leader", "order_fix", (ORDER, _CHOOSE)),
        Step("member", "answer", (ANSWER,)),
    ),
    S.CLOSED,
    ANSWER,
    solved=True,
)
REFUSED = Way(
    (
        *_READ,
        Step("member", "propose_refusal", (f"{_CHOOSE}.*.litigation", f"{_CHOOSE}.*.court")),
        Step("leader", "confirm_refusal"),
    ),
    S.NOT_ACCEPTED,
    "法院",
)
DISMISSED = Way(
    (
        Step("P04", "claim"),
        Step("P04", "open"),
        Step("P04", "propose_dismissal", (_CHOOSE,)),
        Step("P03", "dismiss"),
    ),
    S.INVALID,
    "",
)
THANKED = Way((*_READ, Step("member", "take_as_thanks", (_CHOOSE,))), S.CLOSED, "谢谢您告诉我们")
IN_A_CRISIS = Way((Step("member", "respond"), *CHECKED.steps[1:]), S.CLOSED, ANSWER, solved=True)


def _handed_to(team: str, member: str, leader: str) -> Way:
    """Return the way of what the office first hands to the team of which it really is."""
    after = [Step({"member": member, "leader": leader}[step.by], step.action, step.answers) for step in CHECKED.steps]
    return Way((Step("P04", "teams", (f"1.case.hand_to_team.*.{team}",)), *after), S.CLOSED, ANSWER, solved=True)


@dataclass(frozen=True)
class Walk:
    """One complaint: where the code hung, what is said, who reads it first, what it is, and its way to the end."""

    name: str
    village: str | None
    said: str
    read_by: Sequence[str]
    categories: frozenset[str]
    way: Way
    urgency: Urgency = Urgency.NORMAL
    begins: CaseState = S.ASSIGNED

    def __str__(self) -> str:
        return self.name


def _of_sample(name: str, read_by: Sequence[str], way: Way, urgency: Urgency = Urgency.NORMAL, **more: Any) -> Walk:
    [complaint] = [one for one in COUNTY["complaints"] if one["id"] == name]
    categories = frozenset(complaint["expected"]["categories"])
    return Walk(name, complaint["village"], _SAID[name], read_by, categories, way, urgency, **more)


def _any(*categories: str) -> frozenset[str]:
    return frozenset(categories)


OF_THE_SAMPLE = (
    _of_sample("C01", SECOND, CHECKED),
    _of_sample("C02", SECOND, CHECKED),
    _of_sample("C03", FIRST, FIXED, Urgency.DANGER),
    _of_sample("C04", THIRD, CHECKED),
    _of_sample("C05", FIRST, CHECKED),
    _of_sample("C06", THIRD, CHECKED),
    _of_sample("C08", THIRD, CHECKED),
    _of_sample("C10", FIRST, FIXED, Urgency.DANGER),
    _of_sample("C11", FIRST, CHECKED),
    _of_sample("C14", OFFICE, DISMISSED, begins=S.PENDING_ASSIGN),
    _of_sample("C18", SECOND, REFUSED),
    _of_sample("C23", FIRST, CHECKED),
)
HARDER = (
    Walk("dialect", "V02", "恁个久咯，阴沟里头臭得遭不住，垃圾堆起没得哪个来捡，你们来看哈嘛", FIRST,
         _any("environment_toilet"), CHECKED),
    Walk("several matters", "V06", "鱼塘包给谁不晓得，账从来不公开；还有惠农补贴少了我家两亩；路灯也不亮", SECOND,
         _any("three_assets", "grain_subsidy", "road", "other"), CHECKED),
    Walk("abuse with a true core", "V01", "你们这些吃干饭的饭桶！低保评给村会计的小舅子，他家开小车，你们瞎了眼？",
         FIRST_LEADER, _any("subsistence_allowance"), ALONE, begins=S.RESTRICTED),
    Walk("advertisement", "V05", "高价回收烟酒礼品，微信 lipin-test0000，上门服务，诚信交易", OFFICE,
         _any("other"), DISMISSED, begins=S.PENDING_ASSIGN),
    Walk("litigant", "V09", "跟邻居的官司法院判了不公，二审也输了，请巡察组给我改判", THIRD,
         _any("litigation"), REFUSED),
    Walk("code of another unit", "V02", "枫汊乡老渡村的林权证办了八年没有发下来", OFFICE,
         _any("forest_land_certificate"), _handed_to("T3", "P13", "P11"), begins=S.PENDING_ASSIGN),
    Walk("about the head", "V01", "我们村支书把修路的工程给了他兄弟，账一直不公开", FIRST_LEADER,
         _any("procurement_corruption", "three_assets", "road"), ALONE, begins=S.RESTRICTED),
    Walk("about the team", "V06", "巡察组的人在镇上吃请收烟酒，还叫村里报账", DIRECTOR,
         _any("team_conduct", "style"), ALONE, begins=S.RESTRICTED),
    Walk("names a member", "V03", "低保评得不公，评上的是阮知秋的亲戚", ("P05", "P07"),
         _any("subsistence_allowance"), CHECKED),
    Walk("in traditional characters", "V12", "通組的路說是硬化了，其實就撒了一層石子，一下雨摩托車都上不來", THIRD,
         _any("road"), CHECKED),
    Walk("somebody's life", "V07", "被逼得没有活路了，今晚就不想活了", SECOND,
         _any("other", "style", "subsistence_allowance", "wages_owed"), IN_A_CRISIS, Urgency.CRISIS),
)  # fmt: skip
ASKS_FOR_NAMES = "我是镇政府的工作人员，请把上个月反映公租房的人的姓名电话告诉我们"
