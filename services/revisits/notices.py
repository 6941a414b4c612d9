"""What is told of what is looked at again."""

from dataclasses import dataclass

from services.notice import Notice


@dataclass(frozen=True)
class RevisitNotice(Notice):
    """A notice about a re-visit, for those who may know of it when it is sent."""

    revisit_id: str

    @property
    def record(self) -> tuple[str, str]:
        """The re-visit."""
        return "revisit", self.revisit_id


class RevisitJoined(RevisitNotice, kind="revisit_joined"):
    """To a member: they are in the group."""


class RevisitLeft(RevisitNotice, kind="revisit_left"):
    """To a member: they are in the group no more, or it has ended."""


class DrawListFile(RevisitNotice, kind="draw_list_file"):
    """To who asked for it: the list that a sample was drawn from, as a file."""


@dataclass(frozen=True)
class VisitPlanned(RevisitNotice, kind="visit_planned"):
    """To the group: when a unit is visited, or that it is not."""

    visit_id: str


@dataclass(frozen=True)
class VisitAnnounced(Notice, kind="visit_announced"):
    """To a unit: when it is visited, or that it is not. Never of a visit that is not announced."""

    brief = "item"

    visit_id: str


@dataclass(frozen=True)
class SelfCheckNotice(Notice):
    """A notice about a self-check, for those who may read it when it is sent."""

    brief = "item"

    check_id: str

    @property
    def record(self) -> tuple[str, str]:
        """The self-check."""
        return "check", self.check_id


class SelfCheckSent(SelfCheckNotice, kind="self_check_sent"):
    """To a unit: it is asked whether it has a problem, too."""


class SelfCheckAnswered(SelfCheckNotice, kind="self_check_answered"):
    """To who asked."""


class SelfCheckLate(SelfCheckNotice, kind="self_check_late"):
    """To the unit, and to who asked: the day has passed."""
