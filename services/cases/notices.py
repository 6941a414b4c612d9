"""What is told of cases."""

from dataclasses import dataclass

from models.states import SpecialBriefState
from services.delivery.recall import ListName
from services.notice import CardNotice, CaseNotice, ListNotice, Notice


@dataclass(frozen=True)
class CaseCard(CardNotice, kind="case_card"):
    """The card of a case, on a board or in private. A farewell leaves of it that the case was handed on."""

    farewell: bool = False


@dataclass(frozen=True)
class CaseText(CaseNotice, kind="case_text"):
    """What was said in a case: whole messages of the dialogue, or one part of a long one."""

    brief = None
    holds_words = True

    message_ids: tuple[str, ...]
    part: int
    bare: bool  # laid out while the case was unmasked

    @property
    def shown_messages(self) -> tuple[str, ...]:
        return self.message_ids

    @property
    def is_masked_text(self) -> bool:
        return not self.bare


@dataclass(frozen=True)
class CaseFile(CaseNotice, kind="case_file"):
    """A photo, a recording or a document of the dialogue."""

    brief = None
    holds_words = True

    message_id: str

    @property
    def shown_messages(self) -> tuple[str, ...]:
        return (self.message_id,)


@dataclass(frozen=True)
class CaseNotes(CaseNotice, kind="case_notes"):
    """What colleagues noted about a case, for those who read it; the notes that fit one message."""

    brief = None
    holds_words = True

    note_ids: tuple[str, ...]

    @property
    def shown_notes(self) -> tuple[str, ...]:
        return self.note_ids


class CaseMatches(CaseNotice, kind="case_matches"):
    """Rows of the team's own lists that may have to do with the case, for those on the team who read it."""

    brief = None
    holds_words = True


class SimilarCases(CaseNotice, kind="similar_cases"):
    """Which cases seem to tell of the same matter, and by which words."""

    brief = None
    holds_words = True


@dataclass(frozen=True)
class ComparedCase(CaseNotice, kind="compared_case"):
    """What was said in a case, in short, to be looked at beside another; with the last of both comes why."""

    brief = None
    holds_words = True

    other_id: str
    is_last: bool


class HintsAgree(CaseNotice, kind="hints_agree"):
    """To who leads where they lie: several hints of one village and category agree."""


@dataclass(frozen=True)
class ClusterGrows(Notice, kind="cluster_grows"):
    """To the team's leader: so many have reported one matter within days, or twice as many as they were told before."""

    brief = "case"

    cluster_id: str


@dataclass(frozen=True)
class BriefMoved(Notice, kind="brief_moved"):
    """To whoever is to do something about a special brief, or should know what was done."""

    brief_id: str
    state: SpecialBriefState


@dataclass(frozen=True)
class BriefDue(Notice, kind="brief_due"):
    """To who sees to a special brief: what was instructed is to be done soon, or today."""

    brief_id: str


@dataclass(frozen=True)
class BriefLate(Notice, kind="brief_late"):
    """To who sees to a special brief, its team's leader and the office: its last day is over, and it is not done."""

    brief_id: str


@dataclass(frozen=True)
class SpecialBriefFile(Notice, kind="special_brief_file"):
    """To whoever asked for it: a special brief, to be printed."""

    brief = None

    brief_id: str


@dataclass(frozen=True)
class PutOnCall(Notice, kind="put_on_call"):
    """To whoever was put on call."""

    period_id: str


@dataclass(frozen=True)
class TakenOffCall(Notice, kind="taken_off_call"):
    """To whoever was on call for some days, and is not any more; the days in ISO."""

    team_id: str
    first_on: str
    last_on: str


class NoteWritten(CaseNotice, kind="case_note_written"):
    """To the owner: a colleague noted something about the case."""


@dataclass(frozen=True)
class DepartmentCalled(CaseNotice, kind="department_called"):
    """To the owner, and to who leads there: a township's office has called a department to the case."""

    department_id: str


class HeadFileReady(CaseNotice, kind="head_file_ready"):
    """To the team leader who asked for it: the file on the head of the case's unit, to be printed."""

    brief = None
    holds_words = True


@dataclass(frozen=True)
class CaseList(ListNotice, kind="case_list"):
    """A page of a list of cases. `after` is a packed cursor; without one it is the first page. `words` narrow it."""

    name: ListName
    after: str = ""
    words: tuple[str, ...] = ()


class CrisisCall(CaseNotice, kind="crisis_call"):
    """To whoever is on call or leads where a crisis lies: somebody must look now."""

    brief = "urgent"


class CrisisUnanswered(CaseNotice, kind="crisis_unanswered"):
    """To an office director: where a crisis lies nobody has said that they are on it."""

    brief = "urgent"


@dataclass(frozen=True)
class CrisisAnswered(CaseNotice, kind="crisis_answered"):
    """To those who were called: somebody is on it."""

    by_id: str


class ReporterWrote(CaseNotice, kind="case_reporter_wrote"):
    """The reporter wrote something more."""


class CaseTakenOver(CaseNotice, kind="case_taken_over"):
    """To its owner until now: somebody else took the case over."""


class HazardWaits(CaseNotice, kind="hazard_waits"):
    """To who is on call and the leaders: people may be in danger, and nobody has claimed the case in time."""

    brief = "urgent"


@dataclass(frozen=True)
class CasesDue(Notice, kind="cases_due"):
    """To owners and leaders: what must be done about some cases, soon or by now."""

    brief = "case"
    case_ids: tuple[str, ...]


class LateCases(ListNotice, kind="late_cases"):
    """To whoever must see to them: the cases, and for the director the teams, that are late."""


