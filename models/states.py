"""The state machines of rounds, cases, items, publications and what goes with them, as tables, applied and printed."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar


class RoundState(StrEnum):
    """The life of an inspection round."""

    PREPARING = "preparing"
    STATIONED = "stationed"
    INTAKE_CLOSED = "intake_closed"
    REPORTING = "reporting"
    FEEDBACK = "feedback"
    INTENSIVE_RECTIFICATION = "intensive_rectification"
    EVALUATING = "evaluating"
    ARCHIVED = "archived"
    CANCELLED = "cancelled"


class CaseState(StrEnum):
    """The life of a case; a draft is not one yet."""

    RECEIVED = "received"
    PENDING_ASSIGN = "pending_assign"  # the office decides where it belongs
    ASSIGNED = "assigned"
    NEED_INFO = "need_info"
    ACCEPTED = "accepted"
    VERIFYING = "verifying"
    FIXING = "fixing"
    TRANSFERRED = "transferred"
    ANSWERED = "answered"
    CLOSED = "closed"
    REOPENED = "reopened"
    NOT_ACCEPTED = "not_accepted"
    MERGED = "merged"
    INVALID = "invalid"
    WITHDRAWN = "withdrawn"
    RESTRICTED = "restricted"  # as assigned, but for one pair of eyes


class ItemState(StrEnum):
    """The life of a rectification item."""

    DRAFT = "draft"
    ISSUED = "issued"
    ACKNOWLEDGED = "acknowledged"
    IN_PROGRESS = "in_progress"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    PASSED = "passed"  # the team finds it done; the office has yet to clear it
    COUNTERSIGNED = "countersigned"
    CLEARED = "cleared"
    LONG_TERM = "long_term"
    REOPENED = "reopened"


class PaperKind(StrEnum):
    """What a unit writes about an item of its own."""

    PLAN = "plan"  # 整改方案: what is done, by whom, until when
    MIDTERM = "midterm"  # the answer at half time
    SUBMISSION = "submission"  # the result, with its proof
    EXTENSION = "extension"  # that more time is asked for


class PaperState(StrEnum):
    """The life of a paper: what a unit writes about an item of its own."""

    PREPARED = "prepared"  # by the liaison; the head has yet to confirm it
    GIVEN_BACK = "given_back"  # by the head to the liaison
    REPLACED = "replaced"  # by a later one
    SUBMITTED = "submitted"  # the office, or its director, has yet to decide
    APPROVED = "approved"
    DECLINED = "declined"
    FILED = "filed"  # nobody has to decide on it


class PublicationState(StrEnum):
    """The life of one version of what is made public of a round."""

    DRAFT = "draft"
    AWAITING_APPROVAL = "awaiting_approval"
    PUBLISHED = "published"
    REPLACED = "replaced"  # by a later version
    WITHDRAWN = "withdrawn"
    DISCARDED = "discarded"


class EvaluationState(StrEnum):
    """The life of the grades that the units of a round get."""

    COMPUTED = "computed"
    CONFIRMED = "confirmed"  # by the office director; frozen, and told to the leaders
    RELEASED = "released"  # each unit knows its own


class SpecialBriefState(StrEnum):
    """The life of a special brief (巡察专报), which a team writes about a cluster of complaints."""

    WITH_OFFICE = "with_office"
    SENT_BACK = "sent_back"  # the team may write another
    WITH_LEADING_GROUP = "with_leading_group"
    INSTRUCTED = "instructed"  # a leader sees to it, by a day
    DONE = "done"


class RequestState(StrEnum):
    """The life of what a department is asked for."""

    SENT = "sent"
    REPLIED = "replied"
    CALLED_OFF = "called_off"  # by whoever asked


class TransferState(StrEnum):
    """The life of what is passed on to a department: a summary of a case, in the team's own words."""

    PROPOSED = "proposed"  # a lead on discipline, for the office to agree
    DECLINED = "declined"
    SENT = "sent"  # the department has yet to sign for it
    SIGNED = "signed"
    SENT_BACK = "sent_back"
    TAKEN_BACK = "taken_back"  # by the leader
    ANSWERED = "answered"


class RevisitState(StrEnum):
    """The life of a re-visit (抽查、回头看): items are looked at again by a group of several bodies."""

    RUNNING = "running"
    ENDED = "ended"  # what was drawn is the group's no more


