"""What comes from a village reaches the team in batches; a danger does not wait."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from models.complaints import Case, ComplaintMessage
from models.delivery import OutboxRow
from models.rounds import County
from services.access.member import member
from services.cases.ask import ask
from services.cases.disclosure_times import SCATTER_MINUTES, next_batch, next_push
from services.cases.queues import queue
from simulator.server import Simulator
from tests.conftest import NOW, OpenWork
from tests.deployment import Deployment
from tests.integration.cases.conftest import counts, county, lay  # noqa: F401 (a fixture)
from tests.journey import Journey
from tests.story import PhoneUser, data_of


@pytest.fixture
async def hourly(deployment: Deployment, simulator: Simulator) -> Journey:
    """The county holds what comes from villages for the next full hour; it is 23 past nine."""
    await deployment.set_in_county("privacy", release_village_hours=1)
    simulator.advance(23 * 60)
    return await Journey.begin(deployment)


async def sends(journey: Journey, text: str, person: PhoneUser | None = None, *, place: str = "V02") -> None:
    resident = person or journey.resident
    journey.simulator.scan(resident.person, await journey.deployment.link(place))
    await resident.sees(lambda one: bool(one.buttons))
    resident.say(text)
    await resident.can_press("1.r.send")
    await resident.press("1.r.send")
    await resident.reads("回执")


def on_board(journey: Journey) -> list[str]:
    return [one.text for one in journey.simulator.messages(journey.board.chat) if "1.case" in str(one.buttons)]


async def seen(deployment: Deployment, staff_id: str) -> tuple[int, int]:
    async with deployment.database.reading() as session:
        work = deployment.work(session)
        who = await member(session, staff_id)
        return len((await queue(work, who)).cases), (await counts(work, who)).open_cases


async def test_a_card_waits_for_the_full_hour_and_so_do_queue_and_count(hourly: Journey) -> None:
    await sends(hourly, "路灯不亮")
    deployment, simulator = hourly.deployment, hourly.simulator
    assert await seen(deployment, "P06") == (0, 0)
    hourly.member.say("/queue")
    await hourly.member.reads("没有")
    simulator.advance(36 * 60)
    assert on_board(hourly) == []
    simulator.advance(60)
    await hourly.board.can_press("1.case.claim")
    assert await seen(deployment, "P06") == (1, 1)
    [case] = await cases(deployment)
    assert simulator.now().minute == 0
    assert case.held_until is None


async def cases(deployment: Deployment) -> list[Case]:
    async with deployment.database.reading() as session:
        return list(await session.scalars(select(Case)))


async def test_no_phone_lights_up_in_the_moment_at_which_the_team_presses_a_button(hourly: Journey) -> None:
    journey, simulator = hourly, hourly.simulator
    simulator.scan(journey.resident.person, await journey.deployment.link("V02"))
    await journey.resident.sees(lambda one: bool(one.buttons))
    journey.resident.say("路灯不亮")
    tell = await journey.resident.can_press("1.r.toggle")
    await journey.resident.press(next(one.data for row in tell.buttons for one in row if one.data.endswith(".tell")))
    await journey.resident.press("1.r.send")
    await journey.receipt()
    simulator.advance(3600)
    await journey.board.press("1.case.claim")
    pressed_at = simulator.now()
    card = await journey.board.can_press("1.case.open")
    case_id = (data_of(card, "1.case.open") or "").split(".")[3]
    await journey.board.press("1.case.open")
    await journey.member.press(f"1.case.accept.{case_id}")
    async with journey.deployment.database.reading() as session:
        row = (await session.scalars(select(OutboxRow).where(OutboxRow.recipient.startswith("reporter:")))).one()
    full_hour = (pressed_at + timedelta(hours=1)).replace(minute=0)
    assert full_hour <= row.not_before < full_hour + timedelta(minutes=SCATTER_MINUTES)
    simulator.advance(3600 + SCATTER_MINUTES * 60)
    told = await journey.resident.sees(lambda one: data_of(one, "1.r.untell") is not None)
    assert told.silent


@pytest.mark.parametrize(("minutes", "longest"), [(60, 60), (30, 30), (None, 60)])
@pytest.mark.parametrize("hazard", [False, True])
async def test_what_waits_for_no_batch_is_pushed_at_a_moment_that_tells_nothing(
    county: OpenWork,  # noqa: F811
    minutes: int | None,
    longest: int,
    hazard: bool,
) -> None:
    async with county() as work:
        entry = await work.session.get_one(County, 1)
        entry.settings = entry.settings | {"privacy": {} if minutes is None else {"push_scatter_minutes": minutes}}
    async with county() as work:
        leader = await member(work.session, "P05")
        for _ in range(20):
            case = await lay(work, "窗口没人", unit="U4", village=None, hazard=hazard)
            await ask(work, leader, case.id, "是哪一天?")
        pushes = list(await work.session.scalars(select(OutboxRow).where(OutboxRow.recipient.startswith("reporter:"))))
        within = timedelta(minutes=longest / 6 if hazard else longest)
        assert len(pushes) == 20
        assert all(NOW < push.not_before <= NOW + within for push in pushes)
        assert len({push.not_before for push in pushes}) > 10


async def test_a_county_may_have_its_pushes_at_once(county: OpenWork) -> None:  # noqa: F811
    async with county() as work:
        assert (await work.settings()).privacy.push_scatter_minutes == 0
        assert await next_push(work, village=False, hazard=False) is None
        assert await next_push(work, village=True, hazard=True) is None


async def test_a_danger_does_not_wait(hourly: Journey) -> None:
    await sends(hourly, "桥要塌了,娃儿天天从那里过")
    await hourly.board.can_press("1.case.claim")
    assert hourly.simulator.now().minute == 23


async def test_what_comes_by_the_poster_of_a_unit_that_has_villages_waits_and_so_does_what_is_added(
    hourly: Journey,
) -> None:
    await sends(hourly, "路灯不亮", place="U1")
    code = await hourly.receipt()
    [case] = await cases(hourly.deployment)
    assert case.held_until is not None
    hourly.simulator.advance(40 * 60)
    await hourly.board.can_press("1.case.claim")
    hourly.resident.say(code)
    await hourly.resident.press("1.r.add")
    hourly.resident.say("村口那一盏")
    await hourly.resident.press("1.r.put_in")
    await hourly.resident.sees(lambda one: "1.r.visit" in str(one.buttons))
    async with hourly.deployment.database.reading() as session:
        waiting = select(ComplaintMessage).where(ComplaintMessage.held_until.is_not(None))
        assert len(list(await session.scalars(waiting))) == 1


async def test_what_comes_by_the_poster_of_a_unit_without_villages_does_not_wait_for_theirs(hourly: Journey) -> None:
    await sends(hourly, "窗口没人", place="U4")
    [case] = await cases(hourly.deployment)
    assert case.held_until is None


async def test_what_a_reporter_adds_and_answers_waits_too(hourly: Journey) -> None:
    await sends(hourly, "路灯不亮")
    hourly.code = await hourly.receipt()
    hourly.simulator.advance(37 * 60)
    await hourly.board.press("1.case.claim")
    await hourly.board.press("1.case.open")
    await hourly.member.reads("路灯不亮")
    hourly.simulator.advance(5 * 60)
    resident = hourly.resident
    resident.say(hourly.code)
    await resident.press("1.r.add")
    resident.say("村口那一盏")
    await resident.press("1.r.put_in")
    await resident.sees(lambda one: one.from_bot and "1.r.visit" in str(one.buttons))
    [case] = await cases(hourly.deployment)
    before = hourly.member.last_id
    await hourly.member.press(f"1.case.open.{case.id}")
    text = await hourly.member.reads("路灯不亮", after=before)
    assert "村口那一盏" not in text.text
    hourly.simulator.advance(55 * 60)
    await hourly.member.reads("有新的话")
    await hourly.member.press(f"1.case.open.{case.id}")
    await hourly.member.reads("村口那一盏")


async def test_a_complaint_taken_back_before_its_hour_is_never_shown(hourly: Journey) -> None:
    await sends(hourly, "路灯不亮")
    code = await hourly.receipt()
    hourly.resident.say(code)
    await hourly.resident.press("1.r.withdraw")
    await hourly.resident.press("1.r.withdraw_yes")
    await hourly.resident.reads("撤回了")
    await sends(hourly, "水渠堵了", PhoneUser(hourly.simulator, hourly.simulator.add_person("另一个")))
    hourly.simulator.advance(37 * 60)
    await hourly.board.can_press("1.case.claim")
    assert len(on_board(hourly)) == 1
    assert await seen(hourly.deployment, "P06") == (1, 1)


async def test_what_was_held_is_released_late_rather_than_never_when_nobody_was_running(
    deployment: Deployment, simulator: Simulator
) -> None:
    await deployment.set_in_county("privacy", release_village_hours=1)
    simulator.advance(23 * 60)
    journey = await Journey.begin(deployment)
    await sends(journey, "路灯不亮")
    assert deployment.product is not None
    await deployment.product.stop()
    deployment.product = None
    simulator.advance(5 * 3600)
    await deployment.start()
    await journey.board.can_press("1.case.claim")


@pytest.mark.parametrize(
    ("hours", "minute", "wait"),
    [(1, 0, 60), (1, 23, 37), (1, 59, 1), (4, 23, 157), (24, 0, 15 * 60), (0, 23, None)],
)
async def test_batches_stand_on_full_hours_of_the_countys_clock(
    county: OpenWork,  # noqa: F811
    hours: int,
    minute: int,
    wait: int | None,
) -> None:
    now = NOW + timedelta(minutes=minute)
    async with county() as work:
        entry = await work.session.get_one(County, 1)
        entry.settings = entry.settings | {"privacy": {"release_village_hours": hours}}
    async with county(now=now) as work:
        batch = await next_batch(work, village=True, hazard=False)
        assert batch == (None if wait is None else now + timedelta(minutes=wait))
        assert await next_batch(work, village=False, hazard=False) is None
        assert await next_batch(work, village=True, hazard=True) is None
