"""Every byte that is left behind: the product's folder, the database server's, temporary files and logs."""

import tempfile
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from sqlalchemy import text

from tests.house import House

TEMPORARY = {Path(tempfile.gettempdir()), Path("/var/tmp"), Path("/dev/shm")}


def temporary() -> set[Path]:
    """Return what lies in the machine's temporary folders now."""
    return {entry for folder in TEMPORARY if folder.is_dir() for entry in folder.iterdir()}


async def left_behind(house: House, folder: Path, before: set[Path]) -> dict[str, bytes]:
    """Read all that there is now; of temporary files those that were not there before."""
    folders = [folder, *(temporary() - before)]
    if house.database.dialect == "postgresql":
        async with house.database.transaction() as session:
            folders.append(Path(str(await session.scalar(text("SHOW data_directory")))))
        async with house.database.engine.connect() as connection:
            outside = await connection.execution_options(isolation_level="AUTOCOMMIT")
            await outside.execute(text("CHECKPOINT"))
    return contents(folders)


def contents(places: Iterable[Path]) -> dict[str, bytes]:
    """Read files, and all files in folders; what another process takes away meanwhile is not left."""
    found = {}
    for place in places:
        for file in (place, *place.rglob("*")):
            with suppress(OSError):
                if file.is_file() and not file.is_symlink():
                    found[str(file)] = file.read_bytes()
    return found
