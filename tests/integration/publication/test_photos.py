"""Photos of the public page: only those that were chosen, made anew, without a tag, and gone with the version."""

import io

import pytest
from PIL import Image
from sqlalchemy import select

from media.kinds import Cleaned, FileKind
from models.publication import Publication, PublishedPhoto
from models.rectification import Evidence, EvidenceKind, RectificationItem
from models.states import NotEntitled
from services.publication.choose_items import ChosenPhotos, choose_item, leave_out_item
from services.publication.photos import PHOTO_SIDE, photos_to_choose, prepared_photo
from services.publication.public_page import public_page, public_photo
from services.publication.publications import ask_for_approval, begin, withdraw
from services.rectification.unit_actions import keep_file
from services.unit_of_work import UnitOfWork
from tests.conftest import OpenWork
from tests.integration.publication.story import (
    CLERK,
    DIRECTOR,
    DONE,
    LEADING_GROUP,
    PROBLEM,
    RESULT,
    ROUND,
    approved_by,
)
from tests.integration.rectification.conftest import who

TAG = b"Nikon of villager 42"


def photo(colour: str) -> Cleaned:
    """Return a large photo whose tags tell of somebody."""
    tags = Image.Exif()
    tags[0x010F] = TAG.decode()
    written = io.BytesIO()
    Image.new("RGB", (2000, 1000), colour).save(written, "JPEG", exif=tags, comment=TAG)
    return Cleaned(FileKind.PHOTO, written.getvalue())


async def handed_in(work: UnitOfWork) -> list[str]:
    """Hand in three photos for the item, and return those that can be chosen."""
    item = await work.session.get_one(RectificationItem, DONE)
    for colour in ("red", "green", "blue"):
        evidence = await work.session.get_one(Evidence, await keep_file(work, item, photo(colour), EvidenceKind.AFTER))
        evidence.version, evidence.keep_until = 1, None
    await work.session.flush()
    return await photos_to_choose(work, item)


async def publish(work: UnitOfWork, photos: ChosenPhotos) -> str:
    """Publish the item with photos, and return the publication's id."""
    clerk = await who(work, CLERK)
    publication = await begin(work, clerk, ROUND)
    await choose_item(work, clerk, publication.id, DONE, PROBLEM, RESULT, photos)
    await ask_for_approval(work, clerk, publication.id)
    await approved_by(work, publication, DIRECTOR, LEADING_GROUP)
    return publication.id


async def test_only_what_was_chosen_and_approved_is_sent(county: OpenWork) -> None:
    async with county() as work:
        first, second, _ = await handed_in(work)
        await publish(work, ChosenPhotos(before=[first], after=[second]))
        page = await public_page(work, ROUND)
        assert page is not None
        [item] = page.content.items
        assert (len(item.before), len(item.after)) == (1, 1)
        for photo_id in page.content.photos:
            assert await public_photo(work, ROUND, photo_id) is not None
        draft = await begin(work, await who(work, CLERK), ROUND)
        third = (await handed_in(work))[-1]
        await choose_item(
            work, await who(work, CLERK), draft.id, DONE, PROBLEM, RESULT, ChosenPhotos(before=[first], after=[third])
        )
        for kept in await work.session.scalars(select(PublishedPhoto.id)):
            assert (await public_photo(work, ROUND, kept) is not None) == (kept in page.content.photos)


async def test_another_picture_in_the_place_of_one_that_was_approved_is_not_sent(county: OpenWork) -> None:
    async with county() as work:
        first, *_ = await handed_in(work)
        publication_id = await publish(work, ChosenPhotos(after=[first]))
        [kept] = await work.session.scalars(select(PublishedPhoto))
        kept.data = photo("black").data
        await work.session.flush()
        assert await public_photo(work, ROUND, kept.id) is None
        publication = await work.session.get_one(Publication, publication_id)
        assert await prepared_photo(work, publication, kept.id) is None


async def test_they_are_made_small_and_anew_without_any_tag(county: OpenWork) -> None:
    async with county() as work:
        first, *_ = await handed_in(work)
        await publish(work, ChosenPhotos(after=[first]))
        [kept] = await work.session.scalars(select(PublishedPhoto))
        assert TAG not in kept.data
        with Image.open(io.BytesIO(kept.data)) as shown:
            assert max(shown.size) == PHOTO_SIDE
            assert not shown.getexif()


async def test_a_photo_of_another_item_or_one_that_is_not_handed_in_cannot_be_chosen(county: OpenWork) -> None:
    async with county() as work:
        item = await work.session.get_one(RectificationItem, DONE)
        collected = await keep_file(work, item, photo("red"), EvidenceKind.AFTER)  # by the unit, and not handed in yet
        other = await work.session.get_one(RectificationItem, "RI02")
        evidence = await work.session.get_one(Evidence, await keep_file(work, other, photo("blue"), EvidenceKind.AFTER))
        evidence.version = 1
        await work.session.flush()
        for chosen in (collected, evidence.id, "0" * 32):
            with pytest.raises(NotEntitled):
                await publish(work, ChosenPhotos(after=[chosen]))


async def test_a_photo_that_no_version_shows_is_deleted_and_one_of_an_earlier_version_is_not_sent(
    county: OpenWork,
) -> None:
    async with county() as work:
        first, second, _ = await handed_in(work)
        clerk = await who(work, CLERK)
        draft = await begin(work, clerk, ROUND)
        await choose_item(work, clerk, draft.id, DONE, PROBLEM, RESULT, ChosenPhotos(after=[first]))
        await leave_out_item(work, clerk, draft.id, 1)
        assert list(await work.session.scalars(select(PublishedPhoto))) == []
        publication_id = await publish(work, ChosenPhotos(after=[second]))
        [kept] = await work.session.scalars(select(PublishedPhoto.id))
        await withdraw(work, clerk, publication_id)
        assert await public_photo(work, ROUND, kept) is None
