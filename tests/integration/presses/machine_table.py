"""Who is what at each kind of record, and where its presses stand: with the state machines it follows who may do what.

Written by hand are the seats of people and what holds beside a machine. A case has a table of its own
(tests/integration/cases/press_table.py).
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from handlers.actions import Action
from handlers.cases.special_briefs import ACTIONS as BRIEFS
from handlers.docket.accountability import ACTIONS as ACCOUNTABILITY_LINES
from handlers.docket.entries import ACTIONS as DOCKET_ENTRIES
from handlers.docket.tasks import ACTIONS as TASKS
from handlers.evaluation.subject import ACTIONS as GRADES
from handlers.items.actions import ACTIONS as ITEMS
from handlers.items.draft_comments import ACTIONS as COMMENTS
from handlers.items.feedback import ACTIONS as MEETINGS
from handlers.items.papers import ACTIONS as PAPERS
from handlers.items.self_reporting import ACTIONS as SELF_REPORTS
from handlers.letters.letters import ACTIONS as LETTERS
from handlers.letters.patterns import ACTIONS as PATTERNS
from handlers.publication.actions import ACTIONS as PUBLICATIONS
from handlers.revisits.checks import ACTIONS as SELF_CHECKS
from handlers.revisits.subject import REVISIT_ACTIONS, VISIT_ACTIONS
from handlers.rounds.subject import SUBJECT as ROUNDS
from handlers.talks.bulletins import ACTIONS as BULLETINS
from handlers.talks.talks import ACTIONS as TALKS
from handlers.transfers.requests import ACTIONS as REQUESTS
from handlers.transfers.subject import ACTIONS as TRANSFERS
from models.base import Base
from models.bulletins import Bulletin
from models.clusters import SpecialBrief
from models.docket import Accountability, DocketEntry, Task
from models.draft_comments import DraftComment, Settlement
from models.evaluation import RoundEvaluation
from models.feedback import FeedbackMeeting
from models.letters import Letter, Pattern
from models.publication import Publication
from models.rectification import ItemPaper, RectificationItem
from models.requests import Request
from models.revisits import Revisit, RevisitVisit, SelfCheck
from models.rounds import Round
from models.self_reports import SelfReport
from models.states import (
    ACCOUNTABILITY,
    BULLETIN,
    DOCKET,
    DRAFT_COMMENT,
    EVALUATION,
    FEEDBACK,
    ITEM,
    LETTER,
    PAPER,
    PATTERN,
    PUBLICATION,
    REQUEST,
    REVISIT,
    ROUND,
    SELF_CHECK,
    SELF_REPORT,
    SPECIAL_BRIEF,
    TALK,
    TASK,
    TRANSFER,
    VISIT,
    Actor,
    DraftCommentState,
    FeedbackState,
    ItemState,
    Machine,
    PaperState,
    SpecialBriefState,
    TransferState,
)
from models.talks import Talk
from models.transfers import Transfer
from services.unit_of_work import UnitOfWork
from tests.integration.presses import records

# The sample's people around team T1 and unit U1, and some who have to do with others alone.
PEOPLE = {
    "member": "P06",
    "leader": "P05",
    "other_teams_leader": "P08",
    "office": "P04",
    "director": "P03",
    "group": "P02",
    "head": "P14",
    "liaison": "P20",
    "other_head": "P15",
    "county_leader": "P25",
    "contact": "P32",
    "department_head": "P39",
    "discipline": "P34",
}
# Of those whom a record is nothing to, these press, too: they are something elsewhere.
STRANGERS = ("other_teams_leader", "other_head", "county_leader", "contact", "group")
_A = Actor
_OFFICE = {"office": {_A.OFFICE_STAFF}, "director": {_A.OFFICE_DIRECTOR}}
_GROUP = {"group": {_A.LEADING_GROUP}}
_UNIT = {"head": {_A.UNIT_HEAD}, "liaison": {_A.LIAISON}}
_LEADER = {"leader": {_A.TEAM_LEADER}}
_DEPARTMENT = {"contact": {_A.RECEIVING_DEPARTMENT}, "department_head": {_A.RECEIVING_DEPARTMENT}}
_AT_ITEM = {
    **_OFFICE,
    **_UNIT,
    "leader": {_A.TEAM_LEADER, _A.TEAM_MEMBER},
    "member": {_A.TEAM_MEMBER},
    "county_leader": {_A.COUNTY_LEADER},
}
# Approved by nobody but the director, and what the leading group decides is entered by the same.
_AT_ROUND = {"director": {_A.OFFICE_DIRECTOR, _A.LEADING_GROUP}}

Seats = Mapping[str, set[Actor]]
# What holds beside the machine: whether somebody may do it in a state, if the machine says so.
Beside = Callable[[str, Any], bool]


@dataclass(frozen=True)
class Pressed:
    """A kind of record: its machine, its presses, how one is laid, and who is what at it."""

    machine: Machine[Any]
    table: type[Base]
    area: str
    actions: tuple[Action, ...]
    lay: Callable[[UnitOfWork], Awaitable[str]]
    seats: Seats
    beside: Mapping[str, Beside] = field(default_factory=dict)
    put: Callable[[UnitOfWork, Any, Any], Awaitable[None]] = records.nothing_more  # what goes with a state
    says: Mapping[str, str] = field(default_factory=dict)  # to the steps of its forms
    never_in: frozenset[Any] = frozenset()  # states to which one of these does not come
    # What has a button all the same that says what is missing, in which state.
    lacks: frozenset[tuple[str, Any]] = frozenset()
    # What one press does by hand where another one is offered, by who does it.
    same_deed: Mapping[str, set[str]] = field(default_factory=dict)

    def buttons(self) -> list[Action]:
        """Return the actions that follow an arrow of the machine and have a button."""
        return [one for one in self.actions if one.transition is not None and one.label is not None]

    def people(self) -> dict[str, str]:
        """Return who presses: everybody with a seat, and some without one."""
        return {person: PEOPLE[person] for person in dict.fromkeys((*self.seats, *STRANGERS))}

    def states(self) -> list[Any]:
        """Return the states to which one comes."""
        return [state for state in type(self.machine.first[0]) if state not in self.never_in]

    def may(self, person: str, state: Any) -> set[str]:
        """Return the actions that somebody may do in a state."""
        found = set()
        for action in self.buttons():
            assert action.transition is not None
            by_machine = action.transition in self.machine.actions(state, self.seats.get(person, set()))
            if by_machine and self.beside.get(action.name, _always)(person, state):
                found.add(action.name)
        return found

    def leads_to(self, action: Action, state: Any) -> set[Any]:
        """Return the states to which an action may lead from one."""
        arrows = [one for one in self.machine.transitions if one.action == action.transition and state in one.sources]
        return {one.target for one in arrows}


def _always(_person: str, _state: Any) -> bool:
    return True


def _but(*people: str) -> Beside:
    return lambda person, _state: person not in people


def _not_in(*states: Any) -> Beside:
    return lambda _person, state: state not in states


def _never(_person: str, _state: Any) -> bool:
    return False


async def _put_item(work: UnitOfWork, row: RectificationItem, state: ItemState) -> None:
    row.is_open = state != ItemState.CLEARED
    if state is ItemState.COUNTERSIGNED:
        await records.sign(work, row)


async def _put_paper(_work: UnitOfWork, row: ItemPaper, state: PaperState) -> None:
    row.confirmed_by_id = None if state in (PaperState.PREPARED, PaperState.GIVEN_BACK) else records.HEAD


async def _put_meeting(_work: UnitOfWork, row: FeedbackMeeting, state: FeedbackState) -> None:
    signed = state is FeedbackState.SIGNED
    row.signed_by, row.signed_at = (records.HEAD, records.SIGNED_AT) if signed else (None, None)


async def _put_comment(_work: UnitOfWork, row: DraftComment, state: DraftCommentState) -> None:
    is_settled = state is DraftCommentState.SETTLED
    row.settlement, row.settled_by = (Settlement.KEPT, records.OFFICE) if is_settled else (None, None)


async def _put_brief(_work: UnitOfWork, row: SpecialBrief, state: SpecialBriefState) -> None:
    is_instructed = state in (SpecialBriefState.INSTRUCTED, SpecialBriefState.DONE)
    row.lead_id = records.COUNTY_LEADER if is_instructed else None


_PROPOSED = frozenset({TransferState.PROPOSED, TransferState.DECLINED})

PRESSED = {
    "round": Pressed(ROUND, Round, "round", tuple(ROUNDS.actions), records.county_round, _AT_ROUND),
    "item": Pressed(ITEM, RectificationItem, "item", ITEMS, records.handed_in_item_of_danger, _AT_ITEM, put=_put_item,
        same_deed={"submit": {"liaison"}},
        beside={"countersign": _not_in(ItemState.COUNTERSIGNED)}, lacks=frozenset({("clear", ItemState.PASSED)})),
    "plan": Pressed(
        PAPER, ItemPaper, "paper", PAPERS, records.plan, _AT_ITEM,
        beside={"grant_extension": _never, "refuse_extension": _never}, put=_put_paper,
    ),
    "extension": Pressed(
        PAPER, ItemPaper, "paper", PAPERS, records.extension, _AT_ITEM,
        beside={"approve_plan": _never, "decline_plan": _never}, put=_put_paper,
    ),
    "publication": Pressed(
        PUBLICATION, Publication, "publication", PUBLICATIONS, records.publication, {**_OFFICE, **_GROUP},
    ),
    "evaluation": Pressed(
        EVALUATION, RoundEvaluation, "grade", GRADES, records.evaluation, {**_OFFICE},
    ),
    "special_brief": Pressed(
        SPECIAL_BRIEF, SpecialBrief, "brief", BRIEFS, records.brief,
        {**_OFFICE, **_GROUP, **_LEADER, "county_leader": {_A.COUNTY_LEADER}}, put=_put_brief,
    ),
    "transfer": Pressed(TRANSFER, Transfer, "transfer", TRANSFERS, records.passed_on, _DEPARTMENT,
        beside={"give_outcome": _never}, never_in=_PROPOSED),
    "proposed_lead": Pressed(
        TRANSFER, Transfer, "transfer", TRANSFERS, records.proposed_lead, {"director": {_A.OFFICE_DIRECTOR}},
        never_in=frozenset(TransferState) - _PROPOSED,
    ),
    "lead": Pressed(
        TRANSFER, Transfer, "transfer", TRANSFERS, records.lead, {"discipline": {_A.RECEIVING_DEPARTMENT}},
        beside={"report": _never, "ask_for_time": _never}, never_in=_PROPOSED,
    ),
    "request": Pressed(
        REQUEST, Request, "request", REQUESTS, records.request, {**_DEPARTMENT, "member": {_A.TEAM_MEMBER}},
    ),
    "call": Pressed(REQUEST, Request, "request", REQUESTS, records.call, {**_DEPARTMENT, "head": {_A.UNIT_HEAD}}),
    "revisit": Pressed(
        REVISIT, Revisit, "revisit", REVISIT_ACTIONS, records.revisit,
        {**_OFFICE, "discipline": {_A.REVISIT_GROUP}},
    ),
    "visit": Pressed(
        VISIT, RevisitVisit, "visit", VISIT_ACTIONS, records.visit, {**_OFFICE, "discipline": {_A.REVISIT_GROUP}},
    ),
    "self_check": Pressed(SELF_CHECK, SelfCheck, "check", SELF_CHECKS, records.self_check, {**_OFFICE, **_UNIT}),
    "comment": Pressed(
        DRAFT_COMMENT, DraftComment, "comment", COMMENTS, records.comment,
        {**_OFFICE, **_LEADER, "head": {_A.UNIT_HEAD}}, put=_put_comment,
    ),
    "self_report": Pressed(SELF_REPORT, SelfReport, "selfreport", SELF_REPORTS, records.self_report, _UNIT),
    "feedback": Pressed(FEEDBACK, FeedbackMeeting, "feedback", MEETINGS, records.feedback,
        {**_OFFICE, **_LEADER, **_UNIT, **_GROUP}, put=_put_meeting),
    "pattern": Pressed(PATTERN, Pattern, "pattern", PATTERNS, records.pattern, _OFFICE),
    "letter": Pressed(LETTER, Letter, "letter", LETTERS, records.letter, {**_OFFICE, **_GROUP, **_DEPARTMENT}),
    "talk": Pressed(
        TALK, Talk, "talk", TALKS, records.talk, {**_AT_ITEM, **_GROUP},
    ),
    "bulletin": Pressed(BULLETIN, Bulletin, "bulletin", BULLETINS, records.bulletin, _OFFICE),
    "docket": Pressed(
        DOCKET, DocketEntry, "docket", DOCKET_ENTRIES, records.matter_before_group,
        {**_OFFICE, **_GROUP, **_LEADER},
        beside={"give_red_card": _never, "decline_red_card": _never, "take_back": _but("leader")},
    ),
    "red_card": Pressed(
        DOCKET, DocketEntry, "docket", DOCKET_ENTRIES, records.red_card_before_group,
        {**_OFFICE, **_GROUP, **_LEADER}, beside={"decide": _never, "take_back": _but("leader", "office")},
    ),
    "task": Pressed(TASK, Task, "task", TASKS, records.task, {**_OFFICE, **_GROUP, "county_leader": {_A.OWNER}}),
    "accountability": Pressed(
        ACCOUNTABILITY, Accountability, "account", ACCOUNTABILITY_LINES, records.line_of_accountability,
        {**_OFFICE, **_GROUP, **_LEADER},
    ),
}  # fmt: skip
