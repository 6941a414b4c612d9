"""What was meant by a name or an id on the command line: a round, a team, a unit, somebody on the staff."""

from collections.abc import Iterable
from difflib import get_close_matches

from sqlalchemy import select

from models.rounds import Round, Team, Unit
from models.staff import Staff
from services.unit_of_work import UnitOfWork
from texts.terminal import sentence


class AmbiguousName(Exception):
    """Nothing, or more than one thing, is called so; the message names what may have been meant."""


async def find_round(work: UnitOfWork, wanted: str) -> str:
    """Return the id of the round that is meant. Raises AmbiguousName."""
    rounds = await work.session.execute(select(Round.id, Round.name).order_by(Round.id))
    return look_up("round", wanted, rounds.all())


async def find_team(work: UnitOfWork, wanted: str) -> str:
    """Return the id of the team that is meant. Raises AmbiguousName."""
    teams = await work.session.execute(select(Team.id, Team.name).order_by(Team.id))
    return look_up("team", wanted, teams.all())


async def find_unit(work: UnitOfWork, wanted: str) -> str:
    """Return the id of the unit that is meant. Raises AmbiguousName."""
    units = await work.session.execute(select(Unit.id, Unit.name).order_by(Unit.id))
    return look_up("unit", wanted, units.all())


async def find_staff(work: UnitOfWork, wanted: str) -> str:
    """Return the id of the member of staff that is meant, of those who have not left. Raises AmbiguousName."""
    people = await work.session.execute(select(Staff.id, Staff.name).where(Staff.left_at.is_(None)).order_by(Staff.id))
    return look_up("staff", wanted, people.all())


def look_up(kind: str, wanted: str, known: Iterable[tuple[str, str]]) -> str:
    """Return the id of what is meant; `known` are ids and names. Raises AmbiguousName."""
    names, said = dict(known), sentence(f"cli.kind_{kind}")
    if wanted in names:
        return wanted
    called_so = [key for key, name in names.items() if name == wanted]
    if len(called_so) == 1:
        return called_so[0]
    if called_so:
        raise AmbiguousName(sentence("cli.name_of_many", kind=said, wanted=wanted, ids=", ".join(called_so)))
    if not names:
        raise AmbiguousName(sentence("cli.name_none_yet", kind=said))
    near = get_close_matches(wanted, [*names, *names.values()], n=3, cutoff=0.5)
    meant = [f"{key} ({name})" for key, name in names.items() if key in near or name in near]
    if meant:
        perhaps = sentence("cli.or").join(meant[:3])
        raise AmbiguousName(sentence("cli.name_meant", kind=said, wanted=wanted, perhaps=perhaps))
    some = [f"{key} ({name})" for key, name in list(names.items())[:3]]
    raise AmbiguousName(sentence("cli.name_unknown", kind=said, wanted=wanted, some=", ".join(some)))
