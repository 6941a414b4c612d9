"""A list tells what lies on desks: it cannot be passed on, and leaves the phone of who may not see that any more."""

from collections.abc import Awaitable, Callable

import pytest

from handlers.cases.listed import ListedCase
from handlers.press import unpack
from models.clocks import NO_END
from models.complaints import Case
from models.delivery import SentMessage
from models.desk import Desk
from models.states import CaseState
from models.urgency import Urgency
from services.access.member import member
from services.cases.case_log import case_to_change, move
from services.cases.claim import claim
from services.delivery.recall import ListName, list_key
from services.people.leaving import leave, lock_out, move_to_team
from services.people.recusal import recuse
from services.unit_of_work import UnitOfWork
from simulator.chat_reader import SeenMessage
from tests.deployment import Deployment
from tests.integration.cases.conftest import lay
from tests.story import PhoneUser

Action = Callable[[UnitOfWork], Awaitable[object]]


async def locked_out(work: UnitOfWork) -> None:
    await lock_out(work, "P06")


async def gone(work: UnitOfWork) -> None:
    await leave(work, "P06")


async def moved(work: UnitOfWork) -> None:
    await move_to_team(work, "P06", "T2")


async def recused(work: UnitOfWork) -> None:
    await recuse(work, "P06", "U1", by=await member(work.session, "P06"))


ACTIONS = pytest.mark.parametrize("action", [locked_out, gone, moved, recused])


@pytest.fixture
async def phone(deployment: Deployment) -> PhoneUser:
    """A member's phone; one case lies on their team's desk."""
    [account] = await deployment.enrol("P06")
    async with deployment.database.transaction() as session:
        case = await lay(deployment.work(session), "路坏了")
        case.owner_id = "P06"
    user = PhoneUser(deployment.simulator, account)
    await user.can_press("1.case.open")
    return user


def lists(one: SeenMessage) -> bool:
    return "1.queue.case" in str(one.buttons)


async def test_a_list_cannot_be_forwarded_and_a_newer_one_takes_its_place(phone: PhoneUser) -> None:
    for command in ("/queue", "/mine"):
        before = phone.last_id
        phone.say(command)
        first = await phone.sees(lists, after=before + 1)
        await phone.press("1.queue.case")
        await phone.can_press("1.case.open", after=first.message_id)  # so the list before it is known to have come
        phone.say(command)
        second = await phone.sees(lists, after=first.message_id + 1)
        assert first.protected
        assert second.protected
        await vanished(phone, first)


async def vanished(phone: PhoneUser, message: SeenMessage) -> None:
    """Wait until a message lies in the chat no more."""

    def look(seen: list[SeenMessage]) -> bool | None:
        return message.message_id not in {one.message_id for one in seen} or None

    await phone.simulator.wait_for(phone.person, look)


async def test_a_press_on_what_has_changed_since_renews_the_list_where_it_stands(
    deployment: Deployment, phone: PhoneUser
) -> None:
    async with deployment.database.transaction() as session:
        other = await lay(deployment.work(session), "桥断了", village="V02")
        leaving = await lay(deployment.work(session), "灯灭了", village="V02")
    before = phone.last_id
    phone.say("/queue")
    first = await phone.sees(lists, after=before + 1)
    assert "的情况" in first.text
    assert await phone.press(f"1.queue.case.{other.id}") == ""  # all is as it says
    async with deployment.database.transaction() as session:
        work = deployment.work(session)
        await claim(work, await member(session, "P07"), other.id)
        name = (await work.directory()).names["P07"]
        await move(work, await case_to_change(work, leaving.id), Desk.leader("T1"), "T1")
    assert "清单已更新" in await phone.press(f"1.queue.case.{other.id}", after=first.message_id - 1)
    renewed = await phone.sees(lambda one: lists(one) and name in one.text)
    assert renewed.message_id == first.message_id  # in its place
    assert leaving.id not in str(renewed.buttons)
    assert await phone.press(f"1.queue.case.{other.id}", after=first.message_id - 1) == ""
    async with deployment.database.transaction() as session:
        work = deployment.work(session)
        await move(work, await case_to_change(work, other.id), Desk.leader("T1"), "T1")
    await phone.press(f"1.queue.case.{other.id}", after=first.message_id - 1)  # it is theirs no more
    gone_from_it = await phone.sees(lambda one: lists(one) and other.id not in str(one.buttons))
    assert gone_from_it.message_id == first.message_id
    async with deployment.database.transaction() as session:
        await lay(deployment.work(session), "水停了", village="V02")
    await phone.press_ending("page.queue")  # by its own button
    assert (await phone.sees(lambda one: lists(one) and "2. " in one.text)).message_id == first.message_id