class VisitState(StrEnum):
    """The life of a visit to one unit in a re-visit."""

    NOT_PLANNED = "not_planned"
    PLANNED = "planned"  # of one that is not announced (暗访), the unit learns nothing
    RECORDED = "recorded"  # what was found counts, and the unit is told


class SelfCheckState(StrEnum):
    """The life of a self-check (举一反三): a unit is asked whether it has a problem that another has."""

    SENT = "sent"
    ANSWERED = "answered"
    CALLED_OFF = "called_off"


class DraftCommentState(StrEnum):
    """The life of what the head of a unit is asked to say of a finding that is not issued yet."""

    ASKED = "asked"
    AGREED = "agreed"
    COMMENTED = "commented"  # the author has yet to say what becomes of it
    SETTLED = "settled"
    ENDED = "ended"  # the finding was issued or thrown away before an answer came


class SelfReportState(StrEnum):
    """The life of what the liaison of a unit has prepared for its head to report."""

    PREPARED = "prepared"
    CONFIRMED = "confirmed"  # it is an item
    GIVEN_BACK = "given_back"


class FeedbackState(StrEnum):
    """The life of a meeting at which a unit was told the findings of a round."""

    RECORDED = "recorded"  # the head of the unit has yet to sign for it
    SIGNED = "signed"
    TAKEN_BACK = "taken_back"  # it was written down by mistake


class PatternState(StrEnum):
    """The life of a proposal that several items show one thing: a common problem, or a unit with many."""

    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    DECLINED = "declined"  # it is proposed once more when there are twice as many


class LetterState(StrEnum):
    """The life of a suggestion letter (巡察建议书) to a department."""

    DRAFT = "draft"
    DISCARDED = "discarded"
    SENT = "sent"
    SIGNED = "signed"
    REPLIED = "replied"
    REFORMED = "reformed"  # the department has said what it changed


class TalkState(StrEnum):
    """The life of a talk with the head of a unit: a reminder talk (提醒谈话) or an interview (约谈)."""

    EXPECTED = "expected"  # the clock proposes it on its day, if its item is not done by then
    PROPOSED = "proposed"  # the leading group decides
    DECLINED = "declined"
    APPROVED = "approved"  # the office arranges time and place
    ARRANGED = "arranged"
    HELD = "held"
    KEPT = "kept"  # what was promised at it is done
    BROKEN = "broken"  # the day has passed, and it is not
    CALLED_OFF = "called_off"


class BulletinState(StrEnum):
    """The life of a bulletin (通报)."""

    DRAFT = "draft"
    SENT = "sent"
    DISCARDED = "discarded"


class DocketState(StrEnum):
    """The life of what lies before the leading group."""

    WAITING = "waiting"
    DECIDED = "decided"
    DECLINED = "declined"  # a red card that is not given
    TAKEN_BACK = "taken_back"  # by whoever put it there, or because it is not called for any more


class TaskState(StrEnum):
    """The life of a task that one person has until a day."""

    OPEN = "open"
    DONE = "done"
    CALLED_OFF = "called_off"


class AccountabilityState(StrEnum):
    """The life of a line of the accountability list (问责清单)."""

    ENTERED = "entered"  # it does not count yet
    COUNTED = "counted"
    SENT_BACK = "sent_back"


State = TypeVar(
    "State",
    RoundState,
    CaseState,
    ItemState,
    PaperState,
    PublicationState,
    EvaluationState,
    SpecialBriefState,
    TransferState,
    RequestState,
    RevisitState,
    VisitState,
    SelfCheckState,
    DraftCommentState,
    SelfReportState,
    FeedbackState,
    PatternState,
    LetterState,
    TalkState,
    BulletinState,
    DocketState,
    TaskState,
    AccountabilityState,
)


class Actor(StrEnum):
    """Who may do an action; the staff among them are roles held at this very case, item or round."""

    REPORTER = "reporter"
    SYSTEM = "system"
    TEAM_MEMBER = "team_member"
    TEAM_LEADER = "team_leader"
    OFFICE_STAFF = "office_staff"
    OFFICE_DIRECTOR = "office_director"
    UNIT_HEAD = "unit_head"
    LIAISON = "liaison"
    COUNTY_LEADER = "county_leader"
    RECEIVING_DEPARTMENT = "receiving_department"
    LEADING_GROUP = "leading_group"
    TOWNSHIP_OFFICE = "township_office"  # sees, and calls departments
    SUPERVISOR = "supervisor"  # of an item, once the team has gone: sees, and does nothing
    REVISIT_GROUP = "revisit_group"  # looks again at what was drawn for it
    OWNER = "owner"  # of a task