@dataclass(frozen=True)
class CaseDigest(ListNotice, kind="case_digest"):
    """To everybody who has cases: how they stand on this day, and what came `since` a day (ISO)."""

    keeps_working_hours = False  # the county sets its hour

    since: str


class CaseGiven(CaseNotice, kind="case_given"):
    """To its owner from now on: the leader gave them the case."""


@dataclass(frozen=True)
class CasesGiven(Notice, kind="cases_given"):
    """To their owner from now on: who leads there gave them some cases at once."""

    brief = "case"

    case_ids: tuple[str, ...]


@dataclass(frozen=True)
class CaseHandedOver(CaseNotice, kind="case_handed_over"):
    """To its owner from now on: its owner until now gave them the case."""

    by_id: str


@dataclass(frozen=True)
class CaseGivenBack(CaseNotice, kind="case_given_back"):
    """To whoever may claim the case: its owner gave it back."""

    by_id: str


class DismissalProposed(CaseNotice, kind="case_dismissal_proposed"):
    """To who decides on it: the owner proposes to dismiss the case."""


class DismissalDeclined(CaseNotice, kind="case_dismissal_declined"):
    """To who proposed it: the case is not dismissed."""


class DismissalConfirmed(CaseNotice, kind="case_dismissal_confirmed"):
    """To who proposed it: the case is dismissed."""


class DismissalUndone(CaseNotice, kind="case_dismissal_undone"):
    """To its owner: the case is open again."""


class ExtensionAsked(CaseNotice, kind="case_extension_asked"):
    """To who decides on it: the owner of the case asks for more time."""


class ExtensionGiven(CaseNotice, kind="case_extension_given"):
    """To the owner of the case: it has more time."""


class ExtensionDeclined(CaseNotice, kind="case_extension_declined"):
    """To the owner of the case: it has no more time."""


class RefusalProposed(CaseNotice, kind="case_proposal"):
    """To the team leader: a member proposes not to accept the case."""


class RefusalDeclined(CaseNotice, kind="case_proposal_declined"):
    """To who proposed it: the team leader wants the case accepted."""


class OtherTeamAskedFor(CaseNotice, kind="other_team_asked_for"):
    """To the directors: the reporter wants another team to have the case."""


class RefusalObjected(CaseNotice, kind="case_refusal_objected"):
    """To its owner and to who leads there: the reporter does not agree that the case is not accepted."""


@dataclass(frozen=True)
class InstructionAsked(Notice, kind="instruction_asked"):
    """To the head of the leading group: a case is put before them."""

    brief = "case"

    case_id: str


@dataclass(frozen=True)
class InstructionLate(Notice, kind="instruction_late"):
    """To the head of the leading group who instructed: the day is over, and the case is not ended."""

    brief = "case"

    case_id: str


@dataclass(frozen=True)
class CaseTaskDue(CaseNotice, kind="case_task_due"):
    """To whoever is to do something about a case: by when (services.cases.tasks)."""

    task: str  # a CaseTaskKind


@dataclass(frozen=True)
class CaseTaskLate(CaseNotice, kind="case_task_late"):
    """To whoever is to do it, and to those who lead: its day is over."""

    task: str  # a CaseTaskKind


class InstructionGiven(CaseNotice, kind="instruction_given"):
    """To the owner, who leads there, and the director: what the head of the leading group has instructed."""


@dataclass(frozen=True)
class TeamBrief(Notice, kind="team_brief"):
    """To the office: how the cases of a team stood when its leader said so, and what the leader adds."""

    brief = "notice"

    team_id: str
    by_id: str
    open_cases: int
    times: int  # that they were reported
    new: int
    due_today: int
    late: int
    unanswered: int
    words: str


class CaseAnsweredByItem(CaseNotice, kind="case_answered_by_item"):
    """What was ordered for the case is done, and its reporters were told."""


@dataclass(frozen=True)
class CaseUnmasked(Notice, kind="case_unmasked"):
    """To the directors: somebody unmasked a case. `seal` is what the audit log came to with it."""

    brief = "case"

    unmasking_id: str
    seal: str


@dataclass(frozen=True)
class ProbingNotice(CaseNotice):
    """To the directors: somebody may be trying names to find a reporter."""

    by_id: str
    seal: str  # what the audit log came to with it


class TraceRepeated(ProbingNotice, kind="trace_repeated"):
    """A question repeated what leads to the reporter."""


class OrderTried(ProbingNotice, kind="order_tried"):
    """An order was looked at again and again."""


@dataclass(frozen=True)
class ReporterNotice(Notice):
    """To a reporter who asked to be told: what a team said in the dialogue of their complaint."""

    complaint_id: str
    message_id: str


class ReporterQuestion(ReporterNotice, kind="reporter_question"):
    """The team asks."""


class ReporterAnswer(ReporterNotice, kind="reporter_answer"):
    """The team answers."""


class ReporterState(ReporterNotice, kind="reporter_state"):
    """The complaint stands differently now."""


@dataclass(frozen=True)
class FoundCases(ListNotice, kind="found_cases"):
    """A page of what somebody looked for last, counted from 1."""

    page: int = 1


@dataclass(frozen=True)
class NamePairs(ListNotice, kind="name_pairs"):
    """To whoever compared them: where the lists of their team meet each other."""

    team_id: str


@dataclass(frozen=True)
class SearchedOften(Notice, kind="searched_often"):
    """To the directors: somebody looked through the texts of cases very often today."""

    by_id: str
    seal: str  # what the audit log came to with it
