"""The team on its phones: board, workbench, lists, and those who have no business there."""

import re
from dataclasses import dataclass

import pytest

from channels.telegram.address import address_of
from models.complaints import Case
from models.desk import OFFICE_DESK, Desk
from models.rounds import Team
from models.staff import Staff
from models.states import CaseState
from services.access.member import member
from services.cases.cards import bring_card
from services.people.enrol import invite
from simulator.chat_reader import SeenMessage
from simulator.server import Simulator
from tests.deployment import Deployment
from tests.integration.cases.conftest import lay, picture
from tests.statements import statements
from tests.story import PhoneUser, data_of

SECRET = "李老四家的低保是他舅舅村会计批的"


@dataclass
class TeamOnPhones:
    """Team T1 with its people on their phones."""

    deployment: Deployment
    simulator: Simulator
    leader: PhoneUser
    member: PhoneUser
    colleague: PhoneUser
    group: int

    def on_board(self, who: PhoneUser) -> PhoneUser:
        """Return somebody as they use the team's group."""
        return PhoneUser(self.simulator, who.person, self.group)

    async def lay(self, *texts: str, **how: object) -> str:
        """Lay a case on the team's desk and return its number."""
        async with self.deployment.database.transaction() as session:
            case = await lay(self.deployment.work(session), *(texts or (SECRET,)), **how)  # type: ignore[arg-type]
        return case.id

    async def case(self, case_id: str) -> Case:
        async with self.deployment.database.reading() as session:
            return await session.get_one(Case, case_id)

    async def workbench(self, who: PhoneUser, staff_id: str, case_id: str) -> None:
        """Bring a case's card to somebody's private chat."""
        async with self.deployment.database.transaction() as session:
            work = self.deployment.work(session)
            await bring_card(work, await session.get_one(Case, case_id), await member(session, staff_id))
        await self.deployment.settled()  # or the card that is about to go may be the one that is pressed
        await who.can_press(f"1.case.open.{case_id}")


@pytest.fixture
async def team(deployment: Deployment) -> TeamOnPhones:
    leader, first, second = await deployment.enrol("P05", "P06", "P07")
    group = await deployment.board("县委第一巡察组", "P05", "P06", "P07")
    phones = deployment.simulator
    return TeamOnPhones(
        deployment, phones, PhoneUser(phones, leader), PhoneUser(phones, first), PhoneUser(phones, second), group
    )


async def test_a_member_claims_on_the_board_and_the_next_is_told_who_has_it(team: TeamOnPhones) -> None:
    case_id = await team.lay()
    board = team.on_board(team.member)
    card = await board.can_press(f"1.case.claim.{case_id}")
    assert await board.press(f"1.case.claim.{case_id}") == "归您办了。"
    await board.sees(lambda one: case_id in one.text and "阮知秋" in one.text)
    query = team.simulator.press(
        team.colleague.person, f"1.case.claim.{case_id}", message_id=card.message_id, chat_id=team.group, old=True
    )
    assert "阮知秋" in (await team.simulator.wait_for_answer(query)).text
    assert (await team.case(case_id)).owner_id == "P06"


async def test_reading_from_the_board_brings_text_photo_and_workbench_to_the_private_chat(team: TeamOnPhones) -> None:
    case_id = await team.lay(SECRET, "<b>不是标签</b> & 别的", photos=[picture()])
    board = team.on_board(team.member)
    assert "私聊" in await board.press(f"1.case.open.{case_id}")
    text = await team.member.reads(SECRET)
    assert text.protected
    assert "<b>不是标签</b> & 别的" in text.text
    photo = await team.member.sees(lambda one: one.kind == "photo")
    assert photo.protected
    workbench = await team.member.can_press(f"1.case.accept.{case_id}")
    assert workbench.message_id > photo.message_id
    team.simulator.advance(24 * 3600 + 60)
    await team.simulator.wait_for(
        team.member.chat, lambda seen: not [one for one in seen if SECRET in one.text or one.kind == "photo"] or None
    )