OFFICE_ACTORS = frozenset({Actor.OFFICE_STAFF, Actor.OFFICE_DIRECTOR})
UNIT_ACTORS = frozenset({Actor.UNIT_HEAD, Actor.LIAISON})
_BY_SERVICES = frozenset({Actor.REPORTER, Actor.SYSTEM})


class Impossible(Exception):
    """The action cannot be done in this state."""

    def __init__(self, action: str, state: str) -> None:
        super().__init__(f"{action} is not possible while {state}")
        self.action = action
        self.state = state


class NotEntitled(Exception):
    """The person may not do this action, or may not know of the record at all."""


@dataclass(frozen=True)
class Transition(Generic[State]):
    """One arrow: in which states an action is possible, where it leads, who may do it."""

    action: str
    sources: tuple[State, ...]
    target: State
    by: tuple[Actor, ...]


@dataclass(frozen=True)
class Machine(Generic[State]):
    """A state machine as a table. `imported` are the states in which a county file may enter a record."""

    name: str
    first: tuple[State, ...]
    transitions: tuple[Transition[State], ...]
    imported: tuple[State, ...] = ()

    def step(self, state: State, action: str, actors: Iterable[Actor], *, target: State | None = None) -> State:
        """Return the state an action leads to; raise Impossible, or NotEntitled when none of the actors may.

        `target` says which of several it is, where the action leads back to where the record came from.
        """
        arrows = [
            arrow
            for arrow in self.transitions
            if arrow.action == action and state in arrow.sources and target in (None, arrow.target)
        ]
        if not arrows:
            raise Impossible(action, state)
        held = set(actors)
        for arrow in arrows:
            if held.intersection(arrow.by):
                return arrow.target
        raise NotEntitled

    def actions(self, state: State, actors: Iterable[Actor]) -> list[str]:
        """Return the actions somebody may do in a state, in the order of the table."""
        held = set(actors)
        found = [arrow.action for arrow in self.transitions if state in arrow.sources and held.intersection(arrow.by)]
        return list(dict.fromkeys(found))

    def followed(self, by_staff: Collection[str]) -> list[tuple[State, Transition[State]]]:
        """Return the arrows that can be followed, with each state that they can be followed from.

        `by_staff` are the actions for which the staff have a button, a form or a command. What a reporter or the system
        may do is done by the services.
        """
        arrows = [
            arrow for arrow in self.transitions if arrow.action in by_staff or _BY_SERVICES.intersection(arrow.by)
        ]
        reached: set[State] = set(self.first).union(self.imported)
        found = reached
        while found:
            found = {arrow.target for arrow in arrows if reached.intersection(arrow.sources)} - reached
            reached = reached | found
        return [(source, arrow) for arrow in arrows for source in arrow.sources if source in reached]

    def mermaid(self, by_staff: Collection[str]) -> str:
        """Return the machine as a Mermaid state diagram; what cannot be followed is marked as not yet there."""
        lines = ["stateDiagram-v2", *(f"    [*] --> {state}" for state in self.first)]
        followed = self.followed(by_staff)
        for arrow in self.transitions:
            who = ", ".join(arrow.by)
            for source in arrow.sources:
                mark = "" if (source, arrow) in followed else ", not yet"
                lines.append(f"    {source} --> {arrow.target}: {arrow.action} ({who}){mark}")
        return "\n".join(lines)


def _arrow(action: str, sources: Iterable[State], target: State, *by: Actor) -> Transition[State]:
    return Transition(action, tuple(sources), target, by)


_C = CaseState
_NEW = (_C.ASSIGNED, _C.RESTRICTED)
_DISMISSIBLE = (*_NEW, _C.PENDING_ASSIGN)

