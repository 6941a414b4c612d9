"""A clock that is set back: what was to go at once goes, what was to be tried again is, and the office is told once."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update

from bot.cli.health_checks import findings
from channels.telegram.address import address_of
from models.delivery import OutboxRow
from models.staff import Role
from models.urgency import Urgency
from services.cases.crisis import call_again
from services.outbox import say
from services.retention.clock_set_back import notice_set_back
from services.retention.notices import ClockSetBack
from services.unit_of_work import UnitOfWork
from tests.conftest import NOW, OpenWork
from tests.deployment import ZONE
from tests.integration.cases.conftest import lay, queued
from tests.integration.delivery.conftest import Installation
from tests.integration.delivery.test_sender import acquainted, emptied
from texts.message import Message

DAY = timedelta(days=1)


async def test_what_was_to_go_at_once_goes_though_the_clock_was_set_back_since(installation: Installation) -> None:
    now = [datetime.now(ZONE)]
    product = await installation.start(clock=lambda: now[0])
    (person,) = await acquainted(installation, product, "Lin")
    await emptied(product)
    async with product.database.transaction() as session:
        work = UnitOfWork(session, now[0], product.keyring, product.attachment_store, ZONE)
        await work.outbox.to_chat(address_of(person), say(Message("at once")))
        now[0] -= DAY
    product.time_moved()
    await installation.simulator.wait_for_text(person, "at once")


async def test_what_was_to_be_tried_again_is_tried_though_the_clock_was_set_back(installation: Installation) -> None:
    now = [datetime.now(ZONE)]
    product = await installation.start(clock=lambda: now[0], duties=(notice_set_back,))
    (person,) = await acquainted(installation, product, "Lin")
    await emptied(product)
    async with product.database.transaction() as session:
        work = UnitOfWork(session, now[0], product.keyring, product.attachment_store, ZONE)
        await work.outbox.to_chat(
            address_of(person), say(Message("once more")), not_before=now[0] + timedelta(minutes=5)
        )
        await session.flush()
        await session.execute(update(OutboxRow).values(attempts=1))
    now[0] -= DAY
    product.time_moved()
    await installation.simulator.wait_for_text(person, "once more")


async def test_what_was_to_go_at_a_certain_time_waits_for_it(enrolled_county: None, open_work: OpenWork) -> None:
    async with open_work() as work:
        await notice_set_back(work)
        await work.outbox.to_chat(address_of(1), say(Message("tomorrow")), not_before=NOW + DAY)
    async with open_work(now=NOW - DAY) as work:
        await notice_set_back(work)
        rows = list(await work.session.scalars(select(OutboxRow).where(OutboxRow.kind == "say")))
        assert [(row.at_once, row.not_before) for row in rows] == [(False, NOW + DAY)]


async def test_the_directors_and_the_doctor_tell_that_the_clock_was_set_back_and_tell_it_once(
    enrolled_county: None, open_work: OpenWork
) -> None:
    async with open_work() as work:
        await notice_set_back(work)
        directors = (await work.directory()).with_roles(Role.OFFICE_DIRECTOR)
    for _ in range(2):
        async with open_work(now=NOW - DAY) as work:
            await notice_set_back(work)
    async with open_work(now=NOW - DAY) as work:
        told = [order.content for _, order in await queued(work)]
        assert told == [ClockSetBack(24 * 60)] * len(directors)
        assert any("set back by 1440 minutes" in one for one in [one async for one in findings(work)])
    async with open_work(now=NOW + 7 * DAY) as work:
        assert not any("set back" in one for one in [one async for one in findings(work)])


@pytest.mark.parametrize("seconds", [60, -86400])
async def test_clocks_that_differ_a_little_and_days_without_the_product_are_nothing_to_tell(
    enrolled_county: None, open_work: OpenWork, seconds: int
) -> None:
    async with open_work() as work:
        await notice_set_back(work)
    async with open_work(now=NOW - timedelta(seconds=seconds)) as work:
        await notice_set_back(work)
        assert await queued(work) == []


async def test_whoever_is_called_in_a_crisis_is_called_again_though_the_clock_was_set_back(
    enrolled_county: None, open_work: OpenWork
) -> None:
    async with open_work() as work:
        await notice_set_back(work)
        await lay(work, "有个娃掉井里了", urgency=Urgency.CRISIS)
    async with open_work(now=NOW - DAY) as work:
        await notice_set_back(work)
        before = len(await queued(work))
        await call_again(work)
        assert len(await queued(work)) > before