async def test_the_group_never_gets_a_word_of_the_resident(team: TeamOnPhones) -> None:
    case_id = await team.lay(SECRET, photos=[picture()], hazard=True)
    board = team.on_board(team.member)
    for press in ("claim", "open"):
        await board.press(f"1.case.{press}.{case_id}")
    await team.member.reads(SECRET)
    for press in ("accept", "verify"):
        await team.member.press(f"1.case.{press}.{case_id}")
    team.member.say("/queue")
    await team.member.can_press("1.queue.case")
    await board.sees(lambda one: "核实中" in one.text)
    outsider = PhoneUser(team.simulator, team.simulator.add_person("群里的别人"))
    team.simulator.add_member(team.group, outsider.person)
    received = [str(one) for one in team.simulator.received(team.group)]
    assert any(case_id in one for one in received)
    assert not any(SECRET in one or "李老四" in one for one in received)
    assert not [one for one in team.simulator.messages(team.group, deleted=True) if one.kind == "photo"]


async def test_question_by_question_and_the_answer_with_a_look_before_it_goes_out(team: TeamOnPhones) -> None:
    case_id = await team.lay(state=CaseState.VERIFYING)
    await team.workbench(team.leader, "P05", case_id)
    await team.leader.press(f"1.case.answer.{case_id}")
    await team.leader.can_press("1.form.cancel")
    team.leader.say("查过了，低保名单没有问题。")
    first = await team.leader.can_press("1.form.send")
    assert "低保名单没有问题" in first.text
    team.leader.say("查过了，名单公示过，有签字。")
    second = await team.leader.can_press("1.form.send", after=first.message_id)
    stale = team.simulator.press(
        team.leader.person, data_of(first, "1.form.send") or "", message_id=first.message_id, old=True
    )
    assert "最新" in (await team.simulator.wait_for_answer(stale)).text
    assert (await team.case(case_id)).state == CaseState.VERIFYING
    await team.leader.press("1.form.send", after=second.message_id - 1)
    assert (await team.case(case_id)).state == CaseState.ANSWERED
    await team.leader.press(f"1.case.close.{case_id}")
    assert (await team.case(case_id)).state == CaseState.CLOSED


async def test_questions_are_counted_once_as_one_is_begun_and_once_as_it_is_asked(team: TeamOnPhones) -> None:
    case_id = await team.lay()
    await team.workbench(team.member, "P06", case_id)
    assert team.deployment.product is not None
    with statements(team.deployment.product) as made:
        await team.member.press(f"1.case.ask.{case_id}")
        await team.member.can_press("1.form.cancel")
        assert len([one for one in made if "count(" in one and "FROM case_events" in one]) == 1
        team.member.say("哪一段路?")
        await team.member.press("1.form.send")
        await team.member.reads("问题已放进反映人的回执里")
        assert len([one for one in made if "count(" in one and "FROM case_events" in one]) == 2


async def test_a_cancelled_question_is_not_asked(team: TeamOnPhones) -> None:
    case_id = await team.lay()
    await team.workbench(team.member, "P06", case_id)
    await team.member.press(f"1.case.ask.{case_id}")
    await team.member.press("1.form.cancel")
    team.member.say("这句不是问题")
    await team.simulator.wait_taken()
    assert (await team.case(case_id)).state == CaseState.ASSIGNED


async def test_a_photo_is_no_question_and_the_form_stays_open(team: TeamOnPhones) -> None:
    case_id = await team.lay()
    await team.workbench(team.member, "P06", case_id)
    await team.member.press(f"1.case.ask.{case_id}")
    await team.member.can_press("1.form.cancel")
    team.simulator.send_photo(team.member.person, "1-bridge")
    await team.member.reads("请发一条文字消息")
    team.member.say("哪一家？")
    await team.member.press("1.form.send")
    await team.member.reads("问题已放进")
    assert (await team.case(case_id)).state == CaseState.NEED_INFO


def choice_of(seen: SeenMessage, value: str) -> str:
    """Return what the button of a question presses that stands for a value."""
    return next(one.data for row in seen.buttons for one in row if one.data.endswith(f".{value}"))