CASE = Machine(
    "case",
    (_C.RECEIVED,),
    (
        # A case whose unit or category is set anew is routed as a new one is.
        _arrow("assign", (_C.RECEIVED, _C.PENDING_ASSIGN, *_NEW), _C.ASSIGNED, Actor.SYSTEM),
        _arrow("leave_to_office", (_C.RECEIVED,), _C.PENDING_ASSIGN, Actor.SYSTEM),
        _arrow("restrict", (_C.RECEIVED, _C.PENDING_ASSIGN, *_NEW), _C.RESTRICTED, Actor.SYSTEM),
        _arrow("hand_to_team", (_C.PENDING_ASSIGN,), _C.ASSIGNED, Actor.OFFICE_STAFF, Actor.OFFICE_DIRECTOR),
        _arrow("ask", _NEW, _C.NEED_INFO, Actor.TEAM_MEMBER),
        _arrow("go_on", (_C.NEED_INFO,), _C.ASSIGNED, Actor.REPORTER, Actor.SYSTEM),
        _arrow("accept", _NEW, _C.ACCEPTED, Actor.TEAM_MEMBER),
        _arrow("take_as_thanks", _NEW, _C.CLOSED, Actor.TEAM_MEMBER),
        _arrow("keep_as_hint", _NEW, _C.CLOSED, Actor.TEAM_LEADER),
        _arrow("not_accept", _NEW, _C.NOT_ACCEPTED, Actor.TEAM_LEADER),
        *(_arrow("object", (_C.NOT_ACCEPTED,), before, Actor.REPORTER) for before in _NEW),
        _arrow("merge", _NEW, _C.MERGED, Actor.TEAM_MEMBER),
        *(_arrow("take_apart", (_C.MERGED,), before, Actor.TEAM_MEMBER) for before in _NEW),
        _arrow("dismiss", _DISMISSIBLE, _C.INVALID, Actor.TEAM_LEADER, Actor.OFFICE_DIRECTOR),
        *(
            _arrow("undo_dismissal", (_C.INVALID,), before, Actor.TEAM_LEADER, Actor.OFFICE_DIRECTOR)
            for before in _DISMISSIBLE
        ),
        _arrow("verify", (_C.ACCEPTED, _C.REOPENED), _C.VERIFYING, Actor.TEAM_MEMBER),
        _arrow("order_fix", (_C.VERIFYING,), _C.FIXING, Actor.TEAM_LEADER),
        _arrow("fix_again", (_C.REOPENED,), _C.FIXING, Actor.SYSTEM),
        _arrow("transfer", (_C.VERIFYING,), _C.TRANSFERRED, Actor.TEAM_LEADER),
        _arrow("send_back", (_C.TRANSFERRED,), _C.VERIFYING, Actor.RECEIVING_DEPARTMENT),
        _arrow("take_back", (_C.TRANSFERRED,), _C.VERIFYING, Actor.TEAM_LEADER),
        _arrow("answer", (_C.VERIFYING,), _C.ANSWERED, Actor.TEAM_LEADER),
        _arrow("answer", (_C.FIXING,), _C.ANSWERED, Actor.TEAM_MEMBER),
        _arrow("answer", (_C.TRANSFERRED,), _C.ANSWERED, Actor.RECEIVING_DEPARTMENT),
        # An item that was made of it is cleared: whoever reported it is asked whether it is so.
        _arrow("answer_by_item", (_C.VERIFYING, _C.FIXING, _C.REOPENED, _C.ANSWERED), _C.ANSWERED, Actor.SYSTEM),
        _arrow("answer_by_item", (_C.CLOSED,), _C.CLOSED, Actor.SYSTEM),
        _arrow("close", (_C.ANSWERED,), _C.CLOSED, Actor.REPORTER, Actor.SYSTEM, Actor.TEAM_LEADER),
        _arrow("reopen", (_C.ANSWERED, _C.CLOSED), _C.REOPENED, Actor.REPORTER),
        _arrow("reopen", (_C.CLOSED,), _C.REOPENED, Actor.TEAM_LEADER, Actor.OFFICE_DIRECTOR),
        _arrow(
            "withdraw",
            (_C.RECEIVED, _C.PENDING_ASSIGN, *_NEW, _C.NEED_INFO),
            _C.WITHDRAWN,
            Actor.REPORTER,
        ),
    ),
)

INTAKE_ROUNDS = frozenset({RoundState.PREPARING, RoundState.STATIONED})  # complaints can come there, or will
ENDED_ROUNDS = frozenset({RoundState.ARCHIVED, RoundState.CANCELLED})
STAYING_ROUNDS = INTAKE_ROUNDS | {RoundState.INTAKE_CLOSED}  # of others the teams have left
CLOSED_CASES = frozenset({_C.CLOSED, _C.NOT_ACCEPTED, _C.MERGED, _C.INVALID, _C.WITHDRAWN})

_I = ItemState
WORKING = (_I.ACKNOWLEDGED, _I.IN_PROGRESS, _I.RETURNED, _I.REOPENED)

