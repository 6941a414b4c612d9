"""Many cases are sorted at once (批量分拣): a leader chooses some of what is nobody's yet, and one deed for all.

Each case is asked about by itself, as if it stood alone: what may not be done with one is left out, and said.
"""

from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import select, true

from models.complaints import Case
from models.desk import Desk
from models.states import Impossible, NotEntitled
from services.access.member import Member
from services.access.visibility import readers
from services.cases.actions import actions_open_to
from services.cases.assign import NobodyMaySee
from services.cases.balance import desks_balanced_by
from services.cases.case_log import case_known_to, cases_to_change
from services.cases.claim import claim, give_all
from services.cases.hints import keep_as_hint
from services.cases.queues import QUEUE_ORDER, not_hidden_from
from services.cases.thanks import take_as_thanks
from services.directory import Person
from services.intake.sort_anew import set_category
from services.unit_of_work import UnitOfWork

LISTED = 16  # cases from which some are chosen


class Deed(StrEnum):
    """What is done with all of them."""

    CLAIM = "claim"
    GIVE = "give"
    CATEGORY = "category"
    THANKS = "thanks"
    HINT = "hint"


_AS_ON_CARD = {
    Deed.CLAIM: "claim",
    Deed.GIVE: "give",
    Deed.CATEGORY: "set_category",
    Deed.THANKS: "take_as_thanks",
    Deed.HINT: "keep_as_hint",
}


@dataclass(frozen=True)
class Triaged:
    """With which cases a deed was done, and with which it could not be."""

    done: Sequence[str]
    left: Sequence[str]


async def cases_to_triage(work: UnitOfWork, who: Member) -> list[Case]:
    """Return the first open cases that are nobody's, on the desks that somebody leads. Raises NotEntitled."""
    desks = desks_balanced_by(who)
    if not desks:
        raise NotEntitled
    query = select(Case).where(
        Case.desk.in_(desks), Case.is_open == true(), Case.owner_id.is_(None), *not_hidden_from(who)
    )
    return [
        case for case in await work.session.scalars(query.order_by(*QUEUE_ORDER).limit(LISTED)) if who.knows_of(case)
    ]


async def chosen_cases(work: UnitOfWork, who: Member, case_ids: Collection[str]) -> list[Case]:
    """Return those of some cases that somebody still leads and that are nobody's, in the order of the queue."""
    found = [await case_known_to(work, who, case_id) for case_id in case_ids]
    return [one for one in found if _is_to_triage(who, one, desks_balanced_by(who))]


def deeds_for(who: Member, cases: Collection[Case]) -> list[Deed]:
    """Return what may be done with at least one of some cases."""
    open_to = [set(actions_open_to(who, case)) for case in cases]
    return [deed for deed, action in _AS_ON_CARD.items() if any(action in actions for actions in open_to)]


async def people_to_give_to(work: UnitOfWork, cases: Collection[Case]) -> list[Person]:
    """Return who may be given all of some cases."""
    found: list[Person] | None = None
    for case in cases:
        may = {one.id: one for one in await readers(work, case)}
        found = list(may.values()) if found is None else [one for one in found if one.id in may]
    return sorted(found or [], key=lambda one: one.id)


async def triage(work: UnitOfWork, who: Member, case_ids: Sequence[str], deed: Deed, arg: str = "") -> Triaged:
    """Do something with some cases; `arg` is the person to whom they are given, or the category that is set.

    Raises NotEntitled where nobody may be given them.
    """
    cases = await cases_to_change(work, case_ids)  # all of them first
    desks = desks_balanced_by(who)
    open_to = [one for one in cases if _is_to_triage(who, one, desks)]
    able = [one.id for one in open_to if _AS_ON_CARD[deed] in actions_open_to(who, one)]
    if deed is Deed.GIVE:  # nobody gets some of them, and not the others
        if arg not in {one.id for one in await people_to_give_to(work, [one for one in open_to if one.id in able])}:
            raise NotEntitled
        await give_all(work, who, [(one, arg) for one in able])
        done = able
    else:
        done = [one for one in able if await _is_done(_DEEDS[deed](work, who, one, arg))]
    return Triaged(done, [one for one in case_ids if one not in done])


async def _is_done(deed: Awaitable[object]) -> bool:
    """Whether a deed was done; where it may not be, nothing of it was."""
    try:
        await deed
    except (Impossible, NotEntitled, NobodyMaySee):
        return False
    return True


_DEEDS: dict[Deed, Callable[[UnitOfWork, Member, str, str], Awaitable[object]]] = {
    Deed.CLAIM: lambda work, who, case_id, _arg: claim(work, who, case_id),
    Deed.CATEGORY: set_category,
    Deed.THANKS: lambda work, who, case_id, _arg: take_as_thanks(work, who, case_id, None),
    Deed.HINT: lambda work, who, case_id, _arg: keep_as_hint(work, who, case_id),
}


def _is_to_triage(who: Member, case: Case, desks: Collection[Desk]) -> bool:
    return case.is_open and case.owner_id is None and case.desk in desks and who.sees(case)