async def test_a_member_proposes_not_to_accept_and_the_leader_agrees(team: TeamOnPhones) -> None:
    case_id = await team.lay()
    await team.workbench(team.member, "P06", case_id)
    await team.member.press(f"1.case.propose_refusal.{case_id}")
    await team.member.press(choice_of(await team.member.can_press("1.form.choose.refuse_case-why"), "civil_dispute"))
    where = await team.member.can_press("1.form.choose.refuse_case-where_else")
    await team.member.press(choice_of(where, "mediation"))
    preview = await team.member.can_press("1.form.send.refuse_case")
    assert "这是邻里、家庭之间的纠纷" in preview.text
    assert (await team.case(case_id)).proposal is None
    assert "组长" in await team.member.press("1.form.send.refuse_case")
    proposal = await team.leader.can_press(f"1.case.confirm_refusal.{case_id}")
    assert "民事纠纷" in proposal.text
    assert "人民调解" in proposal.text
    await team.leader.press(f"1.case.confirm_refusal.{case_id}")
    assert (await team.case(case_id)).state == CaseState.NOT_ACCEPTED


async def test_once_a_dismissal_is_decided_its_owners_words_leave_the_phones_of_those_who_were_asked(
    team: TeamOnPhones,
) -> None:
    case_id = await team.lay()
    await team.workbench(team.member, "P06", case_id)
    await team.member.press(f"1.case.claim.{case_id}")
    await team.member.press(f"1.case.open.{case_id}")
    await team.member.reads(SECRET)
    await team.member.press(f"1.case.propose_dismissal.{case_id}")
    await team.member.can_press("1.form.choose.dismiss_case-why")
    team.member.say("这是我二舅家的事")
    await team.member.press("1.form.send")
    proposal = await team.leader.reads("二舅")
    await team.workbench(team.leader, "P05", case_id)
    await team.leader.press(f"1.case.decline_dismissal.{case_id}", after=proposal.message_id)  # on the card
    await team.member.reads("没同意作无效件")
    await team.deployment.settled()
    assert not any("二舅" in one.text for one in team.deployment.simulator.messages(team.leader.chat))


async def test_a_case_is_dismissed_once_it_was_read_and_the_leader_agrees(team: TeamOnPhones) -> None:
    case_id = await team.lay()
    await team.workbench(team.member, "P06", case_id)
    await team.member.press(f"1.case.claim.{case_id}")
    assert "看内容" in await team.member.press(f"1.case.propose_dismissal.{case_id}")
    await team.member.press(f"1.case.open.{case_id}")
    await team.member.reads(SECRET)
    await team.member.press(f"1.case.propose_dismissal.{case_id}")
    await team.member.press("1.form.choose.dismiss_case-why")
    await team.member.press("1.form.send")
    proposal = await team.leader.can_press(f"1.case.dismiss.{case_id}")
    assert "看不出说什么" in proposal.text or "广告" in proposal.text
    assert (await team.case(case_id)).is_open
    assert "7 天" in await team.leader.press(f"1.case.dismiss.{case_id}")
    assert (await team.case(case_id)).state == CaseState.INVALID
    await team.member.reads("已同意作无效件")
    await team.leader.press(f"1.case.undo_dismissal.{case_id}")
    assert (await team.case(case_id)).state == CaseState.ASSIGNED


async def cards_of(team: TeamOnPhones, who: PhoneUser, case_id: str) -> list[SeenMessage]:
    """Return the cards of a case that stand in somebody's own chat, once all is sent."""
    await team.deployment.settled()
    return [one for one in team.simulator.messages(who.chat) if one.from_bot and one.text.startswith(f"{case_id} ·")]


async def test_whatever_is_pressed_one_card_of_a_case_stands_in_a_chat_and_it_is_the_last(team: TeamOnPhones) -> None:
    case_id = await team.lay()
    propose = f"1.case.propose_dismissal.{case_id}"

    async def card_at_end(who: PhoneUser) -> SeenMessage:
        [card] = await cards_of(team, who, case_id)
        assert card == team.simulator.messages(who.chat)[-1]
        return card

    await team.workbench(team.member, "P06", case_id)
    await team.workbench(team.leader, "P05", case_id)
    await team.member.press(f"1.case.claim.{case_id}")
    await team.member.press(f"1.case.open.{case_id}")
    await team.member.reads(SECRET)
    card = await card_at_end(team.member)
    await team.member.press(propose)
    await team.member.press("1.form.cancel.dismiss_case")
    assert (await card_at_end(team.member)).message_id != card.message_id
    await team.member.press(propose)
    await team.member.press("1.form.choose.dismiss_case-why")
    await team.member.press("1.form.send")
    card = await card_at_end(team.member)
    assert "作无效件" in card.text
    await team.leader.can_press(f"1.case.decline_dismissal.{case_id}")
    await team.deployment.settled()
    proposal = team.simulator.messages(team.leader.chat)[-1]
    await team.leader.press(f"1.case.decline_dismissal.{case_id}")
    assert (await card_at_end(team.leader)).message_id == proposal.message_id
    await team.leader.press(f"1.case.set_category.{case_id}")
    await team.leader.press("1.form.choose.set_category")
    await team.leader.press("1.form.send.set_category")
    sorted_anew = await card_at_end(team.leader)
    [followed] = await cards_of(team, team.member, case_id)
    assert followed.message_id == card.message_id
    assert followed.text == sorted_anew.text