ITEM = Machine(
    "rectification_item",
    (_I.DRAFT, _I.ISSUED),
    (
        _arrow("issue", (_I.DRAFT,), _I.ISSUED, Actor.OFFICE_STAFF, Actor.OFFICE_DIRECTOR, Actor.TEAM_LEADER),
        # What a unit reports of itself it need not acknowledge.
        _arrow("self_report", (_I.DRAFT,), _I.ACKNOWLEDGED, Actor.UNIT_HEAD),
        _arrow("acknowledge", (_I.ISSUED,), _I.ACKNOWLEDGED, Actor.UNIT_HEAD),
        _arrow("report_progress", WORKING, _I.IN_PROGRESS, Actor.LIAISON, Actor.UNIT_HEAD),
        _arrow("submit", (*WORKING, _I.LONG_TERM), _I.SUBMITTED, Actor.UNIT_HEAD),
        _arrow("return", (_I.SUBMITTED,), _I.RETURNED, Actor.TEAM_MEMBER),
        _arrow("pass", (_I.SUBMITTED,), _I.PASSED, Actor.TEAM_MEMBER),
        # what was changed after it was signed is signed anew
        _arrow("countersign", (_I.PASSED, _I.COUNTERSIGNED), _I.COUNTERSIGNED, Actor.COUNTY_LEADER),
        _arrow("clear", (_I.PASSED, _I.COUNTERSIGNED), _I.CLEARED, Actor.OFFICE_DIRECTOR),
        _arrow("keep_long_term", (_I.IN_PROGRESS,), _I.LONG_TERM, Actor.OFFICE_DIRECTOR),
        _arrow("report_long_term", (_I.LONG_TERM,), _I.LONG_TERM, Actor.LIAISON, Actor.UNIT_HEAD),
        _arrow("reopen", (_I.CLEARED,), _I.REOPENED, Actor.OFFICE_DIRECTOR, Actor.TEAM_MEMBER, Actor.SYSTEM),
    ),
    imported=tuple(_I),
)

_PS = PaperState
_UNIT = (Actor.LIAISON, Actor.UNIT_HEAD)

PAPER = Machine(
    "item_paper",
    (_PS.PREPARED,),
    (
        _arrow("confirm", (_PS.PREPARED,), _PS.SUBMITTED, Actor.UNIT_HEAD),  # a plan, a request for more time
        _arrow("confirm", (_PS.PREPARED,), _PS.FILED, Actor.UNIT_HEAD),  # an answer at half time, a submission
        _arrow("give_back", (_PS.PREPARED,), _PS.GIVEN_BACK, Actor.UNIT_HEAD),
        _arrow("replace", (_PS.PREPARED, _PS.GIVEN_BACK, _PS.DECLINED), _PS.REPLACED, *_UNIT),
        _arrow("approve_plan", (_PS.SUBMITTED,), _PS.APPROVED, Actor.OFFICE_STAFF, Actor.OFFICE_DIRECTOR),
        _arrow("decline_plan", (_PS.SUBMITTED,), _PS.DECLINED, Actor.OFFICE_STAFF, Actor.OFFICE_DIRECTOR),
        _arrow("grant_extension", (_PS.SUBMITTED,), _PS.APPROVED, Actor.OFFICE_DIRECTOR),
        _arrow("refuse_extension", (_PS.SUBMITTED,), _PS.DECLINED, Actor.OFFICE_DIRECTOR),
    ),
)

_R = RoundState

ROUND = Machine(
    "round",
    (_R.PREPARING,),
    (
        _arrow("open", (_R.PREPARING,), _R.STATIONED, Actor.OFFICE_DIRECTOR),
        _arrow("cancel", (_R.PREPARING,), _R.CANCELLED, Actor.OFFICE_DIRECTOR),
        _arrow("close_intake", (_R.STATIONED,), _R.INTAKE_CLOSED, Actor.SYSTEM),
        _arrow("leave", (_R.INTAKE_CLOSED,), _R.REPORTING, Actor.OFFICE_DIRECTOR),
        _arrow("hear_reports", (_R.REPORTING,), _R.FEEDBACK, Actor.LEADING_GROUP),
        _arrow("give_feedback", (_R.FEEDBACK,), _R.INTENSIVE_RECTIFICATION, Actor.OFFICE_DIRECTOR),
        _arrow("evaluate", (_R.INTENSIVE_RECTIFICATION,), _R.EVALUATING, Actor.SYSTEM),
        _arrow("archive", (_R.EVALUATING,), _R.ARCHIVED, Actor.OFFICE_DIRECTOR),
    ),
    imported=tuple(_R),
)

