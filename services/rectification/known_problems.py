"""Known problems to pick from, and what a unit has had of the same kind."""

from dataclasses import asdict

from sqlalchemy import func, select

from models.known_problems import BUILT_IN, KnownProblem, KnownProblemsVersion
from models.rectification import RectificationItem
from services.access.member import Member
from services.rectification.list_items import theirs
from services.unit_of_work import UnitOfWork

PAST_SHOWN = 5


async def known_problems(work: UnitOfWork, category: str) -> list[KnownProblem]:
    """Return the known problems of a category: the county's own, then the product's, each code once."""
    latest = await _latest(work)
    own = [KnownProblem(**one) for one in latest.problems] if latest is not None else []
    taken = {one.code for one in own}
    return [one for one in [*own, *(one for one in BUILT_IN if one.code not in taken)] if one.category == category]


async def enter_known_problems(work: UnitOfWork, problems: list[KnownProblem]) -> int | None:
    """Return the version of a county file's known problems: a new one where they are not those entered last.

    What a file leaves out stays: one without any changes nothing.
    """
    latest, entered = await _latest(work), [asdict(one) for one in problems]
    if not problems or (latest is not None and latest.problems == entered):
        return latest.version if latest is not None else None
    version = (latest.version if latest is not None else 0) + 1
    work.session.add(KnownProblemsVersion(version=version, problems=entered))
    await work.session.flush()
    return version


async def past_items(work: UnitOfWork, who: Member, unit_id: str, category: str) -> list[RectificationItem]:
    """Return what a unit has had of a category, as far as it is somebody's to see, the newest first."""
    query = (
        select(RectificationItem)
        .where(RectificationItem.unit_id == unit_id, RectificationItem.category == category, theirs(who))
        .order_by(RectificationItem.issued_on.desc(), RectificationItem.id)
        .limit(PAST_SHOWN)
    )
    return list(await work.session.scalars(query))


async def latest_known_problems_version(work: UnitOfWork) -> int | None:
    """Return the version of the county's own known problems; None where it has none."""
    return await work.session.scalar(select(func.max(KnownProblemsVersion.version)))


async def _latest(work: UnitOfWork) -> KnownProblemsVersion | None:
    version = await latest_known_problems_version(work)
    return await work.session.get(KnownProblemsVersion, version) if version is not None else None