async def test_a_card_that_is_shown_where_it_was_pressed_speaks_the_language_of_its_reader(team: TeamOnPhones) -> None:
    async with team.deployment.database.transaction() as session:
        (await session.get_one(Staff, "P06")).language = "en"
    case_id = await team.lay()
    await team.workbench(team.member, "P06", case_id)
    await team.member.press(f"1.case.propose_refusal.{case_id}")
    await team.member.press("1.form.cancel.refuse_case")
    [card] = await cards_of(team, team.member, case_id)
    assert "Read it" in str(card.buttons)


async def test_a_press_on_what_another_has_claimed_is_refused_with_their_name(team: TeamOnPhones) -> None:
    case_id = await team.lay()
    await team.workbench(team.colleague, "P07", case_id)
    card = await team.colleague.can_press(f"1.case.accept.{case_id}")
    await team.on_board(team.member).press(f"1.case.claim.{case_id}")
    await team.colleague.sees(lambda one: one.message_id == card.message_id and "阮知秋" in one.text)
    old = team.simulator.press(team.colleague.person, f"1.case.accept.{case_id}", message_id=card.message_id, old=True)
    answer = (await team.simulator.wait_for_answer(old)).text
    assert "阮知秋" in answer
    assert "组长" in answer
    assert (await team.case(case_id)).state == CaseState.ASSIGNED


async def test_a_card_with_nothing_to_do_says_why(team: TeamOnPhones) -> None:
    case_id = await team.lay()
    await team.workbench(team.colleague, "P07", case_id)
    await team.on_board(team.member).press(f"1.case.claim.{case_id}")
    card = await team.colleague.reads("所以这里只能看")
    assert "阮知秋" in card.text
    assert [one.data for row in card.buttons for one in row] == [f"1.case.{one}.{case_id}" for one in ("open", "note")]


async def test_the_leader_sets_the_unit_and_what_goes_to_another_team_leaves_the_phones(team: TeamOnPhones) -> None:
    case_id = await team.lay()
    await team.on_board(team.member).press(f"1.case.open.{case_id}")
    text = await team.member.reads(SECRET)
    await team.deployment.settled()
    await team.workbench(team.leader, "P05", case_id)
    await team.leader.press(f"1.case.set_unit.{case_id}")
    menu = await team.leader.can_press("1.form.choose.set_unit")
    assert "石蒲镇党委" in str(menu.buttons)
    team.leader.say("石蒲")
    preview = await team.leader.can_press("1.form.send.set_unit")
    assert "石蒲镇党委" in preview.text
    await team.leader.press("1.form.send.set_unit")
    moved = await team.case(case_id)
    assert (moved.unit_id, moved.desk) == ("U2", Desk.team("T2"))
    await team.simulator.wait_for(
        team.member.chat, lambda seen: text.message_id not in {one.message_id for one in seen} or None
    )
    await team.on_board(team.member).sees(lambda one: "已转交别处" in one.text)


async def test_a_fix_of_a_case_without_a_unit_is_ordered_once_the_unit_is_set_on_the_same_card(
    team: TeamOnPhones,
) -> None:
    case_id = await team.lay(state=CaseState.VERIFYING, unit=None, village=None)
    await team.workbench(team.leader, "P05", case_id)
    refused = await team.leader.press(f"1.item.order_fix.{case_id}")
    assert "还没有定下是哪个单位" in refused
    assert "改单位" in refused
    await team.leader.press(f"1.case.set_unit.{case_id}")
    await team.leader.can_press("1.form.choose.set_unit")
    team.leader.say("竹坞")
    await team.leader.press("1.form.send.set_unit")
    await team.leader.reads("竹坞镇党委")
    await team.leader.press(f"1.item.order_fix.{case_id}")
    await team.leader.reads("查到什么问题，要求做什么")


