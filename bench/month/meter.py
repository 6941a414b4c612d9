"""What each step costs: processor time and statements, by the kind of step."""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from statistics import fmean
from time import process_time
from typing import Any

from sqlalchemy import event

from models.database import Database


@dataclass
class Meter:
    """Costs so far, by the name of the step."""

    cpu: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))  # seconds
    statements: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    made: int = 0  # statements

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Measure what is done meanwhile, with what follows from it."""
        cpu, made = process_time(), self.made
        yield
        self.cpu[name].append(process_time() - cpu)
        self.statements[name].append(self.made - made)

    def rows(self) -> Iterator[tuple[str, int, float, float]]:
        """Yield of each kind of step its name, how often it was taken, and the means: milliseconds, statements."""
        for name in self.cpu:
            yield name, len(self.cpu[name]), 1000 * fmean(self.cpu[name]), fmean(self.statements[name])


@contextmanager
def counted(database: Database, meter: Meter) -> Iterator[None]:
    """Count the statements of a database meanwhile."""

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA")):
            meter.made += 1

    engines = {database._writer.sync_engine, database._reader.sync_engine}
    for engine in engines:
        event.listen(engine, "before_cursor_execute", note)
    try:
        yield
    finally:
        for engine in engines:
            event.remove(engine, "before_cursor_execute", note)