_P = PublicationState
_OFFICE = (Actor.OFFICE_STAFF, Actor.OFFICE_DIRECTOR)

PUBLICATION = Machine(
    "publication",
    (_P.DRAFT,),
    (
        _arrow("ask_for_approval", (_P.DRAFT,), _P.AWAITING_APPROVAL, *_OFFICE),
        _arrow("discard", (_P.DRAFT,), _P.DISCARDED, *_OFFICE),
        _arrow("approve", (_P.AWAITING_APPROVAL,), _P.AWAITING_APPROVAL, Actor.OFFICE_DIRECTOR, Actor.LEADING_GROUP),
        _arrow("approve", (_P.AWAITING_APPROVAL,), _P.PUBLISHED, Actor.OFFICE_DIRECTOR, Actor.LEADING_GROUP),
        _arrow("send_back", (_P.AWAITING_APPROVAL,), _P.DRAFT, *_OFFICE, Actor.LEADING_GROUP),
        _arrow("withdraw", (_P.PUBLISHED,), _P.WITHDRAWN, *_OFFICE, Actor.LEADING_GROUP),
        _arrow("replace", (_P.PUBLISHED,), _P.REPLACED, Actor.SYSTEM),
    ),
)

_E = EvaluationState

EVALUATION = Machine(
    "evaluation",
    (_E.COMPUTED,),
    (
        _arrow("compute", (_E.COMPUTED,), _E.COMPUTED, *_OFFICE),
        _arrow("confirm", (_E.COMPUTED,), _E.CONFIRMED, Actor.OFFICE_DIRECTOR),
        _arrow("reconsider", (_E.CONFIRMED,), _E.COMPUTED, Actor.OFFICE_DIRECTOR),
        _arrow("release", (_E.CONFIRMED,), _E.RELEASED, Actor.OFFICE_DIRECTOR),
    ),
)

_B = SpecialBriefState

SPECIAL_BRIEF = Machine(
    "special_brief",
    (_B.WITH_OFFICE,),
    (
        _arrow("pass_on", (_B.WITH_OFFICE,), _B.WITH_LEADING_GROUP, *_OFFICE),
        _arrow("send_back", (_B.WITH_OFFICE,), _B.SENT_BACK, *_OFFICE),
        _arrow("instruct", (_B.WITH_LEADING_GROUP,), _B.INSTRUCTED, Actor.LEADING_GROUP),
        _arrow("report_households", (_B.INSTRUCTED,), _B.INSTRUCTED, Actor.TEAM_LEADER, Actor.COUNTY_LEADER, *_OFFICE),
        _arrow("finish", (_B.INSTRUCTED,), _B.DONE, *_OFFICE),
    ),
)

_Q = RequestState
_ASKERS = (Actor.TEAM_MEMBER, Actor.TEAM_LEADER, Actor.UNIT_HEAD, Actor.LIAISON, Actor.TOWNSHIP_OFFICE)

REQUEST = Machine(
    "request",
    (_Q.SENT,),
    (
        _arrow("reply", (_Q.SENT,), _Q.REPLIED, Actor.RECEIVING_DEPARTMENT),
        _arrow("call_off", (_Q.SENT,), _Q.CALLED_OFF, *_ASKERS),
    ),
)

_T = TransferState
_WITH_DEPARTMENT = (_T.SENT, _T.SIGNED)

TRANSFER = Machine(
    "transfer",
    (_T.SENT, _T.PROPOSED),
    (
        _arrow("approve", (_T.PROPOSED,), _T.SENT, Actor.OFFICE_DIRECTOR, Actor.LEADING_GROUP),
        _arrow("decline", (_T.PROPOSED,), _T.DECLINED, Actor.OFFICE_DIRECTOR, Actor.LEADING_GROUP),
        _arrow("sign", (_T.SENT,), _T.SIGNED, Actor.RECEIVING_DEPARTMENT),
        _arrow("send_back", _WITH_DEPARTMENT, _T.SENT_BACK, Actor.RECEIVING_DEPARTMENT),
        _arrow("ask_for_time", (_T.SIGNED,), _T.SIGNED, Actor.RECEIVING_DEPARTMENT),
        _arrow("report", (_T.SIGNED,), _T.ANSWERED, Actor.RECEIVING_DEPARTMENT),
        _arrow("give_outcome", (_T.SIGNED,), _T.ANSWERED, Actor.RECEIVING_DEPARTMENT),
        _arrow("take_back", _WITH_DEPARTMENT, _T.TAKEN_BACK, Actor.TEAM_LEADER),
    ),
)

