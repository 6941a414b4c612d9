"""A life is at stake: the resident is told at once whom to call, and somebody is called until somebody is on it."""

import pytest
from sqlalchemy import select

from handlers.resident.preview_place import MOST_BELOW_IN_CRISIS
from models.complaints import Case
from models.desk import DIRECTOR_DESK
from models.urgency import Urgency
from services.intake.drafts import MOST_PIECES
from simulator.chat_reader import SeenMessage
from tests.deployment import Deployment
from tests.journey import Journey
from tests.story import PhoneUser, data_of, receipt_in

DESPAIR = "农药就放在床头,你们再不来就晚了"
BEATEN = "他又动手了,我抱着娃躲在外头"
IN_THE_WELL = "有个娃掉井里了,快来人"
MINUTE = 60
CALLED = "人命关天"
RESPOND = "1.case.respond"


@pytest.fixture
async def journey(deployment: Deployment) -> Journey:
    return await Journey.begin(deployment)


async def scans(journey: Journey, person: PhoneUser | None = None, place: str | None = "V02") -> PhoneUser:
    resident = person or journey.resident
    journey.simulator.scan(resident.person, await journey.deployment.link(place))
    await resident.sees(lambda one: bool(one.buttons))
    return resident


async def sends(journey: Journey, *texts: str, place: str | None = "V02") -> SeenMessage:
    """Say it, send it, and return the receipt."""
    resident = await scans(journey, place=place)
    for text in texts:
        await says(resident, text)
    await resident.press("1.r.send")
    return await resident.sees(lambda one: receipt_in(one) is not None)


async def says(resident: PhoneUser, text: str) -> None:
    """Say a line of a draft, and wait for the preview that holds it."""
    resident.say(text)
    await resident.sees(lambda one: data_of(one, "1.r.send") is not None and text[:6] in one.text)


def numbers_in(text: str) -> list[str]:
    found = {number: text.find(f"📞 {number} ") for number in ("110", "119", "120", "12338", "12356")}
    return sorted((number for number, at in found.items() if at >= 0), key=lambda number: found[number])


def calls(user: PhoneUser) -> list[SeenMessage]:
    """Return the calls that have come to a phone."""
    return [one for one in user.simulator.messages(user.chat) if one.from_bot and data_of(one, RESPOND)]


def help_given(user: PhoneUser) -> list[SeenMessage]:
    """Return the messages that say whom to telephone, receipts left out."""
    messages = user.simulator.messages(user.chat)
    return [one for one in messages if one.from_bot and "12356" in one.text and receipt_in(one) is None]


async def cases(deployment: Deployment) -> list[Case]:
    async with deployment.database.reading() as session:
        return list(await session.scalars(select(Case)))


async def only_case(deployment: Deployment) -> Case:
    [case] = await cases(deployment)
    return case


async def later(journey: Journey, seconds: int) -> None:
    """Let time pass, and the clock do what is due by then."""
    journey.simulator.advance(seconds)
    await journey.deployment.settled()


@pytest.mark.parametrize(
    ("text", "words", "numbers"),
    [
        pytest.param(DESPAIR, "您不是一个人", ["12356", "120", "110", "12338"], id="a farmer in despair"),
        pytest.param(BEATEN, "先保住自己和孩子", ["110", "12338", "120", "12356"], id="a woman who is beaten"),
        pytest.param(IN_THE_WELL, "救人要紧", ["120", "119", "110", "12356", "12338"], id="a child in the well"),
    ],
)
async def test_a_crisis_is_answered_as_soon_as_it_is_said_in_humane_words_and_once_more_when_it_was_sent(
    journey: Journey, text: str, words: str, numbers: list[str]
) -> None:
    resident = await scans(journey)
    resident.say(text)
    told = await resident.reads(words)
    assert numbers_in(told.text) == numbers
    assert data_of(told, "1.r.send") is not None  # one press, right below the numbers
    await resident.press("1.r.send")
    receipt = await resident.sees(lambda one: receipt_in(one) is not None)
    assert numbers_in(receipt.text) == numbers
    assert "按人命关天的急事办" in receipt.text
    assert "已经马上通知了巡察组" in receipt.text
    assert "10 分钟没人接手，再叫上巡察办主任" in receipt.text


async def test_the_leader_is_called_at_once_without_a_word_of_the_complaint_and_presses_that_they_are_on_it(
    journey: Journey,
) -> None:
    await sends(journey, DESPAIR)
    call = await journey.leader.reads(CALLED)
    case = await only_case(journey.deployment)
    assert case.urgency == Urgency.CRISIS
    assert case.id in call.text
    assert "桥头岭村" in call.text
    assert "农药" not in call.text
    assert "床头" not in call.text
    assert calls(journey.office) == []
    await journey.leader.press(RESPOND)
    await journey.leader.press(f"1.case.open.{case.id}")
    await journey.leader.reads("农药就放在床头")
    case = await only_case(journey.deployment)
    assert (case.owner_id, case.next_call_at) == ("P05", None)


