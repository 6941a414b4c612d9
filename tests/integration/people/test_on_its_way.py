"""What is on its way to a phone at the moment at which it may not go there any more is taken back as it arrives."""

from collections.abc import Awaitable, Callable

import pytest
from sqlalchemy import select

from channels.telegram.address import address_of
from models.complaints import Case
from models.delivery import SentMessage
from services.access.member import member
from services.cases.case_log import case_to_change, complaints_of
from services.cases.decide import accept
from services.cases.dialogue import reporter_says
from services.people.leaving import leave, lock_out, move_to_team
from services.people.recusal import recuse
from services.unit_of_work import UnitOfWork
from simulator.chat_reader import SeenMessage
from simulator.faults import Fault
from simulator.server import Simulator
from tests.conftest import ONLY_POSTGRESQL
from tests.deployment import Deployment
from tests.journey import Journey
from tests.lock_conflicts import wait_for_lock_waiter
from tests.story import PhoneUser

SAID = "路灯坏了"
Action = Callable[[UnitOfWork], Awaitable[object]]


async def is_locked_out(work: UnitOfWork) -> None:
    await lock_out(work, "P06")


async def leaves(work: UnitOfWork) -> None:
    await leave(work, "P06")


async def changes_teams(work: UnitOfWork) -> None:
    await move_to_team(work, "P06", "T2")


async def is_recused(work: UnitOfWork) -> None:
    case = (await work.session.scalars(select(Case))).one()
    assert case.unit_id is not None
    await recuse(work, "P06", case.unit_id)


async def is_named(work: UnitOfWork) -> None:
    case = await case_to_change(work, (await work.session.scalars(select(Case.id))).one())
    [complaint] = await complaints_of(work, case)
    await reporter_says(work, complaint, (await member(work.session, "P06")).name)


ACTIONS = pytest.mark.parametrize("action", [is_locked_out, leaves, changes_teams, is_recused, is_named])


@pytest.fixture
async def journey(deployment: Deployment) -> Journey:
    """Somebody has sent a complaint, and its card hangs on the board."""
    journey = await Journey.begin(deployment)
    journey.simulator.scan(journey.resident.person, await deployment.link("V02"))
    await journey.resident.sees(lambda one: bool(one.buttons))
    journey.resident.say(SAID)
    await journey.resident.press("1.r.send")
    await journey.receipt()
    await journey.board.can_press("1.case.open")
    return journey


async def hold_text(journey: Journey) -> Fault:
    """Let the member open the case from the board; return what keeps its text from arriving."""
    fault = journey.simulator.hold("sendMessage", chat_id=journey.member.person)
    await journey.board.press("1.case.open")
    await journey.simulator.wait_until(lambda: fault.waiting or None)
    return fault


async def hold_card(journey: Journey) -> Fault:
    """Let the member ask for the case's card; return what keeps it from arriving."""
    journey.member.say("/queue")
    await journey.member.can_press("1.queue.case")
    fault = journey.simulator.hold("sendMessage", chat_id=journey.member.person)
    await journey.member.press("1.queue.case")
    await journey.simulator.wait_until(lambda: fault.waiting or None)
    return fault


async def arrives_and_goes(simulator: Simulator, chat: int, fault: Fault, is_it: Callable[[SeenMessage], bool]) -> None:
    """Let the held message through to a chat, and wait until it came and is there no more."""

    def those_in(*, deleted: bool) -> list[SeenMessage]:
        return [one for one in simulator.messages(chat, deleted=deleted) if is_it(one)]

    before = len(those_in(deleted=True))
    simulator.release(fault)
    await simulator.wait_until(lambda: (len(those_in(deleted=True)) > before and not those_in(deleted=False)) or None)


def shows(part: str) -> Callable[[SeenMessage], bool]:
    """Return whether a message has a part of a text, or of a button."""
    return lambda one: part in one.text or part in str(one.buttons)


@ACTIONS
async def test_a_text(journey: Journey, action: Action) -> None:
    fault = await hold_text(journey)
    async with journey.deployment.database.transaction() as session:
        await action(journey.deployment.work(session))
    await arrives_and_goes(journey.simulator, journey.member.person, fault, shows(SAID))


@ACTIONS
async def test_a_card(journey: Journey, action: Action) -> None:
    fault = await hold_card(journey)
    async with journey.deployment.database.transaction() as session:
        await action(journey.deployment.work(session))
    await arrives_and_goes(journey.simulator, journey.member.person, fault, shows("1.case"))
    async with journey.deployment.database.reading() as session:
        chats = set(await session.scalars(select(SentMessage.address)))
    assert address_of(journey.member.person) not in chats


@pytest.mark.parametrize("action", [is_locked_out, leaves, changes_teams])
async def test_a_card_for_the_group(journey: Journey, action: Action) -> None:
    simulator, group = journey.simulator, journey.board.chat
    fault = simulator.hold("sendMessage", chat_id=group)
    other = PhoneUser(simulator, simulator.add_person("又一位"))
    simulator.scan(other.person, await journey.deployment.link("V02"))
    await other.sees(lambda one: bool(one.buttons))
    other.say(SAID)
    await other.press("1.r.send")
    await simulator.wait_until(lambda: fault.waiting or None)
    async with journey.deployment.database.transaction() as session:
        await action(journey.deployment.work(session))
    simulator.release(fault)
    await simulator.wait_until(
        lambda: (
            len([one for one in simulator.messages(group, deleted=True) if "1.case" in str(one.buttons)]) > 1 or None
        ),
    )
    await simulator.wait_for(group, lambda shown: not any("1.case" in str(one.buttons) for one in shown) or None)
    async with journey.deployment.database.reading() as session:
        assert address_of(group) not in set(await session.scalars(select(SentMessage.address)))


@ONLY_POSTGRESQL
@ACTIONS
async def test_a_text_that_arrives_before_the_action_is_done(journey: Journey, action: Action) -> None:
    fault = await hold_text(journey)
    async with journey.deployment.database.transaction() as session:
        await action(journey.deployment.work(session))
        journey.simulator.release(fault)
        await wait_for_lock_waiter(journey.deployment.database)
    chat = journey.member.person
    await journey.simulator.wait_until(
        lambda: not [one for one in journey.simulator.messages(chat) if SAID in one.text] or None
    )


async def test_a_card_shows_what_was_done_to_the_case_while_it_was_on_its_way(journey: Journey) -> None:
    fault = await hold_card(journey)
    async with journey.deployment.database.transaction() as session:
        work = journey.deployment.work(session)
        case_id = (await session.scalars(select(Case.id))).one()
        await accept(work, await member(session, "P05"), case_id)
    journey.simulator.release(fault)
    await journey.member.sees(lambda one: "1.case" in str(one.buttons) and "已受理" in one.text)