async def test_the_leader_gives_a_case_to_another_member(team: TeamOnPhones) -> None:
    case_id = await team.lay()
    await team.on_board(team.member).press(f"1.case.claim.{case_id}")
    await team.workbench(team.leader, "P05", case_id)
    await team.leader.press(f"1.case.people.{case_id}")
    await team.leader.press(f"1.case.give.{case_id}.P07")
    await team.colleague.reads("交给您办")
    await team.member.reads("已由组长转给")
    assert (await team.case(case_id)).owner_id == "P07"


async def test_an_old_press_is_explained_and_the_card_renewed(team: TeamOnPhones) -> None:
    case_id = await team.lay()
    await team.workbench(team.member, "P06", case_id)
    await team.workbench(team.colleague, "P07", case_id)
    card = await team.colleague.can_press(f"1.case.accept.{case_id}")
    await team.member.press(f"1.case.accept.{case_id}")
    await team.colleague.sees(lambda one: one.message_id == card.message_id and "已受理" in one.text)
    old = team.simulator.press(team.colleague.person, f"1.case.accept.{case_id}", message_id=card.message_id, old=True)
    assert "已受理" in (await team.simulator.wait_for_answer(old)).text


async def test_what_is_not_for_the_board_is_refused_there_though_the_data_is_doctored(team: TeamOnPhones) -> None:
    case_id = await team.lay()
    card = await team.on_board(team.member).can_press(f"1.case.claim.{case_id}")
    for data in (f"1.case.accept.{case_id}", f"1.case.ask.{case_id}", f"1.case.propose_refusal.{case_id}"):
        query = team.simulator.press_data(team.member.person, card.message_id, data, chat_id=team.group)
        assert "私聊" in (await team.simulator.wait_for_answer(query)).text
    assert (await team.case(case_id)).state == CaseState.ASSIGNED


async def test_strangers_presses_change_nothing_and_are_explained(team: TeamOnPhones) -> None:
    case_id = await team.lay()
    card = await team.on_board(team.member).can_press(f"1.case.claim.{case_id}")
    stranger = team.simulator.add_person("路人")
    team.simulator.add_member(team.group, stranger)
    for data in (f"1.case.claim.{case_id}", f"1.case.open.{case_id}", f"1.queue.case.{case_id}", "1.board.bind.T1"):
        query = team.simulator.press_data(stranger, card.message_id, data, chat_id=team.group)
        answer = await team.simulator.wait_for_answer(query)
        assert "邀请" in answer.text
        assert answer.show_alert
    assert (await team.case(case_id)).owner_id is None


@pytest.mark.parametrize(
    "data", ["1.case.", "1.case.nothing.12345678", "1.case.open.00000000", "1.case.refuse.{case}.x-y", "9.case.open.1"]
)
async def test_doctored_presses_are_answered_and_harm_nothing(team: TeamOnPhones, data: str) -> None:
    case_id = await team.lay()
    await team.workbench(team.member, "P06", case_id)
    card = await team.member.can_press(f"1.case.accept.{case_id}")
    query = team.simulator.press_data(team.member.person, card.message_id, data.format(case=case_id))
    if not data.startswith("9"):
        assert (await team.simulator.wait_for_answer(query)).text
    await team.simulator.wait_taken()
    assert (await team.case(case_id)).state == CaseState.ASSIGNED


@pytest.mark.parametrize(
    "data",
    [
        "1.r.lang..en",
        "1.r.visit.x",
        "1.queue.page.queue",
        "1.queue.case.{case}",
        "1.item.list",
        "1.form.cancel",
        "1.staff.lang.en",
    ],
)
async def test_nobody_writes_over_a_card_of_the_board_with_what_is_private(team: TeamOnPhones, data: str) -> None:
    case_id = await team.lay()
    card = await team.on_board(team.member).can_press(f"1.case.claim.{case_id}")
    shown = [one.text for one in team.simulator.messages(team.group)]
    query = team.simulator.press_data(
        team.member.person, card.message_id, data.format(case=case_id), chat_id=team.group
    )
    assert "私聊" in (await team.simulator.wait_for_answer(query)).text
    team.on_board(team.member).say("/queue")  # its answer comes after whatever the press would have said
    await team.on_board(team.member).reads("私聊")
    assert [one.text for one in team.simulator.messages(team.group)][: len(shown)] == shown