async def test_in_a_draft_the_card_that_sends_says_it_and_stays_the_only_one_and_the_last(journey: Journey) -> None:
    resident = await scans(journey)
    for text in ("路灯不亮", DESPAIR, "真的不想活了", "地也没了"):
        await says(resident, text)
    [told] = help_given(resident)
    assert data_of(told, "1.r.send") is not None
    resident.say(BEATEN)
    await resident.reads("先保住自己和孩子")
    await journey.deployment.settled()
    [told] = help_given(resident)
    assert "您不是一个人" in told.text
    assert told.message_id == resident.last_id
    assert told.text.index("您不是一个人") > told.text.index("真的不想活了")  # what was said stands above the numbers


async def test_lines_that_follow_in_a_crisis_never_push_the_numbers_out_of_sight(journey: Journey) -> None:
    resident = await scans(journey)
    await says(resident, DESPAIR)
    for number in range(MOST_BELOW_IN_CRISIS + 3):
        await says(resident, f"第{number}年了")
        await journey.deployment.settled()
        [told] = help_given(resident)
        below = [one for one in journey.simulator.messages(resident.chat) if one.message_id > told.message_id]
        assert len(below) <= MOST_BELOW_IN_CRISIS


async def test_whoever_writes_before_scanning_a_code_is_told_whom_to_call_too(journey: Journey) -> None:
    journey.simulator.open_bot(journey.resident.person)
    await journey.resident.sees(lambda one: True)
    journey.resident.say("我不想活了")
    told = await journey.resident.reads("您不是一个人")
    assert numbers_in(told.text)[0] == "12356"
    assert data_of(told, "1.r.send") is None


async def test_nothing_else_is_asked_in_a_crisis_though_words_lead_to_the_writer(journey: Journey) -> None:
    receipt = await sends(journey, f"{BEATEN},我电话13812345678")
    assert "12338" in receipt.text


async def test_a_crisis_at_night_calls_at_once(journey: Journey) -> None:
    journey.simulator.advance(17 * 3600)  # two in the morning
    await sends(journey, BEATEN)
    call = await journey.leader.reads(CALLED)
    assert call.date == journey.simulator.now()
    assert not call.silent
    await later(journey, 10 * MINUTE)
    assert len(calls(journey.office)) == 1


async def test_a_crisis_is_never_held_for_a_batch(journey: Journey) -> None:
    await hold_hourly(journey.deployment)
    journey.simulator.advance(23 * MINUTE)
    await sends(journey, DESPAIR)
    await journey.leader.reads(CALLED)
    await journey.board.can_press("1.case.claim")
    assert journey.simulator.now().minute == 23


async def hold_hourly(deployment: Deployment) -> None:
    await deployment.set_in_county("privacy", release_village_hours=1)


async def test_after_ten_minutes_without_a_press_the_office_director_is_called_too_and_then_again(
    journey: Journey,
) -> None:
    await sends(journey, DESPAIR)
    await journey.leader.reads(CALLED)
    await later(journey, 9 * MINUTE)
    assert (len(calls(journey.leader)), len(calls(journey.office))) == (1, 0)
    await later(journey, MINUTE)
    assert (len(calls(journey.leader)), len(calls(journey.office))) == (2, 1)
    assert "古石生" in calls(journey.office)[0].text  # whom to telephone
    assert "农药" not in calls(journey.office)[0].text
    await later(journey, 19 * MINUTE)
    assert (len(calls(journey.leader)), len(calls(journey.office))) == (2, 1)
    await later(journey, MINUTE)
    assert (len(calls(journey.leader)), len(calls(journey.office))) == (3, 2)
    await later(journey, 60 * MINUTE)
    assert (len(calls(journey.leader)), len(calls(journey.office))) == (4, 3)


@pytest.mark.parametrize("by", ["leader", "board"])
async def test_a_press_in_time_ends_the_calls(journey: Journey, by: str) -> None:
    await sends(journey, DESPAIR)
    await journey.leader.reads(CALLED)
    await later(journey, 9 * MINUTE)
    if by == "leader":
        await journey.leader.press(RESPOND)
    else:
        await journey.board.press("1.case.claim")
        await journey.leader.reads("有人接手了：阮知秋")
    before = journey.leader.last_id
    await later(journey, 60 * MINUTE)
    assert calls(journey.office) == []
    assert [one for one in calls(journey.leader) if one.message_id > before] == []


