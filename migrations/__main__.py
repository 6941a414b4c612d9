"""Drafts a migration: `python -m migrations "What changes"` compares the models with all migrations so far."""

import asyncio
import sys
import tempfile
from pathlib import Path

from alembic import command
from sqlalchemy import Connection

from migrations.schema import configuration, migrate
from models.database import Database
from models.tables import METADATA


def draft(connection: Connection, message: str) -> None:
    """Write the next file of versions/; it is a draft to be read and corrected by a person."""
    settings = configuration(connection)
    for table in METADATA.tables.values():  # what the models say of residents is not the migration's to keep
        table.info.clear()
        for column in table.columns:
            column.info.clear()
    so_far = len(list((Path(__file__).parent / "versions").glob("[0-9]*.py")))
    command.revision(settings, message, autogenerate=True, rev_id=f"{so_far + 1:04d}")


async def main(message: str) -> None:
    """Draft against an empty SQLite database that was brought up to date."""
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/draft.sqlite3")
        if list((Path(__file__).parent / "versions").glob("[0-9]*.py")):
            await migrate(database)
        async with database.engine.connect() as connection:
            await connection.run_sync(draft, message)
        await database.close()


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit('Say what changes: python -m migrations "What changes"')
    asyncio.run(main(sys.argv[1]))
