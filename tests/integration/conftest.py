"""Fixtures for tests that begin before there is a table."""

from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import make_url, text
from sqlalchemy.ext.asyncio import create_async_engine

from models.database import database_url


@pytest.fixture
async def empty_address(dialect: str, tmp_path: Path, postgresql: str) -> AsyncIterator[str]:
    """The address of a database without a table; on SQLite there is not even a file."""
    if dialect == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty' / 'xunsheng.sqlite3'}"
        return
    name = f"empty_{uuid4().hex}"
    server = create_async_engine(database_url(postgresql), isolation_level="AUTOCOMMIT")
    async with server.connect() as connection:
        await connection.execute(text(f"CREATE DATABASE {name}"))
        yield make_url(postgresql).set(database=name).render_as_string(hide_password=False)
        await connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    await server.dispose()