async def test_a_case_that_is_not_theirs_looks_to_a_member_like_a_number_that_is_nobodys(team: TeamOnPhones) -> None:
    await team.deployment.enrol("P08")
    other = PhoneUser(team.simulator, team.deployment.staff["P08"])
    case_id = await team.lay()
    seen = []
    for number in (case_id, "00000000"):
        own = await team.lay(desk=Desk.team("T2"), team="T2", unit="U2", village=None)
        await team.workbench(other, "P08", own)
        card = await other.can_press(f"1.case.open.{own}")
        query = team.simulator.press_data(other.person, card.message_id, f"1.case.accept.{number}")
        toast = (await team.simulator.wait_for_answer(query)).text
        # Taken away, that is; the card may have been written anew before, when it reached the board.
        left = await other.sees(lambda one, card=card: one.message_id == card.message_id and not one.buttons)  # type: ignore[misc]
        seen.append((toast, left.text, left.buttons))
    assert seen[0] == seen[1]


async def test_a_press_of_another_teams_member_leaves_the_card_it_was_put_on(team: TeamOnPhones) -> None:
    leader, _ = await team.deployment.enrol("P08", "P09")
    group = await team.deployment.board("县委第二巡察组", "P08", "P09", "P06")
    own = await team.lay(owner_id="P05")
    foreign = await team.lay(desk=Desk.team("T2"), team="T2", unit="U2")
    board = PhoneUser(team.simulator, leader, group)
    card = await board.can_press(f"1.case.claim.{foreign}")
    query = team.simulator.press_data(team.member.person, card.message_id, f"1.case.claim.{own}", chat_id=group)
    assert (await team.simulator.wait_for_answer(query)).show_alert
    board.say("/board")
    await board.sees(lambda one: "看板" in one.text, after=card.message_id)  # what was queued this chat before has come
    [same] = [one for one in team.simulator.messages(group) if one.message_id == card.message_id]
    assert (same.text, same.buttons) == (card.text, card.buttons)


async def test_the_queue_is_turned_page_by_page_and_a_number_opens_the_card(team: TeamOnPhones) -> None:
    hazard = await team.lay(hazard=True)
    for _ in range(9):
        await team.lay()
    team.member.say("/queue")
    page = await team.member.can_press("1.queue.page")
    assert "10 件" in page.text
    assert "隐患 1 件" in page.text
    assert page.text.index(hazard) < 120
    assert len(re.findall(r"\b\d{8}\b", page.text)) == 8
    await team.member.press("1.queue.page")
    second = await team.member.sees(lambda one: one.message_id == page.message_id and one.edited)
    assert len(re.findall(r"\b\d{8}\b", second.text)) == 2
    await team.member.press("1.queue.page")
    await team.member.sees(lambda one: one.message_id == page.message_id and hazard in one.text)
    await team.member.press(f"1.queue.case.{hazard}")
    await team.member.can_press(f"1.case.accept.{hazard}")


async def test_empty_lists_say_so_kindly(team: TeamOnPhones) -> None:
    team.member.say("/queue")
    await team.member.reads("都办完了")
    team.member.say("/mine")
    await team.member.reads("没有在办的件")


async def test_lists_are_not_shown_in_the_group(team: TeamOnPhones) -> None:
    case_id = await team.lay()
    board = team.on_board(team.member)
    await board.can_press(f"1.case.claim.{case_id}")
    board.say("/queue")
    await board.reads("私聊")
    assert not [one for one in team.simulator.messages(team.group) if data_of(one, "1.queue")]


async def test_the_teams_own_talk_in_the_group_is_left_alone(team: TeamOnPhones) -> None:
    said = len([one for one in team.simulator.messages(team.group) if one.from_bot])
    team.on_board(team.colleague).say("明天去上竹坞")
    await team.simulator.wait_taken()
    team.member.say("/mine")
    await team.member.reads("没有在办的件")
    assert len([one for one in team.simulator.messages(team.group) if one.from_bot]) == said


