"""What is told of what lies before the leading group, of tasks, and of the accountability list."""

from dataclasses import dataclass

from services.notice import Notice


@dataclass(frozen=True)
class DocketNotice(Notice):
    """A notice about one entry of the docket, for those who may see it when it is sent."""

    entry_id: str


class DocketAsked(DocketNotice, kind="docket_asked"):
    """To the leading group: something was put before it."""


class DocketWaits(DocketNotice, kind="docket_waits"):
    """To the leading group and to who asked: the day for the decision is here, or has passed."""


class DocketDecided(DocketNotice, kind="docket_decided"):
    """To who asked, to the directors, and to who leads the team: it is decided."""


@dataclass(frozen=True)
class TaskNotice(Notice):
    """A notice about one task, for those who may see it when it is sent."""

    task_id: str


class TaskGiven(TaskNotice, kind="task_given"):
    """To its owner: a task is theirs, or is due on another day."""


class TaskDue(TaskNotice, kind="task_due"):
    """To its owner, and once it is late to who gave it: its day is here, or has passed."""


class TaskEnded(TaskNotice, kind="task_ended"):
    """To who gave it, or to its owner: it is done, or called off."""


class WeeklyList(Notice, kind="weekly_list"):
    """To the leading group, once a week: all that waits for it, and the tasks that it wants to see done."""


@dataclass(frozen=True)
class AccountabilityNotice(Notice, kind="accountability"):
    """To whoever reviews it: a line of the accountability list was entered."""

    line_id: str


class AccountabilityWaits(Notice, kind="accountability_waits"):
    """To whoever reviews them, once a week: the lines of the accountability list that wait for it."""
