"""Every refusal of the channel's leads to a deed for somebody who can mend it; nothing is lost in silence."""

from itertools import product as pairs

import pytest
from sqlalchemy import select, update

from channels.telegram.address import address_of
from models.audit import Audited, AuditEntry
from models.delivery import OutboxRow, OutboxState, SentMessage
from models.recipient import Recipient, RecipientKind
from models.rounds import Team
from services.access.member import member
from services.delivery.transport import MayNotWrite, Moved, Refused, Unreachable
from services.outbox import DeleteMessage, OutgoingMessage, say
from services.people.boards import bind_board
from services.people.leaving import leave
from services.people.undelivered import WHAT_FOLLOWS
from simulator.faults import FaultKind
from tests.deployment import Deployment
from tests.journey import SAID, Journey
from tests.story import PhoneUser
from texts.message import Message

MUTED = pytest.mark.parametrize(
    ("status", "words"),
    [
        (400, "Bad Request: not enough rights to send text messages to the chat"),
        (400, "Bad Request: have no rights to send a message"),
        (400, "Bad Request: CHAT_WRITE_FORBIDDEN"),
        (403, "Forbidden: CHAT_WRITE_FORBIDDEN"),
        (400, "Bad Request: TOPIC_CLOSED"),
    ],
)


@pytest.fixture
async def journey(deployment: Deployment) -> Journey:
    """Everybody is enrolled, and the team has its group."""
    return await Journey.begin(deployment)


async def submit(journey: Journey, said: str = SAID, resident: str = "又一位") -> None:
    """Send a complaint from a phone that was never here."""
    phone = PhoneUser(journey.simulator, journey.simulator.add_person(resident))
    journey.simulator.scan(phone.person, await journey.deployment.link("V02"))
    await phone.sees(lambda one: bool(one.buttons))
    phone.say(said)
    await phone.press("1.r.send")
    await phone.reads("回执码")


async def team_of(journey: Journey, team_id: str = "T1") -> Team:
    async with journey.deployment.database.reading() as session:
        return await session.get_one(Team, team_id)


async def dead(journey: Journey) -> list[tuple[str, str | None]]:
    async with journey.deployment.database.reading() as session:
        rows = await session.scalars(
            select(OutboxRow).where(OutboxRow.state == OutboxState.DEAD).order_by(OutboxRow.id)
        )
        return [(row.kind, row.reason) for row in rows]


def calls(journey: Journey, chat: int, method: str = "sendMessage") -> int:
    return len(journey.simulator.calls(method, chat))


def test_what_follows_is_decided_for_every_refusal_and_everybody() -> None:
    addressed = set(RecipientKind) - {RecipientKind.RESIDENT}  # that is what is left of a row that is closed
    assert set(WHAT_FOLLOWS) == set(pairs((Unreachable, MayNotWrite, Refused, Moved), addressed))


