"""A round of the sample county with something to make public."""

from models.publication import Publication
from services.publication.choose_items import ChosenPhotos, choose_item
from services.publication.publications import LOOKED_AT, approve, ask_for_approval, begin
from services.unit_of_work import UnitOfWork
from tests.integration.rectification.conftest import who

ROUND, DONE = "R6", "RI08"  # a round, and an item of it that is cleared
PROBLEM, RESULT = "枫汊口村进村路项目拖欠民工工资。", "工资已经全部发到每个人手上。"
DIRECTOR, CLERK, LEADING_GROUP = "P03", "P04", "P01"


async def begun(work: UnitOfWork) -> Publication:
    """Begin a publication with one result."""
    clerk = await who(work, CLERK)
    publication = await begin(work, clerk, ROUND)
    return await choose_item(work, clerk, publication.id, DONE, PROBLEM, RESULT, ChosenPhotos())


async def asked(work: UnitOfWork) -> Publication:
    """Ask for the approval of a publication with one result."""
    publication = await begun(work)
    return await ask_for_approval(work, await who(work, CLERK), publication.id)


async def approved_by(work: UnitOfWork, publication: Publication, *staff_ids: str) -> Publication:
    """Let people approve of a publication."""
    for staff_id in staff_ids:
        looked_at = (publication.digest or "")[:LOOKED_AT]
        publication = await approve(work, await who(work, staff_id), publication.id, looked_at)
    return publication


async def published(work: UnitOfWork) -> Publication:
    """Publish one result."""
    return await approved_by(work, await asked(work), DIRECTOR, LEADING_GROUP)
