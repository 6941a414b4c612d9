"""`states`: the rules of what may follow what."""

from collections.abc import Collection, Iterable

import click

from handlers.actions import Action
from handlers.cases.actions import ACTIONS as CASE_ACTIONS
from handlers.cases.special_briefs import ACTIONS as SPECIAL_BRIEF_ACTIONS
from handlers.docket.accountability import ACTIONS as ACCOUNTABILITY_ACTIONS
from handlers.docket.entries import ACTIONS as DOCKET_ACTIONS
from handlers.docket.tasks import ACTIONS as TASK_ACTIONS
from handlers.evaluation.subject import ACTIONS as EVALUATION_ACTIONS
from handlers.items.actions import ACTIONS as ITEM_ACTIONS
from handlers.items.draft_comments import ACTIONS as DRAFT_COMMENT_ACTIONS
from handlers.items.feedback import ACTIONS as FEEDBACK_ACTIONS
from handlers.items.papers import ACTIONS as PAPER_ACTIONS
from handlers.items.self_reporting import ACTIONS as SELF_REPORT_ACTIONS
from handlers.letters.letters import ACTIONS as LETTER_ACTIONS
from handlers.letters.patterns import ACTIONS as PATTERN_ACTIONS
from handlers.publication.actions import ACTIONS as PUBLICATION_ACTIONS
from handlers.publication.objections import ACTIONS as OBJECTION_ACTIONS
from handlers.revisits.checks import ACTIONS as SELF_CHECK_ACTIONS
from handlers.revisits.subject import REVISIT_ACTIONS, VISIT_ACTIONS
from handlers.rounds.subject import SUBJECT as ROUNDS
from handlers.talks.bulletins import ACTIONS as BULLETIN_ACTIONS
from handlers.talks.talks import ACTIONS as TALK_ACTIONS
from handlers.transfers.requests import ACTIONS as REQUEST_ACTIONS
from handlers.transfers.subject import ACTIONS as TRANSFER_ACTIONS
from models.states import (
    ACCOUNTABILITY,
    BULLETIN,
    CASE,
    DOCKET,
    DRAFT_COMMENT,
    EVALUATION,
    FEEDBACK,
    ITEM,
    LETTER,
    MACHINES,
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
)


@click.command()
def states() -> None:
    """Print all state machines as Mermaid diagrams."""
    click.echo(diagrams(), nl=False)


def diagrams() -> str:
    """Return all state machines as Markdown."""
    by_staff = staff_actions()
    return "\n".join(
        f"## {machine.name}\n\n```mermaid\n{machine.mermaid(by_staff[machine.name])}\n```\n" for machine in MACHINES
    )


def staff_actions() -> dict[str, Collection[str]]:
    """Return what the staff have a button, a form or a command for, by the name of the machine."""
    return {
        ROUND.name: _transitions(ROUNDS.actions),
        CASE.name: _transitions((*CASE_ACTIONS, *TRANSFER_ACTIONS)),
        ITEM.name: _transitions((*ITEM_ACTIONS, *OBJECTION_ACTIONS)),
        PAPER.name: _transitions(PAPER_ACTIONS) | {"replace"},  # by writing another one
        PUBLICATION.name: _transitions(PUBLICATION_ACTIONS),
        EVALUATION.name: _transitions(EVALUATION_ACTIONS),
        SPECIAL_BRIEF.name: _transitions(SPECIAL_BRIEF_ACTIONS),
        TRANSFER.name: _transitions((*CASE_ACTIONS, *TRANSFER_ACTIONS)),
        REQUEST.name: _transitions(REQUEST_ACTIONS),
        REVISIT.name: _transitions(REVISIT_ACTIONS),
        VISIT.name: _transitions(VISIT_ACTIONS),
        SELF_CHECK.name: _transitions(SELF_CHECK_ACTIONS),
        DRAFT_COMMENT.name: _transitions(DRAFT_COMMENT_ACTIONS) | {"end"},  # with its draft
        SELF_REPORT.name: _transitions(SELF_REPORT_ACTIONS),
        FEEDBACK.name: _transitions(FEEDBACK_ACTIONS),
        PATTERN.name: _transitions(PATTERN_ACTIONS),
        LETTER.name: _transitions(LETTER_ACTIONS),
        TALK.name: _transitions(TALK_ACTIONS),
        BULLETIN.name: _transitions(BULLETIN_ACTIONS),
        DOCKET.name: _transitions(DOCKET_ACTIONS),
        TASK.name: _transitions(TASK_ACTIONS),
        ACCOUNTABILITY.name: _transitions(ACCOUNTABILITY_ACTIONS),
    }


def _transitions(actions: Iterable[Action]) -> frozenset[str]:
    return frozenset(action.transition for action in actions if action.transition is not None)