def test_a_button_in_a_list_carries_what_was_said_and_which_list_it_is() -> None:
    case = Case(id="12345678", state=CaseState.ASSIGNED, is_open=True, desk=Desk.team("T1"), category="road")
    case.urgency, case.due_at = Urgency.NORMAL, NO_END
    entry = ListedCase.of(case, "queue-超期", "1-abc--12345678-2")
    read = ListedCase.read(unpack(entry.button("1", case).data or "").arg)  # type: ignore[union-attr]
    assert read == entry
    assert read.is_true_of(case)
    case.owner_id = "P07"
    assert not read.is_true_of(case)
    too_long = ListedCase.of(case, "queue-" + "很长的村名" * 5, "1-abc--12345678-2")
    assert ListedCase.read(unpack(too_long.button("1", case).data or "").arg) == ListedCase(too_long.mark)  # type: ignore[union-attr]
    assert ListedCase.read("") is None


@ACTIONS
async def test_lists_are_taken_back(deployment: Deployment, phone: PhoneUser, action: Action) -> None:
    for command in ("/queue", "/mine"):
        before = phone.last_id
        phone.say(command)
        await phone.sees(lists, after=before + 1)
    async with deployment.database.transaction() as session:
        await action(deployment.work(session))
    await deployment.simulator.wait_for(phone.person, lambda seen: not any(map(lists, seen)) or None)


@ACTIONS
async def test_a_list_on_its_way_is_taken_back_as_it_arrives(
    deployment: Deployment, phone: PhoneUser, action: Action
) -> None:
    fault = deployment.simulator.hold("sendMessage", chat_id=phone.person)
    phone.say("/queue")
    await deployment.simulator.wait_until(lambda: fault.waiting or None)
    async with deployment.database.transaction() as session:
        await action(deployment.work(session))
    deployment.simulator.release(fault)
    await deployment.simulator.wait_until(
        lambda: any(map(lists, deployment.simulator.messages(phone.person, deleted=True))) or None
    )
    await deployment.simulator.wait_for(phone.person, lambda seen: not any(map(lists, seen)) or None)
    async with deployment.database.reading() as session:
        assert await session.get(SentMessage, list_key("P06", ListName.QUEUE)) is None


async def test_a_list_that_is_turned_stays_one_and_is_known(deployment: Deployment, phone: PhoneUser) -> None:
    async with deployment.database.transaction() as session:
        for _ in range(9):
            await lay(deployment.work(session), "路坏了")
    phone.say("/queue")
    first = await phone.can_press("1.queue.page")
    await phone.press("1.queue.page")
    await phone.sees(lambda one: one.message_id == first.message_id and one.edited)
    async with deployment.database.transaction() as session:
        await lock_out(deployment.work(session), "P06")
    await deployment.simulator.wait_for(phone.person, lambda seen: not any(map(lists, seen)) or None)


@ACTIONS
async def test_a_digest_is_taken_back(deployment: Deployment, phone: PhoneUser, action: Action) -> None:
    phone.say("/digest")
    said = await phone.reads("您这里的件")
    assert said.protected
    async with deployment.database.transaction() as session:
        await action(deployment.work(session))
    await vanished(phone, said)
