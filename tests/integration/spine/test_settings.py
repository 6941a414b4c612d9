"""What the settings of an installation change in the running product."""

from datetime import timedelta

from sqlalchemy import select

from models.delivery import OutboxRow, OutboxState
from tests.integration.spine.conftest import Spine
from tests.integration.spine.test_sender import acquainted, emptied, owe, owed_rows, said


async def test_a_message_that_could_not_be_sent_waits_as_long_as_the_settings_say_and_then_twice_as_long(
    spine: Spine,
) -> None:
    slow = spine.config.sending.model_copy(update={"first_retry_seconds": 60})
    product = await spine.start(clock=spine.simulator.now, sending=slow)
    (person,) = await acquainted(spine, product, "A")
    await emptied(product)
    spine.simulator.fail("sendMessage", status=502, times=2)
    began = spine.simulator.now()
    await owe(product, person)
    for seconds in (60, 120):
        await owed_rows(product, 1)
        async with product.database.reading() as session:
            due = (
                await session.scalars(select(OutboxRow.not_before).where(OutboxRow.state == OutboxState.QUEUED))
            ).one()
        assert began <= due - timedelta(seconds=seconds) <= spine.simulator.now()
        spine.simulator.advance(seconds)
        began = spine.simulator.now()
        product.time_moved()
    await emptied(product)
    assert said(spine.simulator, person) == ["heard hi", "hello 0"]
