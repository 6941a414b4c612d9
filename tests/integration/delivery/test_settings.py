"""What the settings of an installation change in the running product."""

from datetime import timedelta

from sqlalchemy import select

from models.delivery import OutboxRow, OutboxState
from tests.integration.delivery.conftest import Installation
from tests.integration.delivery.test_sender import acquainted, emptied, enqueue, queued_rows, said


async def test_a_message_that_could_not_be_sent_waits_as_long_as_the_settings_say_and_then_twice_as_long(
    installation: Installation,
) -> None:
    slow = installation.config.sending.model_copy(update={"first_retry_seconds": 60})
    product = await installation.start(clock=installation.simulator.now, sending=slow)
    (person,) = await acquainted(installation, product, "A")
    await emptied(product)
    installation.simulator.fail("sendMessage", status=502, times=2)
    began = installation.simulator.now()
    await enqueue(product, person)
    for seconds in (60, 120):
        await queued_rows(product, 1)
        async with product.database.reading() as session:
            due = (
                await session.scalars(select(OutboxRow.not_before).where(OutboxRow.state == OutboxState.QUEUED))
            ).one()
        assert began <= due - timedelta(seconds=seconds) <= installation.simulator.now()
        installation.simulator.advance(seconds)
        began = installation.simulator.now()
        product.time_moved()
    await emptied(product)
    assert said(installation.simulator, person) == ["heard hi", "hello 0"]
