"""Who has a case when those who may see it have changed: nobody keeps what they must not see, and nothing is lost."""

from collections.abc import Collection, Iterable

from sqlalchemy import or_, select, true

from models.complaints import Case
from models.desk import DIRECTOR_DESK
from services.access.visibility import readers
from services.cases.cards import show_card
from services.cases.case_log import cases_to_change, log_event, move
from services.cases.conflicts_of_interest import possible_readers, shut_out_named
from services.cases.crisis_calls import call_anew
from services.cases.deciders import find_deciders_anew, find_who_gives_time_anew
from services.cases.to_office import bring_to_office, team_has_left
from services.unit_of_work import UnitOfWork


async def reassign(work: UnitOfWork, case: Case) -> None:
    """Take a case from an owner who may not see it any more, and lay it before the director when nobody there may.

    It is searched first for the names of those who have come since it came in. Where its team has left, it is the
    office's.
    """
    if case.held_until is not None:
        return  # nobody may see it yet
    if case.is_open and await team_has_left(work, case):
        await bring_to_office(work, case)
    await shut_out_named(work, case)
    seeing = await readers(work, case)
    if not seeing and case.desk != DIRECTOR_DESK:
        await move(work, case, DIRECTOR_DESK, None)
    elif case.owner_id is not None and case.owner_id not in {reader.id for reader in seeing}:
        case.owner_id = None
        call_anew(work, case)
    else:
        await find_deciders_anew(work, case)
        await find_who_gives_time_anew(work, case)
        await show_card(work, case)
        return
    await find_deciders_anew(work, case)
    await find_who_gives_time_anew(work, case)
    await log_event(work, case, "entrusted_anew")


async def shut_out_late(work: UnitOfWork, case: Case) -> None:
    """Shut out whom a case names by now: cards leave them at once, and the case whoever had it."""
    if await shut_out_named(work, case):
        await reassign(work, case)


async def shut_out_newcomers(work: UnitOfWork, known: Collection[tuple[str, str]]) -> None:
    """Search every open case for those who may be given one now and might not before, or not by this name."""
    if await possible_readers(work) <= set(known):
        return
    for case in await cases_to_change(work, await work.session.scalars(select(Case.id).where(Case.is_open == true()))):
        await shut_out_late(work, case)


async def open_cases(
    work: UnitOfWork, *, of: str | None = None, teams: Collection[str] = (), units: Collection[str] = ()
) -> list[Case]:
    """Return the open cases somebody has, and those of some teams and units, locked for this transaction.

    Asked for before anything else is changed: whoever works on one of them holds it first, and then what is theirs.
    """
    whose = or_(Case.team_id.in_(teams), Case.unit_id.in_(units), Case.owner_id.in_([of] if of else []))
    return await cases_to_change(work, await work.session.scalars(select(Case.id).where(Case.is_open == true(), whose)))


async def reassign_all(work: UnitOfWork, cases: Iterable[Case]) -> None:
    """Do so for some cases; those closed since are left as they are."""
    for case in cases:
        if case.is_open:
            await reassign(work, case)