async def test_a_stranger_who_speaks_to_the_bot_in_a_group_is_shown_the_door(team: TeamOnPhones) -> None:
    stranger = team.simulator.add_person("路人")
    team.simulator.add_member(team.group, stranger)
    user = PhoneUser(team.simulator, stranger, team.group)
    user.say("/start")
    await user.reads("扫村里张贴的巡察二维码")


async def test_the_office_gives_a_case_to_a_team(team: TeamOnPhones) -> None:
    await team.deployment.enrol("P04")
    office = PhoneUser(team.simulator, team.deployment.staff["P04"])
    case_id = await team.lay(desk=OFFICE_DESK, team=None, unit=None, village=None, state=CaseState.PENDING_ASSIGN)
    await team.workbench(office, "P04", case_id)
    await office.press(f"1.case.teams.{case_id}")
    assert "第一巡察组" in await office.press(f"1.case.hand_to_team.{case_id}.T1")
    assert (await team.case(case_id)).desk == Desk.team("T1")
    await team.on_board(team.member).can_press(f"1.case.claim.{case_id}")
    await office.reads("已转交别处")
    assert not [one for one in team.simulator.messages(office.chat) if case_id in one.text and one.buttons]


async def test_a_private_chat_does_not_become_a_board_though_the_data_is_doctored(team: TeamOnPhones) -> None:
    case_id = await team.lay()
    await team.workbench(team.leader, "P05", case_id)
    card = await team.leader.can_press(f"1.case.open.{case_id}")
    query = team.simulator.press_data(team.leader.person, card.message_id, "1.board.bind.T1")
    assert (await team.simulator.wait_for_answer(query)).show_alert
    async with team.deployment.database.reading() as session:
        assert (await session.get_one(Team, "T1")).board_address == address_of(team.group)


async def test_when_the_bot_is_removed_the_leader_hears_of_it(team: TeamOnPhones) -> None:
    team.simulator.kick_bot(team.group, by=team.leader.person)
    await team.leader.reads("已不在县委第一巡察组的群里")
    case_id = await team.lay()
    await team.member.can_press(f"1.case.claim.{case_id}")


async def test_a_group_that_becomes_a_supergroup_gets_its_cards_there(team: TeamOnPhones) -> None:
    case_id = await team.lay()
    await team.on_board(team.member).can_press(f"1.case.claim.{case_id}")
    new_group = team.simulator.migrate(team.group)
    board = PhoneUser(team.simulator, team.member.person, new_group)
    await board.press(f"1.case.claim.{case_id}")
    await board.sees(lambda one: case_id in one.text and "阮知秋" in one.text)


async def test_only_a_leader_makes_a_board(team: TeamOnPhones) -> None:
    group = team.simulator.add_group("闲聊", [team.member.person])
    team.simulator.add_bot(group, by=team.member.person)
    await PhoneUser(team.simulator, team.member.person, group).reads("组长")
    stranger = team.simulator.add_person("路人")
    other = team.simulator.add_group("别的群", [stranger])
    team.simulator.add_bot(other, by=stranger)
    await PhoneUser(team.simulator, stranger, other).reads("组长")


async def test_the_board_moves_to_another_group_when_the_leader_says_so(team: TeamOnPhones) -> None:
    case_id = await team.lay()
    group = team.simulator.add_group("新群", [team.leader.person, team.member.person])
    team.simulator.add_bot(group, by=team.member.person)
    board = PhoneUser(team.simulator, team.leader.person, group)
    await board.reads("组长")
    board.say("/board")
    await board.can_press(f"1.case.claim.{case_id}")
    await team.on_board(team.member).reads("已换到另一个群")


