"""Evening talks in villages: announced, logged suggestion by suggestion, and counted as suggested and solved."""

import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, time

from sqlalchemy import func, select

from models.base import random_id
from models.complaints import Case, Door
from models.fieldwork import EveningTalk, Suggestion
from models.rounds import PlaceKind
from models.states import CaseState, Impossible, NotEntitled
from services.access.member import Member
from services.cases.masking import hidden
from services.fieldwork.enter import Entry, enter
from services.fieldwork.places import FieldPlace, place_worked_at, places_worked_at
from services.fieldwork.sealed import opened, seal
from services.intake.submit import Submission
from services.unit_of_work import UnitOfWork

LONGEST_SUGGESTION = 500  # characters
MOST_SUGGESTIONS = 200  # of one evening
_SOLVED = frozenset({CaseState.CLOSED})


@dataclass(frozen=True)
class LoggedSuggestion:
    """One suggestion, opened; `case_id` is the case that was made of it, for those who may know of that."""

    id: str
    position: int
    text: str | None  # None: the round's key is destroyed
    is_solved: bool
    is_case: bool
    case_id: str | None


@dataclass(frozen=True)
class SuggestionCount:
    """How many evening talks there were, how many suggestions, and how many of these are solved."""

    talks: int = 0
    suggested: int = 0
    solved: int = 0


async def plan_talk(
    work: UnitOfWork, who: Member, key: str, held_on: date, begins_at: time | None = None, place: str | None = None
) -> EveningTalk:
    """Enter an evening talk in a village. Raises NotEntitled."""
    village = place_worked_at(await work.directory(), who, key)
    if village.kind != PlaceKind.VILLAGE:
        raise NotEntitled
    talk = EveningTalk(
        id=f"N{secrets.token_hex(4)}",
        round_id=village.round_id,
        village_id=village.id,
        held_on=held_on,
        begins_at=f"{begins_at:%H:%M}" if begins_at else None,
        place=place,
        by_id=who.id,
        counted=0,
        counted_solved=0,
    )
    work.session.add(talk)
    await work.session.flush()
    return talk


async def talks_at(work: UnitOfWork, village: FieldPlace) -> Sequence[EveningTalk]:
    """Return the evening talks in a village, the latest first."""
    query = select(EveningTalk).where(EveningTalk.round_id == village.round_id, EveningTalk.village_id == village.id)
    return list(await work.session.scalars(query.order_by(EveningTalk.held_on.desc(), EveningTalk.id)))


async def talk_of(work: UnitOfWork, who: Member, talk_id: str) -> tuple[EveningTalk, FieldPlace]:
    """Return an evening talk in a village where somebody works, with that. Raises NotEntitled."""
    talk = await work.session.get(EveningTalk, talk_id)
    found = [
        place
        for place in places_worked_at(await work.directory(), who)
        if talk is not None and (place.round_id, place.village_id) == (talk.round_id, talk.village_id)
    ]
    if talk is None or not found:
        raise NotEntitled
    return talk, found[0]


async def log_suggestion(work: UnitOfWork, who: Member, talk_id: str, text: str) -> int:
    """Note one suggestion; return how many there are. Raises NotEntitled, and Impossible when it are too many."""
    talk, _ = await talk_of(work, who, talk_id)
    await work.session.get_one(EveningTalk, talk.id, with_for_update=True)  # two of a team log at once
    count = await work.session.scalar(select(func.count()).where(Suggestion.talk_id == talk.id)) or 0
    if count >= MOST_SUGGESTIONS:
        raise Impossible("log_suggestion", str(count))
    suggestion = Suggestion(id=random_id(), talk_id=talk.id, position=count, by_id=who.id, is_solved=False)
    suggestion.sealed = seal(work, talk.round_id, _record_of(suggestion.id), text)
    work.session.add(suggestion)
    await work.session.flush()
    return count + 1


async def suggestions_of(work: UnitOfWork, who: Member, talk_id: str) -> list[LoggedSuggestion]:
    """Return the suggestions of a talk in their order; what leads to a person is masked. Raises NotEntitled."""
    talk, _ = await talk_of(work, who, talk_id)
    query = (
        select(Suggestion, Case)
        .outerjoin(Case, Case.id == Suggestion.case_id)
        .where(Suggestion.talk_id == talk.id)
        .order_by(Suggestion.position)
    )
    found = []
    for row, case in await work.session.execute(query):
        text = opened(work, talk.round_id, _record_of(row.id), row.sealed)
        [shown] = hidden([text], who.language) if text is not None else [None]
        known = case if case is not None and who.knows_of(case) else None
        is_solved = row.is_solved or (known is not None and known.state in _SOLVED)
        is_case, number = row.case_id is not None, known.id if known is not None else None
        found.append(LoggedSuggestion(row.id, row.position, shown, is_solved, is_case, number))
    return found


async def solve(work: UnitOfWork, who: Member, suggestion_id: str) -> EveningTalk:
    """Note that a suggestion is solved. Raises NotEntitled; Impossible when it is already, or a case was made of it."""
    suggestion, talk, _ = await _to_change(work, who, suggestion_id)
    if suggestion.is_solved or suggestion.case_id is not None:
        raise Impossible("solve", "solved")
    suggestion.is_solved = True
    await work.session.flush()
    return talk


async def make_case(work: UnitOfWork, who: Member, suggestion_id: str) -> tuple[Submission, Case, EveningTalk]:
    """Make a case of a suggestion. Raises NotEntitled; Impossible when one was made, or it is solved."""
    suggestion, talk, village = await _to_change(work, who, suggestion_id)
    text = opened(work, talk.round_id, _record_of(suggestion.id), suggestion.sealed)
    if suggestion.case_id is not None or suggestion.is_solved or text is None:
        raise Impossible("make_case", "made")
    submission, case = await enter(work, who, Entry(village.key, Door.EVENING_TALK, [text]))
    suggestion.case_id = case.id
    await work.session.flush()
    return submission, case, talk


async def counts_at(work: UnitOfWork, villages: Collection[FieldPlace]) -> SuggestionCount:
    """Return how many evening talks there were in some villages, and what came of them."""
    where = {(place.round_id, place.id) for place in villages if place.kind == PlaceKind.VILLAGE}
    query = select(EveningTalk).where(EveningTalk.round_id.in_({round_id for round_id, _ in where}))
    talks = [one for one in await work.session.scalars(query) if (one.round_id, one.village_id) in where]
    logged = (
        select(Suggestion.is_solved, Case.state)
        .outerjoin(Case, Case.id == Suggestion.case_id)
        .where(Suggestion.talk_id.in_([one.id for one in talks]))
    )
    rows = list(await work.session.execute(logged)) if talks else []
    return SuggestionCount(
        len(talks),
        sum(one.counted for one in talks) + len(rows),
        sum(one.counted_solved for one in talks) + sum(solved or state in _SOLVED for solved, state in rows),
    )


async def _to_change(work: UnitOfWork, who: Member, suggestion_id: str) -> tuple[Suggestion, EveningTalk, FieldPlace]:
    suggestion = await work.session.get(Suggestion, suggestion_id, with_for_update=True, populate_existing=True)
    if suggestion is None:
        raise NotEntitled
    talk, village = await talk_of(work, who, suggestion.talk_id)
    return suggestion, talk, village


def _record_of(suggestion_id: str) -> str:
    return f"suggestion:{suggestion_id}"