class TestAGroupThatLetsTheBotWriteNoMore:
    @MUTED
    async def test_its_leader_hears_the_remedy_and_cards_come_in_private_until_it_works_again(
        self, journey: Journey, status: int, words: str
    ) -> None:
        group = journey.board.chat
        await submit(journey)
        hung = await journey.board.can_press("1.case.claim")
        journey.simulator.fail("sendMessage", chat_id=group, status=status, description=words)
        await submit(journey, "第二件:路灯坏了", "第二位")
        told = await journey.leader.reads("发不了消息")
        assert "权限" in told.text
        for phone in (journey.member, journey.leader):
            await journey.deployment.settled()
            cards = [one for one in journey.simulator.messages(phone.chat) if "1.case.claim" in str(one.buttons)]
            assert len(cards) == 2, "the card that hung in the group, and the one that was refused"
        assert (await team_of(journey)).board_address is None
        assert hung.message_id not in {one.message_id for one in journey.simulator.messages(group)}
        before = journey.board.last_id
        await journey.leader.press("1.board.again")
        await journey.board.reads("看板", after=before)
        await journey.deployment.settled()
        on_board = [one for one in journey.simulator.messages(group) if "1.case.claim" in str(one.buttons)]
        assert len(on_board) == 2
        async with journey.deployment.database.reading() as session:
            told_of = list(await session.scalars(select(AuditEntry.action).where(AuditEntry.subject == "T1")))
        assert told_of == [Audited.BOARD_BOUND, Audited.BOARD_LOST, Audited.BOARD_BOUND]

    async def test_that_still_refuses_after_the_button_is_told_of_once_more(self, journey: Journey) -> None:
        group = journey.board.chat
        await submit(journey)
        await journey.board.can_press("1.case.claim")
        words = "Bad Request: not enough rights to send text messages to the chat"
        fault = journey.simulator.fail("sendMessage", chat_id=group, times=100, status=400, description=words)
        await submit(journey, "第二件:路灯坏了", "第二位")
        first = await journey.leader.reads("发不了消息")
        await journey.leader.press("1.board.again")
        await journey.leader.reads("发不了消息", after=first.message_id)
        await journey.deployment.settled()
        assert (await team_of(journey)).board_address is None
        assert 100 - fault.times <= 4, "it is not tried for ever"

    async def test_and_telegram_says_so_is_a_board_again_when_telegram_says_that_it_does(
        self, journey: Journey
    ) -> None:
        group = journey.board.chat
        await submit(journey)
        await journey.board.can_press("1.case.claim")
        journey.simulator.set_bot_status(group, "restricted")
        await journey.leader.reads("发不了消息")
        await journey.member.can_press("1.case.claim")
        await journey.deployment.settled()
        before = journey.board.last_id
        journey.simulator.set_bot_status(group, "member")
        await journey.board.reads("看板", after=before)
        await journey.board.can_press("1.case.claim", after=before)
        assert (await team_of(journey)).board_address == address_of(group)

    async def test_stays_closed_for_whoever_left_the_team_meanwhile(self, journey: Journey) -> None:
        group = journey.board.chat
        journey.simulator.set_bot_status(group, "restricted")
        await journey.leader.reads("发不了消息")
        async with journey.deployment.database.transaction() as session:
            await leave(journey.deployment.work(session), "P07")
        journey.simulator.set_bot_status(group, "member")
        await journey.deployment.settled()
        assert (await team_of(journey)).board_address is None
        await journey.leader.can_press("1.board.again")

    async def test_and_has_no_leader_is_told_of_to_the_office(self, journey: Journey) -> None:
        async with journey.deployment.database.transaction() as session:
            await leave(journey.deployment.work(session), "P05")
        async with journey.deployment.database.transaction() as session:
            team = await session.get_one(Team, "T1")
            team.board_address, team.closed_board_address = team.closed_board_address, None
        journey.simulator.set_bot_status(journey.board.chat, "restricted")
        await journey.office.reads("用不了了")


async def test_a_group_that_the_bot_was_put_out_of_leaves_the_cards_to_the_members(journey: Journey) -> None:
    words = "Forbidden: bot was kicked from the group chat"
    journey.simulator.fail("sendMessage", chat_id=journey.board.chat, status=403, description=words)
    await submit(journey)
    await journey.leader.reads("不在")
    await journey.office.reads("用不了了")
    await journey.member.can_press("1.case.claim")


async def test_a_card_that_cannot_be_changed_is_hung_anew(journey: Journey) -> None:
    await submit(journey)
    hung = await journey.board.can_press("1.case.claim")
    words = "Bad Request: MESSAGE_ID_INVALID"
    journey.simulator.fail("editMessageText", chat_id=journey.board.chat, status=400, description=words)
    await journey.board.press("1.case.claim")
    name = await member_name(journey, "P06")
    await journey.board.sees(lambda one: name in one.text and "1.case" in str(one.buttons), after=hung.message_id)
    await journey.deployment.settled()
    shown = [one.message_id for one in journey.simulator.messages(journey.board.chat)]
    assert hung.message_id not in shown, "the board would still say that nobody has claimed it"


