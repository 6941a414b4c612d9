"""The directory: read once, changed with what it is made of, and never behind what another process has committed."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Select, Table, delete, event, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from channels.telegram.address import address_of
from models.annotations import touched
from models.base import table_of
from models.database import Database, insert_or_ignore
from models.reference import REFERENCE, VERSION, ReferenceVersion
from models.rounds import Round, Team, Unit
from models.staff import Recusal, RecusalState, Role, Staff, StaffAddress, StaffRole
from models.tables import METADATA
from services.directory import directory, expire_directory
from services.people.reach import mark_reachable
from tests.conftest import ONLY_POSTGRESQL, OpenWork

HOME = address_of(4_100_000_001)
BOARD = address_of(-1_009_000_000_001)


@pytest.fixture
async def other_process(database_address: str) -> AsyncIterator[Database]:
    """The database as another process holds it."""
    opened = Database(database_address)
    yield opened
    await opened.close()


@contextmanager
def tables_read(database: Database) -> Iterator[list[str]]:
    """Collect the tables of the reference data that are read, once for each statement."""
    found: list[str] = []

    def note(_connection: Any, statement: Any, *_rest: Any) -> None:
        if isinstance(statement, Select):
            found.extend(one.name for one in statement.get_final_froms() if isinstance(one, Table))

    engines = {database._writer.sync_engine, database._reader.sync_engine}
    for engine in engines:
        event.listen(engine, "after_execute", note)
    yield found
    for engine in engines:
        event.remove(engine, "after_execute", note)


async def version(database: Database) -> int:
    async with database.reading() as session:
        return await session.scalar(VERSION) or 0


@pytest.mark.usefixtures("sample_county")
class TestReading:
    """It is read once."""

    async def test_whatever_is_read_for_it_moves_its_version_and_nothing_else_does(self, database: Database) -> None:
        async with database.transaction() as session:
            with tables_read(database) as tables:
                await directory(session)
        assert set(tables) == {table.name for table in REFERENCE} | {ReferenceVersion.__tablename__}

    async def test_as_long_as_nothing_changes_it_is_read_once(self, database: Database) -> None:
        async with database.reading() as session:
            first = await directory(session)
        with tables_read(database) as tables:
            for _ in range(3):
                async with database.transaction() as session:
                    assert await directory(session) is first
                    assert await directory(session) is first
        assert set(tables) == {ReferenceVersion.__tablename__}
        assert len(tables) == 3

    async def test_those_who_ask_at_once_wait_for_one_reading(self, database: Database) -> None:
        import asyncio

        async def ask() -> object:
            async with database.reading() as session:
                return await directory(session)

        with tables_read(database) as tables:
            found = await asyncio.gather(*(ask() for _ in range(4)))
        assert len({id(one) for one in found}) == 1
        assert tables.count("staff") == 1


def test_nothing_of_a_resident_is_in_it() -> None:
    assert {one.table for one in touched(METADATA)}.isdisjoint(table.name for table in REFERENCE)


async def _enrol(session: AsyncSession) -> None:
    session.add(StaffAddress(address=HOME, staff_id="P05", position=0))


async def _rename(session: AsyncSession) -> None:
    (await session.get_one(Staff, "P05")).name = "某某"


async def _shut_out(session: AsyncSession) -> None:
    unit_id = (await session.scalars(select(Unit.id))).first()
    await session.merge(Recusal(staff_id="P05", unit_id=unit_id, state=RecusalState.ORDERED, reason=""))


async def _bind(session: AsyncSession) -> None:
    await session.execute(update(Team).where(Team.id == "T1").values(board_address=BOARD))


async def _dismiss(session: AsyncSession) -> None:
    await session.execute(delete(StaffRole).where(StaffRole.staff_id == "P05"))


async def _appoint(session: AsyncSession) -> None:
    await insert_or_ignore(
        session, StaffRole, staff_id="P05", role=Role.OFFICE_DIRECTOR, team_id=None, unit_id=None, fields=[]
    )


async def _past_the_orm(session: AsyncSession) -> None:
    await (await session.connection()).execute(update(table_of(Round)).values(theme="另一个主题"))


CHANGES = (_enrol, _rename, _shut_out, _bind, _dismiss, _appoint, _past_the_orm)
Change = Callable[[AsyncSession], Awaitable[None]]


@pytest.mark.usefixtures("sample_county")
class TestChanging:
    """Whoever changes what it is made of moves its version, in the same transaction."""

    @pytest.mark.parametrize("change", CHANGES)
    async def test_however_it_is_changed_the_next_transaction_of_another_process_sees_it(
        self, change: Change, database: Database, other_process: Database
    ) -> None:
        async with other_process.reading() as session:
            before = await directory(session)
        async with database.transaction() as session:
            await change(session)
        async with other_process.transaction() as session:
            after = await directory(session)
        assert after is not before
        assert after.version == before.version + 1

    async def test_another_process_knows_who_has_come(self, database: Database, other_process: Database) -> None:
        async with other_process.reading() as session:
            assert (await directory(session)).at(HOME) is None
        async with database.transaction() as session:
            await _enrol(session)
        async with other_process.reading() as session:
            person = (await directory(session)).at(HOME)
        assert person is not None
        assert person.id == "P05"

    async def test_a_transaction_sees_what_it_has_changed_itself_and_only_it(self, database: Database) -> None:
        async with database.reading() as session:
            before = await directory(session)
        with pytest.raises(RuntimeError):
            async with database.transaction() as session:
                await directory(session)
                await _enrol(session)
                assert (await directory(session)).at(HOME) is not None
                async with database.reading() as beside:
                    assert (await directory(beside)).at(HOME) is None
                raise RuntimeError
        async with database.transaction() as session:
            assert await directory(session) is before

    async def test_a_statement_that_changes_nothing_leaves_it(self, database: Database) -> None:
        before = await version(database)
        async with database.transaction() as session:
            await session.execute(update(Team).where(Team.id == "nobody's").values(name="x"))
        assert await version(database) == before

    @ONLY_POSTGRESQL  # SQLite has one writer: nothing changes while a transaction lasts
    async def test_whoever_waited_for_a_lock_asks_anew(self, database: Database, other_process: Database) -> None:
        async with database.transaction() as session:
            assert (await directory(session)).at(HOME) is None
            async with other_process.transaction() as elsewhere:
                await _enrol(elsewhere)
            assert (await directory(session)).at(HOME) is None
            expire_directory(session)
            assert (await directory(session)).at(HOME) is not None


@pytest.mark.usefixtures("sample_county")
async def test_who_writes_and_could_be_reached_all_the_time_changes_nothing(
    database: Database, open_work: OpenWork
) -> None:
    async with open_work() as work:
        await _enrol(work.session)
    before = await version(database)
    async with open_work() as work:
        await mark_reachable(work, HOME)
        assert await work.session.scalar(select(StaffAddress.staff_id)) == "P05"
    assert await version(database) == before
