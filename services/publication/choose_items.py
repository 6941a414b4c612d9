"""The office chooses which results are made public, in which words and with which photos, and releases grades."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select

from models.evaluation import ReportCard, RoundEvaluation
from models.publication import Grade, Publication
from models.rectification import RectificationItem
from models.states import ItemState, NotEntitled
from services.access.member import Member
from services.evaluation.entitled import CONFIRMED
from services.publication.content import PreparedItem, UnitGrade
from services.publication.photos import photos_to_choose, publish_photos
from services.publication.publications import (
    ItemNotDone,
    change_prepared,
    may_be_public,
    number_of,
    prepared_of,
    publication_to_prepare,
)
from services.publication.released_words import Found, found_in, is_certain
from services.rectification.item_log import item_seen
from services.rectification.masking import masked_for_all
from services.rounds.change_round_state import GradesNotConfirmed
from services.unit_of_work import UnitOfWork

LONGEST_WORDS = 300  # characters of a problem or of what was done


class WordsNotReleased(Exception):
    """Words hold what may not be public."""

    def __init__(self, found: tuple[Found, ...]) -> None:
        super().__init__("words hold what may not be public")
        self.found = found


@dataclass(frozen=True)
class ChosenPhotos:
    """The ids of the photos of an item that are to be public, as they were handed in."""

    before: Sequence[str] = ()
    after: Sequence[str] = ()


async def items_to_choose(work: UnitOfWork, who: Member, publication: Publication) -> list[RectificationItem]:
    """Return the items of a publication's round whose results may be public and are theirs to see, newest first."""
    query = select(RectificationItem).where(
        RectificationItem.round_id == publication.round_id,
        RectificationItem.state == ItemState.CLEARED,
        RectificationItem.desk.is_(None),
    )
    found = await work.session.scalars(query.order_by(RectificationItem.state_since.desc(), RectificationItem.id))
    return [item for item in found if who.actors_at_item(item)]


async def item_to_choose(work: UnitOfWork, who: Member, publication: Publication, item_id: str) -> RectificationItem:
    """Return an item whose result may be made public. Raises ItemNotDone or NotEntitled."""
    item = await item_seen(work, who, item_id)
    if not may_be_public(item, publication.round_id):
        raise ItemNotDone(item_id)
    return item


async def released(work: UnitOfWork, text: str, *, looked_at: bool) -> None:
    """Raise WordsNotReleased when words may not be public; `looked_at`: what looks like a name was found to be none."""
    found = await found_in(work, text)
    if found and (is_certain(found) or not looked_at):
        raise WordsNotReleased(found)


async def choose_item(
    work: UnitOfWork, who: Member, publication_id: str, item_id: str, problem: str, result: str, photos: ChosenPhotos
) -> Publication:
    """Choose an item, or other words and photos for it.

    What repeats a reporter's traces is masked, and told. Raises WordsNotReleased, ItemNotDone, AttachmentGone,
    Impossible or NotEntitled.
    """
    publication = await publication_to_prepare(work, who, publication_id)
    item = await item_to_choose(work, who, publication, item_id)
    known = set(await photos_to_choose(work, item))
    if not known.issuperset([*photos.before, *photos.after]):
        raise NotEntitled
    for words in (problem, result):
        await released(work, words, looked_at=True)
    before, after = await publish_photos(work, item, photos.before), await publish_photos(work, item, photos.after)
    problem, result = [await masked_for_all(work, who, item, words) for words in (problem, result)]
    prepared, number = prepared_of(publication), await number_of(work, publication.round_id, item_id)
    chosen = PreparedItem(item_id, number, problem, result, before, after)
    others = [one for one in prepared.items if one.item_id != item_id]
    items = tuple(sorted([*others, chosen], key=lambda one: one.number))
    return await change_prepared(work, publication, replace(prepared, items=items))


async def leave_out_item(work: UnitOfWork, who: Member, publication_id: str, number: int) -> Publication:
    """Leave an item out again."""
    publication = await publication_to_prepare(work, who, publication_id)
    prepared = prepared_of(publication)
    items = tuple(one for one in prepared.items if one.number != number)
    return await change_prepared(work, publication, replace(prepared, items=items))


async def enter_grade(
    work: UnitOfWork, who: Member, publication_id: str, unit_id: str, grade: Grade | None
) -> Publication:
    """Release the grade of a unit, or none."""
    publication = await publication_to_prepare(work, who, publication_id)
    prepared = prepared_of(publication)
    others = tuple(one for one in prepared.grades if one.unit_id != unit_id)
    grades = (*others, UnitGrade(unit_id, grade)) if grade is not None else others
    return await change_prepared(work, publication, replace(prepared, grades=grades))


async def take_confirmed_grades(work: UnitOfWork, who: Member, publication_id: str) -> Publication:
    """Release the grades of all units as they were confirmed, in place of those chosen so far.

    A unit of whose items none is read by several is none among them.

    Raises GradesNotConfirmed, Impossible or NotEntitled.
    """
    publication = await publication_to_prepare(work, who, publication_id)
    evaluation = await work.session.get(RoundEvaluation, publication.round_id)
    if evaluation is None or evaluation.state not in CONFIRMED:
        raise GradesNotConfirmed
    query = select(ReportCard).where(ReportCard.round_id == publication.round_id).order_by(ReportCard.unit_id)
    cards = await work.session.scalars(query)
    grades = tuple(UnitGrade(card.unit_id, card.grade) for card in cards if not card.is_apart)
    return await change_prepared(work, publication, replace(prepared_of(publication), grades=grades))