async def test_a_director_who_presses_takes_the_case_and_reads_it_and_the_leader_hears_so(journey: Journey) -> None:
    await sends(journey, DESPAIR)
    await later(journey, 10 * MINUTE)
    await journey.office.press(RESPOND)
    await journey.leader.reads("有人接手了：容北辰")
    case = await only_case(journey.deployment)
    assert (case.desk, case.owner_id, case.next_call_at) == (DIRECTOR_DESK, "P03", None)
    await journey.office.press(f"1.case.open.{case.id}")
    await journey.office.reads("农药就放在床头")
    assert "不在您手上" in await journey.leader.press(RESPOND)
    await later(journey, 60 * MINUTE)
    assert len(calls(journey.office)) <= 1


async def test_a_director_whom_it_is_about_is_never_called_and_the_resident_is_not_told_of_one(
    journey: Journey,
) -> None:
    receipt = await sends(journey, f"容北辰{BEATEN}")
    await journey.leader.reads(CALLED)
    assert "主任" not in receipt.text
    await later(journey, 60 * MINUTE)
    assert calls(journey.office) == []
    assert len(calls(journey.leader)) > 1
    assert not [one for one in journey.simulator.messages(journey.office.chat) if CALLED in one.text]


async def test_a_crisis_about_the_team_calls_the_director_at_once_and_nobody_on_the_team(journey: Journey) -> None:
    receipt = await sends(journey, f"古石生{BEATEN}")
    await journey.office.reads(CALLED)
    assert "已经马上通知了县委巡察办主任" in receipt.text
    await later(journey, 30 * MINUTE)
    assert calls(journey.leader) == []
    assert calls(journey.member) == []


async def test_a_crisis_added_to_a_sent_complaint_is_answered_and_calls_whoever_has_it(journey: Journey) -> None:
    code = receipt_in(await sends(journey, "路灯不亮"))
    assert code is not None
    await journey.board.press("1.case.claim")
    resident = journey.resident
    resident.say(code[1])
    await resident.press("1.r.add")
    resident.say(BEATEN)
    told = await resident.reads("先保住自己和孩子")
    assert numbers_in(told.text)[0] == "110"
    await resident.reads("也马上通知了管这事的人")
    await journey.leader.reads(CALLED)
    await journey.member.reads(CALLED)
    assert (await only_case(journey.deployment)).urgency == Urgency.CRISIS
    await later(journey, 10 * MINUTE)
    assert len(calls(journey.office)) == 1
    await journey.member.press(RESPOND)
    await later(journey, 60 * MINUTE)
    assert len(calls(journey.office)) == 1
    assert (await only_case(journey.deployment)).owner_id == "P06"


async def test_a_crisis_said_right_after_sending_is_passed_on_without_a_press(journey: Journey) -> None:
    await sends(journey, "路灯不亮")
    journey.resident.say(BEATEN)
    await journey.resident.reads("先保住自己和孩子")
    await journey.resident.reads("也马上通知了管这事的人")
    await journey.leader.reads(CALLED)


async def test_what_is_said_before_and_after_a_crisis_in_a_sent_complaint_goes_with_it(journey: Journey) -> None:
    await sends(journey, "路灯不亮")
    resident = journey.resident
    said = resident.say("我真的")
    await resident.reads("要加到您反映的这一件里吗", after=said)
    said = resident.say("不想活了")
    await resident.reads("也马上通知了管这事的人", after=said)
    said = resident.say("在村口那座桥上")
    await resident.press("1.r.put_in", after=said)
    await resident.reads("加进去了", after=said)
    await journey.leader.press(RESPOND)
    await journey.leader.press("1.case.open")
    read = await journey.leader.reads("不想活了")
    assert "我真的" in read.text
    assert "在村口那座桥上" in read.text


async def test_a_crisis_that_comes_together_over_lines_after_sending_is_answered(journey: Journey) -> None:
    await sends(journey, "路灯不亮")
    resident = journey.resident
    said = resident.say("那瓶农药")
    await resident.reads("要加到您反映的这一件里吗", after=said)
    said = resident.say("我喝了")
    await resident.reads("先打电话，别等我们回话", after=said)
    await resident.reads("也马上通知了管这事的人", after=said)


async def test_whoever_goes_on_writing_puts_off_no_call_and_takes_none_back(journey: Journey) -> None:
    await sends(journey, DESPAIR)
    await journey.leader.reads(CALLED)
    for minutes in (6, 4, 1):
        await later(journey, minutes * MINUTE)
        said = journey.resident.say("真的不想活了")
        await journey.resident.reads("也马上通知了管这事的人", after=said)
    await journey.deployment.settled()
    assert len(calls(journey.office)) > 0
    await journey.office.press(RESPOND)
    await journey.leader.reads("有人接手了：容北辰")


