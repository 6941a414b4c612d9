"""What is told of rectification items."""

from dataclasses import dataclass

from models.rectification import WarningCard
from services.notice import Notice


@dataclass(frozen=True)
class ItemNotice(Notice):
    """A notice about one item, for those who may see it when it is sent."""

    brief = "item"
    is_opening_kept = True

    item_id: str

    @property
    def record(self) -> tuple[str, str]:
        """The item."""
        return "item", self.item_id


@dataclass(frozen=True)
class ItemChanged(ItemNotice, kind="item_event"):
    """What happened to an item: the event of a version."""

    version: int


@dataclass(frozen=True)
class ItemsIssued(Notice, kind="items_issued"):
    """Items that were issued together, to whoever is told of several of them."""

    brief = "item"
    is_opening_kept = True

    item_ids: tuple[str, ...]

    @property
    def told_records(self) -> tuple[tuple[str, str], ...]:
        """Each of the items."""
        return tuple(("item", item_id) for item_id in self.item_ids)


class ItemReview(ItemNotice, kind="item_review"):
    """To the reviewers: what a unit handed in last, and what became of it."""


class HazardReminder(ItemNotice, kind="item_reminder"):
    """An item that people are in danger from is due."""

    brief = "urgent"


@dataclass(frozen=True)
class CardProposal(ItemNotice, kind="card_proposal"):
    """To the directors: a warning card may be given for an item."""

    card: WarningCard


@dataclass(frozen=True)
class UnitPrintout(Notice, kind="unit_printout"):
    """To the office: what a messenger takes to the unit of an item, as a file."""

    brief = None

    item_id: str


@dataclass(frozen=True)
class ItemEvidence(Notice, kind="item_evidence"):
    """To the reviewers, or whoever signs for it: one file of a submission."""

    brief = None

    evidence_id: str


@dataclass(frozen=True)
class OpenedWorkingPaper(Notice, kind="opened_working_paper"):
    """To whoever asked for it: a working paper, a file or a record."""

    brief = None

    paper_id: str


@dataclass(frozen=True)
class ItemDigest(Notice, kind="item_digest"):
    """All that is to be told of items to one person on a day."""

    brief = "item"
    digest: str  # key of the Digest that says what belongs to it


@dataclass(frozen=True)
class SupervisionDigest(Notice, kind="supervision_digest"):
    """To whoever supervises items once their teams have gone: all that is open of them."""

    brief = "item"

    supervisor: str  # the id of a department, or OFFICE


@dataclass(frozen=True)
class ReopenAsked(ItemNotice, kind="reopen_asked"):
    """To the directors: a reporter says of a cleared item that it is not so."""


@dataclass(frozen=True)
class ReopenProposed(ItemNotice, kind="reopen_proposed"):
    """To the directors: somebody who would issue a new item proposes to open a cleared one again, and says why."""

    by_id: str
    words: str


class ItemsCopied(Notice, kind="items_copied"):
    """To whoever gets copies of items: some have come that they have not read."""

    brief = "item"


@dataclass(frozen=True)
class RequestNotice(Notice):
    """A notice about what a department is asked for, for those who may read it when it is sent."""

    brief = "request"

    request_id: str

    @property
    def record(self) -> tuple[str, str]:
        """The request."""
        return "request", self.request_id


class RequestSent(RequestNotice, kind="request_sent"):
    """To a department: something is asked of it."""


class RequestReplied(RequestNotice, kind="request_replied"):
    """To who asked: the department has answered."""


class RequestLate(RequestNotice, kind="request_late"):
    """To the department and to who asked: the day for the answer has passed."""


@dataclass(frozen=True)
class PatternNotice(Notice):
    """A notice about what several items show, for those who may see it when it is sent."""

    pattern_id: str

    @property
    def record(self) -> tuple[str, str]:
        """The pattern."""
        return "pattern", self.pattern_id


class PatternProposed(PatternNotice, kind="pattern_proposed"):
    """To the office: whether it is one."""


class PatternConfirmed(PatternNotice, kind="pattern_confirmed"):
    """To the leading group: the office finds that it is one."""


@dataclass(frozen=True)
class DraftCommentNotice(Notice):
    """A notice about what a head says of a finding before it is issued, for those who may read it when it is sent."""

    brief = "item"

    comment_id: str

    @property
    def record(self) -> tuple[str, str]:
        """The comment."""
        return "comment", self.comment_id


class DraftCommentAsked(DraftCommentNotice, kind="draft_comment_asked"):
    """To the head of a unit: what they say of it, until a day."""


class DraftCommentDue(DraftCommentNotice, kind="draft_comment_due"):
    """To the head of a unit: the last day for it comes near."""


class DraftCommented(DraftCommentNotice, kind="draft_commented"):
    """To the author: the head has answered."""


class DraftCommentLate(DraftCommentNotice, kind="draft_comment_late"):
    """To the author and the office: the day has passed without an answer."""


class DraftCommentSettled(DraftCommentNotice, kind="draft_comment_settled"):
    """To the head: what has become of the finding, and why."""


@dataclass(frozen=True)
class FeedbackNotice(Notice):
    """A notice about the feedback to a unit, for those who may know of it when it is sent."""

    brief = "item"

    meeting_id: str

    @property
    def record(self) -> tuple[str, str]:
        """The feedback."""
        return "feedback", self.meeting_id


class FeedbackGiven(FeedbackNotice, kind="feedback_given"):
    """To a unit: its feedback is written down, and its head is to sign for it."""


class FeedbackSigned(FeedbackNotice, kind="feedback_signed"):
    """To who wrote it down: the head has signed."""


class FeedbackLate(FeedbackNotice, kind="feedback_late"):
    """To the head and who wrote it down, later to the county leader of the unit as well: nobody has signed in time."""


@dataclass(frozen=True)
class SelfReportNotice(Notice):
    """A notice about what a liaison has prepared to be reported, for the people of the unit."""

    brief = "item"

    report_id: str

    @property
    def record(self) -> tuple[str, str]:
        """What was prepared."""
        return "selfreport", self.report_id


class SelfReportPrepared(SelfReportNotice, kind="self_report_prepared"):
    """To the heads of a unit: the liaison has prepared one for them to confirm."""


class SelfReportLate(SelfReportNotice, kind="self_report_late"):
    """To the heads of a unit: it still waits for them."""


class SelfReportGivenBack(SelfReportNotice, kind="self_report_given_back"):
    """To whoever prepared it: the head gave it back."""