async def test_an_earlier_look_at_an_order_issues_nothing_of_a_later_one(team: TeamOnPhones) -> None:
    case_id = await team.lay(state=CaseState.VERIFYING)
    await team.workbench(team.leader, "P05", case_id)
    await team.leader.press(f"1.item.order_fix.{case_id}")
    await team.leader.can_press("1.form.cancel")
    team.leader.say("石拱桥开裂，请封桥维修。")
    await team.leader.can_press("1.form.choose.order_fix-due")
    team.leader.say("31天后")
    earlier = await team.leader.can_press("1.form.send")
    assert "直接再发一条" in earlier.text
    team.leader.say("明天")
    await team.leader.can_press("1.form.send", after=earlier.message_id)
    [data] = [one.data for row in earlier.buttons for one in row if one.data.startswith("1.form.send")]
    query = team.simulator.press_data(team.leader.person, earlier.message_id, data)
    assert "您后来改过" in (await team.simulator.wait_for_answer(query)).text
    await team.leader.press("1.form.send")
    await team.leader.reads("已下达")


async def test_an_invitation_opens_the_door_once_and_says_who_one_is(deployment: Deployment) -> None:
    async with deployment.database.transaction() as session:
        token = await invite(deployment.work(session), "P05")
    phones = deployment.simulator
    leader = PhoneUser(phones, phones.add_person("古石生"))
    phones.scan(leader.person, token)
    welcome = await leader.reads("古石生，您好")
    assert "县委第一巡察组" in welcome.text
    assert "组长" in welcome.text
    assert "/queue" in welcome.text
    thief = PhoneUser(phones, phones.add_person("别人"))
    phones.scan(thief.person, token)
    await thief.reads("已经用过")
    for damaged in (token[:-3], "i"):
        phones.scan(thief.person, damaged)
        await thief.reads("链接不对")


async def test_staff_ask_who_they_are_get_help_and_choose_their_language(deployment: Deployment) -> None:
    await deployment.enrol("P12", "P14")
    recused = PhoneUser(deployment.simulator, deployment.staff["P12"])
    recused.say("/whoami")
    assert "乔木森" in (await recused.reads("回避：枫汊乡党委")).text
    recused.say("/help")
    await recused.reads("/mine")
    head = PhoneUser(deployment.simulator, deployment.staff["P14"])
    head.say("/help")
    await head.reads("整改问题会发到这里")
    head.say("/nonsense")
    await head.reads("整改问题会发到这里")
    head.say("收到了，马上改。")
    await head.reads("没有发给谁")
    head.say("/queue")
    await head.reads("不办件")
    head.say("/lang")
    await head.press("1.staff.lang.en")
    await head.reads("English from now on")
    head.say("/whoami")
    await head.reads("unit head")


async def test_a_question_or_an_answer_with_a_link_is_refused_with_what_to_do_and_may_be_written_anew(
    team: TeamOnPhones,
) -> None:
    asked, answered = await team.lay(), await team.lay(state=CaseState.VERIFYING)
    leader = team.leader
    for case_id, action, prompt in ((asked, "ask", "把要问的话发给我"), (answered, "answer", "写核实结果")):
        await team.workbench(leader, "P05", case_id)
        await leader.press(f"1.case.{action}.{case_id}")
        await leader.reads(prompt)
        before = leader.last_id
        leader.say("请看 https://cdn.example.cn/i/7f3a91.jpg 或加微信 xc_liu8")
        assert "用文字说清楚" in (await leader.reads("不能有网址", after=before)).text
    before = leader.last_id
    leader.say("查清了,有事打0571-8800123找民政局。")
    await leader.press("1.form.send", after=before)
    await leader.reads("已答复", after=before)
    assert (await team.case(answered)).state == CaseState.ANSWERED
    assert (await team.case(asked)).state == CaseState.ASSIGNED


async def test_what_is_seldom_needed_is_folded_away_and_one_press_shows_it(team: TeamOnPhones) -> None:
    case_id = await team.lay(state=CaseState.VERIFYING)
    await team.workbench(team.leader, "P05", case_id)
    card = await team.leader.can_press(f"1.case.more.{case_id}")
    assert data_of(card, f"1.case.answer.{case_id}") is not None
    assert data_of(card, f"1.case.people.{case_id}") is None
    query = team.simulator.press(team.leader.person, f"1.case.more.{case_id}", message_id=card.message_id)
    await team.simulator.wait_for_answer(query)
    unfolded = await team.leader.sees(lambda one: data_of(one, f"1.case.people.{case_id}") is not None)
    assert unfolded.message_id == card.message_id
    await team.leader.press(f"1.case.card.{case_id}")
    await team.leader.can_press(f"1.case.more.{case_id}")
