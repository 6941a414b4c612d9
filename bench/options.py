"""What a run of the bench measures, and how thoroughly."""

from dataclasses import dataclass

SQLITE, POSTGRESQL = "sqlite", "postgresql"
NAMES = {SQLITE: "SQLite", POSTGRESQL: "PostgreSQL"}


@dataclass(frozen=True)
class Options:
    """The choices of the command line. `parts` are all parts of this run: some share their rounds."""

    parts: tuple[str, ...]
    databases: tuple[str, ...] = (SQLITE, POSTGRESQL)
    rounds: int = 3
    submissions: int = 200  # a round
    residents: int = 32  # at once
    quick: bool = False
    verbose: bool = False
