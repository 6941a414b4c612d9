"""No time that is kept of what a resident did is finer than the hour."""

from datetime import datetime

from sqlalchemy import Column, select

from models.annotations import touched
from models.base import UtcDateTime
from models.tables import METADATA
from tests.deployment import Deployment
from tests.journey import Journey

# Where a message on its way, or an update that failed, stands for a while: they go with the row. When somebody is
# called next in a crisis goes with the press.
FOR_A_WHILE = {
    ("outbox", "not_before"),
    ("outbox", "leased_until"),
    ("failed_updates", "set_aside_at"),
    ("cases", "next_call_at"),
}


def times_of_residents() -> list[Column[datetime]]:
    columns = [METADATA.tables[held.table].columns[held.column] for held in touched(METADATA)]
    return [one for one in columns if isinstance(one.type, UtcDateTime)]


async def test_every_time_kept_of_a_resident_is_a_full_hour(deployment: Deployment) -> None:
    deployment.simulator.advance(23 * 60 + 17)
    journey = await Journey.begin(deployment)
    await journey.resident_submits_with_a_photo()
    await journey.member_claims_and_reads()
    await journey.member_asks_and_resident_answers()
    seen = 0
    async with deployment.database.transaction() as session:
        for column in times_of_residents():
            if (column.table.name, column.name) in FOR_A_WHILE:
                continue
            for moment in await session.scalars(select(column).where(column.is_not(None))):
                assert (moment.minute, moment.second, moment.microsecond) == (0, 0, 0), f"{column} holds {moment}"
                seen += 1
    assert seen >= 10
