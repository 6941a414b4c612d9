"""What is told of suggestion letters."""

from dataclasses import dataclass
from typing import ClassVar

from services.notice import Notice


@dataclass(frozen=True)
class LetterNotice(Notice):
    """A notice about a suggestion letter, for those who may read it when it is sent."""

    brief: ClassVar[str | None] = "request"

    letter_id: str

    @property
    def record(self) -> tuple[str, str]:
        """The letter."""
        return "letter", self.letter_id


class LetterToApprove(LetterNotice, kind="letter_to_approve"):
    """To the directors: somebody has written one."""


class LetterSent(LetterNotice, kind="letter_sent"):
    """To a department."""


class LetterMoved(LetterNotice, kind="letter_moved"):
    """To the office: the department has replied, or says what it has changed."""


class LetterLate(LetterNotice, kind="letter_late"):
    """To the department and the office: the day for the reply has passed."""


class LetterFile(LetterNotice, kind="letter_file"):
    """To who asked for it: the letter as a file for Word."""

    brief = None
