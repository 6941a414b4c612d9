"""What is told of polls."""

from dataclasses import dataclass

from services.notice import Notice


@dataclass(frozen=True)
class PollClosed(Notice, kind="poll_closed"):
    """To the office, the leading group and the team's leader: a poll is over, and what came of it can be read."""

    poll_id: str


@dataclass(frozen=True)
class PollSlips(Notice, kind="poll_slips"):
    """To whoever asked for them: codes of a poll, to be printed and cut. They stand nowhere else in the clear."""

    poll_id: str
    codes: tuple[str, ...]
    address: str  # where a code is typed
