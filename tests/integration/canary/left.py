"""Every byte that is left behind: the product's folder, temporary files and logs in it, and the database server's."""

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from sqlalchemy import text

from tests.deployment import Deployment


async def left_behind(deployment: Deployment, folder: Path) -> dict[str, bytes]:
    """Read all that there is now."""
    folders = [folder]
    if deployment.database.dialect == "postgresql":
        async with deployment.database.transaction() as session:
            folders.append(Path(str(await session.scalar(text("SHOW data_directory")))))
        async with deployment.database.engine.connect() as connection:
            outside = await connection.execution_options(isolation_level="AUTOCOMMIT")
            await outside.execute(text("CHECKPOINT"))
    return contents(folders)


def contents(folders: Iterable[Path]) -> dict[str, bytes]:
    """Read all files in folders; what another process takes away meanwhile is not left."""
    found = {}
    for folder in folders:
        for file in folder.rglob("*"):
            with suppress(FileNotFoundError):
                if file.is_file() and not file.is_symlink():
                    found[str(file)] = file.read_bytes()
    return found