_V = VisitState

REVISIT = Machine(
    "revisit",
    (RevisitState.RUNNING,),
    (_arrow("end", (RevisitState.RUNNING,), RevisitState.ENDED, *_OFFICE, Actor.SYSTEM),),
)

VISIT = Machine(
    "visit",
    (_V.NOT_PLANNED,),
    (
        _arrow("plan", (_V.NOT_PLANNED, _V.RECORDED), _V.PLANNED, *_OFFICE, Actor.REVISIT_GROUP),
        _arrow("call_off", (_V.PLANNED,), _V.NOT_PLANNED, *_OFFICE, Actor.REVISIT_GROUP),
        _arrow("record", (_V.NOT_PLANNED, _V.PLANNED), _V.RECORDED, Actor.REVISIT_GROUP),
    ),
)

_K = SelfCheckState

SELF_CHECK = Machine(
    "self_check",
    (_K.SENT,),
    (
        _arrow("answer", (_K.SENT,), _K.ANSWERED, Actor.UNIT_HEAD, Actor.LIAISON),
        _arrow("call_off", (_K.SENT,), _K.CALLED_OFF, *_OFFICE),
    ),
)

_HEARD = DraftCommentState

DRAFT_COMMENT = Machine(
    "draft_comment",
    (_HEARD.ASKED,),
    (
        _arrow("agree", (_HEARD.ASKED,), _HEARD.AGREED, Actor.UNIT_HEAD),
        _arrow("comment", (_HEARD.ASKED,), _HEARD.COMMENTED, Actor.UNIT_HEAD),
        _arrow("settle", (_HEARD.COMMENTED,), _HEARD.SETTLED, *_OFFICE, Actor.TEAM_LEADER),
        _arrow("end", (_HEARD.ASKED,), _HEARD.ENDED, *_OFFICE, Actor.TEAM_LEADER),
    ),
)

SELF_REPORT = Machine(
    "self_report",
    (SelfReportState.PREPARED,),
    (
        _arrow("confirm", (SelfReportState.PREPARED,), SelfReportState.CONFIRMED, Actor.UNIT_HEAD),
        _arrow("give_back", (SelfReportState.PREPARED,), SelfReportState.GIVEN_BACK, Actor.UNIT_HEAD),
    ),
)

_FEEDBACK = FeedbackState

FEEDBACK = Machine(
    "feedback",
    (_FEEDBACK.RECORDED,),
    (
        _arrow("sign", (_FEEDBACK.RECORDED,), _FEEDBACK.SIGNED, Actor.UNIT_HEAD),
        _arrow("take_back", (_FEEDBACK.RECORDED,), _FEEDBACK.TAKEN_BACK, *_OFFICE, Actor.TEAM_LEADER),
    ),
)

_N = PatternState

PATTERN = Machine(
    "pattern",
    (_N.PROPOSED,),
    (
        _arrow("confirm", (_N.PROPOSED,), _N.CONFIRMED, *_OFFICE),
        _arrow("decline", (_N.PROPOSED,), _N.DECLINED, *_OFFICE),
        _arrow("propose_again", (_N.DECLINED,), _N.PROPOSED, Actor.SYSTEM),
    ),
)

_L = LetterState

LETTER = Machine(
    "letter",
    (_L.DRAFT,),
    (
        _arrow("approve", (_L.DRAFT,), _L.SENT, Actor.OFFICE_DIRECTOR),
        _arrow("discard", (_L.DRAFT,), _L.DISCARDED, *_OFFICE),
        _arrow("sign", (_L.SENT,), _L.SIGNED, Actor.RECEIVING_DEPARTMENT),
        _arrow("reply", (_L.SIGNED,), _L.REPLIED, Actor.RECEIVING_DEPARTMENT),
        _arrow("tell_reform", (_L.REPLIED,), _L.REFORMED, Actor.RECEIVING_DEPARTMENT),
    ),
)

_TALK = TalkState

