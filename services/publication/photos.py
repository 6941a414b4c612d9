"""Photos of the public page: chosen from what units handed in, made small and anew, and kept as they are shown."""

import hashlib
from collections.abc import Sequence
from functools import partial

from sqlalchemy import delete, select

from media.kinds import FileKind
from media.thumbnail import thumbnail
from models.database import insert_or_ignore
from models.publication import Publication, PublishedPhoto
from models.rectification import Evidence, RectificationItem
from services.attachments import open_stored
from services.publication.content import Prepared, PublicRound
from services.unit_of_work import UnitOfWork

PHOTO_SIDE = 960  # pixels
MOST_PHOTOS = 12  # of one item that can be chosen from: the newest


async def photos_to_choose(work: UnitOfWork, item: RectificationItem) -> list[str]:
    """Return the ids of the photos that a unit handed in for an item, the earliest first."""
    query = select(Evidence.id).where(
        Evidence.item_id == item.id, Evidence.version.is_not(None), Evidence.file_kind == FileKind.PHOTO.value
    )
    newest = list(await work.session.scalars(query.order_by(Evidence.version.desc(), Evidence.id).limit(MOST_PHOTOS)))
    return newest[::-1]


async def publish_photos(work: UnitOfWork, item: RectificationItem, evidence_ids: Sequence[str]) -> tuple[str, ...]:
    """Make photos of an item anew for the public page, and return their ids there. Raises AttachmentGone."""
    found = []
    for evidence_id in evidence_ids:
        photo = await open_stored(work, evidence_id, item.round_id)
        # Decoding takes long: it is done before the transaction, where it can be done anew.
        small = work.results.get(("public photo", evidence_id), partial(thumbnail, photo, PHOTO_SIDE), takes_long=True)
        found.append(await keep_published_photo(work, item.round_id, small))
    return tuple(found)


async def keep_published_photo(work: UnitOfWork, round_id: str, photo: bytes) -> str:
    """Keep a JPEG for the public page of a round under the hash of its bytes, and return that."""
    photo_id = _id_of(photo)
    await insert_or_ignore(work.session, PublishedPhoto, id=photo_id, round_id=round_id, data=photo)
    return photo_id


async def prepared_photo(work: UnitOfWork, publication: Publication, photo_id: str) -> bytes | None:
    """Return a photo that a publication shows, or is to show; None of any other."""
    is_shown = photo_id in _photos_of(publication)
    return await published_photo(work, publication.round_id, photo_id) if is_shown else None


async def published_photo(work: UnitOfWork, round_id: str, photo_id: str) -> bytes | None:
    """Return a photo of a round that is kept; None when there is none, or its bytes are not those of its id."""
    photo = await work.session.get(PublishedPhoto, (photo_id, round_id))
    # What is approved are ids: another picture in the row is not what was approved.
    return photo.data if photo is not None and _id_of(photo.data) == photo_id else None


async def drop_unused_photos(work: UnitOfWork, round_id: str) -> None:
    """Delete the photos of a round that no version of its publication shows, or is going to."""
    versions = await work.session.scalars(select(Publication).where(Publication.round_id == round_id))
    used = {photo for publication in versions for photo in _photos_of(publication)}
    unused = delete(PublishedPhoto).where(PublishedPhoto.round_id == round_id, PublishedPhoto.id.not_in(used))
    await work.session.execute(unused)


def _photos_of(publication: Publication) -> frozenset[str]:
    """Return the ids of all photos that a publication shows, or is to show."""
    content = PublicRound.read(publication.content).photos if publication.content is not None else frozenset()
    return Prepared.read(publication.prepared).photos | content


def _id_of(photo: bytes) -> str:
    return hashlib.sha256(photo).hexdigest()
