"""Whoever is on a team no more still sits in its group: nothing hangs there until the leader has taken them out."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from channels.telegram.address import address_of
from models.address import Address
from models.audit import Audited, AuditEntry
from models.complaints import Case
from models.delivery import OutboxRow, SentMessage
from models.recipient import Recipient
from models.rounds import Team
from models.staff import Staff
from models.states import NotEntitled
from services.access.member import member
from services.cases.cards import card_key, tell_in_charge
from services.cases.notices import ReporterWrote
from services.people.boards import BoardChanged, bind_board, close_board, lose_board, move_board, use_group_again
from services.people.leaving import leave, lock_out, move_to_team
from services.unit_of_work import UnitOfWork
from tests.accounts import take_account
from tests.conftest import OpenWork
from tests.deployment import Deployment
from tests.integration.cases.conftest import county, lay, queued, queued_for, rendered  # noqa: F401 (a fixture)
from tests.journey import Journey
from tests.notices import args_of
from tests.story import PhoneUser

GROUP = address_of(-100123)
Action = Callable[[UnitOfWork, str], Awaitable[object]]


async def move(work: UnitOfWork, staff_id: str) -> None:
    await move_to_team(work, staff_id, "T2")


WAYS = pytest.mark.parametrize("action", [leave, move, lock_out])


async def bound(work: UnitOfWork) -> None:
    await bind_board(work, await member(work.session, "P05"), "T1", GROUP)


async def hang(work: UnitOfWork, case: Case) -> None:
    """Put a card where the sender would have put it."""
    card = SentMessage(
        message_key=card_key(case.id, Recipient.board("T1")), address=GROUP, message_id=77, case_id=case.id
    )
    work.session.add(card)
    await work.session.flush()


async def group_of(work: UnitOfWork, team_id: str = "T1") -> Address | None:
    return await work.session.scalar(select(Team.board_address).where(Team.id == team_id))


async def audited(work: UnitOfWork) -> list[tuple[str, str | None, str | None]]:
    entries = await work.session.scalars(select(AuditEntry).order_by(AuditEntry.number))
    return [(one.action, one.by_id, one.subject) for one in entries]


async def do(deployment: Deployment, action: Action, staff_id: str) -> None:
    async with deployment.database.transaction() as session:
        await action(deployment.work(session), staff_id)
    assert deployment.product is not None
    deployment.product.time_moved()


def cards_in(deployment: Deployment, chat: int) -> list[str]:
    return [one.text for one in deployment.simulator.messages(chat) if "1.case" in str(one.buttons)]


async def submitted(deployment: Deployment, journey: Journey, said: str) -> None:
    deployment.simulator.scan(journey.resident.person, await deployment.link("V02"))
    await journey.resident.sees(lambda one: bool(one.buttons))
    journey.resident.say(said)
    await journey.resident.press("1.r.send")
    await journey.receipt()


@pytest.mark.parametrize("action", [leave, move])
async def test_whoever_is_gone_does_not_see_on_the_group_the_case_that_names_them(
    deployment: Deployment, action: Action
) -> None:
    journey = await Journey.begin(deployment)
    async with deployment.database.reading() as session:
        name = (await session.get_one(Staff, "P06")).name
    await submitted(deployment, journey, f"{name}家门口的路灯不亮,没人管")
    await journey.leader.can_press("1.case.open")
    await do(deployment, action, "P06")
    await journey.leader.can_press("1.board.again")
    await journey.board.sees(lambda one: "组长定" in one.text)
    assert not cards_in(deployment, journey.board.chat)
    assert not any("1.case" in str(one) for one in deployment.simulator.received(journey.board.chat))


@WAYS
async def test_the_cards_leave_the_group_and_hang_there_again_when_the_leader_says_so(
    deployment: Deployment, action: Action
) -> None:
    journey = await Journey.begin(deployment)
    await submitted(deployment, journey, "路灯不亮")
    await journey.board.can_press("1.case.claim")
    async with deployment.database.reading() as session:
        gone, stays = [(await session.get_one(Staff, staff_id)).name for staff_id in ("P06", "P07")]
    before = journey.board.last_id
    await do(deployment, action, "P06")
    await PhoneUser(deployment.simulator, deployment.staff["P07"]).can_press("1.case.claim")
    await deployment.simulator.wait_until(lambda: not cards_in(deployment, journey.board.chat) or None)
    told = await journey.board.sees(lambda one: "组长定" in one.text, after=before)
    assert gone not in told.text
    notice = await journey.leader.can_press("1.board.again")
    assert gone in notice.text
    assert stays in notice.text
    await journey.leader.press("1.board.again")
    await journey.leader.reads("又是看板了")
    await journey.board.can_press("1.case.claim", after=before)


async def test_nobody_but_the_leader_uses_the_group_again(deployment: Deployment) -> None:
    journey = await Journey.begin(deployment)
    await do(deployment, leave, "P07")
    await journey.leader.can_press("1.board.again")
    before = journey.member.last_id
    journey.member.say("/queue")
    list_ = await journey.member.sees(lambda one: one.from_bot, after=before + 1)
    for data in ("1.board.again.T1.1", "1.board.again.T1", "1.board.again"):
        query = deployment.simulator.press_data(journey.member.person, list_.message_id, data)
        assert (await deployment.simulator.wait_for_answer(query)).show_alert
    async with deployment.database.reading() as session:
        assert await group_of(deployment.work(session)) is None


async def test_the_leader_may_as_well_write_board_in_the_group(deployment: Deployment) -> None:
    journey = await Journey.begin(deployment)
    await do(deployment, leave, "P07")
    await journey.leader.can_press("1.board.again")
    before = journey.board.last_id
    PhoneUser(deployment.simulator, journey.leader.person, journey.board.chat).say("/board")
    await journey.board.sees(lambda one: "看板" in one.text, after=before + 1)
    query = await journey.leader.press("1.board.again")
    assert "有变动" in query
    async with deployment.database.reading() as session:
        assert await group_of(deployment.work(session)) == address_of(journey.board.chat)


async def test_who_is_out_when_another_goes_says_nothing_of_the_other(county: OpenWork) -> None:  # noqa: F811
    async with county() as work:
        await bound(work)
        await leave(work, "P06")
        await leave(work, "P07")
        leader = await member(work.session, "P05")
        with pytest.raises(BoardChanged):
            await use_group_again(work, leader, "T1", "1")
        with pytest.raises(NotEntitled):
            await use_group_again(work, await member(work.session, "P08"), "T1", "2")
        first, second = await queued_for(work, "staff:P05", "staff_gone")
        told = [await rendered(work, "staff:P05", outgoing) for outgoing in (first, second)]
        assert [bool(one and one.buttons) for one in told] == [False, True]
        assert (await use_group_again(work, leader, "T1", "2")).address == GROUP
        with pytest.raises(BoardChanged):
            await use_group_again(work, leader, "T1", "2")


@pytest.mark.parametrize("action", [leave, lock_out])
async def test_when_no_leader_can_be_told_the_office_director_is_and_the_group_stays_closed(
    county: OpenWork,  # noqa: F811
    action: Action,
) -> None:
    async with county() as work:
        await bound(work)
        await action(work, "P05")
        assert await group_of(work) is None
        [outgoing] = await queued_for(work, "staff:P03", "nobody_leads")
        told = await rendered(work, "staff:P03", outgoing)
        assert told is not None
        assert "第一巡察组" in told.text
        assert not told.buttons
        assert not await queued_for(work, "staff:P05", "staff_gone", "phone_lost")


async def test_a_team_that_somebody_joins_keeps_its_group(county: OpenWork) -> None:  # noqa: F811
    async with county() as work:
        await bind_board(work, await member(work.session, "P08"), "T2", GROUP)
        await move(work, "P06")
        assert await group_of(work, "T2") == GROUP


async def test_a_lost_phone_of_whoever_has_no_account_closes_no_group(county: OpenWork) -> None:  # noqa: F811
    async with county() as work:
        await bound(work)
        await take_account(work.session, "P06")
        await lock_out(work, "P06")
        assert await group_of(work) == GROUP


@WAYS
async def test_the_deletion_of_every_card_in_the_group_is_queued(county: OpenWork, action: Action) -> None:  # noqa: F811
    async with county() as work:
        await bound(work)
        case = await lay(work, "路坏了")
        await hang(work, case)
        await action(work, "P06")
        assert [
            args_of(outgoing) for name, outgoing in await queued(work) if name == "chat" and outgoing.kind == "delete"
        ] == [{"message_id": 77, "case_id": None}]
        assert await queued_for(work, "staff:P07", "case_card")
        assert await work.session.get(SentMessage, card_key(case.id, Recipient.board("T1"))) is None


async def test_another_group_as_the_board_leaves_no_card_in_the_one_before(county: OpenWork) -> None:  # noqa: F811
    async with county() as work:
        await bound(work)
        await hang(work, await lay(work, "路坏了"))
        await bind_board(work, await member(work.session, "P05"), "T1", address_of(-100999))
        [outgoing] = [outgoing for _, outgoing in await queued(work) if outgoing.kind == "delete"]
        assert args_of(outgoing) == {"message_id": 77, "case_id": None}


async def test_a_closed_group_that_the_bot_was_removed_from_is_not_used_again(county: OpenWork) -> None:  # noqa: F811
    async with county() as work:
        await bound(work)
        await leave(work, "P06")
        await lose_board(work, GROUP)
        with pytest.raises(BoardChanged):
            await use_group_again(work, await member(work.session, "P05"), "T1", "1")
        assert await close_board(work, "T1") is None


async def test_a_closed_group_that_becomes_a_supergroup_is_used_again_there(county: OpenWork) -> None:  # noqa: F811
    async with county() as work:
        await bound(work)
        await leave(work, "P06")
        await move_board(work, GROUP, address_of(-100999))
        assert await group_of(work) is None
        assert (await use_group_again(work, await member(work.session, "P05"), "T1", "1")).address == address_of(
            -100999
        )


async def test_what_waits_for_the_board_goes_to_the_members_when_it_is_closed(county: OpenWork) -> None:  # noqa: F811
    async with county() as work:
        await bound(work)
        case = await lay(work, "路坏了")
        work.outbox.staff_not_before = later = work.now + timedelta(hours=1)
        await tell_in_charge(work, case, ReporterWrote(case.id))
        work.outbox.staff_not_before = None
        assert await queued_for(work, "board:T1", "case_reporter_wrote")
        await leave(work, "P06")
        assert not await queued_for(work, "board:T1", "case_reporter_wrote")
        rows = list(await work.session.scalars(select(OutboxRow).where(OutboxRow.kind == "case_reporter_wrote")))
        assert {(str(row.recipient), row.not_before) for row in rows} == {("staff:P05", later), ("staff:P07", later)}


async def test_binding_and_losing_a_board_is_written_down(county: OpenWork) -> None:  # noqa: F811
    async with county() as work:
        await bound(work)
        await leave(work, "P06", by="P03")
        await leave(work, "P07", by="P03")
        await use_group_again(work, await member(work.session, "P05"), "T1", "2")
        await lose_board(work, GROUP, by="P05")
        assert (await audited(work))[-6:] == [
            (Audited.BOARD_BOUND, "P05", "T1"),
            (Audited.LEFT, "P03", "P06"),
            (Audited.BOARD_LOST, "P03", "T1"),
            (Audited.LEFT, "P03", "P07"),
            (Audited.BOARD_BOUND, "P05", "T1"),
            (Audited.BOARD_LOST, "P05", "T1"),
        ]
