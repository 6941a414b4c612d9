"""Notes each statement with the lines of the product that led to it."""

import json
import sys
from collections import Counter
from pathlib import Path
from types import FrameType
from typing import Any

import greenlet  # type: ignore[import-untyped]
from sqlalchemy import Engine, event

ROOT = str(Path(__file__).parents[2]) + "/"
DEPTH = 3  # lines of the product's code, from the one that issues the statement outwards
NOT_THE_CAUSE = ("bench/", "models/database.py", ".venv/")


class StatementLog:
    """Counts statements by their text and the code that issues them, and writes them down at each settling."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._seen: Counter[tuple[str, str]] = Counter()
        event.listen(Engine, "before_cursor_execute", self._note)

    def counters(self) -> dict[str, int]:
        """Write down what was seen since the last time."""
        lines = [{"count": count, "code": code, "sql": sql} for (code, sql), count in self._seen.items()]
        self._file.write_text(json.dumps(lines))
        self._seen.clear()
        return {}

    def _note(self, _connection: Any, _cursor: Any, sql: str, *_rest: Any) -> None:
        self._seen[_code(), " ".join(sql.split())] += 1


def _code() -> str:
    lines: list[str] = []
    current: greenlet.greenlet = greenlet.getcurrent()
    frame: FrameType | None = sys._getframe()
    while current is not None and len(lines) < DEPTH:
        while frame is not None and len(lines) < DEPTH:
            name = frame.f_code.co_filename
            path = name.removeprefix(ROOT)
            if path != name and not path.startswith(NOT_THE_CAUSE):
                lines.append(f"{path}:{frame.f_lineno} {frame.f_code.co_name}")
            frame = frame.f_back
        current = current.parent
        frame = current.gr_frame if current is not None else None
    return " < ".join(lines) or "(the engine itself)"