TALK = Machine(
    "talk",
    (_TALK.EXPECTED, _TALK.PROPOSED),
    (
        _arrow("propose", (_TALK.EXPECTED,), _TALK.PROPOSED, Actor.SYSTEM),
        _arrow("approve", (_TALK.PROPOSED,), _TALK.APPROVED, Actor.LEADING_GROUP),
        _arrow("decline", (_TALK.PROPOSED,), _TALK.DECLINED, Actor.LEADING_GROUP),
        _arrow("arrange", (_TALK.APPROVED, _TALK.ARRANGED), _TALK.ARRANGED, *_OFFICE),
        _arrow("record", (_TALK.ARRANGED,), _TALK.HELD, *_OFFICE, Actor.LEADING_GROUP),
        _arrow("keep", (_TALK.HELD, _TALK.BROKEN), _TALK.KEPT, Actor.SYSTEM, *_OFFICE),
        _arrow("break", (_TALK.HELD,), _TALK.BROKEN, Actor.SYSTEM),
        _arrow(
            "call_off",
            (_TALK.EXPECTED, _TALK.PROPOSED, _TALK.APPROVED, _TALK.ARRANGED),
            _TALK.CALLED_OFF,
            Actor.SYSTEM,
            *_OFFICE,
        ),
    ),
    imported=(_TALK.HELD,),
)

_BULLETIN = BulletinState

BULLETIN = Machine(
    "bulletin",
    (_BULLETIN.DRAFT,),
    (
        _arrow("edit", (_BULLETIN.DRAFT,), _BULLETIN.DRAFT, *_OFFICE),
        _arrow("send_to_unit", (_BULLETIN.DRAFT,), _BULLETIN.SENT, Actor.OFFICE_DIRECTOR),
        _arrow("send_to_all", (_BULLETIN.DRAFT,), _BULLETIN.SENT, Actor.OFFICE_DIRECTOR),
        _arrow("discard", (_BULLETIN.DRAFT,), _BULLETIN.DISCARDED, *_OFFICE),
    ),
)

_DOCKET = DocketState

DOCKET = Machine(
    "docket",
    (_DOCKET.WAITING,),
    (
        _arrow("say_why", (_DOCKET.WAITING,), _DOCKET.WAITING, *_OFFICE, Actor.TEAM_LEADER),
        _arrow("give_red_card", (_DOCKET.WAITING,), _DOCKET.DECIDED, Actor.LEADING_GROUP),
        _arrow("decline_red_card", (_DOCKET.WAITING,), _DOCKET.DECLINED, Actor.LEADING_GROUP),
        _arrow("decide", (_DOCKET.WAITING,), _DOCKET.DECIDED, Actor.LEADING_GROUP),
        _arrow("give_opinion", (_DOCKET.WAITING, _DOCKET.DECIDED), _DOCKET.DECIDED, Actor.LEADING_GROUP),
        _arrow("take_back", (_DOCKET.WAITING,), _DOCKET.TAKEN_BACK, Actor.SYSTEM, *_OFFICE, Actor.TEAM_LEADER),
    ),
)

_TASK = TaskState

TASK = Machine(
    "task",
    (_TASK.OPEN,),
    (
        _arrow("finish", (_TASK.OPEN,), _TASK.DONE, Actor.OWNER, *_OFFICE),
        _arrow("move", (_TASK.OPEN,), _TASK.OPEN, *_OFFICE, Actor.LEADING_GROUP, Actor.TEAM_LEADER),
        _arrow(
            "call_off", (_TASK.OPEN,), _TASK.CALLED_OFF, Actor.SYSTEM, *_OFFICE, Actor.LEADING_GROUP, Actor.TEAM_LEADER
        ),
    ),
)

_ACCOUNT = AccountabilityState

ACCOUNTABILITY = Machine(
    "accountability",
    (_ACCOUNT.ENTERED,),
    (
        _arrow("count", (_ACCOUNT.ENTERED,), _ACCOUNT.COUNTED, Actor.OFFICE_DIRECTOR, Actor.LEADING_GROUP),
        _arrow("send_back", (_ACCOUNT.ENTERED,), _ACCOUNT.SENT_BACK, Actor.OFFICE_DIRECTOR, Actor.LEADING_GROUP),
    ),
)

MACHINES = (
    ROUND,
    CASE,
    ITEM,
    PAPER,
    PUBLICATION,
    EVALUATION,
    SPECIAL_BRIEF,
    TRANSFER,
    REQUEST,
    REVISIT,
    VISIT,
    SELF_CHECK,
    DRAFT_COMMENT,
    SELF_REPORT,
    FEEDBACK,
    PATTERN,
    LETTER,
    TALK,
    BULLETIN,
    DOCKET,
    TASK,
    ACCOUNTABILITY,
)
