"""What takes long is worked out while no transaction is open, and what was done until then is done anew."""

from datetime import UTC, datetime

from sqlalchemy import func, select

from models.database import Database
from models.delivery import ProcessedUpdate
from services.ahead import Results, with_results


async def test_what_takes_long_waits_until_its_transaction_is_given_up(database: Database) -> None:
    found: list[int] = []

    async def attempt(results: Results) -> int:
        async with database.transaction() as session:
            session.add(ProcessedUpdate(channel="telegram", update_id="1", done_on=datetime.now(UTC)))
            await session.flush()
            found.append(await session.scalar(select(func.count()).select_from(ProcessedUpdate)) or 0)
            return results.get("name", lambda: len(found), takes_long=True)

    assert await with_results(attempt) == 1
    assert found == [1, 1]
    async with database.reading() as session:
        assert await session.scalar(select(func.count()).select_from(ProcessedUpdate)) == 1