async def member_name(journey: Journey, staff_id: str) -> str:
    async with journey.deployment.database.reading() as session:
        return (await member(session, staff_id)).name


class TestAFileThatIsRefused:
    @pytest.mark.parametrize("words", ["IMAGE_PROCESS_FAILED", "PHOTO_INVALID_DIMENSIONS", "the pond is full"])
    async def test_comes_as_a_document(self, journey: Journey, words: str) -> None:
        await journey.resident_submits_with_a_photo()
        journey.simulator.fail("sendPhoto", status=400, description=f"Bad Request: {words}")
        await journey.board.press("1.case.claim")
        await journey.board.press("1.case.open")
        shown = await journey.member.sees(lambda one: one.kind == "document")
        assert shown.protected

    @pytest.mark.parametrize("kind", ["error", "answer"])  # Telegram's, or that of whoever stands before it
    async def test_and_refused_as_a_document_too_is_said_to_be_there_at_once(
        self, journey: Journey, kind: FaultKind
    ) -> None:
        await journey.resident_submits_with_a_photo()
        for method in ("sendPhoto", "sendDocument"):
            words = "Request Entity Too Large"
            journey.simulator.fail(
                method, kind=kind, times=100, status=413, description=words, body=f"<h1>{words}</h1>"
            )
        await journey.board.press("1.case.claim")
        await journey.board.press("1.case.open")
        shown = await journey.member.reads("还有一份附件")
        assert shown.protected
        assert [calls(journey, journey.member.chat, method) for method in ("sendPhoto", "sendDocument")] == [1, 1]
        await journey.deployment.settled()
        async with journey.deployment.database.reading() as session:
            waiting = await session.scalars(select(OutboxRow).where(OutboxRow.state == OutboxState.QUEUED))
            assert not [row.kind for row in waiting if row.attempts]
        assert await dead(journey) == []


class TestAMessageThatIsWrongInItself:
    WORDS = "Bad Request: BUTTON_DATA_INVALID"

    async def test_is_told_of_to_its_reader_and_to_the_office(self, journey: Journey) -> None:
        journey.simulator.fail("sendMessage", chat_id=journey.member.chat, status=400, description=self.WORDS)
        journey.member.say("/queue")
        await journey.member.reads("没能发出来")
        told = await journey.office.reads("发不出去")
        assert "button_data_invalid" in told.text
        assert len(await dead(journey)) == 1

    async def test_that_tells_so_is_not_told_of(self, journey: Journey) -> None:
        fault = journey.simulator.fail(
            "sendMessage", chat_id=journey.member.chat, times=100, status=400, description=self.WORDS
        )
        journey.member.say("/queue")
        await journey.office.reads("发不出去")
        await journey.deployment.settled()
        assert fault.times == 98

    async def test_for_the_group_is_told_of_to_the_team(self, journey: Journey) -> None:
        journey.simulator.fail("sendMessage", chat_id=journey.board.chat, status=400, description=self.WORDS)
        await submit(journey)
        for phone in (journey.leader, journey.member):
            await phone.reads("没能发出来")
        await journey.office.reads("发不出去")

    async def test_for_a_resident_is_told_of_to_them(self, journey: Journey) -> None:
        journey.simulator.fail("sendMessage", chat_id=journey.resident.chat, status=400, description=self.WORDS)
        journey.resident.say("/help")
        await journey.resident.reads("没能发出来")
        told = await journey.office.reads("发不出去")
        assert str(journey.resident.person) not in told.text


