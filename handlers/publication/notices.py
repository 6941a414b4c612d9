"""Notices of publications: one waits to be approved, one is public, was sent back or withdrawn; a photo of one."""

from handlers.items.labels import staff_name
from handlers.notices import StaffReader, renders_for_staff
from handlers.publication.actions import ACTIONS
from handlers.publication.card import publication_card
from models.states import PublicationState
from services.publication.notices import ApprovalAsked, PublicationDecided, PublicationPhoto
from services.publication.photos import prepared_photo
from services.publication.publications import publication_seen
from services.unit_of_work import UnitOfWork
from texts.message import Message, Upload, UploadKind


@renders_for_staff(ApprovalAsked)
async def approval_asked(work: UnitOfWork, reader: StaffReader, notice: ApprovalAsked) -> Message | None:
    """Show what waits to be approved; nothing once it does not wait any more."""
    publication = await publication_seen(work, reader.who, notice.publication_id)
    if publication.state is not PublicationState.AWAITING_APPROVAL:
        return None
    return await publication_card(work, reader.words, reader.who, publication, ACTIONS)


@renders_for_staff(PublicationDecided)
async def publication_decided(work: UnitOfWork, reader: StaffReader, notice: PublicationDecided) -> Message | None:
    """Tell what became of a publication, and by whom."""
    publication = await publication_seen(work, reader.who, notice.publication_id)
    name = await staff_name(work, notice.by_id) or ""
    title = reader.words(f"publication.told_{notice.state}", name=name)
    card = await publication_card(work, reader.words, reader.who, publication, ACTIONS)
    return card.below(title)


@renders_for_staff(PublicationPhoto)
async def publication_photo(work: UnitOfWork, reader: StaffReader, notice: PublicationPhoto) -> Message | None:
    """Show a photo as it is public, or is to be."""
    publication = await publication_seen(work, reader.who, notice.publication_id)
    photo = await prepared_photo(work, publication, notice.photo_id)
    if photo is None:
        return None
    said = reader.words("publication.photo_before" if notice.is_before else "publication.photo_after", n=notice.number)
    return Message(said, upload=Upload(UploadKind.PHOTO, photo, "jpg", said))
