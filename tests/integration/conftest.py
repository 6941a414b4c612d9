"""Fixtures for tests that begin before there is a table, and for those at the command line."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import make_url, text
from sqlalchemy.ext.asyncio import create_async_engine

from models.database import database_url
from simulator.server import Simulator
from tests.office import Office

DATABASE, KEYRING = "one.sqlite3", "secrets"


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


@pytest.fixture
def on_sqlite(simulator: Simulator, tmp_path: Path) -> Office:
    """An office with nothing but the four variables that an outside driver sets, for what is alike on any database."""
    folder = tmp_path / "office"
    folder.mkdir()
    office = Office(folder)
    office.set("telegram.api_base_url", simulator.base_url)
    office.set("telegram.token", simulator.token)
    office.set("database.url", f"sqlite:///{tmp_path / DATABASE}")
    office.set("keyring.path", str(tmp_path / KEYRING))
    return office


@pytest.fixture(scope="session")
def begun_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the file and the keyring of an office that has begun, and entered the sample county."""
    folder = tmp_path_factory.mktemp("begun")
    office = Office(folder)
    office.set("database.url", f"sqlite:///{folder / DATABASE}")
    office.set("keyring.path", str(folder / KEYRING))
    asyncio.run(office.must("init"))
    asyncio.run(office.must("import", "sample"))
    return folder


@pytest.fixture
def begun(on_sqlite: Office, begun_folder: Path, tmp_path: Path) -> Office:
    """An office with the sample county: a copy, for beginning anew each time takes long."""
    for copied in begun_folder.glob(f"{DATABASE}*"):
        shutil.copy(copied, tmp_path)
    shutil.copytree(begun_folder / KEYRING, tmp_path / KEYRING)
    return on_sqlite


@pytest.fixture
def office(on_sqlite: Office, empty_address: str) -> Office:
    """Such an office on either database."""
    on_sqlite.set("database.url", empty_address)
    return on_sqlite