async def test_a_draft_without_the_words_of_a_crisis_is_not_said_to_call_anybody(journey: Journey) -> None:
    resident = await scans(journey)
    for number in range(MOST_PIECES):
        await says(resident, f"第{number}条")
    said = resident.say(DESPAIR)
    await resident.reads("已经满了", after=said)
    told = await resident.reads("您不是一个人", after=said)
    assert "马上收到通知" not in told.text


@pytest.mark.parametrize(("text", "called"), [(BEATEN, True), ("桥栏杆断了", False)])
async def test_what_is_urgent_and_added_to_a_held_complaint_is_released_with_it(
    journey: Journey, text: str, called: bool
) -> None:
    await hold_hourly(journey.deployment)
    journey.simulator.advance(23 * MINUTE)
    code = receipt_in(await sends(journey, "路灯不亮"))
    assert code is not None
    resident = journey.resident
    resident.say(code[1])
    await resident.press("1.r.add")
    said = resident.say("村口那一盏")
    await resident.press("1.r.put_in", after=said)
    await resident.sees(lambda one: "1.r.visit" in str(one.buttons), after=said)
    said = resident.say(text)
    if not called:
        await resident.press("1.r.put_in", after=said)
    await resident.reads("加进去了", after=said)
    await journey.board.press("1.case.claim")
    await journey.board.press("1.case.open")
    read = await journey.member.reads(text)
    assert "路灯不亮" in read.text
    assert "村口那一盏" in read.text
    assert bool(calls(journey.leader)) == called


@pytest.mark.parametrize(
    "text",
    [
        "水管早就修好,不再漏了",
        "Repaired and no longer leaks",
        "气死我了,跑了五趟",
        "累死了,天天填表",
        "桥头饭店签单不给钱",
    ],
)
async def test_what_only_sounds_like_a_crisis_gets_none_of_it(journey: Journey, text: str) -> None:
    receipt = await sends(journey, text)
    assert help_given(journey.resident) == []
    assert numbers_in(receipt.text) == []
    assert calls(journey.leader) == []
    case = await only_case(journey.deployment)
    assert (case.urgency, case.next_call_at) == (Urgency.NORMAL, None)


async def test_a_danger_gets_a_first_look_in_two_hours_and_waits_for_nothing_but_calls_nobody(
    journey: Journey,
) -> None:
    await hold_hourly(journey.deployment)
    receipt = await sends(journey, "桥栏杆断了")
    assert "2 小时内有人看" in receipt.text
    assert "按安全隐患先办" in receipt.text
    await journey.board.can_press("1.case.claim")
    await later(journey, 10 * MINUTE)
    assert calls(journey.leader) == []
    assert calls(journey.office) == []


async def test_a_crisis_stands_before_a_danger_and_a_danger_before_the_rest_each_named_in_words(
    journey: Journey,
) -> None:
    for text in ("路灯不亮", "桥栏杆断了", DESPAIR):
        await sends(journey, text)
    journey.member.say("/queue")
    listed = await journey.member.reads("其中人命关天 1 件、隐患 1 件")
    by_urgency = {case.urgency: case.id for case in await cases(journey.deployment)}
    lines = {urgency: listed.text.index(by_urgency[urgency]) for urgency in Urgency}
    assert lines[Urgency.CRISIS] < lines[Urgency.DANGER] < lines[Urgency.NORMAL]
    assert f"{by_urgency[Urgency.CRISIS]} · 人命关天" in listed.text
    assert f"{by_urgency[Urgency.DANGER]} · 安全隐患" in listed.text
    await journey.board.reads("可能人命关天，请马上看这件")
    journey.office.say("/queue")
    await journey.office.reads("县委第一巡察组：3 件，其中人命关天 1 件、隐患 1 件")


async def test_numbers_of_the_county_are_told_beside_those_of_every_county(journey: Journey) -> None:
    await journey.deployment.set_in_county("crisis", local_numbers=["县心理援助站 0000-1234567"])
    resident = await scans(journey)
    resident.say(DESPAIR)
    told = await resident.reads("您不是一个人")
    assert "📞 县心理援助站 0000-1234567" in told.text


async def test_a_county_may_set_when_others_are_called(journey: Journey) -> None:
    await journey.deployment.set_in_county("crisis", call_again_minutes=[3], call_again_every_minutes=5)
    receipt = await sends(journey, DESPAIR)
    assert "3 分钟没人接手" in receipt.text
    await later(journey, 3 * MINUTE)
    assert len(calls(journey.office)) == 1
    await later(journey, 5 * MINUTE)
    assert len(calls(journey.office)) == 2
