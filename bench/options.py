"""What a run of the bench measures, and how thoroughly; the command lines of those that go on for some minutes."""

from argparse import ArgumentParser, RawDescriptionHelpFormatter
from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic

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


def timed_run(command: str, description: str | None, *, minutes: float, seed: int | str) -> ArgumentParser:
    """Return the parser of a command that goes on for some minutes, and in which all follows from a seed."""
    parser = ArgumentParser(
        prog=f"python -m bench {command}", description=description, formatter_class=RawDescriptionHelpFormatter
    )
    parser.add_argument("--minutes", type=float, default=minutes, help="on each database; %(default)s")
    parser.add_argument("--seed", type=type(seed), default=seed, help="%(default)s")
    return parser


def add_database(parser: ArgumentParser) -> None:
    """Let the databases be chosen."""
    parser.add_argument("--database", choices=tuple(NAMES), action="append", help="both, if none is named")


def time_left(minutes: float) -> Callable[[int], bool]:
    """Return a function that says after so many rounds whether there is time for another; for the first one always."""
    end = monotonic() + 60 * minutes
    return lambda rounds: rounds == 0 or monotonic() < end