async def test_what_can_no_longer_be_read_is_told_of_to_the_resident_and_to_the_office(journey: Journey) -> None:
    journey.resident.say("/help")
    await journey.resident.reads("回执码")
    async with journey.deployment.database.transaction() as session:
        outbox = journey.deployment.work(session).outbox
        await outbox.to_chat(address_of(journey.resident.chat), say(Message("news")))
        await session.flush()
        await session.execute(update(OutboxRow).values(args=b"damaged"))
    await journey.resident.reads("没能发出来")
    await journey.office.reads("发不出去")
    assert len(await dead(journey)) == 1


@pytest.mark.parametrize("words", ["bot was blocked by the user", "user is deactivated"])
async def test_somebody_who_cannot_be_reached_is_told_of_to_who_can_telephone_them(
    journey: Journey, words: str
) -> None:
    journey.simulator.fail("sendMessage", chat_id=journey.member.chat, status=403, description=f"Forbidden: {words}")
    async with journey.deployment.database.transaction() as session:
        await journey.deployment.work(session).outbox.to_staff("P06", say(Message("news")))
    await journey.deployment.settled()
    name = await member_name(journey, "P06")
    for phone in (journey.leader, journey.office):
        told = await phone.reads("收不到巡声的消息")
        assert name in told.text
    assert "打个电话" in (await journey.leader.reads("收不到巡声的消息")).text


class TestAGroupThatMoved:
    async def test_after_another_was_bound_gets_its_message_once_and_the_other_stays_the_board(
        self, journey: Journey
    ) -> None:
        old, deployment = journey.board.chat, journey.deployment
        moved = journey.simulator.migrate(old)
        await deployment.settled()
        other = journey.simulator.add_group("新群", [journey.leader.person])
        async with deployment.database.transaction() as session:
            work = deployment.work(session)
            await bind_board(work, await member(session, "P05"), "T1", address_of(other))
            await work.outbox.again_to(
                Recipient.board("T1"),
                "board:T1",
                say(Message("to the old one")),
                not_before=work.now,
                address=address_of(old),
            )
            await work.outbox.to_chat(address_of(old), say(Message("to its chat")))
        await deployment.settled()
        for words in ("to the old one", "to its chat"):
            assert [one.text for one in journey.simulator.messages(moved)].count(words) == 1
        assert calls(journey, old) <= 2 + calls(journey, moved)
        assert (await team_of(journey)).board_address == address_of(other)

    async def test_loses_no_message_of_the_new_group_to_a_deletion_in_the_old_one(self, journey: Journey) -> None:
        old, deployment = journey.board.chat, journey.deployment
        await submit(journey)
        hung = await journey.board.can_press("1.case.claim")
        moved = journey.simulator.migrate(old)
        await deployment.settled()
        before = [one.message_id for one in journey.simulator.messages(moved)]
        async with deployment.database.transaction() as session:
            for number in (*before, hung.message_id):
                await deployment.work(session).outbox.to_chat(address_of(old), OutgoingMessage(DeleteMessage(number)))
        await deployment.settled()
        assert [one.message_id for one in journey.simulator.messages(moved)] == before


async def test_what_is_refused_in_a_group_that_was_left_leaves_the_present_one_alone(journey: Journey) -> None:
    """A deletion that waited a day, in a group that the bot was put out of meanwhile."""
    old, deployment = journey.board.chat, journey.deployment
    other = journey.simulator.add_group("新群", [journey.leader.person])
    journey.simulator.add_bot(other, by=journey.leader.person)
    await deployment.settled()
    journey.simulator.kick_bot(old)
    async with deployment.database.transaction() as session:
        work = deployment.work(session)
        await work.outbox.again_to(
            Recipient.board("T1"), "board:T1", say(Message("late")), not_before=work.now, address=address_of(old)
        )
    await deployment.settled()
    assert (await team_of(journey)).board_address == address_of(other)
    async with deployment.database.reading() as session:
        assert not list(await session.scalars(select(SentMessage).where(SentMessage.address == address_of(old))))
