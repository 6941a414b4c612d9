"""What anybody may read of a round: what two people approved, as long as it is not withdrawn."""

from dataclasses import dataclass

from sqlalchemy import select

from models.publication import Publication
from models.rectification import RectificationItem
from models.states import PublicationState
from services.publication.content import PublicRound
from services.publication.photos import published_photo
from services.publication.publications import is_approved, last_version, may_be_public, prepared_of
from services.unit_of_work import UnitOfWork

_MOST_ROUNDS = 3  # that the page of a code leads to


@dataclass(frozen=True)
class PublicPage:
    """What is public of a round, the hash of it, and what of it is being looked at again."""

    content: PublicRound
    digest: str
    looked_at_again: frozenset[int]  # numbers of results whose items may not be made public any more as they stand

    @property
    def tag(self) -> str:
        """By which it is told from every other version, and from the same with other results looked at again."""
        return "-".join([self.digest[:32], *map(str, sorted(self.looked_at_again))])


async def public_page(work: UnitOfWork, round_id: str) -> PublicPage | None:
    """Return what is public of a round; None when nothing is.

    Nothing is shown but what two people approved, whatever stands in the rows.
    """
    found = await _published(work, round_id)
    return found[1] if found is not None else None


async def public_photo(work: UnitOfWork, round_id: str, photo_id: str) -> bytes | None:
    """Return a photo that the public page of a round shows, a JPEG; None of any other."""
    page = await public_page(work, round_id)
    if page is None or photo_id not in page.content.photos:
        return None
    return await published_photo(work, round_id, photo_id)


async def public_rounds(work: UnitOfWork) -> list[tuple[str, str]]:
    """Return the ids and names of the last rounds of which something is public."""
    query = select(Publication.round_id).where(Publication.state == PublicationState.PUBLISHED)
    published = set(await work.session.scalars(query))
    rounds = [one for one in (await work.directory()).rounds.values() if one.id in published]
    rounds.sort(key=lambda one: (one.stay_from, one.id), reverse=True)
    return [(one.id, one.name) for one in rounds[:_MOST_ROUNDS]]


async def item_of_result(work: UnitOfWork, round_id: str, number: int) -> str | None:
    """Return the item behind a result that is public; None when there is no such result."""
    found = await _published(work, round_id)
    if found is None:
        return None
    publication, page = found
    if page.content.item(number) is None:
        return None
    return next((one.item_id for one in prepared_of(publication).items if one.number == number), None)


async def looked_at_again(work: UnitOfWork, publication: Publication) -> frozenset[int]:
    """Return the numbers of public results that are marked: their items were reopened, or are for few eyes, since.

    What was approved stays as it is, and is never shown without the mark.
    """
    if publication.state != PublicationState.PUBLISHED:
        return frozenset()
    numbers = {one.item_id: one.number for one in prepared_of(publication).items}
    items = await work.session.scalars(select(RectificationItem).where(RectificationItem.id.in_(numbers)))
    as_approved = {numbers[item.id] for item in items if may_be_public(item, publication.round_id)}
    return frozenset(numbers.values()) - as_approved


async def _published(work: UnitOfWork, round_id: str) -> tuple[Publication, PublicPage] | None:
    publication = await last_version(work, round_id, Publication.state == PublicationState.PUBLISHED)
    if publication is None or publication.content is None or not await is_approved(work.session, publication):
        return None
    content, again = PublicRound.read(publication.content), await looked_at_again(work, publication)
    return publication, PublicPage(content, publication.digest or "", again)
