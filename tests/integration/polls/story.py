"""A poll at a unit of the sample county, and people who answer it."""

from collections.abc import Sequence
from typing import Any

from models.polls import Poll
from services.polls.counts import Answer
from services.polls.polls import answer_poll, close_poll, open_poll, print_codes
from services.polls.questions import NEWEST, QUESTIONS, Choice
from services.unit_of_work import UnitOfWork
from tests.integration.rectification.conftest import who

DIRECTOR, CLERK, LEADING_GROUP, LEADER = "P03", "P04", "P01", "P05"
UNIT, UNIT_NAME = "U1", "竹坞镇党委"
ASPECTS = QUESTIONS[NEWEST]


def all_of(choice: Choice, **others: Choice) -> Answer:
    """An answer that says the same of each aspect, but for some."""
    return Answer(dict.fromkeys(ASPECTS, choice) | others)


async def opened(work: UnitOfWork, codes: int = 10, by: str = LEADER) -> tuple[Poll, list[str]]:
    """Open a poll and print codes for it."""
    holder = await who(work, by)
    poll = await open_poll(work, holder, UNIT)
    return poll, await print_codes(work, holder, poll.id, codes)


async def answered(work: UnitOfWork, codes: Sequence[str], choice: Choice = Choice.GOOD) -> None:
    """Let each of these codes answer alike."""
    for code in codes:
        await answer_poll(work, code, all_of(choice))


async def closed(work: UnitOfWork, poll: Poll, by: str = LEADER) -> Poll:
    """Close a poll."""
    return await close_poll(work, await who(work, by), poll.id)


def fields_of(answer: Answer) -> dict[str, Any]:
    """Return an answer as a form sends it."""
    return {aspect: choice.value for aspect, choice in answer.choices.items()}
