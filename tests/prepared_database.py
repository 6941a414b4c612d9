"""A PostgreSQL database that tests use one after another: making one takes longer than most tests."""

from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from models.database import database_url

_TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
_SEQUENCES = "SELECT sequencename, coalesce(last_value, 1), last_value IS NOT NULL FROM pg_sequences"
# What a test may have changed beside rows: tables, columns, indexes, triggers and functions.
_SCHEMA = """
    SELECT string_agg(part, ' ' ORDER BY part) FROM (
        SELECT oid || ' ' || relname AS part FROM pg_class WHERE relnamespace = 'public'::regnamespace
        UNION ALL SELECT attrelid || ' ' || count(*) FROM pg_attribute GROUP BY attrelid
        UNION ALL SELECT oid || ' ' || tgenabled::text FROM pg_trigger
        UNION ALL SELECT oid || ' ' || xmin::text FROM pg_proc WHERE pronamespace = 'public'::regnamespace
    ) AS parts
"""
_OTHERS = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


@dataclass(frozen=True)
class PreparedDatabase:
    """A database, and what puts its rows back to those that it began with."""

    address: str
    schema: str
    put_back_rows: str

    @classmethod
    async def of(cls, address: str) -> "PreparedDatabase":
        """Keep a copy of all rows of a new database in a schema beside them."""
        engine = create_async_engine(database_url(address), isolation_level="AUTOCOMMIT")
        async with engine.connect() as connection:
            tables = list(await connection.scalars(text(_TABLES)))
            sequences = list(await connection.execute(text(_SEQUENCES)))
            statements = [f"DELETE FROM {table};" for table in tables]
            await connection.execute(text("CREATE SCHEMA begun_with"))
            for table in tables:
                if await connection.scalar(text(f"SELECT EXISTS (SELECT FROM {table})")):
                    await connection.execute(text(f"CREATE TABLE begun_with.{table} AS TABLE public.{table}"))
                    statements.append(f"INSERT INTO {table} SELECT * FROM begun_with.{table};")
            schema = (await connection.execute(text(_SCHEMA))).scalar_one()
        await engine.dispose()
        statements += [f"SELECT setval('{name}', {value}, {called});" for name, value, called in sequences]
        # Without triggers: the order of the tables does not matter then, and what is only ever added can be removed.
        return cls(address, schema, "\n".join(["SET session_replication_role = replica;", *statements]))

    async def put_back(self) -> bool:
        """Put the rows back, with nobody else connected; return whether the database is as it was."""
        engine = create_async_engine(database_url(self.address), isolation_level="AUTOCOMMIT")
        async with engine.connect() as connection:
            await connection.execute(text(_OTHERS))
            unchanged = bool((await connection.execute(text(_SCHEMA))).scalar_one() == self.schema)
            if unchanged:
                driver = (await connection.get_raw_connection()).driver_connection
                assert driver is not None
                await driver.execute(self.put_back_rows)
        await engine.dispose()
        return unchanged
