"""A list of cases that stands in a chat: as of when it is, and whether what it says of a case is so still.

It is not renewed by itself. It says as of when it is, its button renews it, and a press on a case that has changed
since brings the present card and renews the list.
"""

from dataclasses import dataclass
from typing import Self

from handlers.press import Press, short_digest
from models.clocks import shown_as
from models.complaints import Case
from services.unit_of_work import UnitOfWork
from texts.catalogue import Html, Words
from texts.dates import day
from texts.message import Button

_DIGITS = 4  # of what a line says; by chance, one change in 65,536 goes unnoticed until the card is read


def as_of(work: UnitOfWork, words: Words) -> Html:
    """Return as of when a list is that is said now."""
    now = work.now.astimezone(work.zone)
    return words("team.list_as_of", day=day(words, now.date(), work.today), time=f"{now:%H:%M}")


@dataclass(frozen=True)
class ListedCase:
    """What the button of a case in a list carries beside its number: what was said of it, and in which list.

    `shown` is the list with the words that narrow it, `after` where its page begins; without `shown` it cannot be
    renewed from there.
    """

    mark: str
    shown: str = ""
    after: str = ""

    @classmethod
    def of(cls, case: Case, shown: str = "", after: str = "") -> Self:
        """Return what is carried of a case as it stands now."""
        clock = shown_as(case.due_clock) if case.due_clock else None  # not which of them are named reports
        said = (case.state, case.owner_id, case.due_at, clock, case.urgency, case.is_open)
        filed = (case.desk, case.category, case.unit_id, case.village_id)
        return cls(short_digest("|".join(str(one) for one in (*said, *filed)), _DIGITS), shown, after)

    @classmethod
    def read(cls, arg: str) -> Self | None:
        """Read what a button carries; None where it carries nothing, as outside of lists."""
        mark, _, rest = arg.partition(":")
        after, _, shown = rest.partition(":")
        return cls(mark, shown, after) if mark else None

    def is_true_of(self, case: Case) -> bool:
        """Whether what was said of a case is so still."""
        return self.mark == self.of(case).mark

    def button(self, label: str, case: Case) -> Button:
        """Return the button that brings the card of a case; words that are too long for it are left out."""
        try:
            arg = ":".join([self.mark, self.after, self.shown]) if self.shown else self.mark
            return Button(label, Press("queue", "case", case.id, arg).pack())
        except ValueError:
            return Button(label, Press("queue", "case", case.id, self.mark).pack())
