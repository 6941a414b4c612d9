"""The team asks a reporter: at most three questions at a time, at most three times a case."""

from collections.abc import Sequence

from sqlalchemy import func, select

from models.complaints import Case, CaseEvent, MessageKind, Particular
from models.states import CASE
from services.access.member import Member
from services.cases.actions import acting_as
from services.cases.case_log import case_seen_by, step
from services.cases.claim import own_if_free
from services.cases.identity_probing import say_in_own_words
from services.unit_of_work import UnitOfWork

MOST_TIMES = 3  # a case
MOST_QUESTIONS = 3  # at a time


class EnoughAsked(Exception):
    """The reporter has been asked as often as anybody may ask."""


async def may_ask(work: UnitOfWork, who: Member, case_id: str) -> Case:
    """Return a case whose reporter the member may ask now, if any question is left; raise Impossible or NotEntitled."""
    case = await case_seen_by(work, who, case_id)
    CASE.step(case.state, "ask", acting_as(who, case))
    return case


async def questions_left(work: UnitOfWork, case: Case) -> int:
    """Return how often the reporter of a case may still be asked. Raises EnoughAsked at none."""
    query = select(func.count()).where(CaseEvent.case_id == case.id, CaseEvent.event == "ask")
    left = MOST_TIMES - (await work.session.scalar(query) or 0)
    if left <= 0:
        raise EnoughAsked
    return left


async def ask(
    work: UnitOfWork, who: Member, case_id: str, question: str = "", *, about: Sequence[Particular] = ()
) -> Case:
    """Put questions into the reporter's dialogue: prepared ones about particulars, and one in the member's own words.

    The case waits for the answer, and is the member's if nobody's. Raises EnoughAsked, ContainsContact, ValueError for
    more questions than may be asked at a time, and what `may_ask` does.
    """
    if not 1 <= len(about) + bool(question) <= MOST_QUESTIONS:
        raise ValueError(f"{len(about) + bool(question)} questions at a time.")
    case = await may_ask(work, who, case_id)
    await questions_left(work, case)
    await own_if_free(work, case, who)
    await step(work, case, "ask", who.actors_at(case), by=who)
    prepared = [particular.value for particular in about]
    await say_in_own_words(work, who, case, MessageKind.QUESTION, question, prepared=prepared)
    return case
